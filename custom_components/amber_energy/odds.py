"""When a price likely becomes final: the reference's table, then what was seen.

Offsets are seconds after the start of a 5-minute slot (reference section 5.2).
"""

from bisect import bisect_right
from itertools import pairwise

from ._vendor.core.client.decode import number

# 100 public observations; (share, offset)
_PUBLIC = (
    (0.0, 17.1),
    (0.05, 18.6),
    (0.25, 20.9),
    (0.5, 22.6),
    (0.75, 26.2),
    (0.9, 29.4),
    (0.95, 30.2),
    (0.99, 37.1),
    (1.0, 55.0),
)
_COLD_START, _COLD_DENSE = 15.0, 45.0
# Some days have several prices 10 s after the dense ones (section 5.2), so the table's
# 10 s begin a little later here
_DENSE_STEP, _MIDDLE_STEP, _SPARSE_STEP, _LAST_STEP = 2.5, 5.0, 10.0, 30.0
_MIDDLE, _SPARSE_UNTIL = 15.0, 90.0
LAST_LIGHT = 285.0

_MOST, _LEAST = 100, 20
_BEFORE, _BEHIND = 2.0, 5.0
# What is learned may not lead astray: so early, so late, so long at most
_EARLIEST, _LATEST_START, _LATEST_DENSE, _SHORTEST = 3.0, 60.0, 120.0, 10.0


class Odds:
    """Learns from pairs of the last estimate seen and the first final price."""

    step = _DENSE_STEP

    def __init__(self, pairs: object = None) -> None:
        """Take over what `dump` returned in an earlier run; nonsense is left out."""
        self._pairs: list[tuple[float, float]] = []
        for pair in pairs if isinstance(pairs, list) else []:
            if isinstance(pair, list) and len(pair) == 2:
                seen = number(pair[0], low=0, high=LAST_LIGHT + 15)
                final = number(pair[1], low=0, high=LAST_LIGHT + 15)
                if seen is not None and final is not None and seen < final:
                    self._pairs.append((seen, final))
        self._settle()

    def add(self, estimate_at: float, confirmed_at: float) -> None:
        """Learn one more; the oldest is forgotten."""
        if 0 <= estimate_at < confirmed_at:
            self._pairs.append((round(estimate_at, 1), round(confirmed_at, 1)))
            self._settle()

    def dump(self) -> list[list[float]]:
        """Return the pairs as plain JSON."""
        return [list(pair) for pair in self._pairs]

    @property
    def learned(self) -> bool:
        """Whether enough was seen to go by it."""
        return len(self._pairs) >= _LEAST

    @property
    def likely(self) -> float:
        """An offset by which the price is almost always final."""
        return self.quantile(0.95) + 1.0

    def quantile(self, share: float) -> float:
        """Return the offset by which that share (0-1) is final."""
        if self._finals:
            place = share * (len(self._finals) - 1)
            low = int(place)
            high = min(low + 1, len(self._finals) - 1)
            below, above = self._finals[low], self._finals[high]
            return below + (above - below) * (place - low)
        return _between(_PUBLIC, share)

    def share(self, offset: float) -> float:
        """Return the share (0-1) of prices that are final by `offset`."""
        if self._finals:
            return bisect_right(self._finals, offset) / len(self._finals)
        return _between(tuple((at, share) for share, at in _PUBLIC), offset)

    def next_light(self, after: float, left: int) -> float:
        """Return the offset of the next call after one at `after`, with `left` free.

        Few are spread over what is likely, as a whole table would be used up before
        the price is there.
        """
        if after >= self.dense_until:
            return self._later(after, left)
        table = max(after + self.step, self.start)
        if left >= (self.dense_until - table) / self.step:
            return table
        share = self.share(after)
        spread = self.quantile(share + (1 - share) * min(0.95, 1 / left))
        return max(table, spread)

    def _later(self, after: float, left: int) -> float:
        """Return the next offset behind the dense ones: sparser, but up to the end."""
        if after + _MIDDLE_STEP <= self.dense_until + _MIDDLE:
            return after + _MIDDLE_STEP
        growing = after * (LAST_LIGHT / after) ** (1 / left) if after else LAST_LIGHT
        table = _SPARSE_STEP if after < _SPARSE_UNTIL else _LAST_STEP
        later = max(after + table, growing)
        # The last one is made, or none that would be too late
        return later if after >= LAST_LIGHT else min(later, LAST_LIGHT)

    def _settle(self) -> None:
        del self._pairs[:-_MOST]
        self._finals: list[float] = []
        self.start, self.dense_until = _COLD_START, _COLD_DENSE
        if self.learned:
            self._finals = sorted(final for _, final in self._pairs)
            first = self.quantile(0.05) - _BEFORE
            self.start = min(max(first, _EARLIEST), _LATEST_START)
            last = min(self.quantile(0.95) + _BEHIND, _LATEST_DENSE)
            self.dense_until = max(last, self.start + _SHORTEST)


def _between(points: tuple[tuple[float, float], ...], x: float) -> float:
    """Return the y of a line through points that rise in x; flat beyond the ends."""
    if x <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return points[-1][1]
