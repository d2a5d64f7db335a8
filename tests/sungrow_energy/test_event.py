"""Faults of a plant's devices as events and as a sensor: each is told once."""

from datetime import timedelta

from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from simulator.sungrow import SungrowSimulator
from simulator.sungrow.device import Alarm

from .conftest import NOON, Step, set_up
from .entities import state_of
from .platforms import only

PLANT = "5123456"
HYBRID = "A2351607928"


@pytest.fixture(autouse=True)
def platforms() -> object:
    """Only the platforms that are looked at."""
    with only(
        Platform.EVENT, Platform.SENSOR, Platform.BINARY_SENSOR, all_enabled=False
    ):
        yield


def alarm(code: int, minutes: float, lasts: float = 40, kind: int = 1) -> Alarm:
    """Return a fault that begins so many minutes after noon."""
    start = NOON + timedelta(minutes=minutes)
    end = start + timedelta(minutes=lasts)
    return Alarm(code=code, start=start, end=end, type=kind, name="电网掉电")


async def test_a_fault_comes_and_goes(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """With what is known of it, in our own words."""
    await set_up(hass, entry)
    told = async_capture_events(hass, EVENT_STATE_CHANGED)
    sim.devices[HYBRID].alarms.append(alarm(13805, 1))
    for _ in range(3):
        await step(330)
    fault = state_of(hass, "sensor", f"{PLANT}_active_fault")
    assert fault.state == "grid_outage"
    assert fault.attributes["faults"][0]["code"] == 13805
    assert fault.attributes["faults"][0]["device"] == "SH10RT"
    assert state_of(hass, "binary_sensor", f"{PLANT}_14_1_1_problem").state == "on"
    for _ in range(20):
        await step(330)
    assert state_of(hass, "sensor", f"{PLANT}_active_fault").state == "no_fault"
    assert state_of(hass, "binary_sensor", f"{PLANT}_14_1_1_problem").state == "off"
    found = [
        state.attributes
        for event in told
        if (state := event.data["new_state"]).entity_id.endswith("_alarm")
        and state.state != STATE_UNKNOWN
    ]
    events = list(dict.fromkeys((i["event_type"], i["code"]) for i in found))
    assert events == [("raised", 13805), ("cleared", 13805)]
    assert found[0]["fault"] == "grid_outage"
    assert found[0]["kind"] == "fault"
    assert found[0]["started"].startswith("2026-05-12T10:01")
    assert "电" not in str(found)


async def test_known_faults_are_not_told_again(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Neither those of the first list, nor any after a restart."""
    sim.devices[HYBRID].alarms.append(alarm(60005, -10, lasts=600))
    await set_up(hass, entry)
    assert state_of(hass, "event", f"{PLANT}_alarm").state == STATE_UNKNOWN
    sim.devices[HYBRID].alarms.append(alarm(99999, 1, lasts=600, kind=2))
    await step(1810)
    state = state_of(hass, "event", f"{PLANT}_alarm")
    assert (state.attributes["code"], state.attributes["fault"]) == (
        99999,
        "unknown_fault",
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await step(1810)
    # The state of an event is when it was told
    assert state_of(hass, "event", f"{PLANT}_alarm").state == state.state
