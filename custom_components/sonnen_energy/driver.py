"""sonnenBatterie in the words of the bundle: snapshots, and the one change of sign.

The battery's own power has the bundle's sign already (+ discharges); at the meter the
wire's + is feeding in (reference section 3.1). The answers to endpoints that may be
missing decode to readings without values from ``{}`` and ``[]``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ._vendor.core.client.decode import mapping, mappings
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.model import Power
from .api.models import (
    BatteryInfo,
    Configurations,
    Inverter,
    IoItem,
    Latest,
    Meter,
    Status,
)
from .api.values import slug

_STARTING = frozenset({"config", "init"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading[T]:
    """One document: its values with the wire's units, and when it was received."""

    observed_at: datetime
    values: T


type Detail = Reading[Latest]
type Battery = Reading[BatteryInfo]
type InverterReading = Reading[Inverter]
type Meters = Reading[Mapping[str, Meter]]
type Io = Reading[Mapping[str, IoItem]]
type Configuration = Reading[Configurations]


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The flows of now, and what else ``status`` says.

    ``stamp`` is the battery's naive time: two readings with one stamp are one sample.
    What time that is, ``times.clock`` tells.
    """

    observed_at: datetime
    power: Power
    status: Status

    @property
    def stamp(self) -> datetime | None:
        """The battery's own time stamp, naive."""
        return self.status.clock

    @property
    def system_status(self) -> str | None:
        """``SystemStatus`` as a slug: ongrid, offgrid, init, config, critical_error."""
        return slug(self.status.system_status)


def live(raw: Any, observed_at: datetime) -> Live:
    """Decode ``status``; it carries no zone, so its time is that of receipt.

    Raises ``BadDataError``: ``booting`` for the zeros of a battery that has just
    started, which must not be shown as 0 %; without a reason for an answer without
    values.
    """
    status = Status.from_wire(mapping(raw))
    power = Power(
        observed_at=observed_at,
        # Slightly negative at night
        solar=_not_negative(status.production),
        grid=None if status.feed_in is None else -status.feed_in or 0.0,
        battery=status.battery,
        load=_not_negative(status.consumption),
        soc=status.usable_soc,
    )
    if power.empty:
        raise BadDataError("the status is empty")
    if _just_booted(status):
        raise BadDataError("the battery is starting", reason="booting")
    return Live(observed_at=observed_at, power=power, status=status)


def _just_booted(status: Status) -> bool:
    """Tell the zeros of a start from a battery that is empty (3.2).

    A real one never falls to 0 % of its real charge: there is the hidden reserve. So
    that says it whatever else is there already, such as the grid's voltage.
    """
    if status.real_soc == 0 and not status.usable_soc:
        return True
    if status.real_soc is not None or status.usable_soc != 0 or status.battery:
        return False
    starting = slug(status.system_status) in _STARTING
    return starting or not (status.ac_voltage or status.battery_voltage)


def _not_negative(value: float | None) -> float | None:
    return None if value is None else max(0.0, value)


def detail(raw: Any, observed_at: datetime) -> Detail:
    """Decode ``latestdata``. Raises ``BadDataError`` (``booting``) as ``live`` does."""
    latest = Latest.from_wire(mapping(raw))
    if latest.booting:
        raise BadDataError("the controller is starting", reason="booting")
    return Reading(observed_at=observed_at, values=latest)


def battery(raw: Any, observed_at: datetime) -> Battery:
    """Decode ``battery``. Raises ``BadDataError`` (``booting``) as ``live`` does."""
    info = BatteryInfo.from_wire(mapping(raw))
    if info.full_ah == 0 and not info.full_wh and not info.real_soc:
        raise BadDataError("the battery is starting", reason="booting")
    return Reading(observed_at=observed_at, values=info)


def inverter(raw: Any, observed_at: datetime) -> InverterReading:
    """Decode ``inverter``."""
    return Reading(observed_at=observed_at, values=Inverter.from_wire(mapping(raw)))


def meters(raw: Any, observed_at: datetime) -> Meters:
    """Decode ``powermeter``: the meters by ``Meter.key``, in the battery's order.

    One that could not be read is there without values. Counters go through
    ``rising.total_counter`` before they are shown (9.2): it holds zeros and dips, and
    takes a new meter once three different readings of it have risen.
    """
    found = map(Meter.from_wire, mappings(raw))
    return Reading(
        observed_at=observed_at,
        values={meter.key: meter for meter in found if meter is not None},
    )


def io(raw: Any, observed_at: datetime) -> Io:
    """Decode ``io``: the inputs and outputs with a usage, by name."""
    found = [IoItem.from_wire(name, mapping(item)) for name, item in _items(raw)]
    return Reading(
        observed_at=observed_at,
        values={item.name: item for item in found if item is not None},
    )


def _items(raw: Any) -> list[tuple[str, Any]]:
    return [(str(key), value) for key, value in mapping(raw).items()]


def configuration(raw: Any, observed_at: datetime) -> Configuration:
    """Decode ``configurations``."""
    return Reading(
        observed_at=observed_at, values=Configurations.from_wire(mapping(raw))
    )
