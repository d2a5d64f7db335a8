"""The feed alone, on the simulator's broker."""

from collections.abc import AsyncIterator

import aiohttp
from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator.goodwe import GoodWeSimulator

from .bench import Bench, calm


@pytest.fixture
async def bench(
    sim: GoodWeSimulator, freezer: FrozenDateTimeFactory
) -> AsyncIterator[Bench]:
    """A feed that is not started; nothing of it is left in the end."""
    async with aiohttp.ClientSession() as session:
        bench = Bench(sim, session, freezer)
        yield bench
        bench.feed.stop()
        await calm()
        assert not bench.tasks
        assert not bench.timers
        assert sim.push.violations == []
