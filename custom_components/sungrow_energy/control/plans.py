"""What an intent means for a hybrid inverter (reference sections 6.2 and 6.3)."""

from collections.abc import Callable
from dataclasses import dataclass

from .._vendor.core.control.driver import Plan
from .._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Intent,
    SelfUse,
    SetLimits,
    SetMode,
    SetReserve,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from .catalogue import (
    CHARGE,
    CHARGE_LIMIT,
    COMMAND,
    COMPULSORY,
    DISCHARGE,
    EXTERNAL_DISPATCH,
    MAX_CHARGE,
    MAX_DISCHARGE,
    MODE,
    POWER,
    RESERVE,
    SELF_CONSUMPTION,
    STOP,
    VPP,
)

# Modes in which a device is led by another one, and falls back without a heartbeat
LED_MODES = (EXTERNAL_DISPATCH, VPP)
FREE: Values = {MODE: SELF_CONSUMPTION, COMMAND: STOP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a plan is made for: ``soc`` in percent, ``most`` power in W.

    ``fit`` returns a value as the device can hold it, ``modes`` are what it can be in.
    """

    fit: Callable[[str, Value], Value]
    soc: float | None = None
    most: float
    modes: tuple[str, ...] = ()


def plan(intent: Intent, values: Values, context: Context) -> Plan:
    """Return what to set, given the settings without any lease. Raises ``Refusal``."""
    match intent:
        case ForceCharge():
            _check_charge(intent, values, context)
            return _force(CHARGE, intent.power, context)
        case ForceDischarge():
            _check_discharge(intent, values, context)
            return _force(DISCHARGE, intent.power, context)
        case Hold():
            return Plan(
                target={MODE: COMPULSORY, COMMAND: STOP},
                mark={MODE: COMPULSORY},
                effective={"block": str(HoldBlock.BOTH)},
            )
        case SelfUse():
            return Plan(target=FREE)
        case SetReserve():
            soc = context.fit(RESERVE, intent.soc)
            return Plan(target={RESERVE: soc}, effective={"soc": soc})
        case SetLimits():
            return _limits(intent, context)
        case SetMode():
            return _led(intent.mode, context)
    return Plan(target={})


def _force(command: str, power: float | None, context: Context) -> Plan:
    """Only in compulsory mode does a command mean anything."""
    watts = context.fit(POWER, context.most if power is None else power)
    return Plan(
        target={MODE: COMPULSORY, COMMAND: command, POWER: watts},
        mark={MODE: COMPULSORY},
        effective={"power": watts},
    )


def _check_charge(intent: ForceCharge, values: Values, context: Context) -> None:
    soc, target = context.soc, intent.target_soc
    if target is not None and soc is not None and soc >= target:
        raise Refusal("soc_above_target", soc=_plain(soc), target=_plain(target))
    limit = values.get(CHARGE_LIMIT)
    if isinstance(limit, int | float):
        # Above it the device takes nothing (6.3).
        if target is not None and target > limit:
            raise Refusal(
                "target_above_limit", limit=_plain(limit), target=_plain(target)
            )
        if soc is not None and soc >= limit:
            raise Refusal("soc_at_limit", limit=_plain(limit), soc=_plain(soc))


def _check_discharge(intent: ForceDischarge, values: Values, context: Context) -> None:
    soc, target = context.soc, intent.target_soc
    if target is not None and soc is not None and soc <= target:
        raise Refusal("soc_below_target", soc=_plain(soc), target=_plain(target))
    reserve = values.get(RESERVE)
    if isinstance(reserve, int | float):
        if target is not None and target < reserve:
            raise Refusal(
                "target_below_reserve", reserve=_plain(reserve), target=_plain(target)
            )
        if soc is not None and soc <= reserve:
            raise Refusal("soc_at_reserve", reserve=_plain(reserve), soc=_plain(soc))


def _limits(intent: SetLimits, context: Context) -> Plan:
    asked = {
        MAX_CHARGE: intent.charge_power,
        MAX_DISCHARGE: intent.discharge_power,
    }
    target = {
        key: context.fit(key, watts)
        for key, watts in asked.items()
        if watts is not None
    }
    if not target:
        raise Refusal("nothing_to_set")
    return Plan(target=target, effective=target)


def _led(mode: str, context: Context) -> Plan:
    if mode not in LED_MODES or mode not in context.modes:
        offered = ", ".join(one for one in LED_MODES if one in context.modes)
        raise Refusal("unknown_mode", mode=mode, modes=offered)
    return Plan(target={MODE: mode})


def _plain(value: float) -> str:
    return f"{value:g}"
