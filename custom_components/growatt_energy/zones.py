"""The zone of a plant, which begins its days (reference Q7, Q28)."""

from datetime import datetime, timedelta, timezone, tzinfo
import re

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")


async def async_zone(hass: HomeAssistant, name: str | None) -> tzinfo:
    """Return the zone that the vendor calls ``name``.

    A bare offset knows no summer time, so Home Assistant's own zone is taken where it
    has that offset in one of the seasons; also where the vendor names none.
    """
    home = dt_util.get_default_time_zone()
    if name is None:
        return home
    if (found := _OFFSET.fullmatch(name)) is None:
        try:
            return await dt_util.async_get_time_zone(name) or home
        except ValueError:  # a path instead of a name
            return home
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset >= timedelta(hours=24):
        return home
    if sign == "-":
        offset = -offset
    return home if offset in _offsets(home) else timezone(offset)


def _offsets(zone: tzinfo) -> set[timedelta | None]:
    year = dt_util.utcnow().year
    return {datetime(year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}
