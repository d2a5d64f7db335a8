"""Time that passes only when a test says so, also for what polls in the background."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
import heapq
import itertools
import threading
import time
from typing import Any, ClassVar, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util.async_ import get_scheduled_timer_handles
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.amber_energy._vendor.core.client.clock import SystemClock

# Looks, a real millisecond each, in which what goes over the loopback has ended
_PATIENCE = 4000


class StepClock(SystemClock):
    """The clock of a site in tests: who sleeps is woken by ``Passing``."""

    sleepers: ClassVar[list[tuple[float, int, asyncio.Future[None]]]] = []
    asleep: ClassVar[set[asyncio.Task[Any] | None]] = set()
    _order = itertools.count()

    @override
    async def sleep(self, seconds: float) -> None:
        """Return once so much of the frozen time has passed."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = time.monotonic() + max(0.0, seconds)
        heapq.heappush(self.sleepers, (due, next(self._order), woken))
        with _waiting():
            await woken

    @classmethod
    def forget(cls) -> None:
        """Begin with nobody asleep."""
        cls.sleepers.clear()
        cls.asleep.clear()


@contextmanager
def _waiting() -> Iterator[None]:
    task = asyncio.current_task()
    StepClock.asleep.add(task)
    try:
        yield
    finally:
        StepClock.asleep.discard(task)


class Passing:
    """Lets time pass, with all that is due in it at its own moment."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Share the test's time."""
        self._hass, self._freezer = hass, freezer

    async def __call__(self, seconds: float) -> None:
        """Let ``seconds`` pass; sleepers and timers act when it is their time."""
        await self.settle()
        end = time.monotonic() + seconds
        while (due := self._next(end)) is not None:
            self._freezer.tick(max(0.0, due - time.monotonic()))
            await self._now()
        self._freezer.tick(max(0.0, end - time.monotonic()))
        await self._now()

    async def jump(self, seconds: float) -> None:
        """Let ``seconds`` pass at once: who slept wakes late, and only once."""
        await self.settle()
        self._freezer.tick(seconds)
        await self._now()

    async def settle(self) -> None:
        """Return when everybody has ended or sleeps."""
        await settle(self._hass)

    def _next(self, end: float) -> float | None:
        """Return when the next sleeper or timer is due until ``end``."""
        loop, now = self._hass.loop, time.monotonic()
        due = [due for due, _, woken in StepClock.sleepers if not woken.done()]
        due += [
            now + handle.when() - loop.time()
            for handle in get_scheduled_timer_handles(loop)
            if not handle.cancelled() and handle.when() > loop.time()
        ]
        return min((moment for moment in due if moment <= end), default=None)

    async def _now(self) -> None:
        """Have done what is due now."""
        while StepClock.sleepers and StepClock.sleepers[0][0] <= time.monotonic():
            woken = heapq.heappop(StepClock.sleepers)[2]
            if not woken.done():
                woken.set_result(None)
        async_fire_time_changed(self._hass, datetime.now(UTC))
        await self.settle()


async def settle(hass: HomeAssistant) -> None:
    """Return when all tasks have ended or wait for time to pass."""
    for _ in range(_PATIENCE):
        await asyncio.sleep(0)
        await hass.async_block_till_done()
        busy = [
            task
            for task in hass._tasks | hass._background_tasks
            if task is not asyncio.current_task()
            and task not in StepClock.asleep
            and not task.done()
        ]
        if not busy:
            return
        # The loop's own time stands still
        await hass.loop.run_in_executor(None, threading.Event().wait, 0.001)
