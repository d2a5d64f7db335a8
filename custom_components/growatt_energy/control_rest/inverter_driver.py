"""The driver of string inverters and MAX (reference section 6.8)."""

from collections.abc import Mapping
from typing import Any, override

from .._vendor.core.control.driver import Step
from .._vendor.core.control.intent import Values
from ..api.setter import Setter
from ..control_settings import CLOCK, CLOCK_TYPE, Kind, Request, Setting
from ..families import Family
from .settings_driver import SettingsDriver

POWER_ON, ACTIVE_POWER = "power_on", "active_power_limit"
_ON_OFF, _POWER = "pv_on_off", "pv_active_p_rate"
_REQUESTS = (
    Request(_ON_OFF, {POWER_ON: Setting(("onOff", _ON_OFF), Kind.ON_OFF)}),
    Request(_POWER, {ACTIVE_POWER: Setting(("activeRate", _POWER))}),
)


class InverterDriver(SettingsDriver):
    """On and off, and how much it may give."""

    _live = (_ON_OFF, _POWER)

    def __init__(
        self, serial: str, setter: Setter, family: Family, **shared: Any
    ) -> None:
        """``shared`` is what ``SettingsDriver`` takes by name."""
        super().__init__(serial, setter, family, _REQUESTS, **shared)
        # V1 writes nothing to a MAX; v4 cannot tell it the time.
        self._clock_type = CLOCK_TYPE if family is Family.INVERTER else None

    @override
    async def _fetch_live(self) -> dict[str, Any]:
        """Ask the inverter; its power has a request of its own (3.E)."""
        on = await self._setter.read_named(self._family, self._serial, _ON_OFF)
        power = await self._setter.read_power(self._family, self._serial)
        return {_ON_OFF: on, _POWER: power}

    @override
    async def _send(self, step: Step, values: Values) -> None:
        if step.label == CLOCK:
            await super()._send(step, values)
        elif step.label == _ON_OFF:
            on = bool(values[POWER_ON])
            await self._setter.set_on(self._family, self._serial, on=on)
        else:
            await self._setter.set_power(
                self._family, self._serial, _whole(values, ACTIVE_POWER)
            )


def _whole(values: Mapping[str, Any], key: str) -> int:
    return int(values[key])
