"""The numbers that *Battery mode* goes by: *Force duration*, *power* and *target*.

They are kept here only and never sent by themselves. At its highest, power and target
leave it to the device.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntityDescription,
    NumberMode,
    RestoreNumber,
)
from homeassistant.const import EntityCategory, UnitOfPower, UnitOfRatio, UnitOfTime

from ..control.driver import Capabilities, Range
from ..control.outcome import Refusal
from ..control.validate import LONGEST, SHORTEST, check_values
from .control_calls import refusal_error
from .control_defaults import DEFAULT_MINUTES, ForceDefaults, force_defaults
from .control_entity import ControlEntity

_MINUTE = 60
_DURATION = Range(
    low=SHORTEST.total_seconds() / _MINUTE, high=LONGEST.total_seconds() / _MINUTE
)


class Default(StrEnum):
    """Which of the force's numbers; the value is the attribute of the defaults."""

    DURATION = "minutes"
    POWER = "power"
    TARGET = "target_soc"


@dataclass(frozen=True, kw_only=True)
class DefaultDescription(NumberEntityDescription):
    """A number of the force."""

    default: Default

    def allowed(self, capabilities: Capabilities) -> Range | None:
        """Return what it may be; None if the device has no use for it."""
        match self.default:
            case Default.DURATION:
                return _DURATION
            case Default.POWER:
                return capabilities.power
            case Default.TARGET:
                return capabilities.target_soc


FORCE_DURATION = DefaultDescription(
    key="force_duration",
    translation_key="force_duration",
    device_class=NumberDeviceClass.DURATION,
    native_unit_of_measurement=UnitOfTime.MINUTES,
    mode=NumberMode.BOX,
    entity_category=EntityCategory.CONFIG,
    default=Default.DURATION,
)
FORCE_POWER = DefaultDescription(
    key="force_power",
    translation_key="force_power",
    device_class=NumberDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    mode=NumberMode.BOX,
    entity_category=EntityCategory.CONFIG,
    default=Default.POWER,
)
FORCE_TARGET = DefaultDescription(
    key="force_target",
    translation_key="force_target",
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    mode=NumberMode.SLIDER,
    entity_category=EntityCategory.CONFIG,
    default=Default.TARGET,
)
FORCE_NUMBERS = (FORCE_DURATION, FORCE_POWER, FORCE_TARGET)


class ForceNumber(ControlEntity, RestoreNumber):
    """A number of the force."""

    entity_description: DefaultDescription

    @property
    def _range(self) -> Range:
        capabilities = self.manager.driver.capabilities
        return self.entity_description.allowed(capabilities) or Range(low=0, high=0)

    @property
    def _defaults(self) -> ForceDefaults:
        return force_defaults(self.hass, self.device.domain, self.manager.key)

    @property
    @override
    def available(self) -> bool:
        capabilities = self.manager.driver.capabilities
        return self.entity_description.allowed(capabilities) is not None

    @property
    @override
    def native_min_value(self) -> float:
        return self._range.low

    @property
    @override
    def native_max_value(self) -> float:
        return self._range.high

    @property
    @override
    def native_step(self) -> float:
        return self._range.step

    @property
    @override
    def native_value(self) -> float:
        value: float | None = getattr(self._defaults, self.entity_description.default)
        allowed = self._range
        if value is None:
            return allowed.high
        return min(max(value, allowed.low), allowed.high)

    @property
    @override
    def shown(self) -> Hashable:
        return (self.native_value, self._range)

    @override
    async def async_added_to_hass(self) -> None:
        last = await self.async_get_last_number_data()
        value = last.native_value if last is not None else None
        if self._untouched and isinstance(value, int | float):
            allowed = self._range
            # What the device allows may have changed meanwhile
            if allowed.low <= value <= allowed.high:
                self._keep(value)
        await super().async_added_to_hass()

    @override
    async def async_set_native_value(self, value: float) -> None:
        try:
            check_values({self.entity_description.key: value})
        except Refusal as err:
            raise await refusal_error(self.hass, self.device.domain, err) from err
        self._keep(value)
        self._changed()

    @property
    def _untouched(self) -> bool:
        value = getattr(self._defaults, self.entity_description.default)
        return value is None or value == DEFAULT_MINUTES

    def _keep(self, value: float) -> None:
        if self.entity_description.default is Default.DURATION:
            self._defaults.minutes = round(value)
        else:
            kept = value if value < self._range.high else None
            setattr(self._defaults, self.entity_description.default, kept)
