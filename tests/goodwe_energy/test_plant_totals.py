"""Energies of a station's life, of yearly statistics (sections 3.10 and 10.1)."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.goodwe_energy.plant_totals import (
    learn_year,
    lifetime,
    years_to_ask,
)
from custom_components.goodwe_energy.readings import Energy

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 12, 12, tzinfo=ZONE)
CREATED = datetime(2024, 3, 1)


@pytest.fixture(autouse=True)
def goodwe() -> None:
    """Home Assistant is not needed here."""


def year(number: int, **series: float) -> Energy:
    """Return a year's statistics."""
    return Energy(
        observed_at=NOW,
        series={key: {date(number, 1, 1): value} for key, value in series.items()},
    )


def learned(*years: tuple[int, dict[str, float]]) -> dict[str, Any]:
    """Return what is remembered after answers of years."""
    memory: dict[str, Any] = {}
    for number, series in years:
        learn_year(memory, number, year(number, **series), NOW)
    return memory


def test_years_that_are_over_are_asked_for_once_a_day() -> None:
    """The current one each time (section 5)."""
    memory: dict[str, Any] = {}
    assert years_to_ask(memory, CREATED, NOW) == [2024, 2025, 2026]
    memory = learned((2024, {"consumption": 1}), (2025, {"consumption": 2}))
    assert years_to_ask(memory, CREATED, NOW + timedelta(hours=23)) == [2026]
    assert years_to_ask(memory, CREATED, NOW + timedelta(hours=24)) == [
        2024,
        2025,
        2026,
    ]
    assert years_to_ask(memory, None, NOW) == [2026]
    assert years_to_ask({}, datetime(2031, 1, 1), NOW) == [2026]


def test_a_sum_is_of_all_years() -> None:
    """A missing one is no zero: until it answers there is no sum."""
    memory = learned((2024, {"consumption": 100.5}), (2026, {"consumption": 10}))
    assert lifetime(memory, CREATED, NOW) == {}
    learn_year(memory, 2025, year(2025, consumption=200), NOW)
    assert lifetime(memory, CREATED, NOW) == {"consumption": 310.5}
    assert lifetime(memory, None, NOW) == {}


def test_a_part_that_fails_keeps_what_it_said() -> None:
    """A sum that fell by a year would count it anew later (10.1)."""
    memory = learned((2025, {"consumption": 200}), (2026, {"consumption": 10}))
    created = datetime(2025, 1, 1)
    learn_year(memory, 2025, year(2025), NOW)
    learn_year(memory, 2025, year(2025, grid_import=3), NOW)
    assert lifetime(memory, created, NOW)["consumption"] == 210


def test_a_series_may_begin_later_but_has_no_gap() -> None:
    """A battery may come later; a year that lost a series is not complete."""
    memory = learned(
        (2024, {"consumption": 1, "self_use": 1}),
        (2025, {"consumption": 2, "battery_charge": 5}),
        (2026, {"consumption": 3, "battery_charge": 6, "self_use": 1}),
    )
    assert lifetime(memory, CREATED, NOW) == {"consumption": 6, "battery_charge": 11}


def test_around_midnight_no_year_is_learned() -> None:
    """The cloud may tell the old year as the new one."""
    memory: dict[str, Any] = {}
    late = datetime(2026, 12, 31, 23, 59, tzinfo=ZONE)
    learn_year(memory, 2026, year(2026, consumption=1), late)
    assert memory == {}


def test_on_new_years_day_the_old_sum_stands_until_the_year_answers() -> None:
    """Nothing was counted yet; on any other day a year that is missing is a fault."""
    memory = learned((2025, {"consumption": 200}), (2026, {"consumption": 10}))
    created = datetime(2025, 1, 1)
    first = datetime(2027, 1, 1, 0, 10, tzinfo=ZONE)
    assert lifetime(memory, created, first) == {"consumption": 210}
    assert lifetime(memory, created, first + timedelta(days=1)) == {}


def test_years_before_the_first_energy_count_nothing() -> None:
    """A station may be made known before it runs; twice said, so that it is no slip."""
    created = datetime(2024, 12, 28)
    memory = learned((2024, {}), (2025, {"consumption": 2}), (2026, {"consumption": 3}))
    assert lifetime(memory, created, NOW) == {}
    later = NOW + timedelta(minutes=30)
    assert years_to_ask(memory, created, later) == [2024, 2026]
    learn_year(memory, 2024, year(2024), later)
    assert lifetime(memory, created, NOW) == {"consumption": 5}
    assert years_to_ask(memory, created, later) == [2026]
    next_day = later + timedelta(days=1)
    assert years_to_ask(memory, created, next_day) == [2024, 2025, 2026]
    learn_year(memory, 2024, year(2024), next_day)
    assert lifetime(memory, created, next_day) == {"consumption": 5}


def test_an_empty_year_between_others_is_no_zero() -> None:
    """Nor is the current one."""
    memory = learned((2024, {"consumption": 1}), (2026, {"consumption": 3}))
    for _ in range(2):
        learn_year(memory, 2025, year(2025), NOW)
    assert lifetime(memory, CREATED, NOW) == {}
    memory = learned((2024, {"consumption": 1}), (2025, {"consumption": 3}))
    for _ in range(2):
        learn_year(memory, 2026, year(2026), NOW)
    assert lifetime(memory, CREATED, NOW) == {}
