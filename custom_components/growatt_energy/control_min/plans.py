"""What an intent means for a MIN (control.md section 5, reference 6.2, 6.3, 6.6).

Forces are remote control where the model has it, else a time segment; holds are a power
limit of nothing, for which no segment is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
import math
from typing import Any

from .. import control_vpp_plans as vpp_plans
from .._vendor.core.control.driver import Plan, Settings
from .._vendor.core.control.intent import (
    Edit,
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Intent,
    SelfUse,
    SetLimits,
    SetMode,
    SetReserve,
    SetSchedule,
    SetValues,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.runs import acting_run
from ..control_common import LATEST, Context, percent_of, plain, watts_of
from ..control_settings import CLOCK, check_clock
from . import placing, segments, values as single
from .segments import BATTERY, GRID, KEYS, MODES
from .values import (
    AC_CHARGE,
    AC_CHARGE_STOP,
    CHARGE_POWER,
    CHARGE_STOP,
    DISCHARGE_POWER,
    RESERVE,
)

# What the mode of the whole day is kept in: the last one, for the first ones win.
MODE_KEY = KEYS[-1]
# Load first is what the device does without any: that is self-use.
DAY_MODES = (MODES[BATTERY], MODES[GRID])
SWITCHES = {"ac_charge": AC_CHARGE}

_HELD = {
    HoldBlock.DISCHARGE: (DISCHARGE_POWER,),
    HoldBlock.CHARGE: (CHARGE_POWER,),
    HoldBlock.BOTH: (CHARGE_POWER, DISCHARGE_POWER),
}


def plan(intent: Intent, base: Settings, context: Context, *, remote: bool) -> Plan:
    """Return what to set, given the settings without any lease.

    ``remote``: the model has remote control. Raises ``Refusal``.
    """
    values = base.values
    match intent:
        case ForceCharge():
            return _charge(intent, values, context, remote=remote)
        case ForceDischarge():
            return _discharge(intent, values, context, remote=remote)
        case Hold():
            return _hold(intent, values)
        case SelfUse():
            ended = vpp_plans.self_use(values) if remote else {}
            return Plan(target=ended | placing.without_whole_day(MODE_KEY, values))
        case SetReserve():
            _check_there(values, RESERVE)
            soc = math.ceil(intent.soc)
            soc_set = single.check(RESERVE, soc, values)
            return Plan(target={RESERVE: soc_set}, effective={"soc": soc})
        case SetLimits():
            return _limits(intent, values, context)
        case SetMode():
            return _set(_mode(intent.mode, values), base)
        case SetSchedule():
            return _schedule(intent, values)
        case SetValues():
            return _set(_edited(intent.edits, values), base)
    raise Refusal("not_supported", can="-")


def floor_of(values: Values) -> float:
    """Return the percent below which the battery gives nothing on the grid (6.2)."""
    found = values.get(RESERVE)
    return float(found) if isinstance(found, int) else 0.0


def ceiling_of(values: Values) -> float:
    """Return the percent from which on nothing is charged from the grid (6.2)."""
    stops = (values.get(key) for key in (CHARGE_STOP, AC_CHARGE_STOP))
    return float(min([stop for stop in stops if isinstance(stop, int)], default=100))


def _charge(
    intent: ForceCharge, values: Values, context: Context, *, remote: bool
) -> Plan:
    target, soc = intent.target_soc, context.soc
    if target is not None and soc is not None and soc >= target:
        raise Refusal("soc_above_target", soc=plain(soc), target=plain(target))
    if remote:
        return vpp_plans.force(intent, values, context)
    found = _force(intent, BATTERY, CHARGE_POWER, {AC_CHARGE: True}, values, context)
    if target is not None and target > ceiling_of(values):
        warnings = (*found.warnings, "target_above_limit")
        return replace(found, warnings=warnings)
    return found


def _discharge(
    intent: ForceDischarge, values: Values, context: Context, *, remote: bool
) -> Plan:
    target, soc, floor = intent.target_soc, context.soc, floor_of(values)
    if target is not None and soc is not None and soc <= target:
        raise Refusal("soc_below_target", soc=plain(soc), target=plain(target))
    if target is not None and target < floor:
        raise Refusal(
            "target_below_reserve", reserve=plain(floor), target=plain(target)
        )
    if soc is not None and soc <= floor:
        raise Refusal("soc_at_reserve", reserve=plain(floor), soc=plain(soc))
    if remote:
        return vpp_plans.force(intent, values, context)
    return _force(intent, GRID, DISCHARGE_POWER, {}, values, context)


def _force(
    intent: ForceCharge | ForceDischarge,
    mode: int,
    power_key: str,
    switches: Mapping[str, Value],
    values: Values,
    context: Context,
) -> Plan:
    """Take unused segments; those in the way are cut (control.md section 5)."""
    if not segments.segments_in(values):
        raise Refusal("not_supported", can="-")
    for key in (power_key, *switches):
        _check_there(values, key)
    percent = percent_of(intent.power, context.rated, least=1)
    run = acting_run(
        context.now,
        intent.until,
        context.zone,
        daily=True,
        latest=LATEST,
        grid=1,
    )
    if run is None:
        raise Refusal("last_minute_of_day")
    placed = placing.lease(mode, run.spans, values)
    effective: dict[str, Any] = {
        "percent": percent,
        "windows": [str(span) for span in run.spans],
    }
    if (watts := watts_of(percent, context.rated)) is not None:
        effective["power"] = watts
    return Plan(
        target={power_key: percent, **switches, **placed.cuts, **placed.ours},
        mark=dict(placed.ours),
        device_until=run.until,
        effective_from=run.effective_from,
        effective=effective,
        warnings=run.warnings,
    )


def _hold(intent: Hold, values: Values) -> Plan:
    keys = _HELD[intent.block]
    for key in keys:
        _check_there(values, key)
    target: dict[str, Value] = dict.fromkeys(keys, 0)
    changed = {key: 0 for key in keys if values[key] != 0}
    # A limit that was so before is nothing that anybody would have to end.
    return Plan(target=target, mark=changed or {KEYS[0]: None})


def _limits(intent: SetLimits, values: Values, context: Context) -> Plan:
    asked = {
        CHARGE_POWER: intent.charge_power,
        DISCHARGE_POWER: intent.discharge_power,
    }
    target: dict[str, Value] = {}
    effective: dict[str, Any] = {}
    for key, watts in asked.items():
        if watts is None:
            continue
        _check_there(values, key)
        target[key] = percent = percent_of(watts, context.rated)
        effective[key] = watts_of(percent, context.rated)
    return Plan(target=target, effective=effective)


def _mode(name: str, values: Values) -> dict[str, Value]:
    if name not in DAY_MODES:
        raise Refusal("mode_not_offered", mode=name[:32])
    return placing.whole_day(MODES.index(name), MODE_KEY, values)


def _set(target: Values, base: Settings) -> Plan:
    """Return what sets segments; a lease whose segments they would meet ends first."""
    return Plan(target=target, ends=placing.leased_meeting(target, base))


def _schedule(intent: SetSchedule, values: Values) -> Plan:
    for name in intent.switches:
        if name not in SWITCHES:
            raise Refusal("unknown_switch", switch=name, switches=", ".join(SWITCHES))
        _check_there(values, SWITCHES[name])
    target: dict[str, Value] = {
        SWITCHES[name]: value for name, value in intent.switches.items()
    }
    if intent.rows or intent.clear:
        target |= placing.schedule(intent, values)
    warned = any(row.mode == MODES[BATTERY] for row in intent.rows) and not (
        {**values, **target}.get(AC_CHARGE)
    )
    return Plan(target=target, warnings=("grid_charging_is_off",) if warned else ())


def _edited(edits: Sequence[Edit], values: Values) -> dict[str, Value]:
    asked: dict[str, Value] = {}
    for edit in edits:
        asked |= edit({**values, **asked})
    target: dict[str, Value] = {}
    for key, value in asked.items():
        if key in KEYS:
            target[key] = segments.check(key, value, values)
        elif vpp_plans.is_key(key) and key in values:
            target[key] = vpp_plans.check(key, value)
        elif key == CLOCK:
            target[key] = check_clock(value)
        else:
            target[key] = single.check(key, value, values)
    placing.check_apart(target, values)
    return target


def _check_there(values: Values, key: str) -> None:
    if key not in values:
        raise Refusal("unknown_setting", setting=key)
