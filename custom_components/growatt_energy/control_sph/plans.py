"""What an intent means in periods (reference sections 6.1, 6.4, 6.5)."""

from collections.abc import Sequence

from .._vendor.core.control.driver import Plan
from .._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    Intent,
    SetExportLimit,
    SetSchedule,
    SetValues,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.runs import Run, acting_run
from .._vendor.core.control.schedule import Span
from ..control_common import Context, percent_of, plain, watts_of
from . import edits, schedule
from .groups import AC, CHARGE, DISCHARGE, LOAD_FIRST, POWER, STOP_SOC, periods
from .period import LATEST, Period
from .placing import free_of_charging, place
from .store import EXPORT_LIMIT, EXPORT_PERCENT, Store, whole_soc


def plan(intent: Intent, values: Values, context: Context, store: Store) -> Plan:
    """Return what to set, given the settings without any lease. Raises ``Refusal``."""
    match intent:
        case ForceCharge():
            return _charge(intent, values, context, store)
        case ForceDischarge():
            return _discharge(intent, values, context, store)
        case Hold():
            return _hold(intent, values, context, store)
        case SetExportLimit():
            return _export(intent, values)
        case SetSchedule():
            return schedule.plan(intent, values, context, store)
        case SetValues():
            return Plan(target=edits.plan(intent, values, store))
        case _:
            return Plan(target={})


def check_target(intent: ForceCharge | ForceDischarge, context: Context) -> None:
    """Raise ``Refusal`` if the battery is at or beyond the target already."""
    if intent.target_soc is None:
        return
    if isinstance(intent, ForceCharge):
        _check_below(intent.target_soc, context)
    else:
        _check_above(intent.target_soc, context)


def _check_below(target: float, context: Context) -> None:
    if context.soc is not None and context.soc >= target:
        raise Refusal("soc_above_target", soc=plain(context.soc), target=plain(target))


def _check_above(target: float, context: Context) -> None:
    if context.soc is not None and context.soc <= target:
        raise Refusal("soc_below_target", soc=plain(context.soc), target=plain(target))


def _charge(
    intent: ForceCharge, values: Values, context: Context, store: Store
) -> Plan:
    """Charge up to a target, else to what the owner has set for it."""
    key = f"{CHARGE}.{STOP_SOC}"
    target_soc = _target(intent, values.get(key), key)
    _check_below(target_soc, context)
    more: dict[str, Value] = {key: target_soc}
    if AC in store.group(CHARGE).heads:
        more[f"{CHARGE}.{AC}"] = True
    return _forced(intent, CHARGE, target_soc, more, values, context, store)


def _discharge(
    intent: ForceDischarge, values: Values, context: Context, store: Store
) -> Plan:
    """Discharge down to a target, else to what the owner has set for it."""
    key = f"{DISCHARGE}.{STOP_SOC}"
    target_soc = _target(intent, values.get(key), key)
    _check_above(target_soc, context)
    more: Values = {key: target_soc}
    return _forced(intent, DISCHARGE, target_soc, more, values, context, store)


def _target(intent: ForceCharge | ForceDischarge, usual: Value, key: str) -> int:
    """Return the target of a force; ``usual`` is the owner's, which ``key`` names."""
    if intent.target_soc is not None:
        return whole_soc(intent.target_soc)
    if not isinstance(usual, int):
        raise Refusal("group_unknown", settings=key)
    return usual


def _forced(
    intent: ForceCharge | ForceDischarge,
    side: str,
    target_soc: int,
    more: Values,
    values: Values,
    context: Context,
    store: Store,
) -> Plan:
    percent = percent_of(intent.power, context.rated, least=1)
    run = _run(context, intent)
    placed = place(values, store.sides, side, run.spans)
    watts = watts_of(percent, context.rated)
    return _timed(
        run,
        {f"{side}.{POWER}": percent, **more, **placed},
        _mark({**values, **placed}, side, run.spans),
        {"target_soc": target_soc} | ({} if watts is None else {"power": watts}),
    )


def _hold(intent: Hold, values: Values, context: Context, store: Store) -> Plan:
    """Let nothing be discharged: by windows for that, else with 0 % grid first (6.4)."""
    run = _run(context, intent)
    if not (spans := free_of_charging(values, run.spans)):
        # Nothing is discharged while the battery is charged.
        return _timed(run, {}, {}, {})
    side = LOAD_FIRST if LOAD_FIRST in store.sides else DISCHARGE
    placed = place(values, store.sides, side, spans)
    power: Values = {f"{DISCHARGE}.{POWER}": 0} if side == DISCHARGE else {}
    return _timed(
        run,
        {**power, **placed},
        {**power, **_mark({**values, **placed}, side, spans)},
        {},
    )


def _timed(run: Run, target: Values, mark: Values, effective: Values) -> Plan:
    return Plan(
        target=target,
        mark=mark,
        device_until=run.until,
        effective_from=run.effective_from,
        effective={"windows": [str(span) for span in run.spans], **effective},
        warnings=tuple(w for w in run.warnings if w != "gap_at_midnight"),
    )


def _run(context: Context, intent: ForceCharge | ForceDischarge | Hold) -> Run:
    run = acting_run(
        context.now, intent.until, context.zone, daily=True, latest=LATEST, grid=1
    )
    if run is None:
        raise Refusal("last_minute_of_day")
    return run


def _mark(values: Values, side: str, spans: Sequence[Span]) -> dict[str, Value]:
    """Return the periods that are those of a force."""
    ours = [Period(span.start, span.end, on=True) for span in spans]
    return {
        f"{side}.period{slot}": str(period)
        for slot, period in periods(values, side).items()
        if period in ours
    }


def _export(intent: SetExportLimit, values: Values) -> Plan:
    if intent.power is not None:
        raise Refusal("export_percent_only")
    if EXPORT_LIMIT not in values or EXPORT_PERCENT not in values:
        raise Refusal("unknown_setting", setting=EXPORT_LIMIT)
    if intent.percent is None:
        return Plan(target={EXPORT_LIMIT: False})
    percent = int(intent.percent)
    return Plan(
        target={EXPORT_LIMIT: True, EXPORT_PERCENT: percent},
        effective={"percent": percent},
    )
