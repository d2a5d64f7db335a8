"""Which of poll and push is shown of a plant's powers (reference section 5)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.goodwe_energy.const import FRESH
from custom_components.goodwe_energy.live import FlowNews

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # 12:00 there
LATER = NOW + timedelta(minutes=5)


def made() -> FlowNews:
    return FlowNews(lambda: ZONE, lambda: FRESH)


def flow(time: str | None, load: float | str, **more: Any) -> dict[str, Any]:
    raw: dict[str, Any] = {"pConsum": load, **more}
    return raw if time is None else raw | {"refreshTime": f"2026-05-12T{time}"}


@pytest.fixture
def news() -> FlowNews:
    """After a poll of noon."""
    news = made()
    news.polled(flow("12:00:00", 1.0, pThird=0.4), NOW)
    return news


def test_a_newer_push_lies_over_the_poll(news: FlowNews) -> None:
    shown = news.pushed(flow("12:00:05", "2.0"), NOW)
    assert shown == flow("12:00:00", "2.0", pThird=0.4)


def test_an_older_poll_never_comes_over_a_newer_push(news: FlowNews) -> None:
    news.pushed(flow("12:03:10", "2.0"), LATER)
    assert news.polled(flow("12:03:00", 1.5), LATER)["pConsum"] == "2.0"
    assert news.polled(flow("12:04:00", 3.0), LATER) == flow("12:04:00", 3.0)
    assert news.pushed(flow("12:03:15", "2.1"), LATER) is None


def test_an_older_push_is_dropped(news: FlowNews) -> None:
    assert news.pushed(flow("11:59:55", "9.0"), LATER) is None
    shown = news.pushed(flow("12:01:00", "2.0"), LATER)
    assert shown is not None
    assert shown["pConsum"] == "2.0"
    assert news.pushed(flow("12:00:55", "9.0"), LATER) is None


def test_the_same_is_no_news_within_a_minute(news: FlowNews) -> None:
    first = news.pushed(flow("12:00:05", "2.0"), LATER)
    assert first is not None
    assert news.pushed(flow("12:00:10", "2.0"), LATER) is first is news.shown
    assert news.pushed(flow("12:01:00", "2.0"), LATER) not in (first, None)


def test_a_push_that_has_ended_holds_no_poll_back_for_long(news: FlowNews) -> None:
    news.pushed(flow("12:05:00", "2.0"), LATER)
    later = LATER + timedelta(minutes=10)
    assert news.polled(flow("12:04:00", 1.0), later)["pConsum"] == "2.0"
    later += timedelta(seconds=1)
    assert news.polled(flow("12:04:00", 1.0), later)["pConsum"] == 1.0
    assert news.pushed(flow("12:04:30", "3.0"), later) is not None


def test_a_clock_that_is_ahead_orders_nothing(news: FlowNews) -> None:
    """One such push would else hold all later ones and all polls back."""
    shown = news.pushed(flow("12:08:00", "2.0"), LATER)
    assert shown == flow("12:00:00", "2.0", pThird=0.4)
    shown = news.pushed(flow("12:05:00", "3.0"), LATER)
    assert shown == flow("12:05:00", "3.0", pThird=0.4)
    news.pushed(flow("12:59:00", "2.0"), LATER)
    assert news.polled(flow("12:04:00", 1.0), LATER)["pConsum"] == 1.0
    # A poll of such a clock likewise
    news.polled(flow("13:04:00", 1.0), LATER)
    assert news.pushed(flow("12:05:00", "4.0"), LATER) is not None


def test_as_clocks_are_put_back_nothing_stands_still() -> None:
    """The hour that comes twice is told without an offset."""
    news, last = made(), datetime(2026, 10, 25, 0, 59, 55, tzinfo=UTC)
    day = {"refreshTime": "2026-10-25 02:59:00"}
    news.polled({"pConsum": 1.0, **day}, last)
    assert news.pushed({"pConsum": 2.0, "refreshTime": "2026-10-25 02:59:55"}, last)
    first = last + timedelta(seconds=10)
    shown = news.pushed({"pConsum": 3.0, "refreshTime": "2026-10-25 02:00:05"}, first)
    assert shown == {"pConsum": 3.0, "refreshTime": "2026-10-25T02:00:00"}
    # A late one of the hour before is still an older one
    assert news.polled({"pConsum": 1.0, **day}, first)["pConsum"] == 3.0


def test_what_only_polls_have_grows_old(news: FlowNews) -> None:
    """While polls fail and pushes go on."""
    at = NOW + FRESH
    assert news.pushed(flow("13:00:00", "2.0"), at) == flow(
        "13:00:00", "2.0", pThird=0.4
    )
    at += timedelta(seconds=5)
    assert news.pushed(flow("13:00:05", "2.0"), at) == flow("13:00:00", "2.0")
    assert news.polled(flow("12:59:00", 1.0, pThird=0.5), at)["pThird"] == 0.5


def test_a_push_without_a_time_holds_until_the_next_poll(news: FlowNews) -> None:
    assert news.pushed(flow(None, "2.0"), NOW)["pConsum"] == "2.0"
    assert news.polled(flow("12:00:00", 1.0), NOW)["pConsum"] == 1.0


def test_directions_of_a_poll_say_nothing_of_a_push() -> None:
    news = made()
    news.polled(flow("12:00:00", 1.0, pBat=-1.0, flows={"pSystem": ["pBat"]}), NOW)
    shown = news.pushed(flow("12:00:05", "1.0", pBat="1.0"), NOW)
    assert "flows" not in shown
    assert shown["pBat"] == "1.0"


@pytest.mark.parametrize(
    "unsigned",
    [
        {"pBat": 1.0, "flows": {"pSystem": ["pBat"]}},
        {"pBat": "1.0", "flows": {"pSystem": "pBat", "pBat": []}},
        {"pGrid": 1.0, "flows": {"pGrid": ["pConsum"]}},
    ],
)
def test_powers_that_have_no_direction_are_not_shown(unsigned: dict[str, Any]) -> None:
    """Where a poll showed that the station's powers have no sign (section 3.3)."""
    news = made()
    news.polled(flow("12:00:00", 1.0, **unsigned), NOW)
    assert news.pushed(flow("12:00:05", "2.0", pBat="1.0"), NOW) is None
    told = flow("12:00:05", "2.0", **unsigned)
    assert news.pushed(told, NOW)["flows"] == unsigned["flows"]


def test_no_poll_is_needed() -> None:
    assert made().pushed(flow("12:00:05", "2.0"), NOW)["pConsum"] == "2.0"


@pytest.mark.parametrize("raw", [None, [], "x", {}])
def test_odd_polls_stay_as_they_are(raw: Any) -> None:
    assert made().polled(raw, NOW) == raw
