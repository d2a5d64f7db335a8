"""NOAH and NEXA (reference section 9.7): v4, or the app's status of either.

The household's load may be negative: there is another source behind the meter.
"""

from collections.abc import Mapping

from ..readings import Value
from ..resolve import Kind, Wire, serial
from .common import STATE, iso_currency
from .fields import Field, Table, Values, both, field, minus, numbered

_NOAH, _NEXA = "noah_system_status", "nexa_system_status"
_PACKS = 4
_DISCHARGING = 2
# Negative loads come as unsigned 16 bit numbers (quirk Q26)
_SIGN, _WRAP = 32767, 65536


def _batteries(wire: Wire, values: Mapping[str, Value]) -> tuple[int, ...]:
    """Return the packs with a serial; one if only the sum is told."""
    found = tuple(
        n
        for n in range(1, _PACKS + 1)
        if serial(wire.get(f"battery{n}SerialNum")) is not None
    )
    return found or ((1,) if values.get("battery_soc") is not None else ())


def _battery_power(values: Values) -> None:
    """Make one signed power of what either source tells."""
    power, state = values.pop("_charging", None), values.pop("_charging_status", None)
    charge, discharge = values.pop("_charge", None), values.pop("_discharge", None)
    if isinstance(power, int | float):
        if state is not None:
            power = abs(power) * (-1 if state == _DISCHARGING else 1)
        values["battery_power"] = -power + 0.0
    elif isinstance(charge, int | float) and isinstance(discharge, int | float):
        values["battery_power"] = round(discharge - charge, 1)


def _load(values: Values) -> None:
    load = values.get("load_power")
    if isinstance(load, int | float) and load > _SIGN:
        values["load_power"] = load - _WRAP


def _inputs(values: Values) -> None:
    for n in range(1, _PACKS + 1):
        volts = values.get(f"input_{n}_voltage")
        amperes = values.get(f"input_{n}_current")
        if isinstance(volts, int | float) and isinstance(amperes, int | float):
            values[f"input_{n}_power"] = round(volts * amperes, 1)


def _either(key: str, kind: Kind, v4: str, app: str) -> Field:
    return field(key, kind, v4, f"{_NOAH}.{app}", f"{_NEXA}.{app}")


TABLE = Table(
    fields=(
        _either("battery_soc", Kind.PERCENT, "totalBatteryPackSoc", "soc"),
        _either("solar_power", Kind.POWER, "ppv", "ppv"),
        field(
            "output_power",
            Kind.TRUE_POWER,
            "pac",
            f"{_NOAH}.pac",
            minus(f"{_NEXA}.pac"),
        ),
        field(
            "_charging",
            Kind.TRUE_POWER,
            "totalBatteryPackChargingPower",
            f"{_NEXA}.totalBatteryPackChargingPower",
        ),
        field("_charging_status", Kind.CODE, "totalBatteryPackChargingStatus"),
        field("_charge", Kind.POWER, f"{_NOAH}.chargePower", f"{_NEXA}.chargePower"),
        field(
            "_discharge",
            Kind.POWER,
            f"{_NOAH}.disChargePower",
            f"{_NEXA}.disChargePower",
        ),
        field("grid_power", Kind.TRUE_POWER, "ctSelfPower", f"{_NEXA}.gridPower"),
        field(
            "load_power", Kind.TRUE_POWER, "totalHouseholdLoad", f"{_NEXA}.loadPower"
        ),
        *both(
            "generation_energy",
            Kind.ENERGY,
            "eac{}",
            f"{_NOAH}.eac{{}}",
            f"{_NEXA}.eac{{}}",
        ),
        field("generation_energy_month", Kind.ENERGY, "eacMonth"),
        field("generation_energy_year", Kind.ENERGY, "eacYear"),
        *both("profit", Kind.MONEY, f"{_NOAH}.profit{{}}", f"{_NEXA}.profit{{}}"),
        field("_currency", Kind.TEXT, f"{_NOAH}.moneyUnit", f"{_NEXA}.moneyUnit"),
        _either("battery_count", Kind.CODE, "batteryPackageQuantity", "batteryNum"),
        *numbered(_PACKS, "battery_{n}_soc", Kind.PERCENT, "battery{n}Soc"),
        *numbered(
            _PACKS, "battery_{n}_temperature", Kind.TEMPERATURE, "battery{n}Temp"
        ),
        *numbered(_PACKS, "battery_{n}_serial", Kind.TEXT, "battery{n}SerialNum"),
        *numbered(_PACKS, "input_{n}_voltage", Kind.VOLTAGE, "pv{n}Voltage"),
        *numbered(_PACKS, "input_{n}_current", Kind.CURRENT, "pv{n}Current"),
        *numbered(_PACKS, "input_{n}_temperature", Kind.TEMPERATURE, "pv{n}Temp"),
        field("battery_soh", Kind.PERCENT, "batterySoh"),
        field("battery_cycles", Kind.NUMBER, "batteryCycles"),
        field("temperature", Kind.TEMPERATURE, "systemTemp"),
        field("cell_voltage_max", Kind.MILLIVOLT, "maxCellVoltage"),
        field("cell_voltage_min", Kind.MILLIVOLT, "minCellVoltage"),
        field("on_grid_power", Kind.TRUE_POWER, "onGridPower"),
        field("on_grid_voltage", Kind.VOLTAGE, "onGridVoltage"),
        field("off_grid_power", Kind.TRUE_POWER, "offGridPower"),
        field("heating_status", Kind.CODE, "heatingStatus"),
        _either("work_mode", Kind.CODE, "workMode", "workMode"),
        field("battery_protect_status", Kind.CODE, "battery1ProtectStatus"),
        field("battery_warn_status", Kind.CODE, "battery1WarnStatus"),
        field("fault_status", Kind.CODE, "faultStatus"),
        field("mppt_protect_status", Kind.CODE, "mpptProtectStatus"),
        *STATE,
        field("status_code", Kind.CODE, f"{_NOAH}.status", f"{_NEXA}.status"),
    ),
    derived=(_battery_power, _load, _inputs, iso_currency),
    batteries=_batteries,
)
