"""What an intent means in the periodic store (reference 6.2, 6.4 to 6.8)."""

from collections.abc import Sequence
from dataclasses import replace

from .._vendor.core.control.driver import Plan, Settings
from .._vendor.core.control.intent import (
    Edit,
    ForceCharge,
    Hold,
    HoldBlock,
    Intent,
    Row,
    SetReserve,
    SetSchedule,
    SetValues,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import Span, minute_of
from .common import (
    EVERY_DAY,
    HOLD_LIMIT,
    LATEST,
    Context,
    charging_run,
    check_times,
    flags_of,
    rows_by_side,
    to_time,
    whole,
    whole_percent,
)
from .draft import Draft
from .hold import hold_discharge
from .periodic import FLAGS, LEAST_LIMIT, is_weekly, memo
from .periods import Period, free_quarter, period_of, periods_in, power_and_limit

HOLD_POWER = 100
MOST_POWER = 1_000_000


def plan(intent: Intent, base: Settings, context: Context) -> Plan:
    """Return what an intent means here. Raises ``Refusal``."""
    draft = Draft(base.values, weekly=is_weekly(base.raw))
    match intent:
        case ForceCharge():
            found = _force(intent, base.values, draft, context)
        case Hold(block=HoldBlock.BOTH):
            found = _hold_both(intent, base.values, draft, context)
        case Hold():
            found = hold_discharge(intent, base.values, draft, context)
        case SetReserve():
            found = _reserve(intent, draft)
        case SetSchedule():
            found = _schedule(intent, base.values, draft, context)
        case SetValues():
            found = _values(intent.edits, base.values, draft)
        case _:
            return Plan(target={})
    # Both flags are in every request, and neither can be read.
    known = {**base.values, **found.target}
    if found.target and any(known.get(key) is None for key in FLAGS):
        raise Refusal("flags_unknown")
    return replace(found, memo=memo(base, found.target, context.flags))


def _force(intent: ForceCharge, values: Values, draft: Draft, context: Context) -> Plan:
    asked = 100 if intent.target_soc is None else intent.target_soc
    target_soc, warnings = whole_percent(asked, low=LEAST_LIMIT)
    if context.soc is not None and context.soc >= target_soc:
        raise Refusal("soc_above_target", soc=whole(context.soc), target=target_soc)
    power = context.rated if intent.power is None else _watts(intent.power)
    found = _charge_period(intent, values, draft, context, [power, target_soc])
    return replace(
        found,
        effective={**found.effective, "power": power, "target_soc": target_soc},
        warnings=(*warnings, *found.warnings),
    )


def _hold_both(intent: Hold, values: Values, draft: Draft, context: Context) -> Plan:
    """Have the device charge to what it has: then it stands still."""
    if context.soc is None:
        raise Refusal("soc_unknown")
    if context.soc < HOLD_LIMIT:
        raise Refusal("soc_too_low", soc=whole(context.soc), low=HOLD_LIMIT)
    return _charge_period(intent, values, draft, context, [HOLD_POWER, HOLD_LIMIT])


def _charge_period(
    intent: ForceCharge | Hold,
    values: Values,
    draft: Draft,
    context: Context,
    value: Value,
) -> Plan:
    """Add a period for today only, where periods have weekdays, and make room for it.

    Charge periods that the flag would wake are taken out.
    """
    if any(values.get(key) is None for key in FLAGS):
        raise Refusal("flags_unknown")
    run = charging_run(context, intent.until, daily=not draft.weekly)
    if not values["charge.enabled"]:
        for period in filter(draft.is_live, draft.periods("charge")):
            draft.drop(period)
    discharging = [
        draft.values[period.key]
        for period in sorted(
            draft.periods("discharge"), key=draft.is_live, reverse=True
        )
    ]
    days = [
        ((day.isoweekday(),) if draft.weekly else EVERY_DAY, span)
        for day, span in run.days
    ]
    for on, span in days:
        draft.cut("charge", on, span)
        draft.cut("discharge", on, span)
    ours = [draft.add("charge", span, on, value) for on, span in days]
    if discharging and not draft.periods("discharge"):
        _keep_one(draft, discharging[0], days[0])
    local = context.now.astimezone(context.zone)
    draft.make_room(local.isoweekday(), minute_of(local))
    draft.check(lease=True)
    flag: Values = {"charge.enabled": True}
    return Plan(
        target={**flag, **draft.changes(ours)},
        mark={**flag, **dict.fromkeys(filter(None, ours), value)},
        device_until=run.until,
        effective_from=run.effective_from,
        effective={"windows": [str(span) for span in run.spans]},
        warnings=run.warnings,
    )


def _keep_one(draft: Draft, value: Value, force: tuple[tuple[int, ...], Span]) -> None:
    """Leave a quarter of an hour for discharging: the vendor refuses an empty list."""
    days, span = force
    choices = [days, *((day,) for day in EVERY_DAY if draft.weekly)]
    for on in choices:
        taken = [part for day in on for part in draft.taken(day)]
        if (free := free_quarter(span.start, taken)) is not None:
            draft.add("discharge", free, on, value)
            return
    raise Refusal("no_free_slot", periods=", ".join(draft.touched))


def _reserve(intent: SetReserve, draft: Draft) -> Plan:
    soc, warnings = whole_percent(intent.soc, low=LEAST_LIMIT)
    keys = [period.key for period in draft.periods("discharge")]
    for key in keys:
        draft.values[key] = [power_and_limit(draft.values[key])[0], soc]
    draft.check(lease=False)
    return Plan(target=draft.changes(keys), effective={"soc": soc}, warnings=warnings)


def _schedule(
    intent: SetSchedule, values: Values, draft: Draft, context: Context
) -> Plan:
    target = flags_of(intent.switches)
    named: list[str] = []
    for side, rows in rows_by_side(intent).items():
        if not rows:
            raise Refusal("list_empty", mode=side)
        old = draft.periods(side)
        usual = old[0].days if old else EVERY_DAY
        new = _periods_of(rows, values, usual, draft, context)
        for period in old:
            # One without any time is off: it may stay as the place holder that it is.
            if period.start != period.end:
                draft.drop(period)
        draft.values |= new
        named += new
    draft.check(lease=False)
    return Plan(target={**target, **draft.changes(named)})


def _periods_of(
    rows: Sequence[Row],
    values: Values,
    usual: tuple[int, ...],
    draft: Draft,
    context: Context,
) -> dict[str, Value]:
    """Return rows as periods; what a row does not say stays as it is."""
    found: dict[str, Value] = {}
    for row in rows:
        days = usual if row.days is None else tuple(sorted(set(row.days)))
        if not draft.weekly and days != EVERY_DAY:
            raise Refusal("no_weekdays")
        if not days or not set(days) <= set(EVERY_DAY):
            raise Refusal("weekdays_range")
        span = check_times(row.start, row.end)
        period = Period(side=row.mode, start=span.start, end=span.end, days=days)
        while period.key in found:
            period = replace(period, copy=period.copy + 1)
        power, limit = power_and_limit(values.get(period.key))
        if row.soc is not None:
            if row.soc != limit:
                limit, _ = whole_percent(row.soc, low=LEAST_LIMIT)
        elif limit is None:
            raise Refusal("soc_required", mode=row.mode)
        if row.power is not None:
            power = row.power if row.power == power else _watts(row.power)
        elif period.key not in values:
            power = context.rated
        found[period.key] = [power, limit]
    return found


def _watts(power: object) -> int:
    """Return whole W, rounded down. Raises ``Refusal``."""
    if (
        isinstance(power, bool)
        or not isinstance(power, int | float)
        or not 1 <= power <= MOST_POWER
    ):
        raise Refusal("power_range", low=1, high=MOST_POWER)
    return int(power)


def _values(edits: Sequence[Edit], values: Values, draft: Draft) -> Plan:
    now: dict[str, Value] = dict(values)
    named: dict[str, Value] = {}
    for edit in edits:
        changes = edit(now)
        now = in_place(now, changes)
        named |= changes
    flags = {key: value for key, value in named.items() if key in FLAGS}
    for key, value in flags.items():
        if not isinstance(value, bool):
            raise Refusal("unknown_setting", setting=f"{key}: {value}")
    for key in named:
        if key not in FLAGS and period_of(key) is None:
            raise Refusal("unknown_setting", setting=key)
    draft.values = {
        key: value if value == values.get(key) else _checked(key, value, values)
        for key, value in now.items()
        if key in periods_in(now)
    }
    draft.check(lease=False)
    stay = [key for key in named if key in draft.values]
    return Plan(target={**flags, **draft.changes(stay)})


def _checked(key: str, value: Value, values: Values) -> Value:
    """Return a period's value in its form. Raises ``Refusal``."""
    period = period_of(key)
    power, limit = power_and_limit(value)
    before, usual = power_and_limit(values.get(key))
    if period is not None and key not in values:
        if period.start > LATEST or period.end > LATEST:
            raise Refusal("off_grid_time", time=key)
        check_times(to_time(period.start), to_time(period.end))
    if limit is None or limit != usual:
        limit, _ = whole_percent(limit, low=LEAST_LIMIT)
    if power != before or key not in values:
        power = _watts(power)
    return [power, limit]


def in_place(values: Values, changes: Values) -> dict[str, Value]:
    """Return values with changes; a new period takes the place of one that goes."""
    new = [
        key for key, value in changes.items() if key not in values and value is not None
    ]
    result: dict[str, Value] = {}
    for key, value in values.items():
        if key not in changes:
            result[key] = value
        elif changes[key] is not None:
            result[key] = changes[key]
        elif (gone := period_of(key)) is not None:
            for place in new:
                period = period_of(place)
                if period is not None and period.side == gone.side:
                    new.remove(place)
                    result[place] = changes[place]
                    break
    return {**result, **{key: changes[key] for key in new}}
