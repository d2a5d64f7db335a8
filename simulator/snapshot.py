"""What a house's devices tell: one moment with its counters, now or in the past."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

from .balance import SELF_USE
from .energy import SLOT_MINUTES, Energy, Record
from .house import CarState, House, Live

_NO_CAR = CarState(
    plugged=False, enabled=False, wanted_wh=0.0, charged_wh=0.0, power_w=0.0
)
_HOURS = SLOT_MINUTES / 60
_FLOWS = tuple(entry.name for entry in fields(Energy))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a record is made of: the house at one moment, and its counters.

    Powers in W (battery + gives, grid + imports), energies in Wh.
    """

    at: datetime
    """UTC."""
    live: Live
    today: Energy
    """Since the plant's midnight."""
    total: Energy
    """Lifetime."""

    def without_battery(self) -> Snapshot:
        """Return it as a device sees it that has no battery."""
        return Snapshot(
            self.at,
            replace(self.live, battery_w=0.0, soc=0.0, stored_wh=0.0),
            _without_battery(self.today),
            _without_battery(self.total),
        )


def present(house: House, lifetime: Lifetime) -> Snapshot:
    """Return the present of a house."""
    live = house.live()
    today = house.energy_on(house.today()) or Energy()
    return Snapshot(live.at, live, today, lifetime.total())


def past(house: House, lifetime: Lifetime, day: date) -> Iterator[Snapshot]:
    """Return a local day in five-minute steps, each as its end saw it, oldest first."""
    records = house.records(day)
    if not records:
        return
    limit = house.energy_on(day) or Energy()
    begin = lifetime.at_midnight(day)
    today = Energy()
    for record in records:
        # Means hide what went both ways within five minutes: never more than the day
        today = _least(today + _energy_of(record), limit)
        yield Snapshot(
            record.start + timedelta(minutes=SLOT_MINUTES),
            _live(house, record),
            today,
            begin + today,
        )


class Lifetime:
    """Counters since the device was built, which is longer ago than its history.

    What was before the house is watched is not simulated: a fixed amount, from which
    the past is taken backwards, so that only the days that are asked for are lived.
    """

    def __init__(self, house: House, before: Energy) -> None:
        """Count for a house that had `before` when it began to be watched."""
        self._house = house
        self._before_it = before
        self._first = house.first_day
        self._finished: dict[date, Energy] = {}
        self._past: dict[date, Energy] = {self._first: before}

    def total(self) -> Energy:
        """Return the counters now."""
        today = self._house.today()
        total = self.at_midnight(today)
        return total + (self._house.energy_on(today) or Energy())

    def at_midnight(self, day: date) -> Energy:
        """Return the counters with which a local day began."""
        if day <= self._first:
            return self._before(day)
        if day not in self._finished:
            last = max(
                (known for known in self._finished if known < day), default=self._first
            )
            total = self._finished.get(last, self._before_it)
            while last < day:
                total += self._house.energy_on(last) or Energy()
                last += timedelta(days=1)
                self._finished[last] = total
        return self._finished[day]

    def _before(self, day: date) -> Energy:
        if day not in self._past:
            known = min(entry for entry in self._past if entry > day)
            total = self._past[known]
            while known > day:
                known -= timedelta(days=1)
                total -= self._house.energy_on(known) or Energy()
                self._past[known] = total
        return self._past[day]


def _without_battery(energy: Energy) -> Energy:
    return replace(energy, charge_wh=0.0, discharge_wh=0.0, grid_charge_wh=0.0)


def _energy_of(record: Record) -> Energy:
    charge = max(-record.battery_w, 0.0)
    return Energy(
        solar_wh=record.pv_w * _HOURS,
        import_wh=record.import_w * _HOURS,
        export_wh=record.export_w * _HOURS,
        charge_wh=charge * _HOURS,
        discharge_wh=max(record.battery_w, 0.0) * _HOURS,
        load_wh=record.load_w * _HOURS,
        grid_charge_wh=max(charge - max(record.pv_w - record.load_w, 0.0), 0.0)
        * _HOURS,
        ev_wh=record.ev_w * _HOURS,
    )


def _least(energy: Energy, limit: Energy) -> Energy:
    return Energy(*(min(getattr(energy, it), getattr(limit, it)) for it in _FLOWS))


def _live(house: House, record: Record) -> Live:
    spec = house.spec
    return Live(
        at=record.start,
        pv_w=record.pv_w,
        strings_w=tuple(record.pv_w * share for share in spec.string_shares),
        load_w=record.load_w,
        grid_w=record.import_w - record.export_w,
        battery_w=record.battery_w,
        ev_w=record.ev_w,
        soc=record.soc,
        stored_wh=spec.battery_capacity_wh * record.soc / 100,
        grid=True,
        car=_NO_CAR,
        command=SELF_USE,
    )
