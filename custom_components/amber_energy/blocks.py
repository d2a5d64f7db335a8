"""The cheapest or dearest stretch of time (reference 9.5, ``find_block``)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from .driver import Interval, PricingMode
from .forecasts import charge
from .resample import pieces

_MINUTE = timedelta(minutes=1)
# Averages that differ less are equal: the earlier block is taken then
_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of time, aware UTC, and its time-weighted average in AUD/kWh."""

    start: datetime
    end: datetime
    average: float


@dataclass(slots=True)
class _Run:
    """Prices without a hole: ``edges[i]`` to ``edges[i + 1]`` costs ``values[i]``."""

    edges: list[datetime]
    values: list[float]

    def sums(self) -> list[float]:
        """Return the integral from the first edge to each, AUD/kWh x minutes."""
        spans = zip(self.edges, self.edges[1:], self.values, strict=False)
        parts = ((end - start) / _MINUTE * value for start, end, value in spans)
        return list(accumulate(parts, initial=0.0))


def find_block(
    intervals: Iterable[Interval],
    now: datetime,
    hours: float,
    *,
    dearest: bool = False,
    latest_end: datetime | None = None,
    mode: str = PricingMode.MARKET,
    surcharge: float = 0.0,
) -> Block | None:
    """Return the contiguous block of ``hours`` with the lowest or highest average.

    It begins at the next full minute from ``now`` on or later, ends at ``latest_end``
    or earlier, and the price is known all along. Of equal ones the earliest counts.
    ``None`` if the known prices do not reach that far.
    """
    length = timedelta(hours=hours)
    if length <= timedelta():
        return None
    past_minute = timedelta(seconds=now.second, microseconds=now.microsecond)
    earliest = now + -past_minute % _MINUTE
    best: tuple[float, datetime] | None = None
    for run in _runs(intervals, mode, surcharge):
        first = max(earliest, run.edges[0])
        end = min(run.edges[-1], latest_end or run.edges[-1])
        # Compared so, as nothing can be subtracted from the earliest time there is
        if end - first < length:
            continue
        last = end - length
        sums = run.sums()
        # The average over a step function is extreme where an end meets an edge
        starts = {first, last, *run.edges, *(edge - length for edge in run.edges)}
        for start in sorted(starts):
            if not first <= start <= last:
                continue
            total = _integral(run, sums, start + length) - _integral(run, sums, start)
            average = round(total / (length / _MINUTE), _DIGITS)
            if (
                best is None
                or (average > best[0] if dearest else average < best[0])
                or (average == best[0] and start < best[1])
            ):
                best = average, start
    if best is None:
        return None
    average, start = best
    return Block(start=start, end=start + length, average=round(average, 6) + 0.0)


def _integral(run: _Run, sums: list[float], moment: datetime) -> float:
    """Return the integral from the run's first edge to ``moment``."""
    index = min(bisect_right(run.edges, moment), len(run.values)) - 1
    return sums[index] + (moment - run.edges[index]) / _MINUTE * run.values[index]


def _runs(intervals: Iterable[Interval], mode: str, surcharge: float) -> Iterator[_Run]:
    """Yield the stretches in which the price is known all along."""
    run: _Run | None = None
    for piece in pieces(intervals):
        value = charge(piece.interval, mode, surcharge)
        if run is not None and (value is None or run.edges[-1] != piece.start):
            yield run
            run = None
        if value is not None:
            if run is None:
                run = _Run([piece.start], [])
            run.edges.append(piece.end)
            run.values.append(value)
    if run is not None:
        yield run
