"""Benches whose time passes as fast as they can compute."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
import random

import pytest

from .bench import Bench
from .benches import Entry
from .wire_time import WireClock, WireLoop

# A Friday; 13:02 in Berlin
START = datetime(2026, 11, 20, 12, 2, 10, tzinfo=UTC)

type Make = Callable[..., Awaitable[Bench]]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], WireLoop]]:
    """Let all tests of this folder live in time that passes by itself."""
    return {"wire": WireLoop}


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Leave the loop its own time: Home Assistant would give it the real one."""


@pytest.fixture(autouse=True)
def same_dice() -> None:
    """Have pauses between two tries the same in each run."""
    random.seed(1)


@pytest.fixture
async def make(socket_enabled: None) -> AsyncIterator[Make]:
    """Return what makes benches; none of them has seen an error of ours."""
    made: list[Bench] = []

    async def bench(entry: Entry, at: datetime = START) -> Bench:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, WireLoop)
        clock = WireClock(loop, at.astimezone(UTC))
        new = Bench(entry.make(clock), clock)
        made.append(new)
        await new.start()
        return new

    yield bench
    for one in made:
        await one.stop()
    assert [text for one in made for text in one.complaints] == []
