"""When a price likely becomes final: the public table, then what was seen."""

import random
from typing import Any

import pytest

from custom_components.amber_energy.odds import Odds

OBSERVED = [18.6, 20.9, 22.6, 26.2, 29.4] * 20


def seen(finals: list[float]) -> Odds:
    odds = Odds()
    for final in finals:
        odds.add(final - 2.5, final)
    return odds


def test_a_cold_start_goes_by_the_reference() -> None:
    odds = Odds()
    assert not odds.learned
    assert (odds.start, odds.dense_until) == (15.0, 45.0)
    assert odds.quantile(0.5) == pytest.approx(22.6)
    assert odds.share(22.6) == pytest.approx(0.5)


def test_the_replayed_observations_cost_what_the_reference_says() -> None:
    """4.7 calls on average and 1.2 s too late; here with the answers' spread."""
    odds, rng = Odds(), random.Random(1)
    costs, late = [], []
    for _ in range(2000):
        final, offset, calls = odds.quantile(rng.random()), 2.0, 0
        while offset < final:
            offset = odds.next_light(offset, 18)
            calls += 1
        costs.append(calls)
        late.append(offset - final)
    assert 4 < sum(costs) / len(costs) < 5.5
    assert 1.0 < sum(late) / len(late) < 1.5
    assert sorted(late)[int(0.95 * len(late))] <= 2.5


def test_little_is_not_learned_from() -> None:
    assert not seen([20.0] * 19).learned
    assert seen([20.0] * 20).learned


def test_it_begins_before_the_first_and_ends_after_the_last() -> None:
    """2 s before the 5 % quantile, 5 s after the 95 % one."""
    odds = seen(OBSERVED)
    assert odds.start == pytest.approx(18.6 - 2, abs=0.1)
    assert odds.dense_until == pytest.approx(29.4 + 5, abs=0.1)
    assert odds.next_light(2.0, 18) == odds.start
    assert odds.next_light(20.0, 18) == pytest.approx(22.5)
    assert odds.next_light(36.0, 18) == pytest.approx(41.0)
    assert odds.next_light(51.0, 18) == pytest.approx(61.0)


def test_an_earlier_vendor_is_followed() -> None:
    """The start is found from above: each lesson lets it begin 2 s earlier."""
    odds = seen(OBSERVED)
    for _ in range(100):
        odds.add(2.0, max(8.0, odds.start))
    assert odds.start < 10


def test_only_the_last_hundred_count() -> None:
    odds = seen([20.0] * 100 + [40.0] * 100)
    assert len(odds.dump()) == 100
    assert odds.start == pytest.approx(38.0)


def test_bad_days_do_not_lead_astray() -> None:
    assert seen([200.0] * 100).start == 60.0
    assert seen([30.0] * 50 + [250.0] * 50).dense_until == 120.0
    assert seen([3.5] * 100).start == 3.0


def test_a_restart_loses_nothing() -> None:
    odds = seen(OBSERVED)
    again = Odds(odds.dump())
    assert again.dump() == odds.dump()
    assert (again.start, again.dense_until) == (odds.start, odds.dense_until)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "x",
        {},
        [1, 2],
        [[1]],
        [[5, 3]],
        [["a", "b"]],
        [[None, 3.0]],
        [[float("nan"), 20.0]],
        [[1.0, 1e9]],
        [[-1.0, 20.0]],
    ],
)
def test_nonsense_is_left_out(stored: Any) -> None:
    assert Odds(stored).dump() == []


def test_few_calls_end_where_the_price_is_likely() -> None:
    """With one left it is made when 95 % are final."""
    odds = Odds()
    assert odds.next_light(2.0, 1) == pytest.approx(30.2, abs=0.1)
    assert odds.next_light(2.0, 2) == pytest.approx(22.6, abs=0.1)
    assert odds.next_light(2.0, 100) == 15.0
