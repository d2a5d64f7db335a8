"""The plants and devices of an account, which come and go with its lists."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback

from ._vendor.core.client.decode import text
from ._vendor.core.ha.device_tree import Absences
from .const import CONF_PLANTS, MISSING_LISTS
from .device import Device
from .plant import Plant, plant_key
from .readings import DeviceEntry
from .registry import HYBRID

if TYPE_CHECKING:
    from .runtime import SungrowRuntime


class Inventory:
    """Knows what there is.

    A device must be missing in two lists to be gone. A plant that was chosen stays:
    that the grant has it no more is for its owner to mend (reference section 2.3).
    """

    def __init__(self, runtime: SungrowRuntime) -> None:
        """Begin with nothing."""
        self._runtime = runtime
        self.plants: dict[str, Plant] = {}
        self.devices: dict[str, Device] = {}
        self._absences = Absences(MISSING_LISTS)

    @property
    def identifiers(self) -> set[str]:
        """What identifies each device of the registry that is not left over."""
        registry = self._runtime.registry
        known = {*self.devices, *self._absences.waiting}
        for key in self._wanted_keys():
            known.add(key)
            plant = self.plants.get(key.removeprefix("plant_"))
            if plant is None or not plant.listing.known:
                known |= registry.below(key)
        return known

    async def async_follow_plants(self) -> list[Plant]:
        """Follow the list of plants that was just read; return who is new."""
        runtime = self._runtime
        listed, wanted = runtime.listing.data.plants, served(runtime.entry)
        for key in list(self.plants):
            if wanted is not None and key not in wanted:
                await self._drop_plant(key)
        if wanted is not None:
            left = runtime.registry.plants - {plant_key(key) for key in wanted}
            for key in left:
                await self._drop_plant(key.removeprefix("plant_"))
        new = []
        for key, info in listed.items():
            if wanted is not None and key not in wanted:
                continue
            zone = runtime.zone_at(info.offset)
            if (known := self.plants.get(key)) is not None:
                known.follow(info, zone)
                runtime.registry.add(known.device_info)
                continue
            plant = self.plants[key] = Plant(runtime, info, zone)
            runtime.registry.add(plant.device_info)
            new.append(plant)
        return new

    async def async_follow_devices(self, plant: Plant) -> None:
        """Follow the list of a plant's devices that was just read."""
        registry, found = self._runtime.registry, plant.listing.data.devices
        mine = {d.identifier for d in self.devices.values() if d.plant is plant}
        elsewhere = {
            identifier
            for other in self.plants.values()
            if other is not plant and other.listing.known
            for identifier in other.listing.data.devices
        }
        missing = (registry.below(plant.key) | mine) - set(found) - elsewhere
        for identifier in self._absences.follow(missing, found):
            await self._drop_device(identifier)
        for identifier, info in found.items():
            self._follow_device(plant, identifier, info)
        # Only now it is known whether a battery has one inverter above it
        for identifier in found:
            registry.add(self.devices[identifier].device_info)

    @callback
    def _follow_device(self, plant: Plant, identifier: str, info: DeviceEntry) -> None:
        known = self.devices.get(identifier)
        if known is not None and known.type == info.type:
            known.plant, known.entry = plant, info
        else:
            known = self.devices[identifier] = Device(self._runtime, plant, info)
        if known.type == HYBRID:
            self._runtime.registry.add(known.device_info)

    async def _drop_plant(self, plant_id: str) -> None:
        registry, key = self._runtime.registry, plant_key(plant_id)
        for identifier in registry.below(key) & set(self.devices):
            await self._drop_device(identifier)
        registry.remove({*registry.below(key), key})
        if (plant := self.plants.pop(plant_id, None)) is not None:
            await plant.async_shutdown()
        self._runtime.account.forget(f"{key}/")

    async def _drop_device(self, identifier: str) -> None:
        runtime = self._runtime
        runtime.registry.remove({identifier})
        if (device := self.devices.pop(identifier, None)) is None:
            return
        if runtime.controls is not None:
            await runtime.controls.async_drop(identifier, device)
            if runtime.controls.has_left(identifier):  # needed if that comes back
                return
        runtime.account.forget(f"{identifier}/")

    def _wanted_keys(self) -> set[str]:
        wanted = served(self._runtime.entry)
        return {plant_key(key) for key in (self.plants if wanted is None else wanted)}


def served(entry: Any) -> set[str] | None:
    """Return the ids of the plants that people chose; None for all."""
    for chosen in (entry.options, entry.data):
        ids = chosen.get(CONF_PLANTS) if isinstance(chosen, Mapping) else None
        if isinstance(ids, list) and (keys := set(filter(None, map(text, ids)))):
            return keys
    return None
