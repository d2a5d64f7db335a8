"""Counters of Growatt's records that never dip (reference Q3, Q4, Q11).

Around midnight Growatt's counters go to zero, back to yesterday's value and to zero
again, and lifetime totals flash zero; the dashboard's import dips by some 0.1 kWh.
"""

from collections.abc import Mapping
from datetime import datetime
import re

from ._vendor.core.client.decode import number
from ._vendor.core.ha import rising
from ._vendor.core.ha.account import Account
from .readings import Value

_COUNTER = re.compile(r"(?:.*_)?energy_(today|month|year|total)|co2_reduction")
# By how much they exceed what a plant gives now, for those larger than any house
_MARGIN = 2.0
_POWERS = ("peak_power", "rated_power", "output_power", "solar_power")


def guarded(
    account: Account, owner: str, values: Mapping[str, Value], at: datetime
) -> dict[str, Value]:
    """Return the values of a record with counters that only rise.

    Args:
        account: remembers the counters, as ``<owner>/<key>``
        owner: serial of the device, or what stands for the plant
        values: the record
        at: when the record was made, aware, in the plant's zone
    """
    power = _most_power(values)
    found = dict(values)
    for key, value in values.items():
        if (span := _COUNTER.fullmatch(key)) is None:
            continue
        state = account.counter(f"{owner}/{key}")
        reading = number(value, low=0.0)
        if span[1] == "today":
            found[key] = rising.day_counter(state, reading, at.date(), at, power=power)
        else:
            if _ended(state, span[1], at):
                state.clear()
            found[key] = rising.total_counter(state, reading, at, power=power)
    return found


def _most_power(values: Mapping[str, Value]) -> float:
    """Return the most kW that a counter of the record can gain."""
    watts = [number(values.get(key), low=0.0) or 0.0 for key in _POWERS]
    return max(rising.MAX_POWER_KW, _MARGIN * max(watts) / 1000)


def _ended(state: rising.State, span: str | None, at: datetime) -> bool:
    """Tell whether the month or year that was counted is over."""
    if span not in ("month", "year") or "at" not in state:
        return False
    last = datetime.fromisoformat(state["at"]).astimezone(at.tzinfo)
    if at <= last:
        return False
    return at.year != last.year or (span == "month" and at.month != last.month)
