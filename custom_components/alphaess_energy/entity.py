"""What the entities of a system have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.helpers.entity import EntityDescription

from ._vendor.core.control.driver import Settings
from ._vendor.core.ha.control_entity import ControlDevice
from ._vendor.core.ha.control_settings import SettingSource
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import BundleEntity
from ._vendor.core.ha.store_view import StoreView
from .account import AlphaEssAccount
from .battery import SystemDriver
from .charging import CURRENT
from .const import DOMAIN
from .coordinator import AlphaEssSystem
from .driver import Household
from .stores.common import whole

type Source = Callable[[AlphaEssSystem], BundleCoordinator[Any]]


@dataclass(frozen=True, kw_only=True)
class SystemDescription(EntityDescription):
    """Says which document an entity shows, and when it exists.

    ``exists_fn`` is asked only when the document has been read.
    """

    source: Source
    exists_fn: Callable[[AlphaEssSystem], bool] = lambda _: True

    def exists(self, system: AlphaEssSystem) -> bool:
        """Whether the system has what this entity shows."""
        return self.source(system).known and self.exists_fn(system)


class SystemEntity(BundleEntity[Any]):
    """An entity of a system."""

    def __init__(
        self,
        runtime: AlphaEssAccount,
        system: AlphaEssSystem,
        description: SystemDescription,
    ) -> None:
        """Bind the description to the system."""
        super().__init__(
            description.source(system),
            description,
            f"{system.serial}_{description.key}",
        )
        self.system = system
        self._attr_device_info = runtime.device_info(system)


class ChargerEntity(BundleEntity[Any]):
    """An entity of an EV charger."""

    def __init__(
        self,
        runtime: AlphaEssAccount,
        system: AlphaEssSystem,
        charger: str,
        coordinator: BundleCoordinator[Any],
        description: EntityDescription,
    ) -> None:
        """Bind the description to the charger."""
        super().__init__(coordinator, description, f"{charger}_{description.key}")
        self.system, self.charger = system, charger
        self._attr_device_info = runtime.charger_info(system, charger)


def control_device(
    runtime: AlphaEssAccount, system: AlphaEssSystem
) -> ControlDevice | None:
    """Return a system for its control entities; None if it has none."""
    if (manager := system.control) is None or not manager.allowed:
        return None
    return ControlDevice(
        domain=DOMAIN,
        serial=system.serial,
        device_info=runtime.device_info(system),
        manager=manager,
        settings_known=lambda: system.settings.known,
    )


def store_source(
    runtime: AlphaEssAccount, system: AlphaEssSystem
) -> SettingSource | None:
    """Return the schedule store for its entities; None if it cannot be controlled."""
    if (manager := system.control) is None or not manager.allowed:
        return None
    assert isinstance(manager.driver, SystemDriver)
    return SettingSource(
        domain=DOMAIN,
        serial=system.serial,
        device_info=runtime.device_info(system),
        manager=manager,
        coordinator=system.settings,
        settings=StoreView(system.settings, manager.driver.decode),
    )


def household_source(
    runtime: AlphaEssAccount, system: AlphaEssSystem
) -> SettingSource | None:
    """Return the house connection for its entity; None if it cannot be controlled."""
    manager, coordinator = system.household_control, system.household
    if manager is None or not manager.allowed:
        return None

    def settings() -> Settings | None:
        if not coordinator.known:
            return None
        data: Household = coordinator.data
        values = {CURRENT: whole(data.current)}
        return Settings(observed_at=data.observed_at, values=values)

    return SettingSource(
        domain=DOMAIN,
        serial=system.serial,
        device_info=runtime.device_info(system),
        manager=manager,
        coordinator=coordinator,
        settings=settings,
    )
