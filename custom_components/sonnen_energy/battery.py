"""The driver of one battery (reference section 6)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from . import writable
from ._vendor.core.client.budget import Budget
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.decode import mapping
from ._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    NotPermittedError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from ._vendor.core.control.book import Notes
from ._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Settings,
    Step,
)
from ._vendor.core.control.intent import (
    Hold,
    HoldBlock,
    Intent,
    Leasable,
    Value,
    Values,
)
from .abilities import TIMING, abilities
from .api.client import SonnenClient
from .api.configurations import Configurations
from .following import follows
from .memory import MANUAL_FROM, Memory
from .modes import MANUAL, SELF_CONSUMPTION
from .plans import Context, plan
from .sending import Sender
from .set_points import (
    CHARGE,
    DIRECTIONS,
    DISCHARGE,
    Direction,
    Evidence,
    SetPoints,
)
from .telling import FetchEvidence, Teller
from .writable import MODE, RESERVE

# Names the steps that take back what is of no use outside manual mode.
_LEFT = ", left"

type Fetch = Callable[[], Awaitable[dict[str, Any]]]
type OnRead = Callable[[Any, datetime], None]


class BatteryDriver:
    """Fits ``core.control.driver.Driver``."""

    def __init__(
        self,
        serial: str,
        client: SonnenClient,
        *,
        fetch: Fetch,
        fetch_evidence: FetchEvidence,
        evidence: Callable[[], Evidence | None],
        on_read: OnRead,
        observe: Callable[[], Observation],
        notes: Notes,
        clock: Clock,
        budget: Budget,
    ) -> None:
        """Share what the battery's documents use.

        ``fetch`` reads all settings, ``on_read`` is told of each such document;
        ``evidence`` is the newest that is known of the power that is asked for, and
        ``fetch_evidence`` asks for it, None if that cannot be read.
        """
        self._client, self._fetch, self._on_read = client, fetch, on_read
        self._fetch_evidence, self._evidence = fetch_evidence, evidence
        self._observe, self._notes = observe, notes
        self._clock, self._budget = clock, budget
        self._points = SetPoints(serial, notes)
        self._teller = Teller(
            client,
            self._points,
            fetch_evidence=fetch_evidence,
            pauses=TIMING.pauses,
            notes=notes,
            clock=clock,
            budget=budget,
        )
        self._memory = Memory(serial, notes)
        self._sender = Sender(client, self._memory)
        self._values: Values = {}
        self._lost = False
        self._read_at: datetime | None = None
        self._manual_asked: datetime | None = None
        # When the battery did not answer, until it is known what it has kept
        self._away: datetime | None = None
        self._most: int | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the battery can do; how much, as soon as it has said so."""
        return abilities(self._most)

    @property
    def modes(self) -> frozenset[str]:
        """The modes that the battery has had, as it calls them."""
        return self._memory.found

    @property
    def not_restored(self) -> str | None:
        """The mode that it refused to be put back to: now it goes by itself."""
        return self._memory.not_restored

    def observation(self) -> Observation:
        """Return what is known without asking."""
        seen = self._observe()
        if not seen.reachable:
            self._away = self._clock.now()
        return seen

    async def read(self) -> Settings:
        """Read the settings, and what the set points do if that may be told.

        Raises ``ApiError``.
        """
        with self._budget.for_write():
            raw = await self._fetch()
            received_at = self._clock.now()
            if self._points.wants_evidence(received_at):
                await self._fetch_evidence()
        self._on_read(raw, received_at)
        return self.decode(raw, received_at)

    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        """Return settings that were read.

        Raises ``BadDataError`` (``settings_incomplete``) without an operating mode.
        """
        document = mapping(raw)
        configurations = Configurations.from_wire(document)
        values = writable.decode(configurations)
        if MODE not in values:
            raise BadDataError(
                "the operating mode is missing", reason="settings_incomplete"
            )
        power = configurations.inverter_max_power
        self._most = int(power) if power is not None else None
        evidence = self._evidence()
        known = self._points.known(values, observed_at, evidence)
        values |= known.values
        if self._read_at is None or observed_at >= self._read_at:
            self._read_at, self._values = observed_at, values
            self._lost = bool(known.lost)
            self._memory.seen(str(values[MODE]))
            if self._away is not None and observed_at > self._away:
                after = evidence is not None and evidence.at > self._away
                if after or not self._points.drive or not self._is_manual:
                    self._away = None
        return Settings(
            observed_at=observed_at,
            values=values,
            assumed=known.assumed,
            volatile=known.lost,
            # After its nightly reset the battery goes by itself (6.4).
            fallback={MODE: SELF_CONSUMPTION},
            raw=document,
        )

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what an intent means. Raises ``Refusal``."""
        context = Context(
            soc=self._observe().soc,
            most=self._most,
            found=self.modes,
            way_back=self._memory.way_back,
        )
        return plan(intent, base, context)

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests: one key each, set points after the mode.

        Of the set points that which is to be nothing goes first (6.4).
        """
        points = sorted(
            (key for key in (DISCHARGE, CHARGE) if key in changes),
            key=lambda key: bool(changes[key]),
        )
        others = [key for key in changes if key not in (MODE, *DIRECTIONS)]
        # A schedule is there before its mode begins (6.5).
        order = [*others, *(key for key in (MODE,) if key in changes), *points]
        left = _LEFT if changes.get(MODE, MANUAL) != MANUAL else ""
        return [
            Step(
                label=f"{key}{left}" if key in points else key,
                values={key: changes[key]},
            )
            for key in order
        ]

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send one request. Raises ``ApiError``."""
        for key, value in step.values.items():
            try:
                if key in DIRECTIONS:
                    await self._tell_or_leave(
                        key, value, memo, left=step.label.endswith(_LEFT)
                    )
                else:
                    await self._set(key, value, memo)
            except NotPermittedError as err:
                if err.reason != "write_api_off":
                    raise
                # Reading is allowed and writing is not: a person must be told.
                raise UnsupportedError(
                    str(err), code=err.code, reason=err.reason
                ) from err

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return all of it, and the set points if manual mode is left.

        Else they would come back to life with that mode (6.4).
        """
        left = settings.values.get(MODE) == MANUAL
        if left and changes.get(MODE, MANUAL) != MANUAL:
            return {**changes, **dict.fromkeys(DIRECTIONS)}
        return changes

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if the budget lacks so many writes."""
        self._budget.require(requests, write=True)

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Return whether the battery does it; None if that cannot be seen.

        Nor is one blamed that has lost what it was told: it is told again.
        """
        manual = not isinstance(intent, Hold) or intent.block is HoldBlock.BOTH
        if self._away is not None:
            return None
        if manual and (self._lost or not self._is_manual):
            return None
        most = float(self._most or 0)
        # Set points do not mind the reserve: who rests by them gives nothing at all.
        resting = isinstance(intent, Hold) and self._is_manual
        reserve = 100.0 if resting else self._reserve
        found = follows(intent, seen, most=most, reserve=reserve)
        if found is False and self._points.fresh(self._clock.now()):
            return None
        return found

    def forced(self, settings: Settings, mark: Values) -> Values:
        """Return what would end a force of which only ``mark`` is known."""
        values = settings.values
        if mark.get(MODE) == MANUAL and values.get(MODE) == MANUAL:
            return {MODE: self._memory.way_back, **dict.fromkeys(DIRECTIONS)}
        held, before = mark.get(RESERVE), self._memory.reserve
        if held is None or before in (None, held) or values.get(RESERVE) != held:
            return {}
        return {RESERVE: before}

    async def _set(self, key: str, value: Value, memo: Mapping[str, Any]) -> None:
        if key == MODE and value == MANUAL:
            self._manual_asked = self._clock.now()
            self._points.due(self._manual_asked)
            await self._notes.save()
        await self._sender.set(key, value, memo)

    async def _tell_or_leave(
        self, direction: Direction, value: Value, memo: Mapping[str, Any], *, left: bool
    ) -> None:
        """Tell a direction its power.

        If an old one may have come back with manual mode, that is left again, for the
        mode before or what is next to it: ``WriteRejected`` or ``WriteUnverified``.
        """
        try:
            await self._tell(direction, value, left=left)
        except WriteUnknown as err:
            if (before := memo.get(MANUAL_FROM)) is None or left:
                raise
            try:
                await self._sender.set(MODE, before, memo)
            except ApiError:
                raise err from None
            message = f"manual mode was left again, its set point is in doubt: {err}"
            if self.not_restored != before:
                raise WriteRejected(message) from err
            raise WriteUnverified(message) from err

    async def _tell(self, direction: Direction, value: Value, *, left: bool) -> None:
        """Tell a direction its power in W; None is 0.

        Where manual mode is left (``left``) it may fail: the mode decides (6.4).
        """
        watts = value if isinstance(value, int) else 0
        if value is not None:
            await self._see_manual()
        try:
            await self._teller.tell(direction, watts)
        except WriteRejected, NotPermittedError, WriteUnknown:
            if not left or watts:
                raise

    async def _see_manual(self) -> None:
        """Wait until the battery is in manual mode: only then it keeps to a set point.

        Raises ``WriteUnverified`` if it stays in another one, ``WriteUnknown`` if that
        cannot be read.
        """
        if self._is_manual:
            return
        read = False
        for pause in (0.0, *TIMING.pauses):
            if pause:
                await self._clock.sleep(pause)
            try:
                settings = await self.read()
            except ApiError:
                continue
            if settings.values[MODE] == MANUAL:
                return
            read = True
        if read:
            raise WriteUnverified("the battery is not in manual mode")
        raise WriteUnknown("the battery cannot be read", reason="unreadable")

    @property
    def _is_manual(self) -> bool:
        """Whether manual mode was read, after it was asked for."""
        asked, read = self._manual_asked, self._read_at
        if read is None or (asked is not None and read <= asked):
            return False
        return self._values.get(MODE) == MANUAL

    @property
    def _reserve(self) -> float:
        value = self._values.get(RESERVE)
        return float(value) if isinstance(value, int) else 0.0
