"""How many calls an application may make (reference section 5)."""

from collections import Counter, deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from ..clock import Clock

_HOUR = timedelta(hours=1)


class Quota:
    """Calls of the application; the plain attributes are switches."""

    def __init__(self, clock: Clock) -> None:
        """Begin with an application that has not asked anything."""
        self._clock = clock
        self.enforced = True
        """False: nothing is refused, all is still counted."""
        self.hour_limit = 2000
        """Calls per full hour; 0 is no limit."""
        self.month_limit = 0
        """Calls per month; 0 is no limit (section 5: uncertain)."""
        self.gap_seconds = 0.0
        """A call of an endpoint sooner after the one before is answered E901."""
        self.refused: Counter[str] = Counter()
        """How often a limit was broken, by the code that answers it."""
        self.counts: Counter[str] = Counter()
        """All calls by endpoint, refused ones too."""
        self._calls: list[tuple[datetime, str]] = []
        self._hours: Counter[datetime] = Counter()
        self._months: Counter[tuple[int, int]] = Counter()
        self._last: dict[str, datetime] = {}

    @property
    def total(self) -> int:
        """Calls since the start."""
        return self.counts.total()

    @property
    def broken(self) -> int:
        """Calls beyond a limit, refused or not."""
        return self.refused.total()

    def forget(self) -> None:
        """Begin anew."""
        self.counts.clear()
        self.refused.clear()
        self._calls.clear()
        self._hours.clear()
        self._months.clear()
        self._last.clear()

    def spend(self, endpoint: str) -> str | None:
        """Count a call; return the code that refuses it, if one does."""
        now = self._clock().astimezone(UTC)
        hour, month = _hour(now), (now.year, now.month)
        last = self._last.get(endpoint)
        self._last[endpoint] = now
        self.counts[endpoint] += 1
        self._calls.append((now, endpoint))
        code = None
        if 0 < self.month_limit <= self._months[month]:
            code = "E998"
        elif 0 < self.hour_limit <= self._hours[hour]:
            code = "E999"
        elif last and 0 <= (now - last).total_seconds() < self.gap_seconds:
            code = "E901"
        if code:
            self.refused[code] += 1
            if self.enforced:
                return code
        self._hours[hour] += 1
        self._months[month] += 1
        return None

    @property
    def hourly_limit(self) -> int:
        """Most calls of an hour, as `getOpenApiCallInfo` says."""
        return self.hour_limit

    def this_hour(self) -> int:
        """Return the answered calls since the full hour (UTC)."""
        return self._hours[_hour(self._clock().astimezone(UTC))]

    def today(self) -> int:
        """Return the answered calls since midnight (UTC)."""
        day = self._clock().astimezone(UTC).date()
        return sum(n for hour, n in self._hours.items() if hour.date() == day)

    def rolling(self, endpoint: str = "*") -> int:
        """Return the calls of the last hour; `endpoint` is a glob."""
        now = self._clock()
        return sum(now - _HOUR < at <= now for at in self._times(endpoint))

    def most_per_hour(self, endpoint: str = "*") -> int:
        """Return the most calls within any hour, of endpoints that a glob matches."""
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


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
