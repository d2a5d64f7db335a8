"""Charging sessions of a car, read off what the house recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..energy import SLOT_MINUTES
from ..house import House

PAUSE = timedelta(minutes=10)
"""One that ends a session."""
_SLOT = timedelta(minutes=SLOT_MINUTES)


@dataclass(frozen=True, slots=True)
class ChargeSession:
    """One session; times in UTC, energies in Wh."""

    start: datetime
    end: datetime
    """End of the last record in which power flowed."""
    energy_wh: float
    solar_wh: float
    """Part that the sun had to spare."""

    @property
    def number(self) -> str:
        """The `chargeSerialNumber`."""
        return f"{self.start:%Y%m%d%H%M}0001"


def sessions(house: House, first: date, last: date) -> list[ChargeSession]:
    """Return sessions that begin on these local days, oldest first.

    The last one may still go on.
    """
    found: list[ChargeSession] = []
    for start, energy_wh, solar_wh in _charging(house, first, last):
        end = start + _SLOT
        if found and start - found[-1].end < PAUSE:
            open_ = found[-1]
            found[-1] = ChargeSession(
                open_.start,
                end,
                open_.energy_wh + energy_wh,
                open_.solar_wh + solar_wh,
            )
        else:
            found.append(ChargeSession(start, end, energy_wh, solar_wh))
    return found


def _charging(
    house: House, first: date, last: date
) -> Iterator[tuple[datetime, float, float]]:
    hours = SLOT_MINUTES / 60
    day = first
    while day <= last:
        for record in house.records(day):
            if record.ev_w > 0:
                spare_w = max(record.pv_w - record.load_w + record.ev_w, 0.0)
                solar_w = min(spare_w, record.ev_w)
                yield record.start, record.ev_w * hours, solar_w * hours
        day += timedelta(days=1)


def since(house: House, start: datetime) -> float:
    """Return what went into the car since a record's start until now, in Wh."""
    zone = house.spec.zone
    first = start.astimezone(zone).date()
    energy_wh = 0.0
    day = first
    while day <= house.today():
        energy = house.energy_on(day)
        energy_wh += energy.ev_wh if energy else 0.0
        day += timedelta(days=1)
    before = sum(
        record.ev_w * SLOT_MINUTES / 60
        for record in house.records(first)
        if record.start < start
    )
    return max(energy_wh - before, 0.0)
