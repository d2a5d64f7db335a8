"""A clock that only moves when a test says so."""

import asyncio
from datetime import UTC, datetime, timedelta
import heapq
import itertools

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class FakeClock:
    """Fits the protocol `core.client.clock.Clock`.

    Attributes:
        slept: Every duration that `sleep` was asked for.
    """

    def __init__(
        self,
        now: datetime = START,
        *,
        monotonic: float = 1000.0,
        auto: bool = False,
    ) -> None:
        """Stand still at `now`; with `auto` a sleep moves the clock by itself."""
        self.slept: list[float] = []
        self._wall = now
        self._monotonic = monotonic
        self._auto = auto
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the wall-clock time."""
        return self._wall

    def monotonic(self) -> float:
        """Return the elapsed time in seconds."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Return once the clock has been moved by `seconds`."""
        self.slept.append(seconds)
        if self._auto:
            self._move(seconds)
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self._monotonic + seconds
        heapq.heappush(self._sleepers, (due, next(self._order), woken))
        await woken

    def jump(self, delta: timedelta) -> None:
        """Set the wall clock; no time passes."""
        self._wall += delta

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass; every sleeper wakes and acts at its own moment."""
        end = self._monotonic + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            self._move(max(0.0, due - self._monotonic))
            if not woken.done():
                woken.set_result(None)
            await settle()
        self._move(max(0.0, end - self._monotonic))
        await settle()

    def _move(self, seconds: float) -> None:
        self._monotonic += seconds
        self._wall += timedelta(seconds=seconds)


async def settle() -> None:
    """Let every task run until it waits for something real."""
    for _ in range(20):
        await asyncio.sleep(0)
