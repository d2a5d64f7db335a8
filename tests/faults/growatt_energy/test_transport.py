"""Rows 1 to 6 and 11: what happens on the way, and a cloud that stands still."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.growatt import GrowattSimulator
from tests.growatt_energy.conftest import MIN, Step, asked, issues, set_up

type Warnings = Callable[[], list[str]]

HOUR = 11  # so many polls


async def polls(step: Step, count: int) -> None:
    for _ in range(count):
        await step(345)


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_row_1_outage(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    warnings: Warnings,
) -> None:
    """What is known is shown for half an hour; one line in the log, no more."""
    await set_up(hass, entry)
    device = entry.runtime_data.devices[MIN]
    await sim.stop()
    await polls(step, 3)
    assert device.fresh
    await polls(step, HOUR)
    assert not device.fresh
    assert len(warnings()) == 1, warnings()
    logins = len(sim.sessions.logins)
    await sim.start()
    await polls(step, 5)
    assert device.fresh
    assert len(warnings()) == 1, warnings()
    assert len(sim.sessions.logins) == logins
    assert asked(hass, entry) == 0


@pytest.mark.parametrize("mode", ["token", "login"])
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 405},
        {"kind": "status", "status": 429},
        {"kind": "replace", "body": "<html>down for maintenance</html>"},
        {"kind": "replace", "body": '{"error_code": 0, "data": '},
        {"kind": "reset"},
    ],
    ids=["500", "502", "405", "429", "page", "cut", "reset"],
)
async def test_rows_3_to_6_bad_answers(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    mode: str,
    fault: dict[str, Any],
) -> None:
    """No value is lost, no login is tried, nobody is asked, and it ends by itself."""
    await set_up(hass, entry)
    device = entry.runtime_data.devices[MIN]
    reading = device.reading
    logins = len(sim.sessions.logins)
    sim.faults.add(**fault)
    await polls(step, 3)
    assert device.reading == reading
    assert entry.state.name == "LOADED"
    assert asked(hass, entry) == 0
    assert issues(hass) == {}
    sim.faults.clear()
    await polls(step, 9)
    assert device.fresh
    assert device.reading != reading
    assert len(sim.sessions.logins) == logins


async def test_row_1_set_up_without_network(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """It is tried again by itself."""
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    assert entry.error_reason_translation_key == "cannot_connect"
    await sim.start()
    await step(305)
    assert entry.state.name == "LOADED"


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_row_11_logger_that_sends_nothing(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The cloud goes on answering with the last record, which gets too old."""
    await set_up(hass, entry)
    device = entry.runtime_data.devices[MIN]
    sim.devices[MIN].switches.online = False
    await polls(step, HOUR)
    assert device.live.last_update_success
    assert not device.fresh
    sim.devices[MIN].switches.online = True
    await polls(step, 3)
    assert device.fresh


async def test_row_3_older_server_without_v4(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """V1 serves then."""
    sim.v4_available = False
    await set_up(hass, entry)
    await polls(step, 6)
    assert entry.runtime_data.devices[MIN].fresh
    assert sim.limits.violations == []
