"""The vendor's curve of a day: records with local times that name no zone.

They come newest first, oldest first or mixed, with duplicates and with records of
the neighbouring days (reference 3.3).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from ._vendor.core.client.decode import mappings
from .api.models import PowerRecord, Wire

type Curve = list[tuple[datetime, PowerRecord]]

# How far the vendor's clock may be ahead of ours
MAX_AHEAD = timedelta(minutes=10)
# A repeated hour shows as a jump back in a list that else goes forward.
_JUMP_BACK = timedelta(minutes=30)


def in_utc(records: Iterable[PowerRecord], day: date, zone: tzinfo) -> Curve:
    """Return the day's records by UTC time, each time once, the last one wins.

    Local times come without a zone: the hour that autumn repeats is told apart by
    the list's order, and times that spring leaves out are dropped.
    """
    ordered = list(records)
    if ordered and ordered[0].at > ordered[-1].at:
        ordered.reverse()
    found: dict[datetime, PowerRecord] = {}
    latest: datetime | None = None
    fold = 0
    for record in ordered:
        if record.at.date() != day:
            continue
        at = record.at.replace(tzinfo=zone)
        if at.utcoffset() != at.replace(fold=1).utcoffset():
            if latest is not None and record.at < latest - _JUMP_BACK:
                fold = 1
            at = at.replace(fold=fold)
        latest = record.at
        moment = at.astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == record.at:
            found[moment] = record
    return sorted(found.items(), key=lambda item: item[0])


def newest_record(raw: Any, zone: tzinfo) -> Wire | None:
    """Return the newest record of a day's curve as the vendor sent it."""
    found = [
        (record, wire)
        for wire in mappings(raw)
        if (record := PowerRecord.from_wire(wire)) is not None
    ]
    day = max((record.at.date() for record, _ in found), default=date.min)
    curve = in_utc((record for record, _ in found), day, zone)
    return next((w for record, w in found if curve and record is curve[-1][1]), None)


def age(at: datetime, now: datetime, zone: tzinfo) -> timedelta:
    """Return how long ago a naive local time was, negative for the future.

    Autumn has one hour twice. The later one is meant unless it is yet to come: a
    curve's newest record is of now, or the system has gone silent.
    """
    later, earlier = sorted(
        now - at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    return later if later >= -MAX_AHEAD else earlier
