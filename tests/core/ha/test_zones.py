"""Times of a place of which often only the distance from UTC is known."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from core.ha.zones import offset, stamp, zone_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("month", [1, 7])
@pytest.mark.parametrize(
    ("hours", "expected"),
    [(1, BERLIN), (2, BERLIN), (3, timezone(timedelta(hours=3)))],
)
def test_home_in_either_season(month: int, hours: float, expected: object) -> None:
    """Whether an offset follows summer time is not known."""
    now = datetime(2026, month, 5, tzinfo=UTC)
    assert zone_of(timedelta(hours=hours), BERLIN, now) == expected


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("GMT+8", 8),
        ("GMT-2", -2),
        ("GMT+5:30", 5.5),
        ("UTC+0530", 5.5),
        ("+10:00", 10),
        ("GMT", 0),
        ("GMT+26", None),
        ("Europe/Berlin", None),
        (8, None),
        (None, None),
    ],
)
def test_the_offset_is_not_that_of_etc(name: object, hours: float | None) -> None:
    """GMT+8 lies east, other than what the zone database calls Etc/GMT+8."""
    assert offset(name) == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("20260902151500", datetime(2026, 9, 2, 13, 15, tzinfo=UTC)),
        (20260902151500, datetime(2026, 9, 2, 13, 15, tzinfo=UTC)),
        ("202609021515", datetime(2026, 9, 2, 13, 15, tzinfo=UTC)),
        ("2026-09-02 15:15:00", datetime(2026, 9, 2, 13, 15, tzinfo=UTC)),
        ("2026-09-02T15:15:00+08:00", datetime(2026, 9, 2, 7, 15, tzinfo=UTC)),
        ("20261302151500", None),
        ("00010101000000", None),
        ("99991231235959", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("--", None),
        (1.5, None),
        (None, None),
    ],
)
def test_stamps_are_of_the_plant(raw: object, expected: datetime | None) -> None:
    """Local unless they say otherwise; what is no time is none."""
    assert stamp(raw, BERLIN) == expected


@pytest.mark.parametrize(("minutes", "hour"), [(-6, 0), (-5, 1), (60, 1)])
def test_a_time_that_comes_twice_is_the_newer_one_that_can_be(
    minutes: int, hour: int
) -> None:
    """As clocks are put back; theirs may be five minutes ahead of ours."""
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    found = stamp("2026-10-25 02:30:00", BERLIN, second + timedelta(minutes=minutes))
    assert found == second.replace(hour=hour)
    assert stamp("2026-10-25 02:30:00", BERLIN) == second.replace(hour=0)
