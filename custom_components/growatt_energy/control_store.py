"""The settings of a device for the entities that show and change them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import Value, Values
from ._vendor.core.ha.control_settings import SettingSource
from .const import DOMAIN
from .control_sph.spa_driver import SpaDriver

if TYPE_CHECKING:
    from .device import Device
    from .runtime import GrowattRuntime


def store_source(device: Device) -> SettingSource | None:
    """Return the settings for their entities; None if they cannot be changed."""
    manager, store = device.control, device.store
    if manager is None or store is None or not manager.allowed:
        return None
    return SettingSource(
        domain=DOMAIN,
        serial=device.serial,
        device_info=device.device_info,
        manager=manager,
        coordinator=device.settings,
        settings=store,
    )


def stores(
    runtime: GrowattRuntime,
) -> Iterator[tuple[Device, SettingSource, Settings]]:
    """Yield the devices whose settings are known, with those that can be changed."""
    for device in runtime.devices.values():
        if (source := store_source(device)) is not None:
            if (settings := source.settings()) is not None:
                driver = source.manager.driver
                if isinstance(driver, SpaDriver) and not driver.writes_periods:
                    kept = {
                        key: value
                        for key, value in settings.values.items()
                        if not driver.store.has(key)
                    }
                    settings = replace(settings, values=kept)
                yield device, source, settings


def first(values: Values, names: tuple[str, ...]) -> str | None:
    """Return the one of some names that a device has, None if it has none."""
    return next((name for name in names if name in values), None)


def value_of(settings: Settings, names: tuple[str, ...]) -> Value:
    """Return the value of the one name that a device has, None if it has none."""
    name = first(settings.values, names)
    return settings.values[name] if name is not None else None
