"""The plants and devices of an account, which come and go with its lists."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ._vendor.core.client.decode import text
from ._vendor.core.ha.device_tree import Absences
from .const import CONF_PLANTS, MISSING_LISTS
from .device import Device
from .plant import Plant
from .zones import async_zone

if TYPE_CHECKING:
    from .runtime import GoodWeRuntime


class Inventory:
    """Knows what there is.

    A device that is missing in three lists is gone, but stays known: its owner may
    delete it (reference section 8). A plant that was chosen stays too.
    """

    def __init__(self, runtime: GoodWeRuntime) -> None:
        """Begin with nothing."""
        self._runtime = runtime
        self.plants: dict[str, Plant] = {}
        self.devices: dict[str, Device] = {}
        self._absences = Absences(MISSING_LISTS)

    @property
    def identifiers(self) -> set[str]:
        """What identifies each device of the registry that is known in this run."""
        registry = self._runtime.registry
        wanted = served(self._runtime.entry)
        known = {*self.devices, *(self.plants if wanted is None else wanted)}
        for key in known - set(self.devices):
            plant = self.plants.get(key)
            if plant is None or not plant.listing.known:
                known |= registry.below(key)
        return known

    @property
    def left_over(self) -> set[str]:
        """Which devices the lists do not have any more."""
        return {key for key, device in self.devices.items() if not device.listed}

    async def async_follow_plants(self) -> list[Plant]:
        """Follow the list of plants that was just read; return who is new."""
        runtime = self._runtime
        listed, wanted = runtime.listing.data.plants, served(runtime.entry)
        if wanted is not None:
            left = runtime.registry.plants - wanted
            for key in left:
                below = runtime.registry.below(key)
                runtime.registry.remove({*below, key})
                runtime.account.forget(f"{key}/")
                for serial in below:
                    self._forget(serial)
        new = []
        for key, row in listed.items():
            if wanted is not None and key not in wanted:
                continue
            if (known := self.plants.get(key)) is not None:
                known.follow(row, known.zone)
                await self.async_follow_zone(known)
                continue
            zone = await async_zone(
                row, dt_util.get_default_time_zone(), dt_util.utcnow()
            )
            plant = self.plants[key] = Plant(runtime, row, zone)
            runtime.registry.add(plant.device_info)
            new.append(plant)
        return new

    async def async_follow_zone(self, plant: Plant) -> None:
        """Take over where a plant is and what it is called."""
        plant.renew()
        home = dt_util.get_default_time_zone()
        plant.zone = await async_zone(plant.entry, home, dt_util.utcnow())
        self._runtime.registry.add(plant.device_info)

    @callback
    def follow_devices(self, plant: Plant) -> list[Device]:
        """Follow the list of a plant's devices that was just read; return the new."""
        found, registry = plant.listing.data.devices, self._runtime.registry
        mine = {key for key, one in self.devices.items() if one.plant is plant}
        for serial in self._absences.follow(mine - set(found), found):
            self.devices[serial].listed = False
        new = []
        for serial, entry in found.items():
            known = self.devices.get(serial)
            if known is not None and known.cls == entry.cls:
                known.follow(plant, entry)
                continue
            self.devices[serial] = Device(self._runtime, plant, entry)
            new.append(self.devices[serial])
        # A parent has to be there before what hangs below it
        for serial in sorted(found, key=lambda key: found[key].parent is not None):
            registry.add(self.devices[serial].device_info)
        return new

    async def async_forget(self, serial: str) -> None:
        """Forget a device that is gone, as its owner deleted it."""
        if (device := self.devices.pop(serial, None)) is not None:
            for coordinator in device.coordinators:
                await self._runtime.documents.async_drop(coordinator)
            if (controls := self._runtime.controls) is not None:
                await controls.async_drop(serial, device)
        self._forget(serial)

    @callback
    def _forget(self, serial: str) -> None:
        """Forget what is known of a device, unless that is needed to put back."""
        controls = self._runtime.controls
        if controls is None or not controls.has_left(serial):
            self._runtime.account.forget(f"{serial}/")


def served(entry: Any) -> set[str] | None:
    """Return the ids of the plants that people chose; None for all."""
    for chosen in (entry.options, entry.data):
        ids = chosen.get(CONF_PLANTS) if isinstance(chosen, Mapping) else None
        if isinstance(ids, list) and (keys := set(filter(None, map(text, ids)))):
            return keys
    return None
