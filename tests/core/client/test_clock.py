"""The machine's clock, and the one of the tests."""

import asyncio
from datetime import UTC, datetime, timedelta

from core.client.clock import Clock, SystemClock
from tests.core.fake_clock import START, FakeClock, settle


async def test_system_clock_is_the_machines_time() -> None:
    clock: Clock = SystemClock()
    before, started = datetime.now(UTC), clock.monotonic()

    await clock.sleep(0.02)

    assert clock.monotonic() - started >= 0.019
    assert clock.now().tzinfo is UTC
    assert before <= clock.now() < before + timedelta(minutes=1)


async def test_fake_clock_wakes_sleepers_in_order_and_at_their_moment() -> None:
    clock = FakeClock()
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            woken.append((name, clock.monotonic()))

    tasks = [
        asyncio.create_task(sleeper("late", 5)),
        asyncio.create_task(sleeper("twice", 1, 3)),
        asyncio.create_task(sleeper("never", 60)),
    ]
    await clock.advance(5)

    assert woken == [("twice", 1001.0), ("twice", 1004.0), ("late", 1005.0)]
    assert clock.now() == START + timedelta(seconds=5)
    tasks[2].cancel()
    await asyncio.wait(tasks)
    await clock.advance(60)
    assert len(woken) == 3


async def test_fake_wall_clock_jumps_alone() -> None:
    clock = FakeClock()
    sleeping = asyncio.create_task(clock.sleep(10))
    await settle()

    clock.jump(timedelta(hours=-1))
    await settle()

    assert clock.monotonic() == 1000.0
    assert clock.now() == START - timedelta(hours=1)
    assert not sleeping.done()
    await clock.advance(10)
    assert sleeping.done()
