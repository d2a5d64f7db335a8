"""How often which endpoint was asked."""

from collections import Counter, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from .clock import Clock

_HOUR = timedelta(hours=1)


class Tally:
    """All calls, refused ones too; endpoints are named by globs."""

    def __init__(self, clock: Clock) -> None:
        """Begin with a client that has not asked anything."""
        self._clock = clock
        self.counts: Counter[str] = Counter()
        """All calls by endpoint."""
        self._calls: list[tuple[datetime, str]] = []

    @property
    def total(self) -> int:
        """Calls since the start."""
        return self.counts.total()

    def add(self, endpoint: str) -> None:
        """Count a call of this moment."""
        self.counts[endpoint] += 1
        self._calls.append((self._clock(), endpoint))

    def forget(self) -> None:
        """Begin anew."""
        self.counts.clear()
        self._calls.clear()

    def rolling(self, endpoint: str = "*") -> int:
        """Return the calls of the last hour."""
        now = self._clock()
        return sum(now - _HOUR < at <= now for at in self._times(endpoint))

    def most_per_hour(self, endpoint: str = "*") -> int:
        """Return the most calls within any hour."""
        most = 0
        window: deque[datetime] = deque()
        for at in self._times(endpoint):
            window.append(at)
            while window[0] <= at - _HOUR:
                window.popleft()
            most = max(most, len(window))
        return most

    def _times(self, endpoint: str) -> Iterable[datetime]:
        return (at for at, name in self._calls if fnmatchcase(name, endpoint))
