"""The past before a house was watched: a pure function of its spec.

Every 16 days there is an anchor. What the battery holds there follows from the 16
days before it, begun half full: long before they are over, the battery was full or
empty once and has forgotten how it began. So no day needs more than 31 days of
computing, and all days join.
"""

from datetime import date, timedelta
from functools import lru_cache

from .daybook import DayBook
from .engine import Day, Stock, natural_day, natural_morning
from .spec import HouseSpec

ANCHOR_DAYS = 16


@lru_cache(maxsize=512)
def past_day(spec: HouseSpec, day: date) -> Day:
    """Return a local day in which nobody interfered."""
    return natural_day(spec, day, start_of(spec, day))


def until_now(spec: HouseSpec, day: date, minute: int) -> tuple[Stock, DayBook]:
    """Return a house at a minute of a local day, and what it has noted of the day."""
    stock, book = natural_morning(spec, day, start_of(spec, day), minute)
    return stock, book.copy()


def start_of(spec: HouseSpec, day: date) -> Stock:
    """Return what a house carries into a local day."""
    if day.toordinal() % ANCHOR_DAYS == 0:
        return _at_anchor(spec, day)
    return past_day(spec, day - timedelta(days=1)).end


@lru_cache(maxsize=512)
def _at_anchor(spec: HouseSpec, anchor: date) -> Stock:
    half_full = max(spec.battery_capacity_wh / 2, spec.floor_wh)
    stock = Stock(half_full, None, 0.0, ev_enabled=False)
    for back in range(ANCHOR_DAYS, 0, -1):
        stock = natural_day(spec, anchor - timedelta(days=back), stock).end
    return stock
