"""The parts of segments and periods, which are one setting each (sections 6.3 to 6.7)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from ._vendor.core.control.intent import Edit, Values
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.schedule import minute_of
from .control_min import segments
from .control_rest import noah_segments
from .control_sph import edits
from .control_sph.groups import CHARGE, DISCHARGE, LOAD_FIRST, SLOTS, period_key

SIDES = (CHARGE, DISCHARGE, LOAD_FIRST)
MIN_MODES, NOAH_MODES = segments.MODES, noah_segments.MODES
SEGMENTS = tuple(range(1, 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is set of a window; ``power`` in W, None where it has none."""

    start: time
    end: time
    on: bool
    mode: str | None = None
    power: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One window of a device: how its entities are called, and how it is set.

    ``name`` begins the keys of its entities, ``text`` those of their texts. ``change``
    takes some of ``start``, ``end``, ``on``, ``mode``, ``power`` and leaves the rest.
    """

    name: str
    text: str
    number: int
    key: str
    parts: Callable[[Values], Parts | None]
    change: Callable[..., Edit]
    modes: tuple[str, ...] = ()
    powered: bool = False
    enabled: bool = False


def _min_parts(number: int, values: Values) -> Parts | None:
    value = values.get(segments.KEYS[number - 1])
    try:
        found = segments.Segment.of(value)
    except TypeError, ValueError:
        return None
    return Parts(
        start=segments.to_time(found.span.start),
        end=segments.to_time(found.span.end),
        on=found.enabled,
        mode=segments.MODES[found.mode],
    )


def _min_change(number: int, *, on: bool | None = None, **parts: Any) -> Edit:
    return segments.edit(number, enabled=on, **parts)


def _noah_parts(number: int, values: Values) -> Parts | None:
    found = noah_segments.from_value(values.get(noah_segments.key_of(number)))
    if found is None:
        return None
    return Parts(
        start=segments.to_time(found.start),
        end=segments.to_time(found.end),
        on=found.on,
        mode=noah_segments.MODES[found.mode],
        power=found.power,
    )


def _noah_change(number: int, **parts: Any) -> Edit:
    key = noah_segments.key_of(number)
    changes: dict[str, Any] = {
        name: value if name in ("on", "power") else _MINUTES[name](value)
        for name, value in parts.items()
    }

    def edited(values: Values) -> Values:
        if (old := noah_segments.from_value(values.get(key))) is None:
            raise Refusal("unknown_setting", setting=key)
        return {key: str(replace(old, **changes))}

    return edited


_MINUTES: dict[str, Callable[[Any], int]] = {
    "start": minute_of,
    "end": minute_of,
    "mode": noah_segments.MODES.index,
}


def _period_parts(side: str, number: int, values: Values) -> Parts | None:
    if (found := edits.period_of(values, side, number)) is None:
        return None
    start, end = found.times
    return Parts(start=start, end=end, on=found.on)


def _segment(number: int) -> Window:
    return Window(
        name=f"segment_{number}",
        text="segment",
        number=number,
        key=segments.KEYS[number - 1],
        parts=lambda values: _min_parts(number, values),
        change=lambda **parts: _min_change(number, **parts),
        modes=MIN_MODES,
    )


def _noah_segment(number: int) -> Window:
    return Window(
        name=f"segment_{number}",
        text="segment",
        number=number,
        key=noah_segments.key_of(number),
        parts=lambda values: _noah_parts(number, values),
        change=lambda **parts: _noah_change(number, **parts),
        modes=NOAH_MODES,
        powered=True,
    )


def _period(side: str, number: int) -> Window:
    return Window(
        name=f"{side}_period_{number}",
        text=f"{side}_period",
        number=number,
        key=period_key(side, number),
        parts=lambda values: _period_parts(side, number, values),
        change=lambda **parts: edits.set_period(side, number, **parts),
        enabled=number == 1,
    )


WINDOWS = (
    *(_segment(number) for number in SEGMENTS),
    *(_noah_segment(number) for number in SEGMENTS),
    *(_period(side, number) for side in SIDES for number in SLOTS),
)
