"""Tasks that the cloud hands to one device (reference section 6.1)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
import math
from typing import Any, Protocol

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import integer
from .._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    ThrottledError,
    TransportError,
    WriteRejected,
    WriteUnknown,
)
from .row import Row, Status, rows_of

MOST_ROWS = 10
EXPIRE = 120.0
TASK_TIMEOUT = "task_timeout"
# How long after its end a task may still be answered
GRACE = 10.0
FIRST_LOOK, NEXT_LOOK = 2.0, 4.0
# Who reads is in no hurry, and each look is a request.
READ_LOOK = 5.0
# How long the device is busy with a task that nobody asks for
_BEAT_TAKES = 15.0
_REPEATED = "9"
_REPEATED_PAUSE = 15.0
_FINISHED = 8

type Rows = Sequence[tuple[str, str]]


class Verdict(StrEnum):
    """What became of the last task that should change something."""

    OK = "ok"
    FAILED = "failed"
    TIMEOUT = "timeout"
    NOT_APPLIED = "not_applied"


class ParameterClient(Protocol):
    """What is asked of the API. All raise ``ApiError``; see section 4.3."""

    async def check_parameters(self, uuid: str, *, write: bool) -> bool:
        """Return whether parameters of the device can be written, or read."""

    async def submit_parameters(
        self, uuid: str, rows: Rows, *, write: bool, expire_s: int
    ) -> str:
        """Hand in a task and return its id."""

    async def task(self, uuid: str, task_id: str) -> Mapping[str, Any]:
        """Return what is known of a task."""


class TaskRunner:
    """Runs the tasks of one device, one after the other."""

    def __init__(
        self,
        uuid: str,
        client: ParameterClient,
        clock: Clock,
        *,
        expire: float = EXPIRE,
        on_verdict: Callable[[Verdict], None] = lambda verdict: None,
    ) -> None:
        """``on_verdict`` is told how each task ended that should change something."""
        self._uuid, self._client, self._clock = uuid, client, clock
        self._expire = expire
        self._turn = asyncio.Lock()
        self._busy_until = -math.inf
        self.on_verdict = on_verdict

    async def check(self, *, write: bool) -> bool:
        """Return whether parameters can be written, or read. Raises ``ApiError``."""
        return await self._client.check_parameters(self._uuid, write=write)

    async def read(self, codes: Sequence[str]) -> dict[str, Row]:
        """Return the rows that the device has answered, at most ten.

        Raises ``UnsupportedError`` if one of the codes is not there for this device or
        application, ``TransportError`` if the device does not answer in time.
        """
        rows = [(code, "") for code in codes]
        async with self._turn:
            task_id = await self._submitted(rows, write=False)
            found = await self._ended(task_id, READ_LOOK, READ_LOOK)
        asked = {k: row for k, row in (found or {}).items() if k in set(codes)}
        rows_read = {k: row for k, row in asked.items() if row.status == Status.SUCCESS}
        silent = Status.TIMEOUT in {row.status for row in asked.values()}
        if found is None or (silent and not rows_read):
            raise TransportError("a task was not done in time", reason=TASK_TIMEOUT)
        return rows_read

    async def write(self, rows: Rows) -> dict[str, Row]:
        """Have values set and return the rows. Only reading them back is a proof.

        Raises ``WriteRejected`` if the device refused them all, ``WriteUnknown`` if it
        did not answer in time, any ``ApiError`` of handing the task in.
        """
        async with self._turn:
            try:
                task_id = await self._submitted(rows, write=True)
            except ApiError as err:
                timeout = isinstance(err, WriteUnknown | TransportError)
                self.on_verdict(Verdict.TIMEOUT if timeout else Verdict.FAILED)
                raise
            found = await self._ended(task_id, FIRST_LOOK, NEXT_LOOK)
        statuses = {row.status for row in (found or {}).values()}
        if not statuses or Status.TIMEOUT in statuses or _open(statuses):
            self.on_verdict(Verdict.TIMEOUT)
            raise WriteUnknown("a task was not done in time", reason=TASK_TIMEOUT)
        if statuses == {int(Status.FAILED)}:
            self.on_verdict(Verdict.FAILED)
            raise WriteRejected("the device refused it", reason="device_refused")
        self.on_verdict(Verdict.OK)
        return found or {}

    async def beat(self, rows: Rows) -> None:
        """Hand in a task and do not ask for it (section 6.4). Raises ``ApiError``."""
        async with self._turn:
            await self._submitted(rows, write=True)
            self._busy_until = self._clock.monotonic() + _BEAT_TAKES

    async def _submitted(self, rows: Rows, *, write: bool) -> str:
        if not 0 < len(rows) <= MOST_ROWS:
            raise BadDataError("a task has one to ten rows", reason="too_many_rows")
        await self._idle()
        try:
            return await self._submit(rows, write=write)
        except ThrottledError as err:
            if err.code != _REPEATED:
                raise
        await self._clock.sleep(_REPEATED_PAUSE)
        return await self._submit(rows, write=write)

    async def _submit(self, rows: Rows, *, write: bool) -> str:
        return await self._client.submit_parameters(
            self._uuid, rows, write=write, expire_s=round(self._expire)
        )

    async def _idle(self) -> None:
        left = self._busy_until - self._clock.monotonic()
        if left > 0:
            await self._clock.sleep(left)

    async def _ended(
        self, task_id: str, first: float, then: float
    ) -> dict[str, Row] | None:
        """Return the rows of a task at its end, None if that is not seen.

        It is looked at after ``first`` seconds, and ``then`` each so many.
        What goes wrong while it is looked at says nothing of the task.
        """
        end = self._clock.monotonic() + self._expire + GRACE
        pause = first
        while (left := end - self._clock.monotonic()) > 0:
            await self._clock.sleep(min(pause, left))
            pause = then
            try:
                task = await self._client.task(self._uuid, task_id)
            except ApiError:
                continue
            rows = rows_of(task)
            finished = integer(task.get("command_status")) == _FINISHED
            if rows and (finished or not _open({r.status for r in rows.values()})):
                return rows
        return None


def _open(statuses: set[int | None]) -> bool:
    """Return whether a row is still to be done."""
    return not statuses.isdisjoint({None, int(Status.PENDING), int(Status.EXECUTING)})
