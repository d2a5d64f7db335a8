"""Which record of a curve without zones is "now" (alphaess.md 3.3, 6.9)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.alphaess_energy import driver
from custom_components.alphaess_energy._vendor.core.client.errors import BadDataError
from custom_components.alphaess_energy.curve import newest_record

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
# On 25 October 2026 the clock in Berlin goes back from 3 to 2 at 01:00 UTC.
BACK = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def alphaess() -> None:
    """Home Assistant is not needed here."""


def curve(*moments: datetime) -> list[dict[str, Any]]:
    """Return records as they are sent, with local times."""
    return [
        {
            "uploadTime": f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M:%S}",
            "load": float(number),
        }
        for number, moment in enumerate(moments)
    ]


def every_five_minutes(until: datetime) -> list[datetime]:
    return [until - 5 * n * MINUTE for n in range(40)]


@pytest.mark.parametrize("minutes", [-59, -40, -1, 0, 1, 5, 20, 58, 59, 60, 61, 75])
@pytest.mark.parametrize("age", [0.0, 0.5, 4.0, 9.5])
def test_the_hour_that_autumn_repeats(minutes: int, age: float) -> None:
    """The newest record is found in both of its hours, and is as old as it is."""
    now = BACK + minutes * MINUTE
    newest = now - age * MINUTE
    power = driver.power_of_records(curve(*every_five_minutes(newest)), now, BERLIN)
    assert power.observed_at == newest
    assert power.load == 0.0


@pytest.mark.parametrize("minutes", [15, 40, 59])
def test_a_clock_ahead_in_the_repeated_hour(minutes: int) -> None:
    """Half a minute ahead is now, not almost an hour ago."""
    now = BACK + minutes * MINUTE
    power = driver.power_of_records(curve(now + MINUTE / 2), now, BERLIN)
    assert power.observed_at == now


@pytest.mark.parametrize(
    "now", [BACK - 90 * MINUTE, datetime(2026, 5, 3, 12, tzinfo=UTC)]
)
@pytest.mark.parametrize("ahead", [11, 60, 8 * 60])
def test_records_of_the_future(now: datetime, ahead: int) -> None:
    """Another zone than thought: which of its records is of now nobody can tell."""
    future = curve(*every_five_minutes(now + ahead * MINUTE))
    with pytest.raises(BadDataError) as caught:
        driver.power_of_records(future, now, BERLIN)
    assert caught.value.reason == "no_recent_data"


def test_a_clock_some_minutes_ahead() -> None:
    """Up to ten minutes are forgiven: it was true at most now."""
    now = datetime(2026, 5, 3, 12, tzinfo=UTC)
    power = driver.power_of_records(curve(now + 9 * MINUTE), now, BERLIN)
    assert power.observed_at == now


def test_the_newest_of_the_repeated_hour_is_the_one_that_is_kept() -> None:
    """Of a whole curve, as for the decoded one."""
    now = BACK + 12 * MINUTE
    records = curve(*every_five_minutes(now - 2 * MINUTE))
    assert newest_record(records, BERLIN) == records[0]
    assert newest_record(records[::-1], BERLIN) == records[0]
    assert newest_record([{"uploadTime": "x"}], BERLIN) is None
