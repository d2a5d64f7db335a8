"""What Growatt's answers become: values by key, in W, kWh, percent, V, A, Hz and °C.

The keys are those of the reference's section 9, the same for the same thing in every
family (``battery_soc``, ``solar_power``, ``grid_power`` …; numbered things as in
``input_1_voltage``, ``battery_2_soc``). ``grid_power`` + imports, ``battery_power`` +
discharges; other powers have one direction and are not negative, except
``output_power``, which an AC-coupled unit may draw. A key that a record does not have
is missing or None: nothing is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .families import Family

type Value = float | int | str | None

# A record that is younger came from a device that is there (reference 9.3, Q9)
ONLINE_AGE = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The newest record of one device.

    ``observed_at`` is the record's own time (aware UTC, reference Q7); None if it
    carries none that makes sense, then nobody knows how old the values are.
    ``recorded_at`` is that time only where the device gave it itself, and None where
    it was noted when the answer came.
    ``batteries`` are the numbers of the batteries that are really there (Q10).
    ``has_meter`` is False when the grid is not measured (section 9.9), None when the
    record cannot tell.
    """

    observed_at: datetime | None
    family: Family
    values: Mapping[str, Value]
    batteries: tuple[int, ...] = ()
    has_meter: bool | None = None
    recorded_at: datetime | None = None

    @property
    def has_battery(self) -> bool:
        """Whether there is a battery."""
        return bool(self.batteries)

    def get(self, key: str) -> Value:
        """Return a value, None if it is not known."""
        return self.values.get(key)

    def number(self, key: str) -> float | None:
        """Return a value that is a number, else None."""
        value = self.values.get(key)
        return value if isinstance(value, int | float) else None

    def younger_than(self, age: timedelta, now: datetime) -> bool:
        """Tell whether the record is of the last ``age`` before ``now``."""
        return self.observed_at is not None and now - self.observed_at < age

    def online(self, now: datetime) -> bool:
        """Tell whether the device reported lately; ``lost`` of a record lies (Q9)."""
        return self.younger_than(ONLINE_AGE, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The newest records by serial; ``observed_at`` is when they were received.

    A device whose answer was empty (Q11) is not in it.
    """

    observed_at: datetime
    devices: Mapping[str, Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantReading:
    """The vendor's own sums of a plant, by the keys of section 9.1.

    ``money_*`` are in ``currency`` (ISO code, None if unknown). ``last_update`` is the
    plant's own stamp (aware UTC); ``observed_at`` is when the answer was received.
    ``zone`` is as in ``PlantEntry``.
    """

    observed_at: datetime
    values: Mapping[str, Value]
    currency: str | None = None
    last_update: datetime | None = None
    online: bool | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantEntry:
    """A plant of the account.

    ``zone`` is an IANA name or a fixed offset as ``+10:00``, None if the vendor did
    not tell; ``peak_power`` in W.
    """

    plant_id: str
    name: str
    user_id: str | None = None
    zone: str | None = None
    currency: str | None = None
    peak_power: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plants:
    """The plants of the account by id."""

    observed_at: datetime
    plants: Mapping[str, PlantEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEntry:
    """A device of a plant.

    ``rated_power`` in W. ``online`` is what the device list says. ``type_code`` is the
    vendor's own word for the family (``7``, ``tlx``). A meter has its ``address``.
    ``battery_serials`` are real serials by battery number, where the vendor has them.
    """

    serial: str
    family: Family
    plant_id: str
    type_code: str
    alias: str | None = None
    model: str | None = None
    versions: tuple[str, ...] = ()
    hardware: str | None = None
    datalogger: str | None = None
    rated_power: float | None = None
    online: bool | None = None
    address: str | None = None
    battery_model: str | None = None
    battery_serials: Mapping[int, str] = field(default_factory=dict)
    has_settings: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Logger:
    """A datalogger; ``interval`` is how often it reports."""

    serial: str
    plant_id: str
    model: str | None = None
    lost: bool | None = None
    interval: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """The devices and dataloggers of a plant by serial.

    ``unserved`` are those that nothing is known about: serial -> the vendor's type.
    """

    observed_at: datetime
    devices: Mapping[str, DeviceEntry]
    loggers: Mapping[str, Logger]
    unserved: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something a device complained of; times are plant-local as the vendor has them."""

    code: int | None
    message: str | None
    started: str | None
    ended: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """The alarms of a device of one day, in the vendor's order."""

    observed_at: datetime
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """The signal of a datalogger's Wi-Fi, dBm (below 0); None if it does not tell."""

    observed_at: datetime
    dbm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """The panels of a micro inverter by number: ``power`` W, ``voltage``, ``current``.

    ``observed_at`` is when the answer was received: it has no time.
    """

    observed_at: datetime
    panels: Mapping[int, Mapping[str, float]]
