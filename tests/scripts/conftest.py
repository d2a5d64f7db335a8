"""A simulated battery and what a Home Assistant says of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from scripts.demolib.battery import Battery
from scripts.demolib.sim import Simulator
from simulator.alphaess import AlphaEssSimulator

from .demo_fakes import FakeHass, a_home


@pytest.fixture
async def simulator(socket_enabled: None) -> AsyncIterator[AlphaEssSimulator]:
    server = AlphaEssSimulator()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def house(simulator: AlphaEssSimulator) -> AsyncIterator[Simulator]:
    async with aiohttp.ClientSession() as session:
        yield Simulator(simulator.origin, "alphaess", session)


@pytest.fixture
def hass_api() -> FakeHass:
    return FakeHass()


@pytest.fixture
def battery(house: Simulator, hass_api: FakeHass) -> Battery:
    home = a_home("battery_mode", "control_state", "battery_power", "grid_power")
    return Battery(hass_api, home, house)  # type: ignore[arg-type]
