"""The driver of devices that are led by periods (reference sections 6.4 to 6.6)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import permutations
import math
from typing import Any

from .. import control_vpp as vpp, control_vpp_plans as vpp_plans
from .._vendor.core.client.budget import Budget
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping
from .._vendor.core.control.book import Notes
from .._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Range,
    Settings,
    Step,
)
from .._vendor.core.control.following import follows
from .._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Intent,
    Kind,
    Leasable,
    Row,
    SelfUse,
    SetReserve,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import minute_of
from .._vendor.core.control.validate import WATTS
from ..api.setter import Setter
from ..control_common import LATEST, TIMING, WRITES_PER_DAY, Context, Pacer
from ..control_complete import Completeness
from ..control_settings import CLOCK, CLOCK_TYPE
from ..control_steps import in_own_order
from ..families import Family
from . import plans, schedule
from .groups import CHARGE, DISCHARGE, POWER, STOP_SOC, is_period
from .period import OFF
from .placing import stay_apart
from .store import EXPORT_LIMIT, SOC, Store, whole_soc

type Fetch = Callable[[], Awaitable[Mapping[str, Any]]]
type OnRead = Callable[[Any, datetime], None]

_ALWAYS = frozenset({Kind.SELF_USE, Kind.SET_VALUES})
_FORCES = frozenset({Kind.FORCE_CHARGE, Kind.FORCE_DISCHARGE})
_BY_PERIODS = frozenset({Kind.HOLD, Kind.SET_SCHEDULE})
_HELD = f"{DISCHARGE}.{POWER}"


class PeriodDriver:
    """Fits ``core.control.driver.Driver``; see ``sph_driver`` and ``spa_driver``."""

    _family: Family

    def __init__(
        self,
        serial: str,
        setter: Setter,
        store: Store,
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
        periods: bool = True,
    ) -> None:
        """Share what the device's documents use.

        ``fetch`` reads the settings by their read-back names, ``on_read`` is told of
        each document that was read, ``rated_power`` is in W, ``zone`` is the plant's.
        Without ``remote`` VPP is not used, without ``periods`` they are not written.
        """
        self._serial, self._setter, self._store = serial, setter, store
        self._fetch, self._on_read, self._observe = fetch, on_read, observe
        self._zone, self._clock, self._rated = zone, clock, rated_power
        self._notes, self._budget = notes, budget
        self._remote, self._periods = remote, periods
        self._pacer = Pacer(clock)
        self._vpp = vpp.Vpp(
            serial,
            self._family,
            setter,
            pacer=self._pacer,
            notes=notes,
            clock=clock,
        )
        self._complete = Completeness(serial, notes)
        self._values: Values = {}
        self._read_at: datetime | None = None

    @property
    def remote(self) -> bool:
        """Whether forces are remote control; periods until that is known."""
        return self._remote and self._vpp.supported is True

    @property
    def writes_periods(self) -> bool:
        """Whether periods, and what is sent with them, can be changed."""
        return self._periods

    @property
    def store(self) -> Store:
        """What can be set."""
        return self._store

    @property
    def capabilities(self) -> Capabilities:
        """What the device can do; whether by remote control, once it has said so."""
        intents = _ALWAYS
        if self._periods or self.remote:
            intents |= _FORCES
        if self._periods:
            intents |= _BY_PERIODS
        if any(EXPORT_LIMIT in request.settings for request in self._store.requests):
            intents |= {Kind.SET_EXPORT_LIMIT}
        # On the models whose reserve can be read
        reserves = self.remote and vpp_plans.RESERVE in self._values
        if reserves:
            intents |= {Kind.SET_RESERVE}
        rated = self._rated()
        return Capabilities(
            intents=intents,
            timing=TIMING,
            blocks=frozenset({HoldBlock.DISCHARGE} if self._periods else ()),
            power=Range(low=math.ceil(rated / 100), high=rated) if rated else WATTS,
            target_soc=SOC,
            reserve=vpp_plans.RESERVES if reserves else None,
            writes_per_day=WRITES_PER_DAY,
            self_use_mode=self.remote,
        )

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
        """Return settings that were read; what cannot be read is unknown.

        Raises ``BadDataError`` (``settings_incomplete``) if there are none, or fewer
        than before.
        """
        document = mapping(raw)
        values: dict[str, Value] = {}
        for group in self._store.groups:
            values |= group.read(document)
        for request in self._store.requests:
            values |= request.read(document)
        self._complete.check(values)
        told = self._vpp.decode(document, observed_at)
        values |= told.values
        if self._read_at is None or observed_at >= self._read_at:
            self._read_at, self._values = observed_at, values
            self._remember(values)
        return Settings(
            observed_at=observed_at,
            values=values,
            assumed=told.assumed | {CLOCK},
            volatile=told.lost,
            raw=document,
        )

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what an intent means. Raises ``Refusal``."""
        context = Context(
            now=now, zone=self._zone, soc=self._observe().soc, rated=self._rated()
        )
        values = base.values
        if isinstance(intent, SelfUse):
            return Plan(target=vpp_plans.self_use(values))
        if isinstance(intent, SetReserve):
            soc = whole_soc(intent.soc)
            return Plan(target={vpp_plans.RESERVE: soc}, effective={"soc": soc})
        if isinstance(intent, ForceCharge | ForceDischarge | Hold) and self.remote:
            vpp.check_free(base, self._vpp)
        if isinstance(intent, ForceCharge | ForceDischarge) and self.remote:
            plans.check_target(intent, context)
            return vpp_plans.force(intent, values, context)
        found = plans.plan(intent, values, context, self._store)
        if not self._periods and any(map(self._store.has, found.target)):
            raise Refusal("periods_unproven")
        self._store.check_sendable(found.target, values)
        return replace(found, ends=self._store.leased_meeting(found.target, base))

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests.

        Periods go in an order in which no two of them ever meet, if there is one.
        """
        told = [
            Step(label=key, values={key: changes[key]})
            for key in vpp_plans.order(changes)
        ]
        groups = [
            Step(label=group.side, values=values)
            for group in self._store.groups
            if (values := {k: changes[k] for k in group.keys if k in changes})
        ]
        single = [
            Step(label=request.type_, values=values)
            for request in self._store.requests
            if (values := {k: changes[k] for k in request.settings if k in changes})
        ]
        if CLOCK in changes:
            single.append(Step(label=CLOCK, values={CLOCK: changes[CLOCK]}))
        orders = [list(order) for order in permutations(groups)]
        apart = (order for order in orders if stay_apart(order, settings.values))
        return in_own_order(single, next(apart, groups), told)

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send one request, once. Raises ``ApiError``."""
        async with self._pacer.turn:
            await self._send(step, settings)

    async def _send(self, step: Step, settings: Settings) -> None:
        if vpp_plans.is_key(step.label):
            await self._vpp.apply(step.label, step.values[step.label])
            return
        type_, params = self._encoded(step, {**settings.values, **step.values})
        await self._pacer.wait()
        try:
            await self._setter.set(self._family, self._serial, type_, params)
        finally:
            self._pacer.done()

    def _encoded(self, step: Step, values: Values) -> tuple[str, list[str]]:
        padded = self._setter.padded
        if step.label == CLOCK:
            local = self._clock.now().astimezone(self._zone)
            return CLOCK_TYPE, [local.strftime("%Y-%m-%d %H:%M:%S")]
        for group in self._store.groups:
            if group.side == step.label:
                return group.type_, group.params(values, padded=padded)
        request = next(r for r in self._store.requests if r.type_ == step.label)
        return request.type_, request.params(values, padded=padded)

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return all of it: periods are put back whole, whatever else is there."""
        return self._vpp.restorable(changes)

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if no write could go now."""
        if requests:
            self._setter.admit(self._family, "vpp" if self.remote else "set")

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Return whether the battery does it; None if that cannot be seen.

        Nor can it in the last minute of the day, which no period can cover.
        """
        minute = minute_of(self._clock.now().astimezone(self._zone))
        if not self.remote and minute >= LATEST:
            return None
        ceiling = 100 if self.remote else self._percent(f"{CHARGE}.{STOP_SOC}", 100)
        floor = self._percent(f"{DISCHARGE}.{STOP_SOC}", 0)
        return follows(intent, seen, rated=self._rated(), floor=floor, ceiling=ceiling)

    def forced(self, settings: Settings, mark: Values) -> Values:
        """Return what would end a force of which only ``mark`` is known."""
        left: dict[str, Value] = {
            key: str(OFF)
            for key, value in mark.items()
            if is_period(key) and settings.values.get(key) == value
        }
        if mark.get(_HELD) == 0 == settings.values.get(_HELD):
            usual = self._notes.get(f"{self._serial}/{_HELD}")
            left |= {_HELD: usual} if isinstance(usual, int) else {}
        return {**self._vpp.forced(settings, mark), **left}

    def _remember(self, values: Values) -> None:
        """Note what the power was when it was last not that of a hold."""
        note = f"{self._serial}/{_HELD}"
        if values.get(_HELD) and values[_HELD] != self._notes.get(note):
            self._notes.set(note, values[_HELD])

    def _percent(self, key: str, usual: int) -> int:
        value = self._values.get(key)
        return value if isinstance(value, int) else usual


def read_schedule(
    settings: Settings, store: Store, rated: float | None
) -> tuple[list[Row], dict[str, bool]]:
    """Return periods and switches in the words of ``SetSchedule``."""
    rows = schedule.rows_of(settings.values, rated, store)
    return rows, schedule.switches_of(settings.values)
