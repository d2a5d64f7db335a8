"""Hold in the periodic store: discharging is allowed elsewhere only (reference 6.8)."""

from datetime import datetime

from .._vendor.core.control.driver import Plan
from .._vendor.core.control.intent import Hold, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.runs import Run
from .._vendor.core.control.schedule import Span, complement, first_after, minute_of
from .common import EVERY_DAY, USABLE, Context, blocking_run, next_time
from .draft import PER_DAY, PER_WEEK, Draft
from .periodic import FLAGS, LEAST_LIMIT
from .periods import free_quarter, power_and_limit

# Windows of a day without a hold: it is only reached if nobody puts back for long.
_MOST_ELSEWHERE = 2


def hold_discharge(
    intent: Hold, values: Values, draft: Draft, context: Context
) -> Plan:
    """Keep what may be discharged out of the hold's time. Raises ``Refusal``.

    Time control without a window is ignored by the device: each day that had one, or
    could be discharged at any time, keeps one.
    """
    if any(values.get(key) is None for key in FLAGS):
        raise Refusal("flags_unknown")
    run = blocking_run(context, intent.until, daily=not draft.weekly)
    holes: dict[int, list[Span]] = {}
    for date, span in run.days:
        for day in (date.isoweekday(),) if draft.weekly else EVERY_DAY:
            holes.setdefault(day, []).append(span)
    live = any(map(draft.is_live, draft.periods("discharge")))
    only_inside = values["discharge.enabled"] and live
    if only_inside:
        until = _cut(draft, run, holes, context)
    else:
        until = _allow_elsewhere(draft, run, holes, context)
    local = context.now.astimezone(context.zone)
    draft.make_room(local.isoweekday(), minute_of(local))
    draft.check(lease=True)
    windows = [period.key for period in draft.periods("discharge")]
    flag: Values = {"discharge.enabled": True}
    return Plan(
        target={**flag, **draft.changes()},
        mark={
            **flag,
            **{
                key: draft.values[key]
                for key in windows
                if not only_inside or draft.values[key] != values.get(key)
            },
        },
        device_until=until,
        effective={"discharge_windows": windows},
    )


def _cut(
    draft: Draft, run: Run, holes: dict[int, list[Span]], context: Context
) -> datetime:
    """Cut the windows that are there. Return when the device ends the hold."""
    before = {day: _live_value(draft, day) for day in holes}
    for day, spans in holes.items():
        for span in spans:
            draft.cut("discharge", (day,) if draft.weekly else EVERY_DAY, span)
    until = run.until
    for day, spans in holes.items():
        value = before[day]
        if value is not None and _live_value(draft, day) is None:
            until = min(until, _stub(draft, day, spans, value, context, run))
    return until


def _live_value(draft: Draft, day: int) -> Value:
    return next(
        (
            draft.values[period.key]
            for period in draft.periods("discharge")
            if day in period.days and draft.is_live(period)
        ),
        None,
    )


def _stub(
    draft: Draft,
    day: int,
    spans: list[Span],
    value: Value,
    context: Context,
    run: Run,
) -> datetime:
    """Allow a quarter of an hour as far away as can be; return when it comes."""
    days = (day,) if draft.weekly else EVERY_DAY
    taken = [part for one in days for part in draft.taken(one)]
    free = free_quarter(spans[0].start, [*taken, *spans]) or free_quarter(
        spans[0].start, taken
    )
    if free is None:
        raise Refusal("no_free_slot", periods=", ".join(draft.values))
    draft.add("discharge", free, days, value)
    inside = any(free.overlaps(span) for span in spans)
    return next_time(context, free.start) if inside else run.until


def _allow_elsewhere(
    draft: Draft, run: Run, holes: dict[int, list[Span]], context: Context
) -> datetime:
    """Allow all times but the hold's, as it was before; where charging is, nothing can.

    Discharge periods that the flag would wake are taken out.
    """
    old = [(period, draft.drop(period)) for period in draft.periods("discharge")]
    limit = next((power_and_limit(value)[1] for _, value in old), LEAST_LIMIT)
    value: Value = [context.rated, limit]
    end = run.spans[-1].end
    free = {
        day: complement(
            [*draft.taken(day, "charge"), *holes.get(day, [])], within=USABLE
        )
        for day in EVERY_DAY
    }
    for most in (_MOST_ELSEWHERE, 1):
        chosen = {}
        for day, spans in free.items():
            usable = [part for span in spans if len(part := span.on_grid())]
            room = PER_DAY - len(draft.taken(day, "charge"))
            if day in holes:
                chosen[day] = first_after(usable, end)[: max(room, 1)]
            else:
                longest = sorted(usable, key=len, reverse=True)
                chosen[day] = longest[: max(min(room, most), 1)]
        charging = sum(len(draft.taken(day, "charge")) for day in EVERY_DAY)
        if charging + sum(map(len, chosen.values())) <= PER_WEEK:
            break
    windows: dict[Span, list[int]] = {}
    for day, spans in chosen.items():
        for span in spans:
            windows.setdefault(span, []).append(day)
    for span, days in windows.items():
        draft.add("discharge", span, days, value)
    until = run.until
    for day, spans in holes.items():
        if not chosen[day]:
            until = min(until, _stub(draft, day, spans, value, context, run))
            if not draft.weekly:
                break
    return until
