"""Energies: what flowed since a moment, per day, and in five-minute records."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from operator import add, attrgetter, sub
from typing import NamedTuple

from .balance import Flow

SLOT_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Energy:
    """Energy in Wh per flow; each of them only rises with time."""

    solar_wh: float = 0.0
    import_wh: float = 0.0
    export_wh: float = 0.0
    charge_wh: float = 0.0
    """Into the battery, measured on the AC side."""
    discharge_wh: float = 0.0
    load_wh: float = 0.0
    """All consumption, the car included."""
    grid_charge_wh: float = 0.0
    """Part of `charge_wh` that came from the grid."""
    ev_wh: float = 0.0

    def __add__(self, other: Energy) -> Energy:
        """Return the sum, flow by flow."""
        return Energy(*map(add, _FLOWS(self), _FLOWS(other), strict=True))

    def __sub__(self, other: Energy) -> Energy:
        """Return the difference, flow by flow."""
        return Energy(*map(sub, _FLOWS(self), _FLOWS(other), strict=True))


_FLOWS = attrgetter(*(flow.name for flow in fields(Energy)))


class Record(NamedTuple):
    """Mean powers in W over the five minutes that begin at `start` (UTC)."""

    start: datetime
    pv_w: float
    load_w: float
    import_w: float
    export_w: float
    ev_w: float
    battery_w: float
    """+ is discharging."""
    soc: float
    """Percent, in the middle of the five minutes."""


class Meter:
    """Counts the energy of flows."""

    __slots__ = ("_wh",)

    def __init__(self, wh: Iterable[float] = (0.0,) * 8) -> None:
        """Begin at zero, or at the counters of another meter."""
        self._wh = list(wh)

    def copy(self) -> Meter:
        """Return a meter that goes on from here by itself."""
        return Meter(self._wh)

    def count(self, flow: Flow, hours: float) -> None:
        """Add a flow that lasted for some hours."""
        wh = self._wh
        pv_w, load_w, grid_w, battery_w, ev_w, grid_charge_w, _ = flow
        wh[0] += pv_w * hours
        if grid_w > 0:
            wh[1] += grid_w * hours
        else:
            wh[2] -= grid_w * hours
        if battery_w < 0:
            wh[3] -= battery_w * hours
        else:
            wh[4] += battery_w * hours
        wh[5] += load_w * hours
        wh[6] += grid_charge_w * hours
        wh[7] += ev_w * hours

    def reading(self, flow: Flow | None = None, hours: float = 0.0) -> Energy:
        """Return the counters, as they are once `flow` has lasted for `hours` more."""
        if flow is None or hours == 0:
            return Energy(*self._wh)
        ahead = self.copy()
        ahead.count(flow, hours)
        return ahead.reading()


def mean_record(start: datetime, used: Energy, soc: float) -> Record:
    """Turn the energy of five minutes into mean powers."""
    per_hour = 60 / SLOT_MINUTES
    return Record(
        start,
        used.solar_wh * per_hour,
        used.load_wh * per_hour,
        used.import_wh * per_hour,
        used.export_wh * per_hour,
        used.ev_wh * per_hour,
        (used.discharge_wh - used.charge_wh) * per_hour,
        soc,
    )
