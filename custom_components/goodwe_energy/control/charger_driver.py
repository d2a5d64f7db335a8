"""The driver of an EV charger (reference sections 3.14 and 6.5).

Fits ``core.control.driver.Driver``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping, number
from .._vendor.core.client.errors import ApiError, WriteRejected
from .._vendor.core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Range,
    Settings,
    Step,
    Timing,
    is_clamped,
)
from .._vendor.core.control.intent import (
    Intent,
    Kind,
    Leasable,
    SetValues,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.validate import check_range
from ..api.errors import DEVICE_BUSY
from ..enums import slug
from .client import ChargerClient
from .controllee import Controllee, Writes

CHARGING, MODE, POWER = "charging", "charge_mode", "charge_power"
FAST = "fast"
MODES = (FAST, "pv", "pv_battery")
# A change shows after 60 to 90 s; what does not is told once more (6.5).
_SHOWN_AFTER = 90.0
TIMING = Timing(read_back=200.0, reaction=200.0, pauses=(20.0, 20.0, 15.0))
# Two readings that far apart must be the same: some fall back without a word.
_STEADY = 10.0
_BUSY_TRIES, _BUSY_PAUSE = 3, 2.0
# Less a car does not take: 6 A on one phase
_LEAST, _MOST = 1.4, 22.0
_STATUS = ("status", "statusCode", "chargeStatus")
_PLUG = ("workstate", "workState", "carState")
_MODE = ("chargeMode", "mode", "workMode")
_POWER = ("chargePowerSetted", "chargeMaxPower")
_RATED = ("ratedMaxiChargePower", "ratedMaxChargePower")


@dataclass(slots=True)
class _Sent:
    """What was acknowledged and is not known to have stayed."""

    values: Values
    before: Values
    at: float
    again: bool = False


class ChargerDriver:
    """One charger: whether it charges, in which mode, and how fast."""

    def __init__(
        self,
        what: Controllee,
        client: ChargerClient,
        *,
        clock: Clock,
        budget: Writes,
        admit: Callable[[int], None],
        observe: Callable[[], Observation],
        on_read: Callable[[Any, datetime], None],
    ) -> None:
        """``admit`` raises ``ThrottledError`` if nothing may be sent now."""
        self.what = what
        self._client, self._clock, self._budget = client, clock, budget
        self._admit, self._observe, self._on_read = admit, observe, on_read
        self._sent: _Sent | None = None
        self._rated: float | None = None
        self._power: float | None = None
        self._there: frozenset[str] = frozenset()

    @property
    def capabilities(self) -> Capabilities:
        """Its settings can be set."""
        return Capabilities(
            intents=frozenset({Kind.SET_VALUES}), timing=TIMING, writes_per_day=None
        )

    @property
    def power(self) -> Range:
        """What it can be told, in kW."""
        return Range(low=_LEAST, high=self._rated or _MOST, step=0.1)

    def has(self, key: str) -> bool:
        """Return whether a setting was ever read."""
        return key in self._there

    def observation(self) -> Observation:
        """Return what is known without asking."""
        return self._observe()

    async def fetch(self) -> dict[str, Any]:
        """Return a document of what is set. Raises ``ApiError``."""
        what = self.what
        return dict(
            await self._client.charger(what.station_id, what.serial, what.model or None)
        )

    async def read(self) -> Settings:
        """Read what is set. Raises ``ApiError``.

        Soon after a change what it was about is only told once it stays.
        """
        with self._budget.for_write():
            found = await self._read()
            sent = self._sent
            if sent is None or self._is_over(sent, found):
                # A later order has nothing to do with it
                self._sent = None
                return found
            return await self._settled(found, sent)

    async def _read(self) -> Settings:
        raw = await self.fetch()
        at = self._clock.now()
        self._on_read(raw, at)
        return self.decode(raw, at)

    def _is_over(self, sent: _Sent, found: Settings) -> bool:
        """Whether nobody waits for it any more, or the charger made another number."""
        return self._clock.monotonic() - sent.at > TIMING.read_back or any(
            is_clamped(found.values.get(key), value, sent.before.get(key))
            for key, value in sent.values.items()
        )

    async def _settled(self, found: Settings, sent: _Sent) -> Settings:
        if not found.shows(sent.values):
            if self._clock.monotonic() - sent.at >= _SHOWN_AFTER and not sent.again:
                sent.again = True
                await self._send(sent.values, found.values)
            return found
        await self._clock.sleep(_STEADY)
        second = await self._read()
        if second.shows(sent.values):
            self._sent = None
            return second
        values = {k: v for k, v in second.values.items() if k not in sent.values}
        return replace(second, values=values)

    def decode(self, raw: Any, observed_at: datetime) -> Settings:
        """Return what a document that was read means."""
        document = mapping(raw)
        values: dict[str, Value] = {}
        status = slug("charger_status", _first(document, _STATUS))
        if status is not None and status not in {"offline", "unavailable"}:
            values[CHARGING] = status == "charging"
        if (mode := slug("charge_mode", _first(document, _MODE))) is not None:
            values[MODE] = mode
        if (power := number(_first(document, _POWER), low=0)) is not None:
            values[POWER] = shown = round(power, 1)
            if shown >= _LEAST:
                self._power = shown
        self._rated = number(_first(document, _RATED), low=_LEAST) or self._rated
        self._there |= values.keys()
        return Settings(observed_at=observed_at, values=values, raw=document)

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what to set. Raises ``Refusal``."""
        if not isinstance(intent, SetValues):
            return Plan(target={})
        target: dict[str, Value] = {}
        for edit in intent.edits:
            target |= edit({**base.values, **target})
        found = {key: self._fit(key, value) for key, value in target.items()}
        if POWER in found and {**base.values, **found}.get(MODE) != FAST:
            # With a power the charger would fall back to it (6.5)
            raise Refusal("needs_other", setting=POWER, other=f"{MODE}: {FAST}")
        if found.get(CHARGING) is True and _is_free(mapping(base.raw)):
            raise Refusal("no_car")
        if (
            found.get(MODE) == FAST
            and self._fast_power({**base.values, **found}) is None
        ):
            raise Refusal("unknown_setting", setting=POWER)
        return Plan(target=found)

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests: mode and power are one."""
        mode = {key: changes[key] for key in (MODE, POWER) if key in changes}
        charging = {key: changes[key] for key in (CHARGING,) if key in changes}
        return [
            Step(label=label, values=values)
            for label, values in ((MODE, mode), (CHARGING, charging))
            if values
        ]

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send one request, once. Raises ``ApiError``."""
        with self._budget.for_write():
            self._sent = None
            try:
                await self._send(step.values, settings.values)
            except WriteRejected:
                raise
            except ApiError:
                self._note(step.values, settings.values)
                raise
            self._note(step.values, settings.values)

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Nothing else is set here that could stand in the way."""
        return changes

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if nothing may be sent now."""
        if requests:
            self._admit(requests)

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Nothing here is leased."""
        return None

    def forced(self, settings: Settings, mark: Values) -> Values:
        """Nothing here is leased."""
        return {}

    def _note(self, values: Values, before: Values) -> None:
        at = self._clock.monotonic()
        self._sent = _Sent(values=values, before=before, at=at)

    def _fast_power(self, after: Values) -> float | None:
        """Return kW to charge fast with: as set, as it was last set, or as rated."""
        return number(after.get(POWER), low=_LEAST) or self._power or self._rated

    def _fit(self, key: str, value: Value) -> Value:
        if key not in self._there:
            raise Refusal("unknown_setting", setting=key)
        if key == CHARGING and isinstance(value, bool):
            return value
        if key == MODE and value in MODES:
            return value
        if key == POWER and isinstance(value, int | float) and value is not True:
            check_range(value, self.power, "setting_range")
            return round(value, 1)
        raise Refusal("unknown_setting", setting=f"{key}: {value}"[:64])

    async def _send(self, values: Values, known: Values) -> None:
        """Send a change; a busy charger is asked again (section 4)."""
        for _ in range(_BUSY_TRIES):
            try:
                return await self._send_once(values, known)
            except WriteRejected as err:
                if err.reason != DEVICE_BUSY:
                    raise
            await self._clock.sleep(_BUSY_PAUSE)
        return await self._send_once(values, known)

    async def _send_once(self, values: Values, known: Values) -> None:
        client, what = self._client, self.what
        model = what.model or None
        if CHARGING in values:
            order = client.charger_start if values[CHARGING] else client.charger_stop
            await order(what.station_id, what.serial, model=model)
            return
        after = {**known, **values}
        mode = MODES.index(str(after.get(MODE, FAST)))
        power = self._fast_power(after)
        if not mode and power is None:
            raise WriteRejected("no power is known", reason="unknown_setting")
        await client.charger_mode(
            what.station_id,
            what.serial,
            mode,
            power=None if mode else power,
            model=model,
        )


def _first(document: Mapping[str, Any], names: Sequence[str]) -> object:
    """Return the first of several fields that says something."""
    found = (document.get(name) for name in names)
    return next((value for value in found if value is not None), None)


def _is_free(document: Mapping[str, Any]) -> bool:
    """Return whether no car is there."""
    return slug("plug", _first(document, _PLUG)) == "unplugged"
