"""One turn that goes from request to request, writes first."""

import asyncio
from collections.abc import Awaitable, Callable
import heapq
import itertools

# Less could be rounded to nothing: by a sleep, or when floats are added up
TICK = 0.001


class Lane:
    """Lets one request at a time through; waiting writes go before waiting reads.

    Attributes:
        last_start: When the last request began, monotonic.
        busy: Whether somebody has the turn.
    """

    def __init__(self, last_start: float) -> None:
        """Begin with nobody in it."""
        self.last_start = last_start
        self.busy = False
        self._tickets = itertools.count()
        # Writes sort before reads, then by ticket
        self._queue: list[tuple[bool, int, asyncio.Future[None]]] = []

    async def take(
        self,
        wait: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        *,
        write: bool,
    ) -> None:
        """Return with the turn; without it if it raises.

        With the turn `wait` is asked how many seconds are still to be slept; what it
        raises is raised here. Who sleeps may be overtaken by a write.
        """
        ticket = next(self._tickets)
        while True:
            turn = asyncio.get_running_loop().create_future()
            heapq.heappush(self._queue, (not write, ticket, turn))
            if not self.busy:
                self.pass_on()
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():  # it came in the same moment
                    self.pass_on()
                raise
            try:
                if (seconds := wait()) <= 0:
                    return
                await sleep(max(seconds, TICK))
            except BaseException:
                self.pass_on()
                raise
            # Queue again with the old ticket: a write that came meanwhile goes first
            self.busy = False

    def pass_on(self) -> None:
        """Wake the next in the queue who still waits."""
        self.busy = False
        while self._queue and not self.busy:
            *_, turn = heapq.heappop(self._queue)
            if not turn.done():
                self.busy = True
                turn.set_result(None)
