"""What a longer life brings: damaged data, gone plants and devices, removal."""

from dataclasses import replace
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy import async_remove_config_entry_device
from custom_components.growatt_energy.connection import async_connect_entry
from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator

from .conftest import LOGGER, MIN, PLANT, SPH, Step, issues, set_up

LIST_INTERVAL = 6 * 3600 + 1
DAY = 86_400 + 1


def identifiers(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return what identifies the registered devices of an entry."""
    return {
        key
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        for _, key in device.identifiers
    }


def device_of(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> Any:
    return dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, key), entry.entry_id
    )


async def test_devices_of_the_registry(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Battery, inverter, datalogger and plant hang together (section 8)."""
    await set_up(hass, entry)
    plant = device_of(hass, entry, f"plant_127.0.0.1_{PLANT}")
    logger = device_of(hass, entry, LOGGER)
    inverter = device_of(hass, entry, MIN)
    battery = device_of(hass, entry, f"{MIN}_bat1")
    meter = device_of(hass, entry, f"{LOGGER}_1")
    assert plant.via_device_id is None
    assert logger.via_device_id == plant.id
    assert inverter.via_device_id == logger.id
    assert meter.via_device_id == logger.id
    assert battery.via_device_id == inverter.id
    assert (plant.name, inverter.name) == ("Home", "Garage")
    assert inverter.model == "MOD 12KTL3-XH"
    assert inverter.serial_number == MIN
    assert inverter.sw_version
    assert device_of(hass, entry, f"{MIN}_bat2") is None


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"token": None}, "invalid_auth"),
        ({"mode": "smoke signals"}, "invalid_auth"),
        ({"mode": "login"}, "invalid_auth"),
        ({"base_url": "ftp://x"}, "invalid_server_url"),
        ({"base_url": "http://growatt.example"}, "invalid_server_url"),
    ],
)
async def test_damaged_entry(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    damage: dict[str, Any],
    reason: str,
) -> None:
    """An entry that cannot work says why, without a request; it can be removed."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**entry.data, **damage})
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == reason
    assert sim.counters.count() == 0
    await hass.config_entries.async_remove(entry.entry_id)
    assert hass.config_entries.async_entries(DOMAIN) == []


async def test_damaged_options(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Senseless options count as not set."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, options={"plants": "all", "poll_minutes": "x", "history_days": None}
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert list(entry.runtime_data.plants) == [PLANT]


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_plant_that_is_gone(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """It must be missing in two lists; then its devices go with it."""
    await set_up(hass, entry)
    await step(310)
    assert SPH in identifiers(hass, entry)
    gone = sim.account.plants.pop()
    await step(DAY)
    assert SPH in identifiers(hass, entry)
    await step(DAY)
    left = identifiers(hass, entry)
    assert not {key for key in left if SPH in key or str(gone.id) in key}
    assert MIN in left
    assert list(entry.runtime_data.plants) == [PLANT]
    assert SPH not in entry.runtime_data.devices


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_plant_that_comes_later(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """It shows up with the next list."""
    late = sim.account.plants.pop()
    await set_up(hass, entry)
    assert list(entry.runtime_data.plants) == [PLANT]
    sim.account.plants.append(late)
    await step(DAY)
    await step(310)
    await step(310)
    assert str(late.id) in entry.runtime_data.plants
    assert entry.runtime_data.devices[SPH].fresh


async def test_device_that_is_gone(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """One list without it proves nothing, also over a restart."""
    await set_up(hass, entry)
    [device] = sim.plants[0].devices
    device.spec = replace(device.spec, listed=False)
    sim.faults.add("mutate", "*/queryDeviceList", field="data", value=None)
    await step(LIST_INTERVAL)
    assert MIN in identifiers(hass, entry)
    battery = device_of(hass, entry, f"{MIN}_bat1")
    assert not await async_remove_config_entry_device(hass, entry, battery)
    await step(LIST_INTERVAL)
    assert MIN not in identifiers(hass, entry)
    assert f"{MIN}_bat1" not in identifiers(hass, entry)
    assert MIN not in entry.runtime_data.devices
    assert LOGGER in identifiers(hass, entry)


async def test_left_over_device_can_be_deleted(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """One that the account has may not."""
    await set_up(hass, entry)
    old = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "OLD0001")}
    )
    assert await async_remove_config_entry_device(hass, entry, old)
    here = device_of(hass, entry, MIN)
    assert not await async_remove_config_entry_device(hass, entry, here)
    await hass.config_entries.async_unload(entry.entry_id)
    assert not await async_remove_config_entry_device(hass, entry, old)


async def test_unknown_type_makes_no_device(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Diagnostics have it."""
    sim.unknown_device = "PCS0000001"
    await set_up(hass, entry)
    assert "PCS0000001" not in identifiers(hass, entry)
    assert "PCS0000001" in entry.runtime_data.unserved


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_removed_entry_leaves_only_its_limits(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    mode: str,
) -> None:
    """So that a new entry is no burst, and a lock is not forgotten."""
    await set_up(hass, entry)
    await step(61)  # between two logins
    sim.sessions.lock(24)
    runtime = entry.runtime_data
    await runtime.devices[MIN].live.async_refresh()
    account = runtime.account
    used = account.budget.requests_today
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert account.documents == {}
    assert account.counters == {}
    assert all(key.startswith("login/") for key in account.notes)
    again = await async_connect_entry(hass, entry)
    assert again.account.budget.requests_today >= used
    assert (again.locked_until is not None) == (mode == "login")


async def test_disabled_entry_has_no_issues(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """What was said about it is taken back."""
    await set_up(hass, entry)
    entry.runtime_data.issues.visitor(True)
    assert list(issues(hass)) == ["visitor_account"]
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
@pytest.mark.parametrize("mode", ["login"])
async def test_device_that_moves_to_another_plant(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """It is the same device, and hangs below its new plant."""
    await set_up(hass, entry)
    device = entry.runtime_data.devices[SPH]
    first, second = sim.plants
    moved = second.devices.pop()
    first.devices.append(moved)
    await step(LIST_INTERVAL)
    await step(LIST_INTERVAL)
    assert entry.runtime_data.devices[SPH] is device
    assert device.plant.id == PLANT


async def test_settings_are_read_again_after_a_change(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Two minutes later, when the cloud's copy has followed; only the last counts."""
    await set_up(hass, entry)
    await step(30)
    device = entry.runtime_data.devices[MIN]
    read = sim.counters.count("device/tlx/tlx_set_info")
    device.async_written()
    await step(60)
    device.async_written()
    await step(100)
    assert sim.counters.count("device/tlx/tlx_set_info") == read
    await step(30)
    assert sim.counters.count("device/tlx/tlx_set_info") == read + 1
    device.async_written()
    await hass.config_entries.async_unload(entry.entry_id)
