"""Setting up, unloading, removing; the device; what two sites of a token share."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy import async_remove_config_entry_device
from custom_components.amber_energy.connection import async_connect
from custom_components.amber_energy.const import DOMAIN
from simulator.amber import TOKEN, AmberSimulator, Site

from .conftest import entry_of, set_up
from .passing import Passing, settle

# Polls by timers and background tasks end with the entry; so much time would show them
LONG = 1800.0


def stored(hass_storage: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the accounts have on disk."""
    prefix = f"{DOMAIN}.account_"
    return [item["data"] for key, item in hass_storage.items() if prefix in key]


async def test_set_up_and_unload(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """An entry loads with its prices known, and asks nothing once it is unloaded."""
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    site = entry.runtime_data
    assert site.sites.known
    assert site.prices.fresh
    assert [str(channel) for channel in site.channels] == [
        "general",
        "controlled_load",
        "feed_in",
    ]
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    sim.counters.reset()
    await step(LONG)
    assert sim.counters.count() == 0
    states = {state.state for state in hass.states.async_all("sensor")}
    assert states == {STATE_UNAVAILABLE}
    assert site.connection.sites == set()


async def test_disable_and_enable(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """A disabled entry asks nothing; enabled again it goes on."""
    await set_up(hass, entry)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    sim.counters.reset()
    await step(LONG)
    assert sim.counters.count() == 0
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await settle(hass)
    assert entry.runtime_data.prices.fresh


async def test_removal_forgets_all_but_the_budget(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """Nothing of the house stays on disk, but adding it again is no burst."""
    await set_up(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    (data,) = stored(hass_storage)
    assert (data["documents"], data["counters"]) == ({}, {})
    assert set(data["notes"]) <= {"limits"}
    assert data["budget"]["requests"] == sim.counters.count()
    for secret in (site.id, site.nmi, TOKEN):
        assert secret not in str(data)


@pytest.mark.parametrize("site_count", [2])
async def test_two_sites_share_one_connection(
    hass: HomeAssistant, sim: AmberSimulator, hass_storage: dict[str, Any]
) -> None:
    """One client, one budget, one list of sites; it is divided by two."""
    first, second = (entry_of(sim, site) for site in sim.sites.values())
    await set_up(hass, first)
    assert first.runtime_data.connection.share == 1
    await set_up(hass, second)
    assert first.runtime_data.connection is second.runtime_data.connection
    assert first.runtime_data.connection.share == 2
    assert sim.counters.count("sites") == 1

    await hass.config_entries.async_remove(first.entry_id)
    await settle(hass)
    assert second.runtime_data.connection.share == 1
    assert second.runtime_data.prices.fresh
    notes = second.runtime_data.account.notes
    assert not [key for key in notes if key.startswith(first.data["site_id"])]
    assert [key for key in notes if key.startswith(second.data["site_id"])]
    await hass.config_entries.async_remove(second.entry_id)
    await hass.async_block_till_done()
    (data,) = stored(hass_storage)
    assert set(data["notes"]) <= {"limits"}


@pytest.mark.parametrize("site_count", [2])
async def test_reloading_one_site_leaves_the_other(
    hass: HomeAssistant, sim: AmberSimulator
) -> None:
    """Its prices go on as they were."""
    first, second = (entry_of(sim, site) for site in sim.sites.values())
    for entry in (first, second):
        await set_up(hass, entry)
    before = second.runtime_data
    await hass.config_entries.async_reload(first.entry_id)
    await settle(hass)
    assert second.runtime_data is before
    assert before.connection.share == 2


async def test_device(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """One service per site, without the whole meter number."""
    await set_up(hass, entry)
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier((DOMAIN, site.id), entry.entry_id)
    assert device is not None
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert (device.manufacturer, device.model) == ("Amber Electric", site.network)
    assert device.name == entry.title
    assert site.nmi not in str(device.dict_repr)
    # Only what the account has no more may be deleted by hand.
    assert not await async_remove_config_entry_device(hass, entry, device)
    gone = registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "GONE")}
    )
    assert await async_remove_config_entry_device(hass, entry, gone)
    await hass.config_entries.async_unload(entry.entry_id)
    assert not await async_remove_config_entry_device(hass, entry, gone)


async def test_entity_ids_say_nothing_of_the_site(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """Names come from translations; the site's id is only in the unique ids."""
    await set_up(hass, entry)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert len(entities) > 20
    for entity in entities:
        assert site.id.lower() not in entity.entity_id
        assert site.nmi not in entity.entity_id
        assert entity.translation_key is not None


async def test_limits_survive_a_restart(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """What the server said of its limit is known before the first request."""
    await set_up(hass, entry)
    site = entry.runtime_data
    before = site.limits.get("prices_current")
    await site.account.async_save()
    await hass.config_entries.async_unload(entry.entry_id)
    for key in ("accounts", "connections"):
        hass.data.pop(f"{DOMAIN}.{key}")  # type: ignore[arg-type]
    connection = await async_connect(hass, TOKEN, sim.url)
    assert connection is not site.connection
    after = connection.limits.get("prices_current")
    assert before is not None
    assert after is not None
    assert (after.remaining, after.reset_at) == (before.remaining, before.reset_at)
