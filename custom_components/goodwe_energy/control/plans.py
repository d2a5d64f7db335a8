"""What an intent means for an inverter with a battery (reference section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from .._vendor.core.client.decode import mapping
from .._vendor.core.control.driver import Plan, Range, Settings
from .._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    SetMode,
    SetReserve,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.runs import acting_run
from .._vendor.core.control.validate import check_range
from . import named, placing
from .catalogue import (
    IMMEDIATE,
    IMMEDIATE_POWER,
    IMMEDIATE_SOC,
    OFF_GRID,
    OFFERED_MODES,
    OPERATION,
    PEAK,
    RESERVE,
    TOU,
)
from .dialect import Dialect
from .power import share_of, watts_of
from .settings_reader import NAMED
from .slots import EMPTY, FLOOR, LATEST, hidden, slots_in

TOU_MODE, OFF_GRID_MODE = "tou", "off_grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a plan is made for.

    ``soc`` in percent, ``rated`` in W; ``immediate`` are the settings of immediate
    charging that the device has.
    """

    now: datetime
    zone: tzinfo
    dialect: Dialect | None
    soc: float | None = None
    rated: float | None = None
    immediate: Mapping[str, Range] = field(default_factory=dict)
    modes: tuple[str, ...] = ()


def charge(intent: ForceCharge, base: Settings, context: Context) -> Plan:
    """Charge at once if the device can, else in a slot. Raises ``Refusal``."""
    target, soc = intent.target_soc, context.soc
    _check_on_grid(base)
    listed = context.immediate
    # Without slots it is better than nothing
    at_once = is_at_once(intent, listed) or not slots_in(base.values)
    at_once = at_once and IMMEDIATE in listed
    register = listed.get(IMMEDIATE_SOC) if at_once else None
    most = 100.0 if register is None else register.high
    end = most if target is None else target
    if soc is not None and soc >= end:
        raise Refusal("soc_above_target", soc=_plain(soc), target=_plain(end))
    if at_once:
        return _immediate(intent, context, end)
    return _in_slots(intent, base, context, end)


def is_at_once(intent: ForceCharge, immediate: Mapping[str, Range]) -> bool:
    """Whether immediate charging can be told all of what is asked."""
    return (
        IMMEDIATE in immediate
        and (intent.power is None or IMMEDIATE_POWER in immediate)
        and (intent.target_soc is None or IMMEDIATE_SOC in immediate)
    )


def discharge(intent: ForceDischarge, base: Settings, context: Context) -> Plan:
    """Discharge in a slot: nothing does it at once (6.4). Raises ``Refusal``."""
    target, soc = intent.target_soc, context.soc
    _check_on_grid(base)
    if target is not None and soc is not None and soc <= target:
        raise Refusal("soc_below_target", soc=_plain(soc), target=_plain(target))
    reserve = base.values.get(RESERVE)
    floor = float(reserve) if isinstance(reserve, int | float) else None
    if floor is not None:
        if target is not None and target < floor:
            raise Refusal(
                "target_below_reserve", reserve=_plain(floor), target=_plain(target)
            )
        if soc is not None and soc <= floor:
            raise Refusal("soc_at_reserve", reserve=_plain(floor), soc=_plain(soc))
    least = FLOOR if floor is None else floor
    if target is None and soc is not None and soc <= least:
        raise Refusal("soc_below_target", soc=_plain(soc), target=_plain(least))
    return _in_slots(intent, base, context, least if target is None else target)


def reserve(intent: SetReserve, base: Settings, allowed: Range) -> Plan:
    """Keep some percent. Raises ``Refusal``."""
    check_range(intent.soc, allowed, "soc_range")
    if intent.until is not None and RESERVE not in base.values:
        # Nobody knows what it would have to go back to
        raise Refusal("unknown_setting", setting=RESERVE)
    soc = float(round(intent.soc))
    return Plan(target={RESERVE: soc}, effective={"soc": soc})


def mode(intent: SetMode, context: Context) -> Plan:
    """Select one of the modes of the first dialect. Raises ``Refusal``."""
    if intent.mode not in context.modes:
        raise Refusal(
            "unknown_mode", mode=intent.mode[:32], modes=", ".join(context.modes)
        )
    return Plan(target={OPERATION: intent.mode})


def offered_modes(modes: tuple[str, ...]) -> tuple[str, ...]:
    """Return what can be picked in passing."""
    return tuple(one for one in modes if one in OFFERED_MODES)


def _check_on_grid(base: Settings) -> None:
    """Raise ``Refusal`` if the owner has cut the house off: a force would end that."""
    if base.values.get(OPERATION) == OFF_GRID_MODE or base.values.get(OFF_GRID) is True:
        raise Refusal("off_grid")


def _immediate(intent: ForceCharge, context: Context, end: float) -> Plan:
    """The device ends it at ``end`` percent, never at a time (6.2)."""
    target: dict[str, Value] = {}
    effective: dict[str, Any] = {}
    if IMMEDIATE_SOC in context.immediate:
        soc = float(round(end))
        check_range(soc, context.immediate[IMMEDIATE_SOC], "soc_range")
        target[IMMEDIATE_SOC] = soc
        effective["target_soc"] = soc
    if IMMEDIATE_POWER in context.immediate:
        share = _share(intent.power, context)
        target[IMMEDIATE_POWER] = share
        effective |= _shown(share, context)
    elif intent.power is not None:
        raise Refusal("no_power_setting")
    return Plan(
        target={**target, IMMEDIATE: True},
        mark={IMMEDIATE: True},
        effective=effective,
    )


def _share(power: float | None, context: Context) -> float:
    """Return W in the percent that the register takes; None is the most of it."""
    allowed, rated = context.immediate[IMMEDIATE_POWER], context.rated
    if power is None:
        return allowed.high
    share = share_of(power, rated, 1)
    if rated and not allowed.low <= share <= allowed.high:
        low, high = (rated * percent / 100 for percent in (allowed.low, allowed.high))
        raise Refusal("power_range", low=_plain(low), high=_plain(high))
    return share


def _in_slots(
    intent: ForceCharge | ForceDischarge,
    base: Settings,
    context: Context,
    soc: float,
) -> Plan:
    """Take a slot, two over midnight; those in the way are cut meanwhile."""
    values = base.values
    dialect = context.dialect
    switch = {OPERATION: TOU_MODE} if OPERATION in values else {TOU: True}
    if dialect is None or not slots_in(values):
        raise Refusal("not_supported", can="-")
    base.require(switch)
    if values.get(PEAK) is True:
        raise Refusal("modes_exclusive", one=TOU, other=PEAK)
    share = share_of(intent.power, context.rated, 100 / dialect.full)
    run = acting_run(
        context.now, intent.until, context.zone, daily=False, latest=LATEST, grid=1
    )
    if run is None:
        raise Refusal("last_minute_of_day")
    power = -share if isinstance(intent, ForceCharge) else share
    wanted = [placing.slot_for(day, span, power, round(soc)) for day, span in run.days]
    read = mapping(mapping(base.raw).get(NAMED))
    placed = placing.lease(wanted, values, hidden(read, dialect))
    # Elsewhere a discharge goes on as far as the device lets it, unless we watch it
    ends_there = (
        isinstance(intent, ForceCharge)
        or intent.target_soc is not None
        or RESERVE in values
        or named.has_floor(read)
    )
    return Plan(
        target={**placed.cuts, **placed.ours, **switch},
        mark=dict(placed.ours),
        device_until=run.until,
        effective_from=run.effective_from,
        effective={
            **_shown(share, context),
            **({"target_soc": round(soc)} if ends_there else {}),
            "windows": [str(span) for span in run.spans],
        },
        warnings=run.warnings,
    )


def ends(settings: Settings, mark: Values) -> dict[str, Value]:
    """Return what ends a force of which only ``mark`` is known."""
    return {
        key: value
        for key, value in ended(mark).items()
        if settings.values.get(key) == mark[key]
        # Nothing will ever tell that it is over, if nobody was told so
        or (key in settings.assumed and key not in settings.values)
    }


def ended(mark: Values) -> dict[str, Value]:
    """Return what ends a force safely, whatever is set now."""
    found: dict[str, Value] = dict.fromkeys(slots_in(mark), EMPTY.value)
    if mark.get(IMMEDIATE) is True:
        found[IMMEDIATE] = False
    return found


def _shown(share: float, context: Context) -> dict[str, Any]:
    watts = watts_of(share, context.rated)
    return {"percent": share} | ({} if watts is None else {"power": watts})


def _plain(value: float) -> str:
    return f"{value:g}"
