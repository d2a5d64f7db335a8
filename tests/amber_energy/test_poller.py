"""The poller at work on answers that a test decides (reference sections 4 and 5.3)."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from custom_components.amber_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from custom_components.amber_energy.driver import Channel
from tests.core.fake_clock import FakeClock

from .asked import START, Watched, record

GATEWAY = TransportError("busy", reason="gateway_throttled")


@pytest.fixture
def clock() -> FakeClock:
    """2 s before a boundary."""
    return FakeClock(START - timedelta(seconds=2))


@pytest.fixture
def watched(clock: FakeClock) -> Watched:
    return Watched(clock)


@pytest.fixture
async def begun(watched: Watched) -> Watched:
    """One that has done its first whole slot."""
    await watched.until(599)
    watched.vendor.asked.clear()
    return watched


async def test_a_usual_slot(begun: Watched) -> None:
    """Boundary, light ones until the price is final, then the forecasts."""
    await begun.until(899)
    assert begun.vendor.kinds == ["boundary", *["light"] * 4, "full"]
    assert 1 <= begun.vendor.offsets[0] <= 4
    assert begun.vendor.offsets[1:] == [15.0, 17.5, 20.0, 22.5, 22.5]
    assert begun.estimate is False
    assert begun.poller.status == "ok"
    assert begun.poller.last_confirmed == START + timedelta(seconds=622.5)
    assert begun.poller.confirmation_delay == 22.5
    assert begun.errors == []


async def test_the_slot_before_is_counted(begun: Watched) -> None:
    await begun.until(905)
    assert begun.poller.polls_last_interval == 6


async def test_an_estimate_that_did_not_change_is_no_news(begun: Watched) -> None:
    """Six answers, of which only three say something: else a small machine works."""
    before = len(begun.delivered)
    await begun.until(899)
    assert len(begun.delivered) - before == 3


async def test_a_price_that_is_final_at_once_needs_one_call(begun: Watched) -> None:
    begun.vendor.final = lambda _: 0.0
    await begun.until(899)
    assert begun.vendor.kinds == ["boundary"]


async def test_a_price_that_never_is_final_is_capped(begun: Watched) -> None:
    """And repaired by the boundary call after it."""
    begun.vendor.final = lambda _: None
    await begun.until(899)
    assert len(begun.vendor.asked) == 20
    assert begun.vendor.offsets[-1] == 285
    assert begun.estimate is True
    begun.vendor.asked.clear()
    await begun.until(905)
    assert begun.vendor.kinds == ["boundary"]
    assert begun.delivered[-1].channels[Channel.GENERAL].past[-1].price == 0.1


async def test_the_other_channels_get_one_more_call(begun: Watched) -> None:
    begun.vendor.late_feed_in = 24.0
    await begun.until(899)
    assert begun.vendor.kinds[-2:] == ["light", "full"]
    assert begun.vendor.offsets[-2:] == [22.5, 25.5]
    feed_in = begun.delivered[-1].channels[Channel.FEED_IN].current
    assert feed_in is not None
    assert feed_in.estimate is False


async def test_a_30_minute_site(watched: Watched) -> None:
    """One call in each 5 minutes, and the light ones at the end of the half hour."""
    watched.vendor.minutes = 30
    await watched.until(1799)
    watched.vendor.asked.clear()
    await watched.until(3599)
    assert watched.vendor.kinds == [*["boundary"] * 5, *["light"] * 4, "full"]
    assert all(25 <= offset <= 35 for offset in watched.vendor.offsets[:5])
    assert watched.estimate is False


async def test_no_start_is_learned_from() -> None:
    watched = Watched(FakeClock(START + timedelta(seconds=3)))
    await watched.until(299)
    assert watched.learned == []
    await watched.until(899)
    assert watched.learned == [[20.0, 22.5], [20.0, 22.5]]


async def test_what_was_learned_is_used_after_a_restart(clock: FakeClock) -> None:
    again = Watched(clock, pairs=[[27.5, 30.0]] * 30)
    again.vendor.final = lambda _: 29.0
    await again.until(599)
    again.vendor.asked.clear()
    await again.until(899)
    assert again.vendor.offsets[1] == 28.0


async def test_a_disturbed_slot_is_not_learned_from(begun: Watched) -> None:
    learned = list(begun.learned)
    failing = iter([None, GATEWAY])
    begun.vendor.answer = lambda: next(failing, None)
    await begun.until(899)
    assert begun.learned == learned
    assert begun.estimate is False


async def test_a_clock_that_is_wrong_is_corrected(begun: Watched) -> None:
    """The server's boundary counts; it is told in our time."""
    begun.vendor.clock_skew = timedelta(seconds=100)
    begun.clock.jump(timedelta(seconds=-100))
    due = begun.poller.next_poll
    assert 1 <= (due - START).total_seconds() - 500 <= 4
    await begun.until(799)
    assert begun.vendor.offsets[1:] == [15.0, 17.5, 20.0, 22.5, 22.5]


@pytest.mark.parametrize(
    ("err", "status"),
    [
        (GATEWAY, "rate_limited"),
        (TransportError("x", reason="server_error"), "server_error"),
        (TransportError("x", reason="timeout"), "server_error"),
        (BadDataError("x", reason="no_list"), "server_error"),
        (UnsupportedError("x", reason="not_found"), "server_error"),
        (ThrottledError("x", retry_after=90.0, reason="rate_limit"), "rate_limited"),
    ],
)
async def test_it_goes_on_whatever_happens(
    begun: Watched, err: ApiError, status: str
) -> None:
    """Few tries while it lasts, and the price in the first slot after it."""
    begun.vendor.answer = lambda: err
    await begun.until(1799)
    assert begun.poller.status == status
    assert set(begun.errors) == {err}
    assert 4 <= len(begun.vendor.asked) <= 20
    begun.vendor.answer = lambda: None
    await begun.until(2399)
    assert begun.poller.status == "ok"
    assert begun.estimate is False


async def test_a_gateway_is_tried_again_soon_once(begun: Watched) -> None:
    """2-5 s later; a whole window is not waited for."""
    failing = iter([GATEWAY])
    begun.vendor.answer = lambda: next(failing, None)
    await begun.until(630)
    first, second = begun.vendor.offsets[:2]
    assert 2 <= second - first <= 5
    assert begun.vendor.kinds[:2] == ["boundary", "boundary"]


async def test_each_boundary_gets_its_try_in_a_storm(begun: Watched) -> None:
    begun.vendor.answer = lambda: GATEWAY
    await begun.until(1199)
    tries = [offset for offset in begun.vendor.offsets if 1 <= offset <= 4]
    assert len(tries) == 2


async def test_a_long_storm_may_be_the_own_limit(begun: Watched) -> None:
    """Which may be blocked until 5 minutes after the last request, whichever it was."""
    begun.vendor.answer = lambda: GATEWAY
    await begun.until(4199)
    moments = [moment.timestamp() for moment, *_ in begun.vendor.asked]
    pauses = [after - before for before, after in pairwise(moments)]
    assert len([pause for pause in pauses if pause >= 300]) >= 2
    assert len(moments) >= 12


async def test_a_used_up_window_is_waited_for(begun: Watched) -> None:
    """Also at a boundary."""
    failing = iter([ThrottledError("x", retry_after=310.0, reason="rate_limit")])
    begun.vendor.answer = lambda: next(failing, None)
    await begun.until(1199)
    first, second = (moment for moment, *_ in begun.vendor.asked[:2])
    assert 310 <= (second - first).total_seconds() <= 311


async def test_the_reserve_is_left_to_others(begun: Watched) -> None:
    begun.vendor.others = 10
    await begun.until(1199)
    assert begun.vendor.others == 10
    # One that found it out, then one after each reset of 200 s
    assert len(begun.vendor.asked) <= 4


async def test_an_outage_of_the_market(begun: Watched) -> None:
    """The last interval stays as it was, so that its age shows; thin calls."""
    before = begun.delivered[-1].channels[Channel.GENERAL].current
    begun.vendor.answer = lambda: [record(START, 20.0, "ActualInterval")]
    await begun.until(1199)
    assert begun.poller.status == "no_data"
    assert begun.delivered[-1].channels[Channel.GENERAL].current == before
    assert len(begun.vendor.asked) <= 2 * 20
    begun.vendor.answer = lambda: None
    await begun.until(1499)
    assert begun.poller.status == "ok"


async def test_a_bug_does_not_end_it(begun: Watched) -> None:
    def broken() -> Any:
        raise ZeroDivisionError

    begun.vendor.answer = broken
    await begun.until(899)
    begun.vendor.answer = lambda: None
    await begun.until(1199)
    assert begun.poller.status == "ok"
    assert begun.estimate is False


async def test_a_final_price_is_not_lost_to_an_estimate(begun: Watched) -> None:
    """As an answer of another of Amber's machines may bring."""
    start = START + timedelta(seconds=600)
    begun.vendor.answer = lambda: [record(start, 20.0, estimate=False)]
    await begun.until(604)
    begun.vendor.answer = lambda: [record(start, 70.0, estimate=True)]
    await begun.poller.ask()
    assert begun.estimate is False
    current = begun.delivered[-1].channels[Channel.GENERAL].current
    assert current is not None
    assert current.price == 0.2


async def test_a_push_saves_the_light_calls(begun: Watched) -> None:
    await begun.until(610)
    start = START + timedelta(seconds=600)
    begun.poller.push([record(start, 25.0, estimate=False)])
    assert begun.estimate is False
    assert begun.poller.data_source == "websocket"
    assert begun.poller.confirmation_delay == 10.0
    await begun.until(899)
    assert begun.vendor.kinds == ["boundary", "full"]
    current = begun.delivered[-1].channels[Channel.GENERAL].current
    assert current is not None


async def test_a_pushed_estimate_does_not_stop_polling(begun: Watched) -> None:
    await begun.until(610)
    start = START + timedelta(seconds=600)
    begun.poller.push([record(start, 25.0, estimate=True)])
    assert begun.poller.data_source == "websocket"
    await begun.until(899)
    assert begun.vendor.kinds[-2:] == ["light", "full"]
    assert begun.poller.data_source == "polling"


async def test_an_old_push_changes_nothing(begun: Watched) -> None:
    await begun.until(640)
    delivered = len(begun.delivered)
    start = START + timedelta(seconds=600)
    begun.poller.push([record(start, 90.0, estimate=True)])
    begun.poller.push([record(START, 90.0, estimate=False)])
    assert len(begun.delivered) == delivered
    assert begun.poller.data_source == "polling"


async def test_a_push_before_the_first_answer_is_left_out(watched: Watched) -> None:
    watched.poller.push([record(START, 90.0, estimate=False)])
    assert watched.delivered == []
