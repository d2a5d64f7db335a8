"""The request budget of one account: order, gaps and limits, kept across restarts."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
import heapq
import itertools
import math
from typing import Any

from .clock import Clock
from .decode import integer, mapping, number, text
from .errors import ThrottledError

# However a vendor answers and whatever a file says: nobody is shut out for longer
_LONGEST_PAUSE = 48 * 3600.0
# Less could be rounded to nothing: by a sleep, or when floats are added up
_TICK = 0.001
_NEVER = -math.inf
_FOR_WRITE: ContextVar[bool] = ContextVar("for_write", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """At most `limit` requests of `groups` within any `window` seconds.

    Attributes:
        limit: Requests within the window, writes included.
        window: Length of the sliding window in seconds.
        groups: The request groups that count together; `None` means all.
        reserve: How many of `limit` only writes may use.
    """

    limit: int
    window: float
    groups: frozenset[str] | None = None
    reserve: int = 0

    def __post_init__(self) -> None:
        """Raise `ValueError` for a rule that never lets a read through."""
        if not (0 <= self.reserve < self.limit and self.window > 0):
            raise ValueError("a rule needs a window and room for a read")

    def counts(self, group: str) -> bool:
        """Return whether requests of `group` fall under this rule."""
        return self.groups is None or group in self.groups


class Budget:
    """Lets one request at a time through and refuses what would be too many.

    Short waits (the gap between two requests) are waited for; a used-up window or
    a vendor's block is refused at once with `ThrottledError`, so that the caller can
    say when it goes on. Waiting writes go before waiting reads.
    """

    def __init__(
        self,
        rules: Iterable[Rule] = (),
        *,
        clock: Clock,
        min_gap: float = 0.0,
        on_change: Callable[[], None] | None = None,
        day: Callable[[], date] | None = None,
    ) -> None:
        """Start with nothing used.

        Args:
            rules: The vendor's limits; all of them hold.
            clock: Source of time.
            min_gap: Seconds between the starts of two requests.
            on_change: Called after each change that `dump` shows.
            day: Today's date, by which requests are counted; UTC if not given.
        """
        self._rules = tuple(rules)
        self._clock = clock
        self._min_gap = min_gap
        self._on_change = on_change or (lambda: None)
        self._day = day or (lambda: clock.now().date())
        self._times: dict[str, list[float]] = {}  # per group, monotonic, rising
        self._last_start = _NEVER
        self._slow_gap, self._slow_until = 0.0, _NEVER
        self._block_reason, self._blocked_until = "blocked", _NEVER
        self._counted, self._counted_day = 0, self._day()
        self._busy = False
        self._tickets = itertools.count()
        # Writes sort before reads, then by ticket
        self._queue: list[tuple[bool, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def slot(
        self, group: str = "default", *, write: bool = False
    ) -> AsyncGenerator[None]:
        """Hold the account's only slot for one request of `group`.

        Raises:
            ThrottledError: A window is used up (reason `budget`; reads leave the
                reserve to writes) or the account is blocked (the block's reason).
        """
        write = write or _FOR_WRITE.get()
        self._refuse(group, write=write)
        await self._turn_and_gap(group, write=write)
        try:
            times = self._count(group)
            try:
                yield
            finally:
                # The vendor may have counted it at any moment until now
                times[-1] = self._clock.monotonic()
        finally:
            self._pass_turn()

    @contextmanager
    def for_write(self) -> Generator[None]:
        """Let the requests inside, also reads, use what is kept for writes.

        A write is planned on what was just read, and is nothing worth until it is
        read back.
        """
        token = _FOR_WRITE.set(True)
        try:
            yield
        finally:
            _FOR_WRITE.reset(token)

    def require(
        self, count: int, group: str = "default", *, write: bool = False
    ) -> None:
        """Raise what `slot` raises unless `count` requests of `group` fit in now.

        Nothing is put aside for them: it only keeps a job of several requests from
        being begun that cannot be ended.
        """
        self._refuse(group, write=write or _FOR_WRITE.get(), count=count)

    def slow_down(self, gap: float, seconds: float) -> None:
        """Keep at least `gap` seconds between requests for the next `seconds`."""
        now = self._clock.monotonic()
        self._slow_gap = max(gap, self._slow_gap if now < self._slow_until else 0.0)
        self._slow_until = max(self._slow_until, now + min(seconds, _LONGEST_PAUSE))
        self._on_change()

    def block(self, seconds: float, *, reason: str = "blocked") -> None:
        """Refuse everything for `seconds`, at most 48 h: writes too.

        A vendor that refuses an account refuses its writes as well, and each try
        could prolong that. A shorter block never ends a longer one.
        """
        now = self._clock.monotonic()
        until = now + min(seconds, _LONGEST_PAUSE)
        if until > max(now, self._blocked_until):
            self._block_reason, self._blocked_until = reason, until
            self._on_change()

    @property
    def requests_today(self) -> int:
        """Requests begun today, reads and writes."""
        return self._counted if self._day() == self._counted_day else 0

    @property
    def left(self) -> int | None:
        """Reads that the tightest rule still allows; `None` without rules."""
        if not self._rules:
            return None
        return 0 if self._block_left > 0 else min(left for left, _ in self._standings())

    @property
    def next_reset(self) -> datetime | None:
        """When `left` will grow next; `None` if nothing is used."""
        seconds = self._block_left
        if seconds <= 0 and (standings := self._standings()):
            least = min(left for left, _ in standings)
            seconds = max(wait for left, wait in standings if left == least)
        return self._clock.now() + timedelta(seconds=seconds) if seconds > 0 else None

    def dump(self) -> dict[str, Any]:
        """Return the state as plain JSON, with times in seconds since 1970."""
        now = self._clock.monotonic()
        offset = self._clock.now().timestamp() - now

        def wall(moment: float) -> float | None:
            # Upwards, so that a restart frees nothing too early
            return round(moment + offset + _TICK, 3) if moment > _NEVER else None

        return {
            "times": {
                group: [wall(moment) for moment in times[self._expired(group, now) :]]
                for group, times in self._times.items()
            },
            "last_start": wall(self._last_start),
            "slow_gap": self._slow_gap,
            "slow_until": wall(self._slow_until),
            "block_reason": self._block_reason,
            "blocked_until": wall(self._blocked_until),
            "requests": self._counted,
            "day": self._counted_day.isoformat(),
        }

    def restore(self, data: object) -> None:
        """Take over what `dump` returned in an earlier run; before the first request.

        Whatever is missing or senseless in `data` is left out. Requests from the
        future (the clock was put back) count as made just now.
        """
        now = self._clock.monotonic()
        offset = self._clock.now().timestamp() - now
        state = mapping(data)

        def moment(value: object, latest: float) -> float:
            wall = number(value)
            return _NEVER if wall is None else min(wall - offset, latest)

        most = max((rule.limit for rule in self._rules), default=0)
        self._times = {}
        for group, walls in mapping(state.get("times")).items():
            if isinstance(group, str) and isinstance(walls, list):
                times = sorted(moment(wall, now) for wall in walls[-most:])
                self._times[group] = times
                del times[: self._expired(group, now)]
        self._last_start = moment(state.get("last_start"), now)
        self._slow_gap = number(state.get("slow_gap"), low=0, high=3600) or 0.0
        self._slow_until = moment(state.get("slow_until"), now + _LONGEST_PAUSE)
        self._block_reason = text(state.get("block_reason")) or "blocked"
        self._blocked_until = moment(state.get("blocked_until"), now + _LONGEST_PAUSE)
        self._counted_day = self._day()
        if state.get("day") == self._counted_day.isoformat():
            self._counted = integer(state.get("requests"), low=0, high=10**9) or 0

    @property
    def _block_left(self) -> float:
        return self._blocked_until - self._clock.monotonic()

    @property
    def _gap_left(self) -> float:
        now = self._clock.monotonic()
        gap = self._slow_gap if now < self._slow_until else 0.0
        return self._last_start + max(gap, self._min_gap) - now

    def _refuse(self, group: str, *, write: bool, count: int = 1) -> None:
        if (wait := self._block_left) > 0:
            raise ThrottledError(
                "the account is paused", retry_after=wait, reason=self._block_reason
            )
        standings = self._standings(group, write=write, count=count)
        if waits := [wait for left, wait in standings if left < count]:
            raise ThrottledError(
                "the request budget is used up", retry_after=max(waits), reason="budget"
            )

    def _standings(
        self, group: str | None = None, *, write: bool = False, count: int = 1
    ) -> list[tuple[int, float]]:
        """Return per rule (of `group`) what is left and the seconds until more is.

        That is one more, or `count` in all if that takes longer and ever can be.
        """
        now = self._clock.monotonic()
        standings = []
        for rule in self._rules:
            if group is not None and not rule.counts(group):
                continue
            used = sorted(
                moment
                for name, times in self._times.items()
                if rule.counts(name)
                for moment in times[bisect_right(times, now - rule.window) :]
            )
            left = rule.limit - len(used) - (0 if write else rule.reserve)
            # So many must leave the window that `count` more fit in
            leave = min(max(0, count - 1 - left), len(used) - 1)
            wait = used[leave] + rule.window - now + _TICK if used else 0.0
            standings.append((max(0, left), wait))
        return standings

    def _expired(self, group: str, now: float) -> int:
        """Return how many times of `group` no rule counts any more."""
        windows = (rule.window for rule in self._rules if rule.counts(group))
        return bisect_right(self._times[group], now - max(windows, default=0.0))

    def _count(self, group: str) -> list[float]:
        self._last_start = now = self._clock.monotonic()
        times = self._times.setdefault(group, [])
        del times[: self._expired(group, now)]
        times.append(now)
        self._counted, self._counted_day = self.requests_today + 1, self._day()
        self._on_change()
        return times

    async def _turn_and_gap(self, group: str, *, write: bool) -> None:
        """Return with the turn once the gap is over; without it if it raises."""
        ticket = next(self._tickets)
        while True:
            turn = asyncio.get_running_loop().create_future()
            heapq.heappush(self._queue, (not write, ticket, turn))
            if not self._busy:
                self._pass_turn()
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():  # it came in the same moment
                    self._pass_turn()
                raise
            try:
                self._refuse(group, write=write)
                if (wait := self._gap_left) <= 0:
                    return
                await self._clock.sleep(max(wait, _TICK))
            except BaseException:
                self._pass_turn()
                raise
            # Queue again with the old ticket: a write that came meanwhile goes first
            self._busy = False

    def _pass_turn(self) -> None:
        """Wake the next in the queue who still waits."""
        self._busy = False
        while self._queue and not self._busy:
            *_, turn = heapq.heappop(self._queue)
            if not turn.done():
                self._busy = True
                turn.set_result(None)
