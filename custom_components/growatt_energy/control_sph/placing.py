"""Finds places for periods and makes room for them (control.md, section 5)."""

from collections.abc import Iterable, Sequence

from .._vendor.core.control.driver import Step
from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import Span, cut_all
from .groups import CHARGE, SLOTS, fixed, is_period, period_key, periods, side_of
from .period import LATEST, OFF, Period, from_value


def place(
    values: Values, sides: Iterable[str], side: str, spans: Sequence[Span]
) -> dict[str, Value]:
    """Return what has ``side`` cover the spans while no other period does.

    Periods in the way are cut to the longest of what is left of them. Raises
    ``Refusal`` (``no_free_slot``) where there are not enough places, or a period is in
    the way that cannot be written: one of others, or one over midnight (section 6.3),
    which could be cut and never be put back.
    """
    ours = [Period(span.start, span.end, on=True) for span in spans]
    target: dict[str, Value] = {}
    for other in sides:
        for period in fixed(values, other).values():
            if other != side and _meets(period, spans):
                raise Refusal("no_free_slot", slots=period)
        for slot, period in periods(values, other).items():
            kept = other == side and period in ours
            if not kept and _meets(period, spans):
                if period.end <= period.start:
                    raise Refusal("no_free_slot", slots=period)
                target[period_key(other, slot)] = str(_rest(period, spans))
    return {**target, **_placed({**values, **target}, side, ours)}


def free_of_charging(values: Values, spans: Sequence[Span]) -> list[Span]:
    """Return the spans without the times in which the battery is charged anyway.

    All of them where so many pieces do not fit in.
    """
    charging = [
        part for period in periods(values, CHARGE).values() for part in period.live
    ]
    pieces = cut_all(spans, charging)
    return pieces if len(pieces) <= len(SLOTS) else list(spans)


def arrange(values: Values, side: str, wanted: Sequence[Period]) -> dict[str, Value]:
    """Return what has a side have these periods and no others.

    What is there keeps its place, what is not wanted is switched off. Raises
    ``Refusal`` (``rows_too_many``).
    """
    if len(wanted) > len(SLOTS):
        raise Refusal("rows_too_many", mode=side, most=len(SLOTS))
    now = periods(values, side)
    left = list(wanted)
    target: dict[str, Value] = {}
    for slot in SLOTS:
        period = now.get(slot)
        if period is not None and period in left:
            left.remove(period)
        elif period is None or period.live:
            target[period_key(side, slot)] = str(OFF)
    return {**target, **_placed({**values, **target}, side, left)}


def stay_apart(order: Sequence[Step], values: Values) -> bool:
    """Whether no two periods meet after any of the steps."""
    now = dict(values)
    for step in order:
        now |= step.values
        live = [
            (side_of(key), part)
            for key, value in now.items()
            if is_period(key) and (period := from_value(value)) is not None
            for part in period.live
        ]
        for number, (side, part) in enumerate(live):
            if any(
                side != other and part.overlaps(another)
                for other, another in live[number + 1 :]
            ):
                return False
    return True


def _placed(values: Values, side: str, ours: Sequence[Period]) -> dict[str, Value]:
    now = periods(values, side)
    left = [period for period in ours if period not in now.values()]
    free = sorted(
        (slot for slot, period in now.items() if not period.live),
        # One without times before one that is only switched off
        key=lambda slot: (bool(now[slot].parts), slot),
    )
    if len(free) < len(left):
        raise Refusal(
            "no_free_slot",
            slots=", ".join(str(now[slot]) for slot in now if slot not in free),
        )
    return {
        period_key(side, slot): str(period)
        for slot, period in zip(free, left, strict=False)
    }


def _meets(period: Period, spans: Sequence[Span]) -> bool:
    return any(part.overlaps(span) for part in period.live for span in spans)


def _rest(period: Period, spans: Sequence[Span]) -> Period:
    """Return the longest part of a period that meets none of the spans."""
    parts = [part.within(0, LATEST) for part in period.live]
    if not (pieces := cut_all(parts, spans)):
        return OFF
    longest = max(pieces, key=len)
    return Period(longest.start, longest.end, on=True)
