"""The drivers of an EV charger and of the house connection (reference 3.14 to 3.17)."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, override

from ._vendor.core.client.budget import Budget
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.decode import mapping
from ._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Settings,
    Step,
    Timing,
)
from ._vendor.core.control.intent import (
    Intent,
    Kind,
    Leasable,
    SetValues,
    Value,
    Values,
)
from ._vendor.core.control.outcome import Refusal
from .api.client import AlphaEssClient
from .api.models import ChargerStatus, charger_status, household_current
from .battery import WRITES_PER_DAY
from .stores.common import whole

CHARGING = "charging"
# Told again though it would charge if it could: nothing that is read shows that.
_RESUME = "resume"
CURRENT = "current"
_SUSPENDED = frozenset({ChargerStatus.SUSPENDED_EVSE, ChargerStatus.SUSPENDED_EV})
# What the charger does with a car that is allowed to charge, now or when it can
_ON = _SUSPENDED | {ChargerStatus.CHARGING}
# The vendor names no range (UNCERTAIN); this is what is known to be taken, A.
LEAST_CURRENT = 6
MOST_CURRENT = 32


class _SettingDriver:
    """A device with one setting that can be read; fits ``core.control.driver.Driver``."""

    _key: str
    _timing: Timing
    _writes_per_day: int | None
    _assumed: frozenset[str] = frozenset()

    def __init__(
        self,
        serial: str,
        client: AlphaEssClient,
        *,
        on_read: Callable[[Any, datetime], None],
        observe: Callable[[], Observation],
        clock: Clock,
        budget: Budget,
    ) -> None:
        """``serial`` is the system's; ``on_read`` is told of each document read."""
        self._serial, self._client = serial, client
        self._on_read, self._observe = on_read, observe
        self._clock, self._budget = clock, budget

    @property
    def capabilities(self) -> Capabilities:
        """Its setting can be set, nothing more."""
        return Capabilities(
            intents=frozenset({Kind.SET_VALUES}),
            timing=self._timing,
            writes_per_day=self._writes_per_day,
        )

    def observation(self) -> Observation:
        """Return what is known without asking."""
        return self._observe()

    async def read(self) -> Settings:
        """Ask for the setting. Raises ``ApiError``."""
        with self._budget.for_write():
            raw = await self._fetch()
        received_at = self._clock.now()
        self._on_read(raw, received_at)
        return self.decode(raw, received_at)

    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        """Return a document that was read; what it does not tell is unknown."""
        value = self._decode(mapping(raw))
        values = {} if value is None else {self._key: value}
        return Settings(
            observed_at=observed_at, values=values, assumed=self._assumed, raw=raw
        )

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what to set. Raises ``Refusal``."""
        if not isinstance(intent, SetValues):
            return Plan(target={})
        target: dict[str, Value] = {}
        for edit in intent.edits:
            target |= edit({**base.values, **target})
        for key, value in target.items():
            if key != self._key:
                raise Refusal("unknown_setting", setting=key)
            target[key] = self._checked(value)
        return Plan(target=target)

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Return the one request."""
        return [Step(label=self._key, values=changes)] if changes else []

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send it, once. Raises ``ApiError``."""
        await self._send(next(iter(step.values.values())))

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Nothing else is set here that could stand in the way."""
        return changes

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if the budget lacks so many writes."""
        self._budget.require(requests, write=True)

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Nothing here is leased."""
        return None

    def forced(self, settings: Settings, mark: Values) -> Values:
        """Nothing here is leased."""
        return {}

    @abstractmethod
    async def _fetch(self) -> dict[str, Any]: ...

    @abstractmethod
    def _decode(self, raw: Mapping[str, Any]) -> Value: ...

    @abstractmethod
    def _checked(self, value: Value) -> Value: ...

    @abstractmethod
    async def _send(self, value: Any) -> None: ...


class ChargerDriver(_SettingDriver):
    """One EV charger: whether it charges, or would if it could."""

    _key = CHARGING
    _assumed = frozenset({_RESUME})
    _writes_per_day = None  # an order, nothing that is kept in a memory
    _timing = Timing(read_back=60, reaction=60, too_soon=(30, 60))

    def __init__(
        self, serial: str, charger: str, client: AlphaEssClient, **shared: Any
    ) -> None:
        """``serial`` is the system's, ``charger`` the charger's own."""
        super().__init__(serial, client, **shared)
        self._charger = charger

    @override
    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what to set. Raises ``Refusal``.

        A charge that is suspended may still be started: states are no bar (6.4).
        """
        plan = super().plan(intent, base, now)
        suspended = charger_status(mapping(base.raw)) in _SUSPENDED
        if suspended and plan.target.get(CHARGING) is True:
            return replace(plan, target={**plan.target, _RESUME: True})
        return plan

    @override
    async def _fetch(self) -> dict[str, Any]:
        return await self._client.charger_status(self._serial, self._charger)

    @override
    def _decode(self, raw: Mapping[str, Any]) -> Value:
        status = charger_status(raw)
        if status is None or status is ChargerStatus.FAULTED:
            return None
        return status in _ON

    @override
    def _checked(self, value: Value) -> Value:
        if not isinstance(value, bool):
            raise Refusal("unknown_setting", setting=f"{CHARGING}: {value}")
        return value

    @override
    async def _send(self, value: Any) -> None:
        await self._client.control_charger(
            self._serial, self._charger, start=bool(value)
        )


class HouseholdDriver(_SettingDriver):
    """The house connection's current in whole A, which the chargers must not exceed."""

    _key = CURRENT
    _writes_per_day = WRITES_PER_DAY
    _timing = Timing(read_back=40, reaction=60, too_soon=(30, 60))

    @override
    async def _fetch(self) -> dict[str, Any]:
        return await self._client.household_current(self._serial)

    @override
    def _decode(self, raw: Mapping[str, Any]) -> Value:
        return whole(household_current(raw))

    @override
    def _checked(self, value: Value) -> Value:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not LEAST_CURRENT <= value <= MOST_CURRENT
        ):
            raise Refusal("current_range", low=LEAST_CURRENT, high=MOST_CURRENT)
        if value != int(value):
            raise Refusal("current_whole")
        return int(value)

    @override
    async def _send(self, value: Any) -> None:
        await self._client.set_household_current(self._serial, int(value))
