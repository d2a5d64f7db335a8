"""Numbers, switches and times that set something on the device.

They show what was read, never what was asked for, and wait for the outcome.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import time
from functools import partial
from typing import TYPE_CHECKING, Any, override

from homeassistant.components.number import NumberEntity, NumberEntityDescription
from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription

from ..control.driver import Capabilities, Range, Settings
from ..control.intent import Edit, Intent, Values
from ..control.outcome import Refusal
from ..control.validate import check_values
from .control_calls import async_execute, async_set_values, refusal_error
from .coordinator import BundleCoordinator
from .entity import BundleEntity

if TYPE_CHECKING:
    from ..control.manager import ControlManager


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSource:
    """Where a setting is read and written; ``settings`` is None until it was read."""

    domain: str
    serial: str
    device_info: DeviceInfo
    manager: ControlManager
    coordinator: BundleCoordinator[Any]
    settings: Callable[[], Settings | None]


@dataclass(frozen=True, kw_only=True)
class SettingDescription(EntityDescription):
    """Says when a setting exists; ``assumed_key`` is its key if that may be unreadable."""

    exists_fn: Callable[[Settings], bool] = lambda _: True
    assumed_key: str | None = None


class SettingEntity(BundleEntity[Any]):
    """One setting of a device."""

    entity_description: SettingDescription

    def __init__(self, source: SettingSource, description: SettingDescription) -> None:
        """Bind the description to the device."""
        super().__init__(
            source.coordinator, description, f"{source.serial}_{description.key}"
        )
        self.source = source
        self._attr_device_info = source.device_info

    @property
    def settings(self) -> Settings | None:
        """What was last read."""
        return self.source.settings()

    @property
    @override
    def available(self) -> bool:
        settings = self.settings
        return (
            super().available
            and settings is not None
            and self.entity_description.exists_fn(settings)
        )

    @property
    @override
    def assumed_state(self) -> bool:
        settings, key = self.settings, self.entity_description.assumed_key
        return settings is not None and key in settings.assumed

    async def async_change(
        self, make: Callable[[Settings, Capabilities], Edit | Values]
    ) -> None:
        """Have something set and wait until it is, or raise why it is not.

        ``make`` gets what is shown now; it may raise ``Refusal``.
        """
        source = self.source
        try:
            change = make(self._known, source.manager.driver.capabilities)
        except Refusal as err:
            raise await refusal_error(self.hass, source.domain, err) from err
        await async_set_values(self.hass, source.domain, source.manager, change)

    @property
    def _known(self) -> Settings:
        if (settings := self.settings) is None:
            raise Refusal("settings_unknown")
        return settings

    async def async_intend(self, intent: Intent) -> None:
        """Have an intent brought to its end, or raise why it was not."""
        source = self.source
        await async_execute(self.hass, source.domain, source.manager, intent)


@dataclass(frozen=True, kw_only=True)
class NumberSettingDescription(SettingDescription, NumberEntityDescription):
    """A number; one of ``change_fn`` and ``intent_fn`` says how it is set."""

    value_fn: Callable[[Settings], float | None]
    range_fn: Callable[[Settings, Capabilities], Range]
    change_fn: Callable[[float, Settings, Capabilities], Edit | Values] | None = None
    intent_fn: Callable[[float], Intent] | None = None


class SettingNumber(SettingEntity, NumberEntity):
    """A number on the device."""

    entity_description: NumberSettingDescription

    @property
    def _range(self) -> Range:
        if (settings := self.settings) is None:
            return Range(low=0, high=100)
        capabilities = self.source.manager.driver.capabilities
        return self.entity_description.range_fn(settings, capabilities)

    @property
    @override
    def native_value(self) -> float | None:
        settings = self.settings
        return None if settings is None else self.entity_description.value_fn(settings)

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
    def shown(self) -> Hashable:
        return (self.native_value, self._range, self.assumed_state)

    @override
    async def async_set_native_value(self, value: float) -> None:
        description = self.entity_description
        try:
            check_values({description.key: value})
        except Refusal as err:
            raise await refusal_error(self.hass, self.source.domain, err) from err
        if description.intent_fn is not None:
            await self.async_intend(description.intent_fn(value))
        elif (change_fn := description.change_fn) is not None:
            await self.async_change(partial(change_fn, value))


@dataclass(frozen=True, kw_only=True)
class SwitchSettingDescription(SettingDescription, SwitchEntityDescription):
    """A switch."""

    value_fn: Callable[[Settings], bool | None]
    change_fn: Callable[[bool, Settings, Capabilities], Edit | Values]


class SettingSwitch(SettingEntity, SwitchEntity):
    """A switch on the device."""

    entity_description: SwitchSettingDescription

    @property
    @override
    def is_on(self) -> bool | None:
        settings = self.settings
        return None if settings is None else self.entity_description.value_fn(settings)

    @property
    @override
    def shown(self) -> Hashable:
        return (self.is_on, self.assumed_state)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        change_fn = self.entity_description.change_fn
        await self.async_change(partial(change_fn, True))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        change_fn = self.entity_description.change_fn
        await self.async_change(partial(change_fn, False))


@dataclass(frozen=True, kw_only=True)
class TimeSettingDescription(SettingDescription, TimeEntityDescription):
    """A time of day of the site."""

    value_fn: Callable[[Settings], time | None]
    change_fn: Callable[[time, Settings, Capabilities], Edit | Values]


class SettingTime(SettingEntity, TimeEntity):
    """A time of day on the device."""

    entity_description: TimeSettingDescription

    @property
    @override
    def native_value(self) -> time | None:
        settings = self.settings
        return None if settings is None else self.entity_description.value_fn(settings)

    @property
    @override
    def shown(self) -> Hashable:
        return (self.native_value, self.assumed_state)

    @override
    async def async_set_value(self, value: time) -> None:
        change_fn = self.entity_description.change_fn
        await self.async_change(partial(change_fn, value))
