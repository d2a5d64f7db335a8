"""A day's curve as energy per UTC hour (alphaess.md section 7)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.alphaess_energy.api.models import (
    DateEnergy,
    PowerRecord,
    power_records,
)
from custom_components.alphaess_energy.curve import in_utc
from custom_components.alphaess_energy.history import hourly

from .api import samples
from .curves import (
    ADELAIDE,
    BERLIN,
    DAY,
    HOUR,
    KOLKATA,
    by_local_hour,
    curve,
    energy,
    series,
)

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=150)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.fixture(autouse=True)
def alphaess() -> None:
    """Home Assistant is not needed here."""


def noon_sun(at: datetime) -> float:
    """A triangle from 6 to 18 o'clock with 6 kW at noon: 36 kWh."""
    return max(6000.0 - abs(at.hour * 60 + at.minute - 720) * 6000 / 360, 0.0)


def test_the_area_under_the_curve() -> None:
    """Each hour has its share of the triangle, scaled to the day's total."""
    solar = by_local_hour(
        series(curve(BERLIN, solar=noon_sun), energy(solar=36.0))["solar"]
    )
    for hour in range(24):
        middle = max(6000.0 - abs(hour * 60 + 30 - 720) * 6000 / 360, 0.0)
        assert solar[hour] == pytest.approx(middle / 1000, abs=0.06)


@pytest.mark.parametrize("order", ["oldest first", "newest first", "shuffled"])
def test_neighbours_and_duplicates(order: str) -> None:
    """Any order; records of other days and second copies do not count."""
    records = curve(BERLIN, solar=noon_sun)
    expected = series(records, energy(solar=30.0))
    strange = [
        curve(BERLIN, DAY - timedelta(days=1), solar=lambda _: 9000.0)[-1],
        *records,
        *records[100:110],
        curve(BERLIN, DAY + timedelta(days=1), solar=lambda _: 9000.0)[0],
    ]
    if order == "newest first":
        strange.reverse()
    elif order == "shuffled":
        strange = strange[::2] + strange[1::2]
    assert series(strange, energy(solar=30.0)) == expected


def test_the_last_copy_wins() -> None:
    """The vendor corrects a record by sending it again."""
    wrong, right = (
        PowerRecord.from_wire({"uploadTime": "2026-05-03 12:00:00", "ppv": watts})
        for watts in (1, 2)
    )
    assert wrong is not None
    assert right is not None
    assert [record.solar for _, record in in_utc([wrong, right], DAY, BERLIN)] == [2.0]


@pytest.mark.parametrize(
    ("zone", "day", "first", "count"),
    [
        (BERLIN, DAY, datetime(2026, 5, 2, 22, tzinfo=UTC), 24),
        (BERLIN, SPRING, datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (BERLIN, AUTUMN, datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        # Half an hour off: the first and the last hour are shared with other days
        (KOLKATA, DAY, datetime(2026, 5, 2, 18, tzinfo=UTC), 25),
        (ADELAIDE, DAY, datetime(2026, 5, 2, 14, tzinfo=UTC), 25),
        (ADELAIDE, date(2026, 4, 5), datetime(2026, 4, 4, 13, tzinfo=UTC), 26),
        (ADELAIDE, date(2026, 10, 4), datetime(2026, 10, 3, 14, tzinfo=UTC), 24),
    ],
)
def test_hours_of_the_day(
    zone: ZoneInfo, day: date, first: datetime, count: int
) -> None:
    """All UTC hours that the local day touches, and its whole energy in them."""
    totals = energy(solar=20.0, imported=5.0)
    found = series(
        curve(zone, day, solar=noon_sun, grid=lambda _: 200.0), totals, zone, day=day
    )
    expected = [first + n * HOUR for n in range(count)]
    for key, total in (("solar", 20.0), ("import", 5.0), ("export", 0.0)):
        assert sorted(found[key]) == expected
        assert sum(found[key].values()) == pytest.approx(total)
    local_noon = datetime.combine(day, time(11, 30), zone).astimezone(UTC)
    assert (
        max(found["solar"], key=lambda hour: found["solar"][hour]) - local_noon < HOUR
    )


def test_shared_hours_hold_their_part() -> None:
    """An even load gives half as much to the hour that is half the day's."""
    imported = series(
        curve(KOLKATA, grid=lambda _: 1000.0), energy(imported=24.0), KOLKATA
    )["import"]
    first, *whole, last = (imported[hour] for hour in sorted(imported))
    assert first == pytest.approx(0.5, abs=0.05)
    assert last == pytest.approx(0.5, abs=0.05)
    assert whole == [pytest.approx(1.0, abs=0.01)] * 23


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_hour_that_autumn_repeats(newest_first: bool) -> None:
    """Both are told apart by the order: 1 kW in the first, 3 kW in the second."""

    def load(at: datetime) -> float:
        if at.hour != 2:
            return 0.0
        return 3000.0 if at.utcoffset() == HOUR else 1000.0

    records = curve(BERLIN, AUTUMN, grid=load)
    if newest_first:
        records.reverse()
    imported = series(records, energy(imported=4.0), day=AUTUMN)["import"]
    first = datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert imported[first] == pytest.approx(1.0, abs=0.1)
    assert imported[first + HOUR] == pytest.approx(3.0, abs=0.15)
    assert sum(imported.values()) == pytest.approx(4.0)


def test_times_that_spring_leaves_out() -> None:
    """Half past two does not exist: nobody knows when that was."""
    stamps = ["01:58:00", "02:30:00", "03:02:00"]
    records = power_records(
        [{"uploadTime": f"{SPRING} {stamp}", "ppv": 1} for stamp in stamps]
    )
    assert [at for at, _ in in_utc(records, SPRING, BERLIN)] == [
        datetime(2026, 3, 29, 0, 58, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 2, tzinfo=UTC),
    ]


def test_nothing_is_known_within_a_gap() -> None:
    """Of three hours without records nothing is made up."""
    records = [
        r for r in curve(BERLIN, grid=lambda _: 1000.0) if not 9 <= r.at.hour < 12
    ]
    imported = by_local_hour(series(records, energy(imported=21.0))["import"])
    assert [imported[hour] for hour in (9, 10, 11)] == [0.0, 0.0, 0.0]
    assert imported[8] == pytest.approx(1.0, abs=0.1)


def test_absurd_loads_are_left_out() -> None:
    """One record in two hundred is a hundred times too high."""
    records = curve(BERLIN)
    expected = series(records, energy(solar=1.0), load=12.0)["load"]
    spiky = [
        record
        if number % 50 != 7
        else PowerRecord(
            at=record.at,
            solar=0.0,
            load=50_000.0,
            soc=50.0,
            exported=0.0,
            imported=0.0,
            ev=0.0,
        )
        for number, record in enumerate(records)
    ]
    found = series(spiky, energy(solar=1.0), load=12.0)["load"]
    assert found == pytest.approx(expected, abs=0.01)


def test_a_high_load_is_no_spike() -> None:
    """A car that charges with 11 kW for two hours stays."""

    def load(at: datetime) -> float:
        return 11_500.0 if 20 <= at.hour < 22 else 500.0

    found = by_local_hour(
        series(curve(BERLIN, load=load), energy(solar=1.0), load=34.0)["load"]
    )
    assert found[20] == pytest.approx(11.5, abs=0.6)
    assert found[12] == pytest.approx(0.5, abs=0.05)


def test_the_battery_by_its_state_of_charge() -> None:
    """Charged from 10 to 12 o'clock, discharged from 18 to 22."""

    def soc(at: datetime) -> float:
        hour = at.hour + at.minute / 60
        if hour < 18:
            return 20.0 + 30 * min(max(hour - 10, 0.0), 2.0)
        return 80.0 - 15 * min(hour - 18, 4.0)

    found = series(curve(BERLIN, soc=soc), energy(charged=6.5, discharged=5.7))
    charged = by_local_hour(found["battery_charge"])
    discharged = by_local_hour(found["battery_discharge"])
    assert charged[10] == pytest.approx(3.25, abs=0.15)
    assert charged[11] == pytest.approx(3.25, abs=0.15)
    assert sum(charged.values()) == pytest.approx(6.5)
    assert [discharged[hour] for hour in (18, 19, 20, 21)] == [
        pytest.approx(1.43, abs=0.08)
    ] * 4
    assert sum(discharged.values()) == pytest.approx(5.7)
    assert discharged[10] == charged[18] == 0.0


@pytest.mark.parametrize("capacity", [10.0, None])
def test_sun_that_the_curve_does_not_tell(capacity: float | None) -> None:
    """Some models send no solar power: load, export and charge less import tell it."""

    def grid(at: datetime) -> float:
        return 500.0 - noon_sun(at)

    records = curve(BERLIN, grid=grid)
    solar = by_local_hour(
        series(records, energy(solar=36.0), capacity=capacity)["solar"]
    )
    for hour in range(24):
        assert solar[hour] == pytest.approx(
            noon_sun(datetime.combine(DAY, time(hour, 30))) / 1000, abs=0.2
        )


def test_sun_into_the_battery() -> None:
    """What charges the battery came from the roof too; what it gives back did not."""

    def soc(at: datetime) -> float:
        hour = at.hour + at.minute / 60
        if hour < 20:
            return 30.0 + 20 * min(max(hour - 11, 0.0), 2.0)
        return 70.0 - 5 * (hour - 20)

    records = curve(BERLIN, grid=lambda at: 0.0 if at.hour >= 11 else 500.0, soc=soc)
    # 11-13: 2 kW into the battery and 0.5 kW into the house; from 20 the battery gives
    solar = by_local_hour(series(records, energy(solar=8.5))["solar"])
    assert solar[11] == pytest.approx(2.5, abs=0.2)
    assert solar[12] == pytest.approx(2.5, abs=0.2)
    assert solar[15] == pytest.approx(0.5, abs=0.1)
    assert [solar[hour] for hour in (3, 21, 22)] == [pytest.approx(0.0, abs=0.05)] * 3


@pytest.mark.parametrize("records", [[], curve(BERLIN, load=lambda _: 0.0)])
def test_sun_that_nothing_tells(records: list[PowerRecord]) -> None:
    """Evenly over daylight, from 6 to 20 o'clock; other energy over the whole day."""
    found = series(records, energy(solar=14.0, discharged=12.0))
    assert set(found["battery_discharge"].values()) == {0.5}
    solar = by_local_hour(found["solar"])
    assert [hour for hour, kwh in solar.items() if kwh > 0] == list(range(6, 20))
    assert solar[6] == pytest.approx(1.0)


def test_a_day_that_goes_on() -> None:
    """Its energy lies before the newest record."""
    records = [r for r in curve(BERLIN, grid=lambda _: 800.0) if r.at.hour < 9]
    imported = by_local_hour(series(records, energy(imported=7.2))["import"])
    assert sorted(imported) == list(range(9))
    assert imported[8] == pytest.approx(0.8, abs=0.05)


def test_blank_days_and_missing_totals() -> None:
    """A blank day is none; a total that is missing makes no series."""
    records = curve(BERLIN)
    blank = energy()
    assert hourly(records, blank, 1.0, day=DAY, zone=BERLIN, capacity=10.0) is None
    found = series(records, energy(solar=1.0, ev=None))
    assert set(found) == {
        "solar",
        "import",
        "export",
        "battery_charge",
        "battery_discharge",
    }


@PROPERTY
@given(st.lists(samples.damaged(samples.DAY_POWER[0])), samples.objects)
def test_anything(document: Any, totals: dict[str, Any]) -> None:
    """Whatever was sent: nothing negative, and the day's totals."""
    wire = DateEnergy.from_wire({**samples.DATE_ENERGY, **totals})
    records = power_records(document)
    for zone in (BERLIN, ADELAIDE):
        found = hourly(records, wire, 3.0, day=DAY, zone=zone, capacity=None)
        if wire.blank:
            assert found is None
            continue
        assert found is not None
        assert sum(found["load"].values()) == pytest.approx(3.0)
        for hours in found.values():
            assert all(kwh >= 0 for kwh in hours.values())
            assert all(hour.minute == hour.second == 0 for hour in hours)
