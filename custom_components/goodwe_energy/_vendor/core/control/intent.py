"""What can be asked of a device: a closed set, the same for every vendor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any, ClassVar

# A setting as plain JSON; None says that it is not there.
type Value = bool | int | float | str | list[Any] | dict[str, Any] | None
type Values = Mapping[str, Value]
# What to change, given what is set: changes of parts of a value can follow each other.
type Edit = Callable[[Values], Values]


class Kind(StrEnum):
    """Names of the intents; those of actions where there is one."""

    FORCE_CHARGE = "force_charge"
    FORCE_DISCHARGE = "force_discharge"
    HOLD = "hold"
    SELF_USE = "self_use"
    SET_RESERVE = "set_reserve"
    SET_EXPORT_LIMIT = "set_export_limit"
    SET_LIMITS = "set_limits"
    SET_MODE = "set_mode"
    SET_SCHEDULE = "set_schedule"
    SET_VALUES = "set_values"


class HoldBlock(StrEnum):
    """What the battery may not do while it is held."""

    DISCHARGE = "discharge"
    CHARGE = "charge"
    BOTH = "both"


class Slot(StrEnum):
    """What can be leased at the same time; a new lease replaces its slot's old one."""

    MODE = "mode"
    RESERVE = "reserve"
    EXPORT_LIMIT = "export_limit"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceCharge:
    """Charge from the grid: W (None: what the device does), to ``target_soc`` %."""

    kind: ClassVar = Kind.FORCE_CHARGE
    slot: ClassVar = Slot.MODE

    until: datetime
    power: float | None = None
    target_soc: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceDischarge:
    """Discharge to the grid: W (None: what the device does), down to ``target_soc``."""

    kind: ClassVar = Kind.FORCE_DISCHARGE
    slot: ClassVar = Slot.MODE

    until: datetime
    power: float | None = None
    target_soc: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Keep what is in the battery, keep it from charging, or both."""

    kind: ClassVar = Kind.HOLD
    slot: ClassVar = Slot.MODE

    until: datetime
    block: HoldBlock = HoldBlock.DISCHARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfUse:
    """End whatever is leased."""

    kind: ClassVar = Kind.SELF_USE


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReserve:
    """Keep ``soc`` % for an outage; for good unless there is an ``until``."""

    kind: ClassVar = Kind.SET_RESERVE
    slot: ClassVar = Slot.RESERVE

    soc: float
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetExportLimit:
    """Limit what is fed in: W, percent, or neither for no limit."""

    kind: ClassVar = Kind.SET_EXPORT_LIMIT
    slot: ClassVar = Slot.EXPORT_LIMIT

    power: float | None = None
    percent: float | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLimits:
    """Limit the battery's power in W; None leaves a direction as it is."""

    kind: ClassVar = Kind.SET_LIMITS
    slot: ClassVar = Slot.LIMITS

    charge_power: float | None = None
    discharge_power: float | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMode:
    """Select one of the vendor's own modes."""

    kind: ClassVar = Kind.SET_MODE

    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a schedule, in the site's local time.

    ``soc`` in percent, ``power`` in W, ``days`` 1-7 from Monday; None: not said.
    """

    start: time
    end: time
    mode: str
    soc: float | None = None
    power: float | None = None
    days: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSchedule:
    """Replace the rows of every mode that is named by a row or in ``clear``.

    ``switches`` are the vendor's own switches beside its schedule, by name.
    """

    kind: ClassVar = Kind.SET_SCHEDULE

    rows: tuple[Row, ...] = ()
    clear: frozenset[str] = frozenset()
    switches: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetValues:
    """Change single settings of the vendor, by the keys of its driver."""

    kind: ClassVar = Kind.SET_VALUES

    edits: tuple[Edit, ...]


type Timed = ForceCharge | ForceDischarge | Hold
type Limit = SetReserve | SetExportLimit | SetLimits
type Leasable = Timed | Limit
type Intent = Leasable | SelfUse | SetMode | SetSchedule | SetValues

_LEASABLE: dict[str, type[Leasable]] = {
    kind.kind: kind
    for kind in (
        ForceCharge,
        ForceDischarge,
        Hold,
        SetReserve,
        SetExportLimit,
        SetLimits,
    )
}


def end_of(intent: Intent) -> datetime | None:
    """Return when a lease for the intent ends; None if it is durable."""
    return getattr(intent, "until", None)


def same_apart_from_end(one: Leasable, other: Leasable) -> bool:
    """Return whether two intents want the same, for however long."""
    return type(one) is type(other) and replace(one, until=other.until) == other  # type: ignore[arg-type]


def dump(intent: Leasable) -> dict[str, Any]:
    """Return an intent as plain JSON."""
    plain = {
        field.name: _plain(value)
        for field in fields(intent)
        if (value := getattr(intent, field.name)) is not None
    }
    return {"kind": str(intent.kind), **plain}


def _plain(value: datetime | HoldBlock | float) -> str | float:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, HoldBlock) else value


def load(data: Mapping[str, Any]) -> Leasable:
    """Return what ``dump`` was given. Raises KeyError, TypeError or ValueError."""
    values = dict(data)
    kind = _LEASABLE[values.pop("kind")]
    values["until"] = datetime.fromisoformat(values["until"])
    if "block" in values:
        values["block"] = HoldBlock(values["block"])
    return kind(**values)
