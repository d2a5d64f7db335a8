"""The random months find what they are there for: bugs that are planted here."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
import shutil
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
import pytest

from scripts.buildlib.hub_code import folders, installer

from .machine import InstallerMachine
from .stories import (
    Story,
    tell,
    untick,
    untick_what_is_installed_otherwise,
    update,
    update_before_a_broken_release,
    update_before_a_deletion,
)

Installer = installer.Installer
_SETTINGS = settings(
    max_examples=200,
    stateful_step_count=8,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace a method of the installer for one test."""
    return lambda name, bug: monkeypatch.setattr(Installer, name, bug)


def found(*words: str, story: Story | None = None) -> None:
    """Expect the machine to fail, or a story, with one of these words."""
    with pytest.raises(AssertionError) as caught:
        tell(story) if story else run_state_machine_as_test(
            InstallerMachine, settings=_SETTINGS
        )
    assert any(word in str(caught.value) for word in words), caught.value


def test_no_digest_is_checked(plant: Any) -> None:
    plant("_own_digest", lambda _self, folder: folders.digest(folder))
    found("an edited folder was changed", "mixed")


def test_nobody_asks_what_is_busy(plant: Any) -> None:
    place = Installer._place

    def rude(self: Any, wishes: Any) -> Any:
        return place(self, [replace(one, is_busy=installer.never) for one in wishes])

    plant("_place", rude)
    found("a busy folder was changed")


def test_no_stamp_is_checked(plant: Any) -> None:
    plant("_is_ours", lambda _self, folder, _domain="": folder.exists())
    found("a foreign folder was changed", story=untick_what_is_installed_otherwise)


def test_a_copy_straight_into_the_folder(plant: Any) -> None:
    def straight(self: Any, wishes: Any) -> tuple[set[str], None]:
        for wish in wishes:
            payload = self._payload / wish.domain
            shutil.copytree(payload, self._components / wish.domain, dirs_exist_ok=True)
        return {wish.domain for wish in wishes}, None

    plant("_place", straight)
    found("mixed", story=update)


def test_a_deletion_in_place(plant: Any) -> None:
    def straight(self: Any, domain: str) -> bool:
        folder = self._components / domain
        if not self._is_ours(folder):
            return False
        shutil.rmtree(folder)
        return True

    plant("remove", straight)
    found("mixed", story=untick)


def test_what_was_taken_away_does_not_come_back(plant: Any) -> None:
    def forgetful(self: Any) -> list[str]:
        with suppress(FileNotFoundError):
            shutil.rmtree(self._staging)
        return []

    plant("tidy", forgetful)
    found("it did not come back", story=update_before_a_broken_release)


def test_whatever_was_taken_away_comes_back(plant: Any) -> None:
    """Half of it too."""

    def careless(self: Any) -> list[str]:
        for old in self._staging.glob("*.old"):
            if not (self._components / old.stem).exists():
                old.rename(self._components / old.stem)
        shutil.rmtree(self._staging, ignore_errors=True)
        return []

    plant("tidy", careless)
    found("mixed", story=update_before_a_deletion)


def test_staging_is_left(plant: Any) -> None:
    tidy = Installer.tidy

    def lazy(self: Any) -> list[str]:
        back: list[str] = tidy(self)
        self._staging.mkdir(exist_ok=True)
        return back

    plant("tidy", lazy)
    found("something is left")


def test_what_is_outdated_stays(plant: Any) -> None:
    state = Installer._state

    def content(self: Any, folder: Path, bundled: str | None) -> Any:
        now = state(self, folder, bundled)
        return now if now is not installer.State.OUTDATED else installer.State.CURRENT

    plant("_state", content)
    found("it is not current")
