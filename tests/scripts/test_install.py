"""scripts/install: from a checkout into a Home Assistant's configuration."""

import fcntl
import json
import os
from pathlib import Path
import stat
import sys
from types import SimpleNamespace
from typing import Any

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
    """Nor placed, nor tidied up: the hub may be at it."""
    checkout.run("install", config, "acme_energy")
    staging = config / "custom_components" / ".all_energy"
    staging.mkdir()
    with (config / LOCK_FILE_NAME).open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        unchanged = checkout.run("install", config, "acme_energy")
        newer(checkout)
        result = checkout.run("install", config)

    assert (unchanged.returncode, unchanged.stderr) == (0, "")
    assert "acme_energy 1.2.3 is there already" in unchanged.stdout
    assert result.returncode == 1
    assert result.stdout == ""
    for domain in VENDORS:
        assert f"{domain} is left as it is while Home Assistant runs" in result.stderr
    assert versions(config) == {"acme_energy": "1.2.3"}
    assert staging.is_dir()

    assert checkout.run("install", config).returncode == 0, "it has stopped"
    assert versions(config) == dict.fromkeys(VENDORS, "1.3.0")


@pytest.mark.parametrize("has_run", [True, False])
def test_no_home_assistant_starts_meanwhile(config: Path, *, has_run: bool) -> None:
    path = config / LOCK_FILE_NAME
    assert install.LOCK == LOCK_FILE_NAME
    if has_run:
        path.write_text("{}")
    with install.keep_home_assistant_off(config) as is_idle, path.open("a+") as lock:
        assert is_idle
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    assert path.read_text() == ("{}" if has_run else "")


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


def test_restart_only_if_something_was_installed(
    checkout: Checkout, config: Path
) -> None:
    assert "Restart" in checkout.run("install", config, "acme_energy").stdout
    assert "Restart" not in checkout.run("install", config, "acme_energy").stdout
    assert "Restart" in checkout.run("install", config).stdout


@pytest.mark.parametrize("is_link", [True, False])
def test_no_folder_for_them(checkout: Checkout, config: Path, *, is_link: bool) -> None:
    components = config / "custom_components"
    if is_link:
        components.symlink_to(config / "nowhere")
    else:
        components.write_text("?")
    result = checkout.run("install", config)
    assert result.returncode == 1
    assert result.stderr == (
        f"install: {components} is not a folder: "
        "move it away, or mend the link, and run this again\n"
    )
    assert components.is_symlink() is is_link


def test_a_folder_of_another_disk(checkout: Checkout, config: Path) -> None:
    """A link that leads somewhere is as good as a folder."""
    (config / "elsewhere").mkdir()
    (config / "custom_components").symlink_to("elsewhere")
    assert checkout.run("install", config).returncode == 0
    assert versions(config) == dict.fromkeys(VENDORS, "1.2.3")


def test_what_has_to_be_given(checkout: Checkout) -> None:
    result = checkout.run("install")
    assert result.returncode == 2
    assert "required: CONFIG_DIR\n" in result.stderr


def test_everybody_may_read_them(checkout: Checkout, config: Path) -> None:
    """Whatever files may be read by that the one who runs this makes."""
    checkout.run("install", config, umask=0o077)
    components = config / "custom_components"
    for path in (components, *components.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


def told_by_main(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *given: object
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["install", *map(str, given)])
    monkeypatch.setattr(install.Source, "left_out", [])  # of work that goes on
    umask = os.umask(0o022)
    try:
        code = install.main()
    finally:
        os.umask(umask)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("is_known", [True, False])
def test_a_folder_of_another_user(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    is_known: bool,
) -> None:
    """What it is given Home Assistant could not exchange later."""
    me = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: me + 1)

    def known(user: int) -> object:
        assert user == me
        if not is_known:
            raise KeyError
        return SimpleNamespace(pw_name="homeassistant")

    monkeypatch.setattr("pwd.getpwuid", known)
    name = "homeassistant" if is_known else f"'#{me}'"
    told = (
        f"install: {config} belongs to another user: run it as the user that "
        f"Home Assistant runs as: sudo -u {name} {install.ROOT}/scripts/install "
        f"{config}\n"
    )
    assert told_by_main(monkeypatch, capsys, config) == (1, "", told)
    assert [path.name for path in config.iterdir()] == ["configuration.yaml"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied", "/x"), "Permission denied"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("the copy is not what was copied"), "the copy is not what was copied"),
    ],
    ids=str,
)
def test_one_that_fails(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: OSError,
    reason: str,
) -> None:
    """The others are installed all the same, and told."""
    place = install.installer.Installer.place

    def fails(self: Any, domain: str) -> bool:
        if domain == "amber_energy":
            raise error
        return place(self, domain)

    monkeypatch.setattr(install.installer.Installer, "place", fails)
    folder = config / "custom_components" / "amber_energy"
    code, out, err = told_by_main(
        monkeypatch, capsys, config, "amber_energy", "goodwe_energy"
    )
    assert (code, err) == (1, f"install: {folder}: {reason}\n")
    assert "goodwe_energy" in out
    assert "Restart" in out
    assert set(versions(config)) == {"goodwe_energy"}


def test_no_right_at_all(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever runs this test may write everywhere, so it is made up."""

    def tidy(_self: object) -> None:
        raise PermissionError(13, "Permission denied", "/x")

    monkeypatch.setattr(install.installer.Installer, "tidy", tidy)
    told = told_by_main(monkeypatch, capsys, config, "amber_energy")
    assert told == (1, "", "install: no right to change /x\n")
