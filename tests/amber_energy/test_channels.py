"""Channels that come and go (reference sections 3.1 and 8)."""

from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.amber import AmberSimulator, Site

from .conftest import set_up
from .entities import Shown, entity_id
from .passing import Passing
from .platforms import only


async def test_solar_is_installed(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """The feed-in's entities come with its prices, without a restart."""
    site.channels[:] = [item for item in site.channels if item.type != "feedIn"]
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    assert entity_id(hass, entry, "sensor", "feed_in_price") is None
    site.add_channel("B1", "feedIn")
    await step(240)
    shown = Shown(hass, entry)
    assert shown.sensor("feed_in_price") != STATE_UNAVAILABLE
    assert shown.attributes("feed_in_forecast")["forecasts"]


async def test_a_channel_without_prices(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """It becomes unavailable and stays; the others are shown all the same."""
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    site.hidden_channels.add("feedIn")
    await step(700)
    assert shown.sensor("feed_in_price") == STATE_UNAVAILABLE
    assert shown.sensor("general_price") != STATE_UNAVAILABLE
    await hass.config_entries.async_reload(entry.entry_id)
    await step.settle()
    assert shown.sensor("feed_in_price") == STATE_UNAVAILABLE
    site.hidden_channels.clear()
    await step(310)
    assert shown.sensor("feed_in_price") != STATE_UNAVAILABLE


async def test_a_site_without_general_channel(
    hass: HomeAssistant, site: Site, entry: MockConfigEntry
) -> None:
    """Its first channel stands for the site."""
    site.channels[:] = [item for item in site.channels if item.type == "controlledLoad"]
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    assert shown.number("controlled_load_price") is not None
    assert shown.sensor("spot_price") != STATE_UNAVAILABLE
    assert entity_id(hass, entry, "event", "price_descriptor_event") is None
    assert entity_id(hass, entry, "event", "price_spike_event") is not None
    assert entity_id(hass, entry, "binary_sensor", "negative_import_price") is None
