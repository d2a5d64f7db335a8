"""SPH and MIX (9.4) and SPA (9.5): V1 and v4 records, or the parts of the classic API.

The classic parts are called as the methods that bring them: ``mix_system_status`` is
in kW but for its two PV inputs (quirk Q6), ``mix_info`` in W, energies in kWh.
"""

from ..resolve import Kind
from .common import GRID, STATE, inputs, iso_currency, pack, priority
from .fields import (
    Field,
    Table,
    both,
    difference,
    field,
    kilo,
    numbered,
    positive,
    total,
)


def _flows(part: str) -> tuple[Field, ...]:
    """Return the flows, of which the classic ``part`` has kW."""
    return (
        field(
            "battery_soc",
            Kind.PERCENT,
            positive("bmsSOC"),
            positive("bmsSoc"),
            "soc",
            "SOC",
            f"{part}.SOC",
            "mix_info.capacity",
            "mix_info.soc",
            "bmsSOC",
        ),
        field(
            "battery_charge_power",
            Kind.POWER,
            "pcharge1",
            "pCharge1",
            kilo(f"{part}.chargePower"),
            "mix_info.pCharge1",
        ),
        field(
            "battery_discharge_power",
            Kind.POWER,
            "pdischarge1",
            "pDischarge1",
            kilo(f"{part}.pdisCharge1"),
            "mix_info.pDischarge1",
        ),
        field(
            "grid_import_power",
            Kind.POWER,
            "pacToUserTotal",
            "pacToUserR",
            kilo(f"{part}.pactouser"),
        ),
        field(
            "grid_export_power",
            Kind.POWER,
            "pacToGridTotal",
            "pacToGridR",
            kilo(f"{part}.pactogrid"),
        ),
        field(
            "load_power",
            Kind.POWER,
            "plocalLoadTotal",
            "plocalLoadR",
            kilo(f"{part}.pLocalLoad"),
        ),
        field("output_power", Kind.SIGNED_POWER, "pac", kilo(f"{part}.pac")),
        field(
            "grid_charge_power", Kind.POWER, "acChargePower", "mix_info.acChargePower"
        ),
        field("battery_voltage", Kind.VOLTAGE, f"{part}.vBat"),
        field("grid_voltage_1", Kind.VOLTAGE, f"{part}.vAc1", f"{part}.vac1"),
        field("grid_frequency", Kind.FREQUENCY, f"{part}.fAc"),
        field("_priority", Kind.CODE, "priorityChoose", f"{part}.priorityChoose"),
        field("status_code", Kind.CODE, f"{part}.status"),
    )


_ENERGIES = (
    *both("battery_charge_energy", Kind.ENERGY, "echarge1{}", "mix_info.eBatCharge{}"),
    field(
        "battery_charge_energy_today",
        Kind.ENERGY,
        "mix_totals.echargetoday",
        "spa_totals.echargetoday",
        "echargetoday",
        "echargeToday",
    ),
    field(
        "battery_charge_energy_total",
        Kind.ENERGY,
        "mix_totals.echargetotal",
        "spa_totals.echargetotal",
        "echargetotal",
        "echargeTotal",
    ),
    *both(
        "battery_discharge_energy",
        Kind.ENERGY,
        "edischarge1{}",
        "edischarge{}",
        "mix_info.eBatDisCharge{}",
        "mix_totals.edischarge1{}",
        "spa_totals.edischarge1{}",
        "spa_totals.edischarge{}",
    ),
    *both(
        "battery_grid_charge_energy",
        Kind.ENERGY,
        "acChargeEnergy{}",
        "mix_info.acChargeEnergy{}",
    ),
    *both(
        "load_energy",
        Kind.ENERGY,
        "elocalLoad{}",
        "mix_totals.elocalLoad{}",
        "spa_totals.elocalLoad{}",
    ),
    *both(
        "export_energy",
        Kind.ENERGY,
        "etogrid{}",
        "etoGrid{}",
        "eToGrid{}",
        "mix_totals.etogrid{}",
        "mix_totals.etoGrid{}",
        "spa_totals.etogrid{}",
        "spa_totals.etoGrid{}",
    ),
    *both("import_energy", Kind.ENERGY, "etoUser{}", "etouser{}", "eToUser{}"),
    field("import_energy_today", Kind.ENERGY, "dashboard_data.etouser"),
    field("import_load_energy_today", Kind.ENERGY, "mix_detail.etouser"),
    field("load_from_battery_energy_today", Kind.ENERGY, "mix_detail.echarge1"),
    field("load_from_solar_energy_today", Kind.ENERGY, "mix_detail.eChargeToday"),
    *both("self_consumption_energy", Kind.ENERGY, "eself{}"),
    field(
        "self_consumption_energy_today",
        Kind.ENERGY,
        "eselftoday",
        "mix_detail.eChargeToday1",
    ),
    field("self_consumption_energy_total", Kind.ENERGY, "eselftotal"),
    *both("system_production_energy", Kind.ENERGY, "esystem{}"),
    field(
        "system_production_energy_today",
        Kind.ENERGY,
        "esystemtoday",
        "mix_detail.eCharge",
    ),
    field("system_production_energy_total", Kind.ENERGY, "esystemtotal"),
    *both("output_energy", Kind.ENERGY, "eac{}"),
    *both("revenue", Kind.MONEY, "mix_totals.photovoltaicRevenue{}"),
    field("_currency", Kind.TEXT, "mix_totals.unit"),
)

_ELECTRICS = (
    field("battery_voltage", Kind.VOLTAGE, "vbat", "vBat", "vBatDsp", "mix_info.vbat"),
    field("battery_voltage", Kind.VOLTAGE, "bmsBatteryVolt"),
    field("battery_current", Kind.CURRENT, "bmsBatteryCurr"),
    field("battery_temperature", Kind.TEMPERATURE, "bmsBatteryTemp"),
    field("battery_soh", Kind.PERCENT, positive("bmsSOH"), positive("bmsSoh")),
    field("battery_cycles", Kind.NUMBER, "bmsCycleCnt", "bmscycleCnt"),
    *GRID,
    *numbered(3, "output_power_{n}", Kind.SIGNED_POWER, "pac{n}"),
    *numbered(3, "eps_power_{n}", Kind.POWER, "upsPac{n}", "mix_info.upsPac{n}"),
    *numbered(3, "eps_voltage_{n}", Kind.VOLTAGE, "upsVac{n}"),
    field("eps_frequency", Kind.FREQUENCY, "upsFac"),
    field("eps_load", Kind.PERCENT, "upsLoadpercent", "upsLoadPercent"),
    *STATE,
)

_DERIVED = (
    priority,
    iso_currency,
    difference("grid_power", "grid_import_power", "grid_export_power"),
    difference("battery_power", "battery_discharge_power", "battery_charge_power"),
)

SPH = Table(
    fields=(
        *_flows("mix_system_status"),
        *inputs(4),
        # These two are in W, unlike all around them (Q6).
        *numbered(2, "input_{n}_power", Kind.POWER, "mix_system_status.pPv{n}"),
        *numbered(
            2,
            "input_{n}_voltage",
            Kind.VOLTAGE,
            "mix_system_status.vPv{n}",
            "mix_info.vpv{n}",
        ),
        field("solar_power", Kind.POWER, "ppv", kilo("mix_system_status.ppv")),
        field("solar_energy_today", Kind.ENERGY, "epvtoday"),
        *both(
            "solar_energy", Kind.ENERGY, "epv{}", "mix_info.epv{}", "mix_totals.epv{}"
        ),
        field("solar_energy_total", Kind.ENERGY, "epvtotal"),
        *_ENERGIES,
        *_ELECTRICS,
        field("eps_frequency", Kind.FREQUENCY, "mix_system_status.upsFac"),
        field("eps_voltage_1", Kind.VOLTAGE, "mix_system_status.upsVac1"),
    ),
    derived=(
        total("solar_energy_today", *(f"input_{n}_energy_today" for n in range(1, 5))),
        total("solar_energy_total", *(f"input_{n}_energy_total" for n in range(1, 5))),
        *_DERIVED,
    ),
    batteries=pack,
    grid=True,
)

SPA = Table(
    fields=(
        *_flows("spa_system_status"),
        # The inverter beside it, where a meter is wired to it
        field("solar_power", Kind.POWER, "ppvInverter", kilo("spa_system_status.ppv")),
        *both("solar_energy", Kind.ENERGY, "epvInverter{}", "spa_totals.epv{}"),
        *_ENERGIES,
        *_ELECTRICS,
    ),
    derived=_DERIVED,
    batteries=pack,
    grid=True,
)
