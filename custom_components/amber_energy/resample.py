"""Intervals of mixed lengths made into equal steps (reference 9.5)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from .driver import NEM, Advanced, Descriptor, Interval, Kind, SpikeStatus

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_WORST_FIRST = tuple(reversed(SpikeStatus))


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of an interval that counts."""

    start: datetime
    end: datetime
    interval: Interval

    @property
    def weight(self) -> float:
        """Minutes."""
        return (self.end - self.start) / _MINUTE


def pieces(intervals: Iterable[Interval]) -> list[Piece]:
    """Return the intervals in order, without overlaps: each ends where the next begins."""
    ordered = sorted(intervals, key=lambda item: item.start)
    ends = [min(item.end, later.start) for item, later in pairwise(ordered)]
    ends += [item.end for item in ordered[-1:]]
    return [
        Piece(item.start, end, item)
        for item, end in zip(ordered, ends, strict=True)
        if end > item.start
    ]


def resample(
    intervals: Iterable[Interval], minutes: int, *, partial: bool = False
) -> tuple[Interval, ...]:
    """Return equal steps of ``minutes``, on the marks of the hour.

    A longer interval becomes several of the same price; of several shorter ones the
    step has the time-weighted mean. A step that is not covered whole is left out;
    with ``partial`` it is the mean of what there is, such as the rest of the half hour
    that runs.
    """
    length = timedelta(minutes=minutes)
    steps: dict[datetime, list[Piece]] = {}
    for piece in pieces(intervals):
        start = piece.start
        while start < piece.end:
            mark = start - (start - _EPOCH) % length
            end = min(mark + length, piece.end)
            steps.setdefault(mark, []).append(Piece(start, end, piece.interval))
            start = end
    return tuple(
        _step(mark, minutes, parts)
        for mark, parts in sorted(steps.items())
        if partial or sum(part.weight for part in parts) >= minutes
    )


def _step(start: datetime, minutes: int, parts: Sequence[Piece]) -> Interval:
    first = parts[0].interval
    step = replace(
        first,
        start=start,
        end=start + timedelta(minutes=minutes),
        duration=minutes,
        nem_date=start.astimezone(NEM).date(),
    )
    if len(parts) == 1:
        return step
    intervals = [part.interval for part in parts]
    kinds = {item.kind for item in intervals}
    statuses = {item.spike_status for item in intervals}
    return replace(
        step,
        kind=Kind.CURRENT if Kind.CURRENT in kinds else first.kind,
        price=_mean(parts, lambda item: item.price),
        spot=_mean(parts, lambda item: item.spot),
        range_min=min(_told(item.range_min for item in intervals), default=None),
        range_max=max(_told(item.range_max for item in intervals), default=None),
        advanced=_advanced(parts),
        renewables=_mean(parts, lambda item: item.renewables),
        spike_status=next((worse for worse in _WORST_FIRST if worse in statuses), None),
        descriptor=_longest(parts),
        estimate=_any(item.estimate for item in intervals),
        demand_window=_any(item.demand_window for item in intervals),
    )


def _mean(
    parts: Sequence[Piece], value: Callable[[Interval], float | None]
) -> float | None:
    """Return the time-weighted mean; ``None`` if a part of it is not known."""
    total = weight = 0.0
    for part in parts:
        if (told := value(part.interval)) is None:
            return None
        total += told * part.weight
        weight += part.weight
    return round(total / weight, 6) + 0.0


def _advanced(parts: Sequence[Piece]) -> Advanced | None:
    def part_of(item: Interval, name: str) -> float | None:
        value: float | None = getattr(item.advanced, name, None)
        return value

    predicted = _mean(parts, lambda item: part_of(item, "predicted"))
    if predicted is None:
        return None
    return Advanced(
        low=_mean(parts, lambda item: part_of(item, "low")),
        predicted=predicted,
        high=_mean(parts, lambda item: part_of(item, "high")),
    )


def _longest(parts: Sequence[Piece]) -> Descriptor | None:
    """Return what describes most of the time; the earliest, if that is undecided."""
    times: Counter[Descriptor | None] = Counter()
    for part in parts:
        times[part.interval.descriptor] += round(part.weight)
    return max(times, key=lambda descriptor: times[descriptor])


def _told(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _any(values: Iterable[bool | None]) -> bool | None:
    told = [value for value in values if value is not None]
    return any(told) if told else None
