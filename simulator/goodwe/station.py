"""One station: its house, its devices, what it uploaded last."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
import math
from typing import Any
from zoneinfo import ZoneInfo

from ..energy import Energy
from ..house import House, Live
from .alarms import Alarm
from .device import Device
from .home import Home
from .ledger import Ledger
from .switches import CloudSwitches


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a station uploaded, and when (UTC)."""

    at: datetime
    live: Live
    day: date
    """Local."""
    energy: Energy
    """Of this day, until then."""


class Station:
    """A home in the cloud."""

    def __init__(self, home: Home, house: House, cloud: CloudSwitches) -> None:
        """Let its devices upload from now on."""
        self.home = home
        self.house = house
        self.cloud = cloud
        self.ledger = Ledger(home, house, lambda: (self.sample.day, self.sample.energy))
        self.devices = [Device(spec=spec, station=self) for spec in home.devices]
        self.permissions = list(home.permissions)
        self.alarms: list[Alarm] = []
        self.uploading = True
        """False: the dongle is silent and all values stay as they were."""
        self.status: str | None = None
        """A status code in place of the station's own."""
        self.extras: dict[str, float] = {}
        """Nodes of the power flow that the house has not, in kW: `pThird`."""
        self.info_extra: dict[str, Any] = {}
        """Fields of the station's information, and instead of them."""
        self.lost = False
        """It is in no list any more, and nobody may ask about it."""
        self.uploads: list[Callable[[], None]] = []
        """What is called after each upload."""
        self._last = self._now()
        self._next_upload()

    @property
    def id(self) -> str:
        """Its number."""
        return self.home.id

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return self.home.name

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return self.house.spec.zone

    @property
    def sample(self) -> Sample:
        """What it uploaded last."""
        self.house.advance()
        return self._last

    @property
    def open_alarms(self) -> list[Alarm]:
        """Alarms that are not over."""
        now = self.house.live().at
        return [it for it in self.alarms if it.happens(now)]

    def local(self, at: datetime) -> datetime:
        """Return an instant in the station's time."""
        return at.astimezone(self.zone)

    def device(self, sn: object) -> Device | None:
        """Return a device by its serial number."""
        return next((device for device in self.devices if device.sn == sn), None)

    def of(self, *types: str) -> list[Device]:
        """Return devices of some types that are not lost."""
        return [
            device
            for device in self.devices
            if device.type in types and not device.switches.lost
        ]

    @property
    def offset(self) -> timedelta:
        """Its offset from UTC now."""
        return self.local(self.house.live().at).utcoffset() or timedelta()

    @property
    def current_status(self) -> str:
        """The station status (reference section 3.13)."""
        if self.status is not None:
            return self.status
        mains = [device for device in self.devices if device.is_inverter]
        if not any(device.online for device in mains):
            return "0"
        if self.open_alarms:
            return "2"
        return "1" if any(device.status == "5" for device in mains) else "3"

    @property
    def counted_day(self) -> date:
        """The day of which period counters tell; late, it is the day before."""
        local = self.local(self.sample.at)
        midnight = local.replace(hour=0, minute=0, second=0)
        late = (local - midnight).total_seconds() < self.cloud.late_midnight
        return self.sample.day - timedelta(days=1) if late else self.sample.day

    def upload(self) -> None:
        """Send what is now, if the dongle can."""
        if self.uploading:
            self._last = self._now()
        for call in self.uploads:
            call()

    def _now(self) -> Sample:
        live = self.house.live()
        day = self.house.today()
        return Sample(
            at=live.at.replace(second=0, microsecond=0),
            live=live,
            day=day,
            energy=self.house.energy_on(day) or Energy(),
        )

    def _next_upload(self) -> None:
        every = max(self.cloud.refresh_seconds, 1.0)
        now = self.house.live().at.timestamp()
        at = (math.floor(now / every + 1e-6) + 1) * every

        def upload() -> None:
            self.upload()
            self._next_upload()

        self.house.call_at(datetime.fromtimestamp(at, UTC), upload)
