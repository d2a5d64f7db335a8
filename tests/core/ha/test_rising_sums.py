"""What ends up in the energy dashboard, against what really flowed.

Each case polls a vendor for some days as the integration does, and builds the sum
that the recorder would from what the guard lets through.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
import math

import pytest

from .counted import BERLIN, DIGITS, Guard, Poll, energy_counted, midnight, polls

TOLERANCE = 0.1  # kWh over all days of a case
FIRST = date(2026, 5, 11)
DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)
OFFSETS = [timedelta(minutes=minute) for minute in range(5)]

type Rate = Callable[[datetime], float]
type Change = Callable[[Poll, "Truth"], Poll | None]


class Truth:
    """A flow in kW as a function of local time, and the counters it drives."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._days: dict[date, list[float]] = {}

    def counter(self, at: datetime) -> float:
        """Return the kWh since the site's midnight, to the minute."""
        return self._day(at.date())[at.hour * 60 + at.minute]

    def final(self, day: date) -> float:
        return self._day(day)[-1]

    def _day(self, day: date) -> list[float]:
        if day not in self._days:
            minutes = (midnight(day) + n * timedelta(minutes=1) for n in range(1440))
            kwh = (self._rate(at) / 60 for at in minutes)
            self._days[day] = list(accumulate(kwh, initial=0.0))
        return self._days[day]

    def between(self, start: datetime, end: datetime) -> float:
        total, day = -self.counter(start), start.date()
        while day < end.date():
            total, day = total + self.final(day), day + DAY
        return total + self.counter(end)


def sunny(at: datetime) -> float:
    """20 kWh a day, then 6, then 12."""
    hour = at.hour + at.minute / 60
    kwh = [20, 6, 12][(at.date() - FIRST).days]
    return kwh * math.pi / 28 * max(math.sin(math.pi * (hour - 6) / 14), 0.0)


def house(at: datetime) -> float:
    """About 10 kWh a day, also at night, then 4, then 7."""
    share = [1.0, 0.4, 0.7][(at.date() - FIRST).days]
    return share * (0.3 if at.hour < 6 else 0.45)


def car_at_midnight(at: datetime) -> float:
    """Half a kWh a day, but 11 kW in the second night."""
    night = at.date() == FIRST + DAY and at.hour < 4
    return 11.0 if night else 0.5 / 24


def imports_from_today(at: datetime) -> float:
    """Nothing on the first day, then a little."""
    return 0.0 if at.date() == FIRST else 0.02


def imported_before(at: datetime) -> float:
    """4 kWh in the first evening, then hardly anything."""
    return 1.0 if at.date() == FIRST and at.hour >= 20 else 0.01


RATES = [sunny, house, car_at_midnight, imports_from_today, imported_before]


def counted(
    rate: Rate,
    change: Change,
    offset: timedelta,
    *,
    days: int = 3,
    restarts: bool = False,
) -> tuple[float, float]:
    """Return what the recorder counts and what flowed between first and last poll."""
    truth, guard = Truth(rate), Guard()
    shown, asked = [], []
    for at in polls(FIRST, days, offset):
        poll = change(Poll(at, at.date(), round(truth.counter(at), DIGITS)), truth)
        if poll is None:
            continue  # Home Assistant is off
        if restarts:
            guard.restart()
        asked.append(at)
        shown.append(guard(poll))
    return energy_counted(shown), truth.between(asked[0], asked[-1])


def since_midnight(at: datetime) -> timedelta:
    return at - midnight(at.date())


def later(poll: Poll) -> bool:
    """Tell whether it is not the first day, so that there is a yesterday."""
    return poll.day > FIRST


def said(poll: Poll, reading: float | None) -> Poll:
    return Poll(poll.at, poll.day, reading)


def honest(poll: Poll, _truth: Truth) -> Poll:
    return poll


def blank_after_midnight(poll: Poll, _truth: Truth) -> Poll:
    """The vendor has nothing yet."""
    blank = since_midnight(poll.at) < timedelta(minutes=12)
    return said(poll, None) if blank else poll


def zero_after_midnight(poll: Poll, _truth: Truth) -> Poll:
    """It says zero, for other counters than this one."""
    zero = since_midnight(poll.at) < timedelta(minutes=12)
    return said(poll, 0.0) if zero else poll


def stale_after_midnight(poll: Poll, truth: Truth) -> Poll:
    """It tells yesterday's final value for half an hour."""
    if later(poll) and since_midnight(poll.at) < HALF_HOUR:
        return said(poll, round(truth.final(poll.day - DAY), DIGITS))
    return poll


def copied_after_midnight(poll: Poll, truth: Truth) -> Poll:
    """It tells for half an hour what it told ten minutes before midnight."""
    if later(poll) and since_midnight(poll.at) < HALF_HOUR:
        copied = midnight(poll.day) - timedelta(minutes=10)
        return said(poll, round(truth.counter(copied), DIGITS))
    return poll


def late_all_day(poll: Poll, truth: Truth) -> Poll:
    """It is half an hour behind, also over midnight."""
    if poll.at - midnight(FIRST) < HALF_HOUR:
        return said(poll, 0.0)
    return said(poll, round(truth.counter(poll.at - HALF_HOUR), DIGITS))


def zero_then_stale(poll: Poll, truth: Truth) -> Poll:
    """First zero, then yesterday's value again, then small values."""
    if since_midnight(poll.at) < timedelta(minutes=5):
        return said(poll, 0.0)
    return stale_after_midnight(poll, truth)


def zeros_by_day(poll: Poll, _truth: Truth) -> Poll:
    """An outage's zeros in the middle of the day, for an hour and single ones."""
    hole = poll.at.hour == 15 or poll.at.minute // 5 == 7
    return said(poll, 0.0) if hole else poll


def blanks_by_day(poll: Poll, _truth: Truth) -> Poll:
    """Blank answers for five hours, until the evening."""
    return said(poll, None) if 13 <= poll.at.hour < 18 else poll


def frozen_for_two_hours(poll: Poll, truth: Truth) -> Poll:
    """The cloud repeats itself while the sun shines, then has it all."""
    if 12 <= poll.at.hour < 14:
        noon = datetime.combine(poll.day, time(12), BERLIN)
        return said(poll, round(truth.counter(noon), DIGITS))
    return poll


def absurd_at_dawn(poll: Poll, _truth: Truth) -> Poll:
    """One absurd value after hours in which nothing changed."""
    absurd = poll.at.hour == 5 and poll.at.minute < 5
    return said(poll, 212.0) if absurd else poll


def off_over_midnight(poll: Poll, _truth: Truth) -> Poll | None:
    """Home Assistant is off from just before midnight until an hour after."""
    off = later(poll) and poll.at.hour < 1
    return None if off else poll


CHANGES = [
    honest,
    blank_after_midnight,
    zero_after_midnight,
    stale_after_midnight,
    copied_after_midnight,
    zero_then_stale,
    zeros_by_day,
    blanks_by_day,
    frozen_for_two_hours,
    absurd_at_dawn,
    off_over_midnight,
]


@pytest.mark.parametrize("offset", OFFSETS, ids=lambda offset: f"{offset.seconds}s")
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("rate", RATES)
def test_what_is_counted_is_what_flowed(
    rate: Rate, change: Change, offset: timedelta
) -> None:
    """Nothing is counted twice and nothing is lost, whatever the vendor does."""
    got, flowed = counted(rate, change, offset)
    # After the last look nobody asks until the next day's first answer.
    unseen = sum(
        Truth(rate).between(midnight(FIRST + n * DAY) - timedelta(minutes=2), end)
        for n in (1, 2)
        for end in [midnight(FIRST + n * DAY)]
    )
    assert got <= flowed + TOLERANCE
    assert got >= flowed - unseen - TOLERANCE


@pytest.mark.parametrize("offset", OFFSETS, ids=lambda offset: f"{offset.seconds}s")
@pytest.mark.parametrize("rate", [sunny, house])
def test_a_cloud_that_is_always_late(rate: Rate, offset: timedelta) -> None:
    """What it tells after midnight of the day before still counts for that day."""
    got, _ = counted(rate, late_all_day, offset)
    start = midnight(FIRST) + offset
    late = Truth(rate).between(start, max(polls(FIRST, 3, offset)) - HALF_HOUR)
    assert got == pytest.approx(late, abs=TOLERANCE)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("rate", RATES)
def test_restarts_change_nothing(rate: Rate, change: Change) -> None:
    """A restart between any two answers loses no knowledge that matters."""
    offset = OFFSETS[2]
    got, _ = counted(rate, change, offset, restarts=True)
    assert got == pytest.approx(counted(rate, change, offset)[0], abs=TOLERANCE)


@pytest.mark.parametrize("hours", [1, 4, 10])
@pytest.mark.parametrize("rate", [sunny, house])
def test_off_over_midnight_loses_the_evening_only(rate: Rate, hours: int) -> None:
    """What flows between switching off and midnight cannot be had any more."""
    start = midnight(FIRST + DAY) - timedelta(hours=hours / 2)
    end = start + timedelta(hours=hours)

    def off(poll: Poll, _truth: Truth) -> Poll | None:
        return None if start <= poll.at < end else poll

    got, flowed = counted(rate, off, OFFSETS[1], days=2)
    truth = Truth(rate)
    last = max(at for at in polls(FIRST, 1, OFFSETS[1]) if at < start)
    lost = truth.between(last, midnight(FIRST + DAY))
    assert got == pytest.approx(flowed - lost, abs=TOLERANCE)


def test_off_until_after_midnight_with_more_than_yesterday() -> None:
    """A restart at night, while the car has taken more than all of yesterday."""
    start = midnight(FIRST + DAY) - timedelta(hours=1)

    def off(poll: Poll, _truth: Truth) -> Poll | None:
        return None if start <= poll.at < start + timedelta(minutes=110) else poll

    got, flowed = counted(car_at_midnight, off, OFFSETS[0], days=2)
    assert got == pytest.approx(flowed - 0.5 / 24, abs=TOLERANCE)


def test_stale_after_an_evening_off() -> None:
    """Yesterday's final value, never seen before, still counts for yesterday."""
    start = midnight(FIRST + DAY) - timedelta(hours=4)
    end = midnight(FIRST + DAY) + timedelta(minutes=5)

    def change(poll: Poll, truth: Truth) -> Poll | None:
        return None if start <= poll.at < end else stale_after_midnight(poll, truth)

    got, flowed = counted(house, change, OFFSETS[2], days=2)
    assert got == pytest.approx(flowed, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 71), (date(2026, 10, 25), 73)]
)
def test_days_of_23_and_25_hours(day: date, hours: int) -> None:
    """The counter starts anew once, at the site's midnight."""
    guard = Guard()
    falls = []

    def readings() -> Iterator[float]:
        last = 0.0
        for at in polls(day - DAY, 3, OFFSETS[2]):
            passed = at.astimezone(UTC) - midnight(at.date()).astimezone(UTC)
            kwh = round(passed.total_seconds() / 3600 * 0.4, DIGITS)
            value = guard(Poll(at, at.date(), kwh))
            assert value is not None
            if value < last:
                falls.append(at.date())
            yield (last := value)

    assert energy_counted(readings()) == pytest.approx(hours * 0.4, abs=0.2)
    assert falls == [day, day + DAY]


def test_slow_polls() -> None:
    """The summary comes every quarter of an hour only."""
    truth, guard = Truth(house), Guard()
    times = [at for at in polls(FIRST, 3, OFFSETS[2]) if at.minute % 15 == 2]
    shown = [
        guard(stale_after_midnight(Poll(at, at.date(), truth.counter(at)), truth))
        for at in times
    ]
    flowed = truth.between(times[0], times[-1])
    assert energy_counted(shown) == pytest.approx(flowed, abs=2 * 0.45 * 13 / 60 + 0.01)
    assert all(b >= a or b < 0.9 * a for a, b in pairwise(shown) if a and b)
