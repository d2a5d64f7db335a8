"""The last look before the day ends (design.md section 3)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from hypothesis import given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from core.ha.midnight import async_before_midnight, next_read

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
    # Clocks change at midnight
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
]


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        ("2026-05-12T10:00+02:00", "Europe/Berlin", "2026-05-12T21:59:00+00:00"),
        ("2026-05-12T23:58:59+02:00", "Europe/Berlin", "2026-05-12T21:59:00+00:00"),
        ("2026-05-12T23:59:00+02:00", "Europe/Berlin", "2026-05-13T21:59:00+00:00"),
        ("2026-05-12T23:59:59+02:00", "Europe/Berlin", "2026-05-13T21:59:00+00:00"),
        ("2026-05-13T00:00:00+02:00", "Europe/Berlin", "2026-05-13T21:59:00+00:00"),
        # Days of 23 and 25 hours
        ("2026-03-29T00:30+01:00", "Europe/Berlin", "2026-03-29T21:59:00+00:00"),
        ("2026-10-25T00:30+02:00", "Europe/Berlin", "2026-10-25T22:59:00+00:00"),
        ("2026-10-25T02:30+01:00", "Europe/Berlin", "2026-10-25T22:59:00+00:00"),
        # Half an hour off
        ("2026-05-12T10:00+09:30", "Australia/Adelaide", "2026-05-12T14:29:00+00:00"),
        ("2026-04-05T12:00+09:30", "Australia/Adelaide", "2026-04-05T14:29:00+00:00"),
        ("2026-10-04T12:00+10:30", "Australia/Adelaide", "2026-10-04T13:29:00+00:00"),
        ("2026-05-12T20:00+00:00", "Asia/Kolkata", "2026-05-13T18:29:00+00:00"),
        # The machine's day is not the site's
        ("2026-05-12T23:00+00:00", "Europe/Berlin", "2026-05-13T21:59:00+00:00"),
        ("2026-05-12T01:00+00:00", "America/New_York", "2026-05-12T03:59:00+00:00"),
    ],
)
def test_the_next_time(now: str, zone: str, expected: str) -> None:
    """A minute before the site's next midnight, in UTC."""
    found = next_read(datetime.fromisoformat(now), ZoneInfo(zone), 60.0)
    assert found == datetime.fromisoformat(expected)
    assert found.utcoffset() == timedelta()


@PROPERTY
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(ZONES),
    st.floats(60, 75),
)
def test_always_the_last_minutes_of_a_day(
    at: datetime, name: str, before: float
) -> None:
    """Never now or earlier, never more than a day and an hour away."""
    zone, now = ZoneInfo(name), at.replace(tzinfo=UTC)
    found = next_read(now, zone, before)
    assert now < found <= now + timedelta(hours=25, minutes=2)
    day = found.astimezone(zone).date()
    assert (found + timedelta(seconds=before + 1)).astimezone(zone).date() > day
    assert (found + timedelta(seconds=before - 1)).astimezone(zone).date() == day


@pytest.fixture
def reads(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> Callable[[tzinfo, datetime], list[datetime]]:
    """Note the times of the looks."""

    def begin(zone: tzinfo, start: datetime) -> list[datetime]:
        freezer.move_to(start)
        times: list[datetime] = []

        async def read() -> None:
            times.append(datetime.now(UTC))

        async_before_midnight(hass, entry, zone, read)
        return times

    return begin


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Europe/Berlin", date(2026, 3, 27)),
        ("Europe/Berlin", date(2026, 10, 23)),
        ("Australia/Adelaide", date(2026, 4, 3)),
        ("Asia/Kolkata", date(2026, 5, 1)),
    ],
)
async def test_once_each_day(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    reads: Callable[[tzinfo, datetime], list[datetime]],
    name: str,
    first: date,
) -> None:
    """Whatever is drawn for the next one; not any more after the entry is unloaded."""
    zone = ZoneInfo(name)
    start = datetime(first.year, first.month, first.day, 12, tzinfo=zone)
    times = reads(zone, start)
    days = 5
    while datetime.now(UTC) < start + timedelta(days=days):
        local = datetime.now(zone)
        # Seconds matter only where something can happen
        freezer.tick(1 if local.hour == 23 and local.minute >= 58 else 60)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
    local_times = [at.astimezone(zone) for at in times]
    assert [at.date() for at in local_times] == [
        first + timedelta(days=number) for number in range(days)
    ]
    assert all(at.minute >= 58 and at.hour == 23 for at in local_times)
    await entry._async_process_on_unload(hass)
    freezer.tick(timedelta(days=2))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(times) == days


async def test_after_a_sleep(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    reads: Callable[[tzinfo, datetime], list[datetime]],
) -> None:
    """A machine that slept over midnight looks once, and then at the next one."""
    zone = ZoneInfo("Europe/Berlin")
    times = reads(zone, datetime(2026, 5, 12, 12, tzinfo=zone))
    for hours in (20, 12):
        freezer.tick(timedelta(hours=hours))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert [at.astimezone(zone).isoformat() for at in times] == [
        "2026-05-13T08:00:00+02:00"
    ]
    freezer.tick(timedelta(hours=4))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(times) == 2
    await entry._async_process_on_unload(hass)
