"""The zone of a place of which only the distance from UTC is known."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from core.ha.zones import zone_of

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
