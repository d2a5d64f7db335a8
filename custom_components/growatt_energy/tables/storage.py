"""Off-grid storage, SPF and SPC (reference section 9.6).

``storage_energy_overview`` is the classic part beside the record; the storage counts
its power into the battery as +.
"""

from ..resolve import Kind
from .common import STATE, pack
from .fields import Field, Table, Values, both, difference, field, positive, total

_OVERVIEW = "storage_energy_overview"


def _beside(key: str, stem: str) -> tuple[Field, ...]:
    return both(key, Kind.ENERGY, stem, f"{_OVERVIEW}.{stem}")


def _battery_power(values: Values) -> None:
    """Say both directions in one: ``pCharge`` is negative while discharging."""
    charge, discharge = values.pop("_charge", None), values.pop("_discharge", None)
    if not isinstance(charge, int | float):
        if isinstance(discharge, int | float):
            values["battery_power"] = float(discharge)
        return
    power = -charge
    if charge >= 0 and isinstance(discharge, int | float):
        power += discharge
    power = round(power, 1) + 0.0
    values["battery_power"] = power
    values["battery_charge_power"] = max(-power, 0.0)
    values["battery_discharge_power"] = max(power, 0.0)


TABLE = Table(
    fields=(
        field(
            "battery_soc",
            Kind.PERCENT,
            "capacity",
            "capacityText",
            positive("bmsSoc"),
            "soc",
        ),
        field("_charge", Kind.SIGNED_POWER, "pCharge"),
        field("_discharge", Kind.POWER, "pDischarge"),
        field("input_1_power", Kind.POWER, "ppv"),
        field("input_2_power", Kind.POWER, "ppv2"),
        field("input_1_voltage", Kind.VOLTAGE, "vpv"),
        field("input_2_voltage", Kind.VOLTAGE, "vpv2"),
        field("input_1_current", Kind.CURRENT, "ipv"),
        field("input_2_energy_today", Kind.ENERGY, "epvToday2"),
        field("input_2_energy_total", Kind.ENERGY, "epvTotal2"),
        field("load_power", Kind.POWER, "outPutPower"),
        field("apparent_power", Kind.POWER, "rateVA"),
        field("grid_import_power", Kind.POWER, "pAcInPut", "pacToUser"),
        field("grid_export_power", Kind.POWER, "pacToGrid"),
        field("grid_charge_power", Kind.POWER, "pAcCharge"),
        *_beside("solar_energy", "epv{}"),
        *_beside("battery_charge_energy", "eCharge{}"),
        *_beside("battery_discharge_energy", "eBatDisCharge{}"),
        *_beside("discharge_energy", "eDischarge{}"),
        *both("grid_discharge_energy", Kind.ENERGY, "eacDisCharge{}"),
        *both("load_energy", Kind.ENERGY, "eopDischr{}"),
        *both("battery_grid_charge_energy", Kind.ENERGY, "eacCharge{}"),
        *_beside("import_energy", "eToUser{}"),
        *_beside("export_energy", "eToGrid{}"),
        *_beside("use_energy", "useEnergy{}"),
        field("grid_voltage", Kind.VOLTAGE, "vGrid"),
        field("grid_frequency", Kind.FREQUENCY, "freqGrid"),
        field("output_voltage", Kind.VOLTAGE, "outPutVolt"),
        field("output_frequency", Kind.FREQUENCY, "freqOutPut"),
        field("output_current", Kind.CURRENT, "outPutCurrent"),
        field("grid_charge_current", Kind.CURRENT, "iAcCharge"),
        field("solar_charge_current_1", Kind.CURRENT, "iChargePV1"),
        field("solar_charge_current_2", Kind.CURRENT, "iChargePV2"),
        field("charge_current", Kind.CURRENT, "chgCurr"),
        field("load_percent", Kind.PERCENT, "loadPercent"),
        field("battery_voltage", Kind.VOLTAGE, "vBat", "vbat"),
        field("battery_temperature", Kind.TEMPERATURE, "batTemp"),
        field("battery_soh", Kind.PERCENT, positive("bmsSoh"), positive("bmsSOH")),
        *STATE,
    ),
    derived=(
        _battery_power,
        total("solar_power", "input_1_power", "input_2_power"),
        difference("grid_power", "grid_import_power", "grid_export_power"),
    ),
    batteries=pack,
)
