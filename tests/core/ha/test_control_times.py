"""When a lease ends, also where clocks are changed (control.md section 4)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from core.ha.control_times import end_of, next_time

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour of summer time
APIA = ZoneInfo("Pacific/Apia")  # left out a whole day in 2011
ZONES = [BERLIN, LORD_HOWE, APIA, ZoneInfo("America/New_York"), UTC]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "at", "expected"),
    [
        ("2026-05-12T12:00:00+02:00", "12:00", "2026-05-13T12:00:00+02:00"),
        ("2026-05-12T11:59:59+02:00", "12:00", "2026-05-12T12:00:00+02:00"),
        ("2026-05-12T23:59:00+02:00", "00:00", "2026-05-13T00:00:00+02:00"),
        # 02:30 is left out: as if the clocks had not been changed yet
        ("2026-03-29T01:00:00+01:00", "02:30", "2026-03-29T03:30:00+02:00"),
        ("2026-03-29T01:00:00+01:00", "03:30", "2026-03-29T03:30:00+02:00"),
        # 02:30 comes twice
        ("2026-10-25T02:00:00+02:00", "02:30", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:40:00+02:00", "02:30", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:40:00+01:00", "02:30", "2026-10-26T02:30:00+01:00"),
    ],
)
def test_the_next_time_that_the_clocks_of_the_site_show(
    now: str, at: str, expected: str
) -> None:
    found = next_time(utc(now), time.fromisoformat(at), BERLIN)
    assert found == utc(expected)


@given(
    now=st.datetimes(
        min_value=datetime(2011, 1, 1),
        max_value=datetime(2030, 1, 1),
        timezones=st.just(UTC),
    ),
    at=st.times(),
    zone=st.sampled_from(ZONES),
)
def test_the_next_time_is_within_a_day_and_shown_by_the_clocks(
    now: datetime, at: time, zone: ZoneInfo
) -> None:
    found = next_time(now, at, zone)
    assert timedelta() < found - now <= timedelta(days=2)
    shown = found.astimezone(zone).replace(tzinfo=None)
    wanted = datetime.combine(shown.date(), at)
    assert abs(shown - wanted) <= timedelta(hours=1) or zone is APIA


def test_a_duration_is_elapsed_time_over_a_change_of_clocks() -> None:
    now = utc("2026-10-25T01:30:00+02:00")
    assert end_of(timedelta(hours=2), None, now, BERLIN) == now + timedelta(hours=2)


def test_nothing_said_is_no_end() -> None:
    assert end_of(None, None, utc("2026-05-12T12:00:00+02:00"), BERLIN) is None
