"""Alarms of a plant as events, as a sensor and as a count: each is told once."""

from datetime import timedelta

from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.alarms import Alarm

from .conftest import NOON, Step, set_up
from .entities import shown, state_of
from .platforms import only

HYBRID = "9010KETU22AW0417"


@pytest.fixture(autouse=True)
def platforms() -> object:
    """Only the platforms that are looked at."""
    with only(
        Platform.EVENT, Platform.SENSOR, Platform.BINARY_SENSOR, all_enabled=False
    ):
        yield


@pytest.fixture
def plant(sim: GoodWeSimulator) -> str:
    """Return the id of the station."""
    return sim.stations[0].id


def alarm(number: int, minutes: float, lasts: float | None = 40) -> Alarm:
    """Return an alarm that begins so many minutes after noon."""
    start = NOON + timedelta(minutes=minutes)
    end = start + timedelta(minutes=lasts) if lasts is not None else None
    return Alarm(id=f"a{number}", sn=HYBRID, start=start, end=end)


async def test_an_alarm_comes_and_goes(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    plant: str,
) -> None:
    """With what is known of it."""
    await set_up(hass, entry)
    assert state_of(hass, "binary_sensor", f"{plant}_alarm").state == "off"
    told = async_capture_events(hass, EVENT_STATE_CHANGED)
    sim.stations[0].alarms.append(alarm(1, 1))
    for _ in range(4):
        await step(310)
    problem = state_of(hass, "binary_sensor", f"{plant}_alarm")
    assert problem.state == "on"
    (active,) = problem.attributes["alarms"]
    assert active["code"] == "10"
    assert active["name"] == "Utility Loss"
    assert active["level"] == "fault"
    assert active["device"] == "Inverter 1"
    assert active["started"].startswith("2026-05-12T10:01:00")
    assert shown(hass, f"{plant}_active_alarms") == "1"
    for _ in range(10):
        await step(310)
    problem = state_of(hass, "binary_sensor", f"{plant}_alarm")
    assert problem.state == "off"
    assert problem.attributes["alarms"] == []
    found = [
        state.attributes
        for event in told
        if (state := event.data["new_state"]).domain == "event"
        and state.attributes.get("event_type")
    ]
    assert [data["event_type"] for data in found] == ["raised", "cleared"]
    assert {data["name"] for data in found} == {"Utility Loss"}


async def test_what_was_there_before_is_no_news(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    plant: str,
) -> None:
    """Nor is what was told before a restart."""
    sim.stations[0].alarms.append(alarm(1, -30, lasts=None))
    await set_up(hass, entry)
    event = state_of(hass, "event", f"{plant}_alarm")
    assert event.state == STATE_UNKNOWN
    sim.stations[0].alarms.append(alarm(2, 1, lasts=None))
    for _ in range(4):
        await step(310)
    raised = state_of(hass, "event", f"{plant}_alarm").state
    assert raised != STATE_UNKNOWN
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(4):
        await step(310)
    assert shown(hass, f"{plant}_active_alarms") == "2"
    assert state_of(hass, "event", f"{plant}_alarm").state == raised
