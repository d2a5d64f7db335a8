"""Pushed powers in Home Assistant (reference section 5, live push)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.goodwe_energy.const import DOMAIN
from custom_components.goodwe_energy.plant import Plant
from simulator.goodwe import GoodWeSimulator
from tests.goodwe_energy.platforms import only

from .bench import calm, comes

type Pass = Callable[[float], Awaitable[None]]


@pytest.fixture
def options() -> dict[str, Any]:
    """Options of the entry: push is on unless somebody switches it off."""
    return {}


@pytest.fixture
def passes(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Pass:
    """Let seconds pass, with all that is due in steps of a push."""

    async def pass_time(seconds: float) -> None:
        for _ in range(int(seconds / 5)):
            freezer.tick(5.001)
            async_fire_time_changed(hass)
            await hass.async_block_till_done()
            await calm()

    return pass_time


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> Plant:
    """Set the entry up; what runs without end is not waited for."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    await calm()
    plant: Plant = next(iter(entry.runtime_data.plants.values()))
    return plant


@pytest.fixture
async def plant(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> AsyncIterator[Plant]:
    """The plant while its powers are pushed."""
    with only(Platform.BINARY_SENSOR, Platform.SENSOR):
        found = await begin(hass, entry)
        assert await comes(lambda: found.live_connected)
        yield found
    assert sim.push.violations == []


def state(hass: HomeAssistant, plant: Plant, platform: str, key: str) -> str | None:
    """Return the state of an entity of the plant; None if there is none."""
    entity = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{plant.id}_{key}"
    )
    found = hass.states.get(entity) if entity else None
    return found.state if found else None


async def test_powers_are_shown_as_they_are_pushed(
    hass: HomeAssistant, plant: Plant, sim: GoodWeSimulator, passes: Pass
) -> None:
    await passes(5)
    sim.requests.forget()
    sim.stations[0].house.override(pv_w=3000, load_w=1250)
    await passes(5)
    assert await comes(lambda: plant.values["load_power"] == 1250)
    assert plant.values["pv_power"] == 3000
    assert float(state(hass, plant, "sensor", "load_power") or 0) == 1250
    # It charges what is left: + would be discharging
    assert plant.values["battery_power"] + plant.values["grid_power"] == -1750
    assert sim.requests.counts["sems-plant/api/stations/flow"] == 0
    assert state(hass, plant, "binary_sensor", "live_connected") == "on"


async def test_polls_are_rarer_while_it_is_pushed(
    hass: HomeAssistant, plant: Plant, sim: GoodWeSimulator, passes: Pass
) -> None:
    await passes(120)
    sim.requests.forget()
    await passes(480)
    assert sim.requests.counts["sems-plant/api/stations/flow"] == 4
    sim.push.refuses = 5
    await sim.push.drop()
    assert await comes(lambda: plant.live_connected is False)
    await hass.async_block_till_done()
    assert state(hass, plant, "binary_sensor", "live_connected") == "off"
    await passes(120)
    sim.requests.forget()
    await passes(300)
    assert sim.requests.counts["sems-plant/api/stations/flow"] == 5
    assert plant.fresh


async def test_an_older_poll_never_comes_over_a_newer_push(
    hass: HomeAssistant, plant: Plant, sim: GoodWeSimulator, passes: Pass
) -> None:
    """The cloud's own flow is renewed once a minute only."""
    await passes(10)
    before = sim.stations[0].sample.live.load_w
    sim.stations[0].house.override(load_w=before + 2000)
    await passes(5)
    pushed = plant.values["load_power"]
    assert pushed == pytest.approx(before + 2000, abs=1)
    sim.requests.forget()
    await plant.live.async_refresh()
    assert sim.requests.counts["sems-plant/api/stations/flow"] == 1
    assert sim.stations[0].sample.live.load_w == before
    assert plant.values["load_power"] == pushed


async def test_pushes_of_no_use_make_no_polls_rarer(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, passes: Pass
) -> None:
    with patch.object(Plant, "push", return_value=False):
        plant = await begin(hass, entry)
        assert await comes(lambda: sim.push.messages)
        await passes(30)
    assert sim.push.messages >= 6
    assert plant.live_connected is False
    assert plant.live.document.interval == timedelta(seconds=60)


async def test_states_are_written_only_when_something_changed(
    hass: HomeAssistant, plant: Plant, sim: GoodWeSimulator, passes: Pass
) -> None:
    sim.stations[0].house.override(pv_w=3000, load_w=1000)
    await passes(15)
    [entity] = [
        one.entity_id
        for one in er.async_get(hass).entities.values()
        if one.unique_id == f"{plant.id}_load_power"
    ]
    first, messages = hass.states.get(entity), sim.push.messages
    assert first is not None
    await passes(15)
    assert sim.push.messages >= messages + 3
    again = hass.states.get(entity)
    assert again is not None
    assert again.last_reported == first.last_reported
    sim.stations[0].house.override(pv_w=3000, load_w=1500)
    await passes(5)
    assert await comes(lambda: hass.states.get(entity) is not first)
    changed = hass.states.get(entity)
    assert changed is not None
    assert changed.last_reported > first.last_reported


async def test_the_time_of_the_data_moves_once_a_minute(
    hass: HomeAssistant, plant: Plant, sim: GoodWeSimulator, passes: Pass
) -> None:
    seen = set()
    for _ in range(25):
        await passes(5)
        seen.add(state(hass, plant, "sensor", "last_refresh"))
    assert len(seen) == 3


@pytest.mark.parametrize("options", [{"live": False}])
async def test_nothing_is_pushed_to_who_does_not_want_it(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, passes: Pass
) -> None:
    plant = await begin(hass, entry)
    await passes(60)
    assert (sim.push.enables, sim.push.configs, sim.push.connects) == (0, 0, [])
    assert plant.live_connected is None
    assert state(hass, plant, "binary_sensor", "live_connected") is None
    assert plant.live.document.interval == timedelta(seconds=60)


async def test_a_plant_without_push_is_polled(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, passes: Pass
) -> None:
    sim.push.able = False
    plant = await begin(hass, entry)
    assert await comes(lambda: sim.push.enables)
    await passes(300)
    assert (sim.push.enables, sim.push.configs) == (1, 0)
    assert plant.live_connected is False
    assert plant.live.document.interval == timedelta(seconds=60)
    assert plant.fresh


@pytest.mark.parametrize("able", [True, False])
async def test_it_ends_with_the_entry(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: GoodWeSimulator,
    passes: Pass,
    able: bool,
) -> None:
    sim.push.able = able
    await begin(hass, entry)
    assert await comes(lambda: sim.push.connects if able else sim.push.enables)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await comes(lambda: not sim.push.connections)
    await hass.async_block_till_done(wait_background_tasks=True)
    names = [task.get_name() for task in asyncio.all_tasks()]
    assert not [name for name in names if "live" in name]
    enables, connects = sim.push.enables, len(sim.push.connects)
    await passes(60)
    assert (sim.push.enables, len(sim.push.connects)) == (enables, connects)


async def test_a_reload_listens_anew(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    assert await hass.config_entries.async_reload(entry.entry_id)
    [found] = entry.runtime_data.plants.values()
    assert await comes(lambda: found.live_connected)
    assert await comes(lambda: sim.push.connections == 1)
    assert len({connect.client_id for connect in sim.push.connects}) == 2


async def test_credentials_of_the_broker_are_in_no_log(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: GoodWeSimulator,
    caplog: pytest.LogCaptureFixture,
    passes: Pass,
) -> None:
    caplog.set_level("DEBUG")
    await begin(hass, entry)
    assert await comes(lambda: sim.push.connects)
    await passes(5)
    [connect] = sim.push.connects
    await sim.push.drop()
    await calm()
    assert await hass.config_entries.async_unload(entry.entry_id)
    ours = "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components")
    )
    assert "Live feed: " in ours
    for secret in (connect.client_id, connect.user, connect.password):
        assert secret
        assert secret not in ours
