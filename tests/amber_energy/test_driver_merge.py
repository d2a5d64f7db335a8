"""A light answer in the last full one (amber.md 5.3)."""

from typing import Any

import pytest

from custom_components.amber_energy.driver import Channel, ChannelPrices, merge, prices

from .api.samples import at, record

NOW = at(2, 2)


@pytest.fixture(autouse=True)
def amber() -> None:
    """Home Assistant is not needed here."""


def current(minute: int, price: float, *, estimate: bool = True, **more: Any) -> Any:
    return record(
        at(2, minute), kind="CurrentInterval", price=price, estimate=estimate, **more
    )


def full(*, estimate: bool = True, channel: str = "general") -> list[dict[str, Any]]:
    """An actual from 1:55, now from 2:00, forecasts from 2:05 and 2:10."""
    return [
        record(at(1, 55), kind="ActualInterval", price=1.0, channel=channel),
        current(0, 2.0, estimate=estimate, channel=channel),
        record(at(2, 5), price=3.0, channel=channel),
        record(at(2, 10), price=4.0, channel=channel),
    ]


def merged(old: Any, new: Any, channel: Channel = Channel.GENERAL) -> ChannelPrices:
    return prices(merge(old, new), NOW).channels[channel]


def cents(channel: ChannelPrices) -> tuple[list[float], float | None, list[float]]:
    def of(item: Any) -> float:
        return float(round(item.price * 100, 3))

    return (
        [of(item) for item in channel.past],
        None if channel.current is None else of(channel.current),
        [of(item) for item in channel.forecasts],
    )


def test_the_running_interval_is_replaced() -> None:
    result = merged(full(), [current(0, 2.5, estimate=False)])
    assert cents(result) == ([1.0], 2.5, [3.0, 4.0])
    assert result.current is not None
    assert result.current.estimate is False


def test_nothing_was_read_in_full_yet() -> None:
    for nothing in (None, []):
        assert cents(merged(nothing, [current(0, 2.5)])) == ([], 2.5, [])


@pytest.mark.parametrize(("estimate", "past"), [(False, [1.0, 2.0]), (True, [1.0])])
def test_the_next_interval_runs(estimate: bool, past: list[float]) -> None:
    """What has ended stays if it was confirmed: nobody knows what else it became."""
    result = merged(full(estimate=estimate), [current(5, 3.5)])
    assert cents(result) == (past, 3.5, [4.0])
    assert all(item.estimate is None for item in result.past)


def test_two_intervals_later() -> None:
    assert cents(merged(full(), [current(10, 4.5)])) == ([1.0], 4.5, [])


def test_an_estimate_does_not_replace_the_final_price_of_its_interval() -> None:
    result = merged(full(estimate=False), [current(0, 9.0)])
    assert cents(result) == ([1.0], 2.0, [3.0, 4.0])
    final = merged(full(estimate=False), [current(0, 9.0, estimate=False)])
    assert cents(final) == ([1.0], 9.0, [3.0, 4.0])


@pytest.mark.parametrize(("estimate", "past"), [(False, [1.5]), (True, [1.0])])
def test_a_late_answer_of_an_interval_that_is_over(
    estimate: bool, past: list[float]
) -> None:
    late = record(at(1, 55), kind="CurrentInterval", price=1.5, estimate=estimate)
    old = full() if estimate else full()[1:]
    assert cents(merged(old, [late])) == (past, 2.0, [3.0, 4.0])


def test_a_final_price_from_previous_repairs_the_past() -> None:
    light = [record(at(2, 0), kind="ActualInterval", price=2.2), current(5, 3.5)]
    assert cents(merged(full(), light)) == ([1.0, 2.2], 3.5, [4.0])


def test_an_outage_that_leaves_only_the_past() -> None:
    light = [record(at(1, 55), kind="ActualInterval", price=1.1)]
    assert cents(merged(full(), light)) == ([1.1], 2.0, [3.0, 4.0])
    over = [record(at(2, 0), kind="ActualInterval", price=2.2)]
    assert cents(merged(full(), over)) == ([1.0, 2.2], None, [3.0, 4.0])


def test_new_forecasts_replace_old_ones() -> None:
    light = [current(0, 2.5), record(at(2, 5), price=8.0)]
    assert cents(merged(full(), light)) == ([1.0], 2.5, [8.0, 4.0])


def test_channels_that_did_not_come_stay() -> None:
    old = full() + full(channel="feedIn")
    light = [current(5, 3.5)]
    assert cents(merged(old, light)) == ([1.0], 3.5, [4.0])
    kept = merged(old, light, Channel.FEED_IN)
    assert cents(kept) == ([-1.0], -2.0, [-3.0, -4.0])


def test_a_channel_that_is_new_comes_in() -> None:
    light = [current(0, -5.0, channel="feedIn")]
    assert cents(merged(full(), light, Channel.FEED_IN)) == ([], 5.0, [])


def test_nothing_given_is_changed() -> None:
    old, light = full(estimate=False), [current(5, 3.5)]
    before = [dict(item) for item in (*old, *light)]
    merge(old, light)
    assert [*old, *light] == before


def test_odd_records_go() -> None:
    odd: list[Any] = [
        None,
        3,
        {},
        {"type": "CurrentInterval"},
        record(at(2, 0), kind=" Usage"),
    ]
    assert merge(full() + odd, [*odd, current(0, 2.5)]) == merge(
        full(), [current(0, 2.5)]
    )
