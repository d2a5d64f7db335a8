"""Records become whole days and UTC hours (reference sections 7.2 and 7.4)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from custom_components.amber_energy.driver import Channel
from custom_components.amber_energy.usage.days import UsageDay, days, register_key

from .metered import DAY, HOUR, SUNDAY, VECTOR, begin, records, wire


def one(raw: list[dict[str, object]], day: date = SUNDAY) -> UsageDay:
    return days(records(raw))[day]


def test_the_vector() -> None:
    """7.4: two records in their hours, signs as the energy dashboard wants them."""
    series = one(VECTOR).series()
    night, noon = (
        datetime(2026, 10, 3, 14, tzinfo=UTC),
        datetime(2026, 10, 4, 2, tzinfo=UTC),
    )
    assert series == {
        "e1_energy": {night: 0.044},
        "e1_cost": {night: 0.01202},
        "b1_energy": {noon: 0.412},
        "b1_compensation": {noon: 0.025561},
        "net_cost": {night: 0.01202, noon: -0.025561},
    }
    assert sum(series["net_cost"].values()) == pytest.approx(-0.013541, abs=1e-9)


@pytest.mark.parametrize("minutes", [5, 15, 30])
def test_a_whole_day(minutes: int) -> None:
    """24 UTC hours from midnight in the market's time, whatever the duration."""
    usage = one(wire(minutes=minutes, kwh=0.1))
    assert usage.complete
    assert not usage.estimated
    hours = usage.series()["e1_energy"]
    assert sorted(hours) == [begin(SUNDAY) + n * HOUR for n in range(24)]
    assert set(hours.values()) == {round(60 / minutes * 0.1, 4)}


def test_days_that_a_window_mixes() -> None:
    """A site that was switched to 5 minutes: each day has a duration of its own."""
    raw = wire(SUNDAY, minutes=30) + wire(SUNDAY + DAY, minutes=5)
    assert [usage.complete for usage in days(records(raw)).values()] == [True, True]


@pytest.mark.parametrize("odd", ["missing", "twice", "two durations", "other day"])
def test_not_whole(odd: str) -> None:
    """What does not cover the day once is not complete, and not made up."""
    raw = wire()
    if odd == "missing":
        del raw[20]
    elif odd == "twice":
        raw[20] = raw[21]
    elif odd == "two durations":
        raw[20:] = wire(minutes=5)[120:]
    else:
        for record in raw:
            record["date"] = (SUNDAY + DAY).isoformat()
    assert not any(usage.complete for usage in days(records(raw)).values())


def test_a_record_sent_twice() -> None:
    """It counts once, with what it says last."""
    raw = wire()
    usage = one([*raw, raw[3] | {"kwh": 1.5, "cost": 30.0}])
    assert usage.complete
    assert usage.registers["e1"].kwh == pytest.approx(47 * 0.5 + 1.5)
    assert usage.registers["e1"].cost == pytest.approx(47 * 0.1 + 0.3)


def test_one_register_that_is_not_whole() -> None:
    """Then the day is not: its net cost would be wrong."""
    feed_in = wire(register="B1", channel="feedIn", price=-5.0)
    assert one(wire() + feed_in).complete
    assert not one(wire() + feed_in[:-1]).complete


def test_two_registers_of_a_type() -> None:
    """They are kept apart by their identifiers."""
    usage = one(wire() + wire(register="E2", kwh=0.25))
    assert usage.registers["e1"].kwh == 24.0
    assert usage.registers["e2"].kwh == 12.0
    assert set(usage.series()) == {
        "e1_energy",
        "e1_cost",
        "e2_energy",
        "e2_cost",
        "net_cost",
    }
    assert sum(usage.series()["net_cost"].values()) == pytest.approx(7.2)


@pytest.mark.parametrize("sign", [1, -1])
def test_feed_in(sign: int) -> None:
    """Energy is positive however it is sent; what is earned is, too."""
    raw = wire(register="B1", channel="feedIn", price=-5.0)
    for record in raw:
        record["kwh"] = sign * record["kwh"]
    usage = one(raw)
    assert usage.registers["b1"].channel is Channel.FEED_IN
    assert usage.registers["b1"].kwh == 24.0
    assert usage.registers["b1"].cost == pytest.approx(-1.2)
    series = usage.series()
    assert sum(series["b1_compensation"].values()) == pytest.approx(1.2)
    assert sum(series["net_cost"].values()) == pytest.approx(-1.2)
    assert usage.registers["b1"].prices[begin(SUNDAY)].mean == pytest.approx(0.05)


def test_export_that_is_charged() -> None:
    """With a price above zero an export costs: that is no income."""
    series = one(wire(register="B1", channel="feedIn", price=2.0)).series()
    assert sum(series["b1_compensation"].values()) == pytest.approx(-0.48)
    assert sum(series["net_cost"].values()) == pytest.approx(0.48)


def test_prices_of_an_hour() -> None:
    """Mean, lowest and highest of its intervals."""
    raw = wire()
    raw[1] |= {"perKwh": 40.0}
    price = one(raw).registers["e1"].prices[begin(SUNDAY)]
    assert (price.mean, price.low, price.high) == pytest.approx((0.3, 0.2, 0.4))


def test_an_estimate_in_a_day() -> None:
    """One is enough: Amber may correct it."""
    raw = wire()
    raw[7]["quality"] = "estimated"
    assert one(raw).estimated
    assert not one(wire()).estimated


def test_fingerprint() -> None:
    """It changes with each number, not with the quality or the order."""
    raw = wire(quality="estimated")
    same = one(list(reversed(wire()))).fingerprint
    assert one(raw).fingerprint == same
    raw[5]["kwh"] += 0.001
    assert one(raw).fingerprint != same
    raw = wire()
    raw[5]["cost"] += 0.0001
    assert one(raw).fingerprint != same


def test_no_records() -> None:
    """A day without any is not there."""
    assert days(()) == {}
    assert not UsageDay(SUNDAY, {}).complete
    assert UsageDay(SUNDAY, {}).series() == {}


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        ("E1", "e1"),
        ("B9", "b9"),
        ("E-1 x", "e_1_x"),
        ("_E__1_", "e_1"),
        ("é", "register"),
    ],
)
def test_keys(identifier: str, key: str) -> None:
    """They fit into the id of a statistic."""
    assert register_key(identifier) == key


def test_a_clock_change_moves_nothing() -> None:
    """A day of the market has 24 hours also when Sydney's has 23 or 25."""
    for day in (date(2026, 4, 5), date(2026, 10, 4)):
        hours = one(wire(day), day).series()["e1_energy"]
        assert len(hours) == 24
        assert min(hours) == datetime(day.year, day.month, day.day, tzinfo=UTC) - (
            timedelta(hours=10)
        )
