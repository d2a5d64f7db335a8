"""An import whose vendor, system or recorder fails: what is waited for, what is not."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    MaintenanceError,
    ThrottledError,
    TransportError,
)
from core.ha import history_import
from tests.core.fake_clock import FakeClock

from .imports import DAY, MONDAY, Job, run

OFFLINE = MaintenanceError("x", reason="device_offline")
BAD = BadDataError("x")


async def test_the_account_is_waited_for(
    hass: HomeAssistant, job: Job, clock: FakeClock
) -> None:
    """A used-up budget and a block are no failures, however often they come."""
    job.errors = [ThrottledError("x", retry_after=1200), ThrottledError("x")] * 40
    progress = await run(hass, job, MONDAY, MONDAY)
    assert progress.state == "finished"
    assert clock.slept == [1200, 60] * 40
    assert (progress.hours, progress.blank_days) == (24, 0)


async def test_a_block_between_failures_is_none(
    hass: HomeAssistant, job: Job, clock: FakeClock
) -> None:
    """Nor does it end a row of them."""
    throttled = ThrottledError("x", retry_after=90)
    job.errors = [OFFLINE, throttled, OFFLINE, throttled, OFFLINE]
    progress = await run(hass, job, MONDAY, MONDAY)
    assert clock.slept == [60, 90, 300, 90, 1800]
    assert progress.state == "finished"


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (OFFLINE, "device_offline"),
        (TransportError("x"), "cannot_connect"),
        (AuthError("x"), "invalid_auth"),
        (HomeAssistantError("x"), "unknown"),
    ],
)
async def test_an_outage_is_waited_out_for_a_day(
    hass: HomeAssistant, job: Job, clock: FakeClock, failure: Exception, error: str
) -> None:
    """An inverter may be off for a night; after a day somebody should know."""
    job.errors = [None, *[failure] * 500]
    progress = await run(hass, job, MONDAY, MONDAY + 2 * DAY)
    assert clock.slept[:5] == [60, 300, 1800, 1800, 1800]
    assert 22 * 3600 < sum(clock.slept) < 26 * 3600
    assert job.names == ["started", "progress", "failed"]
    assert (progress.state, progress.error) == ("failed", error)
    assert progress.next_day == MONDAY + DAY
    job.errors = []
    job.work.resume()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert job.names[-1] == "failed"
    assert (await run(hass, job, MONDAY + DAY, MONDAY + 2 * DAY)).state == "finished"
    assert len(job.rows) == 72


async def test_a_night_without_the_system(
    hass: HomeAssistant, job: Job, clock: FakeClock
) -> None:
    """It goes on in the morning; the next night counts anew."""
    job.errors = [*[OFFLINE] * 30, None, *[OFFLINE] * 30]
    progress = await run(hass, job, MONDAY, MONDAY + DAY)
    assert (progress.state, progress.hours) == ("finished", 48)


async def test_a_recorder_that_is_away(
    hass: HomeAssistant, job: Job, clock: FakeClock
) -> None:
    """No day is left out because it could not be written."""
    job.writes = [HomeAssistantError("x")] * 10
    progress = await run(hass, job, MONDAY, MONDAY)
    assert (progress.state, progress.hours, progress.blank_days) == ("finished", 24, 0)


@pytest.mark.parametrize(
    ("err", "pause"),
    [
        (MaintenanceError("x", retry_after=1200), 1200),
        (MaintenanceError("x", retry_after=12), 60),
        (LockedError("x", until=datetime(2026, 5, 12, 12, 20, tzinfo=UTC)), 7200),
    ],
)
async def test_the_vendors_pause_is_kept(
    hass: HomeAssistant, job: Job, clock: FakeClock, err: ApiError, pause: float
) -> None:
    """If it is longer than ours."""
    job.errors = [err]
    await run(hass, job, MONDAY, MONDAY)
    assert clock.slept == [pause]


@pytest.mark.parametrize("failure", [BAD, KeyError("x"), OverflowError()], ids=repr)
async def test_a_day_of_nonsense_is_left_out(
    hass: HomeAssistant, job: Job, clock: FakeClock, failure: Exception
) -> None:
    """After three tries; it counts as blank, and the rest is imported."""
    job.errors = [None, failure, failure, failure]
    progress = await run(hass, job, MONDAY, MONDAY + 2 * DAY)
    assert clock.slept == [60, 300]
    assert job.asked == [
        MONDAY,
        *[MONDAY + DAY] * 3,
        MONDAY + 2 * DAY,
    ]
    assert (progress.state, progress.hours, progress.blank_days) == ("finished", 48, 1)
    assert job.names.count("progress") == 3


async def test_an_outage_is_no_try_of_a_day(hass: HomeAssistant, job: Job) -> None:
    """The day has three tries of its own."""
    job.errors = [OFFLINE, OFFLINE, BAD, OFFLINE, BAD]
    progress = await run(hass, job, MONDAY, MONDAY)
    assert (progress.hours, progress.blank_days) == (24, 0)


@pytest.mark.parametrize("zone", [ZoneInfo("Asia/Kolkata")])
@pytest.mark.parametrize("bad", [-1, 0, 1])
async def test_nonsense_beside_shared_hours(
    hass: HomeAssistant, job: Job, zone: ZoneInfo, bad: int
) -> None:
    """A day that is left out takes none of its neighbours with it."""
    spoilt = MONDAY + bad * DAY

    def spoil(day: date) -> None:
        if day == spoilt:
            raise BadDataError("x")

    job.on_read = spoil
    progress = await run(hass, job, MONDAY, MONDAY + 2 * DAY)
    assert (progress.state, progress.blank_days) == ("finished", int(bad >= 0))
    for day in (MONDAY, MONDAY + DAY, MONDAY + 2 * DAY):
        noon = datetime.combine(day, time(12, 30), zone).astimezone(UTC)
        assert (noon in job.rows) == (day != spoilt)


@pytest.mark.parametrize("where", ["statistics", "first live hour", "write", "key"])
async def test_what_nobody_expected_ends_as_a_failure(
    hass: HomeAssistant,
    job: Job,
    where: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not left running for ever."""

    def broken(*_: Any) -> Any:
        raise RuntimeError("odd")

    if where == "statistics":
        job.work._statistics = broken
    elif where == "key":
        job.work._statistics = dict
    elif where == "write":
        job.writes = [RuntimeError("odd")] * 500
    else:
        monkeypatch.setattr(history_import, "async_first_live_hour", broken)
    progress = await run(hass, job, MONDAY, MONDAY)
    assert (progress.state, progress.error) == ("failed", "unknown")


async def test_a_listener_that_fails(hass: HomeAssistant, job: Job) -> None:
    """It spoils nothing for the job."""

    def broken(*_: Any) -> None:
        raise RuntimeError("odd")

    job.work.async_listen(broken)
    assert (await run(hass, job, MONDAY, MONDAY)).state == "finished"
