"""Finds out what power is on the wire (reference section 6.1)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import integer, mapping, moment, number
from .._vendor.core.client.errors import (
    ApiError,
    TransportError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from .._vendor.core.control.book import Notes
from . import scale
from .parameter import Parameter
from .row import Row
from .tasks import EXPIRE, GRACE, TaskRunner

SCALE_UNKNOWN = "scale_unknown"
# How long after a write its value is looked at, at the latest
_PAUSES = (0.0, 3.0, 7.0, 20.0)
_LONG_PAUSES = (*_PAUSES, 20.0, 20.0, 20.0, 20.0, 20.0)
# A trial that does not show by then never will.
_LATEST = timedelta(seconds=EXPIRE + GRACE)


class Trials:
    """Sends power of which it is not proven what the device makes of it.

    A trial is noted on disk until something else was sent, or it was put back.
    """

    def __init__(
        self,
        serial: str,
        runner: TaskRunner,
        scales: scale.Scales,
        notes: Notes,
        clock: Clock,
    ) -> None:
        """Begin without any trial in this run."""
        self._serial, self._runner, self._scales = serial, runner, scales
        self._notes, self._clock = notes, clock
        self._sure: set[str] = set()

    def is_sure(self, parameter: Parameter, row: Row) -> bool:
        """Whether its scale has shown itself in this run."""
        known = self._scales.known(parameter, row) is not None
        return known and parameter.code in self._sure

    def doubt(self, parameter: Parameter) -> None:
        """Let go of a scale that does not hold any more."""
        self._scales.forget(parameter)
        self._sure.discard(parameter.code)

    async def ahead(self, parameter: Parameter, wanted: float, row: Row) -> bool:
        """Send power while nothing heeds it; return whether it is not too much.

        If it is, its scale does not hold any more. Raises ``TransportError`` if it may
        be sent again, any other ``ApiError``; what it is for was not sent then.
        """
        before, step = _before(parameter, row), scale.shown_step(parameter, row)
        raw = self._scales.candidates(parameter, row)[0]
        lost: ApiError | None = None
        try:
            await self._write(parameter, scale.power_on_wire(wanted, raw))
        except WriteUnknown as err:
            lost = err
        reads, trouble = None, WriteRejected("it cannot be read", reason="unreadable")
        for pause in _LONG_PAUSES:
            await self._clock.sleep(pause)
            try:
                reads = await self._look(parameter)
            except ApiError as err:
                trouble = WriteRejected(str(err), reason=err.reason)
                continue
            # It may show late, or have been cut down.
            if scale.is_near(reads, wanted, step) or reads not in {None, before}:
                break
        if reads is None:
            raise trouble
        if scale.is_near(reads, wanted, step):
            self._sure.add(parameter.code)
            return True
        if reads == before:
            if lost is not None:
                raise TransportError(str(lost), reason=lost.reason)
            raise WriteUnverified("the power does not show")
        if reads > wanted:
            self.doubt(parameter)
        return reads <= wanted

    async def find(self, parameter: Parameter, wanted: float, row: Row) -> float:
        """Find out what one W is on the wire, with less power than is wanted.

        Returns the smallest that it can be where there is too little to try: less
        power is safe. Raises ``ApiError``.
        """
        before, step = _before(parameter, row), scale.shown_step(parameter, row)
        raws = scale.possible(parameter, row)
        wire = scale.trial(wanted, before, raws, step)
        if wire is None:
            return raws[0]
        at = self._clock.now().isoformat()
        note = {"before": before, "wire": wire, "at": at}
        self._notes.set(self._note(parameter), note)
        await self._notes.save()
        try:
            with suppress(WriteUnknown):  # it shows by itself
                await self._write(parameter, str(wire))
        except ApiError:
            self.over(parameter)
            raise
        reads = None
        trouble = WriteRejected("the scale cannot be told", reason=SCALE_UNKNOWN)
        for pause in _PAUSES:
            await self._clock.sleep(pause)
            try:
                reads = await self._look(parameter)
            except ApiError as err:
                trouble = WriteRejected(str(err), reason=err.reason)
                continue
            proven = scale.found(wire, reads, raws, step)
            if proven is not None:
                self._scales.keep(parameter, row, proven)
                self._sure.add(parameter.code)
                self._notes.set(self._note(parameter), {**note, "raw": proven})
                return proven
        self.doubt(parameter)
        if reads is not None and not scale.is_near(reads, before, step):
            raw = scale.likely(wire, max(reads, 1.0), raws)
            await self._put_back(parameter, before, raw, step)
        raise trouble

    def over(self, parameter: Parameter) -> None:
        """Take note that there is nothing left of a trial."""
        if self._notes.get(self._note(parameter)) is not None:
            self._notes.set(self._note(parameter), None)

    async def undo(self, parameter: Parameter, row: Row) -> None:
        """Put back what was before a trial, where what it was for was refused."""
        note = mapping(self._notes.get(self._note(parameter)))
        before, known = number(note.get("before")), self._scales.known(parameter, row)
        if before is not None and known is not None:
            step = scale.shown_step(parameter, row)
            await self._put_back(parameter, before, known, step)

    async def settle(
        self, parameters: Sequence[Parameter], rows: Mapping[str, Row]
    ) -> dict[str, Row]:
        """Put back what a trial has left of which nobody knew how it went.

        ``rows`` were just read; returns those that were read anew.
        """
        for parameter in parameters:
            note = mapping(self._notes.get(self._note(parameter)))
            row = rows.get(parameter.code)
            reads = scale.shown(parameter, row) if row is not None else None
            if not note or row is None or reads is None:
                continue
            wire, before = integer(note.get("wire")), number(note.get("before"))
            step, at = scale.shown_step(parameter, row), moment(note.get("at"))
            if wire is None or before is None or at is None:
                self.over(parameter)
                continue
            if scale.is_near(reads, before, step):
                if self._clock.now() - at > _LATEST:
                    self.over(parameter)
                continue
            proven = number(note.get("raw"), low=1e-9)
            raws = scale.possible(parameter, row) if proven is None else (proven,)
            if (raw := scale.found(wire, reads, raws, step)) is None:
                self.over(parameter)  # somebody has set something else
                continue
            self._scales.keep(parameter, row, raw)
            if (now := await self._put_back(parameter, before, raw, step)) is not None:
                return {parameter.code: now}
        return {}

    async def take_down(self, parameter: Parameter, wanted: float, row: Row) -> None:
        """Send power again that reads as more than was asked. Raises ``ApiError``."""
        known, reads = self._scales.known(parameter, row), scale.shown(parameter, row)
        raws = scale.possible(parameter, row)
        if known is not None and reads:
            less = [raw for raw in raws if raw < known] or [known * wanted / reads]
            raw = scale.likely(round(wanted * known), reads, less)
        else:
            raw = raws[0]
        self.doubt(parameter)
        await self._write(parameter, scale.power_on_wire(wanted, raw))

    async def _put_back(
        self, parameter: Parameter, before: float, raw: float, step: float
    ) -> Row | None:
        """Send what was before a trial; return it as it reads then, None if not."""
        with suppress(ApiError):
            with suppress(WriteUnknown):
                await self._write(parameter, scale.power_on_wire(before, raw))
            for pause in _PAUSES:
                await self._clock.sleep(pause)
                row = (await self._runner.read([parameter.code])).get(parameter.code)
                if row is None:
                    continue
                if scale.is_near(scale.shown(parameter, row), before, step):
                    self.over(parameter)
                    return row
        return None

    async def _write(self, parameter: Parameter, value: str) -> None:
        await self._runner.write([(parameter.code, value)])

    async def _look(self, parameter: Parameter) -> float | None:
        row = (await self._runner.read([parameter.code])).get(parameter.code)
        return scale.shown(parameter, row) if row is not None else None

    def _note(self, parameter: Parameter) -> str:
        return f"scale/{self._serial}/{parameter.code}/trial"


def _before(parameter: Parameter, row: Row) -> float:
    """Return what is set. Raises ``WriteRejected``: nothing is written unseen."""
    found = scale.shown(parameter, row)
    if found is None:
        raise WriteRejected("a setting was not read", reason="settings_incomplete")
    return found
