"""Request budget of one account and the pace of its changes (sections 5 and 6.6)."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import date
import math

from .._vendor.core.client.budget import Budget, Rule
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import ApiError, WriteUnknown
from .endpoints import WRITES

HOUR = 3600.0

# After a refusal that names no pause
RATE_PAUSE = 300.0
_GAP = 0.2
_BETWEEN_CHANGES = 5.0

LOGIN = "login"
# With a password that somebody has just typed: not held up by the one before.
LOGIN_BY_USER = "login_by_user"
_LOGINS = frozenset({LOGIN})
# A phone app can end the session at any time; a login ends the app's (section 2.7).
_RULES = (
    # No limit is known: this one only stops what would never stop by itself
    Rule(limit=3600, window=HOUR, reserve=100),
    Rule(limit=10, window=HOUR, groups=_LOGINS),
)


def make_budget(
    clock: Clock,
    *,
    on_change: Callable[[], None] | None = None,
    day: Callable[[], date] | None = None,
) -> Budget:
    """Return the budget of an account; the arguments are those of ``Budget``.

    One read at a time; beside it one change, which may take 90 s.
    """
    return Budget(
        _RULES,
        clock=clock,
        min_gap=_GAP,
        on_change=on_change,
        day=day,
        lanes=(WRITES,),
    )


class Pace:
    """Lets one change at a time through, each 5 s after the end of the one before.

    They go into the inverter's flash.
    """

    def __init__(self, clock: Clock) -> None:
        """Begin with none made."""
        self._clock = clock
        self._lock = asyncio.Lock()
        self._last_end = -math.inf

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Hold the turn for one change; what was not made needs no pause after it."""
        async with self._lock:
            wait = self._last_end + _BETWEEN_CHANGES - self._clock.monotonic()
            if wait > 0:
                await self._clock.sleep(wait)
            try:
                yield
            except ApiError as err:
                if isinstance(err, WriteUnknown):
                    self._last_end = self._clock.monotonic()
                raise
            except BaseException:
                self._last_end = self._clock.monotonic()
                raise
            self._last_end = self._clock.monotonic()
