"""What may still be asked for, with others on the same account."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.amber_energy.api.ratelimits import (
    PRICES_CURRENT,
    SITES_USAGE,
    RateLimits,
)
from custom_components.amber_energy.budgeting import quota

NOW = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
WINDOW = 300


class Server:
    """A counter whose window began at a moment."""

    def __init__(self, limits: RateLimits, group: str, begun: datetime = NOW) -> None:
        self.limits, self.group, self.begun = limits, group, begun
        self.left = 50

    def answer(self, after: float) -> None:
        """Answers us so many seconds after the window's begin."""
        self.left -= 1
        headers = {
            "RateLimit-Limit": "50",
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(round(WINDOW - after)),
        }
        self.limits.note(self.group, headers, self.begun + timedelta(seconds=after))


@pytest.fixture
def limits() -> RateLimits:
    """Of a run that has begun earlier."""
    limits = RateLimits()
    Server(limits, PRICES_CURRENT, NOW - timedelta(seconds=WINDOW)).answer(0)
    return limits


def drain_at(limits: RateLimits, after: float) -> float:
    return quota(limits, NOW + timedelta(seconds=after), timedelta(), 2).drain


def test_before_any_answer_nothing_is_known() -> None:
    assert quota(RateLimits(), NOW, timedelta(), 2).left is None


def test_others_are_those_who_are_not_us(limits: RateLimits) -> None:
    server = Server(limits, PRICES_CURRENT)
    for seconds in range(10):
        server.answer(seconds)
    assert drain_at(limits, 20) == 0
    server.left -= 12
    server.answer(120)
    assert drain_at(limits, 121) == pytest.approx(12 / 120)


def test_our_own_import_is_no_other_client(limits: RateLimits) -> None:
    """It is over: nobody goes on like that."""
    usage = Server(limits, SITES_USAGE)
    for seconds in range(30):
        usage.answer(seconds)
    found = quota(limits, NOW + timedelta(seconds=200), timedelta(), 2)
    assert found.left == 20
    assert found.allowed(NOW + timedelta(seconds=200), 0) == 5


def test_another_counter_is_left_out_once_it_is_known(limits: RateLimits) -> None:
    """That prices do not draw on the budget of usage shows in their next answer."""
    usage, prices = Server(limits, SITES_USAGE), Server(limits, PRICES_CURRENT)
    prices.answer(0)
    for seconds in range(36):
        usage.answer(seconds)
    later = NOW + timedelta(seconds=200)
    assert quota(limits, later, timedelta(), 1).left == 14
    prices.answer(200)
    assert quota(limits, later, timedelta(), 1).left == 48


def test_one_counter_of_all_stays_one(limits: RateLimits) -> None:
    both = Server(limits, SITES_USAGE)
    for seconds in range(30):
        both.group = SITES_USAGE if seconds % 3 else PRICES_CURRENT
        both.answer(seconds)
    # an answer that was overtaken by others says more than they
    both.left += 3
    both.group = PRICES_CURRENT
    both.answer(31)
    both.left -= 4
    both.group = SITES_USAGE
    both.answer(32)
    found = quota(limits, NOW + timedelta(seconds=33), timedelta(), 1)
    assert found.left == 17


def test_of_a_window_that_began_before_us_nobody_knows() -> None:
    limits = RateLimits()
    server = Server(limits, PRICES_CURRENT)
    server.left = 30
    server.answer(100)
    found = quota(limits, NOW + timedelta(seconds=101), timedelta(), 1)
    assert (found.left, found.drain) == (29, 0)


def test_a_new_window_is_full(limits: RateLimits) -> None:
    server = Server(limits, PRICES_CURRENT)
    server.left = 20
    server.answer(100)
    found = quota(limits, NOW + timedelta(seconds=301), timedelta(), 1)
    assert (found.left, found.reset_at, found.drain) == (50, None, 0)


def test_a_window_that_is_renewed_a_second_early_parts_nothing(
    limits: RateLimits,
) -> None:
    both = Server(limits, SITES_USAGE)
    both.left = 20
    both.answer(299)
    Server(limits, PRICES_CURRENT, NOW + timedelta(seconds=299.5)).answer(0)
    assert SITES_USAGE in limits.around(PRICES_CURRENT)
