"""Tells a device that somebody still leads it (reference section 6.4)."""

from collections.abc import Callable
from dataclasses import dataclass
import math

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import ApiError
from .._vendor.core.control.book import Notes
from .._vendor.core.control.intent import Values
from .catalogue import EMS_HEARTBEAT, EMS_MODE, HEARTBEAT, MODE, VPP
from .parameter import EMS, LOGGER
from .plans import LED_MODES
from .tasks import TaskRunner

# What a device is told, and how often; it goes back on its own after the first.
SECONDS = 300
INTERVAL, RETRY = 150.0, 30.0
_FAILURES = 2
# After that it has gone back already, and there is no hurry any more.
_RETRIES = int(SECONDS / RETRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """In which ``modes`` a device is led, and the keys of mode and heartbeat."""

    mode: str
    modes: tuple[str, ...]
    heartbeat: str

    def beat(self, values: Values) -> Values:
        """Return what a device is told beside such a mode, given what it has."""
        return {self.heartbeat: SECONDS} if self.heartbeat in values else {}


_HYBRIDS = Lead(mode=MODE, modes=LED_MODES, heartbeat=HEARTBEAT)
_MANAGERS = Lead(mode=EMS_MODE, modes=(VPP,), heartbeat=EMS_HEARTBEAT)


def lead_of(device_type: int) -> Lead:
    """Return how devices of a type are led."""
    return _MANAGERS if device_type in {LOGGER, EMS} else _HYBRIDS


class Heartbeat:
    """Beats while the device is in a mode that we have set and that needs it."""

    def __init__(
        self, uuid: str, runner: TaskRunner, clock: Clock, notes: Notes, code: str
    ) -> None:
        """Go on if an earlier run has begun it: the first one is due at once."""
        self._note, self._notes = f"{uuid}/heartbeat", notes
        self._runner, self._clock, self._code = runner, clock, code
        self._failures = 0
        self._due = -math.inf
        self._trouble = False
        self.on_change: Callable[[], None] = lambda: None

    @property
    def wanted(self) -> bool:
        """Whether it beats."""
        return self._notes.get(self._note) is True

    @property
    def trouble(self) -> bool:
        """Whether it failed twice in a row: the device goes back to self-consumption."""
        return self._trouble

    def want(self, on: bool) -> None:
        """Begin or end to beat; the write of the mode counts as the first one."""
        if on != self.wanted:
            self._notes.set(self._note, on or None)
            self._due = self._clock.monotonic() + INTERVAL
        if not on:
            self._told(trouble=False)

    async def beat(self) -> None:
        """Beat once if that is due; what goes wrong is told by ``trouble``.

        To be called every ``RETRY`` seconds.
        """
        now = self._clock.monotonic()
        # Timers come a little early or late.
        if not self.wanted or now + 1 < self._due:
            return
        try:
            await self._runner.beat([(self._code, str(SECONDS))])
        except ApiError:
            self._failures += 1
        else:
            self._failures = 0
        self._due = now + (RETRY if 0 < self._failures < _RETRIES else INTERVAL)
        self._told(trouble=self._failures >= _FAILURES)

    def _told(self, *, trouble: bool) -> None:
        if not trouble and not self.wanted:
            self._failures = 0
        if trouble != self._trouble:
            self._trouble = trouble
            self.on_change()
