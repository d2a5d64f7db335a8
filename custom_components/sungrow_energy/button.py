"""Buttons of devices: read the settings anew, and start the inverter again."""

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
from .control.parameter import HYBRID, INVERTER
from .led_device import LedDevice
from .runtime import SungrowConfigEntry, SungrowRuntime

PARALLEL_UPDATES = 0
_STARTED_AGAIN = frozenset({HYBRID, INVERTER})

REFRESH_SETTINGS = ButtonEntityDescription(
    key="refresh_settings",
    translation_key="refresh_settings",
    entity_category=EntityCategory.DIAGNOSTIC,
)
REBOOT = ButtonEntityDescription(
    key="reboot",
    translation_key="reboot",
    device_class=ButtonDeviceClass.RESTART,
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SungrowConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: SungrowRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for led in runtime.controls or ():
        if not led.manager.allowed or not led.settings.known:
            continue
        owner = led.device.identifier
        found.append((owner, REFRESH_SETTINGS.key, partial(RefreshSettings, led)))
        if led.device.type in _STARTED_AGAIN:
            found.append((owner, REBOOT.key, partial(Reboot, led)))
    return found


class _Button(ButtonEntity):
    """A button of a device that can be set."""

    _attr_has_entity_name = True

    def __init__(self, led: LedDevice, description: ButtonEntityDescription) -> None:
        """Bind the description to the device."""
        self.led = led
        self.entity_description = description
        self._attr_unique_id = f"{led.device.identifier}_{description.key}"
        self._attr_device_info = led.device.device_info


class RefreshSettings(_Button):
    """Reads all settings, also those that the device did not have before."""

    def __init__(self, led: LedDevice) -> None:
        """Bind the button to the device."""
        super().__init__(led, REFRESH_SETTINGS)

    @override
    async def async_press(self) -> None:
        self.led.driver.support.forget()
        settings = self.led.settings
        await settings.async_refresh()
        if not settings.last_update_success and settings.last_exception is not None:
            raise settings.last_exception


class Reboot(_Button):
    """Has the inverter start again; for some minutes it gives nothing."""

    def __init__(self, led: LedDevice) -> None:
        """Bind the button to the device."""
        super().__init__(led, REBOOT)

    @override
    async def async_press(self) -> None:
        driver = self.led.driver
        admit = partial(driver.admit, 1)
        try:
            await self.led.manager.take_turn(driver.reboot, REBOOT.key, admit)
        except Refusal as err:
            raise await refusal_error(self.hass, DOMAIN, err) from err
        except ApiError as err:
            raise action_error(DOMAIN, err) from err
