"""Times of a recording, moved to the present."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
import re
from typing import Any

from ..clock import Clock

# What is further from the recording is no moment of it: a date of installation
_NEAR = timedelta(days=3)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_COMPACT = re.compile(r"20\d{12}")
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?"
)


class Mover:
    """Makes a recorded document as old as it was when it was recorded."""

    def __init__(
        self,
        recorded_at: datetime,
        clock: Clock,
        zone: tzinfo,
        *,
        step: timedelta = timedelta(microseconds=1),
    ) -> None:
        """Take times without a zone as those of `zone`; move by whole `step`s."""
        self._recorded_at, self._clock = recorded_at, clock
        self._zone, self._step = zone, step

    @property
    def distance(self) -> timedelta:
        """How far from its recording a document is moved."""
        return (self._clock() - self._recorded_at) // self._step * self._step

    def moment(self, at: datetime) -> datetime:
        """Return a moment as it is now; without a zone it stays without one."""
        naive = at.tzinfo is None
        aware = at.replace(tzinfo=self._zone) if naive else at
        moved = (aware.astimezone(UTC) + self.distance).astimezone(aware.tzinfo)
        return moved.replace(tzinfo=None) if naive else moved

    def day(self, day: date) -> date:
        """Return a day as far from today as it was from the recording's."""
        then = self._recorded_at.astimezone(self._zone).date()
        now = (self._recorded_at + self.distance).astimezone(self._zone).date()
        return day + (now - then)

    def document(self, value: Any) -> Any:
        """Return a copy with its texts and milliseconds that are times moved."""
        if isinstance(value, Mapping):
            return {
                self.document(name): self.document(item) for name, item in value.items()
            }
        if isinstance(value, list):
            return [self.document(item) for item in value]
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int) and value > 10**12:
            return self._milliseconds(value)
        return value

    def _near(self, at: datetime) -> bool:
        aware = at.replace(tzinfo=self._zone) if at.tzinfo is None else at
        return abs(aware - self._recorded_at) < _NEAR

    def _milliseconds(self, value: int) -> int:
        try:
            at = datetime.fromtimestamp(value / 1000, UTC)
        except ValueError, OverflowError, OSError:
            return value
        moved = self.distance // timedelta(milliseconds=1)
        return value + moved if self._near(at) else value

    def _text(self, text: str) -> str:
        try:
            return self._moved(text)
        except ValueError:  # it only looks like a time
            return text

    def _moved(self, text: str) -> str:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            if not self._near(datetime(day.year, day.month, day.day, 12)):
                return text
            return self.day(day).isoformat()
        if _COMPACT.fullmatch(text):
            at = datetime.strptime(text, "%Y%m%d%H%M%S")
            return f"{self.moment(at):%Y%m%d%H%M%S}" if self._near(at) else text
        if (found := _TIME.fullmatch(text)) is None:
            return text
        at = datetime.fromisoformat(text)
        if not self._near(at):
            return text
        _, between, _, seconds, fraction, zone = found.groups()
        moved = self.moment(at)
        shown = f"{moved:%Y-%m-%d}{between}{moved:%H:%M}"
        if seconds:
            shown += f":{moved:%S}"
        if fraction:
            shown += f".{moved.microsecond:06d}"[: len(fraction)].ljust(
                len(fraction), "0"
            )
        return shown + (zone or "")
