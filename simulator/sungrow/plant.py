"""One plant: its house, its devices, and the records that they upload."""

from datetime import UTC, datetime, timedelta
import math

from ..balance import Command
from ..house import House, State
from ..noise import dice
from ..snapshot import Lifetime
from .behaviour import battery_command, limited
from .cloud import Cloud
from .device import Device, before
from .home import EMS, HYBRID, INVERTER, MICRO, Home


class Plant:
    """A home in the cloud."""

    def __init__(self, home: Home, house: House, cloud: Cloud) -> None:
        """Take the battery over and let the devices upload."""
        self.home = home
        self.house = house
        self.cloud = cloud
        self.name = home.name
        self.lifetime = Lifetime(house, before(home))
        self.devices = [
            Device(
                spec=spec, home=home, house=house, cloud=cloud, lifetime=self.lifetime
            )
            for spec in home.devices
        ]
        self.grid_connected = datetime(2023, 8, 8, 15, 28, tzinfo=UTC)
        house.policy = self._policy
        for device in self.devices:
            draw = dice(house.spec.seed, f"upload/{device.uuid}", 0)
            device.upload()
            self._next_upload(device, draw.random())

    @property
    def id(self) -> str:
        """The `ps_id` as text."""
        return str(self.home.ps_id)

    @property
    def key(self) -> str:
        """The `ps_key` of the plant itself."""
        return f"{self.id}_11_0_0"

    @property
    def timezone(self) -> str:
        """The zone as plants have it; GMT+2 means two hours ahead (3.0)."""
        offset = self.local(self.house.live().at).utcoffset() or timedelta()
        minutes = int(offset.total_seconds() // 60)
        hours, rest = divmod(abs(minutes), 60)
        sign = "-" if minutes < 0 else "+"
        if self.cloud.zone_form == "GMT+02:00":
            return f"GMT{sign}{hours:02d}:{rest:02d}"
        return f"GMT{sign}{hours}" + (f":{rest:02d}" if rest else "")

    @property
    def online(self) -> bool:
        """Whether any of its devices is."""
        return any(device.switches.online for device in self.devices)

    @property
    def fault_status(self) -> int:
        """The `ps_fault_status`: 1 fault, 2 alarm, 3 normal."""
        return min(
            (d.fault_status for d in self.devices if d.fault_status in {1, 2}),
            default=3,
        )

    def local(self, at: datetime) -> datetime:
        """Return an instant in the plant's time."""
        return at.astimezone(self.house.spec.zone)

    def device(self, uuid: object) -> Device | None:
        """Return a device by its uuid."""
        return next((d for d in self.devices if d.uuid == str(uuid)), None)

    @property
    def main(self) -> Device:
        """Return the device whose uploads the plant's own points follow."""
        kinds = {HYBRID, INVERTER, MICRO}
        return next(d for d in self.devices if d.type in kinds)

    def upload(self) -> None:
        """Let all devices upload now, whatever their phase."""
        for device in self.devices:
            device.upload()

    def of(self, kind: int) -> list[Device]:
        """Return the devices of a type."""
        return [device for device in self.devices if device.type == kind]

    def _policy(self, local: datetime, state: State) -> Command:
        command = Command()
        for device in self.devices:
            if device.has_battery or (device.type == EMS and self.home.has_battery):
                command = battery_command(device, local, state)
        for device in self.devices:
            command = limited(device, command)
        return command

    def _next_upload(self, device: Device, phase: float) -> None:
        """Upload at the device's own second of each interval."""
        every = self.cloud.push_seconds
        now = self.house.live().at.timestamp()
        shift = phase * every
        at = (math.floor((now - shift) / every + 1e-6) + 1) * every + shift

        def upload() -> None:
            device.upload()
            self._next_upload(device, phase)

        self.house.call_at(datetime.fromtimestamp(at, UTC), upload)
