"""Rows 1 to 6 and 11: what happens on the way, and a cloud that stands still."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.goodwe import GoodWeSimulator
from tests.goodwe_energy.conftest import Step, asked, issues, set_up

from .conftest import of_class

type Warnings = Callable[[], list[str]]


async def polls(step: Step, count: int) -> None:
    for _ in range(count):
        await step(300)


async def test_row_1_outage(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    warnings: Warnings,
) -> None:
    """What is known is shown for an hour; one line in the log, no more."""
    await set_up(hass, entry)
    device = of_class(entry, "inverter")
    await sim.stop()
    await polls(step, 10)
    assert device.fresh
    await polls(step, 4)
    assert not device.fresh
    assert not device.plant.fresh
    assert len(warnings()) == 1, warnings()
    await sim.start()
    await polls(step, 12)
    assert device.fresh
    assert len(warnings()) == 1, warnings()
    assert asked(hass, entry) == 0
    assert sim.logins.tried == 1


async def test_row_2_a_cloud_that_is_away_at_the_start_is_tried_again(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """By itself, after the pause that a login that failed is followed by."""
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    assert asked(hass, entry) == 0
    await sim.start()
    for _ in range(4):
        await step(65)
    assert of_class(entry, "inverter").fresh


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502},
        {"kind": "replace", "body": "<html>down for maintenance</html>"},
        {"kind": "replace", "body": '{"code": "00000", "data": '},
        {"kind": "reset"},
        {"kind": "vendor_error", "message": "100000"},
        {"kind": "vendor_error", "message": "B0001"},
        {"kind": "vendor_error", "message": "X9999"},
    ],
    ids=["500", "502", "page", "cut", "reset", "100000", "B0001", "unknown"],
)
async def test_rows_3_to_6_bad_answers(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    fault: dict[str, Any],
) -> None:
    """No value is lost, nobody logs in or is asked, and it ends by itself."""
    await set_up(hass, entry)
    device = of_class(entry, "inverter")
    reading, values = device.reading, dict(device.plant.values)
    sim.faults.add(**fault)
    await polls(step, 4)
    assert device.reading == reading
    assert device.plant.values == values
    assert entry.state.name == "LOADED"
    assert asked(hass, entry) == 0
    assert sim.logins.tried == 1
    sim.faults.clear()
    await polls(step, 8)
    assert device.fresh
    assert device.reading != reading
    assert issues(hass) == {}


@pytest.mark.parametrize("retry_after", [None, "5", "1e9", "soon"])
async def test_row_5_too_many_requests(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    retry_after: str | None,
) -> None:
    """The whole account rests, and nobody is blamed; it is told after an hour."""
    await set_up(hass, entry)
    more = {} if retry_after is None else {"retry_after": retry_after}
    sim.faults.add("status", "*", status=429, **more)
    sim.requests.forget()
    await polls(step, 24)
    assert sim.requests.total <= 26
    assert asked(hass, entry) == 0
    assert sim.logins.tried == 1
    assert set(issues(hass)) <= {"rate_limited"}
    sim.faults.clear()
    await polls(step, 24)
    assert of_class(entry, "inverter").fresh
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_row_11_one_plant_that_fails_leaves_the_others_alone(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Also from the start: its lists do not come, the other's do."""
    good, bad = (station.id for station in sim.stations)
    sim.faults.add("vendor_error", "*", system=bad, message="100000")
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    plants = entry.runtime_data.plants
    assert plants[good].devices
    assert plants[good].fresh
    assert not plants[bad].devices
    sim.faults.clear()
    await polls(step, 6)
    assert plants[bad].devices
    assert plants[bad].fresh
