"""The job that imports the past: its pauses, its end, its way through midnight."""

from collections.abc import Callable
from datetime import date
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from core.client.errors import ApiError, BadDataError
from core.ha.account import Account
from core.ha.history_import import HistoryImport, Progress
from tests.core.fake_clock import FakeClock

from .imports import BERLIN, DAY, HOUR, LIVE, MONDAY, Job, even, run


async def test_days_in_order(hass: HomeAssistant, job: Job, account: Account) -> None:
    """Oldest first; each is written before the next is read."""
    rows_at: list[int] = []
    job.on_read = lambda _: rows_at.append(len(job.rows))
    answer = job.work.start(MONDAY, MONDAY + 2 * DAY)
    assert answer["days"] == 3
    assert answer["estimated_seconds"] == 18
    await hass.async_block_till_done(wait_background_tasks=True)
    assert job.asked == [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
    assert rows_at == [0, 24, 48]
    assert job.names == ["started", "progress", "progress", "progress", "finished"]
    assert [event.percent for _, event in job.events] == [0, 33, 67, 100, 100]
    progress = job.work.progress
    assert progress is not None
    assert (progress.job_id, progress.state) == (answer["job_id"], "finished")
    assert (progress.hours, progress.blank_days) == (72, 0)
    assert account.notes["S1/history_import"] == progress.as_dict()


async def test_today_ends_where_the_live_sensor_begins(
    hass: HomeAssistant, job: Job
) -> None:
    """Nothing of the hour that goes on, nothing of days that have not begun."""
    progress = await run(hass, job, date(2026, 5, 11), date(2026, 5, 14))
    assert max(job.rows) == LIVE - HOUR
    assert job.asked[-1] == date(2026, 5, 12)
    assert progress.state == "finished"


async def test_blank_days(hass: HomeAssistant, job: Job) -> None:
    """They leave no rows and end nothing."""
    job.blank = {MONDAY, MONDAY + 2 * DAY}
    progress = await run(hass, job, MONDAY, MONDAY + 3 * DAY)
    assert (progress.blank_days, progress.hours) == (2, 48)
    assert len(job.rows) == 48


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_two_failures_are_waited_out(
    hass: HomeAssistant, job: Job, clock: FakeClock, kind: str
) -> None:
    """A minute after the first, five after the second in a row."""
    failure: Exception = BadDataError("x") if kind == "read" else HomeAssistantError()
    failures = job.errors if kind == "read" else job.writes
    failures += [failure, failure, None, failure]
    progress = await run(hass, job, MONDAY, MONDAY + DAY)
    assert clock.slept == [60, 300, 60]
    assert progress.state == "finished"
    assert len(job.rows) == 48


async def test_the_same_range_is_the_same_job(hass: HomeAssistant, job: Job) -> None:
    """While it runs; asked again later it is another one."""
    first = job.work.start(MONDAY, MONDAY + DAY)
    assert job.work.start(MONDAY, MONDAY + DAY) == first
    await hass.async_block_till_done(wait_background_tasks=True)
    assert job.names.count("started") == 1
    assert job.work.start(MONDAY, MONDAY + DAY)["job_id"] != first["job_id"]
    await hass.async_block_till_done(wait_background_tasks=True)
    assert job.names.count("finished") == 2


@pytest.mark.parametrize("failure", [None, BadDataError("x")])
async def test_another_range_ends_the_running_one(
    hass: HomeAssistant, job: Job, failure: ApiError | None
) -> None:
    """Also when the old one is about to fail: the new one has its own tries."""
    if failure is not None:
        job.errors = [failure, failure, failure, failure, failure]

    def on_read(_day: date) -> None:
        if len(job.asked) == 3:
            job.work.start(MONDAY - 7 * DAY, MONDAY - 6 * DAY)

    job.on_read = on_read
    progress = await run(hass, job, MONDAY, MONDAY + 5 * DAY)
    assert (progress.state, progress.first) == ("finished", MONDAY - 7 * DAY)
    assert job.names.count("finished") == 1
    assert "failed" not in job.names
    assert all(hour in job.rows for hour in even(MONDAY - 6 * DAY, BERLIN))


async def test_a_listener_may_start_the_next(hass: HomeAssistant, job: Job) -> None:
    """An automation that imports year after year."""

    def follow(name: str, progress: Progress) -> None:
        if name == "finished" and progress.first == MONDAY:
            job.work.start(MONDAY - DAY, MONDAY - DAY)

    stop = job.work.async_listen(follow)
    await run(hass, job, MONDAY, MONDAY)
    stop()
    assert job.names.count("finished") == 2
    assert len(job.rows) == 48


async def test_a_restart_goes_on(
    hass: HomeAssistant,
    job: Job,
    make_import: Callable[..., HistoryImport],
    account: Account,
) -> None:
    """With the day that was not finished; nothing is left out."""
    done = even(MONDAY, BERLIN)
    account.note(
        "S1/history_import",
        Progress(
            job_id="abc",
            state="running",
            first=MONDAY,
            last=MONDAY + 2 * DAY,
            next_day=MONDAY + DAY,
            hours=24,
        ).as_dict(),
    )
    job.work = make_import(job.read)
    job.work.resume()
    job.work.resume()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert job.asked == [MONDAY + DAY, MONDAY + 2 * DAY]
    progress = job.work.progress
    assert progress is not None
    assert (progress.job_id, progress.state, progress.hours) == ("abc", "finished", 72)
    assert len(done | job.rows) == 72


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "x",
        {},
        {"job_id": "a", "state": "running"},
        {
            "job_id": "a",
            "state": "running",
            "first": "x",
            "last": "2026-05-04",
            "next_day": "2026-05-04",
        },
    ],
)
async def test_a_damaged_note_is_no_job(
    hass: HomeAssistant,
    make_import: Callable[..., HistoryImport],
    account: Account,
    stored: Any,
) -> None:
    """The import begins when it is asked for again."""
    account.notes["S1/history_import"] = stored

    async def read(_day: date) -> None:
        raise AssertionError

    work = make_import(read)
    assert work.progress is None
    work.resume()
    await hass.async_block_till_done(wait_background_tasks=True)
