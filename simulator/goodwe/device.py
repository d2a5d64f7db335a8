"""One device of the cloud."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .home import BATTERY, INVERTERS, RACK
from .switches import DeviceSwitches

if TYPE_CHECKING:
    from ..house import House, Live
    from .home import DeviceSpec
    from .station import Station

OFFLINE, NORMAL, FAULT, WAITING, RUNNING, DISCHARGING = "0", "1", "2", "3", "5", "7"


@dataclass(slots=True, kw_only=True, eq=False)
class Device:
    """A device as the cloud knows it; `switches` are for tests."""

    spec: DeviceSpec
    station: Station
    switches: DeviceSwitches = field(default_factory=DeviceSwitches)
    stopped: bool = False
    """Whether an inverter was shut down."""
    control: Any = None
    """What remote control keeps about it."""

    @property
    def sn(self) -> str:
        """The serial number."""
        return self.spec.sn

    @property
    def type(self) -> str:
        """The `deviceType`."""
        return self.spec.type

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return self.spec.name

    @property
    def house(self) -> House:
        """Where it is."""
        return self.station.house

    @property
    def is_inverter(self) -> bool:
        """Whether it makes AC, with a battery or without."""
        return self.spec.type in INVERTERS

    @property
    def has_battery(self) -> bool:
        """Whether a battery hangs on it."""
        return self.is_inverter and self.station.home.has_battery

    def part_of(self, live: Live) -> Live:
        """Return its share of the powers behind the meter; the grid's is whole."""
        share = self.spec.share
        return replace(
            live,
            pv_w=live.pv_w * share,
            strings_w=tuple(watts * share for watts in live.strings_w),
            load_w=live.load_w * share,
            battery_w=live.battery_w * share,
        )

    @property
    def online(self) -> bool:
        """Whether it is heard of; what hangs on an inverter is heard through it."""
        parent = self.station.device(self.spec.parent)
        heard = self.switches.online and self.switches.status not in {"0", "-1"}
        return heard and (parent is None or parent.online)

    @property
    def status(self) -> str:
        """The device status (reference section 3.13)."""
        if self.switches.status is not None:
            return self.switches.status
        if not self.online:
            return OFFLINE
        if any(alarm.sn == self.sn for alarm in self.station.open_alarms):
            return FAULT
        live = self.station.sample.live
        if self.spec.type == BATTERY:
            return DISCHARGING if live.battery_w > 0 else NORMAL
        if self.spec.type == RACK or not self.is_inverter:
            return NORMAL
        if self.stopped or (live.pv_w <= 0 and not self.has_battery):
            return WAITING
        return RUNNING
