"""How often what shares a limit is read (sections 5.2 and 5.5)."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from .const import LIVE_INTERVAL, PANELS_INTERVAL, PLANT_INTERVAL, SETTINGS_INTERVAL
from .families import Family

# With a token most endpoints may be asked once in five minutes, for whatever device.
_TURN: Final = timedelta(seconds=330)
# Requests of one poll; what is asked at each third poll counts a third
_CALLS: Final[Mapping[Family, float]] = {
    Family.SPH: 3 + 2 / 3,
    Family.SPA: 2,
    Family.STORAGE: 2,
}
_PLANT_CALLS: Final = 2
_DAY: Final = timedelta(days=1)
# Of the 1800 that we allow ourselves; the rest is for lists, changes and their care
_POLLS_PER_DAY: Final = 1500


def turns(interval: timedelta, count: int) -> timedelta:
    """Return how often each of ``count`` is read that take turns at one endpoint."""
    return max(interval, _TURN * count)


def stretch(
    families: Counter[Family], plants: int, least: timedelta, *, panels: int = 0
) -> float:
    """Return by how much the polls of a login have to be longer; 1.0 if not at all.

    ``least`` is how often live values are read at most, as people chose it; ``panels``
    are the devices whose panels are read.
    """
    interval = max(LIVE_INTERVAL, least)
    live = sum(_CALLS.get(family, 1) * count for family, count in families.items())
    wanted = live * (_DAY / interval) + plants * _PLANT_CALLS * (_DAY / PLANT_INTERVAL)
    wanted += panels * (_DAY / PANELS_INTERVAL)
    settings = families.total() * (_DAY / SETTINGS_INTERVAL)
    return max(1.0, wanted / max(_POLLS_PER_DAY - settings, _POLLS_PER_DAY / 4))
