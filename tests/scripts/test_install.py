"""scripts/install: from a checkout into a Home Assistant's configuration."""

import fcntl
import json
from pathlib import Path
import sys

from homeassistant.runner import LOCK_FILE_NAME
import pytest

from custom_components.all_energy.installer import Installer, State
from scripts.buildlib import install

from .checkout import HUB, VENDORS, Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "project")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "configuration.yaml").write_text("default_config:\n")
    return folder


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def versions(config: Path) -> dict[str, str]:
    return {
        path.parent.name: json.loads(path.read_text())["version"]
        for path in (config / "custom_components").glob("*/manifest.json")
    }


def newer(checkout: Checkout) -> None:
    for domain in (HUB, *VENDORS):
        checkout.manifest(domain, "1.3.0")


def test_all_vendors(checkout: Checkout, config: Path) -> None:
    result = checkout.run("install", config)

    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[:2] == [
        "acme_energy 1.2.3 installed",
        "zeta_energy 1.2.3 installed",
    ]
    assert "Restart Home Assistant" in result.stdout
    assert sorted(path.name for path in (config / "custom_components").iterdir()) == [
        *VENDORS
    ]


def test_they_are_those_of_the_bundle(
    checkout: Checkout, config: Path, tmp_path: Path
) -> None:
    checkout.run("install", config, "acme_energy", HUB)

    components = config / "custom_components"
    seen = Installer(components, components / HUB / "integrations").look()
    assert [(one.domain, one.state) for one in seen] == [
        ("acme_energy", State.CURRENT),
        ("zeta_energy", State.ABSENT),
    ]


def test_again_and_newer(checkout: Checkout, config: Path) -> None:
    checkout.run("install", config, HUB, *VENDORS)
    again = checkout.run("install", config)
    assert again.returncode == 0
    assert "acme_energy 1.2.3 is there already" in again.stdout

    newer(checkout)
    (config / "custom_components" / "acme_energy" / "__pycache__").mkdir()
    result = checkout.run("install", config, HUB, *VENDORS)

    assert result.returncode == 0, result.stderr
    assert "acme_energy 1.3.0 installed, was 1.2.3" in result.stdout
    assert versions(config) == dict.fromkeys((HUB, *VENDORS), "1.3.0")


@pytest.mark.parametrize("domain", ["acme_energy", HUB])
def test_what_is_not_ours_is_left_alone(
    checkout: Checkout, config: Path, domain: str
) -> None:
    """That of HACS too; the others are installed all the same."""
    folder = config / "custom_components" / domain
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"version": "9.9.9"}')

    result = checkout.run("install", config, domain, "zeta_energy")

    assert result.returncode == 1
    assert f"{folder} was installed otherwise" in result.stderr
    assert "delete it" in result.stderr
    assert versions(config) == {domain: "9.9.9", "zeta_energy": "1.2.3"}


def test_what_was_changed_is_left_alone(checkout: Checkout, config: Path) -> None:
    checkout.run("install", config)
    folder = config / "custom_components" / "acme_energy"
    (folder / "api" / "wire.py").write_text("NAME = 'mine'\n")
    before = files(folder)
    newer(checkout)

    result = checkout.run("install", config)

    assert result.returncode == 1
    assert f"{folder} was changed since" in result.stderr
    assert files(folder) == before
    assert versions(config)["zeta_energy"] == "1.3.0"


def test_links_are_not_followed(checkout: Checkout, config: Path) -> None:
    components = config / "custom_components"
    components.mkdir()
    (components / "acme_energy").symlink_to(checkout.path("acme_energy"))
    before = files(checkout.path("acme_energy"))

    result = checkout.run("install", config, "acme_energy")

    assert result.returncode == 1
    assert "was installed otherwise" in result.stderr
    assert (components / "acme_energy").is_symlink()
    assert files(checkout.path("acme_energy")) == before


def test_nothing_is_exchanged_while_home_assistant_runs(
    checkout: Checkout, config: Path
) -> None:
    """What was not there may come: it cannot be in use."""
    checkout.run("install", config, "acme_energy")
    newer(checkout)
    with (config / LOCK_FILE_NAME).open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = checkout.run("install", config)

    assert result.returncode == 1
    assert "acme_energy may be in use: stop the Home Assistant" in result.stderr
    assert versions(config) == {"acme_energy": "1.2.3", "zeta_energy": "1.3.0"}

    assert checkout.run("install", config).returncode == 0, "it has stopped"
    assert versions(config) == dict.fromkeys(VENDORS, "1.3.0")


def test_no_home_assistant_starts_meanwhile(config: Path) -> None:
    path = config / LOCK_FILE_NAME
    path.write_text("")
    with install.keep_home_assistant_off(config) as is_idle, path.open("a+") as lock:
        assert is_idle
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_no_lock_is_left_where_none_was(checkout: Checkout, config: Path) -> None:
    checkout.run("install", config)
    assert not (config / LOCK_FILE_NAME).exists()
    assert install.LOCK == LOCK_FILE_NAME


def test_an_exchange_that_was_cut_off_is_healed(
    checkout: Checkout, config: Path
) -> None:
    """Between the renames: the old folder stands aside."""
    checkout.run("install", config)
    components = config / "custom_components"
    (components / ".all_energy").mkdir()
    (components / "acme_energy").rename(components / ".all_energy" / "acme_energy.old")

    result = checkout.run("install", config)

    assert "acme_energy 1.2.3 is there already" in result.stdout
    assert sorted(path.name for path in components.iterdir()) == [*VENDORS]


def test_no_such_integration(checkout: Checkout, config: Path) -> None:
    result = checkout.run("install", config, "acme", "zeta_energy")
    assert result.returncode == 1
    assert "acme: choose from acme_energy, zeta_energy, all_energy" in result.stderr
    assert not (config / "custom_components").exists()


def test_no_such_folder(checkout: Checkout, tmp_path: Path) -> None:
    result = checkout.run("install", tmp_path / "nowhere")
    assert result.returncode == 1
    assert f"there is no folder {tmp_path / 'nowhere'}" in result.stderr


def test_not_a_folder_of_home_assistant(checkout: Checkout, config: Path) -> None:
    (config / "configuration.yaml").unlink()
    result = checkout.run("install", config)
    assert result.returncode == 1
    assert f"{config} has no configuration.yaml" in result.stderr
    assert list(config.iterdir()) == []


def test_no_right_to_write(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever runs this test may write everywhere, so it is made up."""

    def place(self: object, domain: str) -> bool:
        raise PermissionError(
            13, "Permission denied", str(config / "custom_components")
        )

    monkeypatch.setattr(install.installer.Installer, "place", place)
    monkeypatch.setattr(sys, "argv", ["install", str(config), "amber_energy"])
    assert install.main() == 1
    told = capsys.readouterr()
    assert told.err == f"install: no right to change {config / 'custom_components'}\n"
    assert told.out == ""
