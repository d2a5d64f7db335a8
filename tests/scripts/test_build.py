"""scripts/build: what a release consists of."""

import ast
import hashlib
import json
import os
from pathlib import Path
import runpy
import shutil
import stat
import subprocess
from zipfile import ZIP_STORED, ZipFile

import pytest

from custom_components.all_energy.installer import Installer, State
from scripts.buildlib.build import build_vendor
from scripts.buildlib.bundle import Source, write_zip

from ..translation_rules import ROOT
from .checkout import HUB, VENDORS, Checkout

OWN = {"__init__.py", "manifest.json", "quality_scale.yaml"}


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
    wanted = OWN | {"folders.py", "installer.py"}
    wanted |= {f"integrations/{domain}/{name}" for domain in VENDORS for name in vendor}
    assert set(ZipFile(tmp_path / "out" / f"{HUB}.zip").namelist()) == wanted
    for domain in VENDORS:
        with ZipFile(tmp_path / "out" / f"{domain}.zip") as archive:
            assert archive.namelist() == sorted(vendor)
            for info in archive.infolist():
                assert info.compress_type == ZIP_STORED
                assert info.date_time == (1980, 1, 1, 0, 0, 0)
                assert info.external_attr >> 16 == stat.S_IFREG | 0o644


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


def test_the_modes_are_those_of_unix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is built."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    monkeypatch.setattr("sys.platform", "win32")
    write_zip(tmp_path / "folder", tmp_path / "a.zip")
    (info,) = ZipFile(tmp_path / "a.zip").infolist()
    assert info.create_system == 3


@pytest.mark.parametrize("name", ["new.py", "old.pyc", "api/new/new.py"])
def test_only_what_git_knows(checkout: Checkout, tmp_path: Path, name: str) -> None:
    """Whoever forgets to add a file is told so."""
    before = built(checkout, tmp_path / "out")
    checkout.unknown(f"acme_energy/{name}")
    result = checkout.run("build", "--out", tmp_path / "out2")
    assert result.returncode == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out2").iterdir()} == (
        before
    )
    is_ignored = name.endswith(".pyc")
    told = f"build: not in git, and left out: custom_components/acme_energy/{name}\n"
    assert result.stderr == ("" if is_ignored else told)

    checkout.git("add", "--force", "--all", "custom_components/acme_energy")
    with ZipFile(build_vendor(Source(checkout.root), "acme_energy", tmp_path)) as zip_:
        assert name in zip_.namelist()


def test_a_vendor_that_git_does_not_know(checkout: Checkout, tmp_path: Path) -> None:
    checkout.manifest("new_energy", "1.0.0")
    result = checkout.run("build", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "left out: custom_components/new_energy/manifest.json" in result.stderr
    assert not (tmp_path / "out" / "new_energy.zip").exists()


def test_what_was_deleted_but_not_in_git(checkout: Checkout, tmp_path: Path) -> None:
    checkout.path("acme_energy/api/wire.py").unlink()
    built(checkout, tmp_path / "out")
    with ZipFile(tmp_path / "out" / "acme_energy.zip") as archive:
        assert "api/wire.py" not in archive.namelist()


def test_a_checkout_of_another_user(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git would refuse to tell anything, and everything would be taken."""
    checkout.unknown("acme_energy/new.py")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(subprocess.CalledProcessError):
        checkout.git("ls-files")
    built(checkout, tmp_path / "out")
    with ZipFile(tmp_path / "out" / "acme_energy.zip") as archive:
        assert "new.py" not in archive.namelist()


def test_without_git(checkout: Checkout, tmp_path: Path) -> None:
    """As from the archive of a release: everything that is there."""
    before = built(checkout, tmp_path / "out")
    shutil.rmtree(checkout.root / ".git")
    # Nor is the repository asked in which it may lie
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    assert built(checkout, tmp_path / "out2") == before


def test_old_zips_vanish(checkout: Checkout, tmp_path: Path) -> None:
    """Those of a vendor that is no more; what others put there stays."""
    out = tmp_path / "out"
    built(checkout, out)
    (out / "holiday.zip").write_bytes(b"pictures")
    shutil.copy(out / f"{HUB}.zip", out / "copy.zip")
    shutil.copy(out / "acme_energy.zip", out / "kept.zip")
    (out / "folder.zip").mkdir()
    with ZipFile(out / "other.zip", "w") as archive:
        archive.writestr(".bundle.json", "[]")
    before = {path.name for path in out.iterdir()}
    shutil.rmtree(checkout.path("zeta_energy"))
    result = checkout.run("build", "--out", out)
    assert result.returncode == 0, result.stderr
    assert {path.name for path in out.iterdir()} == before - {"zeta_energy.zip"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"domain": "acme_energy"}', "acme_energy/manifest.json has no version"),
        ('{"version": 1}', "acme_energy/manifest.json has no version"),
        ('{"version": ', "acme_energy/manifest.json: Expecting value"),
        ("[]", "acme_energy/manifest.json is no object"),
        ("\udcff", "acme_energy/manifest.json: 'utf-8' codec"),
    ],
)
@pytest.mark.parametrize("script", ["build", "install", "release"])
def test_a_broken_manifest(
    checkout: Checkout, tmp_path: Path, script: str, content: str, told: str
) -> None:
    """A sentence, and no traceback."""
    path = checkout.path("acme_energy/manifest.json")
    path.write_bytes(content.encode(errors="surrogateescape"))
    (tmp_path / "configuration.yaml").touch()
    given = {"build": ["--out", tmp_path / "out"], "install": [tmp_path]}
    result = checkout.run(script, *given.get(script, ["1.2.3"]))
    assert result.returncode == 1
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("to", ["wire.py", "nowhere", "."])
def test_no_links(checkout: Checkout, tmp_path: Path, to: str) -> None:
    checkout.path("acme_energy/api/link.py").symlink_to(to)
    result = checkout.run("build", "--out", tmp_path / "out")
    assert result.returncode == 1
    assert "acme_energy/api/link.py" in result.stderr
    assert result.stdout == ""


def test_no_vendor_that_is_a_link(checkout: Checkout, tmp_path: Path) -> None:
    checkout.path("link_energy").symlink_to("acme_energy")
    checkout.git("add", "--all")
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
    assert (tree / "README.md").read_text() == (
        "# acme_energy\n"
        "[install](https://example.org/r/blob/main/README.md#install), [below](#end)\n"
        "![house](https://example.org/r/raw/main/docs/images/home.png)\n"
    )


def test_no_tree_without_a_page(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.root / "docs" / "acme_energy.md").unlink()
    result = checkout.run("build", "--tree", "acme_energy", "--out", tmp_path / "out")
    assert result.returncode == 1
    assert "acme_energy has no documentation at https://" in result.stderr


@pytest.mark.parametrize("domain", [HUB, "nobody_energy"])
def test_no_tree_of_another(checkout: Checkout, tmp_path: Path, domain: str) -> None:
    result = checkout.run("build", "--tree", domain, "--out", tmp_path / "out")
    assert result.returncode == 1
    assert f"{domain} is none of acme_energy, zeta_energy" in result.stderr


@pytest.mark.parametrize("script", ["build", "install", "release"])
def test_runs_from_anywhere(tmp_path: Path, script: str) -> None:
    """By a link, by a relative path, from a path that a list of paths cannot have."""
    root = tmp_path / "a:b c"
    Checkout(root)
    (tmp_path / "link").symlink_to(root / "scripts" / script)
    relative = Path("scripts", script)
    for command, cwd in ((tmp_path / "link", tmp_path), (relative, root)):
        result = subprocess.run(
            [command, "--help"],
            cwd=cwd,
            env=os.environ | {"CDPATH": f"{root}:{tmp_path}", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert f"usage: scripts/{script}" in result.stdout


def test_what_an_older_python_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = ROOT / "scripts" / "buildlib" / "start.py"
    ast.parse(start.read_text("utf-8"), feature_version=(3, 7))
    monkeypatch.setattr("sys.version_info", (3, 10, 13))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, .* is 3\.10$"):
        runpy.run_path(str(start), run_name="__main__")


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
        ROOT / "custom_components" / HUB / "folders.py",
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
