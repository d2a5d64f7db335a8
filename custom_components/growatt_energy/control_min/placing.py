"""Where in the nine segments something finds its place (control.md, section 5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from .._vendor.core.control.driver import Settings
from .._vendor.core.control.intent import SetSchedule, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import (
    Span,
    cut_all,
    first_after,
    format_time,
    wrap,
)
from ..control_common import LATEST
from .segments import (
    EMPTY,
    KEYS,
    LOAD,
    MODES,
    Segment,
    segments_in,
    spans,
    whole_minute,
)

# More are not taken out for a lease (control.md section 5).
MOST_TOUCHED = 3
_DAY = Span(0, LATEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Segments to set for a lease: what is cut of others, and its own."""

    cuts: Mapping[str, list[Any]]
    ours: Mapping[str, list[Any]]


def lease(mode: int, wanted: Sequence[Span], values: Values) -> Placed:
    """Return what to set so that ``mode`` holds in the spans wanted.

    Segments in the way are cut, also those that are off, and keep what of them comes
    next after the lease. Raises ``Refusal``.
    """
    present = segments_in(values)
    in_the_way = {
        key: segment
        for key, segment in present.items()
        if any(segment.span.overlaps(span) for span in wanted)
    }
    if len(in_the_way) > MOST_TOUCHED:
        raise Refusal("no_free_slot", slots=_named(in_the_way))
    cuts: dict[str, list[Any]] = {}
    covered: list[str] = []
    for key, segment in in_the_way.items():
        left = cut_all([segment.span], wanted)
        if left:
            kept = first_after(left, wanted[-1].end)[0]
            cuts[key] = Segment(segment.mode, kept, segment.enabled).value
        else:
            covered.append(key)
    unused = [key for key, one in present.items() if not len(one.span)]
    off = [k for k, s in present.items() if not s.enabled and len(s.span)]
    free = [*covered, *unused, *(key for key in off if key not in in_the_way)]
    if len(free) < len(wanted):
        raise Refusal("no_free_slot", slots=_named(present))
    ours = dict(zip(free, wanted, strict=False))
    cuts |= {key: list(EMPTY) for key in covered if key not in ours}
    _take_out_meeting(cuts, values)
    return Placed(
        cuts=cuts,
        ours={k: Segment(mode, span, enabled=True).value for k, span in ours.items()},
    )


def whole_day(mode: int, key: str, values: Values) -> dict[str, Value]:
    """Return what lets ``mode`` hold all day in a segment of its own.

    What is set there for another time is somebody else's. Raises ``Refusal``.
    """
    present = segments_in(values)
    if key not in present:
        raise Refusal("unknown_setting", setting=key)
    others = {
        name: segment
        for name, segment in present.items()
        if len(segment.span) and not (name == key and _is_whole_day(segment))
    }
    if others:
        raise Refusal("segments_in_the_way", slots=_named(others))
    return {key: Segment(mode, _DAY, enabled=True).value}


def without_whole_day(key: str, values: Values) -> dict[str, Value]:
    """Return what ends a mode of the whole day; load first needs no end."""
    segment = segments_in(values).get(key)
    if segment is None or not _is_whole_day(segment) or segment.mode == LOAD:
        return {}
    return {key: list(EMPTY)}


def schedule(intent: SetSchedule, values: Values) -> dict[str, Value]:
    """Return the segments for a schedule; rows that are there keep their place.

    Rows over midnight take two. Segments that are off stay, unless they are in the way
    or their place is needed. Raises ``Refusal``.
    """
    wanted = _segments_of(intent)
    named = {MODES.index(mode) for mode in _modes_of(intent)}
    present = segments_in(values)
    result: dict[str, Segment | None] = {}
    for key, segment in present.items():
        if segment in wanted:
            wanted.remove(segment)
            result[key] = segment
        elif segment.enabled and len(segment.span):
            result[key] = None if segment.mode in named else segment
    fixed = [one for one in result.values() if one is not None]
    new = [one.span for one in wanted]
    _check_apart([*combinations(new, 2), *product(new, [one.span for one in fixed])])
    for key, segment in present.items():
        if key in result:
            continue
        in_the_way = any(segment.span.overlaps(one.span) for one in wanted)
        result[key] = None if in_the_way or not len(segment.span) else segment
    places = [key for key in present if result[key] is None]
    places += [k for k in present if (one := result[k]) is not None and not one.enabled]
    if len(places) < len(wanted):
        raise Refusal("rows_too_many", most=str(len(present) - len(fixed)))
    placed = dict(zip(places, wanted, strict=False))
    found: dict[str, Value] = {}
    for key in present:
        kept = placed.get(key) or result[key]
        if kept is not None and kept == present[key]:
            found[key] = values[key]
        elif kept is not None:
            found[key] = kept.value
        else:
            found[key] = list(EMPTY) if len(present[key].span) else values[key]
    return found


def check_apart(target: Values, values: Values) -> None:
    """Raise ``Refusal`` if a segment that is changed overlaps another one.

    Those that overlap already are nobody's doing here.
    """
    wanted = {**values, **target}
    _check_apart(
        (span, other)
        for key in _changed(target, values)
        for span in spans(target[key])
        for name in KEYS
        if name != key
        for other in spans(wanted.get(name))
    )


def leased_meeting(target: Values, base: Settings) -> set[str]:
    """Return the leased segments that would overlap one that is changed."""
    changed = _changed(target, base.values)
    wanted = [span for key in changed for span in spans(target[key])]
    return {
        key
        for key in KEYS
        if any(
            span.overlaps(other)
            for span in spans(base.leased.get(key))
            for other in wanted
        )
    }


def _changed(target: Values, values: Values) -> list[str]:
    return [k for k in KEYS if k in target and target[k] != values.get(k)]


def _take_out_meeting(cuts: dict[str, list[Any]], values: Values) -> None:
    """Empty those pieces that overlap others: the device would refuse them.

    Of two that overlapped before, the one that is on stays.
    """
    for key in sorted(cuts, key=lambda key: bool(cuts[key][-1])):
        others = {**values, **cuts, key: None}
        if any(
            span.overlaps(other)
            for span in spans(cuts[key])
            for name in KEYS
            for other in spans(others.get(name))
        ):
            cuts[key] = list(EMPTY)


def _is_whole_day(segment: Segment) -> bool:
    return segment.enabled and segment.span == _DAY


def _modes_of(intent: SetSchedule) -> set[str]:
    modes = {row.mode for row in intent.rows} | intent.clear
    for mode in sorted(modes):
        if mode not in MODES:
            raise Refusal("unknown_mode", mode=mode, modes=", ".join(MODES))
    return modes


def _segments_of(intent: SetSchedule) -> list[Segment]:
    found: list[Segment] = []
    _modes_of(intent)
    for row in intent.rows:
        if row.soc is not None:
            raise Refusal("no_soc_setting")
        if row.power is not None:
            raise Refusal("no_power_setting")
        if row.days is not None and set(row.days) != set(range(1, 8)):
            raise Refusal("no_weekdays")
        # The last minute before midnight is as late as a segment can end.
        start, end = whole_minute(row.start), whole_minute(row.end) or LATEST
        if start == end:
            raise Refusal("empty_window", time=format_time(start))
        parts = [span.within(0, LATEST) for span in wrap(start, end)]
        mode = MODES.index(row.mode)
        found += [Segment(mode, span, enabled=True) for span in parts if len(span)]
    return sorted(found, key=lambda segment: segment.span)


def _check_apart(pairs: Iterable[tuple[Span, Span]]) -> None:
    for one, other in pairs:
        if one.overlaps(other):
            raise Refusal("rows_overlap", one=one, other=other)


def _named(segments: Mapping[str, Segment]) -> str:
    return ", ".join(f"{key} {segment}" for key, segment in segments.items())
