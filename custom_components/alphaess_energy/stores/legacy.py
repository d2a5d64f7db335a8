"""The legacy store on the wire: two windows and one limit per side (3.6, 3.7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from .._vendor.core.client.decode import flag, mapping, time_of_day
from .._vendor.core.control.driver import Step
from .._vendor.core.control.intent import Row, Value, Values
from .._vendor.core.control.schedule import Span, minute_of, parse_time, wrap
from ..api.models import percent
from .common import (
    LATEST,
    SIDES,
    incomplete,
    of_other_store,
    to_time,
    whole,
    window_text,
)

OFF = "00:00-00:00"
SLOTS = ("window1", "window2")


@dataclass(frozen=True, slots=True)
class _Key:
    """One setting: the fields that hold it, how they are read and written."""

    side: str
    fields: tuple[str, ...]
    read: Callable[[Sequence[Any]], Value]
    write: Callable[[Any], Sequence[Any]]

    def of(self, wire: Mapping[str, Any]) -> Value:
        """Return its value in an object of the wire, None if it is unknown."""
        return self.read([wire.get(name) for name in self.fields])


def _read_window(wire: Sequence[Any]) -> str | None:
    start, end = map(time_of_day, wire)
    if start is None or end is None:
        return None
    return window_text(minute_of(start), minute_of(end))


def _keys() -> dict[str, _Key]:
    def limit(wire: Sequence[Any]) -> Value:
        return whole(percent(wire[0]))

    keys = {}
    for side, enabled, times, most in (
        ("charge", "gridCharge", "timeCha", "batHighCap"),
        ("discharge", "ctrDis", "timeDis", "batUseCap"),
    ):
        keys[f"{side}.enabled"] = _Key(
            side, (enabled,), lambda wire: flag(wire[0]), lambda value: [int(value)]
        )
        for number, slot in enumerate(SLOTS, 1):
            keys[f"{side}.{slot}"] = _Key(
                side,
                (f"{times}f{number}", f"{times}e{number}"),
                _read_window,
                lambda value: value.split("-"),
            )
        keys[f"{side}.limit"] = _Key(side, (most,), limit, lambda value: [value])
    return keys


KEYS = _keys()


def decode(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Return the settings by key. Raises ``BadDataError`` if one is unknown."""
    values = {key: spec.of(mapping(raw.get(spec.side))) for key, spec in KEYS.items()}
    for key, value in values.items():
        if value is None:
            raise incomplete(key)
    return values


def steps(changes: Values) -> list[Step]:
    """Group changes into requests: one per side."""
    found = []
    for key in changes:
        if key not in KEYS:
            raise of_other_store(key)
    for side in SIDES:
        values = {
            key: value for key, value in changes.items() if KEYS[key].side == side
        }
        if values:
            found.append(Step(label=side, values=values))
    return found


def body(step: Step, raw: Mapping[str, Any], memo: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole object of a side with the step's changes.

    What is not asked to change stays as it was read, to the byte; what is put back
    becomes as it was. Raises ``BadDataError`` if a field is unknown.
    """
    side = step.label
    specs = [spec for spec in KEYS.values() if spec.side == side]
    now, before = mapping(raw.get(side)), mapping(memo.get(side))
    if any(spec.of(now) is None for spec in specs):
        raise incomplete(side)
    written = {name: now[name] for spec in specs for name in spec.fields}
    for key, value in step.values.items():
        if (spec := KEYS.get(key)) is None or value is None:
            raise of_other_store(key)
        if spec.of(written) == value:
            continue
        wire = spec.write(value)
        if spec.of(before) == value:
            wire = [before[name] for name in spec.fields]
        written.update(zip(spec.fields, wire, strict=True))
    return written


def rows(values: Values) -> list[Row]:
    """Return the windows that are not off, as ``SetSchedule`` takes them."""
    found = []
    for side in SIDES:
        limit = values[f"{side}.limit"]
        for slot in SLOTS:
            text = str(values[f"{side}.{slot}"])
            if parts_of(text):
                start, end = _times(text)
                soc = limit if isinstance(limit, int | float) else None
                found.append(Row(start=start, end=end, mode=side, soc=soc))
    return found


def forced(values: Values, mark: Values) -> dict[str, Value]:
    """Return what switches off the windows of a force of which only a mark is left.

    The mark has the flag of a side and the windows that are the force's own.
    """
    if mark.get("discharge.enabled") and values.get("discharge.enabled"):
        if _left(values, mark, "discharge"):
            return {"discharge.enabled": False}
    if mark.get("charge.enabled") and values.get("charge.enabled"):
        return dict.fromkeys(_left(values, mark, "charge"), OFF)
    return {}


def _left(values: Values, mark: Values, side: str) -> list[str]:
    """Return the windows of a side that are still those of the mark, and not off."""
    return [
        key
        for slot in SLOTS
        if (key := f"{side}.{slot}") in mark
        and values.get(key) == mark[key]
        and parts_of(str(mark[key]))
    ]


def _times(text: str) -> tuple[time, time]:
    start, end = map(parse_time, text.split("-"))
    return to_time(start), to_time(end)


def parts_of(text: str) -> list[Span]:
    """Return what a window covers: nothing if it is off, both sides of midnight."""
    return wrap(*map(parse_time, text.split("-")))


def usable_parts(text: str) -> list[Span]:
    """Return what of a window can be said on the grid."""
    parts = [part.within(0, LATEST).on_grid() for part in parts_of(text)]
    return [part for part in parts if len(part)]
