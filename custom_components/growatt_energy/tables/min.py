"""MIN, TLX, MOD, MIC and NEO (reference section 9.3): V1, v4 and ``tlx_detail`` alike.

``tlx_system_status`` (kW) and ``tlx_energy_overview`` stand in for a detail record
that the classic API does not give.
"""

from collections.abc import Mapping

from ..readings import Value
from ..resolve import Kind, Wire, code, quantity
from .common import GRID, REAL_VOLTAGE, STATE, inputs, pack, priority
from .fields import (
    Table,
    both,
    difference,
    field,
    kilo,
    numbered,
    positive,
    total,
)

BDC = 2


def _batteries(wire: Wire, values: Mapping[str, Value]) -> tuple[int, ...]:
    """Return the batteries that are there: the second one is often a phantom (Q10)."""
    found = [n for n in range(1, BDC + 1) if _real(wire, n)]
    return tuple(found) or pack(wire, values)


def _real(wire: Wire, n: int) -> bool:
    volts = quantity(wire.get(f"bdc{n}Vbat"), Kind.VOLTAGE)
    if volts is not None and volts > REAL_VOLTAGE:
        return True
    soc = quantity(wire.get(f"bdc{n}Soc"), Kind.PERCENT)
    return bool(code(wire.get(f"bdc{n}Status"))) and bool(soc)


TABLE = Table(
    fields=(
        *inputs(4),
        *numbered(4, "input_{n}_voltage", Kind.VOLTAGE, "tlx_system_status.vPv{n}"),
        *both("output_energy", Kind.ENERGY, "eac{}"),
        *both("solar_energy", Kind.ENERGY, "epv{}", "tlx_energy_overview.epv{}"),
        field("solar_energy_today", Kind.ENERGY, "epvtoday"),
        field("solar_power", Kind.POWER, "ppv", kilo("tlx_system_status.ppv")),
        field("output_power", Kind.SIGNED_POWER, "pac", kilo("tlx_system_status.pac")),
        field(
            "grid_export_power",
            Kind.POWER,
            "pacToGridTotal",
            kilo("tlx_system_status.pactogrid"),
        ),
        field(
            "grid_import_power",
            Kind.POWER,
            "pacToUserTotal",
            kilo("tlx_system_status.pactouser"),
        ),
        field(
            "load_power",
            Kind.POWER,
            "pacToLocalLoad",
            kilo("tlx_system_status.pLocalLoad"),
        ),
        field("self_power", Kind.POWER, "pself"),
        field("system_power", Kind.POWER, "psystem"),
        *both("export_energy", Kind.ENERGY, "etoGrid{}", "etogrid{}"),
        field("export_energy_today", Kind.ENERGY, "tlx_energy_overview.etoGridToday"),
        field("export_energy_total", Kind.ENERGY, "tlx_energy_overview.etogridTotal"),
        *both("import_energy", Kind.ENERGY, "etoUser{}", "etouser{}"),
        *both(
            "load_energy",
            Kind.ENERGY,
            "elocalLoad{}",
            "tlx_energy_overview.elocalLoad{}",
        ),
        *both("system_production_energy", Kind.ENERGY, "esystem{}"),
        *both("self_consumption_energy", Kind.ENERGY, "eself{}"),
        field(
            "battery_soc",
            Kind.PERCENT,
            positive("bmsSoc"),
            positive("bmsSOC"),
            positive("bdc1Soc"),
            "bdc1Soc",
            "soc1",
            "tlx_system_status.SOC",
            "tlx_system_status.soc1",
        ),
        *both("battery_charge_energy", Kind.ENERGY, "echarge{}", "eCharge{}"),
        field(
            "battery_charge_energy_today",
            Kind.ENERGY,
            "tlx_energy_overview.echargetoday",
        ),
        field(
            "battery_charge_energy_total",
            Kind.ENERGY,
            "tlx_energy_overview.echargetotal",
        ),
        *both(
            "battery_discharge_energy",
            Kind.ENERGY,
            "edischarge{}",
            "eDischarge{}",
            "tlx_energy_overview.edischarge{}",
        ),
        *both("battery_grid_charge_energy", Kind.ENERGY, "eacCharge{}"),
        *numbered(
            BDC,
            "battery_{n}_charge_power",
            Kind.POWER,
            "bdc{n}ChargePower",
            kilo("tlx_system_status.chargePower{n}"),
        ),
        *numbered(
            BDC,
            "battery_{n}_discharge_power",
            Kind.POWER,
            "bdc{n}DischargePower",
            kilo("tlx_system_status.pdisCharge{n}"),
        ),
        field("_charge", Kind.POWER, kilo("tlx_system_status.chargePower")),
        field("_discharge", Kind.POWER, kilo("tlx_system_status.pdisCharge")),
        *numbered(
            BDC, "battery_{n}_charge_energy_total", Kind.ENERGY, "bdc{n}ChargeTotal"
        ),
        *numbered(
            BDC,
            "battery_{n}_discharge_energy_total",
            Kind.ENERGY,
            "bdc{n}DischargeTotal",
        ),
        *numbered(BDC, "battery_{n}_soc", Kind.PERCENT, "bdc{n}Soc", "soc{n}"),
        *numbered(BDC, "battery_{n}_voltage", Kind.VOLTAGE, "bdc{n}Vbat"),
        *numbered(BDC, "battery_{n}_current", Kind.CURRENT, "bdc{n}Ibat"),
        *numbered(BDC, "battery_{n}_temperature_1", Kind.TEMPERATURE, "bdc{n}Temp1"),
        *numbered(BDC, "battery_{n}_temperature_2", Kind.TEMPERATURE, "bdc{n}Temp2"),
        *numbered(BDC, "battery_{n}_status", Kind.CODE, "bdc{n}Status"),
        *numbered(BDC, "battery_{n}_mode", Kind.CODE, "bdc{n}Mode"),
        *numbered(BDC, "battery_{n}_fault_code", Kind.CODE, "bdc{n}FaultType"),
        *numbered(BDC, "battery_{n}_warning_code", Kind.CODE, "bdc{n}WarnCode"),
        field(
            "battery_voltage",
            Kind.VOLTAGE,
            positive("bmsVbat"),
            "bdc1Vbat",
            "tlx_system_status.vBat",
        ),
        field("battery_current", Kind.CURRENT, positive("bmsIbat"), "bdc1Ibat"),
        field("battery_temperature", Kind.TEMPERATURE, positive("bmsTemp1Bat")),
        field("battery_soh", Kind.PERCENT, positive("bmsSoh"), positive("bmsSOH")),
        field("battery_cycles", Kind.NUMBER, positive("bmsIcycle")),
        *GRID,
        field("grid_frequency", Kind.FREQUENCY, "tlx_system_status.fAc"),
        field("grid_voltage_1", Kind.VOLTAGE, "tlx_system_status.vAc1"),
        *numbered(3, "apparent_power_{n}", Kind.POWER, "pac{n}"),
        field("reactive_voltage", Kind.VOLTAGE, "vacRs", "vacrs"),
        field("eps_power", Kind.POWER, "epsPac"),
        field("eps_frequency", Kind.FREQUENCY, "epsFac"),
        *numbered(3, "eps_voltage_{n}", Kind.VOLTAGE, "epsVac{n}"),
        *numbered(3, "eps_current_{n}", Kind.CURRENT, "epsIac{n}"),
        *numbered(3, "eps_power_{n}", Kind.POWER, "epsPac{n}"),
        field("eps_load", Kind.PERCENT, "loadPercent"),
        *STATE,
        field("status_code", Kind.CODE, "tlx_system_status.status"),
        field(
            "_priority", Kind.CODE, "priorityChoose", "tlx_system_status.priorityChoose"
        ),
    ),
    derived=(
        priority,
        total("solar_energy_today", *(f"input_{n}_energy_today" for n in range(1, 5))),
        total("solar_energy_total", *(f"input_{n}_energy_total" for n in range(1, 5))),
        difference("grid_power", "grid_import_power", "grid_export_power"),
        total(
            "battery_charge_power",
            *(f"battery_{n}_charge_power" for n in range(1, BDC + 1)),
        ),
        total(
            "battery_discharge_power",
            *(f"battery_{n}_discharge_power" for n in range(1, BDC + 1)),
        ),
        total("battery_charge_power", "_charge"),
        total("battery_discharge_power", "_discharge"),
        difference("battery_power", "battery_discharge_power", "battery_charge_power"),
    ),
    batteries=_batteries,
    grid=True,
)
