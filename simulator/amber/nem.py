"""NEM time, which is UTC+10 all year, and its 5-minute slots (amber.md section 3.2).

A slot is a number: those of one instant are the 5-minute periods since 1970 UTC, so
slot `n` begins at `n * 300` s. Half hours and NEM days begin at whole slots.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

NEM = timezone(timedelta(hours=10))
SLOT_SECONDS = 300
SLOT_MINUTES = 5
HALF_HOUR = 6
"""Slots of a half hour."""
DAY = 288
"""Slots of a NEM day."""
_OFFSET = 10 * 3600 // SLOT_SECONDS
_EPOCH = date(1970, 1, 1).toordinal()


def slot_of(at: datetime) -> int:
    """Return the slot that an aware datetime is in."""
    return int(at.timestamp() // SLOT_SECONDS)


def start_of(slot: int) -> datetime:
    """Return when a slot begins, in UTC."""
    return datetime.fromtimestamp(slot * SLOT_SECONDS, UTC)


def half_hour_of(slot: int) -> int:
    """Return the first slot of the half hour that a slot is in."""
    return slot - slot % HALF_HOUR


def day_of(slot: int) -> date:
    """Return the NEM day that a slot belongs to."""
    return date.fromordinal((slot + _OFFSET) // DAY + _EPOCH)


def first_slot(day: date) -> int:
    """Return the slot with which a NEM day begins."""
    return (day.toordinal() - _EPOCH) * DAY - _OFFSET


def minute_of(slot: int) -> int:
    """Return the minute of the NEM day (0-1435) at which a slot begins."""
    return (slot + _OFFSET) % DAY * SLOT_MINUTES


def today(now: datetime) -> date:
    """Return the NEM day of an instant."""
    return now.astimezone(NEM).date()


@lru_cache(maxsize=4096)
def times(slot: int, slots: int) -> dict[str, str]:
    """Return `date`, `startTime`, `endTime` and `nemTime` of a period as answered.

    The start is one second late on purpose, the end is exact.
    """
    start, end = start_of(slot), start_of(slot + slots)
    return {
        "date": day_of(slot).isoformat(),
        "startTime": (start + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "endTime": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "nemTime": end.astimezone(NEM).isoformat(),
    }
