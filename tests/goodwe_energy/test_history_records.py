"""Days of the past become hours (reference section 7)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.goodwe_energy._vendor.core.ha.history_import import Hours
from custom_components.goodwe_energy.driver import statistics
from custom_components.goodwe_energy.history_records import day_hours, day_totals

from . import wire

BERLIN, ADELAIDE = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Adelaide")
DAY = date(2026, 6, 1)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.fixture(autouse=True)
def goodwe() -> None:
    """Home Assistant is not needed here."""


def series(
    name: str, *powers: tuple[str, Any], day: date = DAY, key: str = "powerData"
) -> dict[str, Any]:
    """Return the powers of a day, by local time."""
    points = [{"tp": f"{day} {at}:00", "power": power} for at, power in powers]
    return {"dataList": [{"item": name, key: points}]}


def at(hour: int, day: date = DAY) -> datetime:
    """Return an hour of a day in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def whole_day(day: date, again: Iterable[int] = ()) -> dict[str, Any]:
    """Return 1 kW in each minute; the hours of ``again`` come twice."""
    hours = sorted([*range(24), *again])
    times = [f"{hour:02}:{minute:02}" for hour in hours for minute in range(60)]
    return series("pConsum", *((one, 1.0) for one in times), day=day)


def parts(found: dict[str, Hours]) -> dict[str, Hours]:
    """Return the hours that have some energy."""
    return {
        key: {hour: kwh for hour, kwh in hours.items() if kwh}
        for key, hours in found.items()
    }


@pytest.mark.parametrize("key", ["powerData", "statisticsList"])
def test_a_days_energy_is_shared_out_as_its_powers_were(key: str) -> None:
    """Each direction has its own powers; what is null counts nothing."""
    raw = series(
        "pGrid",
        ("08:00", -1.0),
        ("08:01", "-2.0"),
        ("09:00", None),
        ("10:00", -1.0),
        ("12:00", 4),
        key=key,
    )
    found = day_hours(raw, {"import": 8.0, "export": 3.0}, DAY, BERLIN)
    assert parts(found) == {
        "import": {at(6): 6.0, at(8): 2.0},
        "export": {at(10): 3.0},
    }


def test_hours_without_energy_are_there_too() -> None:
    """Where they were left out, the past would not end where live values begin."""
    raw = series("pSystem", ("08:00", 1.0))
    found = day_hours(raw, {"solar": 4.0, "export": 0.0}, DAY, BERLIN)
    midnight = at(22, date(2026, 5, 31))
    wanted = [midnight + timedelta(hours=n) for n in range(24)]
    assert [list(hours) for hours in found.values()] == [wanted, wanted]


def test_the_hours_make_up_the_day() -> None:
    """What rounding leaves over is of the hour with the most."""
    raw = series("pBat", ("08:00", -1), ("09:00", -1), ("10:00", -1))
    hours = day_hours(raw, {"battery_charge": 1.0}, DAY, BERLIN)["battery_charge"]
    assert sum(hours.values()) == 1.0
    assert sorted(hours.values())[-3:] == [0.3333, 0.3333, 0.3334]


def test_a_day_without_any_powers_is_in_one_hour() -> None:
    """Where a zone is half an hour off it is the hour in which noon lies."""
    totals = {"solar": 20.0, "load": 5.0}
    for raw in ({}, [], {"dataList": []}, series("pSystem")):
        assert parts(day_hours(raw, totals, DAY, ADELAIDE)) == {
            "solar": {at(2): 20.0},
            "load": {at(2): 5.0},
        }


def test_an_energy_without_its_power_is_at_noon_or_even() -> None:
    """The sun shines at noon, anything else may be at any time."""
    raw = series("pConsum", ("08:00", 1.0))
    found = day_hours(raw, {"solar": 20.0, "import": 48.0}, DAY, BERLIN)
    assert parts(found)["solar"] == {at(10): 20.0}
    assert set(found["import"].values()) == {2.0}
    assert min(found["import"]) == at(22, date(2026, 5, 31))


@pytest.mark.parametrize(
    ("day", "again", "hours"), [(SPRING, (), 23), (AUTUMN, (2,), 25), (AUTUMN, (), 25)]
)
def test_a_day_has_as_many_hours_as_it_has(
    day: date, again: tuple[int, ...], hours: int
) -> None:
    """As clocks change; an hour that comes once as they are put back leaves one out."""
    found = day_hours(whole_day(day, again), {"load": 100.0}, day, BERLIN)["load"]
    whole = hours if again or day == SPRING else 24
    assert len(parts({"load": found})["load"]) == whole
    assert len(found) == hours
    assert sum(found.values()) == pytest.approx(100.0)
    assert max(found) - min(found) == timedelta(hours=hours - 1)
    even = day_hours(
        series("pSystem", ("12:00", 1), day=day), {"load": 100.0}, day, BERLIN
    )
    assert len(even["load"]) == hours


def test_powers_of_another_day_do_not_count() -> None:
    """The last second of a request may answer the next midnight."""
    raw = {
        "dataList": [
            {
                "item": "pConsum",
                "powerData": [
                    {"tp": "2026-06-01 08:00:00", "power": 1},
                    {"tp": "2026-06-02 00:00:00", "power": 9},
                ],
            }
        ]
    }
    found = day_hours(raw, {"load": 2.0}, DAY, BERLIN)
    assert parts(found) == {"load": {at(6): 2.0}}


def test_nothing_is_in_the_future() -> None:
    """Of a day that goes on the energy is in the hours that have begun."""
    now = at(7) + timedelta(minutes=30)
    raw = series("pSystem", ("09:00", 1))
    found = day_hours(raw, {"solar": 4.0, "load": 10.0}, DAY, BERLIN, now=now)
    assert parts(found)["solar"] == {at(7): 4.0}
    assert len(found["load"]) == 10
    assert max(found["load"]) == at(7)
    early = at(0) - timedelta(days=2)
    assert day_hours({}, {"load": 1.0}, DAY, BERLIN, now=early) == {}


def test_totals_are_those_that_were_reported() -> None:
    """A series that is missing is no zero (3.10)."""
    energy = statistics(wire.STATISTICS, at(0))
    assert day_totals(energy, date(2026, 10, 12)) == {"solar": 24.6, "import": 3.2}
    assert day_totals(energy, DAY) == {}
    assert day_hours({}, {"unheard": 1.0}, DAY, BERLIN) == {}


def minutes(**powers: tuple[float, ...]) -> dict[str, Any]:
    """Return the powers of some hours after 06:00, the same in each minute."""
    return {
        "dataList": [
            {
                "item": name,
                "powerData": [
                    {"tp": f"{DAY} {6 + n:02}:{minute:02}:00", "power": power}
                    for n, power in enumerate(row)
                    for minute in range(60)
                ],
            }
            for name, row in powers.items()
        ]
    }


@pytest.mark.parametrize("sign", [1, -1])
def test_powers_without_a_sign_go_where_the_balance_says(sign: float) -> None:
    """Sun + battery - grid = load, in both of the wire's variants (3.3)."""
    raw = minutes(
        pSystem=(0.0, 5.0, 8.0, 0.0),
        pBat=(0.0, sign * 2.0, sign * 2.0, 3.0),
        pGrid=(sign * 1.0, 0.0, 3.0, 1.0),
        pConsum=(1.0, 3.0, 3.0, 2.0),
    )
    totals = {
        "import": 1.0,
        "export": 4.0,
        "battery_charge": 4.0,
        "battery_discharge": 3.0,
    }
    assert parts(day_hours(raw, totals, DAY, BERLIN)) == {
        "import": {at(4): 1.0},
        "export": {at(6): 3.0, at(7): 1.0},
        "battery_charge": {at(5): 2.0, at(6): 2.0},
        "battery_discharge": {at(7): 3.0},
    }


def test_a_day_of_export_alone_has_no_other_sign() -> None:
    """Nothing was imported, so nothing is missing."""
    raw = minutes(pSystem=(1.0,), pGrid=(3.0,), pConsum=(4.0,))
    found = day_hours(raw, {"import": 0.0, "export": 3.0}, DAY, BERLIN)
    assert parts(found)["export"] == {at(4): 3.0}


def test_powers_that_no_balance_explains_stay_as_they_are() -> None:
    """Without the load nobody knows."""
    raw = minutes(pSystem=(1.0,), pGrid=(3.0,))
    found = day_hours(raw, {"import": 3.0, "export": 3.0}, DAY, BERLIN)
    assert parts(found)["export"] == {at(4): 3.0}
    assert len(set(found["import"].values())) == 1
