"""Time that passes as soon as nobody has anything to do and nothing is on the wire."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
import selectors

# How long an open connection may be silent before time goes on, in real seconds
_SILENCE = 0.05
_STUCK = 5.0


class Stuck(Exception):
    """Everybody waits for something that will never come."""


class _Wires(selectors.DefaultSelector):
    """Watches sockets by the real clock; any other waiting is time that passes."""

    def __init__(self, passes: Callable[[float], None]) -> None:
        super().__init__()
        self._passes = passes
        self.at_rest = 0

    def select(self, timeout: float | None = None) -> list[tuple]:
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        if timeout is None or len(self.get_map()) > self.at_rest:
            found = super().select(_STUCK if timeout is None else _SILENCE)
            if found:
                return found
        if timeout is None:
            raise Stuck
        self._passes(timeout)
        return []


class WireLoop(asyncio.SelectorEventLoop):
    """An event loop with real sockets that skips the time in which nothing happens."""

    def __init__(self) -> None:
        """Begin at second 0."""
        self._elapsed = 0.0
        self._wires = _Wires(self._pass)
        super().__init__(self._wires)
        self.rest()

    def rest(self) -> None:
        """Take the sockets that are open now for such on which nobody waits."""
        self._wires.at_rest = len(self._wires.get_map())

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Meanwhile nothing is on its way between both ends of one connection."""
        self._wires.at_rest += 2
        try:
            yield
        finally:
            self._wires.at_rest -= 2

    def time(self) -> float:
        """Return the seconds that have passed."""
        return self._elapsed

    def _pass(self, seconds: float) -> None:
        self._elapsed += seconds


class WireClock:
    """Fits `core.client.clock.Clock`; called, it is a simulator's clock too."""

    def __init__(self, loop: WireLoop, now: datetime) -> None:
        """Follow the loop from `now` on; the wall clock can jump."""
        self._loop, self._wall = loop, now - timedelta(seconds=loop.time())

    def __call__(self) -> datetime:
        """Return the wall-clock time."""
        return self.now()

    def now(self) -> datetime:
        """Return the wall-clock time."""
        return self._wall + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        """Return the elapsed time in seconds."""
        return 1000.0 + self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)

    def of_server(self) -> ServerClock:
        """Return the clock of a simulator that lives in the same time."""
        return ServerClock(self._loop, self)


class ServerClock:
    """The clock of a simulator whose answers take their time."""

    def __init__(self, loop: WireLoop, clock: WireClock) -> None:
        """Follow the clock of the program."""
        self._loop, self._clock = loop, clock

    def __call__(self) -> datetime:
        """Return the wall-clock time."""
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        """Keep the request that waits for it waiting."""
        with self._loop.silence():
            await asyncio.sleep(seconds)
