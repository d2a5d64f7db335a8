"""Single settings: what a value may be, and what cannot be beside each other."""

from collections.abc import Mapping

from .._vendor.core.client.decode import mapping
from .._vendor.core.control.driver import Plan, Range, Settings
from .._vendor.core.control.intent import SetExportLimit, SetValues, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import format_time, parse_time
from .._vendor.core.control.validate import check_range
from . import named, placing
from .catalogue import (
    BACKUP,
    BACKUP_GRID,
    BACKUP_POWER,
    BY_KEY,
    DELAYED,
    DELAYED_RELEASE,
    EXPORT,
    EXPORT_PERCENT,
    EXPORT_POWER,
    OPERATION,
    PEAK,
    TOU,
)
from .dialect import Dialect
from .setting import Form
from .settings_reader import NAMED
from .slots import LATEST, Slot, checked, slots_in

# What peak shaving cannot be beside (6.3): the portal keeps them apart.
_BESIDE_PEAK = (TOU, BACKUP, DELAYED)


def plan(
    intent: SetValues,
    base: Settings,
    ranges: Mapping[str, Range],
    modes: tuple[str, ...],
    dialect: Dialect | None,
) -> Plan:
    """Return what sets them; ``ranges`` are of all that there is. Raises ``Refusal``."""
    values = base.values
    target: dict[str, Value] = {}
    for edit in intent.edits:
        target |= edit({**values, **target})
    found: dict[str, Value] = {}
    for key, value in target.items():
        if key not in ranges or not BY_KEY[key].writable:
            raise Refusal("unknown_setting", setting=key)
        found[key] = _fit(key, value, ranges[key], modes, dialect)
    if DELAYED in found and DELAYED_RELEASE in values:
        # Two settings that the portal writes one after the other (6.3)
        found[DELAYED_RELEASE] = found[DELAYED]
    _check_beside(found, {**values, **base.leased})
    read = mapping(mapping(base.raw).get(NAMED))
    lacking = named.lacking(found, {**values, **found}, read) if dialect else None
    if lacking is not None:
        raise Refusal("unknown_setting", setting=lacking)
    return Plan(target=found, ends=placing.beside(slots_in(found).values(), base))


def export_limit(
    intent: SetExportLimit, base: Settings, ranges: Mapping[str, Range]
) -> Plan:
    """Return what limits what is fed in. Raises ``Refusal``."""
    target: dict[str, Value] = {}
    if intent.power is not None:
        if EXPORT_POWER not in ranges:
            raise Refusal("unknown_setting", setting=EXPORT_POWER)
        check_range(intent.power, ranges[EXPORT_POWER], "power_range")
        target = {EXPORT_POWER: float(int(intent.power)), EXPORT: True}
    elif intent.percent is not None:
        if EXPORT_PERCENT not in ranges:
            raise Refusal("export_watts_only")
        check_range(intent.percent, ranges[EXPORT_PERCENT], "percent_range")
        target = {EXPORT_PERCENT: float(int(intent.percent)), EXPORT: True}
    else:
        target = {EXPORT: False}
    if intent.until is not None and not target.keys() <= base.values.keys():
        # Nobody knows what it would have to go back to
        raise Refusal("unknown_setting", setting=EXPORT)
    shown = {"power": target.get(EXPORT_POWER), "percent": target.get(EXPORT_PERCENT)}
    effective = {name: value for name, value in shown.items() if value is not None}
    return Plan(target=target, effective=effective or {"unlimited": True})


def _check_beside(found: Values, values: Values) -> None:
    """Raise ``Refusal`` for what the device would not be told by its own portal."""
    after = {**values, **found}
    if after.get(PEAK) is True:
        for key in _BESIDE_PEAK:
            if after.get(key) is True and (PEAK in found or key in found):
                raise Refusal("modes_exclusive", one=PEAK, other=key)
    if BACKUP_POWER in found and not after.get(BACKUP_GRID):
        # It cannot be told then (6.3)
        raise Refusal("needs_other", setting=BACKUP_POWER, other=BACKUP_GRID)


def _fit(
    key: str,
    value: Value,
    allowed: Range,
    modes: tuple[str, ...],
    dialect: Dialect | None,
) -> Value:
    """Return a value as the device can hold it. Raises ``Refusal``."""
    match BY_KEY[key].form:
        case Form.SWITCH if isinstance(value, bool):
            return value
        case Form.NUMBER if isinstance(value, int | float) and value is not True:
            check_range(value, allowed, "setting_range")
            return round(round(value / allowed.step) * allowed.step, 2)
        case Form.TIME if isinstance(value, str):
            return _time(value)
        case Form.CHOICE if key == OPERATION and value in modes:
            return value
        case Form.SLOT if dialect is not None and (slot := Slot.of(value)):
            return checked(slot, dialect).value
        case Form.MONTHS if isinstance(value, list) and value:
            if set(value) <= set(range(1, 13)):
                return sorted(value)
    raise Refusal("unknown_setting", setting=f"{key}: {value}"[:64])


def _time(value: str) -> str:
    try:
        minute = parse_time(value)
    except ValueError:
        raise Refusal("unknown_setting", setting=value[:8]) from None
    return format_time(min(minute, LATEST))
