"""Alarms of a device as events: each is told once."""

from datetime import UTC, datetime, timedelta

from homeassistant.const import (
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from simulator.growatt import Alarm, GrowattSimulator

from .conftest import MIN, NOON, Step, set_up
from .entities import state_of
from .platforms import only


@pytest.fixture(autouse=True)
def events() -> object:
    """Only the platform that is looked at."""
    with only(Platform.EVENT):
        yield


def alarm(code: int, message: str, minutes: float) -> Alarm:
    """Return an alarm that lasted for five minutes."""
    start = NOON + timedelta(minutes=minutes)
    return Alarm(code, message, start, start + timedelta(minutes=5))


async def test_a_new_alarm_is_told(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """With what the device says of it; several come one after the other."""
    await set_up(hass, entry)
    assert state_of(hass, "event", f"{MIN}_alarm").state == STATE_UNKNOWN
    told = async_capture_events(hass, EVENT_STATE_CHANGED)
    sim.devices[MIN].alarms += [alarm(25, "No utility.", 1), alarm(30, "Fan.", 7)]
    await step(1810)
    found = [
        state.attributes
        for event in told
        if (state := event.data["new_state"]).entity_id.endswith("_alarm")
        and state.state != STATE_UNKNOWN
    ]
    assert [(item["event_type"], item["code"]) for item in found] == [
        ("raised", 25),
        ("raised", 30),
    ]
    assert found[0]["message"] == "No utility."
    assert found[0]["started"].startswith("2026-05-12 12:01")
    assert found[0]["ended"].startswith("2026-05-12 12:06")


async def test_what_was_before_is_known(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The first list tells of nothing new."""
    sim.devices[MIN].alarms.append(alarm(25, "No utility.", -60))
    await set_up(hass, entry)
    assert state_of(hass, "event", f"{MIN}_alarm").state == STATE_UNKNOWN


async def test_a_reload_tells_nothing_twice(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """What was told stays told, and what came meanwhile is told."""
    await set_up(hass, entry)
    device = sim.devices[MIN]
    device.alarms.append(alarm(25, "No utility.", 1))
    await step(1810)
    told = state_of(hass, "event", f"{MIN}_alarm").state
    await hass.config_entries.async_unload(entry.entry_id)
    await step(1810)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await step(1810)
    assert state_of(hass, "event", f"{MIN}_alarm").state == told
    device.alarms.append(alarm(30, "Fan.", 60))
    await step(1810)
    assert state_of(hass, "event", f"{MIN}_alarm").attributes["code"] == 30


@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 21, 35, tzinfo=UTC)])
async def test_what_a_day_ends_with_is_told_on_the_next(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The list of a day is read once more when it is over, and then the new one."""
    await set_up(hass, entry)
    told = async_capture_events(hass, EVENT_STATE_CHANGED)
    noon_to_midnight = 12 * 60
    sim.devices[MIN].alarms += [
        alarm(25, "No utility.", noon_to_midnight - 15),
        alarm(30, "Fan.", noon_to_midnight + 2),
    ]
    for _ in range(4):
        await step(1810)
    codes = [
        state.attributes["code"]
        for event in told
        if (state := event.data["new_state"]).entity_id.endswith("_alarm")
        and state.state not in (STATE_UNKNOWN, STATE_UNAVAILABLE)
    ]
    assert codes == [25, 30]
