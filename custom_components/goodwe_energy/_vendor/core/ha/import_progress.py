"""How far an import of the past came, as it is shown and stored."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..client.decode import text

_STATES = frozenset({"running", "finished", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import came; ``state`` is running, finished or failed."""

    job_id: str
    state: str
    first: date
    last: date
    next_day: date
    hours: int = 0
    blank_days: int = 0
    error: str | None = None

    @property
    def percent(self) -> int:
        """Share of the days that were read, 0-100."""
        days = (self.last - self.first).days + 1
        return round(100 * (self.next_day - self.first).days / days)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "job_id": self.job_id,
            "state": self.state,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "next_day": self.next_day.isoformat(),
            "hours": self.hours,
            "blank_days": self.blank_days,
            "error": self.error,
        }

    @classmethod
    def from_dict(cls, stored: object) -> Progress | None:
        """Return what was stored, None if there is nothing or it is damaged."""
        if not isinstance(stored, dict):
            return None
        try:
            days = {
                key: date.fromisoformat(stored[key])
                for key in ("first", "last", "next_day")
            }
            progress = cls(
                job_id=str(stored["job_id"]),
                state=str(stored["state"]),
                hours=int(stored.get("hours", 0)),
                blank_days=int(stored.get("blank_days", 0)),
                error=text(stored.get("error")),
                **days,
            )
        except KeyError, TypeError, ValueError, OverflowError:
            return None
        ahead = (progress.next_day - progress.last).days
        possible = progress.first <= progress.next_day and ahead <= 1
        # A range of no days is none: it would have no share that was read
        whole = progress.first <= progress.last and progress.first.year > 1970
        return progress if possible and whole and progress.state in _STATES else None
