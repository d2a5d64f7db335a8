"""The driver of a hybrid inverter (reference sections 6.2 to 6.5)."""

from collections.abc import Callable, Set as AbstractSet
from datetime import datetime
from typing import Any, override

from .._vendor.core.control.book import Notes
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
    Hold,
    HoldBlock,
    Intent,
    Kind,
    Leasable,
    SetExportLimit,
    SetMode,
    SetSchedule,
    SetValues,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from . import plans, schedule
from .catalogue import (
    BY_KEY,
    CHARGE_LIMIT,
    COMMAND,
    COMPULSORY,
    EXPORT,
    HEARTBEAT,
    MAX_CHARGE,
    MAX_DISCHARGE,
    MODE,
    POWER,
    RESERVE,
    SELF_CONSUMPTION,
    STOP,
)
from .controllee import Controllee
from .observing import FORCED, FREE
from .sender import is_heeded
from .settings_driver import TIMING, WRITES_PER_DAY, SettingsDriver
from .tasks import ParameterClient

# What every one of them can do at least, in W (6.2)
_USUAL_MOST = 5000.0
_LEAST = 100.0
_LEADING = frozenset({MODE, COMMAND})
_FORCES = frozenset(
    {
        Kind.FORCE_CHARGE,
        Kind.FORCE_DISCHARGE,
        Kind.HOLD,
        Kind.SELF_USE,
        Kind.SET_MODE,
    }
)
# What leads a battery: on a plant without one it can stop the inverter (6.5).
_OF_BATTERY = frozenset({MODE, COMMAND, POWER, CHARGE_LIMIT, RESERVE})


class SungrowDriver(SettingsDriver):
    """Leads the battery by compulsory mode, and sets what an inverter has."""

    def __init__(
        self,
        what: Controllee,
        client: ParameterClient,
        *,
        notes: Notes,
        has_battery: Callable[[], bool],
        status: Callable[[], str | None],
        **shared: Any,
    ) -> None:
        """``shared`` is what ``SettingsDriver`` takes by name.

        ``status`` tells the slug of the operating status.
        """
        super().__init__(what, client, notes=notes, **shared)
        self._has_battery, self._status = has_battery, status
        self._values: Values = {}

    @property
    def leads(self) -> bool:
        """Whether there is a battery, and it can be led."""
        return self._has_battery() and all(
            self._has(key) or self.support.stays(BY_KEY[key].code)
            for key in (MODE, COMMAND, POWER)
        )

    @property
    def modes(self) -> tuple[str, ...]:
        """The vendor's own modes that it can be told."""
        known = self.options(BY_KEY[MODE])
        return tuple(mode for mode in plans.LED_MODES if mode in known)

    @property
    @override
    def capabilities(self) -> Capabilities:
        intents = {Kind.SET_VALUES}
        battery = self._has_battery()
        if self.leads:
            intents |= _FORCES
        if battery and self._has(RESERVE):
            intents.add(Kind.SET_RESERVE)
        if battery and self._has(MAX_CHARGE, MAX_DISCHARGE):
            intents.add(Kind.SET_LIMITS)
        if battery and self._has(*schedule.KEYS):
            intents.add(Kind.SET_SCHEDULE)
        if self._has(EXPORT) and not self._logger_limits():
            intents.add(Kind.SET_EXPORT_LIMIT)
        return Capabilities(
            intents=frozenset(intents),
            timing=TIMING,
            blocks=frozenset({HoldBlock.BOTH}),
            power=Range(low=_LEAST, high=self._most, step=100),
            reserve=BY_KEY[RESERVE].allowed,
            writes_per_day=WRITES_PER_DAY,
            self_use_mode=self.leads,
        )

    @override
    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        found = super().decode(raw, observed_at)
        self._values = found.values
        return Settings(
            observed_at=observed_at,
            values=found.values,
            raw=found.raw,
            fallback=plans.FREE,
        )

    @override
    async def read_part(self, keys: AbstractSet[str]) -> Settings:
        if not keys.isdisjoint(_LEADING):
            # They are read together, so that none of them is older than the others.
            keys = {*keys, *_LEADING, POWER}
        return await super().read_part(keys)

    @override
    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        if isinstance(intent, SetExportLimit | SetValues):
            return super().plan(intent, base, now)
        self._check_led(intent, base)
        if isinstance(intent, SetSchedule):
            return schedule.plan(intent, base.values, self._fit)
        context = plans.Context(
            fit=self._fit, soc=self._observe().soc, most=self._most, modes=self.modes
        )
        return plans.plan(intent, base.values, context)

    @override
    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return all of it; where the battery is let go, no command is left (6.3)."""
        mode = changes.get(MODE, settings.values.get(MODE))
        if mode is None:
            # Nobody knows which mode the power is for, and it can wait.
            changes = {key: value for key, value in changes.items() if key != POWER}
        changes = super().restorable(changes, settings)
        if mode in (None, SELF_CONSUMPTION) and not changes.keys().isdisjoint(_LEADING):
            return {**changes, COMMAND: STOP}
        return changes

    @override
    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Return whether the battery does it; None if that cannot be seen.

        What the sun or the house makes it do looks the same: the mode must tell, too.
        """
        status = self._status()
        if status in FREE:
            return False
        found = follows(
            intent,
            seen,
            rated=self._most,
            floor=self._percent(RESERVE, 0),
            ceiling=self._percent(CHARGE_LIMIT, 100),
        )
        if found is False and status in FORCED and seen.battery is None:
            return None
        return found

    @override
    def forced(self, settings: Settings, mark: Values) -> Values:
        """Return what would end a force of which only ``mark`` is known."""
        if mark.get(MODE) == COMPULSORY == settings.values.get(MODE):
            return plans.FREE
        return {}

    @property
    def freeing(self) -> AbstractSet[str]:
        """The settings of which self-use is made."""
        return _LEADING

    def spared(self, put_back: Values) -> AbstractSet[str]:
        """Return the power of a put-back after which nothing heeds it."""
        return frozenset() if is_heeded(POWER, put_back) else frozenset({POWER})

    def unseen(self, mark: Values) -> Values:
        """Return what frees the battery; what leads it then was ours."""
        return plans.FREE if mark.get(MODE) == COMPULSORY else {}

    @property
    def _most(self) -> float:
        """The most that a force can be told, in W."""
        return self.what.rated or _USUAL_MOST

    @override
    def _is_meant(self, key: str) -> bool:
        if not super()._is_meant(key):
            return False
        return self._has_battery() or key not in _OF_BATTERY | _BATTERY_KEYS

    def _check_led(self, intent: Intent, base: Settings) -> None:
        """Raise ``Refusal`` if a force would meet somebody else who leads it.

        Raises ``BadDataError`` if nobody knows who does.
        """
        mode = base.values.get(MODE)
        forced = isinstance(intent, ForceCharge | ForceDischarge | Hold)
        # Where we have changed the mode for a lease, what was before was ours.
        mine = self.heartbeat.wanted or MODE in base.leased
        if forced or isinstance(intent, SetMode):
            base.require(_LEADING)
        if forced and mode in plans.LED_MODES and not mine:
            raise Refusal("led_by_other", mode=mode)

    def _percent(self, key: str, usual: float) -> float:
        value = self._values.get(key)
        return value if isinstance(value, int | float) else usual


_BATTERY_KEYS = frozenset(
    key
    for key in BY_KEY
    if key.startswith("forced_charging")
    or key in {MAX_CHARGE, MAX_DISCHARGE, HEARTBEAT, "battery_first"}
)
