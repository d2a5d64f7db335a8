"""What the poller says of itself: when listeners look, and after refusals."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.amber_energy._vendor.core.client.errors import (
    AuthError,
    TransportError,
)
from tests.core.fake_clock import FakeClock

from .asked import START, Watched, record

SLOT = START + timedelta(seconds=600)


@pytest.fixture
async def begun() -> Watched:
    """One that has done its first whole slot."""
    watched = Watched(FakeClock(START - timedelta(seconds=2)))
    await watched.until(599)
    watched.vendor.asked.clear()
    return watched


def watch(begun: Watched, look: Callable[[], Any]) -> list[Any]:
    """Return what `look` says each time that listeners are called."""
    seen: list[Any] = []

    def note(*_: object) -> None:
        seen.append(look())

    begun.poller._deliver = begun.poller._changed = note
    return seen


async def test_listeners_see_the_status_after_an_error(begun: Watched) -> None:
    failing = iter([TransportError("x", reason="server_error")])
    begun.vendor.answer = lambda: next(failing, None)
    seen = watch(begun, lambda: begun.poller.status)
    await begun.until(610)
    assert begun.poller.status == "ok"
    assert seen == ["ok"]


async def test_listeners_see_the_next_call(begun: Watched) -> None:
    """After each answer, also one that brings no new price."""

    def look() -> tuple[datetime | None, datetime]:
        return begun.poller.next_poll, begun.clock.now()

    seen = watch(begun, look)
    await begun.until(899)
    assert len(seen) == len(begun.vendor.asked) == 6
    assert all(due > now or now == SLOT + timedelta(seconds=22.5) for due, now in seen)


async def test_the_next_call_is_made_when_it_was_told(begun: Watched) -> None:
    """The first moment of a slot is known before the slot begins."""
    await begun.until(899)
    due = begun.poller.next_poll
    begun.clock.jump(timedelta(seconds=1.2))
    assert begun.poller.next_poll == due


async def test_listeners_see_the_confirmation(begun: Watched) -> None:
    begun.poller.last_confirmed = None
    seen = watch(begun, lambda: begun.poller.last_confirmed)
    await begun.until(899)
    assert seen[-3:] == [None, *[SLOT + timedelta(seconds=22.5)] * 2]


async def test_listeners_see_who_told(begun: Watched) -> None:
    await begun.until(610)
    seen = watch(begun, lambda: (begun.poller.data_source, begun.poller.last_confirmed))
    begun.poller.push([record(SLOT, 25.0, estimate=False)])
    assert seen == [("websocket", SLOT + timedelta(seconds=10))]


async def test_a_push_of_the_feed_in_does_not_confirm_the_general_price(
    begun: Watched,
) -> None:
    """Polling goes on until that is final too."""
    begun.vendor.late_feed_in = 30.0
    await begun.until(910)
    begun.vendor.asked.clear()
    start = START + timedelta(seconds=900)
    begun.poller.push([record(start, -9.0, channel="feedIn", estimate=False)])
    assert begun.poller.last_confirmed is not None
    assert begun.poller.last_confirmed < start
    await begun.until(1199)
    assert "light" in begun.vendor.kinds
    assert begun.estimate is False


async def test_a_push_before_the_boundary_call_confirms_nothing_else(
    begun: Watched,
) -> None:
    """The general price that is known is still the one of the slot before."""
    begun.vendor.late_feed_in = 30.0
    await begun.until(900.5)
    before = begun.poller.last_confirmed
    start = START + timedelta(seconds=900)
    begun.poller.push([record(start, -9.0, channel="feedIn", estimate=False)])
    assert begun.poller.last_confirmed == before


async def test_a_push_of_all_channels_confirms(begun: Watched) -> None:
    await begun.until(610)
    begun.poller.push(
        [
            record(SLOT, 25.0, estimate=False),
            record(SLOT, -9.0, channel="feedIn", estimate=False),
        ]
    )
    assert begun.poller.last_confirmed == SLOT + timedelta(seconds=10)
    await begun.until(899)
    assert begun.vendor.kinds == ["boundary", "full"]


async def test_a_late_start_is_no_late_confirmation() -> None:
    """Statistics would keep how late Home Assistant was started."""
    watched = Watched(FakeClock(START + timedelta(seconds=200)))
    await watched.until(202)
    assert watched.poller.last_confirmed is not None
    assert watched.poller.confirmation_delay is None
    await watched.until(340)
    assert watched.poller.confirmation_delay == 22.5


async def test_the_forecasts_after_a_push_do_not_change_who_told(
    begun: Watched,
) -> None:
    await begun.until(610)
    begun.poller.push([record(SLOT, 20.0, estimate=False)])
    begun.vendor.final = lambda _: 5.0
    begun.vendor.asked.clear()
    await begun.until(899)
    assert begun.vendor.kinds == ["full"]
    assert begun.poller.data_source == "websocket"
    await begun.until(910)
    assert begun.poller.data_source == "polling"


async def test_a_refusal_may_be_a_slip(begun: Watched) -> None:
    """It is asked again after 10 s, and goes on as if nothing had been."""
    failing = iter([AuthError("x")])
    begun.vendor.answer = lambda: next(failing, None)
    await begun.until(605)
    assert begun.poller.status == "auth_error"
    await begun.until(899)
    first, second = begun.vendor.offsets[:2]
    assert second - first == pytest.approx(10, abs=0.2)
    assert begun.poller.status == "ok"
    assert begun.estimate is False
    begun.vendor.asked.clear()
    await begun.until(1199)
    assert begun.vendor.kinds == ["boundary", *["light"] * 4, "full"]


async def test_a_refused_token_is_tried_twice_in_an_hour(begun: Watched) -> None:
    """So that one that is accepted again is noticed."""
    begun.vendor.answer = lambda: AuthError("x")
    await begun.until(600 + 3600)
    assert len(begun.errors) == len(begun.vendor.asked) == 3
    moments = [moment for moment, *_ in begun.vendor.asked]
    assert (moments[1] - moments[0]).total_seconds() == pytest.approx(10, abs=0.2)
    assert (moments[2] - moments[1]).total_seconds() == pytest.approx(1800, abs=10)
    assert begun.poller.status == "auth_error"
    begun.vendor.answer = lambda: None
    await begun.until(600 + 5700)
    begun.vendor.asked.clear()
    await begun.until(600 + 5999)
    assert begun.vendor.kinds == ["boundary", *["light"] * 4, "full"]


async def test_who_asks_after_a_refusal_restarts_the_polling(begun: Watched) -> None:
    begun.vendor.answer = lambda: AuthError("x")
    await begun.until(700)
    begun.vendor.answer = lambda: None
    await begun.poller.ask()
    assert begun.poller.status == "ok"
    begun.vendor.asked.clear()
    await begun.until(1199)
    assert "light" in begun.vendor.kinds


async def test_errors_in_between_are_no_refusals(begun: Watched) -> None:
    """Only two in a row count; an outage says nothing of the token."""
    failing = iter([AuthError("x"), TransportError("x"), None, AuthError("x")])
    begun.vendor.answer = lambda: next(failing, None)
    await begun.until(899)
    assert begun.poller.status == "ok"
    assert len(begun.errors) == 3
