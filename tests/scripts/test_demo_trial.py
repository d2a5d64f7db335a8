"""When scripts/demo --check says that a forced charge has left nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from scripts.demolib.battery import Battery
from scripts.demolib.trial import BEGUN, Trial
from simulator.alphaess import AlphaEssSimulator

from .demo_fakes import FakeHass, write


async def test_a_trial_ends_well_if_all_is_as_before(
    simulator: AlphaEssSimulator, battery: Battery
) -> None:
    trial = Trial(battery, "")
    await trial.go(trial.rest)
    write(simulator, gridCharge=1)
    write(simulator, gridCharge=0)
    await trial.go(trial.see_it_undone)
    assert trial.problems == []
    assert trial.cost == [(2, 2)]
    assert trial.facts == ["all as before 0 s after its end"]


@pytest.mark.parametrize(
    ("entity", "state"),
    [
        ("battery_mode", "force_charge"),
        ("control_state", "restoring"),
    ],
)
async def test_a_trial_fails_if_home_assistant_does_not_say_the_end(
    battery: Battery, hass_api: FakeHass, entity: str, state: str
) -> None:
    trial = Trial(battery, "")
    await trial.go(trial.rest)
    hass_api.states[entity] = state
    trial.end = datetime.now(UTC) - timedelta(hours=1)  # no patience is left
    await trial.go(trial.see_it_undone)
    assert len(trial.problems) == 1


async def test_a_trial_fails_if_a_setting_stays(
    simulator: AlphaEssSimulator, battery: Battery
) -> None:
    trial = Trial(battery, "")
    await trial.go(trial.rest)
    write(simulator, batHighCap=99)
    since = datetime.now(UTC) - timedelta(seconds=BEGUN + battery.back)
    await trial.go(lambda: trial.see_it_undone(since))
    assert trial.problems == ["charge.batHighCap was 100, is 99"]


async def test_a_force_that_stops_too_early_fails(battery: Battery) -> None:
    trial = Trial(battery, "")
    await trial.go(trial.rest, trial.outlast, trial.see_it_undone)
    assert trial.problems == ["it ended too early"]
    assert trial.facts == []


async def test_more_writes_than_usual_fail(
    simulator: AlphaEssSimulator, battery: Battery
) -> None:
    trial = Trial(battery, "")
    await trial.go(trial.rest)
    write(simulator, gridCharge=0)
    await trial.go(trial.see_it_undone)
    trial.compare([(1, 0)])
    assert trial.problems == []
    trial.compare([(0, 0)])
    assert len(trial.problems) == 1
