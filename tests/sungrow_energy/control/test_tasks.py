"""Tasks of one device (reference section 6.1)."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    BadDataError,
    MaintenanceError,
    ThrottledError,
    TransportError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.sungrow_energy.control.tasks import TaskRunner, Verdict

from .rig import Rig


def runner_of(rig: Rig, verdicts: list[Verdict] | None = None) -> TaskRunner:
    told = [] if verdicts is None else verdicts
    return TaskRunner(rig.device.uuid, rig.api, rig.clock, on_verdict=told.append)


async def test_a_read_answers_rows_in_display_units() -> None:
    rows = await runner_of(Rig()).read(["10001", "10004"])
    assert (rows["10001"].display, rows["10001"].unit) == ("100", "%")
    assert rows["10001"].precision == 0.1
    assert list(rows["10004"].names) == ["170", "187", "204"]


@pytest.mark.parametrize(
    ("write", "looks", "elapsed"),
    [
        (False, 3, 15),  # at 5, 10 and 15 s: each look is a request
        (True, 4, 14),  # at 2, 6, 10 and 14 s: somebody waits
    ],
    ids=["read", "write"],
)
async def test_a_read_is_looked_at_less_often_than_a_write(
    write: bool, looks: int, elapsed: float
) -> None:
    rig = Rig()
    rig.device.switches.task_seconds = 13
    runner = runner_of(rig)
    await (runner.write([("10002", "100")]) if write else runner.read(["10001"]))
    assert (rig.api.looks, rig.clock.elapsed) == (looks, elapsed)


async def test_a_look_that_fails_says_nothing_of_the_task() -> None:
    rig = Rig()
    rig.api.look_fails = [TransportError("gone"), MaintenanceError("busy")]
    assert "10001" in await runner_of(rig).read(["10001"])


@pytest.mark.parametrize("task", ["timeout", "stuck"])
async def test_a_write_without_an_end_may_have_arrived(task: Any) -> None:
    rig, verdicts = Rig(), []
    rig.device.switches.task = task
    with pytest.raises(WriteUnknown, match="not done in time"):
        await runner_of(rig, verdicts).write([("10002", "100")])
    assert verdicts == [Verdict.TIMEOUT]
    assert rig.clock.elapsed <= 130


async def test_a_read_without_an_end_is_given_up_after_its_expiry() -> None:
    rig = Rig()
    rig.device.switches.task = "stuck"
    with pytest.raises(TransportError):
        await runner_of(rig).read(["10002"])
    assert rig.clock.elapsed == 130


async def test_a_write_whose_rows_all_failed_was_refused() -> None:
    rig, verdicts = Rig(), []
    rig.device.switches.row_fails = True
    with pytest.raises(WriteRejected):
        await runner_of(rig, verdicts).write([("10002", "100")])
    assert verdicts == [Verdict.FAILED]


async def test_a_value_that_was_set_already_fails_no_write() -> None:
    rig, verdicts = Rig(), []
    rig.device.switches.same_fails = True
    rows = await runner_of(rig, verdicts).write([("10003", "2"), ("10004", "204")])
    assert [row.status for row in rows.values()] == [4, 5]
    assert verdicts == [Verdict.OK]


async def test_a_repeated_task_is_waited_for_and_handed_in_once_more() -> None:
    rig = Rig()
    rig.api.fails = [ThrottledError("9", code="9")]
    await runner_of(rig).write([("10002", "100")])
    assert len(rig.api.submitted) == 2
    assert rig.clock.elapsed >= 15
    rig.api.fails = [ThrottledError("9", code="9")] * 2
    with pytest.raises(ThrottledError):
        await runner_of(rig).write([("10002", "110")])


async def test_a_spent_budget_is_not_waited_for() -> None:
    rig = Rig()
    rig.api.fails = [ThrottledError("budget")]
    with pytest.raises(ThrottledError):
        await runner_of(rig).read(["10002"])
    assert rig.clock.elapsed == 0


async def test_tasks_of_a_device_never_overlap() -> None:
    rig = Rig()
    runner = runner_of(rig)
    await asyncio.gather(
        runner.read(["10001"]),
        runner.write([("10002", "100")]),
        runner.beat([("10017", "300")]),
        runner.read(["10002"]),
    )
    tasks = rig.device.tasks
    assert len(tasks) == 4
    for one, after in pairwise(tasks):
        assert one.over is not None
        assert one.over <= after.created


async def test_a_heartbeat_is_not_asked_for() -> None:
    rig = Rig()
    await runner_of(rig).beat([("10017", "300")])
    assert rig.api.looks == 0


@pytest.mark.parametrize("count", [0, 11])
async def test_a_task_has_one_to_ten_rows(count: int) -> None:
    rig = Rig()
    with pytest.raises(BadDataError):
        await runner_of(rig).read([str(10000 + number) for number in range(count)])
    assert rig.api.submitted == []
