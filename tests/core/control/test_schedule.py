"""Spans of a day."""

from datetime import UTC, date, datetime, time, timedelta, timezone
import itertools
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from core.control.schedule import (
    ALL_DAY,
    DAY,
    Span,
    ceil_to,
    complement,
    cut,
    cut_all,
    first_after,
    floor_to,
    format_time,
    minute_of,
    moment_of,
    parse_time,
    walls,
    wrap,
)

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana")

minutes = st.integers(0, DAY)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    return Span(*sorted((draw(minutes), draw(minutes))))


def covered(*found: Span) -> set[int]:
    return {minute for span in found for minute in range(span.start, span.end)}


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 4), (0, 1441), (1441, 1441)])
def test_what_is_no_part_of_a_day_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no span"):
        Span(start, end)


@pytest.mark.parametrize(
    ("text", "minute"), [("00:00", 0), ("5:07", 307), ("23:59", 1439), ("24:00", 1440)]
)
def test_times_are_read(text: str, minute: int) -> None:
    assert parse_time(text) == minute


@pytest.mark.parametrize(
    "text", ["", "24:01", "12:60", "12", "-1:00", "12:5", "12:00:00", "\u0661\u0662:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time"):
        parse_time(text)


@PROPERTY
@given(minutes)
def test_times_survive_a_round_trip(minute: int) -> None:
    assert parse_time(format_time(minute)) == minute


def test_a_span_is_shown_by_its_times() -> None:
    assert str(Span(75, 1440)) == "01:15-24:00"
    assert minute_of(time(1, 15, 59)) == 75


@PROPERTY
@given(minutes, st.sampled_from([1, 15, 30, 60]))
def test_the_grid_encloses(minute: int, grid: int) -> None:
    low, high = floor_to(minute, grid), ceil_to(minute, grid)
    assert low <= minute <= high < low + 2 * grid
    assert low % grid == high % grid == 0
    assert (low == high) is (minute % grid == 0)


@PROPERTY
@given(spans(), spans())
def test_cutting_takes_away_what_is_in_the_hole_and_nothing_else(
    span: Span, hole: Span
) -> None:
    left = cut(span, hole)
    assert covered(*left) == covered(span) - covered(hole)
    assert all(len(part) for part in left)
    assert left == sorted(left)
    assert span.overlaps(hole) is bool(covered(span) & covered(hole))


@PROPERTY
@given(st.lists(spans(), max_size=5), st.lists(spans(), max_size=5), spans())
def test_many_are_cut_and_complemented(
    some: list[Span], holes: list[Span], within: Span
) -> None:
    left = cut_all(some, holes)
    assert covered(*left) == covered(*some) - covered(*holes)
    assert left == sorted(left)
    rest = complement(some, within)
    assert covered(*rest) == covered(within) - covered(*some)
    assert all(one.end < other.start for one, other in itertools.pairwise(rest))


@PROPERTY
@given(spans(), minutes, minutes)
def test_the_part_within(span: Span, one: int, other: int) -> None:
    start, end = sorted((one, other))
    assert covered(span.within(start, end)) == covered(span) & covered(Span(start, end))


@PROPERTY
@given(spans())
def test_the_part_on_the_grid_is_the_longest(span: Span) -> None:
    part = span.on_grid()
    assert part.start % 15 == part.end % 15 == 0
    assert covered(part) <= covered(span)
    if len(part):
        assert part.start - span.start < 15
        assert span.end - part.end < 15
    else:
        assert len(span) < 30


@PROPERTY
@given(minutes.filter(lambda m: m < DAY), minutes)
def test_a_window_over_midnight_has_two_parts(start: int, end: int) -> None:
    parts = wrap(start, end)
    inside = (
        {minute for minute in range(DAY) if start <= minute < end}
        if start <= end
        else {minute for minute in range(DAY) if minute >= start or minute < end}
    )
    assert covered(*parts) == inside
    assert all(len(part) for part in parts)


def test_what_comes_next_is_first() -> None:
    early, noon, late = Span(60, 120), Span(720, 780), Span(1200, 1260)
    assert first_after([early, noon, late], 720) == [noon, late, early]
    assert first_after([early, noon, late], 721) == [late, early, noon]


def berlin(text: str, fold: int = 0) -> datetime:
    return (
        datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)
    )


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [
        ("2026-11-20 12:02", "2026-11-20 12:32", ["20 12:00-12:45"]),
        ("2026-11-20 12:15", "2026-11-20 12:45", ["20 12:15-12:45"]),
        ("2026-11-20 12:15", "2026-11-20 12:45:00.000001", ["20 12:15-13:00"]),
        ("2026-11-20 23:50", "2026-11-21 00:20", ["20 23:45-24:00", "21 00:00-00:30"]),
        ("2026-11-20 23:50", "2026-11-21 00:00", ["20 23:45-24:00"]),
        ("2026-11-20 12:00", "2026-11-20 12:00", []),
        # The hour from 02:00 comes twice, and never
        ("2026-10-25 01:50", "2026-10-25 03:10", ["25 01:45-03:15"]),
        ("2026-03-29 01:50", "2026-03-29 03:10", ["29 01:45-03:15"]),
    ],
)
def test_clocks_on_the_wall(start: str, until: str, expected: list[str]) -> None:
    found = walls(berlin(start), berlin(until), BERLIN)
    assert [f"{day:%d} {span}" for day, span in found] == expected


def test_an_hour_that_comes_twice_is_held_as_a_whole() -> None:
    found = walls(
        berlin("2026-10-25 02:50"), berlin("2026-10-25 02:20", fold=1), BERLIN
    )
    assert found == [(date(2026, 10, 25), Span(120, 180))]


@PROPERTY
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.timedeltas(timedelta(seconds=1), timedelta(hours=30)),
    st.sampled_from(ZONES),
)
def test_every_minute_until_the_end_is_held(
    start: datetime, length: timedelta, name: str
) -> None:
    zone, moment = ZoneInfo(name), start.replace(tzinfo=UTC)
    until = moment + length
    found = dict(walls(moment, until, zone))
    shown: dict[date, set[int]] = {}
    steps = range(int(length.total_seconds() // 60) + 1)
    looks = [moment + timedelta(minutes=step) for step in steps]
    for look in (*looks, until - timedelta(microseconds=1)):
        if look < until:
            local = look.astimezone(zone)
            shown.setdefault(local.date(), set()).add(minute_of(local))
    assert list(found) == sorted(shown)
    for day, inside in shown.items():
        assert inside <= covered(found[day])
        assert min(inside) - found[day].start < 15
        assert found[day].end - max(inside) <= 15
        assert found[day].start % 15 == found[day].end % 15 == 0


def test_when_a_minute_is_shown() -> None:
    day = date(2026, 11, 20)
    assert moment_of(day, 765, BERLIN) == berlin("2026-11-20 12:45")
    assert moment_of(day, DAY, BERLIN) == berlin("2026-11-21 00:00")
    assert moment_of(day, 60, timezone(timedelta(hours=2))) == datetime(
        2026, 11, 19, 23, tzinfo=UTC
    )


def test_a_minute_that_is_shown_twice() -> None:
    day = date(2026, 10, 25)
    first, second = berlin("2026-10-25 02:15"), berlin("2026-10-25 02:15", fold=1)
    assert second - first == timedelta(hours=1)
    assert moment_of(day, 135, BERLIN) == first
    assert moment_of(day, 135, BERLIN, not_before=first) == first
    later = first + timedelta(seconds=1)
    assert moment_of(day, 135, BERLIN, not_before=later) == second
    assert moment_of(day, 135, BERLIN, not_before=second + timedelta(days=1)) == second


def test_a_minute_that_is_never_shown_is_not_before_the_gap() -> None:
    found = moment_of(date(2026, 3, 29), 150, BERLIN)
    gap = berlin("2026-03-29 01:59")
    assert abs(found - gap) <= timedelta(hours=1)


def test_all_of_a_day() -> None:
    assert len(ALL_DAY) == DAY
    assert not len(Span(5, 5))
