"""Sends values, power only by a scale that holds (reference section 6.1)."""

import asyncio
from collections.abc import Iterable, Mapping

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import (
    ApiError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from .._vendor.core.control.driver import Step
from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.outcome import Refusal
from .catalogue import (
    BY_KEY,
    COMMAND,
    EXPORT,
    EXPORT_POWER,
    MODE,
    POWER,
    SELF_CONSUMPTION,
    STOP,
)
from .encode import encode
from .pace import Pace
from .parameter import Parameter
from .plans import FREE
from .reader import complete
from .row import Row
from .scale import Scales, possible, shown, shown_step
from .steps import BATTERY, TOGETHER
from .tasks import TaskRunner
from .trial import SCALE_UNKNOWN, Trials

CALIBRATED = [parameter for parameter in BY_KEY.values() if parameter.calibrated]


class Sender:
    """Turns steps into tasks."""

    def __init__(
        self,
        device_type: int,
        runner: TaskRunner,
        scales: Scales,
        trials: Trials,
        clock: Clock,
    ) -> None:
        """Use what is known of the device."""
        self._type, self._runner, self._scales = device_type, runner, scales
        self._trials = trials
        self._pace = Pace(clock)
        self._turn = asyncio.Lock()
        # What power was sent, and what was read before
        self._sent: dict[str, tuple[Value, Value]] = {}

    async def wait(self, wanted: Values) -> None:
        """Return when settings may be written again; at once for what goes back."""
        await self._pace.wait(wanted)

    def going_back(
        self, changes: Values, values: Values, rows: Mapping[str, Row]
    ) -> Values:
        """Return what of a put-back is to be sent: not what could only hold it up.

        The power of a force that is over means nothing, so it is not tried for that.
        """
        after = {**values, **changes}
        found = {
            key: value
            for key, value in changes.items()
            if key != POWER
            or is_heeded(key, after)
            or not value
            or self._is_told(BY_KEY[key], rows)
        }
        self._pace.going_back(found)
        return found

    async def send(self, step: Step, values: Values, rows: Mapping[str, Row]) -> None:
        """Have a step's values set. Raises ``ApiError``.

        ``values`` and ``rows`` are what was read before.
        """
        wanted = dict(step.values)
        if step.label == BATTERY:
            wanted |= {
                k: values[k] for k in TOGETHER if k in values and k not in wanted
            }
        async with self._turn:
            self._sent = {k: v for k, v in self._sent.items() if k not in wanted}
            later = {
                key: wanted.pop(key)
                for key in list(wanted)
                if self._can_wait(key, step.values, {**values, **wanted}, rows)
            }
            await self._send(wanted, values, rows)
            if later:
                await self._afterwards(later, {**values, **wanted}, rows)

    async def settle(self, rows: Mapping[str, Row]) -> Mapping[str, Row]:
        """Put back what trials have left, unless something is being sent.

        ``rows`` were just read; returns those that were read anew.
        """
        if self._turn.locked():
            return {}
        async with self._turn:
            return await self._trials.settle(CALIBRATED, rows)

    async def check(self, missed: Values, rows: Mapping[str, Row]) -> None:
        """Look at what was written and reads otherwise. Raises ``ApiError``.

        Power that reads as more is sent again by less, a scale that does not hold any
        more is let go of.
        """
        for key, value in missed.items():
            parameter = BY_KEY[key]
            row = rows.get(parameter.code)
            if not parameter.calibrated or row is None:
                continue
            reads = shown(parameter, row)
            if not isinstance(value, int | float) or reads is None:
                continue
            sent, before = self._sent.get(key, (None, None))
            above = reads > value + shown_step(parameter, row)
            if above and value == sent and reads != before:
                async with self._turn:
                    await self._trials.take_down(parameter, value, row)
                # If it still reads so, it is not ours to change.
                self._sent[key] = (value, reads)
            self._scales.doubt(parameter, row, value)

    async def _send(
        self, wanted: Values, values: Values, rows: Mapping[str, Row]
    ) -> None:
        after = {**values, **wanted}
        raws = {
            key: await self._ready_or_less(
                BY_KEY[key], float(value), (values, after), rows
            )
            for key, value in wanted.items()
            if BY_KEY[key].calibrated and isinstance(value, int | float)
        }
        sent: list[tuple[str, str]] = []
        tried = {key: (wanted[key], values.get(key)) for key in raws}
        try:
            # Always in this order: mode, command, power
            for key in sorted(wanted, key=lambda key: BY_KEY[key].code):
                sent += self._encoded(BY_KEY[key], wanted[key], raws.get(key), rows)
        except Refusal as err:
            raise WriteRejected(str(err), reason=err.key) from err
        try:
            await self._runner.write(sent)
        except WriteUnknown:
            # What was in force is put back if it still reads as it was tried; what may
            # have begun goes on by the less that was tried.
            self._sent |= tried
            self._over(key for key in raws if not is_heeded(key, values))
            raise
        except ApiError:
            # Nothing of it was set: neither is the trial before it to stay.
            for key in raws:
                await self._trials.undo(BY_KEY[key], rows[BY_KEY[key].code])
            raise
        finally:
            self._pace.done(wanted)
        self._sent |= tried
        self._over(raws)

    def _over(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._trials.over(BY_KEY[key])

    async def _afterwards(
        self, later: Values, values: Values, rows: Mapping[str, Row]
    ) -> None:
        """Send what means nothing any more; it may as well stay as it is."""
        try:
            await self._send(later, values, rows)
        except WriteRejected as err:
            if err.reason != SCALE_UNKNOWN:
                raise

    async def _ready_or_less(
        self,
        parameter: Parameter,
        wanted: float,
        states: tuple[Values, Values],
        rows: Mapping[str, Row],
    ) -> float:
        """Return what one W is on the wire, in a put-back at least a safe guess.

        Mode and command go with it; and more power of ours would stay if it did not.
        """
        try:
            return await self._ready(parameter, wanted, states, rows)
        except WriteRejected, WriteUnverified:
            row = rows.get(parameter.code)
            back = self._pace.is_back({parameter.key: wanted})
            if parameter.key != POWER or row is None or not back:
                raise
            return min(possible(parameter, row))

    async def _ready(
        self,
        parameter: Parameter,
        wanted: float,
        states: tuple[Values, Values],
        rows: Mapping[str, Row],
    ) -> float:
        """Return what one W is on the wire, when that is safe to send.

        ``states`` are the settings before and after. Raises ``ApiError``.
        """
        row = self._known(parameter, rows)[0]
        known = self._scales.known(parameter, row)
        acted, acts = (is_heeded(parameter.key, values) for values in states)
        # Nothing is nothing by every scale.
        if not wanted:
            return parameter.raw
        if known is not None:
            sure = acted and self._trials.is_sure(parameter, row)
            # By the smallest it is never more than was asked.
            if sure or not acts or known == min(possible(parameter, row)):
                return known
            if not acted and await self._trials.ahead(parameter, wanted, row):
                return known
        return await self._trials.find(parameter, wanted, row)

    def _can_wait(
        self, key: str, changed: Values, after: Values, rows: Mapping[str, Row]
    ) -> bool:
        """Whether a trial of power would only delay that nothing heeds it any more."""
        return (
            not changed.keys().isdisjoint(_HEEDED_BY.get(key, ()))
            and not is_heeded(key, after)
            and not self._is_told(BY_KEY[key], rows)
        )

    def _is_told(self, parameter: Parameter, rows: Mapping[str, Row]) -> bool:
        """Whether it is known what is on the wire for a value."""
        row = rows.get(parameter.code)
        return not parameter.calibrated or (
            row is not None and self._scales.known(parameter, row) is not None
        )

    def _encoded(
        self,
        parameter: Parameter,
        value: Value,
        raw: float | None,
        rows: Mapping[str, Row],
    ) -> list[tuple[str, str]]:
        if FREE.get(parameter.key) == value and complete(parameter, rows) is None:
            # What frees the battery is the same whatever is set (section 6.3).
            known = [Row(code=parameter.code)]
        else:
            known = self._known(parameter, rows)
        if raw is None:
            raw = self._scales.candidates(parameter, known[0])[0]
        return encode(parameter, value, known, raw=raw, device_type=self._type)

    def _known(self, parameter: Parameter, rows: Mapping[str, Row]) -> list[Row]:
        """Return what was read of a parameter: nothing is written unseen."""
        known = complete(parameter, rows)
        if known is None:
            raise WriteRejected("a setting was not read", reason="settings_incomplete")
        return list(known)


_HEEDED_BY = {POWER: (MODE, COMMAND), EXPORT_POWER: (EXPORT,)}


def is_heeded(key: str, values: Values) -> bool:
    """Return whether the device would do now what a setting says."""
    if key == POWER:
        return values.get(MODE) != SELF_CONSUMPTION and values.get(COMMAND) != STOP
    return key != EXPORT_POWER or values.get(EXPORT) is not False
