"""The points of a battery, device type 43 (sections 3.11 and 9.4).

What is worst for a cell is the name: ``cell_voltage_max`` and the like.
"""

from .base import Kind, hidden, numbered, points, shown

BATTERY = (
    *points(Kind.SOC, (58604, "soc")),
    *points(Kind.FRACTION, (58605, "soh")),
    *points(Kind.VOLTAGE, (58601, "voltage")),
    *points(Kind.CURRENT, (58602, "current")),
    *points(Kind.TEMPERATURE, (58603, "temperature")),
    *points(Kind.ENERGY, (58606, "charge_total"), (58607, "discharge_total")),
    *shown(Kind.CELL_VOLTAGE, (58610, "cell_voltage_max"), (58612, "cell_voltage_min")),
    *shown(
        Kind.TEMPERATURE,
        (58614, "module_temperature_max"),
        (58616, "module_temperature_min"),
    ),
    *hidden(
        Kind.TEXT,
        (58611, "cell_voltage_max_position"),
        (58613, "cell_voltage_min_position"),
        (58615, "module_temperature_max_position"),
        (58617, "module_temperature_min_position"),
    ),
    *hidden(
        Kind.CELL_VOLTAGE,
        *numbered("module{n}_cell_voltage_max", range(58618, 58626)),
        *numbered("module{n}_cell_voltage_min", range(58626, 58634)),
    ),
    *hidden(
        Kind.CODE,
        (58608, "operation_status"),
        (58609, "health_status"),
        (58635, "dc_contactor_status"),
        (58636, "fault_module"),
    ),
)
