"""Puts a light answer into the last full one (reference 5.3), both as they came."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .api.models import Channel, PriceRecord

# In the order of how well a price is known
_ACTUAL, _CURRENT, _FORECAST = _KINDS = (
    "ActualInterval",
    "CurrentInterval",
    "ForecastInterval",
)

type Records = list[dict[str, Any]]
type _ByStart = dict[datetime, dict[str, Any]]


def merge(full: Sequence[Any] | None, light: Sequence[Any]) -> Records:
    """Return the records of ``full`` with what ``light`` knows better.

    The interval that runs by ``light`` replaces the one of ``full``, which stays as an
    actual one if it has ended and was confirmed. Forecasts that are not in the future
    any more go. A confirmed price is not given up for an estimate of the same
    interval, nor a newer interval for an older one: such records of ``light`` are
    left out, as a push and a poll can overtake each other. Channels that ``light``
    does not have stay as they are, and odd records go.
    """
    old, new = _by_channel(full or ()), _by_channel(light)
    result: Records = []
    for channel in Channel:
        before, after = old.get(channel, {}), new.get(channel, {})
        result += _merged(before, after) if after else before.values()
    return result


def without_past(records: Records) -> Records:
    """Return what is not over: of a whole day most is, and all would be read anew."""
    return [record for record in records if record.get("type") != _ACTUAL]


def _merged(before: _ByStart, after: _ByStart) -> list[dict[str, Any]]:
    was, runs = _running(before), _running(after)
    if runs is None:
        # Only past or future records: they add to what is known
        runs = was
    elif was is not None and (
        was > runs or (was == runs and _confirmed(before[was], after[runs]))
    ):
        before, after, runs = after, before, was
    result: _ByStart = {}
    for start, record in [*after.items(), *before.items()]:
        kind = record.get("type")
        if kind == _CURRENT and start != runs:
            if record.get("estimate") is not False:
                continue  # nobody knows what it became
            record, kind = _as_actual(record), _ACTUAL
        past = kind == _FORECAST and runs is not None and start <= runs
        if not past and _rank(record) < _rank(result.get(start)):
            result[start] = record
    return [result[start] for start in sorted(result)]


def _rank(record: dict[str, Any] | None) -> int:
    """Return how well a price is known, 0 is best."""
    return len(_KINDS) if record is None else _KINDS.index(record["type"])


def _as_actual(record: dict[str, Any]) -> dict[str, Any]:
    left = {key: value for key, value in record.items() if key != "estimate"}
    return {**left, "type": _ACTUAL}


def _confirmed(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Return whether only ``before`` is final."""
    return before.get("estimate") is False and after.get("estimate") is True


def _running(records: _ByStart) -> datetime | None:
    """Return the start of the interval that runs; the latest, if there are several."""
    starts = [start for start, item in records.items() if item.get("type") == _CURRENT]
    return max(starts, default=None)


def _by_channel(
    records: Sequence[Any],
) -> dict[Channel, _ByStart]:
    """Return the records by channel and start; the first of each counts."""
    result: dict[Channel, _ByStart] = {}
    for item in records:
        record = PriceRecord.from_wire(item) if isinstance(item, dict) else None
        if record is not None and item.get("type") in _KINDS:
            start = record.span.start.replace(second=0, microsecond=0)
            result.setdefault(record.channel, {}).setdefault(start, item)
    return result
