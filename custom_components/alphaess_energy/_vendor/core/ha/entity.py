"""The base of all entities, and how they come into being with their data."""

from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import datetime
from typing import Protocol, override

from homeassistant.components.sensor import SensorEntity, SensorStateClass
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..model import Snapshot
from .coordinator import BundleCoordinator


class BundleEntity[T: Snapshot](CoordinatorEntity[BundleCoordinator[T]]):
    """Shows one value of a document, and writes a state only when it says more.

    A state is written when the value or the availability changed. A measurement
    is also reported for each newer reading with an equal value: statistics and
    integrals over time need to know that it still holds.
    """

    _attr_has_entity_name = True
    _written: tuple[Hashable, ...] | None = None

    def __init__(
        self,
        coordinator: BundleCoordinator[T],
        description: EntityDescription,
        unique_id: str,
    ) -> None:
        """Bind the description to its document."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = unique_id

    @property
    @override
    def available(self) -> bool:
        """True while the newest reading may be shown, also after a failed poll."""
        return self.coordinator.fresh

    @property
    def measured(self) -> bool:
        """Whether each new reading counts, also one with an equal value."""
        return False

    @property
    def observed_at(self) -> datetime | None:
        """When what is shown was true; of a document of several devices, this one's."""
        return self.coordinator.observed_at

    @property
    def shown(self) -> Hashable:
        """What people see of this entity."""
        raise NotImplementedError

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        # What is written next, of an entity that is new
        self._written = self._now_shown()

    def _now_shown(self) -> tuple[Hashable, ...]:
        if not self.available:
            return (False,)
        return (True, self.shown, self.observed_at if self.measured else None)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        shown = self._now_shown()
        if shown != self._written:
            self._written = shown
            self.async_write_ha_state()


class BundleSensor[T: Snapshot](BundleEntity[T], SensorEntity):
    """A sensor; subclasses say what ``native_value`` is."""

    @property
    @override
    def measured(self) -> bool:
        return self.state_class is SensorStateClass.MEASUREMENT

    @property
    @override
    def shown(self) -> Hashable:
        value = self.native_value
        return (value, self.native_unit_of_measurement, self.last_reset)


# Serial of the device, key, and maker of an entity that has its data
type Candidate = tuple[str, str, Callable[[], Entity]]


class EntityAdder:
    """Adds each entity once, as soon as what it needs is known.

    Which entities a system has depends on what it reports: an EV charger, a
    second phase, an income. So the candidates are looked at again after each
    poll instead of once at start.
    """

    def __init__(self, add: AddConfigEntryEntitiesCallback) -> None:
        """Keep the platform's callback."""
        self._add = add
        self._known: set[tuple[str, str]] = set()

    @callback
    def update(
        self,
        owners: Collection[str],
        candidates: Iterable[Candidate],
    ) -> None:
        """Add the entities that are new.

        Args:
            owners: the serials of the devices that exist now; those that are gone
                are forgotten, so that they can come back
            candidates: each entity that has its data
        """
        self._known = {known for known in self._known if known[0] in owners}
        new = []
        for serial, key, make in candidates:
            if (serial, key) not in self._known:
                self._known.add((serial, key))
                new.append(make())
        if new:
            self._add(new)


class Runtime(Protocol):
    """An entry at run time, as far as its platforms need to know it."""

    @property
    def device_serials(self) -> Collection[str]:
        """Identifiers of all devices that are not left over."""

    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each poll; return what ends that."""


@callback
def add_with_their_data[T: Runtime](
    entry: ConfigEntry[T],
    add: AddConfigEntryEntitiesCallback,
    candidates: Callable[[T], list[Candidate]],
) -> None:
    """Add entities now and later, as soon as there is something to show.

    Not while the entry goes: its platforms are gone first, and an entity that is added
    to one of them would stay and be in the way of the next set-up's.
    """
    runtime = entry.runtime_data
    adder = EntityAdder(add)

    @callback
    def update() -> None:
        if entry.state is not ConfigEntryState.UNLOAD_IN_PROGRESS:
            adder.update(runtime.device_serials, candidates(runtime))

    update()
    entry.async_on_unload(runtime.async_listen(update))


def minute(moment: datetime | None) -> datetime | None:
    """Round down to the minute, so that a moving time writes few states."""
    return moment.replace(second=0, microsecond=0) if moment is not None else None
