"""What is the same for all devices of a cloud."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class Cloud:
    """The habits of the server; the plain attributes are switches."""

    zone_hours: float = 8.0
    """Zone of the server: device records are stamped in it (Q7)."""
    push_seconds: float = 300.0
    """How often a datalogger sends a record."""
    noah_push_seconds: float = 60.0

    def text(self, at: datetime) -> str:
        """Return an instant as records have it."""
        return f"{at + timedelta(hours=self.zone_hours):%Y-%m-%d %H:%M:%S}"

    def java(self, at: datetime) -> dict[str, int]:
        """Return an instant as a Java date object (3.0)."""
        local = at + timedelta(hours=self.zone_hours)
        return {
            "year": local.year - 1900,
            "month": local.month - 1,
            "date": local.day,
            "day": local.isoweekday() % 7,
            "hours": local.hour,
            "minutes": local.minute,
            "seconds": local.second,
            "time": self.epoch_ms(at),
            "timezoneOffset": int(-60 * self.zone_hours),
        }

    @staticmethod
    def epoch_ms(at: datetime) -> int:
        """Return an instant as milliseconds since 1970."""
        return int(at.timestamp() * 1000)
