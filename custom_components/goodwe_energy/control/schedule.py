"""Slots as the rows of a schedule (reference section 6.4)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from itertools import combinations

from .._vendor.core.control.driver import Plan, Settings
from .._vendor.core.control.intent import Row, SetSchedule, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import (
    DAY,
    format_time,
    minute_of,
    parse_time,
    wrap,
)
from .._vendor.core.control.validate import whole_minute
from . import placing
from .catalogue import PEAK, TOU
from .dialect import Dialect
from .power import share_of, watts_of
from .slots import (
    ALL_DAYS,
    ALL_MONTHS,
    CHARGE,
    DISCHARGE,
    EMPTY,
    LATEST,
    Slot,
    slots_in,
)

MODES = (CHARGE, DISCHARGE)


def read_schedule(
    values: Values, rated: float | None
) -> tuple[list[Row], dict[str, bool]]:
    """Return the slots that are on in the words of ``SetSchedule``, and the switch."""
    rows = [_row(slot, rated) for slot in slots_in(values).values() if _counts(slot)]
    on = values.get(TOU)
    return rows, {TOU: on} if isinstance(on, bool) else {}


def plan(
    intent: SetSchedule, base: Settings, dialect: Dialect, rated: float | None
) -> Plan:
    """Return what sets a schedule; rows that are there keep their slot.

    Slots that are off stay unless their place is needed. Raises ``Refusal``.
    """
    values = base.values
    named = _modes_of(intent)
    for name in intent.switches:
        if name != TOU or TOU not in values:
            offered = TOU if TOU in values else "-"
            raise Refusal("unknown_switch", switch=name, switches=offered)
    if intent.switches.get(TOU) is True and values.get(PEAK) is True:
        raise Refusal("modes_exclusive", one=TOU, other=PEAK)
    target: dict[str, Value] = {}
    if named:
        target |= _slots(intent.rows, named, values, dialect, rated)
    return Plan(
        target=target | dict(intent.switches),
        ends=placing.beside(slots_in(target).values(), base),
    )


def _slots(
    rows: Sequence[Row],
    named: set[str],
    values: Values,
    dialect: Dialect,
    rated: float | None,
) -> dict[str, Value]:
    present = slots_in(values)
    kept: dict[str, Slot] = {}
    wanted: list[Slot] = []
    for row in rows:
        same = next(
            (
                key
                for key, slot in present.items()
                if key not in kept
                and _counts(slot)
                and set(slot.months) == set(ALL_MONTHS)
                and _row(slot, rated) == _full(row)
            ),
            None,
        )
        if same is None:
            wanted += _slots_of(row, dialect, rated)
        else:
            kept[same] = present[same]
    kept |= {
        key: slot
        for key, slot in present.items()
        if _counts(slot) and slot.mode not in named
    }
    all_on = [*kept.values(), *wanted]
    for one, other in combinations(all_on, 2):
        if one.meets(other) and (one in wanted or other in wanted):
            raise Refusal(
                "rows_overlap",
                one=f"{one.start}-{one.end}",
                other=f"{other.start}-{other.end}",
            )
    going = [key for key, slot in present.items() if _counts(slot) and key not in kept]
    unused = [key for key, slot in present.items() if not slot.used]
    off = [key for key, slot in present.items() if slot.used and not slot.on]
    free = [*going, *unused, *off]
    if len(free) < len(wanted):
        raise Refusal("rows_too_many", mode=wanted[-1].mode, most=len(present))
    placed = dict(zip(free, wanted, strict=False))
    result: dict[str, Value] = {key: EMPTY.value for key in going if key not in placed}
    return result | {key: slot.value for key, slot in placed.items()}


def _slots_of(row: Row, dialect: Dialect, rated: float | None) -> list[Slot]:
    """Return the slots of a row: one over midnight takes two, on its days and the next."""
    start = minute_of(whole_minute(row.start))
    # The last minute before midnight is as late as a slot can end.
    end = minute_of(whole_minute(row.end)) or LATEST
    if start == end:
        raise Refusal("empty_window", time=format_time(start))
    share = share_of(row.power, rated, 100 / dialect.full)
    charging = row.mode == CHARGE
    soc = row.soc if row.soc is not None else 100 if charging else 10
    if not float(soc).is_integer():
        raise Refusal("soc_range", low=0, high=100)
    slot = Slot(
        on=True,
        days=tuple(sorted(set(row.days or ALL_DAYS))),
        power=-share if charging else share,
        soc=int(soc),
    ).complete()
    parts = [part.within(0, LATEST) for part in wrap(start, end)]
    found = []
    for number, part in enumerate(part for part in parts if len(part)):
        days = slot.days
        if number:
            days = tuple(sorted(day % 7 + 1 for day in days))
        found.append(
            replace(
                slot,
                start=format_time(part.start),
                end=format_time(part.end),
                days=days,
            )
        )
    return found


def _row(slot: Slot, rated: float | None) -> Row:
    days = None if set(slot.days) == set(ALL_DAYS) else slot.days
    watts = None if abs(slot.power) == 100 else watts_of(slot.power, rated)
    return Row(
        start=_clock(slot.start),
        end=_clock(slot.end),
        mode=slot.mode,
        soc=float(slot.soc),
        power=None if watts is None else float(watts),
        days=days,
    )


def _full(row: Row) -> Row:
    """Return a row as one that was read says the same."""
    soc = row.soc if row.soc is not None else 100 if row.mode == CHARGE else 10
    days = None if set(row.days or ALL_DAYS) == set(ALL_DAYS) else row.days
    return replace(row, soc=float(soc), days=days and tuple(sorted(days)))


def _modes_of(intent: SetSchedule) -> set[str]:
    modes = {row.mode for row in intent.rows} | intent.clear
    for mode in sorted(modes):
        if mode not in MODES:
            raise Refusal("unknown_mode", mode=mode, modes=", ".join(MODES))
    return modes


def _counts(slot: Slot) -> bool:
    return slot.on and slot.used


def _clock(text: str) -> time:
    minute = parse_time(text) % DAY
    return time(minute // 60, minute % 60)
