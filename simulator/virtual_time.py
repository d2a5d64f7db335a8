"""Time that passes as soon as nobody has anything to do any more."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import selectors
from typing import Any

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
# Rounds of the loop in which no time passes
_MOST_ROUNDS = 3000


class Stuck(Exception):
    """Everybody waits for something that will never come, or nobody ever does."""


class _NoFiles(selectors.BaseSelector):
    """Has no files to watch, so waiting is the same as letting time pass."""

    def __init__(self, passes: Callable[[float], None]) -> None:
        self._passes, self._rounds = passes, 0

    def register(self, fileobj: Any, events: int, data: Any = None) -> Any:
        raise NotImplementedError

    def unregister(self, fileobj: Any) -> Any:
        raise NotImplementedError

    def get_map(self) -> Any:
        return {}

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise Stuck("nothing will ever happen")
        self._rounds = 0 if timeout > 0 else self._rounds + 1
        if self._rounds > _MOST_ROUNDS:
            raise Stuck("this never ends")
        self._passes(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that skips whatever time nothing happens in."""

    def __init__(self) -> None:
        """Begin at second 0."""
        self._elapsed = 0.0
        super().__init__(_NoFiles(self._pass))

    def time(self) -> float:
        """Return the seconds that have passed."""
        return self._elapsed

    def _pass(self, seconds: float) -> None:
        self._elapsed += seconds

    def _make_self_pipe(self) -> None:
        """Nobody wakes this loop from another thread."""

    def _close_self_pipe(self) -> None:
        pass


class VirtualClock:
    """Fits the protocol `core.client.clock.Clock`."""

    def __init__(self, loop: VirtualLoop) -> None:
        """Follow the loop; the wall clock can jump."""
        self._loop, self._wall = loop, START

    def now(self) -> datetime:
        """Return the wall-clock time."""
        return self._wall + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        """Return the elapsed time in seconds."""
        return 1000.0 + self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)

    def jump(self, delta: timedelta) -> None:
        """Set the wall clock; no time passes."""
        self._wall += delta
