"""Minutes on the UTC grid, and local days made of them.

A minute is the number of whole minutes since 1970-01-01T00:00Z.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_MINUTES = 1440


@lru_cache(maxsize=4096)
def local_day_minutes(zone: ZoneInfo, day: date) -> tuple[int, int]:
    """Return the first minute of a local day and the first one after it.

    The difference is 1380 or 1500 on the days on which the clocks change.
    """
    return local_minute(zone, day, 0), local_minute(zone, day + timedelta(days=1), 0)


def local_minute(zone: ZoneInfo, day: date, minute_of_day: int) -> int:
    """Return the minute at which the local clock shows that time for the first time."""
    hour, minute = divmod(minute_of_day, 60)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    return int(local.timestamp()) // 60


def minute_of(at: datetime) -> int:
    """Return the minute that contains an aware datetime."""
    return int(at.timestamp() // 60)


def at_minute(minute: float) -> datetime:
    """Return the instant (UTC) at which a minute begins."""
    return datetime.fromtimestamp(minute * 60, UTC)


def local_date(zone: ZoneInfo, minute: int) -> date:
    """Return the local date of a minute."""
    return at_minute(minute).astimezone(zone).date()


def standard_offset_hours(zone: ZoneInfo) -> float:
    """Return the offset from UTC without daylight saving time, in hours."""
    offsets = [
        offset.total_seconds() / 3600
        for month in (1, 7)
        if (offset := datetime(2026, month, 1, tzinfo=zone).utcoffset()) is not None
    ]
    return min(offsets)
