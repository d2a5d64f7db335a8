"""Times of a place of which often only the distance from UTC is known."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
import re

from ..client.decode import local_datetime, moment

_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_NONE = re.compile(r"(?:GMT|UTC|Z)", re.IGNORECASE)
_STAMP = re.compile(r"\d{8}(?:\d{2}){0,3}", re.ASCII)
_FORMATS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_YEARS = range(2000, 9999)
_MOST = timedelta(hours=14)
# So far a clock of theirs may be ahead of ours.
_AHEAD = timedelta(minutes=5)


def zone_of(distance: timedelta, home: tzinfo, now: datetime) -> tzinfo:
    """Return ``home`` if it is so far from UTC in one of the seasons.

    A bare offset knows no summer time, and of a vendor's nobody knows whether it
    follows that: Home Assistant's own zone is the better one where it can be. Else the
    fixed offset, which is to be less than a day.
    """
    seasons = (datetime(now.year, month, 1, tzinfo=home) for month in (1, 7))
    if distance in {at.utcoffset() for at in seasons}:
        return home
    return timezone(distance)


def offset(name: object) -> timedelta | None:
    """Return the distance from UTC of ``GMT+8``, which means UTC+8; else None."""
    if not isinstance(name, str):
        return None
    if _NONE.fullmatch(name.strip()):
        return timedelta()
    if (found := _OFFSET.fullmatch(name.strip())) is None:
        return None
    sign, hours, minutes = found.groups()
    distance = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if distance > _MOST:
        return None
    return -distance if sign == "-" else distance


def stamp(raw: object, local: tzinfo, until: datetime | None = None) -> datetime | None:
    """Return the UTC time of ``20260902151500``, ``2026-09-02 15:15:00`` or ISO text.

    A text with an offset of its own keeps it. Of a time that comes twice, as clocks are
    put back, it is the first one; the second one if ``until`` is not before that.
    None for what is no time.
    """
    text = str(raw).strip() if isinstance(raw, str | int) else ""
    if (aware := moment(text)) is not None and aware.year in _YEARS:
        return aware
    if _STAMP.fullmatch(text):
        try:
            naive = datetime.strptime(text, _FORMATS[len(text)])
        except ValueError:
            return None
    elif (found := local_datetime(text)) is not None:
        naive = found
    else:
        return None
    if naive.year not in _YEARS:
        return None
    first, second = (
        naive.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if until is not None and first < second <= until + _AHEAD:
        return second
    return first
