"""Peak shaving and delayed charging, which share two places (reference section 6.3)."""

from collections.abc import Mapping
from typing import Any

from .._vendor.core.client.decode import integer, mapping, number
from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.schedule import format_time, parse_time
from .catalogue import (
    DELAYED,
    DELAYED_EXPORT,
    DELAYED_MONTHS,
    DELAYED_PV_FIRST,
    DELAYED_RELEASE,
    DELAYED_START,
    PEAK,
    PEAK_END,
    PEAK_POWER,
    PEAK_SOC,
    PEAK_START,
)
from .request import Request, switched

PLACES = ("DemandOrDelayed1", "DemandOrDelayed2")
RELEASE = "DelayedChargeEnable"
_PEAK_ON, _PEAK_OFF = 252, 3
_DELAYED_ON, _DELAYED_OFF = 250, 5
_PEAK_PARTS = {
    PEAK_START: "Start",
    PEAK_END: "End",
    PEAK_SOC: "SOC",
    PEAK_POWER: "PowerLimit",
}
_DELAYED_PARTS = {
    DELAYED_START: "End",
    DELAYED_EXPORT: "PowerLimit",
    DELAYED_MONTHS: "Month",
    DELAYED_PV_FIRST: "ChargePriority",
}
_ALL_DAYS = list(range(7))
_PREFIX = "DemandOrDelayed"
PEAK_SETTINGS = frozenset(_PEAK_PARTS)
DELAYED_SETTINGS = frozenset(_DELAYED_PARTS)


def places(named: Mapping[str, Any]) -> tuple[int, int]:
    """Return in which place peak shaving is, and in which delayed charging."""
    one, two = (_enable(named, n) for n in (1, 2))
    peak, delayed = (_PEAK_ON, _PEAK_OFF), (_DELAYED_ON, _DELAYED_OFF)
    if one in peak or two in delayed:
        return 1, 2
    if one in delayed or two in peak:
        return 2, 1
    return 1, 2


def decode(named: Mapping[str, Any]) -> dict[str, Value]:
    """Return what is set of both, as far as it was read."""
    peak, delayed = places(named)
    values: dict[str, Value] = {}
    if (enable := _enable(named, peak)) is not None:
        values |= {
            PEAK: enable == _PEAK_ON,
            PEAK_START: _time(_part(named, peak, "Start")),
            PEAK_END: _time(_part(named, peak, "End")),
            PEAK_SOC: number(_part(named, peak, "SOC"), low=0, high=100),
            PEAK_POWER: number(_part(named, peak, "PowerLimit"), low=0),
        }
    if (enable := _enable(named, delayed)) is not None:
        share = number(_part(named, delayed, "PowerLimit"), low=0, high=1000)
        first = integer(_part(named, delayed, "ChargePriority"), low=0, high=1)
        values |= {
            DELAYED: enable == _DELAYED_ON,
            DELAYED_START: _time(_part(named, delayed, "End")),
            DELAYED_EXPORT: None if share is None else share / 10,
            DELAYED_PV_FIRST: None if first is None else first == 0,
            DELAYED_MONTHS: _months(_part(named, delayed, "Month")),
        }
    release = integer(mapping(named.get(RELEASE)).get(RELEASE), low=0, high=1)
    if release is not None:
        values[DELAYED_RELEASE] = bool(release)
    return {key: value for key, value in values.items() if value is not None}


def request_of(
    changes: Values, values: Values, named: Mapping[str, Any]
) -> Request | None:
    """Return what sets the changes of one step; None if they are of something else.

    ``values`` are those that will hold, ``named`` what was last read.
    """
    peak, delayed = places(named)
    if PEAK in changes:
        on = bool(changes[PEAK])
        return Request(
            name=PLACES[peak - 1],
            data=_switch(peak, _PEAK_ON if on else _PEAK_OFF),
            logs={"peak_shaving": switched(on=on)},
        )
    if not PEAK_SETTINGS.isdisjoint(changes):
        return _peak(values, named, peak)
    if DELAYED in changes:
        on = bool(changes[DELAYED])
        return Request(
            name=PLACES[delayed - 1],
            data=_switch(delayed, _DELAYED_ON if on else _DELAYED_OFF),
            logs={"delayed_charge": switched(on=on)},
        )
    if DELAYED_RELEASE in changes:
        on = bool(changes[DELAYED_RELEASE])
        return Request(
            name=RELEASE,
            data={RELEASE: int(on)},
            logs={"delayed_charge": switched(on=on)},
        )
    if not DELAYED_SETTINGS.isdisjoint(changes):
        return _delayed(values, named, delayed)
    return None


def lacking(changes: Values, values: Values, named: Mapping[str, Any]) -> str | None:
    """Return a part of a whole to be written of which nothing was ever read.

    ``values`` are those that will hold.
    """
    for n, parts in zip(places(named), (_PEAK_PARTS, _DELAYED_PARTS), strict=True):
        if parts.keys().isdisjoint(changes):
            continue
        for key, part in parts.items():
            if key not in values and _part(named, n, part) is None:
                return key
    return None


def _peak(values: Values, named: Mapping[str, Any], n: int) -> Request:
    data = _whole_of(_PEAK_PARTS, values, named, n)
    data |= _switch(n, _kept(named, n, (_PEAK_ON, _PEAK_OFF)))
    logs = {
        "peak_shaving_soc": _wire(PEAK_SOC, values),
        "import_pw_peaklimit": values.get(PEAK_POWER),
        "start_t": values.get(PEAK_START),
        "end_t": values.get(PEAK_END),
    }
    return Request(name=PLACES[n - 1], data=data, logs=_told(logs))


def _delayed(values: Values, named: Mapping[str, Any], n: int) -> Request:
    data = _whole_of(_DELAYED_PARTS, values, named, n)
    data |= _switch(n, _kept(named, n, (_DELAYED_ON, _DELAYED_OFF)))
    first = values.get(DELAYED_PV_FIRST)
    logs = {
        "peak_power_sales_limit": values.get(DELAYED_EXPORT),
        "pv_prioritize_battery_charge": None
        if first is None
        else switched(on=bool(first)),
        "end_t": values.get(DELAYED_START),
        "month": _wire(DELAYED_MONTHS, values),
    }
    return Request(name=PLACES[n - 1], data=data, logs=_told(logs))


def _whole_of(
    parts: Mapping[str, str], values: Values, named: Mapping[str, Any], n: int
) -> dict[str, Any]:
    """Return the fields of a place; one that was not understood stays as it was."""
    found = {
        _name(named, n, part): _wire(key, values)
        if key in values
        else _part(named, n, part)
        for key, part in parts.items()
    }
    return _told(found)


def _wire(key: str, values: Values) -> Any:
    """Return a value as it is on the wire; None if it is not known."""
    value = values.get(key)
    if value is None:
        return None
    if key == DELAYED_EXPORT and isinstance(value, int | float):
        return round(value * 10)
    if key == DELAYED_PV_FIRST:
        return int(value is False)
    if isinstance(value, list):
        return [month - 1 for month in value]
    return _whole(value) if key == PEAK_SOC else value


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _switch(n: int, enable: int) -> dict[str, Any]:
    return {f"{_PREFIX}WeekEnable{n}": enable, f"{_PREFIX}Week{n}": _ALL_DAYS}


def _kept(named: Mapping[str, Any], n: int, known: tuple[int, int]) -> int:
    """Return whether it is on as it is; what was never used is saved as off."""
    enable = _enable(named, n)
    return enable if enable in known else known[1]


def _enable(named: Mapping[str, Any], n: int) -> int | None:
    return integer(_part(named, n, "WeekEnable"))


def _part(named: Mapping[str, Any], n: int, part: str) -> Any:
    return mapping(named.get(PLACES[n - 1])).get(_name(named, n, part))


def _name(named: Mapping[str, Any], n: int, part: str) -> str:
    """Return what a field is called; some were seen without their prefix."""
    place, short = mapping(named.get(PLACES[n - 1])), f"{part}{n}"
    return short if short in place else f"{_PREFIX}{short}"


def _time(raw: object) -> str | None:
    try:
        return format_time(parse_time(raw)) if isinstance(raw, str) else None
    except ValueError:
        return None


def _months(raw: object) -> list[Any] | None:
    if not isinstance(raw, list):
        return None
    found = {integer(one, low=0, high=11) for one in raw}
    return sorted(one + 1 for one in found if one is not None)


def _whole(value: Value) -> Value:
    return int(value) if isinstance(value, float) and value.is_integer() else value
