"""Work comes to its end, one piece after the other, whoever waits for it."""

import asyncio
from collections.abc import Coroutine
import logging
from typing import Any

import pytest

from core.control.jobs import Closing, Jobs
from tests.core.fake_clock import settle


class Office:
    """Jobs, and what was told when they were done."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.names: list[str] = []
        self.gate = asyncio.Event()
        self.jobs = Jobs(self._spawn, lambda: self.log.append("idle"))

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        self.names.append(name)
        return asyncio.get_running_loop().create_task(work, name=name)

    def work(self, name: str) -> Any:
        async def wait() -> str:
            self.log.append(f"{name} begins")
            await self.gate.wait()
            self.log.append(f"{name} ends")
            return name

        return wait

    def give(self, name: str) -> asyncio.Task[str]:
        return asyncio.create_task(self.jobs.run(self.work(name), name))


async def test_one_after_the_other() -> None:
    office = Office()
    one, two = office.give("one"), office.give("two")
    await settle()
    assert office.log == ["one begins"]
    assert office.jobs.busy
    office.gate.set()
    assert [await one, await two] == ["one", "two"]
    await settle()
    assert office.log == ["one begins", "one ends", "two begins", "two ends", "idle"]
    assert office.names == ["one", "two"]
    assert not office.jobs.busy


async def test_what_fails_leaves_the_queue_free() -> None:
    office = Office()

    async def broken() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await office.jobs.run(broken, "broken")
    office.gate.set()
    assert await office.give("next") == "next"


async def test_a_caller_that_goes_away_stops_nothing() -> None:
    office = Office()
    caller = office.give("one")
    await settle()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert office.jobs.busy
    office.gate.set()
    await settle()
    assert office.log == ["one begins", "one ends", "idle"]


async def test_what_nobody_waits_for_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = Office()

    async def broken() -> None:
        await office.gate.wait()
        raise ValueError("no such luck")

    caller = asyncio.create_task(office.jobs.run(broken, "write"))
    await settle()
    caller.cancel()
    await settle()
    assert not caplog.records
    office.gate.set()
    await settle()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert caplog.messages == ["Nobody waited for write, which failed: no such luck"]


async def test_what_ends_well_or_is_cancelled_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = Office()
    caller = office.give("one")
    await settle()
    caller.cancel()
    office.gate.set()
    await settle()
    office.gate.clear()
    task = office.jobs.begin(office.work("two"), "two")
    waiter = asyncio.create_task(office.jobs.wait(task))
    await settle()
    waiter.cancel()
    await settle()
    task.cancel()
    await settle()
    assert not caplog.records


async def test_what_begins_beside_the_queue_does_not_wait() -> None:
    office = Office()
    office.give("one")
    task = office.jobs.begin(office.work("two"), "beside")
    await settle()
    assert sorted(office.log) == ["one begins", "two begins"]
    assert task.get_name() == "beside"
    office.gate.set()
    assert await office.jobs.wait(task) == "two"


async def test_idle_is_told_once_all_have_ended() -> None:
    office = Office()
    gate = asyncio.Event()
    office.jobs.begin(gate.wait, "beside")
    office.give("one")
    office.gate.set()
    await settle()
    assert office.log == ["one begins", "one ends"]
    gate.set()
    await settle()
    assert office.log[-1] == "idle"


async def test_a_closed_one_takes_nothing_new() -> None:
    office = Office()
    assert not office.jobs.closed
    await office.jobs.close()
    assert office.jobs.closed
    with pytest.raises(Closing):
        await office.jobs.run(office.work("one"), "one")
    with pytest.raises(Closing):
        office.jobs.begin(office.work("one"), "one")
    assert office.names == []


async def test_closing_waits_for_what_is_being_done_and_not_for_the_queue() -> None:
    office = Office()
    one, two = office.give("one"), office.give("two")
    await settle()
    closing = asyncio.create_task(office.jobs.close())
    await settle()
    assert not closing.done()
    office.gate.set()
    await closing
    assert await one == "one"
    with pytest.raises(Closing):
        await two
    assert office.log == ["one begins", "one ends", "idle"]


async def test_a_pause_ends_when_its_time_is_over() -> None:
    office = Office()
    assert await office.jobs.pause(asyncio.sleep(0)) is True


async def test_a_pause_is_cut_short_by_closing() -> None:
    office = Office()
    cancelled: list[bool] = []

    async def long() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            cancelled.append(True)

    async def work() -> bool:
        return await office.jobs.pause(long())

    task = asyncio.create_task(office.jobs.run(work, "one"))
    await settle()
    await office.jobs.close()
    assert await task is False
    await settle()
    assert cancelled == [True]
    assert await office.jobs.pause(asyncio.sleep(0)) is False


async def test_a_cancelled_pause_leaves_nothing_behind() -> None:
    office = Office()
    before = asyncio.all_tasks()
    waiting = asyncio.create_task(office.jobs.pause(asyncio.sleep(3600)))
    await settle()
    waiting.cancel()
    await settle()
    assert asyncio.all_tasks() == before


async def test_with_patience_pauses_are_not_cut_short() -> None:
    office = Office()

    async def work() -> bool:
        return await office.jobs.pause(asyncio.sleep(0.02))

    task = asyncio.create_task(office.jobs.run(work, "one"))
    await settle()
    await office.jobs.close(patience=5)
    assert await task is True


async def test_there_is_no_patience_by_default() -> None:
    office = Office()

    async def work() -> bool:
        return await office.jobs.pause(asyncio.sleep(3600))

    task = asyncio.create_task(office.jobs.run(work, "one"))
    await settle()
    await asyncio.wait_for(office.jobs.close(), 0.5)
    assert await task is False


async def test_patience_comes_to_an_end() -> None:
    office = Office()

    async def work() -> bool:
        return await office.jobs.pause(asyncio.sleep(3600))

    task = asyncio.create_task(office.jobs.run(work, "one"))
    await settle()
    await asyncio.wait_for(office.jobs.close(patience=0.01), 5)
    assert await task is False


async def test_closing_without_work_needs_no_patience() -> None:
    office = Office()
    await asyncio.wait_for(office.jobs.close(patience=3600), 1)
