"""The local settings: at once, without a reload, and never at Amber."""

from datetime import date
import math
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from simulator.amber import AmberSimulator, Site

from .conftest import set_up
from .entities import Shown
from .passing import Passing
from .platforms import only
from .test_binary_sensor import MINUTE, slot


@pytest.mark.parametrize(
    "platform", [Platform.SELECT, Platform.NUMBER, Platform.SWITCH, Platform.BUTTON]
)
async def test_controls(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
    platform: Platform,
) -> None:
    """Every control, with its default."""
    with only(platform):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("platform", "action", "key", "data", "shown_as", "kept"),
    [
        ("select", "select_option", "pricing_mode", {"option": "advanced"}, "advanced", "advanced"),
        ("select", "select_option", "publish_mode", {"option": "immediate"}, "immediate", "immediate"),
        ("number", "set_value", "confirmation_timeout", {"value": 90}, "90.0", 90),
        ("number", "set_value", "demand_window_surcharge", {"value": 1.25}, "1.25", 1.25),
        ("number", "set_value", "forecast_hours", {"value": 12}, "12.0", 12),
        ("number", "set_value", "daily_supply_charge", {"value": 1.1}, "1.1", 1.1),
        ("number", "set_value", "monthly_subscription", {"value": 25}, "25.0", 25.0),
    ],
)  # fmt: skip
async def test_setting_is_kept(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    platform: str,
    action: str,
    key: str,
    data: dict[str, Any],
    shown_as: str,
    kept: object,
) -> None:
    """It is shown at once, stands in the options beside others, and asks nothing."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"spike_hours": 7})
    await set_up(hass, entry)
    shown, runtime = Shown(hass, entry), entry.runtime_data
    sim.counters.reset()
    await shown.call(platform, action, key, **data)
    await step.settle()
    assert shown.of(platform, key).state == shown_as
    assert entry.options == {"spike_hours": 7, key: kept}
    assert sim.counters.by_endpoint() == {}
    assert entry.runtime_data is runtime
    await hass.config_entries.async_reload(entry.entry_id)
    await step.settle()
    assert shown.of(platform, key).state == shown_as


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("key", ["confirmation_timeout", "daily_supply_charge"])
async def test_no_number(
    hass: HomeAssistant, entry: MockConfigEntry, key: str, value: float
) -> None:
    """What is no number that can be shown is refused."""
    await set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as err:
        await Shown(hass, entry).call("number", "set_value", key, value=value)
    assert err.value.translation_key is not None
    assert key not in entry.options


async def test_surcharge(
    hass: HomeAssistant, site: Site, entry: MockConfigEntry
) -> None:
    """It is on the general price and its forecasts within demand windows, no other."""
    site.tariff.demand = site.tariff.demand_always = True
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    price, feed_in = shown.number("general_price"), shown.number("feed_in_price")
    first = shown.attributes("general_forecast")["forecasts"][0]["per_kwh"]
    await shown.call("number", "set_value", "demand_window_surcharge", value=2)
    assert shown.number("general_price") == pytest.approx(price + 2)
    assert shown.number("feed_in_price") == feed_in
    attributes = shown.attributes("general_forecast")
    assert attributes["forecasts"][0]["per_kwh"] == pytest.approx(first + 2)
    assert attributes["forecast"][1]["value"] == pytest.approx(first + 2)
    assert shown.number("general_forecast") == pytest.approx(first + 2)


async def test_pricing_mode(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The forecast becomes Amber's own; the market's stays in its list."""
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    first = shown.attributes("general_forecast")["forecasts"][0]
    await shown.call("select", "select_option", "pricing_mode", option="advanced")
    assert shown.number("general_forecast") == first["advanced_price_predicted"]
    attributes = shown.attributes("general_forecast")
    assert attributes["forecasts"][0]["per_kwh"] == first["per_kwh"]
    assert attributes["forecast"][1]["value"] == first["advanced_price_predicted"]


async def test_publish_mode(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """The estimate is shown as soon as it is asked for."""
    start = slot()
    sim.market.force(start, start + 5 * MINUTE, 10.0)
    sim.market.force(start + 5 * MINUTE, start + 10 * MINUTE, 20.0, estimate=60.0)
    sim.timing.force(start + 5 * MINUTE, 45.0)
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    held = shown.number("general_price")
    await step(200)
    assert shown.number("general_price") == held
    await shown.call("select", "select_option", "publish_mode", option="immediate")
    assert shown.number("general_price") > held + 0.3
    assert shown.attributes("general_price")["estimate"] is True


async def test_forecast_hours(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The lists become shorter."""
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    await shown.call("number", "set_value", "forecast_hours", value=2)
    attributes = shown.attributes("general_forecast")
    assert 0 < len(attributes["forecasts"]) < 30
    assert len(attributes["forecast"]) == len(attributes["forecasts"]) + 1


async def test_odd_options_are_the_defaults(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What somebody wrote by hand breaks nothing."""
    entry.add_to_hass(hass)
    odd = {
        "pricing_mode": "cheap",
        "publish_mode": None,
        "confirmation_timeout": -5,
        "demand_window_surcharge": "a lot",
        "forecast_hours": 0,
        "websocket": "perhaps",
        "renewables_states": "nsw",
    }
    hass.config_entries.async_update_entry(entry, options=odd)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    settings = entry.runtime_data.settings
    assert settings.pricing_mode == "market"
    assert settings.publish_mode == "hold"
    assert settings.confirmation_timeout == 60
    assert settings.surcharge == 0
    assert settings.forecast_hours == 48
    assert settings.websocket is False
    assert settings.renewables_states == []


async def test_refresh(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """One request, and a text with the seconds when too few are left."""
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    sim.counters.reset()
    await shown.call("button", "press", "refresh")
    assert sim.counters.by_endpoint() == {"prices/current": 1}
    sim.spend("prices_current", 40)
    await shown.call("button", "press", "refresh")
    sim.counters.reset()
    with pytest.raises(ServiceValidationError) as raised:
        await shown.call("button", "press", "refresh")
    assert raised.value.translation_key == "no_requests_left"
    placeholders = raised.value.translation_placeholders
    assert placeholders is not None
    assert 0 < int(placeholders["seconds"]) <= 302
    assert sim.counters.by_endpoint() == {}


async def test_import_usage(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """A day that is still missing is asked for now."""
    site.withheld.add(date(2026, 10, 6))
    await set_up(hass, entry)
    sim.counters.reset()
    await Shown(hass, entry).call("button", "press", "import_usage")
    await step.settle()
    assert sim.counters.count("usage") >= 1


async def test_websocket_refused(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """The switch says that Amber offers none, and nobody is asked for a token."""
    sim.stream.enabled = False
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    assert shown.of("switch", "websocket").state == STATE_OFF
    await shown.call("switch", "turn_on", "websocket")
    await step(200)
    state = shown.of("switch", "websocket")
    assert (state.state, state.attributes["refused"]) == (STATE_ON, True)
    assert not hass.config_entries.flow.async_progress()
    await shown.call("switch", "turn_off", "websocket")
    state = shown.of("switch", "websocket")
    assert (state.state, state.attributes["refused"]) == (STATE_OFF, False)


async def test_usage_before_the_transfer(
    hass: HomeAssistant, site: Site, entry: MockConfigEntry
) -> None:
    """Who presses the button is told why nothing comes."""
    site.status = "pending"
    await set_up(hass, entry)
    with pytest.raises(HomeAssistantError) as err:
        await Shown(hass, entry).call("button", "press", "import_usage")
    assert err.value.translation_key == "not_supplied"
