"""The simulated homes as Home Assistant shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .folder import DemoError
from .hass import Entity, Hass
from .vendor import HomeVendor
from .vendors import HOME_VENDORS

POWERS = ("solar_power", "load_power", "grid_power", "battery_power")
FLOWS = ("solar", "import", "export", "battery_charge", "battery_discharge")
HISTORY = "history_import"  # the sensor that says how far an import has come
MARK = "battery_soc"  # every home with a battery has it, and nothing else does


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One plant of one vendor: its device and its entities by key."""

    vendor: HomeVendor
    serial: str
    device_id: str  # of what is controlled
    shown_id: str  # of what shows the home; mostly the same device
    name: str
    entities: Mapping[str, Entity]

    def entity_id(self, key: str) -> str:
        """Returns the entity of a key; DemoError if the home has none."""
        if key not in self.entities:
            raise DemoError(f"{self.vendor.domain} has no {key} for {self.name}")
        return self.entities[key].entity_id

    def missing(self) -> list[str]:
        """Returns the keys that the demo needs and that have no value (yet)."""
        valued = [MARK, *POWERS]
        valued += [f"{flow}_energy_{self.vendor.counters}" for flow in FLOWS]
        missing = [
            key
            for key in valued
            if key not in self.entities
            or self.entities[key].state in {None, "unavailable", "unknown"}
        ]
        if self.history_days and HISTORY not in self.entities:
            missing.append(HISTORY)
        return missing

    @property
    def history_days(self) -> int:
        """How many days of its past are imported; 0 if it cannot tell of it."""
        none = self.serial in self.vendor.without_history
        return 0 if none else self.vendor.history_days

    def counter(self, flow: str) -> str:
        """Returns the rising counter of an energy flow."""
        return self.entity_id(f"{flow}_energy_{self.vendor.counters}")

    def statistic(self, flow: str) -> str:
        """Returns the id of the imported history of an energy flow."""
        plant = self.vendor.plants.get(self.serial)
        past = plant.past if plant else self.serial.lower()
        return f"{self.vendor.domain}:{past}_{flow}_energy"


async def find_homes(
    hass: Hass, vendors: Sequence[HomeVendor] = HOME_VENDORS
) -> list[Home]:
    """Returns the homes of vendors, of all unless told so, by vendor and serial."""
    devices = {
        device["id"]: device
        for device in await hass.call("config/device_registry/list")
    }
    homes: list[Home] = []
    for vendor in vendors:
        entities = await hass.entities(vendor.domain)
        find = homes_by_plant if vendor.plants else homes_by_serial
        homes += find(vendor, entities, devices)
    return homes


def homes_by_serial(
    vendor: HomeVendor, entities: Sequence[Entity], devices: Mapping[str, Any]
) -> list[Home]:
    """Returns the homes whose entities' unique ids begin with a serial."""
    homes = []
    marks = [one for one in entities if one.unique_id.endswith(f"_{MARK}")]
    for mark in sorted(marks, key=lambda one: one.unique_id):
        serial = mark.unique_id.removesuffix(f"_{MARK}")
        of_home = {
            one.unique_id.removeprefix(f"{serial}_"): one
            for one in entities
            if one.unique_id.startswith(f"{serial}_") and not one.disabled
        }
        # the battery may be a device of its own
        device_id = of_home.get(POWERS[0], mark).device_id or ""
        homes.append(
            Home(
                vendor=vendor,
                serial=serial,
                device_id=device_id,
                shown_id=device_id,
                name=name_of(devices[device_id]),
                entities=of_home,
            )
        )
    return homes


def homes_by_plant(
    vendor: HomeVendor, entities: Sequence[Entity], devices: Mapping[str, Any]
) -> list[Home]:
    """Returns the homes that are a device of their own above the controlled one.

    What both tell is that of the home.
    """
    by_identifier = {
        identifier: device_id
        for device_id, device in devices.items()
        for domain, identifier in device["identifiers"]
        if domain == vendor.domain
    }
    ours = {theirs: ours for ours, theirs in vendor.names.items()}
    homes = []
    for serial, plant in vendor.plants.items():
        controlled = by_identifier.get(serial)
        shown = by_identifier.get(plant.identifier)
        if controlled is None or shown is None:
            continue
        homes.append(
            Home(
                vendor=vendor,
                serial=serial,
                device_id=controlled,
                shown_id=shown,
                name=name_of(devices[shown]),
                entities={
                    ours.get(one.key, one.key): one
                    for device_id in (controlled, shown)
                    for one in entities
                    if one.device_id == device_id and not one.disabled
                },
            )
        )
    return homes


def name_of(device: Mapping[str, Any]) -> str:
    """Returns what a device is called."""
    return str(device["name_by_user"] or device["name"])
