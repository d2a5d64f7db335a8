"""How often the cloud is asked (reference section 5)."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.alphaess import AlphaEssSimulator

from .conftest import SYSTEM_1, SYSTEM_2, Step, set_up

STEADY_LIMIT = 100
CHARGER_LIMIT = 64
FIRST_MINUTE_LIMIT = 10
CHARGER_ENDPOINTS = {"getEvChargerStatusBySn", "getEvChargerCurrentsBySn"}


@pytest.mark.parametrize("homes", [1, 2])
async def test_first_minute(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    homes: int,
    step: Step,
) -> None:
    """At most 10 requests per system in the first minute, a second apart."""
    began = dt_util.utcnow()
    await set_up(hass, entry)
    while (left := 60 - (dt_util.utcnow() - began).total_seconds()) > 1:
        await step(min(5, left - 1))
    assert 0 < sim.counters.count() <= FIRST_MINUTE_LIMIT * homes
    assert min(sim.counters.gaps()) >= 1


@pytest.mark.parametrize("homes", [2])
async def test_steady_state(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """At most 100 requests per hour and system, 64 more with an EV charger."""
    await set_up(hass, entry)
    await step(60)
    sim.counters.reset()
    for _ in range(720):
        await step(5)
    assert min(sim.counters.gaps()) >= 1
    listed = sim.counters.count("getEssList")
    for serial, with_charger in ((SYSTEM_1, True), (SYSTEM_2, False)):
        requests = [r for r in sim.counters.requests() if r.system == serial]
        charger = sum(r.endpoint in CHARGER_ENDPOINTS for r in requests)
        assert 80 < len(requests) - charger + listed <= STEADY_LIMIT
        assert charger <= (CHARGER_LIMIT if with_charger else 0)
        assert charger > (55 if with_charger else -1)


@pytest.mark.parametrize("homes", [2])
async def test_ten_restarts_repeat_nothing_fresh(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A reload asks only for what has grown too old meanwhile."""
    await set_up(hass, entry)
    sim.counters.reset()
    began = dt_util.utcnow()
    for _ in range(10):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await step(2)
    assert dt_util.utcnow() - began < timedelta(seconds=60)
    assert sim.counters.by_endpoint() == {}
