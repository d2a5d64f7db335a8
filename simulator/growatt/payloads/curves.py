"""Curves of the app: five-minute powers in kW, days and months in kWh."""

from datetime import date, timedelta
from typing import NamedTuple

from ...energy import Energy
from ...house import House

SLOT = timedelta(minutes=5)


class Slot(NamedTuple):
    """Mean powers of five minutes in kW, as the app draws them."""

    solar: float
    load: float
    imported: float
    exported: float
    charge: float
    discharge: float
    output: float
    own: float


NOTHING = Slot(*[0.0] * 8)


def day_curve(house: House, day: date) -> dict[str, Slot]:
    """Return the finished slots of a local day by their "HH:MM", oldest first."""
    curve = {}
    for record in house.records(day):
        output = max(record.pv_w + record.battery_w, 0.0)
        key = f"{record.start.astimezone(house.spec.zone):%H:%M}"
        curve[key] = Slot(
            *(
                round(power / 1000, 2)
                for power in (
                    record.pv_w,
                    record.load_w,
                    record.import_w,
                    record.export_w,
                    max(-record.battery_w, 0.0),
                    max(record.battery_w, 0.0),
                    output,
                    max(output - record.export_w, 0.0),
                )
            )
        )
    return curve


def all_keys() -> list[str]:
    """Return the 288 keys of a day."""
    return [f"{m // 60:02}:{m % 60:02}" for m in range(0, 1440, 5)]


def month_days(house: House, first: date) -> dict[int, Energy]:
    """Return the energies of the days of a month until today, by day."""
    days = {}
    day = first.replace(day=1)
    while day.month == first.month and day <= house.today():
        days[day.day] = house.energy_on(day) or Energy()
        day += timedelta(days=1)
    return days


def month_sum(house: House, first: date) -> Energy:
    """Return the energy of a month until today."""
    return sum(month_days(house, first).values(), Energy())


def year_months(house: House, year: int) -> dict[int, Energy]:
    """Return the energies of the months of a year until today, by month."""
    return {
        month: month_sum(house, date(year, month, 1))
        for month in range(1, 13)
        if date(year, month, 1) <= house.today()
    }
