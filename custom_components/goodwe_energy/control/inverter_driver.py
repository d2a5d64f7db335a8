"""The driver of an inverter with a battery (reference sections 6.2 to 6.4)."""

from collections.abc import Callable, Set as AbstractSet
from datetime import datetime, tzinfo
from typing import Any, override

from .._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Range,
    Settings,
)
from .._vendor.core.control.following import follows
from .._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Intent,
    Kind,
    Leasable,
    SelfUse,
    SetMode,
    SetReserve,
    SetSchedule,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import minute_of
from . import named, plans, schedule
from .catalogue import (
    CHARGE_LIMIT,
    EXPORT,
    EXPORT_PERCENT,
    EXPORT_POWER,
    IMMEDIATE,
    IMMEDIATE_POWER,
    IMMEDIATE_SOC,
    OFFERED_MODES,
    OPERATION,
    RESERVE,
    RUNNING,
    RUNNING_MODE,
    SLOTS,
    TOU,
)
from .client import RemoteClient
from .controllee import Controllee
from .inverter_settings import TIMING, WRITES_PER_DAY, InverterSettings
from .power import range_of
from .slots import FLOOR, LATEST

_SELF_USE = OFFERED_MODES[0]
_WITHOUT_BATTERY = frozenset(
    {RUNNING, EXPORT, EXPORT_POWER, EXPORT_PERCENT, RUNNING_MODE}
)
_IMMEDIATE = (IMMEDIATE, IMMEDIATE_SOC, IMMEDIATE_POWER)


class InverterDriver(InverterSettings):
    """Leads the battery by immediate charging and by slots; sets all else."""

    def __init__(
        self,
        what: Controllee,
        client: RemoteClient,
        *,
        zone: tzinfo,
        has_battery: Callable[[], bool],
        battery_name: Callable[[], str] = str,
        **shared: Any,
    ) -> None:
        """``shared`` is what ``InverterSettings`` takes by name.

        ``zone`` is the station's, in which slots are; ``battery_name`` is what the
        portal logs the battery as (``translateCode``).
        """
        super().__init__(what, client, **shared)
        self._zone, self._has_battery = zone, has_battery
        self._sender.battery_name = battery_name

    @property
    @override
    def modes(self) -> tuple[str, ...]:
        found = self.discovery.found
        if found.dialect is None or not found.dialect.exclusive:
            return ()
        return plans.offered_modes(named.modes_of(found.cards))

    @property
    def has_slots(self) -> bool:
        """Whether there are slots, and a mode in which they count."""
        return self.has(SLOTS[0]) and (self.has(TOU) or self.has(OPERATION))

    @property
    @override
    def capabilities(self) -> Capabilities:
        intents = set(super().capabilities.intents)
        step = 1.0
        if self._has_battery():
            if IMMEDIATE in self._immediate or self.has_slots:
                intents |= {Kind.FORCE_CHARGE, Kind.SELF_USE}
            if self.has_slots:
                intents |= {Kind.FORCE_DISCHARGE, Kind.SET_SCHEDULE}
            if self.has(RESERVE):
                intents.add(Kind.SET_RESERVE)
            if self.has(OPERATION) and self.modes:
                intents.add(Kind.SET_MODE)
        return Capabilities(
            intents=frozenset(intents),
            timing=TIMING,
            power=range_of(self.what.rated, step),
            reserve=self.range_of(RESERVE),
            writes_per_day=WRITES_PER_DAY,
            self_use_mode=Kind.SET_MODE in intents,
        )

    @override
    def options(self, key: str) -> tuple[str, ...]:
        return self.modes if key == OPERATION else ()

    @override
    def _plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        context = plans.Context(
            now=now,
            zone=self._zone,
            dialect=self.discovery.found.dialect,
            soc=self._observe().soc,
            rated=self.what.rated,
            immediate=self._immediate,
            modes=self.modes,
        )
        match intent:
            case ForceCharge():
                return plans.charge(intent, base, context)
            case ForceDischarge():
                return plans.discharge(intent, base, context)
            case SelfUse():
                return Plan(target={OPERATION: _SELF_USE} if self.modes else {})
            case SetReserve():
                return plans.reserve(intent, base, self.range_of(RESERVE))
            case SetMode():
                return plans.mode(intent, context)
            case SetSchedule() if context.dialect is not None:
                return schedule.plan(intent, base, context.dialect, context.rated)
            case SetSchedule():
                raise Refusal("not_supported", can="-")
        return super()._plan(intent, base, now)

    @override
    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return what was known before; what was never told is ended."""
        known = dict(super().restorable(changes, settings))
        if IMMEDIATE in changes and changes[IMMEDIATE] is None:
            known[IMMEDIATE] = False
        return known

    @override
    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Return whether the battery does it; None if that cannot be seen.

        Nor can it in the last minute of the day, which no slot can cover.
        """
        minute = minute_of(self._clock.now().astimezone(self._zone))
        at_once = isinstance(intent, ForceCharge) and plans.is_at_once(
            intent, self._immediate
        )
        if not at_once and minute >= LATEST:
            return None
        return follows(
            intent,
            seen,
            rated=self.what.rated,
            floor=self._percent(RESERVE, FLOOR),
            ceiling=self._percent(CHARGE_LIMIT, 100),
        )

    @override
    def forced(self, settings: Settings, mark: Values) -> Values:
        """Return what would end a force of which only ``mark`` is known."""
        return plans.ends(settings, mark)

    @property
    def freeing(self) -> AbstractSet[str]:
        """The settings of which self-use is made."""
        return frozenset({OPERATION})

    def spared(self, put_back: Values) -> AbstractSet[str]:
        """Return what means nothing once immediate charging has ended."""
        if put_back.get(IMMEDIATE):
            return frozenset()
        return frozenset({IMMEDIATE_SOC, IMMEDIATE_POWER})

    def unseen(self, mark: Values) -> Values:
        """Return what ends what we began; what a slot was before is not known then."""
        return plans.ended(mark)

    @property
    def _immediate(self) -> dict[str, Range]:
        """What of immediate charging is listed now; menus can lose it."""
        functions = self.discovery.found.functions
        return {
            key: self.range_of(key)
            for key in _IMMEDIATE
            if key in functions and self._is_meant(key)
        }

    @override
    def _is_meant(self, key: str) -> bool:
        return self._has_battery() or key in _WITHOUT_BATTERY

    def _percent(self, key: str, usual: float) -> float:
        value: Value = self._values.get(key)
        return value if isinstance(value, int | float) else usual
