"""Setting up, unloading, removing; devices."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy import async_remove_config_entry_device
from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, Step, set_up

STORE = "alphaess_energy.account_803578261c3f"


@pytest.mark.parametrize("homes", [2])
async def test_set_up_and_unload(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """An entry loads with everything known, and asks nothing once it is unloaded."""
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    runtime = entry.runtime_data
    assert set(runtime.systems) == {SYSTEM_1, SYSTEM_2}
    assert all(coordinator.known for coordinator in runtime.coordinators)

    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    sim.counters.reset()
    for _ in range(20):
        await step(60)
    assert sim.counters.count() == 0
    states = {state.state for state in hass.states.async_all("sensor")}
    assert states == {STATE_UNAVAILABLE}


async def test_unload_in_the_first_round(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Unloading ends a first round that is under way."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    sim.counters.reset()
    await step(600)
    assert sim.counters.count() == 0


async def test_disable_and_enable(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A disabled entry asks nothing; enabled again it goes on."""
    await set_up(hass, entry)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    sim.counters.reset()
    await step(3600)
    assert sim.counters.count() == 0
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.systems[SYSTEM_1].live.fresh


async def test_removal_forgets_all_but_the_budget(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """Nothing of the house stays on disk, but adding it again is no burst."""
    await set_up(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    stored = hass_storage[STORE]["data"]
    assert (stored["documents"], stored["counters"], stored["notes"]) == ({}, {}, {})
    assert stored["budget"]["requests"] == sim.counters.count()
    assert SYSTEM_1 not in str(stored)


@pytest.mark.parametrize("homes", [2])
async def test_devices(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Chargers hang on their system, systems on the account."""
    await set_up(hass, entry)
    registry = dr.async_get(hass)

    def device(identifier: str) -> dr.DeviceEntry:
        found = registry.async_get_device_by_identifier(
            (DOMAIN, identifier), entry.entry_id
        )
        assert found is not None
        return found

    account = device(entry.entry_id)
    first, second, charger = device(SYSTEM_1), device(SYSTEM_2), device(CHARGER)
    assert charger.via_device_id == first.id
    assert first.via_device_id == second.via_device_id == account.id
    assert account.entry_type is dr.DeviceEntryType.SERVICE
    assert (first.model, first.serial_number) == ("SMILE5-INV", SYSTEM_1)
    # Only what the account has no more may be deleted by hand.
    for existing in (account, first, second, charger):
        assert not await async_remove_config_entry_device(hass, entry, existing)
    gone = registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "GONE")}
    )
    assert await async_remove_config_entry_device(hass, entry, gone)


async def test_entity_ids_say_no_serial(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Names come from translations; serials are only in the unique ids."""
    await set_up(hass, entry)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert len(entities) > 50
    for entity in entities:
        assert SYSTEM_1.lower() not in entity.entity_id
        assert entity.translation_key is not None
