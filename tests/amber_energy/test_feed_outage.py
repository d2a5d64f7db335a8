"""What people see around a boundary and in an outage: no forecast as a price."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, STATE_OFF, STATE_ON
from homeassistant.core import Event, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.amber import AmberSimulator, Site

from .conftest import set_up
from .entities import Shown
from .passing import Passing

BOUNDARY = datetime(2026, 10, 7, 2, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def start_time() -> datetime:
    """10 s before a boundary, when the price of the interval is final."""
    return BOUNDARY - timedelta(seconds=10)


@pytest.fixture
def changes(hass: HomeAssistant) -> list[tuple[str, str]]:
    """Each change of what tells of spikes and of words for the price."""
    found: list[tuple[str, str]] = []

    @callback
    def note(event: Event[Any]) -> None:
        new, entity_id = event.data["new_state"], event.data["entity_id"]
        if new is None or "_price_" not in entity_id or "advanced" in entity_id:
            return
        if entity_id.endswith("_price_spike"):
            found.append(("price_spike", new.state))
        elif entity_id.startswith("event."):
            told = new.attributes.get("event_type")
            if told is not None:
                found.append((entity_id.rpartition("_price_")[2], told))

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return found


async def test_the_price_stays_in_an_outage(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """Also after the timeout of the hold; that it is not known is told."""
    sim.timing.fixed = 22.0
    later = BOUNDARY + 5 * MINUTE
    sim.market.force(later, later + 5 * MINUTE, 50.0, estimate=900.0)
    await set_up(hass, entry)
    await step(10 + 280)
    shown = Shown(hass, entry)
    price = shown.sensor("general_price")
    sim.faults.add("status", "*", status=502)
    for _ in range(59):
        await step(5)
        assert shown.sensor("general_price") == price
    state = shown.of("sensor", "general_price")
    assert state.attributes["held"] is True
    assert state.attributes["estimate"] is False
    assert datetime.fromisoformat(state.attributes["start_time"]) == later
    assert shown.binary("price_estimated") == STATE_ON
    assert shown.of("binary_sensor", "price_estimated").attributes["held"] is True


@pytest.mark.parametrize(
    ("mode", "minutes"), [("immediate", 5), ("hold", 5), ("immediate", 30)]
)
async def test_a_spike_goes_on_over_the_boundaries(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
    changes: list[tuple[str, str]],
    mode: str,
    minutes: int,
) -> None:
    """A forecast never says "spike": it may not end one."""
    sim.timing.fixed, site.interval_length = 22.0, minutes
    begin, end = BOUNDARY - 30 * MINUTE, BOUNDARY + 240 * MINUTE
    sim.market.force(begin, end, 1500.0, estimate=1500.0)
    await set_up(hass, entry)
    await entry.runtime_data.settings.set("publish_mode", mode)
    assert Shown(hass, entry).binary("price_spike") == STATE_ON
    changes.clear()
    await step(700 if minutes == 5 else 3700)
    assert changes == []


async def test_an_outage_ends_no_spike(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    changes: list[tuple[str, str]],
) -> None:
    sim.timing.fixed = 22.0
    begin, end = BOUNDARY - 30 * MINUTE, BOUNDARY + 240 * MINUTE
    sim.market.force(begin, end, 1500.0, estimate=1500.0)
    await set_up(hass, entry)
    await step(100)
    changes.clear()
    sim.faults.add("status", "*", status=502)
    await step(500)
    assert changes == []
    await step(500)
    assert changes == [("price_spike", "unavailable")]


async def test_a_price_from_before_the_outage_is_not_held(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """Nor called confirmed, an hour later."""
    sim.timing.fixed, site.previous_missing = 22.0, 30
    await set_up(hass, entry)
    await step(60)
    sim.faults.add("status", "*", status=502)
    await step(3545)
    sim.faults.clear()
    shown = Shown(hass, entry)
    await step(25)
    state = shown.of("sensor", "general_price")
    assert state.attributes["held"] is False
    assert state.attributes["estimate"] is True


@pytest.mark.parametrize("minutes", [5, 30])
async def test_the_status_is_right_at_any_time(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry,
    step: Passing, minutes: int,
) -> None:  # fmt: skip
    """A recovery is seen with the answer, not with the next price."""
    sim.timing.fixed, site.interval_length = 22.0, minutes
    await set_up(hass, entry)
    await step(12)
    sim.faults.add("status", "prices/current", count=2, status=502)
    shown, feed = Shown(hass, entry), entry.runtime_data.prices
    seen = set()
    for _ in range(60):
        await step(5)
        assert shown.sensor("api_status") == feed.status
        seen.add(feed.status)
        last = feed.last_confirmed
        if last is not None:
            told = datetime.fromisoformat(shown.sensor("last_confirmed_price"))
            assert abs((told - last).total_seconds()) < 1
    assert seen == {"ok", "server_error"}
    assert shown.binary("price_spike") == STATE_OFF
