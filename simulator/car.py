"""When the car is at home and how much it wants."""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .calendar import DAY_MINUTES, local_date, local_minute
from .noise import dice
from .spec import EvSpec, HouseSpec


class Session(NamedTuple):
    """One stay of the car on the cable, minutes on the UTC grid."""

    plugged_in: int
    unplugged: int
    energy_wh: float


@lru_cache(maxsize=256)
def sessions_day(spec: HouseSpec, day: int) -> list[Session | None]:
    """Return the session (or None) that covers each minute of a UTC day."""
    minutes: list[Session | None] = [None] * DAY_MINUTES
    if spec.ev is None:
        return minutes
    first = day * DAY_MINUTES
    today = local_date(spec.zone, first)
    for offset in (-1, 0, 1):
        evening = today + timedelta(days=offset)
        session = _session(spec.seed, spec.zone, spec.ev, evening)
        if session is not None:
            begin = max(session.plugged_in - first, 0)
            end = min(session.unplugged - first, DAY_MINUTES)
            for minute in range(begin, end):
                minutes[minute] = session
    return minutes


@lru_cache(maxsize=512)
def _session(seed: int, zone: ZoneInfo, ev: EvSpec, evening: date) -> Session | None:
    draw = dice(seed, "car", evening.toordinal())
    plugged_in = local_minute(zone, evening, draw.randrange(17 * 60, 20 * 60))
    leaves = draw.randrange(6 * 60 + 30, 8 * 60 + 30)
    unplugged = local_minute(zone, evening + timedelta(days=1), leaves)
    energy_wh = float(draw.randrange(5_000, 30_000, 100))
    if draw.random() > ev.evenings:
        return None
    return Session(plugged_in, unplugged, energy_wh)
