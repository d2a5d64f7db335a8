"""A device with settings only; fits ``core.control.driver.Driver``."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from .._vendor.core.client.budget import Budget
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import ApiError, BadDataError, UnsupportedError
from .._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Range,
    Settings,
    Step,
)
from .._vendor.core.control.intent import (
    Intent,
    Kind,
    Leasable,
    SetValues,
    Value,
    Values,
)
from ..api.errors import OFFLINE
from ..api.setter import Setter
from ..control_common import TIMING, WRITE_GAP, WRITES_PER_DAY, Pacer
from ..control_settings import (
    CLOCK,
    Request,
    check_clock,
    check_complete,
    edited,
    setting_of,
)
from ..families import Family

type Fetch = Callable[[], Awaitable[Mapping[str, Any]]]
type OnRead = Callable[[Any, datetime], None]


class SettingsDriver:
    """What string inverters, MAX, storage and NOAH have in common."""

    _gap = WRITE_GAP
    _timing = TIMING
    _clock_type: str | None = None
    # What is read one by one from the device, where the cloud has no copy of it
    _live: tuple[str, ...] = ()

    def __init__(
        self,
        serial: str,
        setter: Setter,
        family: Family,
        requests: Sequence[Request],
        *,
        fetch: Fetch,
        on_read: OnRead,
        observe: Callable[[], Observation],
        zone: tzinfo,
        clock: Clock,
        budget: Budget,
        rated_power: Callable[[], float | None] = lambda: None,
    ) -> None:
        """Share what the device's documents use.

        ``fetch`` reads the settings by their read-back names, ``on_read`` is told of
        each document that was read, ``rated_power`` is in W, ``zone`` is the plant's.
        """
        self._serial, self._setter, self._family = serial, setter, family
        self._requests = tuple(requests)
        self._fetch_copy, self._on_read, self._observe = fetch, on_read, observe
        self._zone, self._clock, self._rated = zone, clock, rated_power
        self._pacer, self._budget = Pacer(clock), budget
        self._reads_live = bool(self._live)

    @property
    def capabilities(self) -> Capabilities:
        """Its settings can be set, nothing more."""
        return Capabilities(
            intents=self._intents,
            timing=self._timing,
            reserve=self._reserve,
            writes_per_day=WRITES_PER_DAY,
        )

    @property
    def live(self) -> bool:
        """Whether the device itself is asked for its settings."""
        return self._reads_live

    @property
    def _intents(self) -> frozenset[Kind]:
        return frozenset({Kind.SET_VALUES})

    @property
    def _reserve(self) -> Range | None:
        return None

    @property
    def requests(self) -> Sequence[Request]:
        """What can be set, by request."""
        return self._requests

    @property
    def zone(self) -> tzinfo:
        """The plant's, in which its times of day are meant."""
        return self._zone

    @property
    def pacer(self) -> Pacer:
        """Keeps the gap between writes to it, also those of others."""
        return self._pacer

    def observation(self) -> Observation:
        """Return what is known without asking."""
        return self._observe()

    async def fetch(self) -> Mapping[str, Any]:
        """Return the settings: of the device itself if it can be asked (3.A).

        While its datalogger is offline they are the cloud's copy, where there is one.
        Raises ``ApiError``.
        """
        async with self._pacer.turn:
            try:
                return await self._document()
            except ApiError as err:
                if err.reason != OFFLINE or not self._reads_live:
                    raise
                copy = await self._fetch_copy()
                if not self._decode(copy):
                    raise
                return copy

    async def _document(self) -> Mapping[str, Any]:
        if self._reads_live:
            try:
                return await self._fetch_live()
            except UnsupportedError:
                self._reads_live = False
        return await self._fetch_copy()

    async def read(self) -> Settings:
        """Ask for the settings. Raises ``ApiError``."""
        with self._budget.for_write():
            async with self._pacer.turn:
                raw = await self._document()
        received_at = self._clock.now()
        self._on_read(raw, received_at)
        return self.decode(raw, received_at)

    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        """Return settings that were read; what cannot be read is unknown.

        Raises ``BadDataError`` (``settings_incomplete``) if there are none.
        """
        document = mapping(raw)
        values = self._decode(document)
        if not values:
            raise BadDataError("settings are missing", reason="settings_incomplete")
        return Settings(
            observed_at=observed_at,
            values=values,
            assumed=frozenset({CLOCK}) if self._clock_type else frozenset(),
            raw=document,
        )

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what to set. Raises ``Refusal``."""
        if not isinstance(intent, SetValues):
            return Plan(target={})
        target = edited(intent.edits, base.values)
        for key, value in target.items():
            if value != base.values.get(key):
                target[key] = self._checked(key, value)
        self._check_complete(target, base.values)
        return Plan(target=target)

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests."""
        found = [
            Step(label=request.type_, values=values)
            for request in self._requests
            if (values := {k: changes[k] for k in request.settings if k in changes})
        ]
        if CLOCK in changes:
            found.append(Step(label=CLOCK, values={CLOCK: changes[CLOCK]}))
        return found

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send one request, once. Raises ``ApiError``."""
        async with self._pacer.turn:
            await self._pacer.wait(self._gap)
            try:
                await self._send(step, {**settings.values, **step.values})
            finally:
                self._pacer.done()

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Nothing else is set here that could stand in the way."""
        return changes

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if no write could go now."""
        if requests:
            self._setter.admit(self._family)

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """No battery is led here."""
        return None

    def forced(self, settings: Settings, mark: Values) -> Values:
        """No battery is led here."""
        return {}

    def _decode(self, document: Mapping[str, Any]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for request in self._requests:
            values |= request.read(document)
        return values

    def _checked(self, key: str, value: Value) -> Value:
        if key == CLOCK and self._clock_type:
            return check_clock(value)
        return setting_of(self._requests, key).check(key, value)

    def _check_complete(self, target: Values, values: Values) -> None:
        """Raise ``Refusal`` if a request lacks a value that nobody knows (6.1)."""
        changes = {key for key, value in target.items() if values.get(key) != value}
        for request in self._requests:
            if changes.intersection(request.settings):
                check_complete(request.unknown({**values, **target}))

    async def _fetch_live(self) -> dict[str, Any]:
        return {
            name: await self._setter.read_named(self._family, self._serial, name)
            for name in self._live
        }

    async def _send(self, step: Step, values: Values) -> None:
        type_, params = self._encoded(step, values)
        await self._setter.set(self._family, self._serial, type_, params)

    def _encoded(self, step: Step, values: Values) -> tuple[str, list[str]]:
        if step.label == CLOCK:
            local = self._clock.now().astimezone(self._zone)
            return str(self._clock_type), [local.strftime("%Y-%m-%d %H:%M:%S")]
        request = next(r for r in self._requests if r.type_ == step.label)
        return request.type_, request.params(values, padded=self._setter.padded)
