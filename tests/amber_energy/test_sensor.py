"""Sensors: which there are, what they are, and what they show."""

from datetime import date, timedelta
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.amber_energy.api.ratelimits import GROUPS
from custom_components.amber_energy.const import CONF_SITE_ID
from simulator.amber import AmberSimulator, Site, Tariff

from .conftest import set_up
from .entities import Shown, entity_id
from .passing import Passing
from .platforms import only

PRICE = (None, "AUD/kWh", "measurement")
EXTREME = (None, "AUD/kWh", None)
WORD = ("enum", None, None)
TIME = ("timestamp", None, None)
SHARE = (None, "%", "measurement")
COUNT = (None, "requests", None)

# Reference sections 9.1 and 9.3: class, unit, state class; enabled
EXPECTED = {
    key: value
    for channel in ("general", "controlled_load", "feed_in")
    for key, value in {
        f"{channel}_price": (PRICE, True),
        f"{channel}_forecast": (PRICE, True),
        f"{channel}_price_descriptor": (WORD, True),
        f"{channel}_advanced_price": (PRICE, False),
        f"{channel}_forecast_min": (EXTREME, False),
        f"{channel}_forecast_max": (EXTREME, False),
        f"{channel}_rates": (EXTREME, False),
    }.items()
} | {
    "spot_price": (PRICE, True),
    "renewables": (SHARE, True),
    "state_renewables": (SHARE, False),
    "renewables_descriptor": (WORD, False),
    "spike_status": (WORD, False),
    "interval_end": (TIME, False),
}
DIAGNOSTIC = {
    "site": ((None, None, None), False),
    "api_status": (WORD, True),
    "last_confirmed_price": (TIME, True),
    "confirmation_delay": (("duration", "s", "measurement"), False),
    "polls_last_interval": ((None, "requests", "measurement"), False),
    "next_poll": (TIME, False),
    "forecast_horizon": (TIME, False),
    "data_source": (WORD, False),
    "rate_limit_remaining": (COUNT, False),
    "rate_limit_reset": (TIME, False),
} | {
    f"rate_limit_{group}_{part}": (kind, False)
    for group in GROUPS
    for part, kind in {
        "limit": COUNT,
        "remaining": COUNT,
        "reset": TIME,
        "window": (("duration", "s", None)),
        "policy": (None, None, None),
        "answered": TIME,
    }.items()
}
USAGE = ("usage", "yesterday", "month", "bill", "history")


@pytest.fixture
def supplied_from() -> date | None:
    """For years."""
    return None


async def test_sensors(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """Every sensor, with its first state."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"forecast_hours": 1})
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_which_there_are(
    hass: HomeAssistant, entity_registry: er.EntityRegistry, entry: MockConfigEntry
) -> None:
    """The reference's, with its classes and defaults; a flat tariff has no period."""
    await set_up(hass, entry)
    entries = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    prefix = f"{entry.data[CONF_SITE_ID]}_"
    found = {
        item.unique_id.removeprefix(prefix): (
            (
                item.original_device_class,
                item.unit_of_measurement,
                (item.capabilities or {}).get("state_class"),
            ),
            item.disabled_by is None,
        )
        for item in entries
        if item.domain == "sensor"
        and not item.unique_id.removeprefix(prefix).startswith(USAGE)
    }
    assert found == EXPECTED | DIAGNOSTIC
    diagnostic = {
        item.unique_id.removeprefix(prefix)
        for item in entries
        if item.domain == "sensor" and item.entity_category is not None
    }
    assert set(DIAGNOSTIC) == {key for key in diagnostic if not key.startswith(USAGE)}


async def test_values_and_signs(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """Prices are Amber's in AUD; the feed-in's is what is earned, spot is as it is."""
    await set_up(hass, entry)
    shown, now = Shown(hass, entry), dt_util.utcnow()
    for key, wire, sign in (
        ("general_price", "general", 1),
        ("controlled_load_price", "controlledLoad", 1),
        ("feed_in_price", "feedIn", -1),
    ):
        cents = sim.truth.price(site.id, now, wire)
        assert shown.number(key) == pytest.approx(sign * cents / 100, abs=1e-6)
        assert shown.attributes(key)["channel_type"] == wire
    spot = sim.truth.spot(site.id, now)
    assert shown.number("spot_price") == pytest.approx(spot / 100, abs=1e-6)
    price = shown.attributes("general_price")
    assert price["start_time"] == "2026-10-07T02:00:00+00:00"
    assert price["end_time"] == "2026-10-07T02:05:00+00:00"
    assert price["nem_date"] == "2026-10-07T12:05:00+10:00"
    assert (price["estimate"], price["held"]) == (False, False)
    assert price["price_source"] == "market"


async def test_tariff(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """What a tariff has is shown, and stays when it is not told for once."""
    site.tariff = Tariff(periods=True, season=True, block=1)
    with only(Platform.SENSOR):
        await set_up(hass, entry)
        shown = Shown(hass, entry)
        assert shown.sensor("tariff_period") == "solar_sponge"
        assert shown.sensor("tariff_season") == "spring"
        assert shown.sensor("tariff_block") == "1"
        site.information = "absent"
        await hass.config_entries.async_reload(entry.entry_id)
        await step.settle()
        assert shown.sensor("tariff_period") == STATE_UNKNOWN


async def test_hold_and_then_unavailable(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """At the boundary the price is held, its time is not; without data it goes."""
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    before = shown.sensor("general_price")
    boundary = dt_util.utcnow() + timedelta(minutes=3)
    sim.timing.force(boundary, 30.0)
    await step(190)
    assert shown.sensor("general_price") == before
    price = shown.attributes("general_price")
    assert price["start_time"] == "2026-10-07T02:05:00+00:00"
    assert price["held"] is True
    await step(40)
    cents = sim.truth.price(site.id, dt_util.utcnow(), "general")
    assert shown.number("general_price") == pytest.approx(cents / 100, abs=1e-6)
    assert shown.attributes("general_price")["held"] is False
    sim.faults.add("status", "prices/current", status=502)
    await step(900)
    assert shown.sensor("general_price") == STATE_UNAVAILABLE
    assert shown.sensor("general_forecast") == STATE_UNAVAILABLE
    assert shown.sensor("api_status") == "server_error"
    sim.faults.clear()
    await step(400)
    assert shown.sensor("general_price") != STATE_UNAVAILABLE
    assert shown.sensor("api_status") == "ok"


async def test_nothing_is_written_without_a_change(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """Polls that bring the same write no state of a price."""
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    ids = {shown.id("sensor", key) for key in ("general_price", "general_forecast")}
    written: list[str] = []

    @callback
    def is_price(data: Any) -> bool:
        return data["entity_id"] in ids

    @callback
    def note(event: Event[Any]) -> None:
        written.append(event.data["entity_id"])

    for kind in ("state_changed", "state_reported"):
        hass.bus.async_listen(kind, note, event_filter=is_price)
    sim.counters.reset()
    await shown.call("button", "press", "refresh")
    await step.settle()
    assert sim.counters.count("prices/current") == 1
    assert written == []


async def test_no_rate_limit_before_the_first_answer(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A group that was not asked is unknown; the others are as the headers say."""
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    shown = Shown(hass, entry)
    assert shown.sensor("rate_limit_prices_remaining") == STATE_UNKNOWN
    assert shown.sensor("rate_limit_prices_answered") == STATE_UNKNOWN
    assert shown.sensor("rate_limit_prices_current_limit") == "50"
    assert shown.sensor("rate_limit_prices_current_policy") == "50;w=300"
    assert shown.sensor("rate_limit_prices_current_window") == "300"
    assert shown.sensor("rate_limit_prices_current_remaining") == "49"
    reset = dt_util.parse_datetime(shown.sensor("rate_limit_reset"))
    assert reset is not None
    assert timedelta() < reset - dt_util.utcnow() <= timedelta(minutes=5)


async def test_general_only(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """A site without a feed-in has no entity of one."""
    site.channels[:] = [item for item in site.channels if item.type == "general"]
    await set_up(hass, entry)
    assert entity_id(hass, entry, "sensor", "general_price") is not None
    assert entity_id(hass, entry, "sensor", "feed_in_price") is None
    assert entity_id(hass, entry, "binary_sensor", "negative_feed_in") is None
