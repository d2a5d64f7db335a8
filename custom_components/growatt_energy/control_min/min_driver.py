"""The driver of one MIN, MOD or MID inverter (reference sections 6.2, 6.3, 6.6)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from .. import control_vpp as vpp, control_vpp_plans as vpp_plans
from .._vendor.core.client.budget import Budget
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import UnsupportedError
from .._vendor.core.control.book import Notes
from .._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Settings,
    Step,
)
from .._vendor.core.control.following import follows
from .._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    Intent,
    Leasable,
    Row,
    Value,
    Values,
)
from .._vendor.core.control.schedule import minute_of
from ..api.errors import NOT_SUPPORTED
from ..api.setter import Setter
from ..control_common import LATEST, Context, Pacer
from ..control_complete import Completeness
from ..control_settings import CLOCK, CLOCK_TYPE
from ..control_steps import apart, in_own_order
from ..families import Family
from . import segments, values as single
from .abilities import abilities
from .plans import ceiling_of, floor_of, plan
from .segments import EMPTY, KEYS
from .values import AC_CHARGE, CHARGE_POWER, DISCHARGE_POWER

# Where the settings are in the documents that have more than them (3.B, 3.F)
_BEANS = ("tlxSetbean", "tlxSetBean")
_LIMITS = (CHARGE_POWER, DISCHARGE_POWER)

type Fetch = Callable[[], Awaitable[Mapping[str, Any]]]
type OnRead = Callable[[Any, datetime], None]


class MinDriver:
    """Fits ``core.control.driver.Driver``."""

    def __init__(
        self,
        serial: str,
        setter: Setter,
        *,
        fetch: Fetch,
        on_read: OnRead,
        observe: Callable[[], Observation],
        zone: tzinfo,
        notes: Notes,
        clock: Clock,
        budget: Budget,
        rated_power: Callable[[], float | None],
        remote: bool = True,
    ) -> None:
        """Share what the inverter's documents use.

        ``fetch`` reads its settings as the cloud spells them, ``on_read`` is told of
        each document that was read, ``rated_power`` is in W. ``zone`` is the plant's.
        Without ``remote`` VPP is not used, whatever the model has.
        """
        self._serial, self._setter = serial, setter
        self._fetch, self._on_read, self._observe = fetch, on_read, observe
        self._zone, self._notes, self._clock = zone, notes, clock
        self._budget, self._rated_power = budget, rated_power
        self._pacer = Pacer(clock)
        self._vpp = vpp.Vpp(
            serial, Family.MIN, setter, pacer=self._pacer, notes=notes, clock=clock
        )
        self._remote = remote
        self._values: Values | None = None
        self._read_at: datetime | None = None
        self._complete = Completeness(serial, notes)

    @property
    def capabilities(self) -> Capabilities:
        """What the inverter can do, as far as its settings were read."""
        return abilities(self._values, rated=self._rated_power(), remote=self.remote)

    @property
    def remote(self) -> bool:
        """Whether forces are remote control; segments until that is known."""
        return self._remote and self._vpp.supported is True

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

    async def fetch(self) -> dict[str, Any]:
        """Return a document of the settings and what remote control does.

        The latter only if the device can be asked: the rest is the cloud's copy.
        Raises ``ApiError``.
        """
        return await self._document(self._vpp.glance)

    async def _document(self, ask: vpp.Ask) -> dict[str, Any]:
        async with self._pacer.turn:
            raw = dict(await self._fetch())
            if self._remote and (part := await ask()):
                raw[vpp.PART] = part
        return raw

    async def read(self) -> Settings:
        """Read the settings. Raises ``ApiError``."""
        with self._budget.for_write():
            raw = await self._document(self._vpp.fetch)
        received_at = self._clock.now()
        self._on_read(raw, received_at)
        return self.decode(raw, received_at)

    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        """Return settings that were read.

        Raises ``BadDataError`` (``settings_incomplete``) if there are none, or fewer
        than before.
        """
        document = mapping(raw)
        bean = settings_of(document)
        values = single.decode(bean) | segments.decode(bean)
        self._complete.check(values)
        known = self._vpp.decode(document, observed_at)
        values |= known.values
        if self._read_at is None or observed_at >= self._read_at:
            self._read_at, self._values = observed_at, values
            self._remember(values)
        return Settings(
            observed_at=observed_at,
            values=values,
            assumed=known.assumed | {CLOCK},
            volatile=known.lost,
            raw=document,
        )

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what an intent means. Raises ``Refusal``."""
        context = Context(
            now=now,
            zone=self._zone,
            soc=self._observe().soc,
            rated=self._rated_power(),
        )
        if self.remote and isinstance(intent, ForceCharge | ForceDischarge | Hold):
            vpp.check_free(base, self._vpp)
        return plan(intent, base, context, remote=self.remote)

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests: one key each, segments so that they never meet.

        Remote control comes after them when it begins, and before when it ends.
        """
        remote = _steps(vpp_plans.order(changes), changes)
        ordered = apart(
            [key for key in KEYS if key in settings.values],
            settings.values,
            changes,
            segments.spans,
        )
        windows = _steps(ordered, changes)
        first = [
            key for key in changes if key not in KEYS and not vpp_plans.is_key(key)
        ]
        return in_own_order(
            _steps(first, changes),
            *((remote, windows) if vpp_plans.ends(changes) else (windows, remote)),
        )

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send one request, once. Raises ``ApiError``."""
        async with self._pacer.turn:
            for key, value in step.values.items():
                await self._send(key, value)

    async def _send(self, key: str, value: Value) -> None:
        if vpp_plans.is_key(key):
            await self._vpp.apply(key, value)
            return
        type_, params = self._encoded(key, value)
        names = self._names(key, type_)
        for name in names:
            await self._pacer.wait()
            try:
                await self._setter.set(Family.MIN, self._serial, name, params)
            except UnsupportedError as err:
                if name == names[-1] or err.reason != NOT_SUPPORTED:
                    raise
                continue
            finally:
                self._pacer.done()
            if len(names) > 1:
                self._notes.set(f"{self._serial}/{key}_name", name)
            return

    def _names(self, key: str, type_: str) -> list[str]:
        """Return the names that a type may have, the likeliest first (6.2)."""
        if self._setter.padded or (other := single.V1_NAMES.get(key)) is None:
            return [type_]
        worked = self._notes.get(f"{self._serial}/{key}_name")
        return [type_, other] if worked == type_ else [other, type_]

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return what of a put-back may be: segments do not go over other ones."""
        changes = self._vpp.restorable(changes)
        kept = {k: v for k, v in settings.values.items() if k not in changes}
        held = [span for key in KEYS for span in segments.spans(kept.get(key))]
        return {
            key: value
            for key, value in changes.items()
            if key not in KEYS
            or not any(
                span.overlaps(other) for span in segments.spans(value) for other in held
            )
        }

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if the budget lacks so many writes."""
        self._setter.admit(Family.MIN, "vpp" if self.remote else "set")

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Return whether the battery does it; None if that cannot be seen.

        Nor can it in the last minute of the day, which no segment can cover.
        """
        minute = minute_of(self._clock.now().astimezone(self._zone))
        if not self.remote and minute >= LATEST:
            return None
        values = self._values or {}
        return follows(
            intent,
            seen,
            rated=self._rated_power(),
            floor=floor_of(values),
            ceiling=ceiling_of(values),
        )

    def forced(self, settings: Settings, mark: Values) -> Values:
        """Return what would end a force of which only ``mark`` is known."""
        values = settings.values
        found = dict(self._vpp.forced(settings, mark))
        for key in KEYS:
            if mark.get(key) is not None and values.get(key) == mark[key]:
                found[key] = list(EMPTY)
        for key in _LIMITS:
            if key in mark and values.get(key) == mark[key] == 0:
                found[key] = self._usual(key)
        return found

    def _encoded(self, key: str, value: Value) -> tuple[str, list[str]]:
        """Return type and parameters of a request."""
        if key == CLOCK:
            local = self._clock.now().astimezone(self._zone)
            return CLOCK_TYPE, [local.strftime("%Y-%m-%d %H:%M:%S")]
        if key in KEYS:
            return key, segments.params(value, padded=self._setter.padded)
        return key, [single.SETTINGS[key].wire(value)]

    def _remember(self, values: Values) -> None:
        """Note the power limits, which a hold would have to go back to."""
        for key in _LIMITS:
            if values.get(key) and values[key] != self._usual(key):
                self._notes.set(f"{self._serial}/{key}", values[key])

    def _usual(self, key: str) -> Value:
        """Return what a power limit was when it was last not 0."""
        noted = self._notes.get(f"{self._serial}/{key}")
        return noted if isinstance(noted, int) else 100


def settings_of(raw: Any) -> Mapping[str, Any]:
    """Return the settings in a document; none for a model that has none (3.B)."""
    document = mapping(raw)
    for name in _BEANS:
        if name in document:
            return mapping(document[name])
    return document


def read_schedule(settings: Settings) -> tuple[list[Row], dict[str, bool]]:
    """Return rows and switches in the words of ``SetSchedule``."""
    found = settings.values.get(AC_CHARGE)
    switches = {"ac_charge": found} if isinstance(found, bool) else {}
    return segments.rows(settings.values), switches


def _steps(keys: Sequence[str], changes: Values) -> list[Step]:
    return [Step(label=key, values={key: changes[key]}) for key in keys]
