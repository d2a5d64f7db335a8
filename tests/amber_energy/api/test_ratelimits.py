"""What the headers say of the limits (amber.md 2.5 and 5.1)."""

from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, settings
import pytest

from custom_components.amber_energy.api.ratelimits import GROUPS, RateLimit, RateLimits
from tests.odd_json import anything

NOW = datetime(2026, 10, 5, 2, 0, 24, tzinfo=UTC)
HEADERS = {
    "RateLimit-Limit": "50",
    "RateLimit-Remaining": "46",
    "RateLimit-Reset": "187",
    "RateLimit-Policy": "50;w=300",
    "Date": "Mon, 05 Oct 2026 02:00:23 GMT",
}
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=150)


def headers(remaining: int, reset: int = 100) -> dict[str, str]:
    return {"RateLimit-Remaining": str(remaining), "RateLimit-Reset": str(reset)}


@pytest.mark.parametrize("spell", [str, str.lower, str.upper])
def test_the_vector_of_the_reference(spell: type[str]) -> None:
    told = RateLimits().note(
        "prices", {spell(name): value for name, value in HEADERS.items()}, NOW
    )
    assert told == RateLimit(
        limit=50,
        remaining=46,
        reset=187,
        policy="50;w=300",
        window=300,
        answered_at=datetime(2026, 10, 5, 2, 0, 23, tzinfo=UTC),
        received_at=NOW,
    )
    assert told.reset_at == datetime(2026, 10, 5, 2, 3, 30, tzinfo=UTC)


def test_only_what_is_left_and_until_when_is_needed() -> None:
    told = RateLimits().note("prices", headers(3, 10), NOW)
    assert told is not None
    assert (told.limit, told.window, told.policy) == (50, 300, None)
    assert told.answered_at == NOW


@pytest.mark.parametrize(
    "damage",
    [
        {"RateLimit-Remaining": ""},
        {"RateLimit-Remaining": "-1"},
        {"RateLimit-Reset": "soon"},
        {"RateLimit-Reset": "1.5"},
    ],
)
def test_half_an_answer_changes_nothing(damage: dict[str, str]) -> None:
    limits = RateLimits()
    limits.note("prices", HEADERS, NOW)
    known = limits.get("prices")
    assert limits.note("prices", HEADERS | damage, NOW) is None
    assert limits.note("prices", {}, NOW) is None
    assert limits.get("prices") == known


def test_odd_headers_leave_the_documented_policy() -> None:
    odd = {"RateLimit-Limit": "0", "RateLimit-Policy": "a lot", "Date": "today"}
    told = RateLimits().note("prices", HEADERS | odd, NOW)
    assert told is not None
    assert (told.limit, told.window, told.answered_at) == (50, 300, NOW)


def test_no_header_stops_for_more_than_an_hour() -> None:
    told = RateLimits().note("prices", headers(0, 10**9), NOW)
    assert told is not None
    assert told.wait(NOW) == 3600


def test_the_window_ends_by_our_own_clock() -> None:
    """The server's clock may be hours off: only how long it takes counts."""
    ahead = {
        **HEADERS,
        "RateLimit-Remaining": "0",
        "Date": "Mon, 05 Oct 2026 05:00:00 GMT",
    }
    told = RateLimits().note("prices", ahead, NOW)
    assert told is not None
    assert told.wait(NOW + timedelta(seconds=87)) == 100
    assert told.left(NOW + timedelta(seconds=186.9)) == 0
    assert told.left(NOW + timedelta(seconds=187)) == 50


def test_a_clock_that_was_put_back_stops_nothing() -> None:
    told = RateLimits().note("prices", headers(0), NOW)
    assert told is not None
    assert told.left(NOW - timedelta(seconds=1)) == 50


def test_the_tightest_group_of_the_token_counts() -> None:
    limits = RateLimits()
    assert limits.left(NOW) is None
    assert limits.tightest(NOW) is None
    limits.note("renewables", headers(1), NOW)
    assert limits.left(NOW) is None
    limits.note("prices", headers(20), NOW)
    limits.note("sites_usage", headers(12, 30), NOW)
    assert limits.left(NOW) == 12
    assert limits.tightest(NOW) == limits.get("sites_usage")
    # Its window is over, so all of it is free again
    later = NOW + timedelta(seconds=31)
    assert limits.left(later) == 20
    assert limits.tightest(later) == limits.get("prices")
    assert limits.get("renewables") is not None


def test_listeners_hear_of_each_told_answer() -> None:
    limits, heard = RateLimits(), []
    stop = limits.listen(lambda: heard.append(limits.left(NOW)))
    limits.note("prices", headers(20), NOW)
    limits.note("prices", {}, NOW)
    stop()
    stop()
    limits.note("prices", headers(5), NOW)
    assert heard == [20]


def test_what_was_dumped_comes_back() -> None:
    limits, again = RateLimits(), RateLimits()
    limits.note("prices", HEADERS, NOW)
    limits.note("sites_usage", headers(7), NOW)
    again.restore(json.loads(json.dumps(limits.dump())))
    for group in GROUPS:
        assert again.get(group) == limits.get(group)


@PROPERTY
@given(anything)
def test_garbage_is_left_out(data: object) -> None:
    limits = RateLimits()
    limits.note("prices", HEADERS, NOW)
    [(group, state)] = limits.dump().items()
    for document in (
        data,
        {group: data},
        {"x": state},
        {group: {**state, "reset": data}},
    ):
        again = RateLimits()
        again.restore(document)
        assert again.left(NOW) in {None, 46, 50}


@pytest.mark.parametrize("key", ["answered_at", "received_at"])
@pytest.mark.parametrize(
    "value", [None, "2026-10-05T02:00:00", "soon", "9999-12-31T23:59:59-10:00"]
)
def test_times_without_a_zone_are_none(key: str, value: str | None) -> None:
    limits, again = RateLimits(), RateLimits()
    limits.note("prices", HEADERS, NOW)
    again.restore({"prices": {**limits.dump()["prices"], key: value}})
    assert again.get("prices") is None
