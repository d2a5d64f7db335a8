"""Plants and devices that lists leave out, that move, and that are let go."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy import async_remove_config_entry_device
from custom_components.goodwe_energy._vendor.core.ha.account import Account
from custom_components.goodwe_energy.const import DOMAIN
from simulator.goodwe import GoodWeSimulator

from .conftest import Step, issues, set_up

EMPTY = ["{}", "null", '{"dataList": []}']


def left(account: Account, *keys: str) -> list[str]:
    """Return what is remembered of these."""
    sections = (account.documents, account.counters, account.notes)
    prefixes = tuple(f"{key}/" for key in keys)
    return [key for one in sections for key in one if key.startswith(prefixes)]


async def restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set the entry up again."""
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("data", EMPTY)
async def test_success_without_plants_takes_none_away(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: GoodWeSimulator,
    freezer: FrozenDateTimeFactory,
    data: str,
) -> None:
    """It is no news (reference section 10.2), also right after a start."""
    await set_up(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(3700)
    body = f'{{"code": "00000", "data": {data}}}'
    sim.faults.add("replace", "*/stations/page", body=body, count=1)
    sim.faults.add("replace", "*/simple-query", body=body, count=1)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert list(entry.runtime_data.plants) == [sim.stations[0].id]
    assert len(entry.runtime_data.devices) == 4
    assert issues(hass) == {}


async def test_first_list_that_says_nothing_is_asked_for_again(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    body = '{"code": "00000", "data": {}}'
    sim.faults.add("replace", "*/stations/page", body=body)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("two",)])
async def test_plant_is_gone_after_three_lists_without_it(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    """One list alone may be short, also the first one of a start."""
    first, second = sim.stations
    await set_up(hass, entry)
    second.lost = True
    for _ in range(2):
        await step(3700)
        await restart(hass, entry)
        assert set(entry.runtime_data.plants) == {first.id, second.id}
        assert "plants_vanished" not in issues(hass)
    await step(3700)
    assert issues(hass)["plants_vanished"]["plants"] == second.name
    await restart(hass, entry)
    assert set(entry.runtime_data.plants) == {first.id}
    assert issues(hass)["plants_vanished"]["plants"] == second.name
    second.lost = False
    await step(3700)
    assert set(entry.runtime_data.plants) == {first.id, second.id}
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("two",)])
async def test_lists_without_a_plant_count_in_a_row(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    await set_up(hass, entry)
    for lost in (True, True, False, True, True):
        sim.stations[1].lost = lost
        await step(3700)
    assert "plants_vanished" not in issues(hass)


@pytest.mark.parametrize("homes", [("two",)])
async def test_device_that_moved_is_read_in_its_new_plant(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    first, second = sim.stations
    await set_up(hass, entry)
    meter = next(one for one in first.devices if one.type == "SMART_METER")
    first.devices.remove(meter)
    second.devices.append(meter)
    meter.station = second
    await step(300)
    device = entry.runtime_data.devices[meter.sn]
    assert device.plant.id == second.id
    for _ in range(3):
        await step(400)
    assert device.live is not None
    assert device.live.last_update_success
    assert device.fresh


async def test_deleted_device_leaves_nothing_also_after_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    await set_up(hass, entry)
    account = entry.runtime_data.account
    meter = next(d for d in sim.devices.values() if d.type == "SMART_METER")
    await hass.config_entries.async_unload(entry.entry_id)
    meter.switches.lost = True
    await step(7 * 3600)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    row = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, meter.sn), entry.entry_id
    )
    assert row is not None
    assert left(account, meter.sn)
    assert await async_remove_config_entry_device(hass, entry, row)
    assert not left(account, meter.sn)


@pytest.mark.parametrize("homes", [("two",)])
async def test_plant_that_is_not_chosen_any_more_leaves_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    """But what is needed to end a force that it still has."""
    first, second = sim.stations
    await set_up(hass, entry)
    account = entry.runtime_data.account
    serials = [device.sn for device in second.devices]
    inverter = next(device.sn for device in second.devices if device.is_inverter)
    assert left(account, second.id)
    assert left(account, *serials)
    account.note(f"{inverter}/forced", {"mark": True})
    hass.config_entries.async_update_entry(
        entry, options={"live": False, "plants": [first.id]}
    )
    await restart(hass, entry)
    assert not left(account, second.id)
    found = left(account, *serials)
    assert f"{inverter}/forced" in found
    assert all(key.startswith(f"{inverter}/") for key in found)
