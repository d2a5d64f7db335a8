"""Counters of Growatt's records that never dip (reference Q3, Q4, Q11).

Around midnight Growatt's counters go to zero, back to yesterday's value and to zero
again, and lifetime totals flash zero; the dashboard's import dips by some 0.1 kWh.
"""

from collections.abc import Mapping
from datetime import datetime
import re
from typing import cast

from ._vendor.core.client.decode import number
from ._vendor.core.ha import guarded as guard
from ._vendor.core.ha.account import Account
from .readings import Value

_COUNTER = re.compile(r"(?:.*_)?energy_(today|month|year|total)|co2_reduction")
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
    watts = max(number(values.get(key), low=0.0) or 0.0 for key in _POWERS)
    return guard.guarded(account, owner, values, at, span=_span, watts=watts)


def _span(key: str) -> guard.Span | None:
    if (found := _COUNTER.fullmatch(key)) is None:
        return None
    return cast(guard.Span, found[1] or "total")
