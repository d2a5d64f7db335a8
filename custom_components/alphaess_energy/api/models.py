"""The vendor's JSON, decoded tolerantly (reference section 3).

Units and signs are the wire's. A field that is missing, null or odd is ``None``;
nothing here raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from .._vendor.core.client.decode import (
    day,
    integer,
    local_datetime,
    mapping,
    mappings,
    number,
    text,
)

type Wire = Mapping[str, Any]

# No house has more; a value beyond is a mistake of the sender.
_MAX_W = 1_000_000.0
_MAX_KWH = 10_000_000.0


def power(value: Any) -> float | None:
    """Decode W, of either sign."""
    return number(value, low=-_MAX_W, high=_MAX_W)


def output(value: Any) -> float | None:
    """Decode a power that has no other direction."""
    return number(value, low=0.0, high=_MAX_W)


def _energy(value: Any) -> float | None:
    return number(value, low=0.0, high=_MAX_KWH)


def percent(value: Any) -> float | None:
    """Decode percent, 0-100."""
    return number(value, low=0.0, high=100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One system of the account (3.1): kW, kWh, percent."""

    serial: str
    inverter_model: str | None
    battery_model: str | None
    inverter_kw: float | None
    solar_kw: float | None
    battery_kwh: float | None
    usable_kwh: float | None
    usable_percent: float | None
    status: str | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; None without a serial, as nothing can be asked of it."""
        if (serial := text(wire.get("sysSn"))) is None:
            return None
        return cls(
            serial=serial,
            inverter_model=text(wire.get("minv")),
            battery_model=text(wire.get("mbat")),
            inverter_kw=number(wire.get("poinv"), low=0.0, high=1000.0),
            solar_kw=number(wire.get("popv"), low=0.0, high=1000.0),
            battery_kwh=number(wire.get("cobat"), low=0.0, high=100_000.0),
            usable_kwh=number(wire.get("surplusCobat"), low=0.0, high=100_000.0),
            usable_percent=percent(wire.get("usCapacity")),
            status=text(wire.get("emsStatus")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPower:
    """The flows of now (3.2): W, percent; grid + imports, battery + discharges."""

    solar: float | None
    load: float | None
    soc: float | None
    grid: float | None
    battery: float | None
    ev: float | None
    strings: tuple[float | None, ...]
    dc_meter: float | None
    grid_phases: tuple[float | None, ...]
    inverter_phases: tuple[float | None, ...]
    chargers: tuple[float | None, ...]

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode; old models send null for everything."""
        strings = mapping(wire.get("ppvDetail"))
        phases = mapping(wire.get("pgridDetail"))
        chargers = mapping(wire.get("pevDetail"))
        return cls(
            solar=output(wire.get("ppv")),
            load=power(wire.get("pload")),
            soc=percent(wire.get("soc")),
            grid=power(wire.get("pgrid")),
            battery=power(wire.get("pbat")),
            ev=output(wire.get("pev")),
            strings=tuple(output(strings.get(f"ppv{n}")) for n in range(1, 5)),
            dc_meter=power(strings.get("pmeterDc")),
            grid_phases=tuple(power(phases.get(f"pmeterL{n}")) for n in range(1, 4)),
            inverter_phases=tuple(power(wire.get(f"prealL{n}")) for n in range(1, 4)),
            chargers=tuple(output(chargers.get(f"ev{n}Power")) for n in range(1, 5)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRecord:
    """About five minutes of a day (3.3): W, percent, naive local time."""

    at: datetime
    solar: float | None
    load: float | None
    soc: float | None
    exported: float | None
    imported: float | None
    ev: float | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; None without a time."""
        if (at := local_datetime(wire.get("uploadTime"))) is None:
            return None
        return cls(
            at=at,
            solar=output(wire.get("ppv")),
            load=output(wire.get("load")),
            # The portal's own spelling differs from what is sent.
            soc=percent(_first(wire, "cbat", "cobat")),
            exported=output(wire.get("feedIn")),
            imported=output(wire.get("gridCharge")),
            ev=output(_first(wire, "pchargingPile", "pChargingPile")),
        )


def power_records(items: Any) -> list[PowerRecord]:
    """Decode a day's records in the vendor's order; those without a time are left out."""
    return [
        record
        for item in mappings(items)
        if (record := PowerRecord.from_wire(item)) is not None
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateEnergy:
    """The energies of one local day (3.4), kWh."""

    day: date | None
    solar: float | None
    imported: float | None
    exported: float | None
    charged: float | None
    discharged: float | None
    charged_from_grid: float | None
    ev: float | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode."""
        return cls(
            day=day(wire.get("theDate")),
            solar=_energy(wire.get("epv")),
            imported=_energy(wire.get("eInput")),
            exported=_energy(wire.get("eOutput")),
            charged=_energy(wire.get("eCharge")),
            discharged=_energy(wire.get("eDischarge")),
            charged_from_grid=_energy(wire.get("eGridCharge")),
            ev=_energy(wire.get("eChargingPile")),
        )

    @property
    def blank(self) -> bool:
        """Whether the vendor had nothing to say: everything is zero or null."""
        return not any(
            (
                self.solar,
                self.imported,
                self.exported,
                self.charged,
                self.discharged,
                self.charged_from_grid,
                self.ev,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SumData:
    """Totals, income and shares (3.5): kWh, money, fractions 0-1, kg."""

    load_today: float | None
    solar_total: float | None
    income_today: float | None
    income_total: float | None
    currency: str | None
    self_consumption: float | None
    self_sufficiency: float | None
    trees: float | None
    co2: float | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode."""
        return cls(
            load_today=_energy(wire.get("eload")),
            solar_total=_energy(wire.get("epvtotal")),
            income_today=number(wire.get("todayIncome")),
            income_total=number(wire.get("totalIncome")),
            currency=text(wire.get("moneyType")),
            self_consumption=number(wire.get("eselfConsumption"), low=0.0, high=1.0),
            self_sufficiency=number(wire.get("eselfSufficiency"), low=0.0, high=1.0),
            trees=number(wire.get("treeNum"), low=0.0),
            co2=number(wire.get("carbonNum"), low=0.0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """An EV charger of a system (3.13)."""

    serial: str
    model: str | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; None without a serial."""
        if (serial := text(wire.get("evchargerSn"))) is None:
            return None
        return cls(serial=serial, model=text(wire.get("evchargerModel")))


class ChargerStatus(StrEnum):
    """What an EV charger does (3.16)."""

    AVAILABLE = "available"
    PREPARING = "preparing"
    CHARGING = "charging"
    SUSPENDED_EVSE = "suspended_evse"
    SUSPENDED_EV = "suspended_ev"
    FINISHING = "finishing"
    FAULTED = "faulted"


_CHARGER_STATUS = {
    1: ChargerStatus.AVAILABLE,
    2: ChargerStatus.PREPARING,
    3: ChargerStatus.CHARGING,
    4: ChargerStatus.SUSPENDED_EVSE,
    5: ChargerStatus.SUSPENDED_EV,
    6: ChargerStatus.FINISHING,
    9: ChargerStatus.FAULTED,
}


def charger_status(wire: Wire) -> ChargerStatus | None:
    """Decode the status of a charger; None for a code that nobody explains."""
    code = integer(wire.get("evchargerStatus"))
    return _CHARGER_STATUS.get(code) if code is not None else None


def household_current(wire: Wire) -> float | None:
    """Decode the house connection's current (3.14), A."""
    return number(wire.get("currentsetting"), low=0.0, high=1000.0)


def _first(wire: Wire, *keys: str) -> Any:
    return next((wire[key] for key in keys if wire.get(key) is not None), None)
