"""Which price is shown of an interval that Amber has not told of yet (section 4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.amber_energy.driver import Advanced, Channel, Kind
from custom_components.amber_energy.publish import (
    Publishing,
    last_final,
    next_change,
    shown,
)

from .test_publish import (
    ADVANCED,
    HOLD,
    IMMEDIATE,
    IS,
    START,
    WAS,
    WILL,
    at,
    general,
    interval,
    prices,
)

FOR_EVER = replace(HOLD, confirmation_timeout=0.0)
FINAL = replace(IS, estimate=False)


@pytest.mark.parametrize("publishing", [HOLD, FOR_EVER, IMMEDIATE, ADVANCED])
@pytest.mark.parametrize("offset", [300, 301, 361, 599])
def test_a_forecast_is_no_price(publishing: Publishing, offset: float) -> None:
    """Times, tariff and demand window move on; what Amber told stays."""
    will = replace(
        WILL,
        demand_window=False,
        tariff_period="peak",
        advanced=Advanced(low=0.1, predicted=0.11, high=0.2),
    )
    view = general(prices(FINAL, will), publishing, offset)
    assert (view.price, view.spot) == (0.9, 0.45)
    assert (view.descriptor, view.spike_status) == ("spike", "spike")
    assert view.renewables == FINAL.renewables
    assert (view.held, view.estimate, view.source) == (True, False, "market")
    assert (view.interval.start, view.interval.end) == (WILL.start, WILL.end)
    assert (view.interval.demand_window, view.interval.tariff_period) == (False, "peak")
    assert view.unconfirmed is True


def test_it_is_shown_for_five_minutes_after_its_interval() -> None:
    """However far the forecasts reach."""
    known = prices(FINAL, WILL, interval(10, 0.5, kind=Kind.FORECAST))
    assert general(known, HOLD, 599).price == 0.9
    assert shown(known, last_final(known), HOLD, at(600)) == {}
    assert next_change(known, last_final(known), HOLD, at(310)) == at(600)


def test_forecasts_alone_are_no_price() -> None:
    assert shown(prices(WILL), {}, IMMEDIATE, at(310)) == {}


@pytest.mark.parametrize(
    ("publishing", "price", "estimate"),
    [(HOLD, 0.9, True), (IMMEDIATE, 0.9, True), (FOR_EVER, 0.2, False)],
)
def test_an_interval_that_was_never_final_stays_as_it_was_shown(
    publishing: Publishing, price: float, estimate: bool
) -> None:
    """The boundary does not bring back the price before it."""
    view = general(prices(IS, WILL), publishing, 301, WAS)
    assert (view.price, view.estimate, view.held) == (price, estimate, True)


def test_the_surcharge_moves_with_the_window() -> None:
    will = replace(WILL, demand_window=False)
    publishing = replace(HOLD, surcharge=5.0)
    assert general(prices(FINAL, will), publishing, 301).price == 0.9
    will = replace(WILL, demand_window=True)
    assert general(prices(FINAL, will), publishing, 301).price == 5.9


@pytest.mark.parametrize(
    ("known", "unconfirmed"),
    [(IS, True), (FINAL, False), (replace(IS, estimate=None), None)],
)
def test_what_the_running_interval_says_of_itself(
    known: object, unconfirmed: bool | None
) -> None:
    """Also while an older price is held."""
    view = general(prices(known), HOLD, 10, WAS)  # type: ignore[arg-type]
    assert view.unconfirmed is unconfirmed


@pytest.mark.parametrize(("age", "held"), [(0, True), (300, True), (301, False)])
def test_an_old_price_is_not_held(age: float, held: bool) -> None:
    """As after an outage, when Amber does not tell what was before (I247)."""
    old = replace(
        WAS,
        start=WAS.start - timedelta(seconds=age),
        end=WAS.end - timedelta(seconds=age),
    )
    view = general(prices(IS), HOLD, 10, old)
    assert view.held is held
    assert (view.price, view.estimate) == ((0.2, False) if held else (0.9, True))


def test_the_interval_that_runs_by_a_clock_ahead_begins_in_time() -> None:
    """Ours may be a second late: its own start is a moment too."""
    known = prices(interval(-5, 0.2, kind=Kind.ACTUAL), IS)
    assert next_change(known, last_final(known), HOLD, at(-0.5)) == START
    view = shown(known, last_final(known), HOLD, at(-0.5))[Channel.GENERAL]
    assert view.interval.start == at(-300)
