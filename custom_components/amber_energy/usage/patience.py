"""What a day is waited for, that is not there or not whole (reference 7.2)."""

from collections.abc import Collection
from datetime import date, timedelta

from ..driver import Site
from .days import UsageDay, register_key
from .plan import LATE
from .state import UsageState

# So many days a missing day is asked for, before a later one may be written
_PATIENCE = 7
# One that is so old will not come any more
_OLD = timedelta(days=14)


def waited_enough(day: date, today: date, waited: Collection[date]) -> bool:
    """Tell whether a missing day may be given up; ``waited`` are earlier attempts."""
    return len({*waited, today}) >= _PATIENCE or today - day > _OLD


def has_all(usage: UsageDay, site: Site | None, state: UsageState) -> bool:
    """Tell whether no register is missing that Amber lists and that had data.

    One that is not listed any more was removed; one that had no data on the last day
    has none. On the very first day all that are listed count.
    """
    last = state.last
    return _has(usage, site, None if last is None else last.registers.keys())


def lacks(usage: UsageDay, site: Site | None, state: UsageState, today: date) -> bool:
    """Tell whether the day may still become more: a register is missing.

    One that Amber lists and that ever had data.
    """
    if today - usage.day > LATE:
        return False
    ever = {key for total in state.days.values() for key in total.registers}
    return not _has(usage, site, ever or None)


def less(usage: UsageDay, state: UsageState) -> bool:
    """Tell whether registers are missing with which the day was imported before."""
    known = state.days.get(usage.day)
    return known is not None and not known.registers.keys() <= usage.registers.keys()


def in_its_turn(usage: UsageDay, site: Site | None, state: UsageState) -> bool:
    """Tell whether a day may be written now, whoever reads it.

    Not while the daily run would wait for the rest of it.
    """
    if not usage.complete or less(usage, state):
        return False
    done = state.done_until
    return (done is not None and usage.day <= done) or has_all(usage, site, state)


def _has(usage: UsageDay, site: Site | None, had: Collection[str] | None) -> bool:
    if site is None:
        return True
    wanted = {register_key(item.identifier) for item in site.channels}
    if had is not None:
        wanted &= set(had)
    return wanted <= usage.registers.keys()
