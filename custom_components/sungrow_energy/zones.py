"""Times of a plant, which are local and mostly without an offset (section 3.0)."""

from datetime import date, datetime, timedelta, tzinfo
import re

from ._vendor.core.ha.zones import zone_of

_DAY = re.compile(r"\d{4}(?:\d{2}){0,2}", re.ASCII)
_YEARS = range(2000, 9999)


def zone(distance: timedelta | None, home: tzinfo, now: datetime) -> tzinfo:
    """Return the zone of a plant that is so far from UTC.

    That is ``home``, Home Assistant's own, where the vendor names none.
    """
    return home if distance is None else zone_of(distance, home, now)


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
