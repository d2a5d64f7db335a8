"""When Amber is asked (reference section 5.3): the plan of one slot, without a clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import random

import pytest

from custom_components.amber_energy.odds import Odds
from custom_components.amber_energy.polling import (
    Call,
    Pauses,
    Planned,
    Quota,
    Slot,
    back_off,
    new_slot,
    plan,
    slot_start,
)

START = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
QUOTA = Quota(left=45, limit=50, reset_at=START + timedelta(seconds=290))


def at(offset: float) -> datetime:
    return START + timedelta(seconds=offset)


def slot(**changes: object) -> Slot:
    """Return a slot of a 5-minute site whose first call was answered at 2 s."""
    made = Slot(start=START, final=True, opening=2.0, polls=1, opened=True, asked=2.0)
    made.estimate_at = 2.0
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def walk(
    final_at: float | None, odds: Odds | None = None, left: int = 45
) -> list[float]:
    """Return when a whole slot's light calls are made, one second after another."""
    odds, here, made = odds or Odds(), slot(), []
    quota = Quota(left=left, limit=50)
    while planned := plan(here, at(here.asked), odds, quota, Pauses()):
        if planned.call is not Call.LIGHT:
            break
        here.asked = here.offset(planned.at)
        here.polls += 1
        quota = replace(quota, left=(quota.left or 0) - 1)
        made.append(round(here.asked, 1))
        if final_at is not None and here.asked >= final_at:
            here.confirmed_at = here.asked
    return made


def test_the_first_call_comes_a_little_after_the_boundary() -> None:
    """Not at it: everybody wakes then."""
    rng = random.Random(1)
    openings = {new_slot(START, 5, rng).opening for _ in range(200)}
    assert min(openings) < 1.2
    assert max(openings) > 3.8
    assert all(1.0 <= opening <= 4.0 for opening in openings)
    first = new_slot(START, 5, rng)
    assert plan(first, START, Odds(), QUOTA, Pauses()) == Planned(
        at(first.opening), Call.BOUNDARY
    )


def test_light_calls_follow_the_table() -> None:
    """15 s, every 2.5 s to 45 s, then sparser, the last one 15 s before the end."""
    made = walk(None)
    assert made[:13] == [15 + 2.5 * step for step in range(13)]
    assert made[13:16] == [50, 55, 60]
    assert made[-1] == 285
    assert len(made) == 19


def test_with_the_price_they_end() -> None:
    assert walk(22.6) == [15.0, 17.5, 20.0, 22.5, 25.0]


def test_the_forecasts_are_read_after_the_price() -> None:
    here = slot(asked=25.0, confirmed_at=25.0)
    assert plan(here, at(25.4), Odds(), QUOTA, Pauses()) == Planned(at(25), Call.FULL)
    here.refreshed = True
    assert plan(here, at(25.4), Odds(), QUOTA, Pauses()) is None


def test_another_channel_that_is_estimated_gets_one_more_call() -> None:
    here = slot(asked=25.0, confirmed_at=25.0, others_open=True)
    assert plan(here, at(25), Odds(), QUOTA, Pauses()) == Planned(at(28), Call.FULL)


@pytest.mark.parametrize(
    ("minute", "final"), [(0, False), (5, False), (20, False), (25, True), (55, True)]
)
def test_a_30_minute_price_is_waited_for_in_its_last_slot(
    minute: int, final: bool
) -> None:
    """All others are asked once, 25 to 35 s after the mark."""
    here = new_slot(START + timedelta(minutes=minute), 30, random.Random(1))
    assert here.final is final
    planned = plan(here, here.start, Odds(), Quota(), Pauses())
    assert planned is not None
    offset = here.offset(planned.at)
    if final:
        assert (planned.call, offset) == (Call.LIGHT, 15.0)
        return
    assert planned.call is Call.BOUNDARY
    assert 25 <= offset <= 35
    here.opened, here.asked, here.polls = True, offset, 1
    assert plan(here, planned.at, Odds(), Quota(), Pauses()) is None


@pytest.mark.parametrize(
    ("left", "share", "made", "allowed"),
    [
        (None, 1, 0, 20),
        (50, 1, 0, 20),
        (50, 1, 19, 1),
        (25, 1, 0, 15),
        (10, 1, 0, 0),
        (3, 1, 0, 0),
        (50, 2, 0, 20),
        (30, 2, 0, 10),
        (24, 2, 0, 7),
        (24, 0, 0, 14),
    ],
)
def test_the_cap_leaves_a_reserve_and_is_shared(
    left: int | None, share: int, made: int, allowed: int
) -> None:
    quota = Quota(left=left, limit=50, reset_at=at(290), share=share)
    assert quota.allowed(at(10), made) == allowed


def test_what_others_will_use_is_left_to_them() -> None:
    """At 0.1 per second 20 of the 45 are gone after 200 s; until the reset."""
    quota = replace(QUOTA, drain=0.1, told_at=START)
    assert quota.allowed(at(0), 0) == 20
    assert quota.allowed(at(200), 0) == 15
    assert quota.allowed(at(289), 0) == 7
    assert quota.allowed(at(292), 0) == 20


def test_after_the_reset_more_is_free() -> None:
    quota = Quota(left=10, limit=50, reset_at=at(60))
    assert quota.allowed(at(60), 5) == 0
    assert quota.allowed(at(61), 5) == 15
    planned = plan(slot(asked=20.0), at(20), Odds(), quota, Pauses())
    assert planned == Planned(at(61), Call.LIGHT)


def test_without_a_reset_in_time_nothing_is_asked() -> None:
    quota = Quota(left=10, limit=50, reset_at=at(299))
    assert plan(slot(), at(2), Odds(), quota, Pauses()) is None


def test_few_calls_are_spread_over_what_is_likely() -> None:
    """14 more of 24 would be used up at 45 s; 3 reach just as far."""
    made = walk(None, left=14)
    assert len(made) == 4
    assert made[0] < 25
    assert 28 <= made[-2] <= 60
    assert made == sorted(made)


@pytest.mark.parametrize("left", [11, 12])
def test_a_single_call_waits_for_the_price(left: int) -> None:
    """It then brings price, forecasts and the interval before at once."""
    here = new_slot(START, 5, random.Random(1))
    quota = Quota(left=left, limit=50, reset_at=at(295))
    planned = plan(here, START, Odds(), quota, Pauses())
    assert planned is not None
    assert planned.call is Call.BOUNDARY
    assert 30 <= here.offset(planned.at) <= 35


def test_what_amber_asks_for_is_obeyed_also_at_a_boundary() -> None:
    pauses = Pauses(hard=at(100))
    first = new_slot(START, 5, random.Random(1))
    planned = plan(first, START, Odds(), QUOTA, pauses)
    assert planned == Planned(at(100), Call.BOUNDARY)
    assert plan(first, START, Odds(), QUOTA, Pauses(hard=at(302))) is None


def test_our_own_patience_does_not_hold_the_next_boundary() -> None:
    pauses = Pauses(soft=at(200))
    first = new_slot(START, 5, random.Random(1))
    assert plan(first, START, Odds(), QUOTA, pauses) == Planned(
        at(first.opening), Call.BOUNDARY
    )
    first.polls = 1
    assert plan(first, at(5), Odds(), QUOTA, pauses) == Planned(at(200), Call.BOUNDARY)
    assert plan(slot(), at(5), Odds(), QUOTA, pauses) == Planned(at(200), Call.LIGHT)


def test_an_outage_of_the_market_is_not_asked_about_all_the_time() -> None:
    planned = plan(slot(asked=20.0, thin=True), at(20), Odds(), QUOTA, Pauses())
    assert planned == Planned(at(35), Call.LIGHT)


def test_a_gateway_is_left_alone_ever_longer() -> None:
    """Reference section 4: 2-5 s, then exponential 5 to 300 s."""
    rng = random.Random(1)
    assert all(2 <= back_off(1, rng) <= 5 for _ in range(100))
    pauses = [back_off(failures, rng) for failures in range(2, 12)]
    longest = [300, 300, 300, 300]
    for pause, wanted in zip(pauses, [5, 10, 20, 40, 80, 160, *longest], strict=True):
        assert pause == pytest.approx(wanted, rel=0.101)
    assert max(back_off(1000, rng) for _ in range(100)) <= 330


def test_slots_are_steps_of_five_minutes() -> None:
    assert slot_start(at(0)) == START
    assert slot_start(at(299.999)) == START
    assert slot_start(at(300)) == at(300)
