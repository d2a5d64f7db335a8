"""The past as energy per hour, day, month and year (reference section 7)."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.sungrow_energy.history_records import hourly, totals

BERLIN = ZoneInfo("Europe/Berlin")
TOTAL, TODAY = {"solar": "83024"}, {"solar": "83022"}


@pytest.fixture(autouse=True)
def sungrow() -> None:
    """Home Assistant is not needed here."""


def row(stamp: str, watt_hours: object, point: str = "83024") -> dict[str, Any]:
    """Return a row of minute_history."""
    return {"time_stamp": f"202609{stamp}00", f"p{point}": watt_hours}


def hour(day: int, local: int) -> datetime:
    """Return the UTC start of a local hour."""
    return datetime(2026, 9, day, local, tzinfo=BERLIN).astimezone(UTC)


def test_a_sample_ends_its_hour() -> None:
    """What is stamped 10:00 was used between 9 and 10 (10.17)."""
    before: dict[str, tuple[datetime, float]] = {}
    rows = [row("010900", "1000"), row("011000", "1500"), row("011100", "1700.0")]
    assert hourly(TOTAL, rows, BERLIN, before) == {
        "solar": {hour(1, 9): 0.5, hour(1, 10): 0.2}
    }
    assert before == {"solar": (hour(1, 11), 1.7)}


def test_five_minute_samples_are_added_up() -> None:
    """The interval is what was asked for; the rows need no order."""
    rows = [
        row("011000", "1120"),
        row("010900", "1000"),
        row("010905", "1010"),
        row("010955", "1100"),
        row("011005", "1130"),
    ]
    assert hourly(TOTAL, rows, BERLIN, {}) == {
        "solar": {hour(1, 9): 0.12, hour(1, 10): 0.01}
    }


def test_the_day_goes_on_where_the_one_before_ended() -> None:
    """The border's sample is that of both days; it counts once."""
    before: dict[str, tuple[datetime, float]] = {}
    first = [row("012300", "1000"), row("020000", "1200")]
    second = [row("020000", "1200"), row("020100", "1250")]
    assert hourly(TOTAL, first, BERLIN, before)["solar"] == {hour(1, 23): 0.2}
    assert hourly(TOTAL, second, BERLIN, before)["solar"] == {hour(2, 0): 0.05}


@pytest.mark.parametrize(
    ("samples", "gained"),
    [
        (["1000", "0", "1100"], 0.1),  # a false zero
        (["100000", "99900", "100200"], 0.2),  # a dip
        (["100000", "99900"], 0.0),  # a dip at the end
        (["100000", "0", "300", "500"], 0.5),  # a new meter
        (["1000", "999999999999", "1200"], 0.2),  # a leap
        (["1000", "--", None, "-5", "1200"], 0.2),
    ],
)
def test_only_what_is_sure_is_counted(samples: list[object], gained: float) -> None:
    """Slips of the counter make no energy."""
    rows = [row(f"01{n + 9:02}00", value) for n, value in enumerate(samples)]
    found = hourly(TOTAL, rows, BERLIN, {})["solar"]
    assert sum(found.values()) == pytest.approx(gained)


def test_a_counter_of_the_day_begins_at_zero() -> None:
    """Its first sample is all of the day so far; yesterday's rest makes nothing."""
    rows = [
        row("012300", "18000", "83022"),
        row("020000", "0", "83022"),
        row("020100", "0", "83022"),
        row("020700", "400", "83022"),
        row("020800", "900", "83022"),
    ]
    before = {"solar": (hour(1, 22), 17.5)}
    found = hourly(TODAY, rows, BERLIN, before)["solar"]
    assert {at: value for at, value in found.items() if value} == {
        hour(1, 22): 0.5,
        hour(2, 6): 0.4,
        hour(2, 7): 0.5,
    }


def test_a_new_day_that_shows_the_old_one_first() -> None:
    """A counter that is reset late does not give its day to the next one."""
    rows = [
        {"time_stamp": "20260902000500", "p83022": "1800000"},
        {"time_stamp": "20260902001000", "p83022": "100"},
    ]
    before = {"solar": (hour(1, 23), 1800.0)}
    found = hourly(TODAY, rows, BERLIN, before, most_kw=50.0)["solar"]
    assert sum(found.values()) == pytest.approx(0.1)


def test_an_hour_of_summer_time_is_two() -> None:
    """Rows of the repeated hour never move energy out of the night."""
    rows = [
        {"time_stamp": f"2026102{day}", "p83024": value}
        for day, value in (
            ("5010000", "1000"),
            ("5030000", "1400"),
            ("5040000", "1500"),
        )
    ]
    found = hourly(TOTAL, rows, BERLIN, {})["solar"]
    assert sum(found.values()) == pytest.approx(0.5)


def test_points_without_data_are_absent() -> None:
    """A series that the plant does not have is not in it."""
    points = {"solar": "83024", "import": "83105"}
    rows = [row("010900", "1000"), row("011000", "1100"), {"time_stamp": "x"}]
    assert set(hourly(points, rows, BERLIN, {})) == {"solar"}


def test_totals_of_days_months_and_years() -> None:
    """The value's own name is the kind of value that was asked for."""
    rows = {
        "p83022": [
            {"time_stamp": "20260801", "2": "20200.0"},
            {"time_stamp": "20260802", "2": None},
            {"time_stamp": "202607", "4": "700000"},
            {"time_stamp": "2025", "4": "9000000"},
            {"time_stamp": "later", "2": "1"},
        ]
    }
    assert totals({**TODAY, "import": "83102"}, rows) == {
        "solar": {
            date(2026, 8, 1): 20.2,
            date(2026, 7, 1): 700.0,
            date(2025, 1, 1): 9000.0,
        }
    }
