"""scripts/vendor: every integration carries exactly core/."""

from pathlib import Path
import shutil
import subprocess
import sys

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "vendor"


def run(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, repository / "scripts" / "vendor", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a vendor, the hub and a folder that is no integration."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPT, tmp_path / "scripts")
    (tmp_path / "core" / "client" / "__pycache__").mkdir(parents=True)
    (tmp_path / "core" / "__init__.py").write_text('"""Core."""\n')
    (tmp_path / "core" / "client" / "http.py").write_text("A = 1\n")
    (tmp_path / "core" / "client" / "notes.txt").write_text("not code\n")
    (tmp_path / "core" / "client" / "__pycache__" / "http.pyc").write_bytes(b"")
    for domain in ("acme_energy", "all_energy"):
        (tmp_path / "custom_components" / domain).mkdir(parents=True)
        (tmp_path / "custom_components" / domain / "manifest.json").write_text("{}")
    (tmp_path / "custom_components" / "unfinished").mkdir()
    return tmp_path


def copied(repository: Path) -> dict[str, str]:
    vendor = repository / "custom_components" / "acme_energy" / "_vendor"
    return {
        path.relative_to(vendor).as_posix(): path.read_text()
        for path in vendor.rglob("*")
        if path.is_file()
    }


def test_copies_code_into_vendors_only(repository: Path) -> None:
    assert run(repository).returncode == 0
    files = copied(repository)
    assert files.pop("__init__.py").startswith('"""Generated')
    assert files == {
        "core/__init__.py": '"""Core."""\n',
        "core/client/http.py": "A = 1\n",
    }
    assert not (repository / "custom_components" / "all_energy" / "_vendor").exists()
    assert not (repository / "custom_components" / "unfinished" / "_vendor").exists()
    assert run(repository, "--check").returncode == 0


def test_check_names_every_difference_and_changes_nothing(repository: Path) -> None:
    run(repository)
    core = repository / "custom_components" / "acme_energy" / "_vendor" / "core"
    (core / "client" / "http.py").write_text("A = 2\n")
    (core / "__init__.py").unlink()
    (core / "old.py").write_text("")
    before = copied(repository)

    result = run(repository, "--check")

    assert result.returncode == 1
    prefix = "custom_components/acme_energy/_vendor/core"
    assert set(result.stdout.splitlines()[:-1]) == {
        f"{prefix}/client/http.py: differs",
        f"{prefix}/__init__.py: missing",
        f"{prefix}/old.py: not in core/",
    }
    assert copied(repository) == before


def test_removes_what_core_no_longer_has(repository: Path) -> None:
    run(repository)
    vendor = repository / "custom_components" / "acme_energy" / "_vendor"
    (vendor / "core" / "client" / "__pycache__").mkdir()
    (vendor / "core" / "client" / "__pycache__" / "http.pyc").write_bytes(b"")
    shutil.rmtree(repository / "core" / "client")

    assert run(repository).returncode == 0

    assert set(copied(repository)) == {"__init__.py", "core/__init__.py"}
    assert not (vendor / "core" / "client").exists()


def test_every_integration_here_is_up_to_date() -> None:
    result = run(SCRIPT.parents[1], "--check")
    assert result.stdout == ""
    assert result.returncode == 0
