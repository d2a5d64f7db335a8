"""What a station and its devices are built from."""

from dataclasses import dataclass
from datetime import date

from ..spec import HouseSpec

INVERTER, CABINET = "INVERTER", "ENERGY_STORAGE_INTEGRATED_CABINET"
BATTERY, RACK = "BAT_SYS", "BATTERY_RACK"
METER, DONGLE, CHARGER = "SMART_METER", "DONGLE", "EV_CHARGER"
INVERTERS = frozenset({INVERTER, CABINET})

VIEW = ("STATION_VIEW",)
REMOTE = ("INVERTER_REMOTE", "INVERTER_REMOTE_READ")
OWNER = (*REMOTE, *VIEW, "STATION_EDIT")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSpec:
    """One device as it is built."""

    type: str
    """`deviceType` (reference section 3.4)."""
    sn: str
    name: str
    model: str = ""
    subtype: str | None = None
    parent: str | None = None
    """`preSn`."""
    number: str = ""
    """Of a battery system: `no`, the `batIndex` of its controls."""
    translate_code: str = ""
    """Of a battery system: the `deviceName` of its controls."""
    rated_w: float = 0.0
    share: float = 1.0
    """Of inverters and batteries: their part of the house's sun, battery and load."""
    work_mode: str = ""
    """Of a storage inverter: version of its work modes, "1.0" to "3.0"."""
    arm: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One station; `spec` is its physics."""

    kind: str
    name: str
    id: str
    spec: HouseSpec
    devices: tuple[DeviceSpec, ...]
    created: date = date(2024, 5, 2)
    """First day of its statistics."""
    permissions: tuple[str, ...] = OWNER
    nodes: tuple[str, ...] = ("pSystem", "pConsum", "pGrid")
    """What its power flow has (`chartMap`), without the battery."""
    station_type: str = "2"
    currency: str = "EUR"
    import_price: float = 0.32
    export_price: float = 0.08

    @property
    def has_battery(self) -> bool:
        """Whether there is a battery."""
        return self.spec.battery_capacity_wh > 0

    @property
    def is_all_in_one(self) -> bool:
        """Whether inverter and battery are one cabinet."""
        return any(device.type == CABINET for device in self.devices)

    def of(self, *types: str) -> tuple[DeviceSpec, ...]:
        """Return its devices of some types."""
        return tuple(device for device in self.devices if device.type in types)
