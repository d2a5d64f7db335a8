"""The diary of a house that is being watched."""

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date

from .balance import Flow
from .calendar import at_minute, local_date, local_day_minutes
from .energy import SLOT_MINUTES, Energy, Meter, Record, mean_record
from .spec import HouseSpec


@dataclass(slots=True)
class _Page:
    start_soc: float
    energy: Energy = field(default_factory=Energy)
    """Filled in when the day is over."""
    records: list[Record] = field(default_factory=list)


class DayBook:
    """Counters and five-minute records per local day, from the first day on."""

    def __init__(self, spec: HouseSpec, first_day: date, soc: float) -> None:
        """Begin at the midnight before `first_day`."""
        self._zone = spec.zone
        self._turned, self._midnight = local_day_minutes(spec.zone, first_day)
        self.date = first_day
        self._pages = {first_day: _Page(soc)}
        self._finished = Energy()
        # Each day counts from zero, as the past does: its figures are the same then
        self._meter = Meter()
        self._slot_energy = Energy()
        self._slot_soc = soc

    def copy(self) -> DayBook:
        """Return a book that begins with what stands in this one."""
        book = copy(self)
        book.part()
        return book

    def part(self) -> None:
        """Write into pages and counters of one's own from now on."""
        self._pages = {
            day: replace(page, records=page.records.copy())
            for day, page in self._pages.items()
        }
        self._meter = self._meter.copy()

    def count(self, flow: Flow, hours: float) -> None:
        """Add a flow that lasted for some hours."""
        self._meter.count(flow, hours)

    def turn(self, minute: int, soc: float) -> None:
        """Close the records and the day that end where this minute begins.

        It may be asked for more than once: something can change in that moment.
        """
        if minute % SLOT_MINUTES or minute <= self._turned:
            return
        self._turned = minute
        energy = self._meter.reading()
        page = self._pages[self.date]
        page.records.append(
            mean_record(
                at_minute(minute - SLOT_MINUTES),
                energy - self._slot_energy,
                (self._slot_soc + soc) / 2,
            )
        )
        self._slot_energy, self._slot_soc = energy, soc
        if minute >= self._midnight:
            page.energy = energy
            self._finished += energy
            self._meter = Meter()
            self._slot_energy = Energy()
            self.date = local_date(self._zone, minute)
            _, self._midnight = local_day_minutes(self._zone, self.date)
            self._pages[self.date] = _Page(soc)

    def energy_of(self, day: date) -> Energy:
        """Return the energy of a day that is over."""
        return self._pages[day].energy

    def energy(self, day: date, flow: Flow, hours: float) -> Energy:
        """Return the energy of a day; `flow` has lasted for `hours` since the count."""
        if day == self.date:
            return self._meter.reading(flow, hours)
        return self.energy_of(day)

    def total(self, flow: Flow, hours: float) -> Energy:
        """Return the energy since the first day began."""
        return self._finished + self._meter.reading(flow, hours)

    def records(self, day: date) -> tuple[Record, ...]:
        """Return the finished records of a day, oldest first."""
        return tuple(self._pages[day].records)

    def start_soc(self, day: date) -> float:
        """Return the SoC in percent at the midnight with which a day began."""
        return self._pages[day].start_soc
