"""The periodic store as it is written (reference 3.9): always as a whole."""

from collections.abc import Mapping
from typing import Any

from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import BadDataError
from .._vendor.core.control.driver import Settings, Step
from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.schedule import format_time
from .common import EVERY_DAY, SIDES, of_other_store
from .periodic import (
    FLAGS,
    FLAGS_MEMO,
    LEAST_LIMIT,
    LISTS,
    is_weekly,
    side_of,
    suggested,
    value_of,
    weekdays_of,
)
from .periods import Period, free_quarter, period_of, periods_in, power_and_limit

STUB_POWER = 100


def body(
    step: Step, settings: Settings, memo: Mapping[str, Any], sent: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the whole store with the step's changes.

    ``sent`` are the flags that we sent last, by key. Where they are lost, those that
    were set before a lease stand in its memo; only without either they are guessed.
    What is not asked to change stays as it was read, to the byte; what is put back
    becomes as it was, in its place. The vendor refuses an empty list: a side that
    would have none gets a harmless quarter of an hour, and is switched off.
    Raises ``BadDataError`` if a part of the store is unknown.
    """
    raw = mapping(settings.raw)
    weekly = is_weekly(raw)
    lists = {
        side: _changed(
            dict(side_of(raw, side, weekly=weekly)),
            {
                key: value
                for key, value in step.values.items()
                if (period := period_of(key)) is not None and period.side == side
            },
            mapping(memo.get(side)),
        )
        for side in SIDES
    }
    known = (step.values, sent, mapping(memo.get(FLAGS_MEMO)), settings.values)
    flags: dict[str, Value] = {
        key: next((one[key] for one in known if one.get(key) is not None), None)
        for key in FLAGS
    }
    after = {
        key: value_of(wire)
        for periods in lists.values()
        for key, wire in periods.items()
    }
    for key, value in flags.items():
        if value is None:
            flags[key] = suggested(after, key)
    for side in SIDES:
        if not lists[side]:
            lists[side] = {"": _wire(_stub(side, after), [STUB_POWER, LEAST_LIMIT])}
            flags[f"{side}.enabled"] = False
    return {
        "executeCycleType": raw["periodic"]["executeCycleType"],
        **{FLAGS[key]: int(bool(value)) for key, value in flags.items()},
        **{LISTS[side]: list(periods.values()) for side, periods in lists.items()},
    }


def _changed(
    now: dict[str, dict[str, Any]],
    changes: Mapping[str, Value],
    memo: Mapping[str, Any],
) -> dict[str, dict[str, Any]]:
    """Return a side's list with changes; a new period takes the place of a removed one."""
    known = {key: value for key in memo if (value := changes.get(key)) is not None}
    new = [
        key
        for key, value in changes.items()
        if value is not None and key not in now and key not in known
    ]
    result: dict[str, dict[str, Any]] = {}
    for key, wire in now.items():
        if key not in changes:
            result[key] = wire
        elif (value := changes[key]) is not None:
            result[key] = _as_before(memo, key, value) or _with(wire, value)
        elif new:
            place = new.pop(0)
            result[place] = _wire(period_of(place), changes[place], wire)
    for key in new:
        result[key] = _wire(period_of(key), changes[key])
    return _put_in(
        result,
        {
            key: _as_before(memo, key, value) or _wire(period_of(key), value)
            for key, value in known.items()
            if key not in result
        },
        {key: memo[key][0] for key in memo},
    )


def _put_in(
    result: dict[str, dict[str, Any]],
    old: dict[str, dict[str, Any]],
    before: Mapping[str, str | None],
) -> dict[str, dict[str, Any]]:
    """Return the list with old periods behind what was before them.

    Of two that were behind the same one, the first was taken out first.
    """
    order = list(result)
    waiting = list(reversed(old))
    while waiting:
        # One whose neighbour comes back too waits for it.
        key = next((k for k in waiting if before[k] not in waiting), waiting[0])
        waiting.remove(key)
        anchor = before[key]
        while anchor is not None and anchor in before and anchor not in order:
            anchor = before[anchor]
        if anchor is None:
            order.insert(0, key)
        elif anchor in order:
            order.insert(order.index(anchor) + 1, key)
        else:
            order.append(key)
    return {key: old[key] if key in old else result[key] for key in order}


def _as_before(
    memo: Mapping[str, Any], key: str, value: Value
) -> dict[str, Any] | None:
    """Return a period as it was on the wire, if it is to be as it was."""
    if key not in memo or value_of(memo[key][1]) != value:
        return None
    return dict(memo[key][1])


def _with(wire: Mapping[str, Any], value: Value) -> dict[str, Any]:
    """Return a period with another power or limit; what is the same keeps its form."""
    fields = ("chargePower", "chargeLimit")
    pairs = zip(fields, power_and_limit(value), value_of(wire), strict=True)
    return {**wire, **{name: new for name, new, old in pairs if new != old}}


def _wire(
    period: Period | None, value: Value, like: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a period for the wire; ``like`` is the one whose place it takes."""
    if period is None:
        raise of_other_store("period")
    power, limit = power_and_limit(value)
    wire = {
        **(like or {}),
        "beginTime": format_time(period.start),
        "endTime": format_time(period.end),
        "chargePower": power,
        "chargeLimit": limit,
    }
    if like is None or weekdays_of(like.get("weeks")) != period.days:
        wire["weeks"] = list(period.days)
    return wire


def _stub(side: str, values: Values) -> Period:
    others = [part for period in periods_in(values).values() for part in period.parts]
    span = free_quarter(0, others)
    if span is None:
        raise BadDataError(
            "a side of the schedule cannot be empty", reason="list_empty"
        )
    return Period(side=side, start=span.start, end=span.end, days=EVERY_DAY)
