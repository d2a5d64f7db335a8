"""Which price is shown (reference sections 5.3 and 9.4), without Home Assistant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.amber_energy.driver import (
    Advanced,
    Channel,
    ChannelPrices,
    Interval,
    Kind,
    Prices,
)
from custom_components.amber_energy.publish import (
    Publishing,
    Shown,
    last_final,
    next_change,
    shown,
)

START = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
HOLD = Publishing()
IMMEDIATE = Publishing(publish_mode="immediate")
ADVANCED = Publishing(publish_mode="immediate", pricing_mode="advanced")


def at(offset: float) -> datetime:
    return START + timedelta(seconds=offset)


def interval(minute: int, price: float, **changes: Any) -> Interval:
    start = START + timedelta(minutes=minute)
    values: dict[str, Any] = {
        "kind": Kind.CURRENT,
        "channel": Channel.GENERAL,
        "start": start,
        "end": start + timedelta(minutes=5),
        "duration": 5,
        "nem_date": start.date(),
        "price": price,
        "spot": price / 2,
        "descriptor": "low" if price < 0.5 else "spike",
        "spike_status": "none" if price < 0.5 else "spike",
        "renewables": 40 + minute,
        **changes,
    }
    return Interval(**values)


WAS = interval(-5, 0.2, estimate=False, demand_window=False)
IS = interval(0, 0.9, estimate=True, demand_window=True)
WILL = interval(5, 0.4, kind=Kind.FORECAST)


def prices(*known: Interval | None, **others: ChannelPrices) -> Prices:
    """Return the prices of the general channel, by their kind."""
    intervals = [one for one in known if one is not None]
    return Prices(
        observed_at=START,
        channels={
            Channel.GENERAL: ChannelPrices(
                past=tuple(one for one in intervals if one.kind == Kind.ACTUAL),
                current=next((o for o in intervals if o.kind == Kind.CURRENT), None),
                forecasts=tuple(o for o in intervals if o.kind == Kind.FORECAST),
            ),
            **{Channel(name): known for name, known in others.items()},
        },
    )


def general(
    known: Prices, publishing: Publishing, offset: float, *before: Interval
) -> Shown:
    final = last_final(known, {one.channel: one for one in before})
    return shown(known, final, publishing, at(offset))[Channel.GENERAL]


def test_a_confirmed_price_is_shown() -> None:
    view = general(prices(replace(IS, estimate=False)), HOLD, 25, WAS)
    assert (view.price, view.estimate, view.held) == (0.9, False, False)
    assert view.source == "market"


def test_an_estimate_is_held_back() -> None:
    """Price, spot, descriptor and spike status stay; times, tariff, renewables move."""
    view = general(prices(IS), HOLD, 10, WAS)
    assert (view.price, view.spot) == (0.2, 0.1)
    assert (view.descriptor, view.spike_status) == ("low", "none")
    assert (view.held, view.estimate) == (True, False)
    assert view.interval.start == START
    assert view.interval.demand_window is True
    assert view.renewables == 40


@pytest.mark.parametrize(
    ("timeout", "offset", "price"),
    [(60, 59.9, 0.2), (60, 60, 0.9), (5, 5, 0.9), (0, 299, 0.2), (240, 239, 0.2)],
)
def test_only_until_the_timeout(timeout: float, offset: float, price: float) -> None:
    publishing = replace(HOLD, confirmation_timeout=timeout)
    view = general(prices(IS), publishing, offset, WAS)
    assert view.price == price
    assert view.held is (price == 0.2)
    assert view.estimate is (price != 0.2)


def test_at_once_when_asked_for() -> None:
    view = general(prices(IS), IMMEDIATE, 1, WAS)
    assert (view.price, view.estimate, view.held) == (0.9, True, False)


def test_at_the_first_start_there_is_nothing_to_hold() -> None:
    view = general(prices(IS), HOLD, 1)
    assert (view.price, view.estimate, view.held) == (0.9, True, False)


def test_the_interval_before_is_repaired_by_the_boundary_call() -> None:
    """It was never confirmed while it ran; its actual is what is held now."""
    actual = interval(-5, 0.3, kind=Kind.ACTUAL)
    older = replace(WAS, start=at(-600), end=at(-300))
    assert general(prices(actual, IS), HOLD, 10, older).price == 0.3


def test_an_older_final_price_never_takes_the_place_of_a_newer() -> None:
    older = interval(-10, 0.7, kind=Kind.ACTUAL)
    assert general(prices(older, IS), HOLD, 10, WAS).price == 0.2


def test_the_interval_moves_on_without_an_answer() -> None:
    """What runs after the boundary is known from the forecast."""
    known = prices(replace(IS, estimate=False), WILL)
    view = general(known, HOLD, 301)
    assert view.interval.start == at(300)
    assert (view.price, view.held) == (0.9, True)


def test_without_a_forecast_the_last_interval_stays_for_five_minutes() -> None:
    known = prices(replace(IS, estimate=False))
    assert general(known, HOLD, 599).price == 0.9
    assert shown(known, {}, HOLD, at(600)) == {}


def test_a_long_interval_is_an_estimate_until_it_is_final() -> None:
    """The moving mean of a 30-minute site is shown after the timeout."""
    was = replace(WAS, start=at(-1800), end=at(0), duration=30)
    runs = replace(IS, end=at(1800), duration=30)
    assert general(prices(runs), HOLD, 30, was).price == 0.2
    assert general(prices(runs), HOLD, 600, was).price == 0.9
    assert general(prices(runs), HOLD, 600, was).estimate is True


@pytest.mark.parametrize(
    ("changes", "price", "source"),
    [
        ({}, 0.7, "advanced"),
        ({"advanced": None}, 0.9, "market"),
        ({"estimate": False}, 0.9, "market"),
    ],
)
def test_the_advanced_price_counts_while_estimated(
    changes: dict[str, Any], price: float, source: str
) -> None:
    advanced = Advanced(low=0.6, predicted=0.7, high=0.8)
    runs = replace(IS, **{"advanced": advanced, **changes})
    view = general(prices(runs), ADVANCED, 1, WAS)
    assert (view.price, view.source) == (price, source)


@pytest.mark.parametrize(("offset", "price"), [(1, 0.2 + 5), (70, 0.9 + 5)])
def test_the_surcharge_follows_the_running_interval(
    offset: float, price: float
) -> None:
    """Also while the price of before, outside the window, is held."""
    view = general(prices(IS), replace(HOLD, surcharge=5.0), offset, WAS)
    assert view.price == pytest.approx(price)
    assert view.spot == pytest.approx((price - 5) / 2)
    after = prices(replace(IS, demand_window=False))
    assert general(after, replace(HOLD, surcharge=5.0), 1, WAS).price == 0.2


def test_only_the_general_price_has_a_surcharge_and_each_channel_its_own_hold() -> None:
    feed_in = replace(IS, channel=Channel.FEED_IN, price=0.1, estimate=False)
    known = prices(IS, feed_in=ChannelPrices(current=feed_in))
    publishing = replace(HOLD, surcharge=5.0)
    views = shown(known, last_final(known, {Channel.GENERAL: WAS}), publishing, at(10))
    assert views[Channel.GENERAL].held
    assert not views[Channel.FEED_IN].held
    assert views[Channel.FEED_IN].price == 0.1


def test_what_is_not_known_is_not_guessed() -> None:
    runs = replace(IS, price=None, estimate=False, demand_window=True)
    assert general(prices(runs), replace(HOLD, surcharge=5.0), 10).price is None
    assert shown(prices(), {}, HOLD, at(10)) == {}


@pytest.mark.parametrize(
    ("publishing", "offset", "change"),
    [
        (HOLD, 10, 60),
        (HOLD, 60, 300),
        (replace(HOLD, confirmation_timeout=0.0), 10, 300),
        (HOLD, 300, 600),
        (HOLD, 360, 600),
        (HOLD, 600, None),
    ],
)
def test_time_alone_changes_what_is_shown(
    publishing: Publishing, offset: float, change: float | None
) -> None:
    """At the end of the hold, at the boundary, and when the last one is too old."""
    moment = next_change(prices(IS, WILL), {}, publishing, at(offset))
    assert moment == (None if change is None else at(change))
