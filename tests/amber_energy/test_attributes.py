"""The lists in attributes, as optimisers and cards read them (reference 9.5)."""

from datetime import datetime, timedelta
import json
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.attributes import UNRECORDED
from custom_components.amber_energy.sensor import ForecastSensor, RatesSensor
from simulator.amber import AmberSimulator, Site

from .conftest import set_up
from .entities import Shown
from .platforms import only

# What Home Assistant's own integration has, and what others read
CORE_KEYS = {
    "duration",
    "date",
    "nem_date",
    "per_kwh",
    "spot_per_kwh",
    "start_time",
    "end_time",
    "renewables",
    "spike_status",
    "descriptor",
}
OPTIONAL = {
    "range_min",
    "range_max",
    "advanced_price_low",
    "advanced_price_predicted",
    "advanced_price_high",
    "demand_window",
}


@pytest.fixture
async def shown(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> Shown:
    """An entry with all of its sensors."""
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    return Shown(hass, entry)


def moment(text: str) -> datetime:
    found = dt_util.parse_datetime(text)
    assert found is not None
    assert found.tzinfo is not None
    return found


@pytest.mark.parametrize(
    ("channel", "wire"),
    [
        ("general", "general"),
        ("controlled_load", "controlledLoad"),
        ("feed_in", "feedIn"),
    ],
)
async def test_forecasts(shown: Shown, channel: str, wire: str) -> None:
    """The format of Home Assistant's own integration, with times on the minute."""
    attributes = shown.attributes(f"{channel}_forecast")
    assert attributes["channel_type"] == wire
    forecasts: list[dict[str, Any]] = attributes["forecasts"]
    assert len(forecasts) > 60
    assert {item["duration"] for item in forecasts} == {5, 30}
    end = None
    for item in forecasts:
        assert set(item) >= CORE_KEYS
        assert set(item) <= CORE_KEYS | OPTIONAL
        start = moment(item["start_time"])
        assert start.second == 0
        assert moment(item["end_time"]) - start == timedelta(minutes=item["duration"])
        assert end in (None, start)
        end = moment(item["end_time"])
        assert item["nem_date"].endswith("+10:00")
        assert moment(item["nem_date"]) == end
        assert type(item["renewables"]) is int
    assert shown.number(f"{channel}_forecast") == forecasts[0]["per_kwh"]
    json.dumps(forecasts)


async def test_signs(shown: Shown) -> None:
    """The feed-in earns where the general price costs; spot and range are the market's."""
    general = shown.attributes("general_forecast")["forecasts"]
    feed_in = shown.attributes("feed_in_forecast")["forecasts"]
    dear = max(range(len(general)), key=lambda index: general[index]["spot_per_kwh"])
    assert general[dear]["per_kwh"] > 0.1
    assert feed_in[dear]["per_kwh"] > 0.1
    for one, other in zip(general, feed_in, strict=True):
        assert one["spot_per_kwh"] == other["spot_per_kwh"]
        assert one.get("range_min") == other.get("range_min")
        if "advanced_price_low" in other:
            low, middle, high = (
                other[f"advanced_price_{name}"] for name in ("low", "predicted", "high")
            )
            assert low <= middle <= high


async def test_compact(shown: Shown) -> None:
    """Time and value in the home's zone, from the interval that runs on, as steps."""
    attributes = shown.attributes("general_forecast")
    assert attributes["interpolation_mode"] == "previous"
    first, second = attributes["forecast"][:2]
    assert first == {
        "time": "2026-10-07T13:00:00+11:00",
        "value": shown.number("general_price"),
    }
    assert second["value"] == attributes["forecasts"][0]["per_kwh"]
    times = [moment(item["time"]) for item in attributes["forecast"]]
    assert times == sorted(times)


async def test_rates(shown: Shown) -> None:
    """Predbat's lists: today's in one, tomorrow's in the other."""
    attributes = shown.attributes("general_rates")
    for name, day in (("raw_today", "2026-10-07"), ("raw_tomorrow", "2026-10-08")):
        assert attributes[name]
        for item in attributes[name]:
            assert set(item) == {"start", "end", "value"}
            assert item["start"].startswith(day)
    assert shown.number("general_rates") == shown.number("general_price")


async def test_lists_are_not_recorded() -> None:
    """They are longer than the recorder takes."""
    assert {"forecasts", "forecast", "raw_today", "raw_tomorrow"} == UNRECORDED
    for kind in (ForecastSensor, RatesSensor):
        assert kind._unrecorded_attributes == UNRECORDED


async def test_extremes(shown: Shown) -> None:
    """The lowest and highest of the next 24 hours, and when that is."""
    until = dt_util.utcnow() + timedelta(hours=24)
    forecasts = [
        item
        for item in shown.attributes("general_forecast")["forecasts"]
        if moment(item["start_time"]) < until
    ]
    for name, choose in (("min", min), ("max", max)):
        best = choose(forecasts, key=lambda item: item["per_kwh"])
        assert shown.number(f"general_forecast_{name}") == best["per_kwh"]
        attributes = shown.attributes(f"general_forecast_{name}")
        assert moment(attributes["start_time"]) == moment(best["start_time"])
        assert moment(attributes["end_time"]) == moment(best["end_time"])


async def test_advanced_price(shown: Shown) -> None:
    """A confirmed price has none, so it is the first forecast's, with its bounds."""
    first = shown.attributes("general_forecast")["forecasts"][0]
    assert shown.number("general_advanced_price") == first["advanced_price_predicted"]
    attributes = shown.attributes("general_advanced_price")
    assert attributes["low"] == first["advanced_price_low"]
    assert attributes["high"] == first["advanced_price_high"]
    assert attributes["price_source"] == "advanced"


async def test_without_advanced_prices(
    hass: HomeAssistant, site: Site, entry: MockConfigEntry
) -> None:
    """Then it is Amber's own price, and says so."""
    site.advanced = False
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    shown = Shown(hass, entry)
    assert shown.number("general_advanced_price") == shown.number("general_price")
    assert shown.attributes("general_advanced_price")["price_source"] == "market"
    assert shown.attributes("general_advanced_price")["low"] is None
