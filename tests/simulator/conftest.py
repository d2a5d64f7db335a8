"""One simulator per vendor on a bright day in May, 13:10:30 local time.

An AlphaESS cloud with four homes; three sonnenBatterien.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from simulator.alphaess import AlphaEssSimulator
from simulator.clock import ManualClock
from simulator.sonnen import SonnenBattery, SonnenSimulator

from .alphaess_client import Client
from .sonnen_client import Wire


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 5, 3, 11, 10, 30, tzinfo=UTC))


@pytest.fixture
async def sim(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[AlphaEssSimulator]:
    simulator = AlphaEssSimulator(clock=clock, homes=4)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client_session:
        yield client_session


@pytest.fixture
async def api(sim: AlphaEssSimulator, session: aiohttp.ClientSession) -> Client:
    return Client(sim, session)


@pytest.fixture
async def sonnen(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[SonnenSimulator]:
    simulator = SonnenSimulator(clock=clock, batteries=3)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def battery(sonnen: SonnenSimulator) -> SonnenBattery:
    """Return the first, in a house that stands still: 500 W, no sun, 72 %."""
    battery = sonnen.batteries[0]
    battery.house.override(pv_w=0, load_w=500, soc=72)
    return battery


@pytest.fixture
def wire(battery: SonnenBattery, session: aiohttp.ClientSession) -> Wire:
    return Wire(battery, session)
