"""One plant: its house, its devices, and the records that they push."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
import math
from typing import Any

from ..balance import Command
from ..house import House, State
from ..noise import dice
from .behaviour import battery_command, limited
from .cloud import Cloud
from .device import Device
from .families import Family
from .home import Home


class Plant:
    """A home in the cloud."""

    def __init__(self, home: Home, house: House, cloud: Cloud) -> None:
        """Take the battery over and let the dataloggers push."""
        self.home = home
        self.house = house
        self.cloud = cloud
        self.devices = [
            Device(spec=spec, home=home, house=house, cloud=cloud)
            for spec in home.devices
        ]
        self.name = home.name
        self.details: dict[str, Any] = {}
        """What was changed of the plant's own settings, by name of the app."""
        self.created = datetime(2024, 11, 6, tzinfo=UTC).date()
        house.policy = self._policy
        draw = dice(house.spec.seed, f"push/{home.plant_id}", 0)
        self._offset = draw.random()
        self._push(self.devices)
        for noah in (False, True):
            if members := [
                d for d in self.devices if (d.family is Family.NOAH) is noah
            ]:
                self._next_push(members, noah=noah)

    @property
    def id(self) -> int:
        """The `plant_id`."""
        return self.home.plant_id

    @property
    def timezone(self) -> str:
        """The zone as plants have it: `GMT+10`."""
        return f"GMT{self.offset_hours:+g}"

    @property
    def offset_hours(self) -> float:
        """Hours ahead of UTC, now."""
        offset = self.local(self.house.live().at).utcoffset() or timedelta()
        return offset.total_seconds() / 3600

    def local(self, at: datetime) -> datetime:
        """Return an instant in the plant's time."""
        return at.astimezone(self.house.spec.zone)

    @property
    def online(self) -> bool:
        """Whether any of its devices is."""
        return any(device.online for device in self.devices)

    def _policy(self, local: datetime, state: State) -> Command:
        command = Command()
        for device in self.devices:
            if device.spec.has_battery:
                error = timedelta(seconds=device.clock_error)
                command = battery_command(device, local + error, state)
        for device in self.devices:
            command = limited(device, command)
        return command

    def _push(self, devices: Iterable[Device]) -> None:
        for device in devices:
            device.push()

    def _next_push(self, devices: list[Device], *, noah: bool) -> None:
        """Send records at a fixed second of each interval."""
        cloud = self.cloud
        every = cloud.noah_push_seconds if noah else cloud.push_seconds
        now = self.house.live().at.timestamp()
        shift = self._offset * every
        at = (math.floor((now - shift) / every + 1e-6) + 1) * every + shift

        def push() -> None:
            self._push(devices)
            self._next_push(devices, noah=noah)

        self.house.call_at(datetime.fromtimestamp(at, UTC), push)
