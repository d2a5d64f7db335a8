"""Buttons: read the settings anew; start, shut down and restart an inverter."""

from functools import partial
from typing import override

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.client.errors import ApiError
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.control_calls import refusal_error
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.errors import action_error
from .const import DOMAIN
from .control.inverter_settings import InverterSettings
from .led_device import LedDevice
from .runtime import GoodWeConfigEntry, GoodWeRuntime

PARALLEL_UPDATES = 0

REFRESH_SETTINGS = ButtonEntityDescription(
    key="refresh_settings",
    translation_key="refresh_settings",
    entity_category=EntityCategory.DIAGNOSTIC,
)


def _command(
    key: str, device_class: ButtonDeviceClass | None
) -> ButtonEntityDescription:
    return ButtonEntityDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
    )


# By what the driver calls them
COMMANDS = {
    "start": _command("start", None),
    "shutdown": _command("shut_down", None),
    "restart": _command("restart", ButtonDeviceClass.RESTART),
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GoodWeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GoodWeRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for led in runtime.controls or ():
        if not led.manager.allowed or not led.settings.known:
            continue
        if not isinstance(driver := led.driver, InverterSettings):
            continue
        serial = led.device.serial
        found.append((serial, REFRESH_SETTINGS.key, partial(RefreshSettings, led)))
        for name in driver.commands:
            make = partial(CommandButton, led, driver, name)
            found.append((serial, COMMANDS[name].key, make))
    return found


class _Button(ButtonEntity):
    """A button of a device that can be set."""

    _attr_has_entity_name = True

    def __init__(self, led: LedDevice, description: ButtonEntityDescription) -> None:
        """Bind the description to the device."""
        self.led = led
        self.entity_description = description
        self._attr_unique_id = f"{led.device.serial}_{description.key}"
        self._attr_device_info = led.device.device_info


class RefreshSettings(_Button):
    """Reads all settings, also those that the device did not have before."""

    def __init__(self, led: LedDevice) -> None:
        """Bind the button to the device."""
        super().__init__(led, REFRESH_SETTINGS)

    @override
    async def async_press(self) -> None:
        try:
            await self.led.async_read_anew()
        except ApiError as err:
            raise action_error(DOMAIN, err) from err


class CommandButton(_Button):
    """Tells an inverter something that is no setting; it may then give nothing."""

    def __init__(self, led: LedDevice, driver: InverterSettings, name: str) -> None:
        """Bind the button to the device."""
        super().__init__(led, COMMANDS[name])
        self._driver, self._name = driver, name

    @override
    async def async_press(self) -> None:
        driver, name = self._driver, self._name
        try:
            await self.led.manager.take_turn(
                partial(driver.command, name),
                self.entity_description.key,
                partial(driver.admit, 1),
            )
        except Refusal as err:
            raise await refusal_error(self.hass, DOMAIN, err) from err
        except ApiError as err:
            raise action_error(DOMAIN, err) from err
