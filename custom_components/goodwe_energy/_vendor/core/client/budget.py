"""The request budget of one account: order, gaps and limits, kept across restarts."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
import math
from typing import Any

from .clock import Clock
from .decode import integer, mapping, number, text
from .errors import ThrottledError
from .lane import TICK, Lane

# However a vendor answers and whatever a file says: nobody is shut out for longer
_LONGEST_PAUSE = 48 * 3600.0
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

    Where a vendor does not mind, groups in a lane of their own have their own turn:
    a slow request then delays only its lane, while all count as ever.

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
        lanes: Iterable[Iterable[str]] = (),
    ) -> None:
        """Start with nothing used.

        Args:
            rules: The vendor's limits; all of them hold.
            clock: Source of time.
            min_gap: Seconds between the starts of two requests.
            on_change: Called after each change that `dump` shows.
            day: Today's date, by which requests are counted; UTC if not given.
            lanes: The groups that share a turn and a gap, per lane; all others share
                one more. `ValueError` if a group is in two.
        """
        self._rules = tuple(rules)
        self._clock = clock
        self._min_gap = min_gap
        self._on_change = on_change or (lambda: None)
        self._day = day or (lambda: clock.now().date())
        self._times: dict[str, list[float]] = {}  # per group, monotonic, rising
        # The starts of those on their way
        self._running: defaultdict[str, list[float]] = defaultdict(list)
        self._last_start = self._restored_start = _NEVER
        self._slow_gap, self._slow_until = 0.0, _NEVER
        self._block_reason, self._blocked_until = "blocked", _NEVER
        self._blocked_groups: dict[str, tuple[str, float]] = {}
        self._counted, self._counted_day = 0, self._day()
        self._lane_of: dict[str, int] = {}
        for index, names in enumerate(lanes):
            for name in names:
                if self._lane_of.setdefault(name, index) != index:
                    raise ValueError("a group can be in one lane only")
        self._lanes: dict[tuple[int | None, str | None], Lane] = {}

    @asynccontextmanager
    async def slot(
        self, group: str = "default", *, write: bool = False, lane: str | None = None
    ) -> AsyncGenerator[None]:
        """Hold the only slot of its lane for one request of `group`.

        With the name of a `lane` its requests have a turn beside the group's others.

        Raises:
            ThrottledError: A window is used up (reason `budget`; reads leave the
                reserve to writes) or the account is blocked (the block's reason).
        """
        write = write or _FOR_WRITE.get()
        self._refuse(group, write=write)
        held = self._lane(group, lane)

        def wait() -> float:
            self._refuse(group, write=write)
            return self._gap_left(held)

        await held.take(wait, self._clock.sleep, write=write)
        try:
            start = self._count(group, held)
            try:
                yield
            finally:
                # The vendor may have counted it at any moment until now
                self._running[group].remove(start)
                self._times[group].append(self._clock.monotonic())
        finally:
            held.pass_on()

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

    def block(
        self, seconds: float, *, reason: str = "blocked", group: str | None = None
    ) -> None:
        """Refuse everything for `seconds`, at most 48 h: writes too.

        A vendor that refuses an account refuses its writes as well, and each try
        could prolong that. A shorter block never ends a longer one. With `group` only
        its requests are refused, and `left` and `next_reset` do not tell of it.
        """
        now = self._clock.monotonic()
        until = now + min(seconds, _LONGEST_PAUSE)
        if group is not None:
            _, blocked_until = self._blocked_groups.get(group, (reason, _NEVER))
            if until > max(now, blocked_until):
                self._blocked_groups[group] = reason, until
                self._on_change()
        elif until > max(now, self._blocked_until):
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
            return round(moment + offset + TICK, 3) if moment > _NEVER else None

        return {
            "times": {
                group: [
                    wall(moment)  # sorted by `restore`
                    for moment in times[self._expired(group, now) :]
                    + self._running[group]
                ]
                for group, times in self._times.items()
            },
            "last_start": wall(self._last_start),
            "slow_gap": self._slow_gap,
            "slow_until": wall(self._slow_until),
            "block_reason": self._block_reason,
            "blocked_until": wall(self._blocked_until),
            "blocked_groups": {
                group: {"reason": reason, "until": wall(until)}
                for group, (reason, until) in self._blocked_groups.items()
                if until > now
            },
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
        self._times, self._lanes = {}, {}
        for group, walls in mapping(state.get("times")).items():
            if isinstance(group, str) and isinstance(walls, list):
                times = sorted(moment(wall, now) for wall in walls[-most:])
                self._times[group] = times
                del times[: self._expired(group, now)]
        self._last_start = moment(state.get("last_start"), now)
        self._restored_start = self._last_start
        self._slow_gap = number(state.get("slow_gap"), low=0, high=3600) or 0.0
        self._slow_until = moment(state.get("slow_until"), now + _LONGEST_PAUSE)
        self._block_reason = text(state.get("block_reason")) or "blocked"
        self._blocked_until = moment(state.get("blocked_until"), now + _LONGEST_PAUSE)
        self._blocked_groups = {
            group: (text(block.get("reason")) or "blocked", until)
            for group, item in mapping(state.get("blocked_groups")).items()
            if isinstance(group, str)
            and (block := mapping(item))
            and (until := moment(block.get("until"), now + _LONGEST_PAUSE)) > now
        }
        self._counted_day = self._day()
        if state.get("day") == self._counted_day.isoformat():
            self._counted = integer(state.get("requests"), low=0, high=10**9) or 0

    @property
    def _block_left(self) -> float:
        return self._blocked_until - self._clock.monotonic()

    def _lane(self, group: str, name: str | None = None) -> Lane:
        key = self._lane_of.get(group), name
        # A restart forgets in which one the last request was
        return self._lanes.setdefault(key, Lane(self._restored_start))

    def _gap_left(self, lane: Lane) -> float:
        now = self._clock.monotonic()
        gap = self._slow_gap if now < self._slow_until else 0.0
        return lane.last_start + max(gap, self._min_gap) - now

    def _refuse(self, group: str, *, write: bool, count: int = 1) -> None:
        if (wait := self._block_left) > 0:
            raise ThrottledError(
                "the account is paused", retry_after=wait, reason=self._block_reason
            )
        reason, until = self._blocked_groups.get(group, ("", _NEVER))
        if (wait := until - self._clock.monotonic()) > 0:
            raise ThrottledError(
                "requests of this kind are paused",
                retry_after=wait,
                reason=reason,
                group=group,
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
                for moment in (
                    times[bisect_right(times, now - rule.window) :]
                    + [now] * len(self._running[name])
                )
            )
            left = rule.limit - len(used) - (0 if write else rule.reserve)
            # So many must leave the window that `count` more fit in
            leave = min(max(0, count - 1 - left), len(used) - 1)
            wait = used[leave] + rule.window - now + TICK if used else 0.0
            standings.append((max(0, left), wait))
        return standings

    def _expired(self, group: str, now: float) -> int:
        """Return how many times of `group` no rule counts any more."""
        windows = (rule.window for rule in self._rules if rule.counts(group))
        return bisect_right(self._times[group], now - max(windows, default=0.0))

    def _count(self, group: str, lane: Lane) -> float:
        """Note the start of a request and return it."""
        self._last_start = lane.last_start = now = self._clock.monotonic()
        times = self._times.setdefault(group, [])
        del times[: self._expired(group, now)]
        self._running[group].append(now)
        self._counted, self._counted_day = self.requests_today + 1, self._day()
        self._on_change()
        return now
