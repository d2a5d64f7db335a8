"""Lanes of the budget: a slow request delays only its own kind, and all still count."""

import asyncio
from datetime import timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from core.client.budget import Budget, Rule
from tests.core.fake_clock import FakeClock, settle

from .test_budget import (
    PROPERTY,
    Vendor,
    actions,
    check_rules,
    check_turns,
    durations,
    groups,
    live,
    reborn,
    refused,
    rule_sets,
    run,
    use,
)

LANES = (frozenset({"live"}), frozenset({"login"}))


async def hold(budget: Budget, group: str, lane: str | None = None) -> None:
    async with budget.slot(group, lane=lane):
        await asyncio.Event().wait()


async def asking(budget: Budget, group: str, lane: str | None = None) -> bool:
    """Ask; return whether that had to wait."""

    async def ask() -> None:
        async with budget.slot(group, lane=lane):
            pass

    task = asyncio.create_task(ask())
    await settle()
    waited = not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return waited


async def test_a_hanging_request_delays_only_its_lane() -> None:
    budget = Budget(clock=FakeClock(), lanes=LANES)
    hanging = asyncio.create_task(hold(budget, "live"))
    await settle()
    assert not await asking(budget, "login")
    assert not await asking(budget, "other")
    assert await asking(budget, "live")
    hanging.cancel()
    await settle()
    assert not await asking(budget, "live")


async def test_groups_of_no_lane_share_one() -> None:
    budget = Budget(clock=FakeClock(), lanes=LANES)
    hanging = asyncio.create_task(hold(budget, "other"))
    await settle()
    assert await asking(budget, "another")
    assert not await asking(budget, "live")
    hanging.cancel()


async def test_without_lanes_all_share_one() -> None:
    budget = Budget(clock=FakeClock())
    hanging = asyncio.create_task(hold(budget, "live"))
    await settle()
    assert await asking(budget, "login")
    hanging.cancel()


async def test_a_named_lane_has_its_own_turn_but_counts_with_its_group() -> None:
    rule = Rule(limit=3, window=60, groups=frozenset({"live"}))
    budget = Budget([rule], clock=FakeClock(), lanes=LANES)
    hanging = asyncio.create_task(hold(budget, "live", "a"))
    await settle()
    assert await asking(budget, "live", "a")
    assert not await asking(budget, "live", "b")
    assert not await asking(budget, "live")
    with refused("budget", 60):
        await use(budget, "live")
    hanging.cancel()


def test_a_group_in_two_lanes_is_refused() -> None:
    with pytest.raises(ValueError, match="one lane"):
        Budget(clock=FakeClock(), lanes=[{"live", "login"}, {"live"}])


async def test_each_lane_has_its_gap_and_lets_writes_go_first() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock, min_gap=10, lanes=LANES)
    order: list[tuple[str, float]] = []

    async def one(name: str, group: str) -> None:
        async with budget.slot(group, write=name.startswith("w")):
            order.append((name, clock.monotonic() - 1000))

    for name, group in (("r0", "live"), ("o0", "other")):
        await one(name, group)
    plan = (("r1", "live"), ("o1", "other"), ("w", "live"))
    tasks = [asyncio.create_task(one(name, group)) for name, group in plan]
    await clock.advance(100)
    assert sorted(order) == sorted(
        [("r0", 0), ("o0", 0), ("w", 10), ("o1", 10), ("r1", 20)]
    )
    assert all(task.done() for task in tasks)


async def test_a_request_on_its_way_never_leaves_the_window() -> None:
    """A lane's slow request may be counted by the vendor at its very end."""
    clock = FakeClock()
    budget = Budget([Rule(limit=2, window=20)], clock=clock, lanes=LANES)
    hanging = asyncio.create_task(hold(budget, "live"))
    await clock.advance(50)
    await use(budget, "login")
    with refused("budget", 20):
        await use(budget, "other")
    hanging.cancel()
    await settle()
    await clock.advance(19.9)
    with refused("budget", 0.1):
        await use(budget, "other")
    await clock.advance(0.2)
    await use(budget, "other")


async def test_the_end_of_the_right_request_is_noted() -> None:
    clock = FakeClock()
    budget = Budget([Rule(limit=2, window=20)], clock=clock, lanes=LANES)
    slow = asyncio.create_task(hold(budget, "live", "a"))
    await clock.advance(5)
    await use(
        budget,
        "live",
    )
    await clock.advance(10)
    slow.cancel()
    await settle()
    # The quick one was counted at 5 s, the slow one by 15 s
    await clock.advance(10.1)
    assert budget.left == 1
    await clock.advance(9.8)
    assert budget.left == 1
    await clock.advance(0.2)
    assert budget.left == 2


async def test_after_a_restart_no_lane_begins_too_early() -> None:
    clock = FakeClock()
    budget = Budget(clock=clock, min_gap=10, lanes=LANES)
    hanging = asyncio.create_task(hold(budget, "live", "a"))
    await clock.advance(4)
    later = FakeClock(clock.now(), monotonic=3.0)
    again = reborn(budget, later, min_gap=10, lanes=LANES)
    hanging.cancel()
    assert again.requests_today == 1
    for group in ("live", "login", "other"):
        assert again._gap_left(again._lane(group)) == pytest.approx(6, abs=0.01)


async def test_a_request_on_its_way_is_in_the_dump() -> None:
    rule = Rule(limit=1, window=60)
    budget = Budget([rule], clock=(clock := FakeClock()), lanes=LANES)
    hanging = asyncio.create_task(hold(budget, "live"))
    await clock.advance(10)
    later = FakeClock(clock.now() + timedelta(seconds=20), monotonic=3.0)
    again = reborn(budget, later, rule, lanes=LANES)
    hanging.cancel()
    with refused("budget", 30):
        await use(again, "live")


lane_asks = st.tuples(
    st.just("ask"),
    groups,
    st.booleans(),
    durations,
    st.none() | st.sampled_from(["a", "b"]),
)


@PROPERTY
@given(
    rule_sets,
    st.sampled_from([0.0, 1.0, 3.0]),
    st.sampled_from([(), LANES, (frozenset({"live", "login"}),)]),
    st.lists(lane_asks, min_size=8, max_size=20),
    actions,
    st.randoms(use_true_random=False),
)
def test_no_rule_is_ever_broken_by_lanes(
    rules: list[Rule],
    min_gap: float,
    lanes: tuple[frozenset[str], ...],
    asks: list[tuple[Any, ...]],
    others: list[tuple[Any, ...]],
    order: Any,
) -> None:
    """Whatever is cancelled, blocked or restarted: all lanes together keep the rules."""
    plan = [*asks, *others]
    order.shuffle(plan)
    sent = run(live(Vendor(rules, min_gap, lanes), plan))
    check_rules(sent, rules)

    def lane_of(group: str) -> frozenset[str] | None:
        return next((lane for lane in lanes if group in lane), None)

    for key in {(lane_of(s.group), s.lane) for s in sent}:
        check_turns([s for s in sent if (lane_of(s.group), s.lane) == key], min_gap)
