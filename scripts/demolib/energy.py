"""The energy dashboard: live sensors and imported history as separate sources."""

from datetime import UTC, datetime, timedelta
from typing import Any

from .folder import DemoError
from .hass import Hass
from .homes import Home
from .tariffs import Tariff
from .vendor import FEED_IN, GENERAL

type Source = dict[str, Any]


def live_sources(home: Home, tariff: Tariff) -> list[Source]:
    """Returns the sources of what Home Assistant measures from now on, and its price."""
    battery: Source = {
        "type": "battery",
        "name": f"{home.name} battery",
        "stat_energy_from": home.counter("battery_discharge"),
        "stat_energy_to": home.counter("battery_charge"),
        "stat_rate": home.entity_id("battery_power"),
        "stat_soc": home.entity_id("battery_soc"),
    }
    return [
        {
            "type": "solar",
            "name": f"{home.name} solar",
            "stat_energy_from": home.counter("solar"),
            "stat_rate": home.entity_id("solar_power"),
            "config_entry_solar_forecast": None,
        },
        {
            "type": "grid",
            "name": f"{home.name} grid",
            "stat_energy_from": home.counter("import"),
            "stat_energy_to": home.counter("export"),
            "entity_energy_price": tariff.entity_id(f"{GENERAL}_price"),
            "entity_energy_price_export": tariff.entity_id(f"{FEED_IN}_price"),
            "stat_rate": home.entity_id("grid_power"),
            "cost_adjustment_day": 0,
        },
        battery,
    ]


def history_sources(home: Home) -> list[Source]:
    """Returns the sources of what was before; they end where the live ones begin."""
    return [
        {
            "type": "solar",
            "name": f"{home.name} solar, past",
            "stat_energy_from": home.statistic("solar"),
            "config_entry_solar_forecast": None,
        },
        {
            "type": "grid",
            "name": f"{home.name} grid, past",
            "stat_energy_from": home.statistic("import"),
            "stat_energy_to": home.statistic("export"),
            "cost_adjustment_day": 0,
        },
        {
            "type": "battery",
            "name": f"{home.name} battery, past",
            "stat_energy_from": home.statistic("battery_discharge"),
            "stat_energy_to": home.statistic("battery_charge"),
        },
    ]


def billed_sources(tariff: Tariff) -> list[Source]:
    """Returns the sources of what the retailer has metered, with what it cost.

    What is exported belongs to the general register; others have a source each. What
    was fed in was produced, so that it is a solar source too: without that, the energy
    of the house would not add up.
    """
    by_channel = {one.channel: name for name, one in tariff.registers.items()}
    exported = by_channel.pop(FEED_IN)
    sources: list[Source] = [
        {
            "type": "solar",
            "name": f"{tariff.name}, solar fed in",
            "stat_energy_from": tariff.statistic(f"{exported}_energy"),
            "config_entry_solar_forecast": None,
        }
    ]
    for channel, name in by_channel.items():
        source: Source = {
            "type": "grid",
            "name": f"{tariff.name}, {channel.replace('_', ' ')}",
            "stat_energy_from": tariff.statistic(f"{name}_energy"),
            "stat_cost": tariff.statistic(f"{name}_cost"),
            "cost_adjustment_day": 0,
        }
        if channel == GENERAL:
            source["stat_energy_to"] = tariff.statistic(f"{exported}_energy")
            source["stat_compensation"] = tariff.statistic(f"{exported}_compensation")
        sources.append(source)
    return sources


async def fill_energy_dashboard(
    hass: Hass, homes: list[Home], tariffs: list[Tariff]
) -> None:
    """Saves all sources, the homes' with the price of the first site.

    DemoError if Home Assistant objects to one.
    """
    sources = []
    for tariff in tariffs:
        sources += billed_sources(tariff)
    for home in homes:
        sources += live_sources(home, tariffs[0])
        if home.history_days:
            sources += history_sources(home)
    await hass.call("energy/save_prefs", energy_sources=sources)
    if objections := await energy_objections(hass):
        raise DemoError(f"the energy dashboard complains: {'; '.join(objections)}")


async def energy_objections(hass: Hass) -> list[str]:
    """Asks Home Assistant what it objects to in the sources of the energy dashboard.

    It does not know a new sensor's statistics before the next full five minutes; such
    a sensor is fine here if it says that it will have some.
    """
    result = await hass.call("energy/validate")
    issues = [
        (issue["type"], entity_id, detail)
        for groups in result.values()
        for group in groups
        for issue in group
        for entity_id, detail in issue["affected_entities"]
    ]
    objections = []
    for kind, entity_id, detail in issues:
        if kind == "statistics_not_defined" and entity_id.startswith("sensor."):
            state = await hass.get(f"/api/states/{entity_id}")
            age = datetime.now(UTC) - datetime.fromisoformat(state["last_changed"])
            young = age < timedelta(minutes=5, seconds=30)
            if young and "state_class" in state["attributes"]:
                continue
        objections.append(f"{kind} {entity_id} {detail or ''}".rstrip())
    return objections
