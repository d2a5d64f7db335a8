"""The driver of an inverter without a battery: run or stop, and the export limit.

Fits ``core.control.driver.Driver``.
"""

from collections.abc import Callable, Mapping, Sequence, Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import ApiError, WriteUnknown
from .._vendor.core.control.book import Notes
from .._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Range,
    Settings,
    Step,
    Timing,
)
from .._vendor.core.control.intent import (
    Intent,
    Kind,
    Leasable,
    SetExportLimit,
    SetValues,
    Values,
    end_of,
)
from . import registers, single, steps
from .catalogue import (
    COMMANDS,
    EXPORT,
    EXPORT_PERCENT,
    EXPORT_POWER,
    PEAK_POWER,
    RUNNING,
    SETTINGS,
)
from .client import RemoteClient
from .controllee import Controllee, Writes
from .discovery import Discovery
from .matching import command_of
from .sender import Sender
from .setting import Setting
from .settings_reader import NAMED, SettingsReader, Status

# A write is acknowledged by the device: what is read right after it is new (6.3).
TIMING = Timing(
    read_back=60.0, reaction=180.0, pauses=(2.0, 10.0, 30.0), too_soon=(25.0, 20.0)
)
WRITES_PER_DAY = 60
# In a memo: what is changed is put back
_LEASED = "leased"
_OF_ANY = frozenset({RUNNING, EXPORT, EXPORT_POWER, EXPORT_PERCENT})


class InverterSettings:
    """What all inverters have in common."""

    def __init__(
        self,
        what: Controllee,
        client: RemoteClient,
        *,
        notes: Notes,
        clock: Clock,
        budget: Writes,
        admit: Callable[[int], None],
        observe: Callable[[], Observation],
        on_read: Callable[[Any, datetime], None],
        status: Callable[[], Status | None] = lambda: None,
        battery: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Begin with what an earlier run has found out.

        ``admit`` raises ``ThrottledError`` if nothing may be sent now, ``on_read`` is
        told of each document that was read, ``status`` tells whether the device's
        says that it runs, ``battery`` the index of its battery system.
        """
        self.what = what
        self._clock, self._budget, self._admit = clock, budget, admit
        self._observe, self._on_read, self._status = observe, on_read, status
        self.discovery = Discovery(
            what.serial, client, notes=notes, clock=clock, battery=battery
        )
        self._reader = SettingsReader(what.serial, client, self.discovery, notes)
        self._sender = Sender(what, client, self.discovery)
        self._values: Values = {}
        self._there: frozenset[str] = frozenset()

    @property
    def capabilities(self) -> Capabilities:
        """Its settings can be set."""
        intents = {Kind.SET_VALUES}
        if self.has(EXPORT):
            intents.add(Kind.SET_EXPORT_LIMIT)
        return Capabilities(
            intents=frozenset(intents), timing=TIMING, writes_per_day=WRITES_PER_DAY
        )

    @property
    def settings(self) -> list[Setting]:
        """What this device has, as far as it was read."""
        return [one for one in SETTINGS if self.has(one.key)]

    @property
    def commands(self) -> tuple[str, ...]:
        """What it can be told that is no setting."""
        functions = self.discovery.found.functions
        return tuple(key for key in COMMANDS if command_of(key) in functions)

    @property
    def modes(self) -> tuple[str, ...]:
        """The exclusive modes that it can be told."""
        return ()

    def has(self, *keys: str) -> bool:
        """Return whether all of some settings are there."""
        return all(key in self._there and self._is_meant(key) for key in keys)

    def range_of(self, key: str) -> Range:
        """Return what a number may be."""
        found = self.discovery.found
        allowed = registers.range_of(key, found.functions)
        if key == PEAK_POWER and found.dialect is not None:
            return replace(allowed, high=found.dialect.most_peak)
        return allowed

    def options(self, key: str) -> tuple[str, ...]:
        """Return what can be chosen."""
        return ()

    def diagnostics(self) -> dict[str, Any]:
        """Return what was found out about the device, without any serial."""
        found = self.discovery.found
        return {
            "work_mode_version": found.dialect and found.dialect.version,
            "cards": None if found.cards is None else sorted(found.cards),
            "menu_keys": list(found.menu_keys),
            # Ids are the device's own
            "functions": {
                key: {name: it for name, it in one.dump().items() if name != "id"}
                for key, one in sorted(found.functions.items())
            },
        }

    def observation(self) -> Observation:
        """Return what is known without asking."""
        return self._observe()

    async def discover(self, *, force: bool = False) -> None:
        """Find out what it has, if it is time to. Raises ``ApiError``."""
        await self.discovery.renew(force=force)

    async def fetch(self) -> dict[str, Any]:
        """Return a document of what is set. Raises ``ApiError``."""
        await self.discover()
        return await self._reader.fetch()

    async def read(self) -> Settings:
        """Read what is set. Raises ``ApiError``."""
        return await self._read(None)

    async def read_part(self, keys: AbstractSet[str]) -> Settings:
        """Read the kinds of settings that some are of. Raises ``ApiError``."""
        return await self._read(keys)

    async def _read(self, keys: AbstractSet[str] | None) -> Settings:
        with self._budget.for_write():
            await self.discover()
            document = await self._reader.fetch(keys)
        at = self._clock.now()
        self._on_read(self._reader.whole(document), at)
        return self.decode(document, at)

    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        """Return what a document that was read means."""
        settings = self._reader.decode(mapping(raw), observed_at, self._status())
        values = {
            key: value for key, value in settings.values.items() if self._is_meant(key)
        }
        self._values = {**self._values, **values}
        self._there |= settings.values.keys() | settings.assumed
        return replace(settings, values=values)

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what an intent means. Raises ``Refusal``."""
        plan = self._plan(intent, base, now)
        if end_of(intent) is None:
            return plan
        return replace(plan, memo={**plan.memo, _LEASED: True})

    def _plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        ranges = {one.key: self.range_of(one.key) for one in self.settings}
        match intent:
            case SetExportLimit():
                return single.export_limit(intent, base, ranges)
            case SetValues():
                dialect = self.discovery.found.dialect
                return single.plan(intent, base, ranges, self.modes, dialect)
        return Plan(target={})

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests."""
        return steps.grouped(changes)

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send one request, once. Raises ``ApiError``."""
        raw = mapping(mapping(settings.raw).get(NAMED))
        leased = memo.get(_LEASED) is True
        before = await self._reader.begins(step.values, settings.values, leased=leased)
        try:
            with self._budget.for_write():
                await self._sender.send(step.values, settings.values, raw)
        except WriteUnknown:
            self._reader.unanswered(step.values, self._clock.now())
            raise
        except ApiError:
            self._reader.refused(before)
            raise
        self._reader.told(step.values, self._clock.now(), leased=leased)

    async def command(self, key: str) -> None:
        """Press a button. Raises ``ApiError``."""
        with self._budget.for_write():
            await self._sender.command(key)

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return what of a put-back was known before."""
        return {key: value for key, value in changes.items() if value is not None}

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if nothing may be sent now."""
        if requests:
            self._admit(requests)

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """No battery is led here."""
        return None

    def forced(self, settings: Settings, mark: Values) -> Values:
        """No battery is led here."""
        return {}

    def _is_meant(self, key: str) -> bool:
        """Return whether a setting of this device means anything."""
        return key in _OF_ANY
