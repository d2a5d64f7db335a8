"""Events: once per change of what is shown, never at a start."""

from datetime import timedelta
from typing import Any

from homeassistant.const import (
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from simulator.amber import AmberSimulator

from .conftest import set_up
from .entities import Shown
from .passing import Passing
from .platforms import only
from .test_binary_sensor import MINUTE, slot

type Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def told(hass: HomeAssistant) -> Told:
    """Each event that an event entity of prices told, in order."""
    found: Told = []
    times: set[tuple[str, str]] = set()

    @callback
    def note(event: Event[Any]) -> None:
        new = event.data["new_state"]
        if new is None or new.domain != "event" or "_price_" not in new.entity_id:
            return
        # A restored one has the time at which it was told
        told = (new.entity_id, new.state)
        if new.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN) and told not in times:
            times.add(told)
            found.append((new.attributes["event_type"], dict(new.attributes)))

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return found


async def test_events(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """Every event entity; none has told anything yet."""
    with only(Platform.EVENT):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_spike(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    told: Told,
) -> None:
    """Expected, started and ended are told once each; a restart repeats nothing."""
    start = slot()
    sim.market.force(start, start + 480 * MINUTE, 10.0)
    sim.market.force(start + 90 * MINUTE, start + 120 * MINUTE, 900.0)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"spike_hours": 1})
    with only(Platform.EVENT):
        await set_up(hass, entry)
        assert told == []
        await step(40 * 60)
        spikes = [item for item in told if item[0].startswith("spike_")]
        assert [kind for kind, _ in spikes] == ["spike_expected"]
        assert spikes[0][1]["channel"] == "general"
        await hass.config_entries.async_reload(entry.entry_id)
        await step(52 * 60)
        spikes = [item for item in told if item[0].startswith("spike_")]
        assert [kind for kind, _ in spikes] == ["spike_expected", "spike_started"]
        assert spikes[1][1]["price"] > 1
        await hass.config_entries.async_reload(entry.entry_id)
        await step(30 * 60)
    kinds = [kind for kind, _ in told if kind.startswith("spike_")]
    assert kinds == ["spike_expected", "spike_started", "spike_ended"]


async def test_descriptor(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    told: Told,
) -> None:
    """A new word is told when it is shown: not while the old price is held."""
    start = slot()
    sim.market.force(start, start + 5 * MINUTE, 1.0)
    sim.market.force(start + 5 * MINUTE, start + 60 * MINUTE, 30.0)
    sim.timing.force(start + timedelta(minutes=5), 30.0)
    with only(Platform.EVENT):
        await set_up(hass, entry)
        shown = Shown(hass, entry)
        assert shown.of("event", "price_descriptor_event").state == STATE_UNKNOWN
        await step(200)
        assert told == []
        await step(25)
    ((kind, attributes),) = told
    assert kind == attributes["to"] != attributes["from"]
    assert attributes["price"] > 0.3


async def test_nothing_is_told_after_an_outage(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    told: Told,
) -> None:
    """Becoming available with the same word is no news."""
    start = slot()
    sim.market.force(start, start + 480 * MINUTE, 10.0)
    with only(Platform.EVENT):
        await set_up(hass, entry)
        sim.faults.add("status", "prices/current", status=502)
        await step(1200)
        sim.faults.clear()
        await step(600)
    assert told == []
