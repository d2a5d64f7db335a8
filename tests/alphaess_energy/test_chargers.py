"""EV chargers come and go."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, Step, set_up

DAY = 24 * 3600 + 1
LIST = "getEvChargerConfigList"
SECOND = "ALP0110240999"


def has_device(hass: HomeAssistant, entry: MockConfigEntry, serial: str) -> bool:
    registry = dr.async_get(hass)
    found = registry.async_get_device_by_identifier((DOMAIN, serial), entry.entry_id)
    return found is not None


# What of a system only makes sense with a charger
CHARGER_ENTITIES = {
    "ev_power": "sensor",
    "ev_energy_today": "sensor",
    "household_current": "number",
}


def charger_entities(hass: HomeAssistant, serial: str) -> set[str]:
    registry = er.async_get(hass)
    return {
        key
        for key, platform in CHARGER_ENTITIES.items()
        if registry.async_get_entity_id(platform, DOMAIN, f"{serial}_{key}")
    }


async def days(step: Step, count: float) -> None:
    for _ in range(round(count * 24 * 4)):
        await step(15 * 60)


@pytest.mark.parametrize("blank", [[], None])
async def test_one_blank_list_takes_nothing_away(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    blank: Any,
) -> None:
    """A charger is gone only when a second list says so, which comes soon."""
    await set_up(hass, entry)
    sim.faults.add("mutate", LIST, count=1, field="data", value=blank)
    await days(step, 1.1)
    assert has_device(hass, entry, CHARGER)
    assert charger_entities(hass, SYSTEM_1) == set(CHARGER_ENTITIES)


async def test_failed_list_is_asked_for_again(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A list that is read once a day does not stay unknown for a day."""
    sim.faults.add("vendor_error", LIST, count=1, code=6042)
    await set_up(hass, entry)
    assert not has_device(hass, entry, CHARGER)
    await step(15 * 60 + 1)
    assert has_device(hass, entry, CHARGER)


async def test_last_charger_goes(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its device goes with the entities that only make sense with a charger."""
    await set_up(hass, entry)
    sim.faults.add("mutate", LIST, field="data", value=[])
    await days(step, 1.1)
    assert not has_device(hass, entry, CHARGER)
    assert charger_entities(hass, SYSTEM_1) == set()
    assert "Unexpected error" not in caplog.text
    sim.counters.reset()
    await days(step, 0.1)
    assert sim.counters.count("getEvCharger*BySn") == 0

    sim.faults.clear()
    await days(step, 1.1)
    assert has_device(hass, entry, CHARGER)
    assert len(charger_entities(hass, SYSTEM_1)) == 3
    assert sim.counters.count("getEvChargerStatusBySn") > 0


async def test_one_of_two_goes(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The other charger and the system's entities stay."""
    both = [
        {"evchargerSn": CHARGER, "evchargerModel": "SMILE-EVCT11"},
        {"evchargerSn": SECOND, "evchargerModel": "SMILE-EVCT11"},
    ]
    fault = sim.faults.add("mutate", LIST, field="data", value=both)
    await set_up(hass, entry)
    assert has_device(hass, entry, SECOND)
    sim.faults.remove(fault.number)
    await days(step, 1.1)
    assert not has_device(hass, entry, SECOND)
    assert has_device(hass, entry, CHARGER)
    assert len(charger_entities(hass, SYSTEM_1)) == 3
    assert "Unexpected error" not in caplog.text


@pytest.mark.parametrize("homes", [2])
async def test_first_charger_comes(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A charger that is added later gets its device and all its values."""
    sim.faults.add("mutate", LIST, system=SYSTEM_2, count=1, field="data", value=[])
    await set_up(hass, entry)
    assert charger_entities(hass, SYSTEM_2) == set()
    sim.faults.add(
        "mutate",
        LIST,
        system=SYSTEM_2,
        field="data",
        value=[{"evchargerSn": SECOND, "evchargerModel": "SMILE-EVCS7"}],
    )
    await days(step, 1.1)
    assert has_device(hass, entry, SECOND)
    assert "ev_power" in charger_entities(hass, SYSTEM_2)
    assert sim.counters.count("getEvChargerStatusBySn", system=SYSTEM_2) > 0
    assert sim.counters.count("getEvChargerCurrentsBySn", system=SYSTEM_2) > 0
