"""What a longer life brings: damaged data, gone systems, changed answers."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy import async_remove_config_entry_device
from custom_components.alphaess_energy.const import DOMAIN
from custom_components.alphaess_energy.diagnostics import (
    async_get_config_entry_diagnostics,
)
from simulator.alphaess import AlphaEssSimulator

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, Step, set_up
from .test_issues import keys

LIST_INTERVAL = 15 * 60 + 1


def state_of(hass: HomeAssistant, unique_id: str) -> Any:
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, unique_id)
    assert entity_id is not None
    return hass.states.get(entity_id)


def device_of(hass: HomeAssistant, entry: MockConfigEntry, serial: str) -> Any:
    return dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, serial), entry.entry_id
    )


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"app_secret": None}, "invalid_auth"),
        ({"app_id": ""}, "invalid_auth"),
        ({"base_url": "ftp://x"}, "invalid_server_url"),
        ({"base_url": "http://example.com"}, "invalid_server_url"),
    ],
)
async def test_damaged_entry(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    damage: dict[str, Any],
    reason: str,
) -> None:
    """An entry that cannot work says why, without a request."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**entry.data, **damage})
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state.name == "SETUP_ERROR"
    assert entry.error_reason_translation_key == reason
    assert sim.counters.count() == 0
    await hass.config_entries.async_remove(entry.entry_id)


async def test_damaged_options(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Senseless options count as not set."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry,
        options={"live_interval": "abc", "time_zone": "../x", "history_days": "x"},
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state.name == "LOADED"
    assert entry.runtime_data.zone == dt_util.get_default_time_zone()


@pytest.mark.parametrize("homes", [2])
async def test_blank_list_and_reload(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A reload after one empty list does not take the devices away."""
    await set_up(hass, entry)
    sim.faults.add("mutate", "getEssList", count=1, field="data", value=[])
    await step(LIST_INTERVAL)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert device_of(hass, entry, SYSTEM_1) is not None
    assert device_of(hass, entry, CHARGER) is not None
    await step(LIST_INTERVAL)
    await step(60)
    assert float(state_of(hass, f"{SYSTEM_1}_battery_soc").state) >= 0


async def test_devices_of_an_entry_that_is_not_loaded(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Nobody knows then what is left over, so nothing may be deleted."""
    await set_up(hass, entry)
    device = device_of(hass, entry, SYSTEM_1)
    await hass.config_entries.async_unload(entry.entry_id)
    assert not await async_remove_config_entry_device(hass, entry, device)


@pytest.mark.parametrize("homes", [4])
async def test_no_battery_no_schedule(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """A system without battery is not asked for what it cannot have."""
    await set_up(hass, entry)
    (serial,) = (s for s, system in sim.systems.items() if not system.has_battery)
    assert sim.counters.count("getOneDateEnergyBySn", system=serial) == 1
    assert sim.counters.count("get*Charge*Info", system=serial) == 0
    assert sim.counters.count("getTimeChargeBySn", system=serial) == 0


async def test_gateway_errors_are_no_missing_permission(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A 404 of a proxy says nothing about the account."""
    await set_up(hass, entry)
    sim.faults.add("status", "getEssList", count=1, status=404)
    await step(LIST_INTERVAL)
    assert keys(hass) == []


async def test_issues_of_a_disabled_entry(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A disabled entry needs nothing mended."""
    await set_up(hass, entry)
    sim.whitelisted = False
    await step(61)
    assert keys(hass) == ["ip_whitelist"]
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert keys(hass) == []


async def test_currency_stays(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A missing currency does not turn euros into something else."""
    await hass.config.async_update(currency="AUD")
    await set_up(hass, entry)
    sim.faults.add(
        "mutate", "getSumDataForCustomer", field="data.moneyType", value=None
    )
    await step(15 * 60 + 1)
    state = state_of(hass, f"{SYSTEM_1}_income_total")
    assert state.attributes["unit_of_measurement"] == "EUR"


async def test_load_energy_keeps_its_source(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The vendor's load energy that comes late does not replace the balance's."""
    fault = sim.faults.add(
        "mutate", "getSumDataForCustomer", field="data.eload", value=None
    )
    await set_up(hass, entry)
    before = float(state_of(hass, f"{SYSTEM_1}_load_energy_today").state)
    sim.faults.remove(fault.number)
    sim.faults.add("mutate", "getSumDataForCustomer", field="data.eload", value=0.5)
    for _ in range(4):
        await step(300)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert float(state_of(hass, f"{SYSTEM_1}_load_energy_today").state) >= before


@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 21, 58, tzinfo=UTC)])
async def test_wrong_clock_asks_for_the_right_day(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """With a clock that is late the day is still the one that the vendor is in."""
    sim.faults.add("clock_skew", seconds=600)
    sim.faults.add("mutate", "getOneDateEnergyBySn", field="data.theDate", value=None)
    await set_up(hass, entry)
    energy = entry.runtime_data.systems[SYSTEM_1].energy.data
    assert energy.day.isoformat() == "2026-05-13"


async def test_hanging_cloud_does_not_hold_up_the_start(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
) -> None:
    """Set-up waits for one failure at most, not for one of each system."""
    await set_up(hass, entry)
    await step(300)
    sim.faults.add("status", "getLastPowerData", status=500)
    sim.counters.reset()
    await hass.config_entries.async_unload(entry.entry_id)
    began = dt_util.utcnow()
    await hass.config_entries.async_setup(entry.entry_id)
    assert dt_util.utcnow() - began < timedelta(seconds=15)
    assert entry.state.name == "LOADED"


@pytest.mark.parametrize("homes", [2])
async def test_diagnostics_while_the_cloud_is_down(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """What was stored in an earlier run is redacted too."""
    await set_up(hass, entry)
    account = entry.runtime_data.account
    await hass.config_entries.async_unload(entry.entry_id)
    account.redactor = type(account.redactor)()  # a new run knows no serial yet
    await sim.stop()
    for seconds in (60, LIST_INTERVAL):
        await step(seconds)
        await hass.config_entries.async_setup(entry.entry_id)
        said = json.dumps(await async_get_config_entry_diagnostics(hass, entry))
        for serial in (SYSTEM_1, SYSTEM_2, CHARGER):
            assert serial not in said
        await hass.config_entries.async_unload(entry.entry_id)


async def test_home_moves_to_another_zone(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Days begin at the new zone's midnight at once."""
    await set_up(hass, entry)
    await hass.config.async_update(time_zone="Australia/Sydney")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert str(entry.runtime_data.zone) == "Australia/Sydney"
    assert state_of(hass, f"{SYSTEM_1}_battery_soc").state != STATE_UNAVAILABLE
