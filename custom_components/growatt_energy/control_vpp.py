"""Remote power control (VPP) of MIN, SPH and SPA (reference section 6.6).

A force is four requests: authority, enable, a finite duration, percent of the rated
power. The device counts the duration down and ends it by itself; we end it earlier by
0 % and by no longer enabling it. Percent here: + is charging, as on the wire.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from typing import Any

from ._vendor.core.client.clock import Clock
from ._vendor.core.client.decode import integer, mapping, moment
from ._vendor.core.client.errors import (
    ApiError,
    AuthError,
    LockedError,
    MaintenanceError,
    TransportError,
    UnsupportedError,
)
from ._vendor.core.control.book import Notes
from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import Value, Values
from ._vendor.core.control.outcome import Refusal
from .api.setter import Setter
from .control_common import VPP_GAP, Pacer, percent, plain, switch
from .control_support import Support, may_pass, offline, says_no
from .control_vpp_plans import (
    AUTHORITY,
    ENABLED,
    LONGEST,
    NOTHING,
    NUMBERS,
    POWER,
    RESERVE,
    UNTIL,
    is_key,
)
from .families import Family

# Where a document of settings has what was read, by number
PART = "vpp"


type Ask = Callable[[], Awaitable[dict[str, Any]]]

# So many readings in a row that fail do without it
_MISSED = 3

# What a force needs beside the authority
FORCE = (ENABLED, POWER, UNTIL)
# A countdown in whole minutes that began while a request was on its way
_SLACK = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is set; ``lost`` are keys that the device has dropped by itself."""

    values: Values
    assumed: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()


class Vpp:
    """The remote control of one device: whether it has it, and what it is told."""

    def __init__(
        self,
        serial: str,
        family: Family,
        setter: Setter,
        *,
        pacer: Pacer,
        notes: Notes,
        clock: Clock,
    ) -> None:
        """``pacer`` is that of all writes to the device."""
        self._serial, self._family, self._setter = serial, family, setter
        self._pacer, self._notes, self._clock = pacer, notes, clock
        self._support = Support(serial, notes, clock)
        self._last: Values = {}
        self._missed = 0
        self._unread = False

    @property
    def supported(self) -> bool | None:
        """Whether the model has it; None as long as that is not sure."""
        if not self._setter.vpp:
            return False
        return self._support.known

    async def fetch(self) -> dict[str, Any]:
        """Return what can be read, by number; nothing where the model lacks it.

        Nothing also where it does not answer for long, unless something that we have
        told it may still be in force: then ``ApiError`` is raised each time.
        """
        if not self._setter.vpp or not self._support.due:
            return {}
        try:
            found = await self._ask()
        except ApiError as err:
            if self._does_without(err):
                return {}
            raise
        self._missed, self._unread = 0, False
        return found

    async def _ask(self) -> dict[str, Any]:
        """Ask for all; what is left of the duration only while it counts.

        Raises ``ApiError``, but not while it is unknown whether the model has it.
        """
        known = self.supported
        try:
            found = {"1": await self._read(AUTHORITY)}
        except ApiError as err:
            if refused := says_no(err):
                await self._support.says_no()
            if not known and (refused or not may_pass(err)):
                return {}
            raise
        await self._support.says_yes()
        for key in (ENABLED, POWER):
            found[str(NUMBERS[key])] = await self._read(key)
        more = [UNTIL] if switch(found["25"]) else []
        if self._family is Family.SPA:
            more.append(RESERVE)
        for key in more:
            try:
                found[str(NUMBERS[key])] = await self._read(key)
            except ApiError as err:
                if may_pass(err):
                    raise
        return found

    def _does_without(self, err: ApiError) -> bool:
        """Count what may pass; whether it has lasted, and nothing of ours stands."""
        if not isinstance(err, TransportError | MaintenanceError) or offline(err):
            return False
        self._missed += 1
        sent = self._sent
        end = moment(sent.get("until"))
        counts = end is not None and self._clock.now() < end
        ours = self._unread or counts or bool(integer(sent.get("power")))
        return self._missed >= _MISSED and not ours

    async def glance(self) -> dict[str, Any]:
        """Return what ``fetch`` does, nothing where the device cannot be asked now.

        For who only looks: what is written must be read back. Raises ``ApiError`` if
        the account is refused.
        """
        try:
            return await self.fetch()
        except AuthError, LockedError:
            raise
        except ApiError:
            return {}

    def decode(self, raw: Mapping[str, Any], observed_at: datetime) -> Known:
        """Return what a document of settings says of it.

        One that was read without it leaves what was known, as assumed: also with a
        login, which cannot ask what was told with a token.
        """
        part = mapping(raw.get(PART))
        if not part:
            there = self.supported or self._sent
            assumed = frozenset(NUMBERS if there else self._last)
            return Known(values=self._last, assumed=assumed)
        values: dict[str, Value] = {
            AUTHORITY: switch(part.get("1")),
            ENABLED: switch(part.get("25")),
            POWER: _signed(part.get("27")),
            RESERVE: percent(part.get("24")),
        }
        values = {key: value for key, value in values.items() if value is not None}
        sent = self._sent
        assumed = frozenset[str]()
        if values.get(ENABLED):
            if (minutes := integer(part.get("26"), low=0)) is None:
                assumed = frozenset({UNTIL})
                values[UNTIL] = sent.get("until")
            else:
                values[UNTIL] = self._until(minutes, observed_at)
        else:
            values[UNTIL] = None
        self._last = values
        lost = self._lost(values, observed_at)
        return Known(values=values, assumed=assumed, lost=lost)

    def _lost(self, values: Values, observed_at: datetime) -> frozenset[str]:
        """Return what of a force the device has dropped by itself.

        All of it when its time is up, before that only the set point: what is no
        longer enabled was ended by somebody (control.md, section 3).
        """
        sent = self._sent
        if not integer(sent.get("power")):
            return frozenset()
        end = moment(sent.get("until"))
        over = end is not None and observed_at >= end - _SLACK
        set_point = values.get(ENABLED) and not values.get(POWER)
        dropped = FORCE if over else (POWER, UNTIL) if set_point else ()
        return frozenset(key for key in dropped if not values.get(key))

    async def apply(self, key: str, value: Value) -> None:
        """Send one value, once. Raises ``ApiError``.

        A reserve needs the authority, which is lent to it unless a force has it.
        """
        if key != RESERVE or self._last.get(AUTHORITY):
            await self._apply(key, value)
            return
        try:
            await self._apply(AUTHORITY, value=True)
            await self._apply(key, value)
        finally:
            with suppress(ApiError):
                await self._apply(AUTHORITY, value=False)

    async def _apply(self, key: str, value: Value) -> None:
        self._unread = True
        sent = dict(self._sent)
        told = int(value) if isinstance(value, int | float) else 0
        if key == UNTIL:
            told = self._minutes(str(value))
            sent |= {"until": value, "minutes": told}
        elif key == POWER:
            sent["power"] = told
        if key in (UNTIL, POWER):
            # Before it is sent: a crash must not make it somebody else's.
            self._notes.set(self._sent_note, sent)
            await self._notes.save()
        await self._pacer.wait(VPP_GAP)
        try:
            await self._setter.set_vpp(
                self._family, self._serial, NUMBERS[key], str(told)
            )
        except ApiError as err:
            if self._setter.vpp and isinstance(err, UnsupportedError) and says_no(err):
                await self._support.says_no()
            raise
        finally:
            self._pacer.done()
        self._last = {**self._last, key: value}

    def restorable(self, changes: Values) -> Values:
        """Return what of a put-back there is still to do.

        What was told with a token cannot be ended by a login; then it ends alone.
        """
        if not self._is_over:
            return changes
        return {key: value for key, value in changes.items() if not is_key(key)}

    def forced(self, settings: Settings, mark: Values) -> Values:
        """Return what would end a force of which only ``mark`` is known."""
        if not (ours := mark.get(POWER)) or self._is_over:
            return {}
        values = settings.values
        shown = values.get(ENABLED) and values.get(POWER) == ours
        return dict(NOTHING) if shown or ENABLED in settings.assumed else {}

    @property
    def _is_over(self) -> bool:
        """Whether what was told has ended, as far as nobody can ask any more."""
        end = moment(self._sent.get("until"))
        return not self._setter.vpp and (end is None or self._clock.now() >= end)

    def is_ours(self, values: Values) -> bool:
        """Return whether what is set now is what we have sent last."""
        return values.get(POWER) == self._sent.get("power")

    async def _read(self, key: str) -> Any:
        return await self._setter.read_vpp(self._family, self._serial, NUMBERS[key])

    def _minutes(self, until: str) -> int:
        """Return whole minutes from now, never 0: that would be without end."""
        end = moment(until)
        left = end - self._clock.now() if end is not None else timedelta()
        minutes = math.ceil(min(left, LONGEST) / timedelta(minutes=1))
        return max(1, minutes)

    def _until(self, minutes: int, observed_at: datetime) -> Value:
        """Return the end that we have sent if the device counts down to it.

        One that does not count down shows what was sent.
        """
        until = self._sent.get("until")
        end = moment(until)
        if end is None or not minutes:
            return None
        shown = observed_at + timedelta(minutes=minutes)
        counts = abs(shown - end) <= _SLACK
        return until if counts or minutes == self._sent.get("minutes") else None

    @property
    def _sent_note(self) -> str:
        return f"{self._serial}/vpp_sent"

    @property
    def _sent(self) -> Mapping[str, Any]:
        return mapping(self._notes.get(self._sent_note))


def check_free(base: Settings, vpp: Vpp) -> None:
    """Raise ``Refusal`` where remote control is not free.

    ``remote_unread``: nobody knows what it does now. ``remote_controlled``: somebody
    else leads the battery. What an energy company or another program has told it is
    not taken over: nobody could put it back with the rest of its duration.
    """
    if ENABLED in base.assumed:
        raise Refusal("remote_unread")
    values = base.values
    told = values.get(POWER)
    if (
        values.get(ENABLED)
        and told
        and isinstance(told, int)
        and not vpp.is_ours(values)
    ):
        raise Refusal("remote_controlled", percent=plain(told))


def _signed(raw: Any) -> int | None:
    """Return a percentage from -100 to 100, also one that was read without its sign."""
    found = integer(raw, low=-100, high=0xFFFF)
    if found is not None and found > 0x7FFF:
        found -= 0x10000
    return found if found is not None and -100 <= found <= 100 else None
