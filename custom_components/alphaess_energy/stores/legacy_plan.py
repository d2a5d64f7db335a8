"""What an intent means in the legacy store (reference 6.2, 6.7, 6.8)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .._vendor.core.client.decode import mapping
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
from .._vendor.core.control.schedule import QUARTER, cut_all, first_after, parse_time
from .common import (
    EVERY_DAY,
    HOLD_LIMIT,
    LATEST,
    USABLE,
    Context,
    blocking_run,
    charging_run,
    check_apart,
    check_times,
    flags_of,
    next_time,
    rows_by_side,
    stub_before,
    to_time,
    whole,
    whole_percent,
    window_text,
)
from .legacy import KEYS, OFF, SLOTS, parts_of, usable_parts


def plan(intent: Intent, base: Settings, context: Context) -> Plan:
    """Return what an intent means here. Raises ``Refusal``."""
    match intent:
        case ForceCharge():
            found = _force(intent, base.values, context)
        case Hold(block=HoldBlock.BOTH):
            found = _hold_both(intent, base.values, context)
        case Hold():
            found = _hold_discharge(intent, base.values, context)
        case SetReserve():
            soc, warnings = whole_percent(intent.soc, low=0)
            found = Plan(
                target={"discharge.limit": soc},
                effective={"soc": soc},
                warnings=warnings,
            )
        case SetSchedule():
            found = _schedule(intent, base.values)
        case SetValues():
            found = _values(intent.edits, base.values)
        case _:
            return Plan(target={})
    memo: dict[str, dict[str, Any]] = {}
    for key in found.target:
        wire = mapping(mapping(base.raw).get(KEYS[key].side))
        if KEYS[key].of(wire) == base.values.get(key):
            fields = {name: wire[name] for name in KEYS[key].fields}
            memo.setdefault(KEYS[key].side, {}).update(fields)
    return replace(found, memo=memo)


def _force(intent: ForceCharge, values: Values, context: Context) -> Plan:
    if intent.power is not None:
        raise Refusal("no_power_setting")
    asked = 100 if intent.target_soc is None else intent.target_soc
    target_soc, warnings = whole_percent(asked, low=0)
    if context.soc is not None and context.soc >= target_soc:
        raise Refusal("soc_above_target", soc=whole(context.soc), target=target_soc)
    found = _charge_window(intent, values, context, target_soc)
    return replace(
        found,
        effective={**found.effective, "target_soc": target_soc},
        warnings=(*warnings, *found.warnings),
    )


def _hold_both(intent: Hold, values: Values, context: Context) -> Plan:
    """Have the device charge to what it has: then it stands still."""
    if context.soc is None:
        raise Refusal("soc_unknown")
    return _charge_window(intent, values, context, min(HOLD_LIMIT, int(context.soc)))


def _charge_window(
    intent: ForceCharge | Hold, values: Values, context: Context, limit: int
) -> Plan:
    """Take an unused window, or the first; what the flag would wake is put to sleep."""
    run = charging_run(context, intent.until, daily=True)
    ours = [str(span) for span in run.spans]
    current = [str(values[f"charge.{slot}"]) for slot in SLOTS]
    slots = dict(zip(SLOTS, ours, strict=False))
    if len(ours) == 1:
        free = next((n for n, text in enumerate(current) if not parts_of(text)), 0)
        slots = {SLOTS[free]: ours[0]}
        other = current[1 - free]
        if parts_of(other):
            rest = other if values["charge.enabled"] else OFF
            if any(part.overlaps(run.spans[0]) for part in parts_of(rest)):
                pieces = cut_all(usable_parts(rest), run.spans)
                rest = str(max(pieces, key=len)) if pieces else OFF
            if rest != other:
                slots[SLOTS[1 - free]] = rest
    flag: Values = {"charge.enabled": True}
    windows = {f"charge.{slot}": text for slot, text in slots.items()}
    return Plan(
        target={
            **flag,
            "charge.limit": limit,
            **windows,
        },
        mark={**flag, **{key: text for key, text in windows.items() if text in ours}},
        device_until=run.until,
        effective_from=run.effective_from,
        effective={"windows": ours},
        warnings=run.warnings,
    )


def _hold_discharge(intent: Hold, values: Values, context: Context) -> Plan:
    """Let discharging be only elsewhere (reference 6.8).

    The device ignores time control without any window: there is always one.
    """
    run = blocking_run(context, intent.until, daily=True)
    current = [str(values[f"discharge.{slot}"]) for slot in SLOTS]
    allowed = []
    if values["discharge.enabled"]:
        allowed = [part for text in current for part in usable_parts(text)]
    until = run.until
    pieces = cut_all(allowed or [USABLE], run.spans)
    kept = first_after(pieces, run.spans[-1].end)[: len(SLOTS)]
    if not kept:
        kept = [stub_before(run.spans[0].start)]
        until = min(until, next_time(context, kept[0].start))
    slots = _place([str(piece) for piece in sorted(kept)], current)
    flag: Values = {"discharge.enabled": True}
    placed = {f"discharge.{slot}": text for slot, text in slots.items()}
    return Plan(
        target={**flag, **placed},
        mark={
            **flag,
            **{
                key: text
                for key, text in placed.items()
                if not values["discharge.enabled"] or text != values[key]
            },
        },
        device_until=until,
        effective={
            "discharge_windows": [text for text in slots.values() if text != OFF]
        },
    )


def _schedule(intent: SetSchedule, values: Values) -> Plan:
    target = flags_of(intent.switches)
    warnings: tuple[str, ...] = ()
    for side, rows in rows_by_side(intent).items():
        current = [str(values[f"{side}.{slot}"]) for slot in SLOTS]
        wanted = [_row_window(row) for row in rows]
        if sorted(wanted) != sorted(text for text in current if parts_of(text)):
            if len(rows) > len(SLOTS):
                raise Refusal("rows_too_many", mode=side, most=len(SLOTS))
            check_apart(check_times(row.start, row.end) for row in rows)
        slots = _place(wanted, current)
        target |= {f"{side}.{slot}": text for slot, text in slots.items()}
        limits = {row.soc for row in rows if row.soc is not None}
        if len(limits) > 1:
            raise Refusal("rows_one_soc", mode=side)
        for asked in limits:
            limit, more = whole_percent(asked, low=0)
            same = asked == values[f"{side}.limit"]
            target[f"{side}.limit"] = values[f"{side}.limit"] if same else limit
            warnings += more
    return Plan(target=target, warnings=(*warnings, *_ignored({**values, **target})))


def _row_window(row: Row) -> str:
    if row.power is not None:
        raise Refusal("no_power_setting")
    if row.days is not None and set(row.days) != set(EVERY_DAY):
        raise Refusal("no_weekdays")
    return str(check_times(row.start, row.end))


def _values(edits: Sequence[Edit], values: Values) -> Plan:
    target: dict[str, Value] = {}
    for edit in edits:
        target |= edit({**values, **target})
    warnings: tuple[str, ...] = ()
    for key, value in target.items():
        if key not in KEYS or value is None:
            raise Refusal("unknown_setting", setting=key)
        if key.endswith(".enabled"):
            if not isinstance(value, bool):
                raise Refusal("unknown_setting", setting=f"{key}: {value}")
        elif key.endswith(".limit"):
            target[key], more = whole_percent(value, low=0)
            warnings += more
        elif value != values.get(key):
            target[key] = _checked(str(value))
            side = KEYS[key].side
            check_apart(
                part
                for slot in SLOTS
                for part in parts_of(str({**values, **target}[f"{side}.{slot}"]))
            )
    return Plan(target=target, warnings=(*warnings, *_ignored({**values, **target})))


def _checked(text: str) -> str:
    """Return a window in its form. Raises ``Refusal``."""
    first, _, last = text.partition("-")
    try:
        start, end = parse_time(first), parse_time(last)
    except ValueError:
        raise Refusal("off_grid_time", time=text) from None
    if start > LATEST or end > LATEST:
        raise Refusal("off_grid_time", time=text)
    if start != end or start % QUARTER:
        check_times(to_time(start), to_time(end))
    return window_text(start, end)


def _ignored(values: Values) -> tuple[str, ...]:
    """Warn of time control without a window: the device ignores it."""
    windows = (str(values[f"discharge.{slot}"]) for slot in SLOTS)
    ignored = values["discharge.enabled"] and not any(map(parts_of, windows))
    return ("time_control_ignored",) if ignored else ()


def _place(wanted: Sequence[str], current: Sequence[str]) -> dict[str, str]:
    """Return what each window becomes; what is wanted and there keeps its place."""
    left = list(wanted)
    placed: dict[str, str] = {}
    for slot, text in zip(SLOTS, current, strict=True):
        if text in left:
            left.remove(text)
            placed[slot] = text
    for slot, text in zip(SLOTS, current, strict=True):
        if slot not in placed:
            unused = text if not parts_of(text) else OFF
            placed[slot] = left.pop(0) if left else unused
    return {slot: placed[slot] for slot in SLOTS}
