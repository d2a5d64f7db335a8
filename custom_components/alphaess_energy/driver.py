"""AlphaESS in the words of the bundle: the one place that converts units and signs.

Wire power is W with the bundle's own signs already (grid + imports, battery +
discharges; reference 3.2); ratings come in kW, shares of the balance as 0-1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from ._vendor.core.client.decode import mapping, mappings, text
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.model import DayEnergy, Power, Site, Summary
from .api.models import (
    Charger,
    ChargerStatus,
    DateEnergy,
    LastPower,
    PowerRecord,
    SumData,
    System,
    Wire,
    charger_status,
    household_current,
)
from .api.schedules import LegacyConfig, Period, PeriodicConfig, Window
from .curve import MAX_AHEAD, age, newest_record

# Newest record of the day's curve that still counts as "now"
RECORD_MAX_AGE = timedelta(minutes=10)
_KILO = 1000.0
_PERCENT = 100.0
_CURRENCIES = {"€": "EUR", "£": "GBP", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The systems of the account by serial."""

    observed_at: datetime
    sites: Mapping[str, Site]


def sites(raw: Any, observed_at: datetime) -> Sites:
    """Decode the system list. Raises ``BadDataError`` if it is none."""
    if not isinstance(raw, list | dict):
        raise BadDataError("the list of systems is missing")
    found = map(System.from_wire, mappings(raw))
    return Sites(
        observed_at=observed_at,
        sites={system.serial: _site(system) for system in found if system is not None},
    )


def _site(system: System) -> Site:
    return Site(
        serial=system.serial,
        model=system.inverter_model,
        battery_model=system.battery_model,
        inverter_power=_watts(system.inverter_kw),
        solar_peak_power=_watts(system.solar_kw),
        battery_capacity=system.battery_kwh,
        battery_usable_capacity=system.usable_kwh,
        battery_usable_share=system.usable_percent,
        status=system.status,
    )


def _watts(kilowatts: float | None) -> float | None:
    return kilowatts * _KILO if kilowatts is not None else None


def power(raw: Wire, observed_at: datetime) -> Power:
    """Decode the flows of now. They carry no time: it is that of receipt."""
    wire = LastPower.from_wire(raw)
    return Power(
        observed_at=observed_at,
        solar=wire.solar,
        grid=wire.grid,
        battery=wire.battery,
        # Computed by the vendor from values of different moments: glitches go below 0.
        load=wire.load if wire.load is None or wire.load >= 0 else None,
        soc=wire.soc,
        ev=wire.ev,
        solar_strings=wire.strings,
        solar_external=wire.dc_meter,
        grid_phases=wire.grid_phases,
        inverter_phases=wire.inverter_phases,
        ev_chargers=wire.chargers,
    )


def power_of_records(raw: Any, observed_at: datetime, zone: tzinfo) -> Power:
    """Return the newest record of the day's curve, for models without live data.

    The curve has no battery power: it follows from the balance (reference 3.3).
    Raises ``BadDataError`` if the newest record is too old to be "now", or of the
    future: then the zone is wrong, and nobody knows which one is of now.
    """
    wire = newest_record(raw, zone)
    newest = PowerRecord.from_wire(wire) if wire is not None else None
    if newest is None:
        raise BadDataError("the day's curve is empty", reason="no_recent_data")
    old = age(newest.at, observed_at, zone)
    if old < -MAX_AHEAD:
        raise BadDataError("the day's curve is ahead of us", reason="no_recent_data")
    if old > RECORD_MAX_AGE:
        raise BadDataError("the day's curve has ended", reason="no_recent_data")
    grid = battery = None
    if newest.imported is not None and newest.exported is not None:
        grid = newest.imported - newest.exported
        if newest.load is not None and newest.solar is not None:
            battery = newest.load - newest.solar - grid
    return Power(
        observed_at=observed_at - max(old, timedelta()),
        solar=newest.solar,
        grid=grid,
        battery=battery,
        load=newest.load,
        soc=newest.soc,
        ev=newest.ev,
    )


def check_serial(raw: Any, serial: str) -> None:
    """Raise ``BadDataError`` if an answer (3.3, 3.4, 3.8) names another system."""
    for item in mappings(raw):
        named = text(item.get("sysSn"))
        if named is not None and named.casefold() != serial.casefold():
            raise BadDataError("the answer is that of another system")


def day_energy(raw: Wire, observed_at: datetime, asked: date) -> DayEnergy:
    """Decode the energies of the day that was asked for.

    Raises ``BadDataError`` for the answer of another day. Blank answers, which come
    around midnight, are decoded to ``None`` and left to the counters' guard.
    """
    wire = DateEnergy.from_wire(raw)
    if wire.day is not None and wire.day != asked:
        raise BadDataError("the energies are those of another day")
    energy = DayEnergy(observed_at=observed_at, day=asked)
    if wire.blank:
        return energy
    energy = replace(
        energy,
        solar=wire.solar,
        imported=wire.imported,
        exported=wire.exported,
        charged=wire.charged,
        discharged=wire.discharged,
        charged_from_grid=wire.charged_from_grid,
        ev=wire.ev,
    )
    return replace(
        energy,
        load=_sum(
            (1, wire.solar),
            (1, wire.imported),
            (-1, wire.exported),
            (-1, wire.charged),
            (1, wire.discharged),
        ),
        solar_to_battery=_sum((1, wire.charged), (-1, wire.charged_from_grid)),
        solar_to_load=_sum(
            (1, wire.solar),
            (-1, wire.exported),
            (-1, wire.charged),
            (1, wire.charged_from_grid),
        ),
        grid_to_load=_sum((1, wire.imported), (-1, wire.charged_from_grid)),
    )


def _sum(*terms: tuple[int, float | None]) -> float | None:
    """Return the sum, at least 0; None if a term is missing."""
    total = 0.0
    for sign, value in terms:
        if value is None:
            return None
        total += sign * value
    return round(max(total, 0.0), 3)


def summary(raw: Any, observed_at: datetime, zone: tzinfo) -> Summary:
    """Decode totals, income and shares."""
    wire = SumData.from_wire(mapping(raw))
    return Summary(
        observed_at=observed_at,
        day=observed_at.astimezone(zone).date(),
        solar_total=wire.solar_total,
        load_today=wire.load_today,
        income_today=wire.income_today,
        income_total=wire.income_total,
        currency=currency(wire.currency),
        self_consumption=_percent(wire.self_consumption),
        self_sufficiency=_percent(wire.self_sufficiency),
        co2_avoided=wire.co2,
        trees=wire.trees,
    )


def _percent(fraction: float | None) -> float | None:
    return round(fraction * _PERCENT, 2) if fraction is not None else None


def currency(money_type: str | None) -> str | None:
    """Return the ISO code; the vendor sends codes and some signs. "$" is many."""
    if money_type is None:
        return None
    code = money_type.strip().upper()
    if len(code) == 3 and code.isascii() and code.isalpha():
        return code
    return _CURRENCIES.get(code)


class ScheduleMode(StrEnum):
    """Which of the vendor's two schedule stores governs a system (reference 6.1)."""

    LEGACY = "legacy"
    PERIODIC = "periodic"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is set on the system. Windows are local times of the system.

    ``charge_limit`` and ``discharge_limit`` in percent. The enable flags are
    ``None`` in periodic mode: the vendor does not tell them. Windows and periods
    are ``None`` if the vendor told nothing of that side, not even that it has none.
    """

    observed_at: datetime
    mode: ScheduleMode
    charge_enabled: bool | None = None
    discharge_enabled: bool | None = None
    charge_limit: float | None = None
    discharge_limit: float | None = None
    charge_windows: tuple[Window, ...] | None = None
    discharge_windows: tuple[Window, ...] | None = None
    charge_periods: tuple[Period, ...] | None = None
    discharge_periods: tuple[Period, ...] | None = None


def settings(raw: Any, observed_at: datetime) -> Settings:
    """Decode the store that was read: ``{"periodic": ...}`` or both legacy sides.

    Raises ``BadDataError`` for an answer without the fields of a schedule.
    """
    document = mapping(raw)
    if isinstance(periodic := document.get("periodic"), dict):
        config = PeriodicConfig.from_wire(periodic)
        if config.blank:
            raise BadDataError("the periodic schedule is missing")
        return Settings(
            observed_at=observed_at,
            mode=ScheduleMode.PERIODIC,
            charge_limit=_first_limit(config.charge),
            discharge_limit=_first_limit(config.discharge),
            charge_windows=_windows(config.charge),
            discharge_windows=_windows(config.discharge),
            charge_periods=config.charge,
            discharge_periods=config.discharge,
        )
    charge, discharge = document.get("charge"), document.get("discharge")
    if not isinstance(charge, dict) or not isinstance(discharge, dict):
        return Settings(observed_at=observed_at, mode=ScheduleMode.UNKNOWN)
    charging = LegacyConfig.charge(charge)
    discharging = LegacyConfig.discharge(discharge)
    if charging.blank or discharging.blank:
        raise BadDataError("a side of the schedule is missing")
    return Settings(
        observed_at=observed_at,
        mode=ScheduleMode.LEGACY,
        charge_enabled=charging.enabled,
        discharge_enabled=discharging.enabled,
        charge_limit=charging.limit,
        discharge_limit=discharging.limit,
        charge_windows=charging.windows,
        discharge_windows=discharging.windows,
    )


def _first_limit(periods: Sequence[Period] | None) -> float | None:
    return periods[0].limit if periods else None


def _windows(periods: Sequence[Period] | None) -> tuple[Window, ...] | None:
    return tuple(period.window for period in periods) if periods is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chargers:
    """The EV chargers of a system by serial, in the vendor's order."""

    observed_at: datetime
    chargers: Mapping[str, Charger]


def chargers(raw: Any, observed_at: datetime) -> Chargers:
    """Decode the charger list."""
    found = map(Charger.from_wire, mappings(raw))
    return Chargers(
        observed_at=observed_at,
        chargers={item.serial: item for item in found if item is not None},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerState:
    """What one charger does."""

    observed_at: datetime
    status: ChargerStatus | None

    @property
    def plugged_in(self) -> bool | None:
        """Whether a car is connected; unknown while the charger is faulted."""
        if self.status in {None, ChargerStatus.FAULTED}:
            return None
        return self.status is not ChargerStatus.AVAILABLE

    @property
    def charging(self) -> bool | None:
        """Whether energy flows into a car."""
        return None if self.status is None else self.status is ChargerStatus.CHARGING


def charger_state(raw: Any, observed_at: datetime) -> ChargerState:
    """Decode the state of a charger."""
    return ChargerState(observed_at=observed_at, status=charger_status(mapping(raw)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """The house connection: its current in A."""

    observed_at: datetime
    current: float | None


def household(raw: Any, observed_at: datetime) -> Household:
    """Decode the house connection's current."""
    return Household(observed_at=observed_at, current=household_current(mapping(raw)))
