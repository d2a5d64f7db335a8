"""The one source of time that house and protocol share."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

type Clock = Callable[[], datetime]
"""Returns the present as an aware datetime in UTC."""


def system_clock() -> datetime:
    """Return the real time in UTC; a test that freezes `datetime` moves it too."""
    return datetime.now(UTC)


class ManualClock:
    """A clock that a test sets by hand; it moves in both directions."""

    def __init__(self, now: datetime) -> None:
        """Start at `now` (aware, any zone)."""
        self._now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        """Return the time that was set, in UTC."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move by a number of seconds, backwards if negative."""
        self._now += timedelta(seconds=seconds)

    def set(self, now: datetime) -> None:
        """Jump to an aware datetime."""
        self._now = now.astimezone(UTC)
