"""Hours that two days share, and days on which the clocks change."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
import pytest

from core.ha.history_import import HistoryImport

from .imports import BERLIN, DAY, HOUR, MONDAY, Job, run


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        (ZoneInfo("Asia/Kolkata"), MONDAY),
        (ZoneInfo("Asia/Kathmandu"), MONDAY),
        (ZoneInfo("Australia/Adelaide"), date(2026, 4, 3)),  # summer time ends
        (ZoneInfo("Australia/Adelaide"), date(2025, 10, 3)),  # summer time begins
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 3)),  # by half an hour
        (BERLIN, date(2026, 3, 27)),
        (BERLIN, date(2025, 10, 24)),
    ],
)
@pytest.mark.parametrize("restart", [False, True])
async def test_shared_hours_are_complete(
    hass: HomeAssistant,
    job: Job,
    make_import: Callable[..., HistoryImport],
    zone: ZoneInfo,
    first: date,
    restart: bool,
) -> None:
    """Each UTC hour has 1 kWh of the steady kilowatt, none is missing or doubled."""
    last = first + 4 * DAY
    if restart:
        await run(hass, job, first, first + DAY)
        job.work = make_import(job.read)
        await run(hass, job, first + 2 * DAY, last)
    else:
        await run(hass, job, first, last)
    start = datetime.combine(first, time.min, zone).astimezone(UTC)
    end = datetime.combine(last + DAY, time.min, zone).astimezone(UTC)
    count = (end.replace(minute=0) - start.replace(minute=0)) // HOUR
    assert sorted(job.rows) == [
        start.replace(minute=0) + n * HOUR for n in range(count)
    ]
    assert set(job.rows.values()) == {1.0}


@pytest.mark.parametrize("zone", [ZoneInfo("Asia/Kolkata")])
async def test_shared_hours_beside_blank_days(
    hass: HomeAssistant, job: Job, zone: ZoneInfo
) -> None:
    """What is known of a shared hour is written, the blank side gives nothing."""
    job.blank = {MONDAY - DAY, MONDAY + DAY}
    await run(hass, job, MONDAY, MONDAY + 2 * DAY)
    start = datetime.combine(MONDAY, time.min, zone).astimezone(UTC)
    assert job.rows[start.replace(minute=0)] == 0.5
    after = datetime.combine(MONDAY + DAY, time.min, zone).astimezone(UTC)
    assert job.rows[after.replace(minute=0)] == 0.5
    assert after.replace(minute=0) + HOUR not in job.rows
