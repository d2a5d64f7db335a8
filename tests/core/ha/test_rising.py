"""The rules of the counters' guards, one by one (alphaess.md 9.4)."""

from datetime import UTC, date, datetime, timedelta
import json
from typing import Any

import pytest

from core.ha.rising import State, day_counter, total_counter, valid

from .counted import BERLIN

MONDAY = date(2026, 5, 11)
TUESDAY = date(2026, 5, 12)


def at(day: date, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


def run(state: State, day: date, *answers: tuple[str, float | None]) -> list[Any]:
    """Return what is shown after each answer."""
    return [
        day_counter(state, reading, day, at(day, clock)) for clock, reading in answers
    ]


@pytest.fixture
def noon() -> State:
    """A counter that stands at 8 kWh on Monday at noon."""
    state: State = {}
    assert run(state, MONDAY, ("12:00", 8.0)) == [8.0]
    return state


def test_nothing_is_known_before_the_first_answer() -> None:
    """A blank is no value, and a day cannot have more than a house can use."""
    assert run({}, MONDAY, ("00:05", None), ("12:00", None)) == [None, None]
    assert run({}, MONDAY, ("12:00", 9999.0), ("12:05", 8.0)) == [None, 8.0]


def test_blanks_zeros_and_dips_are_held(noon: State) -> None:
    """Within a day the value only rises."""
    shown = run(noon, MONDAY, ("12:05", None), ("12:10", 0.0), ("12:15", 7.99))
    assert shown == [8.0, 8.0, 8.0]
    assert run(noon, MONDAY, ("12:20", 8.2)) == [8.2]


def test_one_absurd_value_is_held(noon: State) -> None:
    """What no house can gain in five minutes is not shown."""
    shown = run(noon, MONDAY, ("12:05", 300.0), ("12:10", 8.3))
    assert shown == [8.0, 8.3]


def test_doubts_end_with_an_honest_answer(noon: State) -> None:
    """Absurd values count only if they come in a row."""
    shown = run(
        noon,
        MONDAY,
        ("12:05", 300.0),
        ("12:10", 300.0),
        ("12:15", 8.1),
        ("12:20", 300.0),
        ("12:25", 300.0),
    )
    assert shown == [8.0, 8.0, 8.1, 8.1, 8.1]


def test_a_large_step_counts_when_it_is_repeated(noon: State) -> None:
    """A cloud that was behind tells it three times, rising as a house does."""
    shown = run(
        noon,
        MONDAY,
        ("12:05", 20.0),
        ("12:10", 21.5),
        ("12:15", 23.0),
        ("12:20", 23.1),
    )
    assert shown == [8.0, 8.0, 23.0, 23.1]


def test_a_large_step_after_hours_without_answers(noon: State) -> None:
    """What a house can gain in the time that passed needs no proof."""
    assert run(noon, MONDAY, ("15:00", 27.0)) == [27.0]


def test_hours_of_equal_answers_make_no_room_for_a_jump(noon: State) -> None:
    """Each answer that says the same confirms the value."""
    quiet = [(f"{hour}:00", 8.0) for hour in range(13, 23)]
    assert run(noon, MONDAY, *quiet)[-1] == 8.0
    assert run(noon, MONDAY, ("22:05", 208.0)) == [8.0]


@pytest.mark.parametrize(
    ("first", "shown"),
    [(None, 0.0), (0.0, 0.0), (0.3, 0.3), (7.19, 7.19), (7.21, 0.0), (8.5, 0.0)],
)
def test_the_new_day_begins_below(
    noon: State, first: float | None, shown: float
) -> None:
    """The first answer of a day shows a fall that Home Assistant takes as one."""
    assert run(noon, TUESDAY, ("10:00", first)) == [shown]


def test_midnight_zeros(noon: State) -> None:
    """Blank, zero, and only then the day's first energy."""
    run(noon, MONDAY, ("23:59", 9.0))
    shown = run(
        noon, TUESDAY, ("00:02", None), ("00:07", 0.0), ("00:12", 0.1), ("00:17", None)
    )
    assert shown == [0.0, 0.0, 0.1, 0.1]


def test_a_stale_cloud_after_midnight(noon: State) -> None:
    """Sure to be Monday's, as no house uses so much in minutes; then Tuesday's."""
    run(noon, MONDAY, ("23:59", 9.0))
    shown = run(
        noon,
        TUESDAY,
        ("00:01", 9.0),
        ("00:06", 9.1),
        ("00:30", 9.1),
        ("00:35", 0.2),
        ("00:40", 9.1),
        ("00:45", 0.3),
    )
    assert shown == [9.0, 9.1, 9.1, 0.2, 0.2, 0.3]


def test_yesterday_again_after_a_zero() -> None:
    """The day has begun; copies of the day before are held, however often they come."""
    state: State = {}
    run(state, MONDAY, ("23:59", 4.0))
    shown = run(
        state,
        TUESDAY,
        ("00:02", 0.0),
        ("00:07", 4.0),
        ("00:12", 4.0),
        ("00:17", 4.0),
        ("00:22", 4.0),
        ("00:27", 0.1),
        ("00:32", 0.2),
    )
    assert shown == [0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.2]


@pytest.mark.parametrize("first", [26.1, None])
def test_yesterday_all_day_long(first: float | None) -> None:
    """A cloud that hears nothing says the same in the morning, and after a restart."""
    state: State = {}
    run(state, MONDAY, ("23:59", 26.1))
    assert run(state, TUESDAY, ("00:05", 26.1), ("03:05", first)) == [26.1, 0.0]
    assert run(state, TUESDAY, ("03:10", 26.1), ("09:00", 26.1)) == [0.0, 0.0]
    again = valid(json.loads(json.dumps(dict(state))))
    shown = run(again, TUESDAY, ("09:05", 26.1), ("12:00", 2.5), ("13:00", 26.1))
    assert shown == [0.0, 2.5, 26.1]


def test_a_day_that_was_first_heard_of_in_the_evening_counts() -> None:
    """It stands still then, but not where the day before ended."""
    state: State = {}
    run(state, MONDAY, ("23:59", 4.0))
    assert run(state, TUESDAY, ("20:00", 6.0), ("20:05", 6.0)) == [0.0, 6.0]


def test_the_day_reaches_yesterday_by_itself() -> None:
    """Small steps through yesterday's value are the day's own."""
    state: State = {}
    run(state, MONDAY, ("23:59", 0.5))
    steps = [(f"{n // 6:02}:{n % 6}5", n * 0.06) for n in range(15)]
    assert run(state, TUESDAY, *steps) == [pytest.approx(kwh) for _, kwh in steps]


def test_a_clock_that_goes_back_over_midnight(noon: State) -> None:
    """Seconds of a correction are no other day."""
    run(noon, MONDAY, ("23:59", 9.0))
    run(noon, TUESDAY, ("00:00", 0.0))
    assert run(noon, MONDAY, ("23:59", 9.0)) == [0.0]
    assert run(noon, TUESDAY, ("00:04", 0.1)) == [0.1]


def test_a_clock_that_was_days_ahead(noon: State) -> None:
    """The counter goes on when the clock is right again, not days later."""
    friday = MONDAY + timedelta(days=4)
    assert run(noon, friday, ("12:00", None)) == [0.0]
    shown = run(
        noon, MONDAY, ("12:10", 8.2), ("12:15", 8.2), ("12:20", 8.2), ("12:25", 8.3)
    )
    assert shown == [0.0, 0.0, 8.2, 8.3]
    assert run(noon, TUESDAY, ("00:01", 0.0)) == [0.0]


def test_a_restart_keeps_the_floor(noon: State) -> None:
    """A zero after a crash is held as before."""
    again = valid(json.loads(json.dumps(dict(noon))))
    assert run(again, MONDAY, ("12:05", 0.0), ("12:10", 8.1)) == [8.0, 8.1]


def test_a_restart_after_midnight_keeps_yesterday() -> None:
    """What is held as a copy of yesterday's value is so after a crash too."""
    state: State = {}
    run(state, MONDAY, ("23:59", 4.0))
    run(state, TUESDAY, ("00:02", 0.0))
    again = valid(json.loads(json.dumps(dict(state))))
    assert run(again, TUESDAY, ("00:07", 4.0), ("00:12", 0.1)) == [0.0, 0.1]


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "x",
        {},
        {"value": 1.0, "at": "2026-05-11T10:00:00+00:00"},
        {"value": "x", "at": "2026-05-11T10:00:00+00:00", "day": "2026-05-11"},
        {"value": float("nan"), "at": "2026-05-11T10:00:00+00:00", "day": "2026-05-11"},
        {"value": -1, "at": "2026-05-11T10:00:00+00:00", "day": "2026-05-11"},
        {"value": 1.0, "at": "yesterday", "day": "2026-05-11"},
        {"value": 1.0, "at": "2026-05-11T10:00:00", "day": "2026-05-11"},
        {"value": 1.0, "at": 5, "day": "2026-05-11"},
        {"value": 1.0, "at": "2026-05-11T10:00:00+00:00", "day": "someday"},
    ],
)
def test_a_damaged_state_is_a_new_one(stored: object) -> None:
    """A file that somebody edited stops nothing."""
    assert valid(stored) == {}


@pytest.mark.parametrize("before", [None, 3, [1.0], [1.0, "x"], [1, 2, 3], {}])
def test_a_damaged_memory_of_yesterday_is_left_out(before: object) -> None:
    """The value itself is kept."""
    stored = {
        "value": 1.0,
        "at": "2026-05-11T10:00:00+00:00",
        "day": "2026-05-11",
        "before": before,
        "else": 1,
    }
    assert valid(stored) == {
        "value": 1.0,
        "at": "2026-05-11T10:00:00+00:00",
        "day": "2026-05-11",
    }


def total(state: State, *readings: float | None, start: int = 0) -> list[Any]:
    """Return what a lifetime counter shows for readings, a quarter of an hour apart."""
    begin = datetime(2026, 5, 11, 8, tzinfo=UTC)
    return [
        total_counter(state, reading, begin + timedelta(minutes=15 * (start + number)))
        for number, reading in enumerate(readings)
    ]


def test_a_total_rises() -> None:
    """Blanks are bridged; nothing is known before the first value."""
    shown = total({}, None, 15320.4, None, 15320.4, 15321.9)
    assert shown == [None, 15320.4, 15320.4, 15320.4, 15321.9]


def test_zeros_and_dips_of_a_total_are_held() -> None:
    """An outage's zeros are no replaced meter, however many come."""
    shown = total({}, 15320.4, *[0.0] * 10, 15319.0, 15320.6)
    assert shown == [15320.4] * 12 + [15320.6]


def test_a_replaced_meter_is_believed() -> None:
    """Three readings that rise in small steps are a new start."""
    state: State = {}
    shown = total(state, 15320.4, 0.0, 1.5, 3.1, 4.0)
    assert shown == [15320.4, 15320.4, 15320.4, 3.1, 4.0]
    assert "lower" not in state


def test_a_correction_is_no_dip() -> None:
    """Home Assistant would count a small fall as negative energy: it is waited out."""
    shown = total({}, 15320.0, 15300.0, 15300.5, 15301.0, 15301.5, 15320.5)
    assert shown == [15320.0] * 5 + [15320.5]


def test_lower_readings_without_sense_are_held() -> None:
    """Falling, jumping or only twice is no meter."""
    assert total({}, 900.0, 5.0, 4.0, 3.0, 2.0) == [900.0] * 5
    assert total({}, 900.0, 5.0, 80.0, 155.0, 230.0) == [900.0] * 5
    assert total({}, 900.0, 5.0, 6.0, 900.1, 5.0, 6.0) == [900.0] * 3 + [900.1] * 3


def test_a_jump_of_a_total() -> None:
    """More than a house can make is shown only when it is said three times."""
    shown = total({}, 900.0, 2900.0, 901.0, 2900.0, 2901.0, 2901.5)
    assert shown == [900.0, 900.0, 901.0, 901.0, 901.0, 2901.5]


def test_a_total_survives_a_restart() -> None:
    """The floor is kept."""
    state: State = {}
    total(state, 15320.4)
    again = valid(json.loads(json.dumps(dict(state))))
    assert total(again, 0.0, 15320.5, start=4) == [15320.4, 15320.5]


def test_a_first_zero_of_a_total_may_be_a_start() -> None:
    """Who doubts it waits for three in a row; anything else counts at once."""

    def shown(*readings: float | None, doubt_zero: bool = True) -> list[float | None]:
        state: State = {}
        return [
            total_counter(
                state,
                reading,
                at(MONDAY, f"12:0{minute}"),
                doubt_zero=doubt_zero,
            )
            for minute, reading in enumerate(readings)
        ]

    assert shown(0.0, 0.0, 0.0, 0.1) == [None, None, 0.0, 0.1]
    assert shown(0.0, 0.0, 5321.7, 5321.8) == [None, None, 5321.7, 5321.8]
    assert shown(0.0, None, 0.0, 0.0) == [None, None, None, 0.0]
    assert shown(5321.7, 0.0, 0.0, 0.0) == [5321.7] * 4
    assert shown(0.0, 5321.7, doubt_zero=False)[0] == 0.0


def test_a_large_plant_may_gain_more_than_a_house() -> None:
    """Who reads larger plants says what they can gain; else it is a jump."""
    for power, expected in ((50.0, 5000.0), (250.0, 5010.0)):
        state: State = {}
        total_counter(state, 5000.0, at(MONDAY, "12:00"), power=power)
        shown = total_counter(state, 5010.0, at(MONDAY, "12:05"), power=power)
        assert shown == expected
        state = {}
        day_counter(state, 200.0, MONDAY, at(MONDAY, "12:00"), power=power)
        shown = day_counter(state, 210.0, MONDAY, at(MONDAY, "12:05"), power=power)
        assert shown == expected - 4800.0
