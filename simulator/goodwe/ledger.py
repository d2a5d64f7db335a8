"""Energy of a station since the first day of its statistics."""

from collections.abc import Callable
from datetime import date, timedelta
import math

from ..energy import Energy
from ..house import House
from ..noise import dice
from .home import Home

type Present = Callable[[], tuple[date, Energy]]
"""Returns the local day of the last upload, and its energy until then."""


class Ledger:
    """Energy per local day; all sums are sums of these days.

    The house knows its last days minute by minute. Of days before them only the
    totals are left, as of a station that changed its dongle.
    """

    def __init__(self, home: Home, house: House, present: Present) -> None:
        """Begin on the day on which the station was created."""
        self._home = home
        self._house = house
        self._present = present
        self.created = min(home.created, house.installed)
        self._finished: dict[date, Energy] = {}
        self._sums: dict[tuple[date, date], Energy] = {}

    @property
    def today(self) -> date:
        """The day of the last upload."""
        return self._present()[0]

    def day(self, day: date) -> Energy | None:
        """Return the energy of a day, today so far; None where there is none."""
        today, energy = self._present()
        if day < self.created or day > today:
            return None
        if day == today:
            return energy
        if day not in self._finished:
            known = self._house.energy_on(day)
            self._finished[day] = known or _old_day(self._home, day)
        return self._finished[day]

    def between(self, first: date, last: date) -> Energy:
        """Return the energy of some days, both ends included."""
        today, energy = self._present()
        first, last = max(first, self.created), min(last, today)
        total = Energy()
        if first <= last == today:
            total = energy
            last -= timedelta(days=1)
        if first <= last:
            total += self._over(first, last)
        return total

    def _over(self, first: date, last: date) -> Energy:
        if (first, last) not in self._sums:
            total, day = Energy(), first
            while day <= last:
                total += self.day(day) or Energy()
                day += timedelta(days=1)
            self._sums[first, last] = total
        return self._sums[first, last]


def _old_day(home: Home, day: date) -> Energy:
    """Return a day of which only the totals are known; solar and load by the season."""
    spec = home.spec
    draw = dice(spec.seed, "old", day.toordinal())
    angle = 2 * math.pi * (day.timetuple().tm_yday - 172) / 365
    north = math.cos(angle) * math.copysign(1.0, spec.latitude)
    solar = spec.pv_peak_w * (2.6 + 1.9 * north) * draw.uniform(0.35, 1.0)
    load = 10_000.0 * spec.load_level * draw.uniform(0.8, 1.2)
    charge = min(spec.battery_capacity_wh * 0.7, solar * 0.35, load * 0.4)
    discharge = charge * spec.round_trip_efficiency
    direct = min(solar - charge, load * 0.4)
    parts = {
        "solar_wh": solar,
        "export_wh": solar - charge - direct,
        "charge_wh": charge,
        "discharge_wh": discharge,
        "load_wh": load,
        "import_wh": max(load - direct - discharge, 0.0),
    }
    return Energy(**{name: round(wh, 1) for name, wh in parts.items()})
