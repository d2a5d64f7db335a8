"""Sensors of usage and cost (reference section 9.2)."""

from datetime import UTC, date, datetime
from typing import Any

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import (
    CONF_BILLING_DAY,
    CONF_HISTORY_DAYS,
    DOMAIN,
)
from custom_components.amber_energy.usage.state import UsageState
from simulator.amber import AmberSimulator, Site
from tests.amber_energy.conftest import set_up

YESTERDAY = date(2026, 10, 6)
ENABLED = {
    "yesterday_general_energy": ("energy", "kWh"),
    "yesterday_general_cost": ("monetary", "AUD"),
    "yesterday_controlled_load_energy": ("energy", "kWh"),
    "yesterday_controlled_load_cost": ("monetary", "AUD"),
    "yesterday_feed_in_energy": ("energy", "kWh"),
    "yesterday_feed_in_compensation": ("monetary", "AUD"),
    "yesterday_net_cost": ("monetary", "AUD"),
    "usage_last_day": ("date", None),
    "usage_import_status": ("enum", None),
}
DISABLED = {
    "yesterday_average_price": (None, "AUD/kWh"),
    "month_to_date_energy": ("energy", "kWh"),
    "month_to_date_cost": ("monetary", "AUD"),
    "month_to_date_compensation": ("monetary", "AUD"),
    "bill_to_date": ("monetary", "AUD"),
    "bill_projected": ("monetary", "AUD"),
    "usage_days_behind": (None, "d"),
}


@pytest.fixture
def start_time() -> datetime:
    """Evening in Sydney."""
    return datetime(2026, 10, 7, 9, 2, tzinfo=UTC)


@pytest.fixture
def entry(entry: MockConfigEntry, site: Site) -> MockConfigEntry:
    """An entry without a past, of a site without estimates."""
    site.estimated_share = 0.0
    return MockConfigEntry(
        domain=DOMAIN,
        title=entry.title,
        unique_id=entry.unique_id,
        data=dict(entry.data),
        options={CONF_HISTORY_DAYS: 0, CONF_BILLING_DAY: 6},
    )


def entity_id(hass: HomeAssistant, site: Site, key: str) -> str:
    found = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{site.id}_{key}")
    assert found is not None, key
    return found


def shown(hass: HomeAssistant, site: Site, key: str) -> State:
    state = hass.states.get(entity_id(hass, site, key))
    assert state is not None
    return state


async def enable_all(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Enable what is disabled by default, and begin again."""
    registry = er.async_get(hass)
    for item in er.async_entries_for_config_entry(registry, entry.entry_id):
        registry.async_update_entity(item.entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def value(sim: AmberSimulator, site: Site, register: str) -> tuple[float, float]:
    """Return kWh and AUD of yesterday, with Amber's sign."""
    truth = sim.truth.usage(site.id, YESTERDAY, YESTERDAY).channels[register]
    return float(truth.kwh), float(truth.cost) / 100


async def test_which_there_are(
    hass: HomeAssistant, entry: MockConfigEntry, site: Site
) -> None:
    """With their classes and units; none has a state class."""
    await set_up(hass, entry)
    registry = er.async_get(hass)
    for key in ENABLED | DISABLED:
        item = registry.async_get(entity_id(hass, site, key))
        assert item is not None
        assert (item.disabled_by is None) is (key in ENABLED), key
    await enable_all(hass, entry)
    for key, (device_class, unit) in (ENABLED | DISABLED).items():
        attributes = shown(hass, site, key).attributes
        assert attributes.get("device_class") == device_class, key
        assert attributes.get("unit_of_measurement") == unit, key
        assert "state_class" not in attributes


async def test_what_they_show(
    hass: HomeAssistant, entry: MockConfigEntry, sim: AmberSimulator, site: Site
) -> None:
    """The meter's numbers of the last day; earnings are positive."""
    await set_up(hass, entry)
    await enable_all(hass, entry)
    (general, paid), (water, heating), (exported, charged) = (
        value(sim, site, register) for register in ("E1", "E2", "B1")
    )
    assert charged < 0
    net = paid + heating + charged
    expected = {
        "yesterday_general_energy": general,
        "yesterday_general_cost": paid,
        "yesterday_controlled_load_energy": water,
        "yesterday_controlled_load_cost": heating,
        "yesterday_feed_in_energy": exported,
        "yesterday_feed_in_compensation": -charged,
        "yesterday_net_cost": net,
        "yesterday_average_price": paid / general,
        "month_to_date_energy": general + water,
        "month_to_date_cost": paid + heating,
        "month_to_date_compensation": -charged,
        "bill_to_date": net,
        "bill_projected": 31 * net,  # 6 October to 5 November
        "usage_days_behind": 0,
    }
    for key, number in expected.items():
        assert float(shown(hass, site, key).state) == pytest.approx(number, abs=1e-4)
    assert shown(hass, site, "usage_last_day").state == YESTERDAY.isoformat()
    assert shown(hass, site, "usage_import_status").state == "up_to_date"
    of_day = shown(hass, site, "yesterday_general_cost").attributes
    assert (of_day["date"], of_day["quality"]) == (YESTERDAY.isoformat(), "billable")
    of_cycle = shown(hass, site, "bill_to_date").attributes
    assert (of_cycle["first_day"], of_cycle["missing_days"]) == ("2026-10-06", 0)


async def test_charges(
    hass: HomeAssistant, entry: MockConfigEntry, sim: AmberSimulator, site: Site
) -> None:
    """What a day and a month cost without any use is part of the bill, at once."""
    await set_up(hass, entry)
    await enable_all(hass, entry)
    bill = float(shown(hass, site, "bill_to_date").state)
    projected = float(shown(hass, site, "bill_projected").state)
    settings = entry.runtime_data.settings
    await settings.set("daily_supply_charge", 1.2)
    await settings.set("monthly_subscription", 31.0)
    await hass.async_block_till_done()
    assert float(shown(hass, site, "bill_to_date").state) == pytest.approx(bill + 2.2)
    assert float(shown(hass, site, "bill_projected").state) == pytest.approx(
        projected + 31 * 1.2 + 31.0
    )


async def test_nothing_published_yet(
    hass: HomeAssistant, entry: MockConfigEntry, site: Site
) -> None:
    """Unknown, not zero; the sensors of registers come with their first day."""
    site.withheld = {YESTERDAY}
    await set_up(hass, entry)
    assert shown(hass, site, "yesterday_net_cost").state == "unknown"
    assert shown(hass, site, "usage_last_day").state == "unknown"
    assert shown(hass, site, "usage_import_status").state == "waiting"
    registry = er.async_get(hass)
    key = f"{site.id}_yesterday_general_energy"
    assert registry.async_get_entity_id("sensor", DOMAIN, key) is None
    site.withheld = set()
    await entry.runtime_data.usage.async_run_now()
    await hass.async_block_till_done()
    assert float(shown(hass, site, "yesterday_general_energy").state) > 0


async def test_a_second_register(
    hass: HomeAssistant, entry: MockConfigEntry, site: Site
) -> None:
    """It is named, in the key and for people."""
    site.add_channel("E7", "general")
    await set_up(hass, entry)
    one = shown(hass, site, "yesterday_general_e1_energy")
    two = shown(hass, site, "yesterday_general_e7_energy")
    assert one.name.endswith("general E1 energy")
    assert two.name.endswith("general E7 energy")
    assert one.state != two.state


async def test_a_register_without_the_last_day(
    hass: HomeAssistant, entry: MockConfigEntry, site: Site
) -> None:
    """Its sensors are unavailable: it has no yesterday."""
    await set_up(hass, entry)
    usage = entry.runtime_data.usage
    days = {day: dict(total.registers) for day, total in usage.data.days.items()}
    assert "e2" in days[YESTERDAY]
    known: dict[str, Any] = usage.data.as_dict()
    known["days"]["2026-10-05"] = known["days"].pop("2026-10-06")
    later = dict(known["days"]["2026-10-05"])
    later["registers"] = {
        key: total for key, total in later["registers"].items() if key != "e2"
    }
    known["days"]["2026-10-06"] = later
    usage.book.data = UsageState.from_dict(known)
    usage._tell()
    await hass.async_block_till_done()
    state = shown(hass, site, "yesterday_controlled_load_energy")
    assert state.state == "unavailable"
    assert shown(hass, site, "yesterday_general_energy").state != "unavailable"
