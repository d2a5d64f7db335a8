"""What a plant and its devices are built from."""

from dataclasses import dataclass

from ..spec import HouseSpec
from .families import Family


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSpec:
    """One device as it is built."""

    sn: str
    family: Family
    model: str
    """What `device/check/sn` says."""
    model_text: str
    device_id: int
    rated_w: int
    dtc: int
    alias: str = ""
    battery: str = ""
    """Model of the battery; empty is none."""
    has_pv: bool = True
    has_settings: bool = True
    """False: a MIN whose `tlxSetbean` is null."""
    listed: bool = True
    """Whether V1 `device/list` has it (Q34)."""
    vpp: bool = False
    sleeps: bool = False
    measures_grid: bool = True

    @property
    def has_battery(self) -> bool:
        """Whether there is something to control."""
        return bool(self.battery)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One plant; `spec` is its physics."""

    kind: str
    name: str
    plant_id: int
    spec: HouseSpec
    devices: tuple[DeviceSpec, ...]
    datalogger: str
    datalogger_model: str = "ShineWiFi-X"
    meter: str = ""
    """Serial number of the smart meter; empty is none in the list."""
    meter_address: int = 1
    country: str = "Germany"
    city: str = "Kassel"
    currency: str = "EUR"
