"""What an intent means for the battery (reference sections 6.2 to 6.6).

Forces and a full hold are set points in manual mode; a hold of discharging is a reserve
of what is in the battery. None as a set point is how a device is left alone: 0 W.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
import math

from . import modes, tou, writable
from ._vendor.core.control.driver import Plan, Range, Settings
from ._vendor.core.control.intent import (
    Edit,
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Intent,
    SelfUse,
    SetMode,
    SetReserve,
    SetSchedule,
    SetValues,
    Value,
    Values,
)
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.validate import check_range
from .api import keys
from .memory import MANUAL_FROM, MODE_BEFORE, RESERVE_BEFORE
from .modes import MANUAL, SELF_CONSUMPTION, TIME_OF_USE
from .set_points import CHARGE, DIRECTIONS, DISCHARGE, Direction
from .writable import MODE, RESERVE, SCHEDULE

_TESTING = "4"
# The vendor's modes by number and name, but for self-use, which has its own word, and
# the one that is for tests of the firm's own people.
MODE_NAMES: Mapping[str, str] = {
    number: name
    for number, name in modes.MODES.items()
    if number not in {SELF_CONSUMPTION, _TESTING}
}
MODES: Mapping[str, str] = {name: number for number, name in MODE_NAMES.items()}
OFFERED = (MODE_NAMES[MANUAL], MODE_NAMES[TIME_OF_USE])

_LEFT_ALONE: Mapping[str, Value] = dict.fromkeys(DIRECTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a plan is made for: usable ``soc`` in percent, ``most`` power in W.

    ``found`` are the modes that the battery has had, ``way_back`` is that in which it
    went by itself before somebody selected manual mode.
    """

    soc: float | None = None
    most: int | None = None
    found: frozenset[str] = frozenset()
    way_back: str = SELF_CONSUMPTION


def plan(intent: Intent, base: Settings, context: Context) -> Plan:
    """Return what to set, given the settings without any lease. Raises ``Refusal``."""
    values = base.values
    match intent:
        case ForceCharge():
            return _charge(intent, values, context)
        case ForceDischarge():
            return _discharge(intent, values, context)
        case Hold(block=HoldBlock.BOTH):
            return _manual(CHARGE, 0, values)
        case Hold():
            return _hold_discharge(values, context)
        case SelfUse():
            manual = values.get(MODE) == MANUAL
            return Plan(target=_mode(context.way_back if manual else SELF_CONSUMPTION))
        case SetReserve():
            _check_there(values, RESERVE, keys.RESERVE)
            percent = writable.check_reserve(intent.soc)
            return Plan(target={RESERVE: percent}, effective={"soc": percent})
        case SetMode():
            return _set_mode(intent.mode, values, context)
        case SetSchedule():
            return _schedule(intent, values)
        case SetValues():
            return Plan(target=_edited(intent.edits, values))
    raise Refusal("not_supported", can="-")


def _charge(intent: ForceCharge, values: Values, context: Context) -> Plan:
    target, soc = intent.target_soc, context.soc
    if target is not None and soc is not None and soc >= target:
        raise Refusal("soc_above_target", soc=_plain(soc), target=_plain(target))
    return _manual(CHARGE, _watts(intent.power, context), values)


def _discharge(intent: ForceDischarge, values: Values, context: Context) -> Plan:
    target, soc = intent.target_soc, context.soc
    if target is not None and soc is not None and soc <= target:
        raise Refusal("soc_below_target", soc=_plain(soc), target=_plain(target))
    reserve = values.get(RESERVE)
    if isinstance(reserve, int):
        # On the grid the battery gives nothing of its reserve (6.3).
        if target is not None and target < reserve:
            raise Refusal(
                "target_below_reserve", reserve=reserve, target=_plain(target)
            )
        if soc is not None and soc <= reserve:
            raise Refusal("soc_at_reserve", reserve=reserve, soc=_plain(soc))
    return _manual(DISCHARGE, _watts(intent.power, context), values)


def _manual(direction: Direction, watts: int, values: Values) -> Plan:
    """Tell both directions what to do: an old set point may come back to life."""
    opposite = DISCHARGE if direction == CHARGE else CHARGE
    return Plan(
        target={MODE: MANUAL, opposite: 0, direction: watts},
        memo={MODE_BEFORE: values.get(MODE)},
        mark={MODE: MANUAL},
        effective={"power": watts},
    )


def _watts(asked: float | None, context: Context) -> int:
    """Return whole W, the device's most if nothing was said. Raises ``Refusal``."""
    if asked is None:
        if context.most is None:
            raise Refusal("power_unknown")
        return context.most
    if context.most is not None:
        check_range(asked, Range(low=0, high=context.most), "power_range")
    return int(asked)


def _hold_discharge(values: Values, context: Context) -> Plan:
    """Let what is in the battery be its reserve; more is kept if that was said.

    Set points do not mind the reserve: in manual mode it rests altogether.
    """
    if values.get(MODE) == MANUAL:
        rest = _manual(CHARGE, 0, values)
        return replace(rest, effective={"power": 0, "block": str(HoldBlock.BOTH)})
    _check_there(values, RESERVE, keys.RESERVE)
    if context.soc is None:
        raise Refusal("soc_unknown")
    before = values[RESERVE]
    held = max(keys.LOWEST_RESERVE, min(100, math.ceil(context.soc)))
    if isinstance(before, int):
        held = max(held, before)
    return Plan(
        target={RESERVE: held},
        memo={RESERVE_BEFORE: before},
        # A reserve that was so before is nothing that anybody would have to end.
        mark={RESERVE: held} if held != before else {MODE: values.get(MODE)},
        effective={"soc": held},
    )


def _set_mode(name: str, values: Values, context: Context) -> Plan:
    mode = MODES.get(name)
    offered = {values.get(MODE), *context.found, *map(MODES.get, OFFERED)}
    if mode is None or mode not in offered:
        raise Refusal("mode_not_offered", mode=name[:32])
    if mode == MANUAL:
        if values.get(MODE) == MANUAL:
            return Plan(target={MODE: MANUAL})
        return Plan(
            target={MODE: MANUAL, DISCHARGE: 0, CHARGE: 0},
            memo={MANUAL_FROM: values.get(MODE)},
        )
    return Plan(target=_mode(mode))


def _schedule(intent: SetSchedule, values: Values) -> Plan:
    _check_there(values, SCHEDULE, keys.SCHEDULE)
    windows = tou.windows_of(intent)
    if not isinstance(values[SCHEDULE], list) and not intent.clear:
        raise Refusal("schedule_of_another_kind")
    if not intent.rows and not intent.clear:
        return Plan(target={})
    idle = values.get(MODE) != TIME_OF_USE and bool(windows)
    return Plan(
        target={SCHEDULE: windows}, warnings=("time_of_use_is_off",) if idle else ()
    )


def _edited(edits: Sequence[Edit], values: Values) -> dict[str, Value]:
    target: dict[str, Value] = {}
    for edit in edits:
        target |= edit({**values, **target})
    return {key: writable.check(key, value, values) for key, value in target.items()}


def _mode(mode: str) -> dict[str, Value]:
    """Return a mode that goes by itself, and what is left of manual mode."""
    return {MODE: mode, **_LEFT_ALONE}


def _check_there(values: Values, key: str, name: str) -> None:
    if key not in values:
        raise Refusal("unknown_setting", setting=name)


def _plain(percent: float) -> str:
    return f"{percent:g}"
