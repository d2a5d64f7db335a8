"""The budget: fault-matrix.md rows 5, 19, 31 and 44."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
import contextvars
from dataclasses import dataclass
from datetime import date, timedelta
import itertools
import json
import math
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from core.client.budget import Budget, Rule
from core.client.errors import ThrottledError
from tests.core.fake_clock import START, FakeClock, settle

PROPERTY = settings(deadline=None, database=None, derandomize=True)


async def use(budget: Budget, group: str = "default", *, write: bool = False) -> None:
    async with budget.slot(group, write=write):
        pass


@contextmanager
def refused(reason: str, retry_after: float) -> Iterator[None]:
    with pytest.raises(ThrottledError) as caught:
        yield
    assert caught.value.reason == reason
    assert caught.value.retry_after == pytest.approx(retry_after, abs=0.01)


def reborn(budget: Budget, clock: FakeClock, *rules: Rule, **more: Any) -> Budget:
    """Return the budget of the next run, after a trip through a JSON file."""
    after = Budget(rules, clock=clock, **more)
    after.restore(json.loads(json.dumps(budget.dump())))
    return after


@pytest.mark.parametrize(
    ("limit", "window", "reserve"), [(0, 1, 0), (1, 0, 0), (2, 1, 2), (2, 1, -1)]
)
def test_senseless_rules_are_refused(limit: int, window: float, reserve: int) -> None:
    with pytest.raises(ValueError, match="room for a read"):
        Rule(limit=limit, window=window, reserve=reserve)


async def test_without_rules_nothing_is_refused() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock)
    for _ in range(100):
        await use(budget)
    assert clock.slept == []
    assert budget.requests_today == 100
    assert budget.left is None
    assert budget.next_reset is None


async def test_used_up_window_refuses_at_once_and_keeps_the_reserve() -> None:
    clock = FakeClock()
    budget = Budget([Rule(limit=3, window=60, reserve=1)], clock=clock)
    assert budget.left == 2
    assert budget.next_reset is None

    await use(budget)
    await clock.advance(10)
    await use(budget)

    assert budget.left == 0
    with refused("budget", 50):
        await use(budget)
    await use(budget, write=True)
    with refused("budget", 50):
        await use(budget, write=True)
    # One must leave for the next write, two for the next read
    with refused("budget", 60):
        await use(budget)
    await clock.advance(50)
    with refused("budget", 10):
        await use(budget)
    await use(budget, write=True)
    assert clock.slept == []


async def test_waiting_for_retry_after_is_enough() -> None:
    clock = FakeClock(monotonic=0.1)
    budget = Budget([Rule(limit=2, window=0.3)], clock=clock)
    for _ in range(50):
        await use(budget)
        await clock.advance(0.07)
        await use(budget)
        with pytest.raises(ThrottledError) as caught:
            await use(budget)
        assert caught.value.retry_after is not None
        await clock.advance(caught.value.retry_after)
        await use(budget)
        await clock.advance(1)


async def test_rules_count_their_groups_and_all_must_agree() -> None:
    clock = FakeClock()
    budget = Budget(
        [
            Rule(limit=1, window=3600, groups=frozenset({"login"})),
            Rule(limit=2, window=60, groups=frozenset({"login", "live"})),
            Rule(limit=4, window=10),
        ],
        clock=clock,
    )
    await use(budget, "login")
    with refused("budget", 3600):
        await use(budget, "login")
    await use(budget, "live")
    with refused("budget", 60):
        await use(budget, "live")
    await use(budget, "other")
    await use(budget, "other")
    with refused("budget", 10):
        await use(budget, "other")
    with refused("budget", 60):
        await use(budget, "live")
    with refused("budget", 3600):
        await use(budget, "login")


async def test_left_and_reset_follow_the_tightest_rule() -> None:
    clock = FakeClock()
    budget = Budget(
        [Rule(limit=10, window=60), Rule(limit=4, window=30, reserve=1)], clock=clock
    )
    await use(budget)
    await clock.advance(5)
    await use(budget)

    assert budget.left == 1
    assert budget.next_reset is not None
    reset = (budget.next_reset - clock.now()).total_seconds()
    assert reset == pytest.approx(25, abs=0.01)
    await clock.advance(reset)
    assert budget.left == 2
    await clock.advance(60)
    assert budget.left == 3
    assert budget.next_reset is None


async def test_gap_is_measured_from_start_to_start() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock, min_gap=1.0)
    starts: list[float] = []

    async def slow(duration: float) -> None:
        async with budget.slot():
            starts.append(clock.monotonic())
            await clock.sleep(duration)

    tasks = [asyncio.create_task(slow(d)) for d in (0.25, 3.0, 0.0, 0.0)]
    await clock.advance(10)
    assert starts == [1000.0, 1001.0, 1004.0, 1005.0]
    assert all(task.done() for task in tasks)


async def test_one_at_a_time_in_order_and_writes_first() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock, min_gap=10)
    order: list[str] = []

    async def one(name: str) -> None:
        async with budget.slot(write=name.startswith("w")):
            order.append(name)
            assert budget._lane("default").busy
            await clock.sleep(1)
            order.append(name)

    tasks = [asyncio.create_task(one(name)) for name in ("r1", "r2", "r3")]
    await clock.advance(0.5)
    tasks.append(asyncio.create_task(one("w1")))
    # r2 sleeps out its gap when the second write comes; it is overtaken by both
    await clock.advance(8)
    tasks.append(asyncio.create_task(one("w2")))
    await clock.advance(100)

    assert order[::2] == order[1::2] == ["r1", "w1", "w2", "r2", "r3"]
    assert all(task.done() for task in tasks)


async def test_a_reader_in_its_gap_lets_a_write_go_first_and_does_not_starve() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock, min_gap=10)
    order: list[tuple[str, float]] = []

    async def one(name: str) -> None:
        async with budget.slot(write=name == "w"):
            order.append((name, clock.monotonic() - 1000))

    await one("r0")
    tasks = [asyncio.create_task(one("r1"))]
    await clock.advance(5)
    tasks += [asyncio.create_task(one(name)) for name in ("r2", "w", "r3")]
    await clock.advance(100)

    assert order == [("r0", 0), ("w", 10), ("r1", 20), ("r2", 30), ("r3", 40)]


async def test_slow_down_raises_the_gap_for_a_time() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock, min_gap=1)
    await use(budget)
    budget.slow_down(10, 60)
    budget.slow_down(5, 15)  # does not lessen the one that holds

    waiting = asyncio.create_task(use(budget))
    await clock.advance(9.9)
    assert not waiting.done()
    await clock.advance(0.2)
    assert waiting.done()

    await clock.advance(60)
    await use(budget)
    again = asyncio.create_task(use(budget))
    await clock.advance(1.1)
    assert again.done()
    budget.slow_down(2, 60)  # nor is the old one remembered
    await clock.advance(0)
    last = asyncio.create_task(use(budget))
    await clock.advance(2.1)
    assert last.done()


async def test_block_refuses_reads_and_writes_until_its_end() -> None:
    clock = FakeClock()
    budget = Budget([Rule(limit=5, window=60)], clock=clock)
    budget.block(0)
    budget.block(-5)
    await use(budget)
    budget.block(90, reason="locked")
    budget.block(10, reason="throttled")

    for write in (False, True):
        with refused("locked", 90):
            await use(budget, write=write)
    assert budget.left == 0
    assert budget.next_reset == START + timedelta(seconds=90)
    await clock.advance(90)
    await use(budget)
    assert budget.left == 4


async def test_a_block_of_one_group_leaves_the_others_alone() -> None:
    clock = FakeClock()
    budget = Budget([Rule(limit=5, window=600)], clock=clock)
    budget.block(90, reason="rate_limit", group="prices")
    budget.block(10, reason="throttled", group="prices")

    for write in (False, True):
        with pytest.raises(ThrottledError) as caught:
            await use(budget, "prices", write=write)
        assert (caught.value.reason, caught.value.group) == ("rate_limit", "prices")
        assert caught.value.retry_after == pytest.approx(90)
    with refused("rate_limit", 90):
        budget.require(1, "prices")
    await use(budget, "sites")
    assert budget.left == 4
    await clock.advance(90)
    await use(budget, "prices")


async def test_a_block_of_the_account_comes_before_one_of_a_group() -> None:
    budget = Budget(clock=FakeClock())
    budget.block(90, reason="rate_limit", group="prices")
    budget.block(10, reason="locked")
    for group in ("prices", "sites"):
        with pytest.raises(ThrottledError) as caught:
            await use(budget, group)
        assert (caught.value.reason, caught.value.group) == ("locked", None)


async def test_a_block_of_a_group_survives_a_restart() -> None:
    changes: list[None] = []
    clock = FakeClock()
    budget = Budget(clock=clock, on_change=lambda: changes.append(None))
    budget.block(30, reason="rate_limit", group="prices")
    budget.block(math.inf, group="usage")
    assert len(changes) == 2
    later = FakeClock(clock.now() + timedelta(seconds=10), monotonic=7.0)
    again = reborn(budget, later)

    with refused("rate_limit", 20):
        await use(again, "prices")
    with refused("blocked", 48 * 3600 - 10):
        await use(again, "usage")
    await use(again, "sites")
    await later.advance(20.01)
    await use(again, "prices")
    assert set(again.dump()["blocked_groups"]) == {"usage"}


async def test_no_block_lasts_for_ever() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock)
    budget.block(math.inf)
    with refused("blocked", 48 * 3600):
        await use(budget)


async def test_waiters_learn_of_a_block() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock, min_gap=10)
    await use(budget)
    waiters = [asyncio.create_task(use(budget)) for _ in range(3)]
    await clock.advance(5)
    budget.block(60)
    await clock.advance(5)
    errors = [waiter.exception() for waiter in waiters]
    assert all(isinstance(error, ThrottledError) for error in errors)
    assert budget.requests_today == 1


async def test_a_failed_request_counts_and_frees_the_slot() -> None:
    budget = Budget([Rule(limit=2, window=60)], clock=FakeClock())

    async def fail() -> None:
        async with budget.slot():
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert budget.left == 1
    await use(budget)


async def test_cancelled_waiters_leak_nothing() -> None:
    clock = FakeClock()
    budget = Budget([Rule(limit=10, window=60)], clock=clock, min_gap=1)

    async def hold() -> None:
        async with budget.slot():
            await clock.sleep(5)

    holder = asyncio.create_task(hold())
    await settle()
    queued = [asyncio.create_task(use(budget)) for _ in range(3)]
    await settle()
    queued[0].cancel()  # in the queue
    await settle()
    holder.cancel()  # while it has the slot; the next one gets the turn ...
    await asyncio.sleep(0)
    queued[1].cancel()  # ... and is cancelled at about that moment
    await settle()
    await clock.advance(5)

    assert queued[2].done()
    assert not queued[2].cancelled()
    assert budget.requests_today == 2
    assert budget.left == 8
    await use(budget)


async def test_a_waiter_cancelled_in_the_moment_of_its_turn_passes_it_on() -> None:
    budget = Budget(clock=FakeClock())
    async with budget.slot():
        first = asyncio.create_task(use(budget))
        second = asyncio.create_task(use(budget))
        await settle()
    first.cancel()  # it has the turn, but did not run since
    await settle()
    assert first.cancelled()
    assert second.done()
    assert not second.cancelled()


async def test_a_waiter_cancelled_in_the_gap_passes_the_turn_on() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock, min_gap=10)
    await use(budget)
    first = asyncio.create_task(use(budget))
    second = asyncio.create_task(use(budget))
    await clock.advance(5)
    first.cancel()
    await clock.advance(5)
    assert first.cancelled()
    assert second.done()


async def test_requests_are_counted_by_the_given_day() -> None:
    clock = FakeClock()
    today = date(2026, 11, 20)
    budget = Budget(clock=clock, day=lambda: today)
    await use(budget)
    await use(budget, write=True)
    assert budget.requests_today == 2
    today = date(2026, 11, 21)
    assert budget.requests_today == 0
    await use(budget)
    assert budget.requests_today == 1


async def test_the_default_day_is_utc() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock)
    await use(budget)
    await clock.advance(12 * 3600 - 1)
    assert budget.requests_today == 1
    await clock.advance(1)
    assert budget.requests_today == 0


async def test_every_change_is_announced() -> None:
    changes: list[dict[str, Any]] = []
    clock = FakeClock()
    budget = Budget(
        [Rule(limit=9, window=60)],
        clock=clock,
        on_change=lambda: changes.append(budget.dump()),
    )
    await use(budget)
    assert changes[-1]["requests"] == 1
    budget.block(60)
    assert changes[-1]["blocked_until"] is not None
    budget.slow_down(5, 60)
    assert changes[-1]["slow_gap"] == 5
    assert len(changes) == 3


async def test_state_survives_a_restart() -> None:
    rules = (Rule(limit=3, window=60), Rule(limit=9, window=3600))
    budget = Budget(rules, clock=(clock := FakeClock()), min_gap=1)
    for _ in range(3):
        await use(budget)
        await clock.advance(1)
    budget.slow_down(10, 100)
    budget.block(30, reason="locked")
    await clock.advance(20)

    # A new process: another monotonic clock, and five seconds passed meanwhile
    later = FakeClock(clock.now() + timedelta(seconds=5), monotonic=7.0)
    again = reborn(budget, later, *rules, min_gap=1)

    assert again.requests_today == 3
    with refused("locked", 5):
        await use(again, write=True)
    await later.advance(5.01)
    with refused("budget", 27):
        await use(again)
    await later.advance(29.01)
    started = later.monotonic()
    await use(again)
    second = asyncio.create_task(use(again))
    await later.advance(9.9)
    assert not second.done()
    await later.advance(0.2)
    assert second.done()
    assert later.monotonic() - started == pytest.approx(10.1)


@pytest.mark.parametrize("passed", [0.0, 0.0004, 0.0006, 0.04, 0.06, 12.3456789])
async def test_a_restart_frees_nothing_early(passed: float) -> None:
    rule = Rule(limit=1, window=60)
    budget = Budget([rule], clock=(clock := FakeClock()))
    await clock.advance(passed)
    await use(budget)
    again = reborn(budget, clock, rule)
    await clock.advance(60 - 0.0001)
    with pytest.raises(ThrottledError):
        await use(again)
    await clock.advance(0.003)
    await use(again)


async def test_the_gap_survives_a_restart() -> None:
    budget = Budget(clock=(clock := FakeClock()), min_gap=5)
    await use(budget)
    await clock.advance(2)
    again = reborn(budget, FakeClock(clock.now(), monotonic=0.0), min_gap=5)
    assert again._gap_left(again._lane("default")) == pytest.approx(3, abs=0.01)


async def test_the_dump_is_pruned_and_plain() -> None:
    rule = Rule(limit=50, window=60, groups=frozenset({"live"}))
    budget = Budget([rule], clock=(clock := FakeClock()))
    for _ in range(20):
        await use(budget, "live")
        await use(budget, "unlimited")
        await clock.advance(10)
    dump = budget.dump()
    assert len(dump["times"]["live"]) == 5
    assert dump["times"]["unlimited"] == []
    assert len(budget._times["unlimited"]) == 1
    assert json.loads(json.dumps(dump, allow_nan=False)) == dump


async def test_a_clock_that_was_put_back_frees_nothing_and_locks_nothing_for_long() -> (
    None
):
    rule = Rule(limit=2, window=60)
    budget = Budget([rule], clock=(clock := FakeClock()))
    await use(budget)
    await use(budget)
    clock.jump(timedelta(days=-365))
    again = reborn(budget, FakeClock(clock.now()), rule)
    with refused("budget", 60):
        await use(again)

    future = Budget([rule], clock=FakeClock(START + timedelta(days=365)))
    await use(future)
    await use(future)
    future.block(60)
    again = reborn(future, clock, rule)
    with refused("blocked", 48 * 3600):
        await use(again)
    await clock.advance(48 * 3600 + 1)
    await use(again)


async def test_fewer_allowed_than_an_older_version_used() -> None:
    old = Budget([Rule(limit=50, window=60)], clock=(clock := FakeClock()))
    for _ in range(50):
        await use(old)
        await clock.advance(0.1)
    again = reborn(old, clock, Rule(limit=3, window=60))
    assert again.left == 0
    with refused("budget", 60 - 0.3):
        await use(again)


async def test_a_new_day_starts_at_zero_after_a_restart() -> None:
    budget = Budget(clock=(clock := FakeClock()))
    await use(budget)
    again = reborn(budget, FakeClock(clock.now() + timedelta(days=1)))
    assert again.requests_today == 0


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {"times": 3},
        {"times": {"default": 5, "x": None}},
        {"times": {"default": [None, "x", [], "NaN", 1e308, -1e308, 10**400, True]}},
        {"times": {"default": [1] * 100_000}},
        {"times": {7: [1.0]}},
        {"slow_gap": "x", "slow_until": {}, "blocked_until": "-"},
        {"slow_gap": 1e300, "slow_until": 1e300},
        {"requests": -4, "day": "2026-11-20"},
        {"requests": "many", "day": "2026-11-20"},
        {"requests": 7, "day": None},
        {"last_start": 1e300},
        {"block_reason": 5, "blocked_until": -1},
        {"blocked_groups": [{"reason": "x", "until": 1e300}]},
        {"blocked_groups": {"default": 5, "x": {}, 7: {"until": 1e300}}},
        {"blocked_groups": {"default": {"reason": "x", "until": "never"}}},
    ],
    ids=lambda data: repr(data)[:40],
)
async def test_garbage_is_left_out(data: object) -> None:
    clock = FakeClock(auto=True)
    budget = Budget([Rule(limit=4, window=60)], clock=clock, min_gap=1)
    budget.restore(data)
    assert budget.requests_today == 0
    await use(budget)
    assert budget.requests_today == 1
    assert sum(clock.slept) <= 3600 + 1
    json.dumps(budget.dump(), allow_nan=False)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
keys = sorted(Budget(clock=FakeClock()).dump())


@PROPERTY
@given(junk | st.dictionaries(st.sampled_from(keys), junk))
def test_restore_never_raises(data: object) -> None:
    budget = Budget([Rule(limit=4, window=60)], clock=FakeClock(), min_gap=1)
    budget.restore(data)
    assert budget.left in range(5)
    assert budget.requests_today >= 0
    assert budget.next_reset is None or budget.next_reset > START
    json.dumps(budget.dump(), allow_nan=False)


@dataclass
class Sent:
    """A request as the vendor's counter may have seen it: somewhere in between."""

    group: str
    lane: str | None
    write: bool
    start: float
    end: float


groups = st.sampled_from(["live", "login", "other"])
rule_sets = st.lists(
    st.builds(
        lambda limit, reserve, window, names: Rule(
            limit=limit,
            reserve=min(reserve, limit - 1),
            window=window,
            groups=names,
        ),
        st.integers(1, 6),
        st.integers(0, 3),
        st.sampled_from([5.0, 20.0, 60.0]),
        st.none() | st.frozensets(groups, min_size=1),
    ),
    min_size=1,
    max_size=3,
)
durations = st.floats(0, 8, allow_subnormal=False)
actions = st.lists(
    st.tuples(st.just("ask"), groups, st.booleans(), durations)
    | st.tuples(st.just("pass"), durations)
    | st.tuples(st.just("cancel"), st.integers(0, 50))
    | st.tuples(st.just("block"), durations, st.none() | groups)
    | st.tuples(st.just("slow"), durations, durations)
    | st.tuples(st.just("restart"), durations),
    min_size=20,
    max_size=60,
)


class Vendor:
    """Drives one budget through any life and writes down what was sent."""

    def __init__(
        self,
        rules: list[Rule],
        min_gap: float,
        lanes: tuple[frozenset[str], ...] = (),
    ) -> None:
        self.rules, self.min_gap, self.lanes = rules, min_gap, lanes
        self.clock = FakeClock()
        self.shift = 0.0  # from the present process's monotonic time to the vendor's
        self.budget = self.make()
        self.sent: list[Sent] = []
        self.tasks: list[asyncio.Task[None]] = []

    def make(self) -> Budget:
        return Budget(
            self.rules, clock=self.clock, min_gap=self.min_gap, lanes=self.lanes
        )

    def time(self) -> float:
        return self.clock.monotonic() + self.shift

    async def ask(
        self, group: str, write: bool, duration: float, lane: str | None = None
    ) -> None:
        clock, budget = self.clock, self.budget
        try:
            async with budget.slot(group, write=write, lane=lane):
                sent = Sent(group, lane, write, self.time(), math.inf)
                self.sent.append(sent)
                try:
                    await clock.sleep(duration)
                finally:
                    if sent.end == math.inf:
                        sent.end = self.time()
        except ThrottledError as error:
            self.check_refusal(error, group, write)

    def check_refusal(self, error: ThrottledError, group: str, write: bool) -> None:
        """Nothing is refused without need."""
        assert error.retry_after is not None
        assert error.retry_after > 0
        if error.reason == "budget":
            now = self.time()
            assert any(
                sum(
                    rule.counts(s.group) and min(s.end, now) > now - rule.window - 0.01
                    for s in self.sent
                )
                >= rule.limit - (0 if write else rule.reserve)
                for rule in self.rules
                if rule.counts(group)
            )

    async def act(self, action: tuple[Any, ...]) -> None:
        match action:
            case ("ask", *asked):
                self.tasks.append(asyncio.create_task(self.ask(*asked)))
                await settle()
            case ("pass", seconds):
                await self.clock.advance(seconds)
            case ("cancel", index) if self.tasks:
                self.tasks[index % len(self.tasks)].cancel()
                await settle()
            case ("block", seconds, group):
                self.budget.block(seconds, group=group)
            case ("slow", gap, seconds):
                self.budget.slow_down(gap, seconds)
            case ("restart", down):
                await self.restart(down)

    async def restart(self, down: float) -> None:
        saved = json.loads(json.dumps(self.budget.dump()))
        for sent in self.sent:
            if sent.end == math.inf:
                sent.end = sent.start  # killed on its way: nobody could save its end
        await self.stop()
        vendor_now = self.time() + down
        self.clock = FakeClock(self.clock.now() + timedelta(seconds=down), monotonic=3)
        self.shift = vendor_now - self.clock.monotonic()
        self.budget = self.make()
        self.budget.restore(saved)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        results = await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
        for result in results:
            if isinstance(result, Exception):
                raise result


def run[T](work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner() as runner:
        return runner.run(work)


async def live(vendor: Vendor, plan: list[tuple[Any, ...]]) -> list[Sent]:
    """Let all of `plan` happen and return what was sent."""
    for action in plan:
        await vendor.act(action)
    await vendor.clock.advance(100)
    await vendor.stop()
    # Nothing was leaked: after a while everything is possible again
    await vendor.clock.advance(100)
    for group in ("live", "login", "other"):
        asking = asyncio.create_task(use(vendor.budget, group, write=True))
        await vendor.clock.advance(100)
        assert asking.done()
        assert asking.exception() is None
    return vendor.sent


def check_turns(sent: list[Sent], min_gap: float) -> None:
    """One at a time, with a gap."""
    for before, after in itertools.pairwise(sent):
        assert after.start >= before.end - 1e-6, "two at a time"
        assert after.start - before.start >= min_gap - 1e-6, "no gap"


def check_rules(sent: list[Sent], rules: list[Rule]) -> None:
    """Never too many, whenever within its time the vendor counted a request."""
    for rule in rules:
        counted = [s for s in sent if rule.counts(s.group)]
        for index, request in enumerate(counted):
            allowed = rule.limit - (0 if request.write else rule.reserve)
            since = request.start - rule.window + 1e-6
            assert sum(s.end > since for s in counted[:index]) < allowed


@PROPERTY
@given(rule_sets, st.sampled_from([0.0, 1.0, 3.0]), actions)
def test_no_rule_is_ever_broken(
    rules: list[Rule], min_gap: float, plan: list[tuple[Any, ...]]
) -> None:
    sent = run(live(Vendor(rules, min_gap), plan))
    check_turns(sent, min_gap)
    check_rules(sent, rules)


@PROPERTY
@given(
    rule_sets,
    st.lists(st.tuples(groups, st.booleans(), durations), min_size=5, max_size=30),
)
def test_a_restored_budget_behaves_like_the_old_one(
    rules: list[Rule], plan: list[tuple[str, bool, float]]
) -> None:
    async def outcome(budget: Budget, group: str, write: bool) -> float:
        try:
            await use(budget, group, write=write)
        except ThrottledError as error:
            return error.retry_after or 0.0
        return 0.0

    async def life() -> None:
        clock = FakeClock()
        budget = Budget(rules, clock=clock)
        for group, write, pause in plan:
            await outcome(budget, group, write)
            await clock.advance(pause)
            twin = reborn(budget, clock, *rules)
            # Saving rounds up by at most two milliseconds
            await clock.advance(0.003)
            assert twin.requests_today == budget.requests_today
            assert twin.left == budget.left
            for kind in (False, True):
                for name in ("live", "login", "other"):
                    copies = [reborn(b, clock, *rules) for b in (budget, twin)]
                    waits = [await outcome(copy, name, kind) for copy in copies]
                    assert waits[0] == pytest.approx(waits[1], abs=0.01)

    run(life())


@PROPERTY
@given(
    st.integers(1, 5),
    st.integers(1, 4),
    st.lists(st.floats(0, 20), min_size=5, max_size=40),
)
def test_reads_never_take_the_reserve(
    reads: int, reserve: int, pauses: list[float]
) -> None:
    async def life() -> None:
        clock = FakeClock()
        rule = Rule(limit=reads + reserve, window=60, reserve=reserve)
        budget = Budget([rule], clock=clock)
        for pause in pauses:
            await clock.advance(pause)
            with suppress(ThrottledError):
                while True:
                    await use(budget)
        for _ in range(reserve):
            await use(budget, write=True)

    run(life())


async def test_a_job_of_several_writes_is_admitted_only_if_all_fit() -> None:
    clock = FakeClock()
    budget = Budget([Rule(limit=4, window=60, reserve=2)], clock=clock)
    budget.require(4, write=True)
    budget.require(2)
    with refused("budget", 0):
        budget.require(3)
    await use(budget)
    await clock.advance(10)
    await use(budget, write=True)

    budget.require(2, write=True)
    with refused("budget", 50):
        budget.require(3, write=True)
    with refused("budget", 60):
        budget.require(4, write=True)
    # Never, but then at least all that was used has left
    with refused("budget", 60):
        budget.require(5, write=True)
    # Asking has used nothing up
    assert budget.requests_today == 2
    await clock.advance(50.01)
    budget.require(3, write=True)
    budget.block(30, reason="locked")
    with refused("locked", 30):
        budget.require(1, write=True)


async def test_required_requests_are_those_of_the_group() -> None:
    rule = Rule(limit=1, window=60, groups=frozenset({"login"}))
    budget = Budget([rule], clock=FakeClock())
    budget.require(100, write=True)
    with refused("budget", 0):
        budget.require(2, "login", write=True)


async def test_reads_for_a_write_use_its_reserve_and_its_turn() -> None:
    """What is read to plan a change, and to see it, belongs to the change."""
    budget = Budget([Rule(limit=3, window=60, reserve=2)], clock=FakeClock())
    await use(budget)
    with refused("budget", 60):
        await use(budget)

    async def others() -> None:
        with refused("budget", 60):
            await use(budget)

    with budget.for_write():
        other = asyncio.create_task(others(), context=contextvars.Context())
        await use(budget)
        await other
        budget.require(1)
    with refused("budget", 60):
        budget.require(1)
    with budget.for_write():
        await use(budget)
        with refused("budget", 60):
            await use(budget)
