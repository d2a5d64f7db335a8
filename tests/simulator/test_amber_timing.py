"""When prices are final, and what 30-minute sites make of it (amber.md 3.2 and 5.2)."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.amber import AmberSimulator, Timing, quantile
from simulator.amber.nem import slot_of
from simulator.clock import ManualClock

from .amber_client import HALF_HOURLY, AmberClient, only, running

FIRST = slot_of(datetime(2026, 1, 5, tzinfo=UTC))
SLOTS = range(FIRST, FIRST + 20_000)
BOUNDARY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


def delays(timing: Timing) -> list[float]:
    return sorted(delay for slot in SLOTS if (delay := timing.delay(slot)) is not None)


def test_delays_have_the_quantiles_of_the_public_observations() -> None:
    body = delays(Timing(late_share=0, very_late_share=0, never_share=0))
    assert len(body) == len(SLOTS)
    for share, seconds in (
        *((0.05, 18.6), (0.25, 20.9), (0.5, 22.6), (0.75, 26.2)),
        *((0.9, 29.4), (0.95, 30.2), (0.99, 37.1)),
    ):
        assert body[int(share * len(body))] == pytest.approx(seconds, abs=0.5)
        assert quantile(share) == pytest.approx(seconds)
    assert 17.1 <= body[0] < 17.3
    assert body[-1] < 40


def test_delays_have_tails() -> None:
    found = delays(Timing())
    never = 1 - len(found) / len(SLOTS)
    assert never == pytest.approx(0.005, abs=0.002)
    late = sum(40 <= delay < 55 for delay in found) / len(SLOTS)
    assert late == pytest.approx(0.03, abs=0.004)
    minutes = sum(55 <= delay <= 240 for delay in found) / len(SLOTS)
    assert minutes == pytest.approx(0.01, abs=0.003)
    assert found[-1] > 180


def test_delays_are_a_function_of_the_seed() -> None:
    one, other = Timing(seed=1), Timing(seed=2)
    assert delays(one)[:50] == delays(Timing(seed=1))[:50]
    assert [one.delay(slot) for slot in SLOTS[:20]] != [
        other.delay(slot) for slot in SLOTS[:20]
    ]


def test_delays_can_be_set() -> None:
    timing = Timing(shift=5, never_share=0, late_share=0, very_late_share=0)
    assert delays(timing)[0] >= 22
    at = datetime(2026, 10, 5, 2, 3, tzinfo=UTC)
    timing.force(at, 90)
    assert timing.final_at(slot_of(at)) == at.replace(minute=1, second=30)


# 30-minute sites


async def test_a_half_hour_is_final_only_in_its_last_5_minutes(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    seen = {}
    for minute in range(0, 30, 5):
        for second in (10, 25):
            noon.set(BOUNDARY + timedelta(minutes=minute, seconds=second))
            seen[minute, second] = running(await cloud.current(HALF_HOURLY))
    assert {when for when, current in seen.items() if current["estimate"] is False} == {
        (25, 25)
    }
    assert {current["startTime"] for current in seen.values()} == {
        "2026-10-05T02:00:01Z"
    }
    truth = amber.truth.price(HALF_HOURLY, BOUNDARY)
    assert seen[25, 25]["perKwh"] == truth
    assert amber.truth.final_at(HALF_HOURLY, BOUNDARY) == BOUNDARY + timedelta(
        minutes=25, seconds=20
    )
    # A confirmed slot moves the mean, and so does every new forecast
    assert len({current["perKwh"] for current in seen.values()}) > 6
    noon.set(BOUNDARY + timedelta(minutes=31))
    (actual,) = only(await cloud.current(HALF_HOURLY, previous=1), "ActualInterval")
    assert actual["perKwh"] == truth


async def test_a_half_hour_is_the_mean_of_what_is_known_and_expected(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    middle = BOUNDARY + timedelta(minutes=15)
    amber.market.force(BOUNDARY, middle, 12.0, estimate=99.0)
    amber.market.force(middle, BOUNDARY + timedelta(minutes=30), 30.0, estimate=6.0)
    noon.set(middle - timedelta(seconds=1))
    assert running(await cloud.current(HALF_HOURLY))["spotPerKwh"] == 9
    noon.set(middle + timedelta(seconds=21))
    # 3 x 12 and 30 are final, two of 6 are expected
    assert running(await cloud.current(HALF_HOURLY))["spotPerKwh"] == 13
    noon.set(middle + timedelta(minutes=14))
    assert running(await cloud.current(HALF_HOURLY))["spotPerKwh"] == 21


async def test_a_half_hour_whose_last_price_is_late_is_never_final(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    last = BOUNDARY + timedelta(minutes=25)
    amber.timing.force(last, 300)
    noon.set(last + timedelta(seconds=299.9))
    assert running(await cloud.current(HALF_HOURLY))["estimate"] is True
    assert amber.truth.final_at(HALF_HOURLY, BOUNDARY) is None


async def test_forecasts_of_a_half_hourly_site_are_half_hours(
    cloud: AmberClient,
) -> None:
    found = only(await cloud.current(HALF_HOURLY, next=288), "ForecastInterval")
    assert {entry["duration"] for entry in found} == {30}
    assert found[0]["startTime"] == "2026-10-05T02:30:01Z"
    assert len(found) == 79


# The market


def test_a_year_of_spot_prices_is_plausible(amber: AmberSimulator) -> None:
    year = range(FIRST, FIRST + 365 * 288)
    prices = [amber.market.spot("nsw", slot) for slot in year]
    assert 5 < sorted(prices)[len(prices) // 2] < 15
    negative = sum(price < 0 for price in prices) / len(prices)
    assert 0.01 < negative < 0.3
    spikes = sum(price >= 100 for price in prices)
    assert 20 < spikes < 600


def test_renewables_sometimes_exceed_100(amber: AmberSimulator) -> None:
    month = range(FIRST, FIRST + 30 * 288)
    shares = [amber.market.renewables("sa", slot) for slot in month]
    assert max(shares) > 100
    assert 0 < min(shares) < 40
    assert max(amber.market.renewables("nsw", slot) for slot in month) < 100


def test_estimates_are_sometimes_far_off(amber: AmberSimulator) -> None:
    off = [
        abs(
            amber.market.forecast("nsw", slot - 1, slot)
            - amber.market.spot("nsw", slot)
        )
        for slot in SLOTS[:3000]
    ]
    assert sum(each > 10 for each in off) > 20
    assert sorted(off)[len(off) // 2] < 2
    amber.market.error_scale = 0
    assert amber.market.forecast("nsw", FIRST - 1, FIRST) == amber.market.spot(
        "nsw", FIRST
    )
