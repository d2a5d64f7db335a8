"""What a longer life brings: damaged data, gone plants and devices, removal."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy import async_remove_config_entry_device
from custom_components.sungrow_energy.connection import application_of
from custom_components.sungrow_energy.const import DOMAIN
from custom_components.sungrow_energy.discovery import async_authorized
from simulator.sungrow import SungrowSimulator
from simulator.sungrow.device import Alarm

from .conftest import Step, entry_data, issues, set_up

HOUR = 3605


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


@pytest.mark.parametrize("mode", ["oauth", "login"])
async def test_an_account_is_read_whichever_way_it_is_reached(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    [plant] = entry.runtime_data.plants.values()
    assert {device.type for device in plant.devices} == {7, 14, 22, 43}
    assert all(d.fresh and d.values for d in plant.devices if d.type in {7, 14, 43})
    assert plant.fresh
    assert plant.values["battery_soc"] == pytest.approx(
        next(d.values["battery_soc"] for d in plant.devices if d.type == 14), abs=1
    )
    assert plant.has_battery
    assert plant.faults == ()
    assert not sim.quota.broken


@pytest.mark.parametrize(
    ("homes", "above"), [(("hybrid",), 14), (("two_batteries",), 14)]
)
async def test_devices_hang_together(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, above: int
) -> None:
    """Batteries below their one inverter, all else below the plant (section 8.1)."""
    await set_up(hass, entry)
    [plant] = entry.runtime_data.plants.values()
    of_plant = device_of(hass, entry, plant.key)
    assert of_plant.via_device_id is None
    assert of_plant.configuration_url.startswith(sim.web_url)
    inverter = next(d for d in plant.devices if d.type == above)
    for device in plant.devices:
        registered = device_of(hass, entry, device.identifier)
        upper = inverter.identifier if device.type == 43 else plant.key
        assert registered.via_device_id == device_of(hass, entry, upper).id
        assert registered.serial_number == device.serial
        assert registered.model


@pytest.mark.parametrize("homes", [("hybrid_without_battery",)])
async def test_a_hybrid_alone_is_no_battery(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry)
    [plant] = entry.runtime_data.plants.values()
    assert not plant.has_battery


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"secret": None}, "invalid_auth"),
        ({"mode": "smoke signals"}, "invalid_auth"),
        ({"mode": "login"}, "invalid_auth"),
        ({"application_id": ""}, "invalid_auth"),
        ({"token": "x"}, "grant_dead"),
        ({"base_url": "ftp://x"}, "invalid_server_url"),
        ({"base_url": None, "region": "mars"}, "invalid_server_url"),
        ({"base_url": "http://sungrow.example"}, "invalid_server_url"),
        ({"public_key": "no key"}, "invalid_public_key"),
    ],
)
async def test_damaged_entry(
    hass: HomeAssistant,
    sim: SungrowSimulator,
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
    assert sim.quota.total == 0
    await hass.config_entries.async_remove(entry.entry_id)
    assert hass.config_entries.async_entries(DOMAIN) == []


async def test_damaged_options(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Senseless options count as not set."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, options={"plants": "all", "poll_seconds": "x", "history_days": None}
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert list(entry.runtime_data.plants) == [sim.plants[0].id]


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_a_plant_that_was_deselected_goes(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Foreign plants of the application are never shown either (section 10.22)."""
    await set_up(hass, entry)
    kept, gone = entry.runtime_data.plants.values()
    theirs = {device.identifier for device in gone.devices}
    assert theirs | {gone.key} <= identifiers(hass, entry)
    hass.config_entries.async_update_entry(entry, options={"plants": [kept.id]})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert list(entry.runtime_data.plants) == [kept.id]
    assert not (theirs | {gone.key}) & identifiers(hass, entry)


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_a_plant_that_comes_later(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """It shows up with the next list, devices and all."""
    late = sim.plants[1].id
    sim.oauth.ungrant(late)
    await set_up(hass, entry)
    assert late not in entry.runtime_data.plants
    assert "plants_not_authorized" in issues(hass)
    sim.issue([late])
    await step(HOUR)
    await step(350)
    plant = entry.runtime_data.plants[late]
    assert plant.fresh
    assert plant.devices
    assert issues(hass) == {}


async def test_a_device_that_is_gone(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """One list without it proves nothing; then it goes with its document."""
    await set_up(hass, entry)
    runtime = entry.runtime_data
    meter = next(d for d in runtime.devices.values() if d.type == 7)
    left = device_of(hass, entry, meter.identifier)
    sim.plants[0].devices[:] = [d for d in sim.plants[0].devices if d.type != 7]
    await step(HOUR)
    assert meter.identifier in runtime.devices
    assert not await async_remove_config_entry_device(hass, entry, left)
    await step(HOUR)
    await step(350)
    assert meter.identifier not in identifiers(hass, entry)
    assert meter.identifier not in runtime.devices
    assert runtime.live.of(7) is None
    assert "type_7/live" not in {c.document.key for c in runtime.coordinators}


async def test_what_is_forgotten_and_what_is_not(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """A removed entry leaves the count of its requests, and no token."""
    await set_up(hass, entry)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done(wait_background_tasks=True)
    keeper = entry.runtime_data.connection.keeper
    await keeper._storage.save(keeper.state)
    assert [key for key in hass_storage if key.startswith(f"{DOMAIN}.tokens")]
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not [key for key in hass_storage if key.startswith(f"{DOMAIN}.tokens")]
    [file] = [key for key in hass_storage if key.startswith(f"{DOMAIN}.account")]
    stored = hass_storage[file]["data"]
    assert stored["budget"]["times"]
    assert not stored["documents"] | stored["counters"] | stored["notes"]


async def test_a_new_authorization_serves_the_running_entry_at_once(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Once it is accepted, flow and entry share one holder of the tokens."""
    await set_up(hass, entry)
    connection = entry.runtime_data.connection
    before = entry.data["token"]
    application = connection.application
    access = await async_authorized(hass, application, sim.code(), sim.redirect_uri)
    assert entry.data["token"] == before
    await access.async_keep(hass)
    assert entry.data["token"]["access_token"] != before["access_token"]
    assert entry.data["token"].items() >= access.connection.entry_token.items()
    assert entry.data["token"]["auth_ps_list"] == [sim.plants[0].id]
    await step(350)
    assert next(iter(entry.runtime_data.devices.values())).plant.fresh


@pytest.mark.parametrize("problem", [1, 2])
async def test_a_fault_is_read_as_soon_as_a_device_has_one(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    problem: int,
) -> None:
    await set_up(hass, entry)
    before = sim.quota.counts["platform/getFaultAlarmInfo"]
    device = next(d for d in sim.plants[0].devices if d.type == 14)
    device.alarms.append(Alarm(code=13805, start=dt_util.utcnow(), type=problem))
    await step(350)
    await step(350)
    assert sim.quota.counts["platform/getFaultAlarmInfo"] - before == 1
    [plant] = entry.runtime_data.plants.values()
    assert plant.faults


@pytest.mark.parametrize("mode", ["oauth", "login"])
def test_an_entry_keeps_the_whole_application(sim: SungrowSimulator, mode: str) -> None:
    application = application_of(entry_data(sim, mode))
    assert application_of(application.data) == application
    assert application.account_id in {
        f"{sim.url}\noauth\n{sim.application_id}",
        f"{sim.url}\nlogin\n{sim.app_key}\n{sim.user_name}",
    }
