"""Row 19: restarts. What is remembered keeps them from being a burst."""

from datetime import timedelta

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import AmberSimulator
from tests.amber_energy.conftest import set_up
from tests.amber_energy.passing import Passing, settle


async def restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Write what is to be written, forget all else, and begin anew."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)
    for key in ("accounts", "connections"):
        hass.data.pop(f"{DOMAIN}.{key}")  # type: ignore[arg-type]
    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)


async def test_row_19_ten_restarts(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """Ten in a minute: one list of sites, one price call each, within the limit."""
    await set_up(hass, entry)
    used = entry.runtime_data.account.budget.requests_today
    sim.counters.reset()
    for _ in range(10):
        await restart(hass, entry)
        await step(2)
    assert sim.counters.count("sites") == 0
    assert sim.counters.count("prices/current") <= 20
    assert entry.runtime_data.account.budget.requests_today == (
        used + sim.counters.count()
    )
    assert entry.runtime_data.prices.fresh


async def test_row_19_list_is_read_again_later(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """A start much later reads the list anew: the interval may have changed."""
    await set_up(hass, entry)
    await step.jump(timedelta(hours=1).total_seconds())
    await restart(hass, entry)
    assert sim.counters.count("sites") == 2
    assert entry.runtime_data.sites.observed_at == dt_util.utcnow()


@pytest.mark.parametrize("trouble", ["down", "used up", "odd"])
async def test_row_19_list_that_cannot_be_read(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    trouble: str,
) -> None:
    """The prices come all the same, with the list of before; it is read again later."""
    await set_up(hass, entry)
    await step(1300)
    if trouble == "down":
        sim.faults.add("status", "sites", status=502)
    elif trouble == "odd":
        sim.faults.add("html", "sites")
    else:
        sim.spend("sites_usage", 60)
    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)
    assert entry.state.name == "LOADED"
    assert entry.runtime_data.prices.fresh
    assert entry.runtime_data.site is not None
    sim.faults.clear()
    await step(1000)
    assert entry.runtime_data.sites.last_update_success
    assert dt_util.utcnow() - entry.runtime_data.sites.observed_at < timedelta(
        seconds=1000
    )


async def test_row_19_list_that_is_too_old(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """After three days nobody knows what is true; it is tried again."""
    await set_up(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    await step.jump(timedelta(days=3, hours=1).total_seconds())
    sim.faults.add("status", "sites", status=502)
    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    assert entry.state.name == "SETUP_RETRY"


async def test_row_19_used_up_limit_survives(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """After a restart nothing is sent before the window that was used up has ended."""
    await set_up(hass, entry)
    sim.spend("prices_current", 50)
    await step(400)
    sim.spend("prices_current", 50)
    await step(100)
    sim.counters.reset()
    for _ in range(3):
        await restart(hass, entry)
    refused = [
        request
        for request in sim.counters.requests("prices/current")
        if request.code == 429
    ]
    assert len(refused) <= 1


async def test_row_19_learned_delays_survive(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """What was learned of confirmations is there after a restart."""
    await set_up(hass, entry)
    await step(1800)
    key = f"{entry.data['site_id']}/confirmations"
    learned = entry.runtime_data.account.notes[key]
    assert learned
    await restart(hass, entry)
    assert entry.runtime_data.account.notes[key] == learned
