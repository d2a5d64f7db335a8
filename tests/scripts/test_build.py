"""scripts/build: what a release consists of."""

import ast
import hashlib
import json
import os
from pathlib import Path
import stat
from zipfile import ZIP_STORED, ZipFile

import pytest

from custom_components.all_energy.installer import Installer, State

from ..translation_rules import ROOT
from .checkout import HUB, VENDORS, Checkout

OWN = {"README.md", "__init__.py", "manifest.json"}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "project")


def built(checkout: Checkout, out: Path) -> dict[str, bytes]:
    result = checkout.run("build", "--out", out)
    assert result.returncode == 0, result.stderr
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_what_is_in_the_zips(checkout: Checkout, tmp_path: Path) -> None:
    zips = built(checkout, tmp_path / "out")

    assert set(zips) == {f"{domain}.zip" for domain in (HUB, *VENDORS)}
    vendor = OWN | {"api/wire.py", ".bundle.json"}
    wanted = OWN | {"installer.py"}
    wanted |= {f"integrations/{domain}/{name}" for domain in VENDORS for name in vendor}
    assert set(ZipFile(tmp_path / "out" / f"{HUB}.zip").namelist()) == wanted
    for domain in VENDORS:
        with ZipFile(tmp_path / "out" / f"{domain}.zip") as archive:
            assert archive.namelist() == sorted(vendor)
            for info in archive.infolist():
                assert info.compress_type == ZIP_STORED
                assert info.date_time == (1980, 1, 1, 0, 0, 0)
                assert stat.S_ISREG(info.external_attr >> 16), "a link"


def test_stamps(checkout: Checkout, tmp_path: Path) -> None:
    built(checkout, tmp_path / "out")

    with ZipFile(tmp_path / "out" / "acme_energy.zip") as archive:
        mark = json.loads(archive.read(".bundle.json"))
        whole = hashlib.sha256()
        for name in sorted(set(archive.namelist()) - {".bundle.json"}):
            content = hashlib.sha256(archive.read(name)).hexdigest()
            whole.update(f"{name}\0{content}\n".encode())
    assert mark == {
        "format": 1,
        "by": HUB,
        "domain": "acme_energy",
        "version": "1.2.3",
        "digest": whole.hexdigest(),
    }


def test_the_hub_and_the_vendor_zips_fit(checkout: Checkout, tmp_path: Path) -> None:
    """A vendor installed by hand is one that the hub takes over."""
    built(checkout, tmp_path / "out")
    for domain in (HUB, *VENDORS):
        with ZipFile(tmp_path / "out" / f"{domain}.zip") as archive:
            archive.extractall(tmp_path / "components" / domain)
    components = tmp_path / "components"
    seen = Installer(components, components / HUB / "integrations").look()
    assert [(one.domain, one.state) for one in seen] == [
        (domain, State.CURRENT) for domain in VENDORS
    ]


def test_same_source_same_bytes(checkout: Checkout, tmp_path: Path) -> None:
    """Neither place, time, order, rights nor what Python leaves behind matter."""
    first = built(checkout, tmp_path / "out")
    other = Checkout(tmp_path / "elsewhere" / "other")
    for name in ("acme_energy/api/wire.py", "acme_energy/manifest.json"):
        content = other.path(name).read_bytes()
        other.path(name).unlink()
        other.path(name).write_bytes(content)
        other.path(name).chmod(0o700)
        os.utime(other.path(name), (10**9, 10**9))
    other.write("acme_energy/__pycache__/wire.cpython-314.pyc", "")
    other.write("acme_energy/.DS_Store", "")
    other.write("acme_energy/api/.mypy_cache/3.14/cache.db", "")
    other.write(f"{HUB}/integrations/old_energy/manifest.json", "{}")

    assert built(other, tmp_path / "out2") == first
    assert built(checkout, tmp_path / "out") == first, "the second time"


def test_one_byte_makes_another_digest(checkout: Checkout, tmp_path: Path) -> None:
    first = built(checkout, tmp_path / "out")
    checkout.write("acme_energy/api/wire.py", "NAME = 'acme energy'\n")
    second = built(checkout, tmp_path / "out")
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {f"{HUB}.zip", "acme_energy.zip"}


@pytest.mark.parametrize("to", ["wire.py", "nowhere", "."])
def test_no_links(checkout: Checkout, tmp_path: Path, to: str) -> None:
    checkout.path("acme_energy/api/link.py").symlink_to(to)
    result = checkout.run("build", "--out", tmp_path / "out")
    assert result.returncode == 1
    assert "acme_energy/api/link.py" in result.stderr
    assert result.stdout == ""


def test_no_vendor_that_is_a_link(checkout: Checkout, tmp_path: Path) -> None:
    checkout.path("link_energy").symlink_to("acme_energy")
    result = checkout.run("build", "--out", tmp_path / "out")
    assert result.returncode == 1
    assert "link_energy is a link" in result.stderr


def test_one_version(checkout: Checkout, tmp_path: Path) -> None:
    checkout.manifest("zeta_energy", "1.2.4")
    result = checkout.run("build", "--out", tmp_path / "out")
    assert result.returncode == 1
    assert "'zeta_energy': '1.2.4'" in result.stderr


def test_one_vendor_alone(checkout: Checkout, tmp_path: Path) -> None:
    """A tree that is built again has nothing of the last one."""
    leftover = tmp_path / "out" / "acme_energy-tree" / "old.py"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("")
    result = checkout.run("build", "--tree", "acme_energy", "--out", tmp_path / "out")

    assert result.returncode == 0, result.stderr
    tree = Path(result.stdout.strip())
    folder = "custom_components/acme_energy"
    assert {
        path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()
    } == {
        "LICENSE",
        "README.md",
        "hacs.json",
        *(f"{folder}/{name}" for name in OWN | {"api/wire.py"}),
    }
    assert json.loads((tree / "hacs.json").read_text()) == {
        "name": "Acme_Energy",
        "homeassistant": "2026.10.0",
        "render_readme": True,
    }


@pytest.mark.parametrize("domain", [HUB, "nobody_energy"])
def test_no_tree_of_another(checkout: Checkout, tmp_path: Path, domain: str) -> None:
    result = checkout.run("build", "--tree", domain, "--out", tmp_path / "out")
    assert result.returncode == 1
    assert f"{domain} is none of acme_energy, zeta_energy" in result.stderr


def test_runs_anywhere(checkout: Checkout, tmp_path: Path) -> None:
    """Also in a folder that has modules of the same names."""
    other = tmp_path / "scripts" / "buildlib"
    other.mkdir(parents=True)
    for name in ("__init__.py", "build.py"):
        (other / name).write_text("raise SystemExit('the wrong one')\n")
    result = checkout.run("build", "--out", tmp_path / "out", cwd=tmp_path)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "path",
    [
        *sorted((ROOT / "scripts" / "buildlib").glob("*.py")),
        ROOT / "custom_components" / HUB / "installer.py",
    ],
    ids=lambda path: path.stem,
)
def test_runs_with_an_older_python(path: Path) -> None:
    """What builds runs where Home Assistant does not, with the standard library."""
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 11))
    for node in ast.walk(tree):
        # Both are accepted whatever the version
        assert not isinstance(node, ast.TypeAlias), f"{path.name}:{node.lineno}"
        assert not getattr(node, "type_params", None), f"{path.name}: {node}"
