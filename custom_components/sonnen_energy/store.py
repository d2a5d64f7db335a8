"""The settings of a battery for the entities that show and change them."""

from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.driver import Settings
from ._vendor.core.ha.control_settings import SettingSource
from .battery import BatteryDriver
from .const import DOMAIN
from .coordinator import SonnenBattery


class StoreView:
    """The settings by key, decoded once for each time they are read."""

    def __init__(self, battery: SonnenBattery, driver: BatteryDriver) -> None:
        """Begin with nothing decoded."""
        self._coordinator, self._driver = battery.config, driver
        self._seen: object = None
        self._settings: Settings | None = None

    def __call__(self) -> Settings | None:
        """Return what was last read; None if it cannot be changed as it is."""
        if not self._coordinator.known:
            return None
        data = self._coordinator.data
        if data is not self._seen:
            self._seen = data
            try:
                self._settings = self._driver.decode(
                    self._coordinator.raw, data.observed_at
                )
            except BadDataError:
                self._settings = None
        return self._settings


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
        settings=StoreView(battery, manager.driver),
    )
