"""Renewables of states: only asked for while somebody looks."""

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.amber import AmberSimulator

from .conftest import set_up
from .entities import Shown, entity_id
from .passing import Passing


async def chosen(hass: HomeAssistant, entry: MockConfigEntry, *states: str) -> Shown:
    """Set the entry up with other states."""
    entry.add_to_hass(hass)
    options = {"renewables_states": list(states)}
    hass.config_entries.async_update_entry(entry, options=options)
    await set_up(hass, entry)
    return Shown(hass, entry)


async def test_disabled_by_default(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """Nobody looks, so nothing is asked."""
    await set_up(hass, entry)
    await step(3700)
    assert sim.counters.count("renewables") == 0


async def test_state_of_the_options(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """Share and word of now, and what is expected; two requests an hour, no token."""
    shown = await chosen(hass, entry, "vic")
    assert sim.counters.count("renewables", system="vic") == 1
    assert 0 < shown.number("renewables_vic") < 130
    words = {"best", "great", "ok", "not_great", "worst"}
    assert shown.sensor("renewables_descriptor_vic") in words
    forecast = shown.attributes("renewables_descriptor_vic")["forecast"]
    assert set(forecast[0]) == {"start_time", "end_time", "renewables", "descriptor"}
    assert forecast[0]["descriptor"] in words
    assert dt_util.parse_datetime(forecast[0]["start_time"]) > dt_util.utcnow()  # type: ignore[operator]
    assert entity_id(hass, entry, "sensor", "renewables_qld") is None
    sim.counters.reset()
    await step(2 * 3600)
    assert sim.counters.count("renewables") == 4


async def test_read_soon_after_the_half_hour(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """The interval that runs is shown two minutes after it has begun."""
    shown = await chosen(hass, entry, "sa")
    await step(28 * 60 + 130)
    forecast = shown.attributes("renewables_descriptor_sa")["forecast"]
    assert forecast[0]["start_time"] == "2026-10-07T14:00:00+11:00"


async def test_enabled_later(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """That of the site's own state, once it is enabled."""
    await set_up(hass, entry)
    shown = Shown(hass, entry)
    registry = er.async_get(hass)
    registry.async_update_entity(
        shown.id("sensor", "renewables_descriptor"), disabled_by=None
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await step.settle()
    assert sim.counters.count("renewables", system="nsw") == 1
    assert shown.attributes("renewables_descriptor")["forecast"]


@pytest.mark.parametrize("status", [404, 403, 500])
async def test_fails_alone(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    status: int,
) -> None:
    """Prices go on, nobody is asked for a token, and it comes back by itself."""
    sim.faults.add("status", "renewables", status=status)
    shown = await chosen(hass, entry, "qld")
    assert shown.sensor("renewables_qld") == STATE_UNAVAILABLE
    assert shown.sensor("general_price") != STATE_UNAVAILABLE
    assert not hass.config_entries.flow.async_progress()
    sim.faults.clear()
    await step(1000)
    assert shown.number("renewables_qld") > 0


async def test_no_longer_chosen(
    hass: HomeAssistant, entry: MockConfigEntry, step: Passing
) -> None:
    """Its entities go with the option."""
    await chosen(hass, entry, "vic", "sa")
    hass.config_entries.async_update_entry(entry, options={"renewables_states": ["sa"]})
    await hass.config_entries.async_reload(entry.entry_id)
    await step.settle()
    assert entity_id(hass, entry, "sensor", "renewables_vic") is None
    assert entity_id(hass, entry, "sensor", "renewables_descriptor_vic") is None
    assert entity_id(hass, entry, "sensor", "renewables_sa") is not None


async def test_restart_asks_for_nothing_fresh(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """What was just read serves the new start too."""
    shown = await chosen(hass, entry, "vic")
    before = shown.sensor("renewables_vic")
    sim.counters.reset()
    await hass.config_entries.async_reload(entry.entry_id)
    await step.settle()
    assert sim.counters.count("renewables") == 0
    assert shown.sensor("renewables_vic") == before
