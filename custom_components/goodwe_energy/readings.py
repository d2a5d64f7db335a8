"""What SEMS+'s answers become: values by key, in W, kWh, percent, V, A, Hz, °C.

The keys are those of the reference's section 9. ``grid_power`` and a meter's powers
+ import, ``battery_power`` and a battery's ``power`` + discharge. A key that an answer
does not have is missing: nothing is made up. Texts are slugs of ``enums`` or what the
owner typed, never the server's words in Chinese.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .tables import Cls

type Value = float | int | str | datetime | None

# What the portal asks for before it lets somebody write or read settings (3.2)
_WRITE, _READ = "INVERTER_REMOTE", "INVERTER_REMOTE_READ"
_ASLEEP = frozenset({"offline", "disconnected", "waiting"})
_AWAY = frozenset({"offline", "disconnected"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantEntry:
    """A station of the account, of its list row and its information (3.1, 3.2).

    ``name`` is what its owner typed, in any script. ``zone_name`` is an IANA name,
    ``offset`` the distance from UTC where there is only that; see ``zones``.
    ``created`` is station-local and naive. ``has_battery`` is None while nobody says.
    ``flow_nodes`` are the wire's names of the powers that it has, None if unknown.
    ``listed`` are the counters of its list row by key, in kWh, and ``listed_at`` when
    they were read. ``informed`` tells
    whether its information was ever read.
    """

    id: str
    name: str
    observed_at: datetime
    zone_name: str | None = None
    offset: timedelta | None = None
    created: datetime | None = None
    status: str | None = None
    permissions: frozenset[str] = frozenset()
    has_battery: bool | None = None
    on_grid: bool | None = None
    flow_nodes: frozenset[str] | None = None
    capacity_kwh: float | None = None
    pv_kwp: float | None = None
    installed_kw: float | None = None
    listed: Mapping[str, float] = field(default_factory=dict)
    listed_at: datetime | None = None
    informed: bool = False

    @property
    def may_write(self) -> bool:
        """Whether the account may change settings (section 6.1)."""
        return _WRITE in self.permissions

    @property
    def may_read_settings(self) -> bool:
        """Whether the account may see settings."""
        return self.may_write or _READ in self.permissions

    @property
    def online(self) -> bool | None:
        """Whether the station sends data, None if nobody knows."""
        return None if self.status is None else self.status != "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plants:
    """The stations of the account by id."""

    observed_at: datetime
    plants: Mapping[str, PlantEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEntry:
    """A device of a station (3.4, 3.5, 3.9).

    ``type`` is the wire's, ``name`` and ``model`` hold no CJK. ``parent`` is the serial
    of the device that it belongs to. ``bat_index`` and ``battery_name`` are what the
    controls of a battery system call it. ``storage`` tells whether it is an inverter
    with batteries. ``values`` are what the lists themselves say, by key.
    """

    serial: str
    type: str
    cls: Cls
    name: str
    model: str | None = None
    manufacturer: str = "GoodWe"
    parent: str | None = None
    bat_index: str | None = None
    battery_name: str | None = None
    status: str | None = None
    status_code: int | None = None
    storage: bool = False
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def online(self) -> bool | None:
        """Whether the device sends data, None if nobody knows."""
        return None if self.status is None else self.status not in _AWAY

    @property
    def asleep(self) -> bool:
        """Whether an inverter waits for the sun or sends nothing (section 3.3)."""
        return self.status in _ASLEEP

    @property
    def measured(self) -> bool:
        """Whether it is asked for telemetry and counters (sections 3.6 and 3.7)."""
        return self.cls in ("inverter", "battery", "meter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """The devices of a station by serial; unknown types are not in it."""

    observed_at: datetime
    devices: Mapping[str, DeviceEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantLive:
    """The powers of a station (3.3), from a poll or a push.

    ``observed_at`` is the sample's own time in UTC, else when it was received;
    ``recorded_at`` is None in that case. ``told`` is that time as the station's clock
    says it, naive: two of them can be compared in any zone. ``empty``: success that said nothing.
    """

    observed_at: datetime
    values: Mapping[str, Value]
    recorded_at: datetime | None = None
    told: datetime | None = None
    empty: bool = False

    def get(self, key: str) -> Value:
        """Return a value, None if it is not known."""
        return self.values.get(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLive:
    """What a device measures (3.6), counts (3.7) or is (3.8); no time is told."""

    observed_at: datetime
    serial: str
    values: Mapping[str, Value]
    model: str | None = None

    def get(self, key: str) -> Value:
        """Return a value, None if it is not known."""
        return self.values.get(key)

    def number(self, key: str) -> float | None:
        """Return a value that is a number, else None."""
        value = self.values.get(key)
        return value if isinstance(value, int | float) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerSession:
    """A charge of a car (3.14), in kWh and minutes; times are aware UTC.

    ``id`` is None where the vendor names none. ``over`` tells whether it has ended.
    """

    id: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    kwh: float | None = None
    minutes: float | None = None
    over: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerLive(DeviceLive):
    """What an EV charger says.

    ``charging`` is None where nobody says. ``current`` is the session that is shown,
    also after its end; ``sessions`` are those of the log, None if it was not read.
    """

    charging: bool | None = None
    current: ChargerSession | None = None
    sessions: tuple[ChargerSession, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """Statistics of a station (3.10): kWh by series and the first day of each period.

    ``rates`` are percent by key, of the whole range. A series that is missing was not
    reported, it is not 0.
    """

    observed_at: datetime
    series: Mapping[str, Mapping[date, float]]
    rates: Mapping[str, float] = field(default_factory=dict)

    def of(self, key: str, first: date) -> float | None:
        """Return the energy of the period that begins with a day."""
        return self.series.get(key, {}).get(first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """Money of a day (3.11) by key; ``currency`` is its ISO code."""

    observed_at: datetime
    values: Mapping[str, float]
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm (3.12).

    ``name`` is the vendor's English text, None if it has any CJK. ``active`` is None
    for a status that is not known. Times are aware UTC.
    """

    id: str
    code: str | None = None
    name: str | None = None
    level: str | None = None
    active: bool | None = None
    serial: str | None = None
    device: str | None = None
    started: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """How many alarms a station had and has; the list itself, newest first.

    ``alarms`` is None while only the counts were read.
    """

    observed_at: datetime
    total: int | None = None
    active_count: int | None = None
    alarms: tuple[Alarm, ...] | None = None
