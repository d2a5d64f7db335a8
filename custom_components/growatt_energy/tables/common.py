"""What the tables of several families share."""

from collections.abc import Mapping

from ..readings import Value
from ..resolve import Kind, Wire, currency
from .fields import Field, Values, field, numbered

PRIORITIES = {0: "load_first", 1: "battery_first", 2: "grid_first"}
# A battery whose voltage is lower is none (quirk Q10)
REAL_VOLTAGE = 20.0


def inputs(count: int) -> tuple[Field, ...]:
    """Return the PV inputs."""
    return (
        *numbered(count, "input_{n}_voltage", Kind.VOLTAGE, "vpv{n}", "vPv{n}"),
        *numbered(count, "input_{n}_current", Kind.CURRENT, "ipv{n}", "iPv{n}"),
        *numbered(count, "input_{n}_power", Kind.POWER, "ppv{n}", "pPv{n}"),
        *numbered(count, "input_{n}_energy_today", Kind.ENERGY, "epv{n}Today"),
        *numbered(count, "input_{n}_energy_total", Kind.ENERGY, "epv{n}Total"),
    )


STATE = (
    field(
        "status",
        Kind.STATUS,
        "statusText",
        "mix_system_status.lost",
        "spa_system_status.lost",
        "tlx_system_status.lost",
    ),
    field("status_code", Kind.CODE, "status", "invStatus"),
    field("fault_code", Kind.CODE, "faultType", "faultCode"),
    field("warning_code", Kind.CODE, "warnCode", "newWarnCode"),
    field("temperature", Kind.TEMPERATURE, "temperature"),
    *numbered(5, "temperature_{n}", Kind.TEMPERATURE, "temp{n}"),
)

GRID = (
    field("grid_frequency", Kind.FREQUENCY, "fac", "fAc"),
    *numbered(3, "grid_voltage_{n}", Kind.VOLTAGE, "vac{n}", "vAc{n}"),
    *numbered(3, "grid_current_{n}", Kind.CURRENT, "iac{n}"),
    field("line_voltage_1", Kind.VOLTAGE, "vacRs"),
    field("line_voltage_2", Kind.VOLTAGE, "vacSt"),
    field("line_voltage_3", Kind.VOLTAGE, "vacTr"),
    field("power_factor", Kind.RATIO, "pf"),
    field("real_output_percent", Kind.PERCENT, "realOPPercent"),
    field("derating_mode", Kind.CODE, "deratingMode"),
    field("insulation_resistance", Kind.NUMBER, "iso"),
    field("bus_voltage_positive", Kind.VOLTAGE, "pBusVoltage"),
    field("bus_voltage_negative", Kind.VOLTAGE, "nBusVoltage"),
    field("running_time", Kind.NUMBER, "timeTotal"),
)


def priority(values: Values) -> None:
    """Say the priority in words."""
    found = values.pop("_priority", None)
    if isinstance(found, int) and found in PRIORITIES:
        values["priority_mode"] = PRIORITIES[found]


def iso_currency(values: Values) -> None:
    """Make the sign of the currency its code."""
    if (found := currency(values.pop("_currency", None))) is not None:
        values["currency"] = found


def pack(_wire: Wire, values: Mapping[str, Value]) -> tuple[int, ...]:
    """Say whether there is one battery: it has charge, voltage, or a past."""
    signs = (
        ("battery_soc", 0.0),
        ("battery_voltage", REAL_VOLTAGE),
        ("battery_charge_energy_total", 0.0),
        ("battery_discharge_energy_total", 0.0),
    )
    found = any(
        isinstance(value := values.get(key), int | float) and value > low
        for key, low in signs
    )
    return (1,) if found else ()
