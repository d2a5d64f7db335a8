"""Times of a plant, which are local and mostly without an offset (section 3.0)."""

from datetime import UTC, date, datetime, timedelta, tzinfo
import re

from ._vendor.core.client.decode import local_datetime, moment
from ._vendor.core.ha.zones import zone_of

_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_NONE = re.compile(r"(?:GMT|UTC|Z)", re.IGNORECASE)
_STAMP = re.compile(r"\d{8}(?:\d{2}){0,3}", re.ASCII)
_DAY = re.compile(r"\d{4}(?:\d{2}){0,2}", re.ASCII)
_FORMATS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_YEARS = range(2000, 9999)
_MOST = timedelta(hours=14)
# So far a clock of theirs may be ahead of ours.
_AHEAD = timedelta(minutes=5)


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


def zone(distance: timedelta | None, home: tzinfo, now: datetime) -> tzinfo:
    """Return the zone of a plant that is so far from UTC.

    That is ``home``, Home Assistant's own, where the vendor names none.
    """
    return home if distance is None else zone_of(distance, home, now)


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


def day_of(raw: object) -> date | None:
    """Return the first day of ``20260902``, ``202609`` or ``2026``, else None."""
    text = str(raw).strip() if isinstance(raw, str | int) else ""
    if not _DAY.fullmatch(text):
        return None
    try:
        found = date(int(text[:4]), int(text[4:6] or 1), int(text[6:8] or 1))
    except ValueError:
        return None
    return found if found.year in _YEARS else None
