"""What the entities of a system have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import BundleEntity, EntityAdder
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .coordinator import AlphaEssSystem

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
        self.system = system
        self._attr_device_info = runtime.charger_info(system, charger)


type Candidate = tuple[str, str, Callable[[], Entity]]


@callback
def add_with_their_data(
    entry: AlphaEssConfigEntry,
    add: AddConfigEntryEntitiesCallback,
    candidates: Callable[[AlphaEssAccount], list[Candidate]],
) -> None:
    """Add entities now and later, as soon as there is something to show."""
    runtime = entry.runtime_data
    adder = EntityAdder(add)

    @callback
    def update() -> None:
        adder.update(runtime.device_serials, candidates(runtime))

    update()
    entry.async_on_unload(runtime.async_listen(update))
