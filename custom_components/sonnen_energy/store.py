"""The settings of a battery for the entities that show and change them."""

from ._vendor.core.ha.control_settings import SettingSource
from ._vendor.core.ha.store_view import StoreView
from .battery import BatteryDriver
from .const import DOMAIN
from .coordinator import SonnenBattery


def store_source(battery: SonnenBattery) -> SettingSource | None:
    """Return the settings for their entities; None if they cannot be changed."""
    if (manager := battery.control) is None or not manager.allowed:
        return None
    assert isinstance(manager.driver, BatteryDriver)
    return SettingSource(
        domain=DOMAIN,
        serial=battery.serial,
        device_info=battery.device_info,
        manager=manager,
        coordinator=battery.config,
        settings=StoreView(battery.config, manager.driver.decode),
    )
