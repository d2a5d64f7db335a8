"""Sends the steps of a write, each once, and looks whether they are there."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from ..client.clock import Clock
from ..client.errors import (
    ApiError,
    ThrottledError,
    TransportError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from .driver import Driver, Settings, Step, is_clamped, is_numeric
from .intent import Value, Values
from .jobs import Jobs

type Memo = Mapping[str, Any]


class Writer:
    """The hands of one device's manager."""

    def __init__(
        self, driver: Driver, clock: Clock, jobs: Jobs, on_write: Callable[[], None]
    ) -> None:
        """``on_write`` is told of each request that has, or may have, had an effect."""
        self._driver, self._clock, self._jobs = driver, clock, jobs
        self._on_write = on_write

    async def perform(
        self, steps: Sequence[Step], before: Settings, memo: Memo
    ) -> Settings:
        """Send all steps and return the settings that show them.

        A value that the device has clamped counts as shown.

        Raises:
            WriteUnknown: The device could not be read any more.
            WriteUnverified: It can be read, and does not show the change.
            ApiError: A step was refused; those before it have been sent, and had the
                time to show.
        """
        now, waited = before, False
        for number, step in enumerate(steps):
            try:
                if waited and self._is_done(step, before, now):
                    continue
                shown = await self._deliver(step, now, memo)
            except WriteUnknown, WriteUnverified:
                raise
            except ApiError:
                if number:
                    with suppress(WriteUnverified):
                        await self._look(steps[:number], before)
                raise
            waited |= shown is not now
            now = replace(shown, values={**now.values, **shown.values, **step.values})
        return await self._look(steps, before)

    async def send(self, steps: Sequence[Step], before: Settings) -> None:
        """Send steps without a look. Raises ``ApiError``."""
        for step in steps:
            await self._once(step, before, {})

    async def pause(self, seconds: float) -> bool:
        """Wait; return False at once when there is no time left for that."""
        return await self._jobs.pause(self._clock.sleep(seconds))

    async def _deliver(self, step: Step, before: Settings, memo: Memo) -> Settings:
        """Send a step; once more only when it is proven not to have arrived."""
        readable = not (before.assumed | before.volatile).issuperset(step.values)
        try:
            return await self._send(step, before, memo)
        except WriteUnknown:
            if not readable:
                raise
            patient = True
        except TransportError:
            patient = False
        try:
            seen = await self._look([step], before, patient=patient, answered=False)
            if readable:
                return seen
        except WriteUnverified:
            pass
        try:
            now = await self._afresh(step, before)
            if _is_there(step, now):
                return now
            return await self._send(step, now, memo)
        except (WriteUnknown, TransportError) as err:
            if not readable:
                raise WriteUnknown(str(err), reason=err.reason) from err
            return await self._look([step], before, answered=False)
        except ApiError as err:
            if patient:
                # Refused, perhaps because the first one has arrived after all
                raise WriteUnknown(str(err), reason=err.reason) from err
            raise

    async def _afresh(self, step: Step, before: Settings) -> Settings:
        """Return the settings of now: others may have changed them during a wait.

        Whole objects are written, so theirs would be overwritten. Raises
        ``WriteRejected`` if it is what the step changes.
        """
        try:
            now = await self._driver.read()
            now.require(_told([step]))
        except ApiError as err:
            raise WriteRejected(str(err), reason=err.reason) from err
        self._is_done(step, before, now)
        return now

    @staticmethod
    def _is_done(step: Step, before: Settings, now: Settings) -> bool:
        """Whether a step is there already, after a wait.

        Raises ``WriteRejected`` if others have changed what it changes.
        """
        if _is_there(step, now):
            return True
        for key in step.values:
            if key not in now.assumed and now.values.get(key) != before.values.get(key):
                raise WriteRejected(
                    "the settings were changed meanwhile", reason="changed_meanwhile"
                )
        return False

    async def _send(self, step: Step, before: Settings, memo: Memo) -> Settings:
        """Send; wait where the vendor only minds the pace, which had no effect."""
        for pause in self._driver.capabilities.timing.too_soon:
            try:
                return await self._once(step, before, memo)
            except ThrottledError as err:
                if err.code is None:
                    raise  # our own budget or a block of the account
            if not await self.pause(pause):
                raise ThrottledError("there was no time to try again")
            before = await self._afresh(step, before)
            if _is_there(step, before):
                return before
        return await self._once(step, before, memo)

    async def _once(self, step: Step, before: Settings, memo: Memo) -> Settings:
        try:
            await self._driver.apply(step, before, memo)
        except WriteUnknown:
            self._on_write()
            raise
        self._on_write()
        return before

    async def _look(
        self,
        steps: Sequence[Step],
        before: Settings,
        *,
        patient: bool = True,
        answered: bool = True,
    ) -> Settings:
        """Read until the settings show all steps, or the read-back time is over.

        Without patience the first answer decides. A clamped value is taken at once
        only if the request was answered: else it may be somebody else's.
        """
        timing = self._driver.capabilities.timing
        end = self._clock.monotonic() + timing.read_back
        pauses = chain(timing.pauses, repeat(timing.pauses[-1]))
        last: Settings | None = None
        while True:
            try:
                seen = await self._driver.read()
                seen.require(_told(steps))
            except ApiError:
                pass
            else:
                if all(seen.shows(step.values) for step in steps):
                    return seen
                steady = last is not None and last.values == seen.values
                if (
                    answered
                    and steady
                    and all(_settled(step, before, seen) for step in steps)
                ):
                    return seen
                last = seen
                if not patient:
                    break
            left = end - self._clock.monotonic()
            if left <= 0:
                break
            if not await self.pause(min(next(pauses), left)):
                raise WriteUnknown(
                    "there was no time to read it back", reason="closing"
                )
        if last is None:
            raise WriteUnknown("the device cannot be read back", reason="unreadable")
        if all(_stored(step, before, last) for step in steps):
            return last
        raise WriteUnverified("the settings do not show the change")


def _told(steps: Sequence[Step]) -> list[str]:
    """Return of which keys a reading must tell something, to tell whether they are so."""
    return [k for step in steps for k, v in step.values.items() if v is not None]


def _is_there(step: Step, now: Settings) -> bool:
    """Whether a step can be seen to have arrived already."""
    return not now.assumed.issuperset(step.values) and now.shows(step.values)


def _settled(step: Step, before: Settings, seen: Settings) -> bool:
    """Whether every value is as asked, or as the device has clamped it."""
    return all(
        key in seen.assumed
        or seen.values.get(key) == value
        or is_clamped(seen.values.get(key), value, before.values.get(key))
        for key, value in step.values.items()
    )


def _stored(step: Step, before: Settings, seen: Settings) -> bool:
    """Whether the request has left a trace: it is one, so all of it has arrived.

    Numbers that read as before then are what the device made of it; anything else was
    set by somebody else.
    """
    traces = 0
    for key, value in step.values.items():
        now, was = seen.values.get(key), before.values.get(key)
        if key in seen.assumed or now == value == was:
            continue
        if now == value or is_clamped(now, value, was):
            traces += 1
        elif now != was or not is_numeric(value):
            return False
    return traces > 0 or seen.shows(step.values)


def changes_between(settings: Settings, wanted: Values) -> dict[str, Value]:
    """Return what of ``wanted`` is not so yet."""
    return {
        key: value
        for key, value in wanted.items()
        if settings.values.get(key) != value
        or (key not in settings.values and value is not None)
    }
