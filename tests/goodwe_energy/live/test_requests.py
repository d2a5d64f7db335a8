"""How often the cloud is asked while push is on (reference section 5)."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from simulator.goodwe import GoodWeSimulator
from tests.goodwe_energy.conftest import asked, issues

from .bench import calm, comes

type Pass = Callable[[float], Awaitable[None]]

# Rounds of the loop in which what a step begins comes to its end
_ROUNDS = 14


@pytest.fixture
def options() -> dict[str, Any]:
    """Control is on, which costs requests too."""
    return {"live": True, "allow_control": True}


@pytest.fixture
def passes(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Pass:
    """Let seconds pass; what runs without end is not waited for."""

    async def pass_time(seconds: float) -> None:
        freezer.tick(seconds)
        async_fire_time_changed(hass)
        for _ in range(_ROUNDS):
            await hass.loop.run_in_executor(None, lambda: None)
            await asyncio.sleep(0)

    return pass_time


@pytest.fixture(autouse=True)
def without_entities() -> Generator[None]:
    """Who asks is the same without them."""
    with patch("custom_components.goodwe_energy.PLATFORMS", []):
        yield


async def begin(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert await comes(lambda: sim.push.configs)
    await calm()


async def test_while_it_works_and_the_app_takes_the_session_each_hour(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, passes: Pass
) -> None:
    await begin(hass, entry, sim)
    for _ in range(2):
        for _ in range(180):
            await passes(20)
        sim.steal()
    for _ in range(4):
        await passes(20)
    await calm()
    assert sim.requests.most_per_hour() <= 240
    assert sim.requests.most_per_hour("*/flow") <= 35
    assert sim.requests.most_reads_at_once == 1
    assert sim.logins.tried == sim.logins.succeeded == sim.logins.thefts + 1 == 3
    assert (len(sim.push.connects), sim.push.configs, sim.push.enables) == (1, 1, 1)
    assert sim.push.violations == []
    assert (asked(hass, entry), issues(hass)) == (0, {})


@pytest.mark.parametrize("lasts", [0, 62, 100])
async def test_while_the_broker_ends_each_connection(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: GoodWeSimulator,
    passes: Pass,
    lasts: int,
) -> None:
    """After so many seconds; 0: it lets nobody in."""
    sim.push.refuses = 0 if lasts else 5
    await begin(hass, entry, sim)
    begun: datetime = dt_util.utcnow()
    for _ in range(270):
        if not sim.push.connections:
            begun = dt_util.utcnow()
        elif dt_util.utcnow() - begun >= timedelta(seconds=lasts):
            await sim.push.drop()
        await passes(20)
    assert sim.push.configs >= 4
    assert sim.requests.most_per_hour() <= 260
    assert sim.requests.most_reads_at_once == 1
    assert sim.push.violations == []
