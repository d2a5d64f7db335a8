"""The sensors of inverters, batteries, meters, dongles and chargers (section 9)."""

from collections.abc import Mapping

from .describe import (
    ValueDescription,
    cell_voltage,
    current,
    energy,
    frequency,
    hours,
    minutes,
    most_power,
    percent,
    power,
    power_factor,
    rated_power,
    reactive_power,
    resistance,
    soc,
    temperature,
    text,
    voltage,
    words,
)
from .enums import (
    CHARGER_STATUS_OPTIONS,
    DEVICE_STATUS_OPTIONS,
    PLUG_OPTIONS,
    RUNNING_MODE_OPTIONS,
)
from .tables import MOST_STRINGS

_PHASES = ("a", "b", "c")
_STRINGS = range(1, MOST_STRINGS + 1)


_STATUS = words(
    "status", name="device_status", options=DEVICE_STATUS_OPTIONS, diagnostic=True
)

INVERTER: tuple[ValueDescription, ...] = (
    power("power"),
    power("dc_power", enabled=False),
    reactive_power("reactive_power", enabled=False),
    temperature("temperature", diagnostic=True),
    hours("operating_hours", enabled=False, diagnostic=True),
    rated_power("rated_power", enabled=False, diagnostic=True),
    power_factor("power_factor", enabled=False),
    voltage("ac_voltage"),
    *(voltage(f"ac_voltage_{x}", name="ac_voltage_n", phase=x) for x in _PHASES),
    current("ac_current", enabled=False),
    *(
        current(f"ac_current_{x}", name="ac_current_n", phase=x, enabled=False)
        for x in _PHASES
    ),
    frequency("frequency"),
    *(power(f"pv{n}_power", name="pv_n_power", number=n) for n in _STRINGS),
    *(
        voltage(f"pv{n}_voltage", name="pv_n_voltage", number=n, enabled=False)
        for n in _STRINGS
    ),
    *(
        current(f"pv{n}_current", name="pv_n_current", number=n, enabled=False)
        for n in _STRINGS
    ),
    power("backup_power"),
    voltage("backup_voltage", enabled=False),
    current("backup_current", enabled=False),
    resistance("insulation_resistance", enabled=False, diagnostic=True),
    energy("pv_energy_today"),
    energy("pv_energy_week", enabled=False),
    energy("pv_energy_month", enabled=False),
    energy("pv_energy_year", enabled=False),
    energy("pv_energy_total"),
    energy("battery_charge_today"),
    energy("battery_charge_total"),
    energy("battery_discharge_today"),
    energy("battery_discharge_total"),
    _STATUS,
    text("firmware", enabled=False, diagnostic=True),
    words("work_mode_running", options=RUNNING_MODE_OPTIONS),
)

BATTERY: tuple[ValueDescription, ...] = (
    soc("soc"),
    percent("soh"),
    power("power"),
    voltage("voltage"),
    current("current"),
    temperature("temperature"),
    current("max_charge_current", enabled=False, diagnostic=True),
    current("max_discharge_current", enabled=False, diagnostic=True),
    most_power("max_charge_power", enabled=False, diagnostic=True),
    most_power("max_discharge_power", enabled=False, diagnostic=True),
    cell_voltage("max_cell_voltage", enabled=False, diagnostic=True),
    cell_voltage("min_cell_voltage", enabled=False, diagnostic=True),
    temperature("max_cell_temperature", enabled=False, diagnostic=True),
    temperature("min_cell_temperature", enabled=False, diagnostic=True),
    text("firmware", enabled=False, diagnostic=True),
)

METER: tuple[ValueDescription, ...] = (
    power("power"),
    *(power(f"power_{x}", name="power_n", phase=x, enabled=False) for x in _PHASES),
    *(
        voltage(f"voltage_{x}", name="voltage_n", phase=x, enabled=False)
        for x in _PHASES
    ),
    *(
        current(f"current_{x}", name="current_n", phase=x, enabled=False)
        for x in _PHASES
    ),
    power_factor("power_factor", enabled=False),
    frequency("frequency", enabled=False),
    energy("import_today"),
    energy("import_total"),
    energy("export_today"),
    energy("export_total"),
)

DONGLE: tuple[ValueDescription, ...] = (
    percent("signal_strength", enabled=False, diagnostic=True),
    text("communication_mode", enabled=False, diagnostic=True),
    text("firmware", enabled=False, diagnostic=True),
    words(
        "status",
        name="device_status",
        options=DEVICE_STATUS_OPTIONS,
        enabled=False,
        diagnostic=True,
    ),
)

CHARGER: tuple[ValueDescription, ...] = (
    words("status", name="charger_status", options=CHARGER_STATUS_OPTIONS),
    words("plug", options=PLUG_OPTIONS),
    power("charging_power"),
    energy("session_energy"),
    minutes("session_duration"),
    energy("energy_total"),
)

# By ``Device.cls``
DEVICES: Mapping[str, tuple[ValueDescription, ...]] = {
    "inverter": INVERTER,
    "battery": BATTERY,
    "meter": METER,
    "dongle": DONGLE,
    "charger": CHARGER,
}
