"""Which battery meets what in scripts/demo --check."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from scripts.demolib.battery import Battery
from scripts.demolib.control_check import ControlCheck
from scripts.demolib.report import Report
from scripts.demolib.surprises import SurpriseTrial
from scripts.demolib.trial import Trial

from .demo_fakes import ALPHAESS, PERIODIC, SERIAL, SONNEN, SONNEN_SERIAL, a_home

SECOND = "234567"


class Runner:
    """Takes the place of a running demo and of all trials, and notes these."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hass = None
        self.met: dict[str, list[str]] = {}
        for name in ("trial_by_action", "trial_by_automation"):
            self._note(monkeypatch, f"scripts.demolib.control_check.{name}", name)
        for name in ("with_reset", "with_person", "without_grid"):
            self._note(
                monkeypatch, f"scripts.demolib.surprises.SurpriseTrial.{name}", name
            )

        async def create(_automation: Any) -> None:
            pass

        monkeypatch.setattr("scripts.demolib.automation.ForceAutomation.create", create)

    def _note(self, monkeypatch: pytest.MonkeyPatch, path: str, name: str) -> None:
        async def noted(trial: Trial, *_more: Any) -> None:
            met = self.met.setdefault(trial.battery.home.serial, [])
            met.append(f"{name} {trial.kind}")

        monkeypatch.setattr(path, noted)


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    return Runner(monkeypatch)


@pytest.fixture
def report() -> Report:
    return Report()


@pytest.fixture
def check(runner: Runner, report: Report) -> ControlCheck:
    check = ControlCheck(runner, {}, report)  # type: ignore[arg-type]
    homes = (
        *(a_home(serial=serial, vendor=ALPHAESS) for serial in (SERIAL, PERIODIC)),
        *(a_home(serial=serial, vendor=SONNEN) for serial in (SONNEN_SERIAL, SECOND)),
    )
    check._batteries = [
        Battery(None, home, None)  # type: ignore[arg-type]
        for home in homes
    ]
    return check


async def test_every_battery_is_forced_and_some_are_surprised(
    check: ControlCheck, runner: Runner, report: Report
) -> None:
    await check._first_round(surprise=True)
    await check._with_automations()
    plain = ["trial_by_action force_charge", "trial_by_automation force_charge"]
    assert runner.met == {
        SERIAL: plain,
        PERIODIC: plain,
        SONNEN_SERIAL: [
            "with_reset force_charge",
            "trial_by_automation force_charge",
        ],
        SECOND: [
            "trial_by_action force_discharge",
            "with_person force_discharge",
            "without_grid force_discharge",
        ],
    }
    assert report.failures == []


async def test_before_a_kill_every_battery_ends_its_force_by_itself(
    check: ControlCheck, runner: Runner, report: Report
) -> None:
    await check._first_round(surprise=False)
    assert runner.met == {
        SERIAL: ["trial_by_action force_charge"],
        PERIODIC: ["trial_by_action force_charge"],
        SONNEN_SERIAL: ["trial_by_action force_charge"],
        SECOND: ["trial_by_action force_discharge"],
    }
    assert report.failures == []


async def test_home_assistant_is_killed_when_that_may_be(
    check: ControlCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def note(name: str) -> Callable[..., Awaitable[None]]:
        async def noted(*_arguments: object, **_more: object) -> None:
            done.append(name)

        return noted

    for name in ("_find", "_first_round", "_with_kill", "_let_go"):
        monkeypatch.setattr(check, name, note(name))
    await check.run_killed(note("before_kill"))
    assert done == ["_find", "_first_round", "before_kill", "_with_kill", "_let_go"]


async def test_a_plain_trial_needs_as_many_writes_as_the_first_of_its_battery(
    check: ControlCheck, report: Report
) -> None:
    def trial(place: int, writes: int) -> Trial:
        trial = Trial(check._batteries[place], f"{place} {writes}")
        trial._journal = [(0, 0), (writes, writes)]
        return trial

    check._tell([trial(0, 3), trial(1, 5)])
    check._tell([trial(0, 3), trial(1, 6)])
    assert report.failures == ["House: 1 6"]


async def test_a_surprise_may_need_more_writes(
    check: ControlCheck, report: Report
) -> None:
    battery = check._batteries[2]
    usual, surprised = Trial(battery, ""), SurpriseTrial(battery, "", "force_charge")
    usual._journal, surprised._journal = [(0, 0), (3, 3)], [(0, 0), (9, 9)]
    check._tell([usual])
    check._tell([surprised], compared=False)
    assert report.failures == []
