"""Canonical readings: what every vendor's wire data becomes.

Units and signs are said here once, for all vendors and all entities:

* power in W; battery power + = discharging, grid power + = importing;
  solar and load are never negative
* energy in kWh, split by direction into counters that only rise
* state of charge and shares in percent, 0-100
* ``observed_at`` is when the value was true, aware UTC: the vendor's own time
  stamp, or the time of receipt where the vendor sends none

``None`` means that the source did not say; it is never replaced by a guess.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


class Snapshot(Protocol):
    """Anything that was read at one moment."""

    @property
    def observed_at(self) -> datetime:
        """When it was true, aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a system is made of. Power in W, capacity in kWh, shares in percent."""

    serial: str
    model: str | None = None
    battery_model: str | None = None
    inverter_power: float | None = None
    solar_peak_power: float | None = None
    battery_capacity: float | None = None
    battery_usable_capacity: float | None = None
    battery_usable_share: float | None = None
    status: str | None = None

    @property
    def has_battery(self) -> bool:
        """Whether there is a battery to read and to control."""
        return bool(self.battery_capacity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """The flows of one moment in W, and the state of charge in percent."""

    observed_at: datetime
    solar: float | None = None
    grid: float | None = None
    battery: float | None = None
    load: float | None = None
    soc: float | None = None
    ev: float | None = None
    solar_strings: tuple[float | None, ...] = ()
    solar_external: float | None = None
    grid_phases: tuple[float | None, ...] = ()
    inverter_phases: tuple[float | None, ...] = ()
    ev_chargers: tuple[float | None, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the source answered without a single value."""
        return all(
            value is None
            for value in (self.solar, self.grid, self.battery, self.load, self.soc)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnergy:
    """Energy of one site-local day so far, kWh, each rising from 0."""

    observed_at: datetime
    day: date
    solar: float | None = None
    imported: float | None = None
    exported: float | None = None
    charged: float | None = None
    discharged: float | None = None
    charged_from_grid: float | None = None
    ev: float | None = None
    load: float | None = None
    solar_to_battery: float | None = None
    solar_to_load: float | None = None
    grid_to_load: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The vendor's own balance: lifetime solar kWh, money, shares in percent."""

    observed_at: datetime
    day: date
    solar_total: float | None = None
    load_today: float | None = None
    income_today: float | None = None
    income_total: float | None = None
    currency: str | None = None
    self_consumption: float | None = None
    self_sufficiency: float | None = None
    co2_avoided: float | None = None
    trees: float | None = None
