"""Times of a station, which are local and without an offset (section 3)."""

from datetime import UTC, datetime, timedelta, tzinfo

from homeassistant.util import dt as dt_util

from ._vendor.core.ha.zones import stamp, zone_of
from .readings import PlantEntry

_YEARS = range(2000, 9999)
_MOST_MS = 2**53


async def async_zone(entry: PlantEntry, home: tzinfo, now: datetime) -> tzinfo:
    """Return the zone of a station: its own, one of its offset, else ``home``."""
    return await async_zone_of(entry.zone_name, entry.offset, home, now)


async def async_zone_of(
    name: str | None, offset: timedelta | None, home: tzinfo, now: datetime
) -> tzinfo:
    """Return the zone of a name, else one of an offset, else ``home``."""
    if name is not None:
        if (found := await dt_util.async_get_time_zone(name)) is not None:
            return found
    return home if offset is None else zone_of(offset, home, now)


def local(raw: object, zone: tzinfo, until: datetime) -> datetime | None:
    """Return the UTC time of a station-local one; their clock may be ahead of ours.

    None for what is no time.
    """
    found = stamp(raw, zone, until)
    return None if found is None else min(found, until)


def epoch(milliseconds: float | None) -> datetime | None:
    """Return the UTC time of milliseconds since 1970, None for what is no time."""
    if milliseconds is None or not 0 < milliseconds < _MOST_MS:
        return None
    try:
        found = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return found if found.year in _YEARS else None
