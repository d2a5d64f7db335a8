"""The driver of NOAH and NEXA (reference section 6.7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, override

from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import ThrottledError
from .._vendor.core.control.driver import Plan, Range, Settings, Step
from .._vendor.core.control.intent import (
    Intent,
    Kind,
    SetReserve,
    SetSchedule,
    Value,
    Values,
)
from .._vendor.core.control.outcome import Refusal
from ..api.setter import Setter
from ..control_common import TIMING, VPP_GAP, choice
from ..control_settings import Kind as As, Request, Setting, check_complete
from ..families import Family
from . import noah_segments
from .settings_driver import Fetch, SettingsDriver

OUTPUT_POWER, GRID_CHARGING = "output_power", "grid_charging"
OFF_GRID, OUTPUT_MODE = "off_grid", "output_mode"
CHARGE_LIMIT, RESERVE = "charge_limit", "reserve"
# What every model takes, in W
LEAST_MOST_POWER, LEAST_MOST_POWER_NEXA = 800, 1000
RESERVES = Range(low=0, high=30)
_SOC = "charging_soc"
_SWITCHES = {GRID_CHARGING: "grid_charge", OFF_GRID: "off_grid"}
_MODES = 2
_HIGH = Setting(("chargingSocHighLimit",), allowed=Range(low=70, high=100))
_LOW = Setting(("chargingSocLowLimit",), allowed=RESERVES)


class NoahDriver(SettingsDriver):
    """Power, limits of the charge, and with a token its nine segments."""

    _gap = VPP_GAP
    # With a token segments and grid charging can be read every 5 minutes only (5.2).
    _timing = replace(TIMING, read_back=330, pauses=(10, 20, 30, 60))

    def __init__(
        self,
        serial: str,
        setter: Setter,
        *,
        fetch_app: Fetch | None = None,
        nexa: Callable[[], bool] = lambda: False,
        **shared: Any,
    ) -> None:
        """``shared`` is what ``SettingsDriver`` takes by name.

        ``fetch_app`` reads what the app shows, which is newer than what ``fetch`` may
        read; of that, what was read last stands while it may not be asked. ``nexa``
        tells whether it is one, as far as that is known.
        """
        self._nexa = nexa
        self._fetch_app = fetch_app
        self._copy: Mapping[str, Any] | None = None
        # Whether something was written since that only the copy shows
        self._outdated = False
        # The app sends both limits at once, the token's API one by one.
        limits = (
            [Request(_SOC, {CHARGE_LIMIT: _HIGH, RESERVE: _LOW})]
            if setter.padded
            else [
                Request(CHARGE_LIMIT, {CHARGE_LIMIT: _HIGH}),
                Request(RESERVE, {RESERVE: _LOW}),
            ]
        )
        grid = Setting(("allowGridCharging",), As.FLAG)
        power = Setting(("defaultPower",), allowed=Range(low=0, high=100_000))
        requests = [
            Request(OUTPUT_POWER, {OUTPUT_POWER: power}),
            *limits,
            Request(GRID_CHARGING, {GRID_CHARGING: grid}),
            Request(OFF_GRID, {OFF_GRID: Setting(("gridConnectionControl",), As.FLAG)}),
        ]
        super().__init__(serial, setter, Family.NOAH, requests, **shared)

    @override
    async def _document(self) -> Mapping[str, Any]:
        if self._fetch_app is None:
            return await super()._document()
        try:
            self._copy = await super()._document()
            self._outdated = False
        except ThrottledError:
            if self._copy is None or self._outdated:
                raise
        return {**self._copy, **mapping(await self._fetch_app())}

    @property
    @override
    def _intents(self) -> frozenset[Kind]:
        known = {Kind.SELF_USE, Kind.SET_VALUES, Kind.SET_RESERVE}
        return frozenset(
            known | (set() if self._setter.padded else {Kind.SET_SCHEDULE})
        )

    @property
    @override
    def _reserve(self) -> Range | None:
        return RESERVES

    @property
    def most_power(self) -> float:
        """The most that it can be told to give, in W."""
        least = LEAST_MOST_POWER_NEXA if self._nexa() else LEAST_MOST_POWER
        return max(self._rated() or 0, least)

    @override
    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what to set. Raises ``Refusal``."""
        match intent:
            case SetReserve():
                soc = int(intent.soc + 0.5)
                target: dict[str, Value] = {RESERVE: soc}
                if RESERVE not in base.values:
                    raise Refusal("unknown_setting", setting=RESERVE)
                self._check_complete(target, base.values)
                return Plan(target=target, effective={"soc": soc})
            case SetSchedule():
                return Plan(
                    target=noah_segments.schedule(intent, base.values, self.most_power)
                )
        found = super().plan(intent, base, now)
        noah_segments.check_apart(found.target, base.values)
        return found

    @override
    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests: one per segment, those that go off first."""
        keys = [key for key in changes if noah_segments.number_of(key) is not None]
        off = {
            key
            for key in keys
            if (segment := noah_segments.from_value(changes[key])) is None
            or not segment.on
        }
        ordered = sorted(keys, key=lambda key: (key not in off, key))
        return [
            *super().steps(changes, settings),
            *(Step(label=key, values={key: changes[key]}) for key in ordered),
        ]

    @override
    def _decode(self, document: Mapping[str, Any]) -> dict[str, Value]:
        mode = choice(document.get("defaultMode"), _MODES)
        return {
            **super()._decode(document),
            **noah_segments.read(document),
            **({} if mode is None else {OUTPUT_MODE: mode}),
        }

    @override
    def _check_complete(self, target: Values, values: Values) -> None:
        super()._check_complete(target, values)
        # The app sends a NEXA's mode with its power.
        if self._setter.padded and self._nexa() and OUTPUT_MODE not in values:
            if target.get(OUTPUT_POWER) not in {None, values.get(OUTPUT_POWER)}:
                check_complete([OUTPUT_MODE])

    @override
    def _checked(self, key: str, value: Value) -> Value:
        if noah_segments.number_of(key) is not None:
            return noah_segments.check(value, self.most_power)
        found = super()._checked(key, value)
        if key == OUTPUT_POWER and isinstance(found, int) and found > self.most_power:
            raise Refusal("power_range", low=0, high=f"{self.most_power:g}")
        return found

    @override
    async def _send(self, step: Step, values: Values) -> None:
        serial, set_noah = self._serial, self._setter.set_noah
        if nexa := self._setter.padded and self._nexa():
            set_noah = partial(set_noah, nexa=True)
        if (number := noah_segments.number_of(step.label)) is not None:
            segment = noah_segments.from_value(step.values[step.label])
            if segment is None:
                raise ValueError(step.label)
            self._outdated = True
            await set_noah(
                serial,
                "time_segment",
                number=number,
                start=f"{segment.start // 60:02}:{segment.start % 60:02}",
                end=f"{segment.end // 60:02}:{segment.end % 60:02}",
                mode=segment.mode,
                power=segment.power,
                enabled=segment.on,
            )
        elif step.label == OUTPUT_POWER:
            mode = {"mode": values.get(OUTPUT_MODE)} if nexa else {}
            await set_noah(serial, OUTPUT_POWER, watts=values[OUTPUT_POWER], **mode)
        elif step.label in _SWITCHES:
            self._outdated = True
            await set_noah(serial, _SWITCHES[step.label], on=values[step.label])
        else:
            request = next(r for r in self._requests if r.type_ == step.label)
            request.params(values, padded=False)  # raises where one is unknown
            limits = {"high": CHARGE_LIMIT, "low": RESERVE}
            await set_noah(
                serial,
                _SOC,
                **{
                    name: values[key] if key in request.settings else None
                    for name, key in limits.items()
                },
            )
