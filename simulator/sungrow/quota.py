"""How many calls an application may make (reference section 5)."""

from collections import Counter
from datetime import UTC, datetime
from typing import override

from ..clock import Clock
from ..tally import Tally


class Quota(Tally):
    """Calls of the application; the plain attributes are switches."""

    def __init__(self, clock: Clock) -> None:
        """Begin with an application that has not asked anything."""
        super().__init__(clock)
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
        self._hours: Counter[datetime] = Counter()
        self._months: Counter[tuple[int, int]] = Counter()
        self._last: dict[str, datetime] = {}

    @property
    def broken(self) -> int:
        """Calls beyond a limit, refused or not."""
        return self.refused.total()

    @override
    def forget(self) -> None:
        super().forget()
        self.refused.clear()
        self._hours.clear()
        self._months.clear()
        self._last.clear()

    def spend(self, endpoint: str) -> str | None:
        """Count a call; return the code that refuses it, if one does."""
        now = self._clock().astimezone(UTC)
        hour, month = _hour(now), (now.year, now.month)
        last = self._last.get(endpoint)
        self._last[endpoint] = now
        self.add(endpoint)
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


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
