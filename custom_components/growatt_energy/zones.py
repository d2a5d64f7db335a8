"""The zone of a plant, which begins its days (reference Q7, Q28)."""

from datetime import timedelta, tzinfo
import re

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.zones import zone_of

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
    return zone_of(-offset if sign == "-" else offset, home, dt_util.utcnow())
