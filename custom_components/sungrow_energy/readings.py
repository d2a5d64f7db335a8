"""What iSolarCloud's answers become: values by key, in W, kWh, percent, V, A, Hz, °C.

The keys are those of the reference's section 9; which point gives which is said in
``points``. ``grid_power`` + imports, ``battery_power`` and a battery's ``power`` and
``current`` + discharge. A key that an answer does not have is missing: nothing is made
up. Texts are only codes of our own tables (``enums``), never the server's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

type Value = float | int | str | None
type FaultState = Literal["normal", "alarm", "fault"]

# A device whose newest sample is older says nothing of the present (section 5: it
# uploads every 5 minutes).
FRESH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The plant's configured prices in ``currency`` (as the API names it) per kWh."""

    currency: str | None = None
    consumption: float | None = None
    feed_in: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantEntry:
    """A plant of the account, of its list row and its detail (3.1, 3.2).

    ``name`` is what its owner typed, which may be in any script. ``offset`` is the
    plant's distance from UTC as the vendor names it (``GMT+2``), None if it does not.
    ``plant_type`` and the like are slugs of ``enums``; ``installed_power`` in W (peak).
    """

    plant_id: str
    name: str
    plant_type: str | None = None
    online: bool | None = None
    fault: FaultState | None = None
    fault_count: int | None = None
    alarm_count: int | None = None
    offset: timedelta | None = None
    installed_power: float | None = None
    tariff: Tariff = field(default_factory=Tariff)
    connect_type: str | None = None
    build_status: str | None = None
    valid_flag: str | None = None
    extras: Mapping[str, tuple[float, str | None]] = field(default_factory=dict)
    """What only V1's list says: key -> (value, unit) of money and CO2 (section 9.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plants:
    """The plants of the account by id.

    ``not_authorized`` are those that were asked for and that the grant does not hold.
    """

    observed_at: datetime
    plants: Mapping[str, PlantEntry]
    not_authorized: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEntry:
    """A device of a plant (3.3).

    ``identifier`` is what it is known by in Home Assistant: its serial, or ``ps_key``
    where it has none of its own. ``type`` is ``HOME_MANAGER_TYPE`` for an iHomeManager.
    ``uuid`` names it in controls (``ps_key`` if it has none: then none is accepted),
    ``ps_key`` in data. ``name`` and ``model`` hold no
    CJK; None if there is nothing else. ``logger`` is the serial of the communication
    module that it reports through. ``versions`` are its firmware's by part.
    ``rated_power`` in W, of the model code.
    """

    uuid: str
    ps_key: str
    plant_id: str
    type: int
    identifier: str
    serial: str | None = None
    name: str | None = None
    model: str | None = None
    model_id: str | None = None
    online: bool | None = None
    fault: FaultState | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    logger: str | None = None
    rated_power: float | None = None
    manufacturer: str = "Sungrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """The real devices of a plant by identifier; virtual ones are not in it (8.1)."""

    observed_at: datetime
    devices: Mapping[str, DeviceEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A point that no table of ours has; ``name`` is the server's, without any CJK."""

    value: float | str
    unit: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantLive:
    """A plant's own points (3.4, section 3.11 type 11).

    ``observed_at`` is the sample's own time in UTC (V1 only), else when it was
    received; ``recorded_at`` is None in that case.
    """

    plant_id: str
    observed_at: datetime
    values: Mapping[str, Value]
    recorded_at: datetime | None = None
    unknown: Mapping[str, Extra] = field(default_factory=dict)

    def get(self, key: str) -> Value:
        """Return a value, None if it is not known."""
        return self.values.get(key)

    def number(self, key: str) -> float | None:
        """Return a value that is a number, else None."""
        value = self.values.get(key)
        return value if isinstance(value, int | float) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLive:
    """The newest sample of one device (3.5).

    ``observed_at`` is its own ``device_time`` in UTC, None if it has none that makes
    sense: then nobody knows how old the values are. ``unknown`` is by point id.
    ``codes`` are those that statuses came from, by key, also where no table explains
    them: ``codes["operating_status"] == 2048``.
    """

    ps_key: str
    type: int
    observed_at: datetime | None
    values: Mapping[str, Value]
    online: bool | None = None
    fault: FaultState | None = None
    unknown: Mapping[str, Extra] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)

    def get(self, key: str) -> Value:
        """Return a value, None if it is not known."""
        return self.values.get(key)

    def number(self, key: str) -> float | None:
        """Return a value that is a number, else None."""
        value = self.values.get(key)
        return value if isinstance(value, int | float) else None

    def fresh(self, now: datetime) -> bool:
        """Tell whether the sample says something of the present."""
        return self.observed_at is not None and now - self.observed_at < FRESH


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantsLive:
    """The plants' own points by plant id; ``observed_at`` is when they were received.

    ``failed`` are the plants that the server refused to answer for.
    """

    observed_at: datetime
    plants: Mapping[str, PlantLive]
    failed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The newest samples of devices of one type by ``ps_key``.

    ``observed_at`` is when they were received. ``failed`` are the ``ps_key`` that the
    server refused to answer for.
    """

    observed_at: datetime
    devices: Mapping[str, DeviceLive]
    failed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An open fault of a device (3.7).

    ``name`` is the slug of section 8.4, None for a code that it does not have: then
    only ``code`` is shown. ``kind`` and ``level`` are slugs. ``started`` is aware UTC.
    """

    fault_id: str
    code: int | None
    name: str | None = None
    kind: str | None = None
    level: str | None = None
    started: datetime | None = None
    plant_id: str | None = None
    ps_key: str | None = None
    device_type: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The open faults, newest first."""

    observed_at: datetime
    faults: tuple[Fault, ...]
