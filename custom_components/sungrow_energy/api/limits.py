"""Request budget and the pauses that the vendor's refusals ask for (section 5)."""

from collections.abc import Callable, Mapping
from datetime import date
import random
from typing import Any

from .._vendor.core.client.budget import Budget, Rule
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import number
from .errors import (
    HOUR_QUOTA,
    IP_CHANGES,
    LOGIN_TOO_FREQUENT,
    MONTH_QUOTA,
    TOO_FREQUENT,
)

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

# Nobody publishes it: what users of the free plan were told.
CALLS_PER_HOUR = 2000
_WRITE_RESERVE = 100
_GAP = 0.2

LOGIN = "login"
# With a password that somebody has just typed: not held up by the one before.
LOGIN_BY_USER = "login_by_user"
_LOGINS_APART = MINUTE
_LOGINS_PER_DAY = 12
TOKEN, REFRESH = "token", "refreshToken"

CHECK, SET, TASK = "paramSettingCheck", "paramSetting", "getParamSettingTask"
MINUTE_HISTORY = ("getPowerStationPointMinuteDataList", "getDevicePointMinuteDataList")
PERIOD_HISTORY = (
    "getPowerStationPointDayMonthYearDataList",
    "getDevicePointDayMonthYearDataList",
    "getDevicePointsDayMonthYearDataList",
)
HISTORY = frozenset({*MINUTE_HISTORY, *PERIOD_HISTORY})
# A quarter of all, so that an import leaves the rest to what happens now (section 7).
HISTORY_PER_HOUR = CALLS_PER_HOUR // 4
# A long import holds up neither readings nor control, nor do these each other.
_LANES = (
    {LOGIN, LOGIN_BY_USER, TOKEN, REFRESH},
    {CHECK, SET, TASK},
    HISTORY,
)
_RULES = (
    Rule(limit=CALLS_PER_HOUR, window=HOUR, reserve=_WRITE_RESERVE),
    Rule(limit=HISTORY_PER_HOUR, window=HOUR, groups=HISTORY),
    Rule(limit=_LOGINS_PER_DAY, window=DAY, groups=frozenset({LOGIN})),
    Rule(limit=1, window=_LOGINS_APART, groups=frozenset({LOGIN})),
)

_FIXED = {MONTH_QUOTA: HOUR, IP_CHANGES: 900.0, LOGIN_TOO_FREQUENT: 900.0}
_JITTER = 5.0, 60.0
_PAUSE_NAMES = ("retry_after", "retryAfter", "retry_in", "retry_seconds")


def make_budget(
    clock: Clock,
    *,
    on_change: Callable[[], None] | None = None,
    day: Callable[[], date] | None = None,
) -> Budget:
    """Return the budget of an application; the arguments are those of ``Budget``."""
    return Budget(
        _RULES,
        clock=clock,
        min_gap=_GAP,
        on_change=on_change,
        day=day,
        lanes=_LANES,
    )


class Pauses:
    """How long an account rests after each kind of "too much"."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none refused."""
        self._clock = clock
        self._refused = 0

    def after(self, reason: str, body: Mapping[str, Any]) -> float | None:
        """Return the seconds of the pause that begins now, None for no such reason."""
        told = (number(body.get(name), low=0, high=DAY) for name in _PAUSE_NAMES)
        asked = next((seconds for seconds in told if seconds), None)
        return asked or self._own(reason)

    def answered(self) -> None:
        """Take note that the vendor lets requests through."""
        self._refused = 0

    def _own(self, reason: str) -> float | None:
        if reason == HOUR_QUOTA:
            left = HOUR - self._clock.now().timestamp() % HOUR
            return left + random.uniform(*_JITTER)
        if reason == TOO_FREQUENT:
            self._refused += 1
            return min(MINUTE * 2.0 ** (self._refused - 1), HOUR)
        return _FIXED.get(reason)
