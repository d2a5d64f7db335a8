"""One AlphaESS cloud with four homes on a bright day in May, 13:10:30 local time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from simulator.alphaess import AlphaEssSimulator
from simulator.clock import ManualClock

from .alphaess_client import Client


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
