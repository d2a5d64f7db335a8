"""The plants and devices of an account, which come and go with its lists."""

from datetime import tzinfo
from typing import TYPE_CHECKING

from ._vendor.core.client.decode import text
from ._vendor.core.ha.device_tree import Absences
from .const import CONF_PLANTS, MISSING_LISTS
from .device import Device, LoggerUnit
from .plant import Plant, zone_name
from .readings import DeviceEntry, PlantEntry
from .zones import async_zone

if TYPE_CHECKING:
    from .runtime import GrowattRuntime


class Inventory:
    """Knows what there is; a thing must be missing in two lists to be gone."""

    def __init__(self, runtime: GrowattRuntime) -> None:
        """Begin with nothing."""
        self._runtime = runtime
        self.plants: dict[str, Plant] = {}
        self.devices: dict[str, Device] = {}
        self.loggers: dict[str, LoggerUnit] = {}
        self._absences = Absences(MISSING_LISTS)

    @property
    def identifiers(self) -> set[str]:
        """What identifies each device of the registry that is not left over."""
        registry = self._runtime.registry
        known = {*self.loggers, *self.devices, *self._absences.waiting}
        for plant in self.plants.values():
            known.add(plant.key)
            if not plant.listing.known:
                known |= registry.below(plant.key)
        for serial in self.devices:  # and its batteries
            known |= registry.below(serial)
        return known

    async def async_follow_plants(self) -> list[Plant]:
        """Follow the list of plants that was just read; return who is new.

        Plants that nobody wants to see any more go at once.
        """
        runtime = self._runtime
        listed, served = runtime.listing.data.plants, self._served
        current = {
            key: info for key, info in listed.items() if served is None or key in served
        }
        keys = {runtime.plant_key(key): key for key in {*listed, *self.plants}}
        here = {runtime.plant_key(key) for key in current}
        for key in self._absences.follow(
            {*runtime.registry.plants(), *keys} - here, here
        ):
            await self._drop_plant(key, keys.get(key))
        new = []
        for key, info in current.items():
            zone = await self.async_zone(info)
            if (known := self.plants.get(key)) is not None:
                known.follow(info, zone)
                continue
            plant = self.plants[key] = Plant(runtime, info, zone)
            runtime.registry.add(plant.device_info)
            new.append(plant)
        return new

    async def async_zone(self, info: PlantEntry) -> tzinfo:
        """Return the zone of a plant as far as it is known."""
        return await async_zone(self._runtime.hass, zone_name(self._runtime, info))

    async def async_follow_devices(self, plant: Plant) -> list[Device]:
        """Follow the list of a plant's devices that was just read; return who is new."""
        registry, found = self._runtime.registry, plant.listing.data
        for serial, info in found.loggers.items():
            if serial in {*found.devices, *self.devices}:  # Wi-Fi of its own
                self.loggers.pop(serial, None)
                continue
            unit = self.loggers[serial] = LoggerUnit(self._runtime, plant, info)
            registry.add(unit.device_info)
        listed = {*found.devices, *found.loggers}
        elsewhere = {
            serial
            for other in self.plants.values()
            if other is not plant and other.listing.known
            for serial in (*other.listing.data.devices, *other.listing.data.loggers)
        }
        below = {key for key in registry.below(plant.key) if "_bat" not in key}
        here = {d.serial for d in self.devices.values() if d.plant is plant}
        for serial in self._absences.follow(
            (below | here) - listed - elsewhere, listed
        ):
            await self._drop_device(serial)
        return [
            device
            for info in found.devices.values()
            if (device := await self._follow_device(plant, info)) is not None
        ]

    async def _follow_device(self, plant: Plant, info: DeviceEntry) -> Device | None:
        """Take over what the list says of a device; return it if it is new."""
        known = self.devices.get(info.serial)
        if known is not None and known.family is info.family:
            known.plant, known.entry_info = plant, info
            self._runtime.registry.add(known.device_info)
            return None
        if known is not None:  # its datalogger was changed, and it answers otherwise
            await known.async_shutdown()
        device = Device(self._runtime, plant, info, self._runtime.live.of(info))
        self.devices[info.serial] = device
        self._runtime.registry.add(device.device_info)
        return device

    async def _drop_plant(self, key: str, plant_id: str | None) -> None:
        registry = self._runtime.registry
        for serial in registry.below(key) & {*self.devices, *self.loggers}:
            await self._drop_device(serial)
        registry.remove({*registry.below(key), key})
        if plant_id is not None and (plant := self.plants.pop(plant_id, None)):
            await plant.async_shutdown()
        self._runtime.account.forget(f"{key}/")

    async def _drop_device(self, serial: str) -> None:
        runtime = self._runtime
        runtime.registry.remove({*runtime.registry.batteries(serial), serial})
        self.loggers.pop(serial, None)
        if (device := self.devices.pop(serial, None)) is None:
            return
        await device.async_shutdown()
        if runtime.controls is not None:
            await runtime.controls.async_drop(serial, device)
            if runtime.controls.has_left(serial):  # needed if that comes back
                return
        runtime.account.forget(f"{serial}/")

    @property
    def _served(self) -> set[str] | None:
        """The ids of the plants that people chose; None for all."""
        entry = self._runtime.entry
        for chosen in (entry.options, entry.data):
            ids = chosen.get(CONF_PLANTS)
            if isinstance(ids, list) and (keys := set(filter(None, map(text, ids)))):
                return keys
        return None
