"""The points of large storage: EMS 26, PCS 37, 44, 45 and 52 (sections 3.11, 9.4)."""

from .base import Kind, hidden, points

EMS = (
    *points(
        Kind.POWER,
        (24624, "pv_power"),
        (24625, "storage_power"),
        (24626, "grid_power"),
        (24631, "load_power"),
    ),
    *points(Kind.SOC_PERCENT, (24629, "battery_soc")),
    *points(Kind.STORED_ENERGY, (24630, "battery_remaining_energy")),
    *points(
        Kind.ENERGY,
        (24620, "battery_charge_today"),
        (24622, "battery_charge_total"),
        (24621, "battery_discharge_today"),
        (24623, "battery_discharge_total"),
        (24627, "pv_energy_today"),
        (24628, "pv_energy_total"),
    ),
)

PCS = (
    *points(Kind.POWER, (44010, "active_power")),
    *hidden(Kind.REACTIVE_POWER, (44011, "reactive_power")),
    *hidden(Kind.POWER_FACTOR, (44012, "power_factor")),
    *hidden(Kind.FREQUENCY, (44029, "frequency")),
    *hidden(Kind.TEMPERATURE, (44244, "internal_temperature")),
    *hidden(Kind.CODE, (44025, "work_mode"), (44231, "running_status")),
    *hidden(
        Kind.TEXT,
        (44803, "serial_number"),
        (44823, "dsp_version"),
        (44824, "cpld_version"),
    ),
)

_CELLS = (
    *hidden(
        Kind.CELL_VOLTAGE, (59008, "cell_voltage_max"), (59010, "cell_voltage_min")
    ),
    *hidden(
        Kind.TEMPERATURE,
        (59012, "cell_temperature_max"),
        (59014, "cell_temperature_min"),
    ),
)

CONTROLLER = (
    *_CELLS,
    *hidden(
        Kind.TEXT,
        (59064, "cell_voltage_max_position"),
        (59065, "cell_voltage_min_position"),
        (59066, "cell_temperature_max_position"),
        (59067, "cell_temperature_min_position"),
    ),
)

CLUSTER = (
    *points(Kind.SOC, (59004, "soc")),
    *hidden(Kind.VOLTAGE, (59002, "voltage")),
    *hidden(Kind.CURRENT, (59003, "current")),
    *hidden(Kind.NUMBER, (59006, "rack_capacity")),
    *_CELLS,
    *hidden(Kind.TEXT, (59403, "software_version")),
)

LOCAL_CONTROLLER = (
    *points(Kind.POWER, (59541, "active_power")),
    *points(
        Kind.ENERGY,
        (59535, "charge_total"),
        (59536, "discharge_total"),
        (59546, "charge_today"),
        (59547, "discharge_today"),
    ),
    *hidden(Kind.REACTIVE_POWER, (59542, "reactive_power")),
    *hidden(Kind.CODE, (59551, "working_mode"), (59552, "working_status")),
    *hidden(Kind.TEXT, (59502, "software_version"), (59705, "serial_number")),
)
