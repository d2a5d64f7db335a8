"""The driver of one system's battery: reads and writes the store that governs it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from ._vendor.core.client.budget import Budget
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.decode import mapping
from ._vendor.core.client.errors import WriteUnknown
from ._vendor.core.control.book import Notes
from ._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Range,
    Settings,
    Step,
    Timing,
)
from ._vendor.core.control.intent import (
    ForceCharge,
    Hold,
    HoldBlock,
    Intent,
    Kind,
    Leasable,
    Row,
    Values,
)
from ._vendor.core.control.schedule import minute_of
from ._vendor.core.control.validate import check_range
from .api.client import AlphaEssClient
from .driver import ScheduleMode
from .stores import (
    legacy,
    legacy_plan,
    periodic,
    periodic_body,
    periodic_plan,
    put_back,
)
from .stores.common import LATEST, Context, incomplete, switches_of

RATED_POWER = 5000
LEAST_POWER = 100
# Below this the battery rests: measurements are not exact.
RESTING = 100.0
TIMING = Timing(read_back=40, reaction=360, too_soon=(30, 60))
# About 30 per direction (reference 6.10)
WRITES_PER_DAY = 60

type Fetch = Callable[[], Awaitable[dict[str, Any]]]
type OnRead = Callable[[Any, datetime], None]


class SystemDriver:
    """Fits ``core.control.driver.Driver``."""

    def __init__(
        self,
        serial: str,
        client: AlphaEssClient,
        *,
        fetch: Fetch,
        on_read: OnRead,
        observe: Callable[[], Observation],
        zone: tzinfo,
        notes: Notes,
        inverter_power: Callable[[], float | None],
        clock: Clock,
        budget: Budget,
        assume_enabled: bool = False,
    ) -> None:
        """Share what the system's documents use.

        ``fetch`` reads the governing store (``{"periodic": ...}`` or both legacy
        sides), ``on_read`` is told of each document that was read, ``inverter_power``
        is in W. ``assume_enabled``: a side of the periodic store that has periods and
        was never written by us counts as enabled (reference 6.6).
        """
        self._serial, self._client = serial, client
        self._fetch, self._on_read, self._observe = fetch, on_read, observe
        self._zone, self._notes, self._inverter_power = zone, notes, inverter_power
        self._clock, self._budget = clock, budget
        self._assume_enabled = assume_enabled
        self._mode = ScheduleMode.UNKNOWN
        self._most_power = 0
        self._in_doubt: dict[str, Any] | None = None

    @property
    def mode(self) -> ScheduleMode:
        """Which store governed the system when it was last read."""
        return self._mode

    @property
    def capabilities(self) -> Capabilities:
        """What the governing store can hold; of either, while it is unknown.

        A plan is made of settings that were read: it refuses what they cannot hold.
        """
        periodic_only = self._mode is ScheduleMode.PERIODIC
        soc = Range(low=periodic.LEAST_LIMIT if periodic_only else 0, high=100)
        # What a period already has was taken by the vendor, whatever the rating.
        most = max(self.rated_power, self._most_power)
        if self._mode is ScheduleMode.UNKNOWN:
            most = periodic_plan.MOST_POWER
        return Capabilities(
            intents=frozenset(
                {
                    Kind.FORCE_CHARGE,
                    Kind.HOLD,
                    Kind.SELF_USE,
                    Kind.SET_RESERVE,
                    Kind.SET_SCHEDULE,
                    Kind.SET_VALUES,
                }
            ),
            timing=TIMING,
            blocks=frozenset({HoldBlock.DISCHARGE, HoldBlock.BOTH}),
            power=None
            if self._mode is ScheduleMode.LEGACY
            else Range(low=LEAST_POWER, high=most),
            target_soc=soc,
            reserve=soc,
            writes_per_day=WRITES_PER_DAY,
        )

    @property
    def rated_power(self) -> int:
        """The inverter's power in W, or what most have if it is unknown."""
        rated = self._inverter_power()
        return int(rated) if rated and rated >= LEAST_POWER else RATED_POWER

    def observation(self) -> Observation:
        """Return what is known without asking."""
        return self._observe()

    async def read(self) -> Settings:
        """Read the governing store. Raises ``ApiError``."""
        with self._budget.for_write():
            raw = await self._fetch()
        received_at = self._clock.now()
        self._on_read(raw, received_at)
        in_doubt = self._in_doubt is not None
        settings = self.decode(raw, received_at)
        if in_doubt and self._in_doubt is None:
            await self._notes.save()
        return settings

    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        """Return a store that was read.

        Raises ``BadDataError`` (``settings_incomplete``) if a part of it is unknown.
        """
        document = mapping(raw)
        if isinstance(wire := document.get("periodic"), dict):
            self._mode = ScheduleMode.PERIODIC
            self._settle(wire)
            values = periodic.decode(document, self._flags, assume=self._assume_enabled)
            self._most_power = periodic.most_power(values)
            return Settings(
                observed_at=observed_at,
                values=values,
                assumed=periodic.ASSUMED,
                raw=document,
                store=ScheduleMode.PERIODIC.value,
                exhaustive=True,
            )
        if "charge" not in document or "discharge" not in document:
            raise incomplete("the schedule")
        self._mode = ScheduleMode.LEGACY
        return Settings(
            observed_at=observed_at,
            values=legacy.decode(document),
            raw=document,
            store=ScheduleMode.LEGACY.value,
        )

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what an intent means in the store of ``base``. Raises ``Refusal``."""
        context = Context(
            now=now,
            zone=self._zone,
            soc=self._observe().soc,
            rated=self.rated_power,
        )
        if not _is_periodic(base):
            return legacy_plan.plan(intent, base, context)
        if isinstance(intent, ForceCharge) and (power := self.capabilities.power):
            check_range(intent.power, power, "power_range")
        now_set = periodic.decode(
            mapping(base.raw), self._flags, assume=self._assume_enabled
        )
        flags = {key: now_set[key] for key in periodic.FLAGS if key in now_set}
        return periodic_plan.plan(intent, base, replace(context, flags=flags))

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests; the periodic store takes one for all.

        Raises ``BadDataError`` (``store_changed``) if the other store governs now.
        """
        if _is_periodic(settings):
            return periodic.steps(changes)
        return legacy.steps(changes)

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send the whole object with the step's changes, once. Raises ``ApiError``."""
        if _is_periodic(settings):
            await self._apply_periodic(
                periodic_body.body(step, settings, memo, self._flags), settings
            )
            return
        config = legacy.body(step, mapping(settings.raw), memo)
        if step.label == "charge":
            await self._client.set_charge_config(self._serial, config)
        else:
            await self._client.set_discharge_config(self._serial, config)

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return what of a put-back may be: periods do not go over other ones.

        The legacy store takes all of it. Raises ``BadDataError``.
        """
        if _is_periodic(settings):
            return put_back.restorable(changes, settings)
        return changes

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if the budget lacks so many writes."""
        self._budget.require(requests, write=True)

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Return whether the battery does it; None if that cannot be seen.

        A reserve is not watched: many models ignore the cut-off. Nor is the time until
        midnight that no window can cover.
        """
        if minute_of(self._clock.now().astimezone(self._zone)) >= LATEST:
            return None
        power = seen.battery
        match intent:
            case ForceCharge():
                target = 100 if intent.target_soc is None else intent.target_soc
                if seen.soc is not None and seen.soc >= target:
                    return True
                return None if power is None else power <= -RESTING
            case Hold(block=HoldBlock.BOTH):
                return None if power is None else abs(power) < RESTING
            case Hold():
                return None if power is None else power < RESTING
        return None

    def forced(self, settings: Settings, mark: Values) -> Values:
        """Return what would end a force of which only ``mark`` is known."""
        if _is_periodic(settings):
            return periodic.forced(settings.values, mark)
        return legacy.forced(settings.values, mark)

    async def _apply_periodic(self, config: dict[str, Any], settings: Settings) -> None:
        """Send the periodic store and note its flags, which cannot be read."""
        try:
            await self._client.set_periodic_config(self._serial, config)
        except WriteUnknown:
            # Whoever sees these periods has the proof that it has arrived after all.
            if periodic.lists_in(config) != periodic.lists_in(settings.raw["periodic"]):
                self._in_doubt = config
            raise
        self._note_flags(config)
        await self._notes.save()

    def _note_flags(self, config: Mapping[str, Any]) -> None:
        self._in_doubt = None
        self._notes.set(self._flags_note, periodic.flags_in(config))

    def _settle(self, wire: Mapping[str, Any]) -> None:
        """Note the flags of a write without an answer once its periods are seen."""
        sent = self._in_doubt
        if sent is not None and periodic.lists_in(sent) == periodic.lists_in(wire):
            self._note_flags(sent)

    @property
    def _flags_note(self) -> str:
        return f"{self._serial}/flags"

    @property
    def _flags(self) -> Mapping[str, Any]:
        return mapping(self._notes.get(self._flags_note))


def read_schedule(settings: Settings) -> tuple[list[Row], dict[str, bool]]:
    """Return rows and switches of a store in the words of ``SetSchedule``.

    Windows that are off are no rows; a switch that is unknown is left out.
    """
    store = periodic if _is_periodic(settings) else legacy
    return store.rows(settings.values), switches_of(settings.values)


def _is_periodic(settings: Settings) -> bool:
    return "periodic" in mapping(settings.raw)
