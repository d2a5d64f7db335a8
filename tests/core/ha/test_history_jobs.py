"""Jobs of an account: their order, their notes, and their end with the system."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from core.client.errors import MaintenanceError, ThrottledError
from core.ha.account import Account
from core.ha.history_import import HistoryImport, Progress
from tests.core.fake_clock import FakeClock

from .imports import DAY, MONDAY, Job, run

NOTE = "S1/history_import"

type Make = Callable[..., HistoryImport]


def note(**changes: Any) -> dict[str, Any]:
    """Return what is stored of a job in the middle."""
    job = Progress(
        job_id="abc",
        state="running",
        first=MONDAY,
        last=MONDAY + 3 * DAY,
        next_day=MONDAY + 2 * DAY,
        hours=48,
    )
    return {**job.as_dict(), **changes}


@pytest.fixture
def other(job: Job, make_import: Make) -> list[date]:
    """Begin an import of another system; return the days that it asks for."""
    asked: list[date] = []

    async def read(day: date) -> None:
        await asyncio.sleep(0)
        asked.append(day)

    make_import(read, "S2").start(MONDAY, MONDAY + DAY)
    return asked


async def test_one_system_at_a_time(
    hass: HomeAssistant, job: Job, make_import: Make, other: list[date]
) -> None:
    """The second one waits at 0 % until the first one is through."""
    at: list[int] = []
    job.on_read = lambda _: at.append(len(other))
    answer = job.work.start(MONDAY, MONDAY + DAY)
    assert answer["days"] == 2
    assert job.work.progress is not None
    assert (job.work.progress.state, job.work.progress.percent) == ("running", 0)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert at == [2, 2]
    assert job.work.progress.state == "finished"


async def test_a_system_that_is_off_keeps_no_other_waiting(
    hass: HomeAssistant, job: Job, make_import: Make, other: list[date]
) -> None:
    """While it is waited for, the account is free."""
    job.errors = [MaintenanceError("x", reason="device_offline")] * 5
    await run(hass, job, MONDAY, MONDAY)
    assert len(other) == 2
    assert job.names[-1] == "finished"


async def test_a_used_up_budget_gives_way_to_nobody(
    hass: HomeAssistant, job: Job, make_import: Make
) -> None:
    """The other one would only use up what comes free."""
    asked: list[str] = []

    async def read(_day: date) -> None:
        asked.append("S2")

    job.errors = [ThrottledError("x")] * 3
    job.on_read = lambda _: asked.append("S1")
    job.work.start(MONDAY, MONDAY)
    make_import(read, "S2").start(MONDAY, MONDAY)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert asked == ["S1"] * 4 + ["S2"]


async def test_an_unfinished_job_goes_on_when_asked_for_again(
    hass: HomeAssistant, job: Job, make_import: Make, account: Account
) -> None:
    """Also before it was resumed: an automation that runs at the start."""
    account.notes[NOTE] = note()
    job.work = make_import(job.read)
    answer = job.work.start(MONDAY, MONDAY + 3 * DAY)
    assert (answer["job_id"], answer["days"]) == ("abc", 2)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert job.asked == [MONDAY + 2 * DAY, MONDAY + 3 * DAY]


@pytest.mark.parametrize("state", ["finished", "failed"])
async def test_a_job_that_ended_begins_anew(
    hass: HomeAssistant, job: Job, make_import: Make, account: Account, state: str
) -> None:
    """Whoever asks again wants it read again."""
    account.notes[NOTE] = note(state=state)
    job.work = make_import(job.read)
    assert job.work.start(MONDAY, MONDAY + 3 * DAY)["days"] == 4
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_estimate_knows_the_whole_range(
    hass: HomeAssistant, job: Job, make_import: Make, account: Account
) -> None:
    """Long imports go slower, also in their second half."""
    account.notes[NOTE] = note()
    job.work = make_import(job.read)
    job.work._seconds_per_day = lambda days: 10.0 * days
    assert job.work.start(MONDAY, MONDAY + 3 * DAY)["estimated_seconds"] == 80
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_no_recorder(
    hass: HomeAssistant, job: Job, make_import: Make, account: Account
) -> None:
    """The job stays as it is, for a start that has one."""
    hass.config.components.remove("recorder")
    account.notes[NOTE] = note()
    job.work = make_import(job.read)
    job.work.resume()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert job.asked == []
    assert account.notes[NOTE] == note()
    hass.config.components.add("recorder")
    job.work.resume()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.notes[NOTE]["state"] == "finished"


@pytest.mark.parametrize("when", ["reading", "pausing", "queueing", "told", "never"])
async def test_stop(
    hass: HomeAssistant,
    job: Job,
    make_import: Make,
    account: Account,
    clock: FakeClock,
    when: str,
) -> None:
    """The system is gone: its job ends at once and leaves no note behind."""
    clock._auto = False

    def end(*_: object) -> None:
        job.work.stop()
        account.forget("S1/")

    if when == "pausing":
        job.errors = [MaintenanceError("x")]
    elif when == "queueing":
        await account.import_lock.acquire()
    elif when == "reading":
        job.on_read = end
    elif when == "told":
        job.work.async_listen(end)
    if when != "never":
        job.work.start(MONDAY, MONDAY + DAY)
    for _ in range(5):
        await asyncio.sleep(0)
    end()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(job.asked) == (when in {"reading", "pausing"})
    assert account.notes == {}
    assert account.import_lock.locked() == (when == "queueing")
    job.work.resume()
    job.work.start(MONDAY, MONDAY)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.notes == {}
    assert len(job.asked) <= 1


async def test_stop_changes_nothing_that_is_stored(
    hass: HomeAssistant, job: Job, account: Account
) -> None:
    """Another start can go on with it."""
    job.on_read = lambda day: job.work.stop() if day > MONDAY else None
    job.work.start(MONDAY, MONDAY + 2 * DAY)
    await hass.async_block_till_done(wait_background_tasks=True)
    stored = Progress.from_dict(account.notes[NOTE])
    assert stored is not None
    assert (stored.state, stored.next_day) == ("running", MONDAY + DAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"first": "2026-05-08"},
        {"last": "2026-05-02"},
        {"next_day": "2026-05-03"},
        {"next_day": "2026-05-09"},
        # No days at all, which as a share of all days is nothing by nothing
        {"first": "2026-05-02", "last": "2026-05-01", "next_day": "2026-05-02"},
        {"first": "0001-01-01"},
        {"hours": float("inf")},
        {"hours": float("nan")},
        {"blank_days": "x"},
        {"state": "odd"},
        {"state": None},
    ],
    ids=repr,
)
async def test_an_impossible_note_is_no_job(changes: dict[str, Any]) -> None:
    """It can be asked for again."""
    assert Progress.from_dict(note()) is not None
    assert Progress.from_dict(note(**changes)) is None


@pytest.mark.parametrize(
    ("first", "next_day", "last"),
    [
        ("2026-05-04", "2026-05-04", "2026-05-04"),
        ("2026-05-04", "2026-05-05", "2026-05-04"),
        ("2026-05-04", "2026-05-04", "9999-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
async def test_a_possible_note_has_a_share(
    first: str, next_day: str, last: str
) -> None:
    """From 0 to 100 %."""
    job = Progress.from_dict(note(first=first, next_day=next_day, last=last))
    assert job is not None
    assert 0 <= job.percent <= 100
