"""Binary sensors: which there are, and when they are on."""

from datetime import datetime, timedelta

from homeassistant.const import STATE_OFF, STATE_ON, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from simulator.amber import AmberSimulator, Site

from .conftest import set_up
from .entities import Shown, entity_id
from .passing import Passing
from .platforms import only

MINUTE = timedelta(minutes=1)


def slot() -> datetime:
    """Return the start of the interval that runs."""
    now = dt_util.utcnow()
    return now - timedelta(
        minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond
    )


async def test_binary_sensors(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """Every binary sensor, with its first state."""
    with only(Platform.BINARY_SENSOR):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_enabled(
    hass: HomeAssistant, entity_registry: er.EntityRegistry, entry: MockConfigEntry
) -> None:
    """Only *Paid to use power* is disabled by default."""
    await set_up(hass, entry)
    disabled = {
        item.translation_key
        for item in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if item.domain == "binary_sensor" and item.disabled_by is not None
    }
    assert disabled == {"negative_import_price"}


async def test_spike(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """It is forecast within the hours of the options, then on, and over."""
    start = slot()
    sim.market.force(start + 90 * MINUTE, start + 120 * MINUTE, 900.0)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"spike_hours": 1})
    with only(Platform.BINARY_SENSOR):
        await set_up(hass, entry)
    shown = Shown(hass, entry)
    assert shown.binary("spike_forecast") == STATE_OFF
    assert shown.binary("price_spike") == STATE_OFF
    await step(40 * 60)
    assert shown.binary("spike_forecast") == STATE_ON
    expected = shown.of("binary_sensor", "spike_forecast").attributes
    assert dt_util.parse_datetime(expected["start_time"]) == start + 90 * MINUTE
    assert expected["max_price"] > 1
    await step(52 * 60)
    assert shown.binary("price_spike") == STATE_ON
    attributes = shown.of("binary_sensor", "price_spike").attributes
    assert attributes["spike_status"] == "spike"


async def test_negative_prices(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """Far below zero one is paid to use power, and exports cost money."""
    sim.market.force(slot(), slot() + 5 * MINUTE, -80.0)
    with only(Platform.BINARY_SENSOR):
        await set_up(hass, entry)
    shown = Shown(hass, entry)
    assert shown.binary("negative_import_price") == STATE_ON
    assert shown.binary("negative_feed_in") == STATE_ON


async def test_exports_earn(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """At a usual price neither is so."""
    sim.market.force(slot(), slot() + 5 * MINUTE, 30.0)
    with only(Platform.BINARY_SENSOR):
        await set_up(hass, entry)
    shown = Shown(hass, entry)
    assert shown.binary("negative_import_price") == STATE_OFF
    assert shown.binary("negative_feed_in") == STATE_OFF


async def test_estimated(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """It is on from the boundary until the price is final."""
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    assert shown.binary("price_estimated") == STATE_OFF
    sim.timing.force(slot() + 5 * MINUTE, 40.0)
    await step(200)
    assert shown.binary("price_estimated") == STATE_ON
    assert shown.of("binary_sensor", "price_estimated").attributes["held"] is True
    await step(30)
    assert shown.binary("price_estimated") == STATE_OFF
    assert shown.of("binary_sensor", "price_estimated").attributes["held"] is False


async def test_demand_window(
    hass: HomeAssistant, site: Site, entry: MockConfigEntry
) -> None:
    """Without the key there is none, which is not the same as off."""
    site.information = "absent"
    await set_up(hass, entry)
    assert entity_id(hass, entry, "binary_sensor", "demand_window") is None


async def test_in_the_demand_window(
    hass: HomeAssistant, site: Site, entry: MockConfigEntry
) -> None:
    """It says what the API says."""
    site.tariff.demand_always = True
    await set_up(hass, entry)
    assert Shown(hass, entry).binary("demand_window") == STATE_ON
