"""The periodic store as it is read (reference 3.8): all but its flags."""

from collections.abc import Iterable, Mapping
from typing import Any

from .._vendor.core.client.decode import flag, integer, mapping, mappings, time_of_day
from .._vendor.core.control.driver import Settings, Step
from .._vendor.core.control.intent import Row, Value, Values
from .._vendor.core.control.schedule import minute_of
from ..api.models import output, percent
from .common import EVERY_DAY, SIDES, incomplete, of_other_store, to_time, whole
from .periods import Period, is_live, period_of, periods_in, power_and_limit

LEAST_LIMIT = 10
LISTS = {"charge": "chargeTimeList", "discharge": "dischargeTimeList"}
FLAGS = {"charge.enabled": "gridChargeCycle", "discharge.enabled": "ctrDisCycle"}
# Where the memo of a plan has the flags that were set before it
FLAGS_MEMO = "flags"
# They read 0 whatever they are (reference 3.8).
ASSUMED = frozenset(FLAGS)
_READ_ONLY = frozenset({"executeCycleType", "strategyType", "sort"})


def is_weekly(raw: Any) -> bool:
    """Return whether periods have weekdays. Raises ``BadDataError`` if unknown."""
    weekly = flag(mapping(mapping(raw).get("periodic")).get("executeCycleType"))
    if weekly is None:
        raise incomplete("executeCycleType")
    return weekly


def decode(
    raw: Mapping[str, Any], flags: Mapping[str, Any], *, assume: bool
) -> dict[str, Value]:
    """Return the settings by key, periods in their order.

    ``flags`` are those that we sent last, by key; with ``assume`` the others are what
    the periods suggest. Raises ``BadDataError`` if anything else is unknown.
    """
    values: dict[str, Value] = {}
    weekly = is_weekly(raw)
    for side in SIDES:
        for key, period in side_of(raw, side, weekly=weekly):
            values[key] = value_of(period)
    enabled: dict[str, Value] = {}
    for key in FLAGS:
        if isinstance(sent := flags.get(key), bool):
            enabled[key] = sent
        elif assume:
            enabled[key] = suggested(values, key)
    return enabled | values


def side_of(
    raw: Mapping[str, Any], side: str, *, weekly: bool
) -> list[tuple[str, dict[str, Any]]]:
    """Return a side's periods without read-only fields, by key, in their order."""
    wire = mapping(raw.get("periodic")).get(LISTS[side])
    if not isinstance(wire, list | dict):
        raise incomplete(LISTS[side])
    found: dict[str, dict[str, Any]] = {}
    for item in mappings(wire):
        start, end = (
            time_of_day(item.get("beginTime")),
            time_of_day(item.get("endTime")),
        )
        if start is None or end is None or percent(item.get("chargeLimit")) is None:
            raise incomplete(f"a part of a {side} period")
        period = Period(
            side=side,
            start=minute_of(start),
            end=minute_of(end),
            days=weekdays_of(item.get("weeks")) if weekly else EVERY_DAY,
        )
        key = next(key for key in _copies(period) if key not in found)
        found[key] = {k: v for k, v in item.items() if k not in _READ_ONLY}
    return list(found.items())


def _copies(period: Period) -> Iterable[str]:
    """Return the keys of periods that are otherwise the same."""
    yield period.key
    for copy in range(2, 100):
        yield f"{period.key} #{copy}"


def weekdays_of(wire: Any) -> tuple[int, ...]:
    """Return the weekdays; a period that names none has all."""
    days = {
        day
        for item in (wire if isinstance(wire, list) else [])
        if (day := integer(item, low=1, high=7)) is not None
    }
    return tuple(sorted(days)) or EVERY_DAY


def value_of(wire: Mapping[str, Any]) -> list[Any]:
    """Return a period's value: W and percent, None for what is missing."""
    return [
        whole(output(wire.get("chargePower"))),
        whole(percent(wire.get("chargeLimit"))),
    ]


def suggested(values: Values, key: str) -> bool:
    """Return whether a side's periods suggest that its flag is on (reference 6.6)."""
    periods = periods_in(values, key.partition(".")[0])
    return any(is_live(period, values[key]) for key, period in periods.items())


def most_power(values: Values) -> int:
    """Return the highest power of any period in whole W, 0 without one."""
    powers = (power_and_limit(values[key])[0] for key in periods_in(values))
    return max((int(power) for power in powers if power), default=0)


def flags_in(config: Mapping[str, Any]) -> dict[str, bool]:
    """Return the flags of a body by key."""
    return {key: bool(config[name]) for key, name in FLAGS.items()}


def lists_in(wire: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the periods of a body or a reading by key. Raises ``BadDataError``."""
    raw = {"periodic": wire}
    weekly = is_weekly(raw)
    return {
        key: value_of(period)
        for side in SIDES
        for key, period in side_of(raw, side, weekly=weekly)
    }


def memo(base: Settings, target: Values, flags: Mapping[str, Any]) -> dict[str, Any]:
    """Return how periods that a plan changes are on the wire, and what is before them.

    Both flags are in it too, for every put-back sends them. ``flags`` are those of
    now: what a lease has changed is in its own memo.
    """
    weekly = is_weekly(base.raw)
    same = {key: base.values.get(key) for key in FLAGS if flags.get(key) is not None}
    found: dict[str, dict[str, Any]] = {
        FLAGS_MEMO: {key: flag for key, flag in same.items() if flag == flags[key]}
    }
    for side in SIDES:
        before = None
        for key, wire in side_of(mapping(base.raw), side, weekly=weekly):
            if base.values.get(key) != value_of(wire):
                continue  # a lease's own
            if key in target:
                found.setdefault(side, {})[key] = [before, wire]
            before = key
    return found


def steps(changes: Values) -> list[Step]:
    """Return the one request that all changes take."""
    for key in changes:
        if key not in FLAGS and period_of(key) is None:
            raise of_other_store(key)
    return [Step(label="periodic", values=changes)] if changes else []


def rows(values: Values) -> list[Row]:
    """Return the periods that are not off, as ``SetSchedule`` takes them."""
    found = []
    for key, period in periods_in(values).items():
        power, limit = power_and_limit(values[key])
        if period.start != period.end:
            found.append(
                Row(
                    start=to_time(period.start),
                    end=to_time(period.end),
                    mode=period.side,
                    soc=limit,
                    power=power,
                    days=period.days,
                )
            )
    return found


def forced(values: Values, mark: Values) -> dict[str, Value]:
    """Return what switches off the periods of a force of which only a mark is left.

    The mark has the flag of a side and the periods that are the force's own.
    """
    if mark.get("discharge.enabled") and values.get("discharge.enabled") is not False:
        marked = periods_in(mark, "discharge")
        if any(values.get(key) == mark[key] for key in marked):
            return {"discharge.enabled": False}
    if mark.get("charge.enabled") and values.get("charge.enabled") is not False:
        ours = periods_in(mark, "charge")
        left = [key for key in ours if values.get(key) == mark[key]]
        if left and not set(periods_in(values, "charge")) - set(left):
            return {"charge.enabled": False}
        return dict.fromkeys(left)
    return {}
