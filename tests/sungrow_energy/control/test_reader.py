"""Which codes are read together (reference section 6.2)."""

from collections.abc import Sequence
from typing import cast

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    BadDataError,
    MaintenanceError,
    TransportError,
    UnsupportedError,
)
from custom_components.sungrow_energy.control.catalogue import find, parameters_of
from custom_components.sungrow_energy.control.parameter import Parameter
from custom_components.sungrow_energy.control.reader import Reader
from custom_components.sungrow_energy.control.row import Row
from custom_components.sungrow_energy.control.support import Support
from custom_components.sungrow_energy.control.tasks import TASK_TIMEOUT, TaskRunner

from .rig import Rig


def reader_of(rig: Rig) -> Reader:
    runner = TaskRunner(rig.device.uuid, rig.api, rig.clock)
    return Reader(runner, Support(rig.device.uuid, rig.notes, rig.clock))


def named(*names: str) -> list[Parameter]:
    return [one for name in names if (one := find(name)) is not None]


async def test_ten_are_read_at_once_and_the_mode_alone() -> None:
    rig = Rig()
    listed = [one for one in parameters_of(14) if one.listed]
    rows = await reader_of(rig).read(listed)
    assert [len(codes) for codes in rig.api.read] == [10, 10, 9, 1]
    assert rig.api.read[-1] == ["10003"]
    assert len(rows) == 30


async def test_a_code_that_is_not_there_is_found_out_once_and_remembered() -> None:
    rig = Rig()
    both = named("10001", "10048")
    assert set(await reader_of(rig).read(both)) == {"10001"}
    assert [len(codes) for codes in rig.api.read] == [3, 1, 2, 1, 1]
    rig.api.submitted.clear()
    # Also by the next run
    assert set(await reader_of(rig).read(both)) == {"10001"}
    assert rig.api.read == [["10001"]]


async def test_a_right_that_was_lacking_is_asked_for_again_after_a_week() -> None:
    rig = Rig()
    rig.device.switches.allowed = False
    reader = reader_of(rig)
    assert await reader.read(named("10001")) == {}
    rig.device.switches.allowed = True
    rig.api.submitted.clear()
    await rig.clock.sleep(6 * 86400)
    assert await reader.read(named("10001")) == {}
    assert rig.api.submitted == []
    await rig.clock.sleep(86400)
    assert "10001" in await reader.read(named("10001"))


async def test_a_device_that_is_offline_takes_no_blame_for_its_codes() -> None:
    rig = Rig()
    rig.device.switches.online = False
    with pytest.raises(MaintenanceError):
        await reader_of(rig).read(named("10001", "10002"))
    rig.device.switches.online = True
    assert len(await reader_of(rig).read(named("10001", "10002"))) == 2


async def test_a_device_without_a_template_is_asked_once() -> None:
    rig = Rig()
    rig.device.switches.template = False
    with pytest.raises(UnsupportedError):
        await reader_of(rig).read(named("10001", "10002"))
    assert len(rig.api.submitted) == 1


class Silent:
    """A runner whose device answers some codes never."""

    def __init__(self, rig: Rig) -> None:
        """Everything is answered at first."""
        self._runner = TaskRunner(rig.device.uuid, rig.api, rig.clock)
        self.silent: set[str] = set()
        self.asked: list[Sequence[str]] = []

    async def read(self, codes: Sequence[str]) -> dict[str, Row]:
        self.asked.append(codes)
        if self.silent.issuperset(codes):
            raise TransportError("no answer", reason=TASK_TIMEOUT)
        rows = await self._runner.read(codes)
        return {code: row for code, row in rows.items() if code not in self.silent}


def silent_reader(rig: Rig) -> tuple[Reader, Silent]:
    runner = Silent(rig)
    support = Support(rig.device.uuid, rig.notes, rig.clock)
    return Reader(cast(TaskRunner, runner), support), runner


async def test_a_code_that_was_never_answered_does_not_hold_up_the_others() -> None:
    reader, runner = silent_reader(rig := Rig())
    runner.silent = {"10002"}
    both = named("10001", "10002")
    assert set(await reader.read(both)) == {"10001"}
    runner.asked.clear()
    assert set(await reader.read(both)) == {"10001"}
    assert runner.asked == [("10001",)]
    await rig.clock.sleep(6 * 3600)
    runner.silent = set()
    assert set(await reader.read(both)) == {"10001", "10002"}


async def test_a_code_that_was_there_and_is_silent_is_left_out() -> None:
    reader, runner = silent_reader(Rig())
    both = named("10001", "10002")
    await reader.read(both)
    runner.silent = {"10002"}
    for _ in range(2):
        assert set(await reader.read(both)) == {"10001"}
    # It is asked for again each time
    assert runner.asked[-1] == ["10002"]
    with pytest.raises(TransportError):
        await reader.read(named("10002"))


LISTED = [one for one in parameters_of(14) if one.listed]


def tasks(rig: Rig) -> list[int]:
    """Return how many codes the reads since last time had, and forget them."""
    found = [len(codes) for codes in rig.api.read]
    rig.api.submitted.clear()
    return found


async def test_codes_that_lack_are_left_out_and_the_others_go_together() -> None:
    rig = Rig()
    rig.device.switches.lacks = {"10024", "10036", "10010", "10074"}
    reader = reader_of(rig)
    rows = await reader.read(LISTED)
    assert len(rows) == 26
    # Who looks for one of ten by halves needs seven more
    assert len(tasks(rig)) <= 4 + 4 * 7
    assert len(await reader.read(LISTED)) == 26
    assert tasks(rig) == [10, 10, 5, 1]
    # Also in the next run
    await reader_of(rig).read(LISTED)
    assert tasks(rig) == [10, 10, 5, 1]


async def test_one_refusal_of_a_task_costs_nothing_later() -> None:
    rig = Rig()
    reader = reader_of(rig)
    await reader.read(LISTED)
    tasks(rig)
    rig.api.fails = [UnsupportedError("no", code="0", reason="parameter_unsupported")]
    assert len(await reader.read(LISTED)) == 30
    assert tasks(rig) == [10, 5, 5, 10, 9, 1]
    await reader.read(LISTED)
    assert tasks(rig) == [10, 10, 9, 1]


async def test_two_that_are_refused_together_twice_are_read_apart() -> None:
    """Each is there by itself: so it is about both (section 6.2: bulk reads)."""
    rig = Rig()
    both = named("10001", "10002")
    reader, no = reader_of(rig), UnsupportedError("no", code="0", reason="no")
    for expected in ([2, 1, 1], [2, 1, 1], [1, 1]):
        rig.api.fails = [no] if len(expected) == 3 else []
        assert len(await reader.read(both)) == 2
        assert tasks(rig) == expected


async def test_two_that_went_together_between_two_refusals_still_do() -> None:
    rig = Rig()
    both = named("10001", "10002")
    reader, no = reader_of(rig), UnsupportedError("no", code="0", reason="no")
    for refused in (True, False, True, False):
        rig.api.fails = [no] if refused else []
        await reader.read(both)
        assert tasks(rig)[0] == 2


@pytest.mark.parametrize("what", ["lacks", "silent"])
async def test_a_code_that_was_read_is_not_taken_for_gone(what: str) -> None:
    """One refusal, or an hour of them, may be the cloud's."""
    rig = Rig()
    reader = reader_of(rig)
    both = named("10001", "10003")
    await reader.read(both)
    setattr(rig.device.switches, what, {"10003"})
    for _ in range(4):
        assert set(await reader.read(both)) == {"10001"}
        with pytest.raises((BadDataError, TransportError)):
            await reader.read(named("10003"))
        await rig.clock.sleep(3600)
    setattr(rig.device.switches, what, set())
    assert len(await reader.read(both)) == 2


async def test_a_code_that_was_read_is_gone_after_a_day_of_refusals() -> None:
    rig = Rig()
    reader = reader_of(rig)
    both = named("10001", "10002")
    await reader.read(both)
    rig.device.switches.lacks = {"10002"}
    for _ in range(25):
        assert set(await reader.read(both)) == {"10001"}
        await rig.clock.sleep(3600)
    tasks(rig)
    assert set(await reader.read(both)) == {"10001"}
    assert tasks(rig) == [1]
    # What must be known is asked for all the same
    assert set(await reader.read(both, must=True)) == {"10001"}
    assert tasks(rig) == [2, 1, 1]
    rig.device.switches.lacks = set()
    assert len(await reader.read(both, must=True)) == 2
    assert len(await reader.read(both)) == 2


async def test_a_code_that_was_read_is_gone_at_once_if_a_person_says_so() -> None:
    rig = Rig()
    support = Support(rig.device.uuid, rig.notes, rig.clock)
    reader = Reader(TaskRunner(rig.device.uuid, rig.api, rig.clock), support)
    both = named("10001", "10002")
    await reader.read(both)
    rig.device.switches.lacks = {"10002"}
    support.forget()
    assert set(await reader.read(both)) == {"10001"}


async def test_a_device_that_answers_nothing_is_not_asked_code_by_code() -> None:
    rig = Rig()
    rig.device.switches.task = "timeout"
    with pytest.raises(TransportError):
        await reader_of(rig).read(LISTED)
    assert tasks(rig) == [10]


async def test_a_row_that_failed_is_asked_for_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = Rig()
    reader = reader_of(rig)
    both = named("10001", "10002")
    await reader.read(both)
    tasks(rig)
    real = TaskRunner.read

    async def failing(self: TaskRunner, codes: Sequence[str]) -> dict[str, Row]:
        rows = await real(self, codes)
        return {k: v for k, v in rows.items() if k != "10002"}

    monkeypatch.setattr(TaskRunner, "read", failing)
    assert set(await reader.read(both)) == {"10001"}
    assert tasks(rig) == [2, 1]
