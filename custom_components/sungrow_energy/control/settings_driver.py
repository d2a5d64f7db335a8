"""A device whose parameters can be set; fits ``core.control.driver.Driver``."""

from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Set as AbstractSet,
)
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping, mappings
from .._vendor.core.client.errors import BadDataError, WriteUnknown
from .._vendor.core.control.book import Notes
from .._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
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
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from . import export, steps
from .catalogue import (
    BY_KEY,
    COMMAND,
    EXPORT,
    EXPORT_POWER,
    EXPORT_RATIO,
    MODE,
    POWER,
    REBOOT,
    REBOOT_CODE,
    parameters_of,
)
from .controllee import Controllee, Writes
from .encode import checked, options
from .focus import Focus
from .heartbeat import Heartbeat, lead_of
from .parameter import Parameter
from .reader import Reader, complete, values_of
from .row import Row
from .scale import Scales
from .sender import Sender
from .support import Support
from .tasks import EXPIRE, GRACE, TASK_TIMEOUT, ParameterClient, TaskRunner
from .trial import Trials

TIMING = Timing(
    read_back=EXPIRE + GRACE,
    reaction=600.0,
    pauses=(2.0, 5.0, 10.0, 20.0),
    too_soon=(15.0, 30.0),
)
WRITES_PER_DAY = 60
_EXPORT = frozenset({EXPORT, EXPORT_POWER, EXPORT_RATIO})


class SettingsDriver:
    """What inverters, loggers and energy managers have in common."""

    def __init__(
        self,
        what: Controllee,
        client: ParameterClient,
        *,
        notes: Notes,
        clock: Clock,
        budget: Writes,
        admit: Callable[[int], None],
        observe: Callable[[], Observation],
        on_read: Callable[[Any, datetime], None],
        logger_limits: Callable[[], bool] = lambda: False,
        firmware: Callable[[], str] = str,
    ) -> None:
        """Begin without any settings.

        ``admit`` raises ``ThrottledError`` if the budget lacks so many requests;
        ``on_read`` is told of each document that was read; ``logger_limits`` tells
        whether a logger of the plant owns the export limit (section 6.5), ``firmware``
        the versions of the device, empty if nobody knows.
        """
        self.what = what
        self._clock, self._budget, self._admit = clock, budget, admit
        self._observe, self._on_read = observe, on_read
        self._logger_limits = logger_limits
        self.runner = TaskRunner(what.uuid, client, clock)
        leading = {BY_KEY[key].code for key in (MODE, COMMAND, POWER)}
        self.support = Support(what.uuid, notes, clock, leading)
        self.scales = Scales(what.serial, notes, firmware)
        self._reader = Reader(self.runner, self.support)
        trials = Trials(what.serial, self.runner, self.scales, notes, clock)
        self._sender = Sender(what.type, self.runner, self.scales, trials, clock)
        self._possible = list(parameters_of(what.type))
        self._more: list[Parameter] = []
        # Whether all was read that is regularly read, and not only a part for a lease
        self._is_whole = False
        self._rows: dict[str, Row] = {}
        # What of it was read in this run, and not only stored by another one
        self._seen: set[str] = set()
        # What of it was asked for in vain: how it is now is unknown
        self._silent: set[str] = set()
        self._focus = Focus(clock, TIMING.read_back)
        self._lead = lead_of(what.type)
        beat = BY_KEY[self._lead.heartbeat].code
        self.heartbeat = Heartbeat(what.uuid, self.runner, clock, notes, beat)

    @property
    def parameters(self) -> list[Parameter]:
        """What was read of the device, with what is only read when it is asked for."""
        return [
            one
            for one in self._possible
            if complete(one, self._rows) and self._is_meant(one.key)
        ]

    @property
    def _polled(self) -> list[Parameter]:
        """What is regularly read."""
        return [one for one in self._possible if one.listed or one in self._more]

    @property
    def capabilities(self) -> Capabilities:
        """Its settings can be set."""
        intents = {Kind.SET_VALUES}
        if self._has(EXPORT) and not self._logger_limits():
            intents.add(Kind.SET_EXPORT_LIMIT)
        return Capabilities(
            intents=frozenset(intents), timing=TIMING, writes_per_day=WRITES_PER_DAY
        )

    def options(self, parameter: Parameter) -> tuple[str, ...]:
        """Return what of its choices the device takes."""
        row = self._rows.get(parameter.code)
        return options(parameter, row) if row is not None else ()

    def names(self, parameter: Parameter) -> Mapping[str, str]:
        """Return what the device calls its choices, by what is on the wire."""
        row = self._rows.get(parameter.code)
        return row.names if row is not None else {}

    def observation(self) -> Observation:
        """Return what is known without asking."""
        return self._observe()

    async def check(self) -> bool:
        """Return whether its parameters can be read and written. Raises ``ApiError``."""
        return await self.runner.check(write=False) and await self.runner.check(
            write=True
        )

    @contextmanager
    def including(self, parameters: Iterable[Parameter]) -> Iterator[None]:
        """Read more parameters with the others, as long as that takes."""
        more = [one for one in parameters if one in self._possible and not one.listed]
        self._more += more
        try:
            yield
        finally:
            for one in more:
                self._more.remove(one)

    async def fetch(self) -> dict[str, Any]:
        """Return a document of all that is regularly read. Raises ``ApiError``."""
        return await self._fetch(self._polled)

    async def ask(self, parameters: Sequence[Parameter]) -> dict[str, Value]:
        """Return the values of some parameters, as they are now. Raises ``ApiError``."""
        await self._fetch(parameters)
        values = values_of(parameters, self._told)
        return {one.key: values[one.key] for one in parameters if one.key in values}

    async def _fetch(
        self, parameters: Sequence[Parameter], *, must: bool = False
    ) -> dict[str, Any]:
        rows = await self._reader.read(parameters, must=must)
        if not rows:
            raise BadDataError("settings are missing", reason="settings_incomplete")
        rows |= await self._sender.settle(rows)
        asked = {code for parameter in parameters for code in parameter.codes}
        expected = (self._rows.keys() - asked) | set(
            filter(self.support.expects, asked)
        )
        self._rows = {c: r for c, r in self._rows.items() if c in expected} | rows
        self._silent = (self._silent | asked) - rows.keys()
        self._seen = (self._seen | rows.keys()) - self._silent
        self._is_whole |= parameters == self._polled
        return {"param_list": [row.dump() for row in self._told.values()]}

    @property
    def _told(self) -> dict[str, Row]:
        """What was read, and is not silent now."""
        return {c: row for c, row in self._rows.items() if c not in self._silent}

    async def read(self) -> Settings:
        """Ask for the settings. Raises ``ApiError``.

        Just after a write these are those that it has changed, and what was read of
        the others before it.
        """
        return await self._read(self._focus.narrowed(self._polled), must=False)

    async def read_part(self, keys: AbstractSet[str]) -> Settings:
        """Ask for some settings, whatever is with the others. Raises ``ApiError``."""
        return await self._read(self._focus.widened(self._possible, keys), must=True)

    async def _read(self, chosen: Sequence[Parameter], *, must: bool) -> Settings:
        with self._budget.for_write():
            raw = await self._fetch(chosen, must=must)
        received_at = self._clock.now()
        if self._is_whole:
            self._on_read(raw, received_at)
        found = self.decode(raw, received_at)
        with self._budget.for_write():
            await self._sender.check(self._focus.missed(found), self._told)
        self._focus.seen(found)
        return found

    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        """Return settings that were read; what cannot be read is unknown.

        Raises ``BadDataError`` (``settings_incomplete``) if there are none.
        """
        document = mapping(raw)
        found = [Row.of(item) for item in mappings(document.get("param_list"))]
        rows = {row.code: row for row in found if row is not None}
        if not self._rows:
            self._rows, self._is_whole = rows, True
        values = values_of(self._possible, rows)
        if not values:
            raise BadDataError("settings are missing", reason="settings_incomplete")
        mode = values.get(self._lead.mode, self._lead.modes[0])
        if mode not in self._lead.modes and not self._focus.awaits(self._lead.mode):
            self.heartbeat.want(on=False)
        return Settings(observed_at=observed_at, values=values, raw=document)

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what to set. Raises ``Refusal``."""
        match intent:
            case SetExportLimit():
                return export.plan(intent, base.values, self._fit)
            case SetValues():
                return Plan(target=self._edited(intent, base.values))
        return Plan(target={})

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into tasks."""
        return steps.grouped(changes)

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send one task, once; power whose scale is not sure takes another before.

        A mode in which the device is led comes with a heartbeat, and beats from then on.
        Raises ``ApiError``.
        """
        mode = step.values.get(self._lead.mode)
        led = mode in self._lead.modes
        if led:
            values = {**self._lead.beat(settings.values), **step.values}
            step = replace(step, values=values)
        await self._sender.wait(step.values)
        rows = {code: row for code, row in self._rows.items() if code in self._seen}
        try:
            with self._budget.for_write():
                self._focus.on(step.values)
                await self._sender.send(step, settings.values, rows)
        except WriteUnknown:
            if led:
                self.heartbeat.want(on=True)
            raise
        if mode is not None:
            self.heartbeat.want(on=led)

    async def reboot(self) -> None:
        """Have an inverter start again. Raises ``ApiError``."""
        with self._budget.for_write():
            try:
                await self.runner.write([(REBOOT_CODE, REBOOT)])
            except WriteUnknown as err:
                # It has the task, and does not answer while it starts.
                if err.reason != TASK_TIMEOUT:
                    raise

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return all of it, but power that could not be told and means nothing then."""
        return self._sender.going_back(changes, settings.values, self._told)

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if no write could go now."""
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
        return key not in _EXPORT or not self._logger_limits()

    def _has(self, *keys: str) -> bool:
        """Return whether all of some settings were read."""
        return all(complete(BY_KEY[key], self._rows) for key in keys)

    def _edited(self, intent: SetValues, values: Values) -> dict[str, Value]:
        target: dict[str, Value] = {}
        for edit in intent.edits:
            target |= edit({**values, **target})
        return {
            key: value
            if key in values and values[key] == value
            else self._fit(key, value)
            for key, value in target.items()
        }

    def _fit(self, key: str, value: Value) -> Value:
        """Return a value as the device can hold it. Raises ``Refusal``, ``ApiError``."""
        if not self._is_meant(key):
            raise Refusal("export_by_logger" if key in _EXPORT else "no_battery")
        parameter = BY_KEY.get(key)
        rows = complete(parameter, self._rows) if parameter is not None else None
        if rows is not None and not self._silent.isdisjoint(r.code for r in rows):
            raise BadDataError(f"{key} is missing", reason="settings_incomplete")
        if parameter is None or rows is None or not parameter.writable:
            raise Refusal("unknown_setting", setting=key)
        raws = self.scales.candidates(parameter, rows[0])
        return checked(parameter, value, rows, raws)
