"""What the tests of the installer share."""

from pathlib import Path

import pytest

from .made import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house of its own."""
    return House(tmp_path)


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: thousands of files are written here."""
    monkeypatch.setattr("os.fsync", lambda _handle: None)
    monkeypatch.setattr("os.sync", lambda: None)
