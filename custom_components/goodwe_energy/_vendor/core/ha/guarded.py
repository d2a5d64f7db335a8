"""All counters of a record at once, each with the guard that its span asks for."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from ..client.decode import number
from . import rising
from .account import Account

type Span = Literal["today", "week", "month", "year", "total"]

# By how much a counter may exceed what its owner can do, for those larger than any house
_MARGIN = 2.0


def guarded[T](
    account: Account,
    owner: str,
    values: Mapping[str, T],
    at: datetime,
    *,
    span: Callable[[str], Span | None],
    watts: float = 0.0,
) -> dict[str, T | float | None]:
    """Return the values of a record with counters that only rise.

    Args:
        account: remembers the counters, as ``<owner>/<key>``
        owner: serial of the device, or what stands for the plant
        values: the record
        at: when the record was made, aware, in the plant's zone
        span: what a key counts, None for one that is no counter
        watts: the most power that the owner is known to have
    """
    power = max(rising.MAX_POWER_KW, _MARGIN * watts / 1000)
    found: dict[str, T | float | None] = dict(values)
    for key, value in values.items():
        if (counted := span(key)) is None:
            continue
        state = account.counter(f"{owner}/{key}")
        reading = number(value, low=0.0)
        if counted == "today":
            found[key] = rising.day_counter(state, reading, at.date(), at, power=power)
        elif (start := _start(counted, at)) is not None:
            found[key] = rising.period_counter(state, reading, start, at, power=power)
        else:
            found[key] = rising.total_counter(state, reading, at, power=power)
    return found


def _start(span: Span, at: datetime) -> datetime | None:
    """Return when the week, month or year of a time began; None for all other spans."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match span:
        case "week":
            return midnight - timedelta(days=midnight.weekday())
        case "month":
            return midnight.replace(day=1)
        case "year":
            return midnight.replace(month=1, day=1)
    return None
