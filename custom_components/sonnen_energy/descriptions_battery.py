"""Sensors of health and cells (reference sections 9.3 and 9.4)."""

from functools import partial

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfPower,
    UnitOfTemperature,
)

from .coordinator import SonnenBattery
from .describe import BatterySensorDescription, Value, detail, info, measured, told

BMS_STATES = ["ready", "not_ready", "init", "initializing", "error"]
INVERTER_STATES = ["running", "not_ready", "error"]
CONTROL_STATES = [
    "ongrid",
    "offgrid",
    "config",
    "init",
    "reinit",
    "ready",
    "not_ready",
    "critical_error",
]
LED_STATES = [
    "pulsing_white",
    "pulsing_green",
    "pulsing_orange",
    "pulsing_red",
    "pulsing_blue",
    "blinking_green",
    "blinking_red",
    "blinking_blue",
    "blinking_sonnengradient",
    "rotating_sonnengradient",
    "solid_red",
    "solid_blue",
    "solid_sonnengradient",
    "off",
]
AMPERE_HOURS = "Ah"


def _modules(battery: SonnenBattery) -> Value:
    modules = battery.detail.data.values.modules
    if modules is None and battery.config.known:
        modules = battery.config.data.values.modules
    return modules


def _priority(battery: SonnenBattery) -> Value:
    names = battery.newest.derived.set_point_priority
    return ", ".join(names) or "none"


HEALTH = (
    measured(
        "setpoint_power",
        SensorDeviceClass.POWER,
        UnitOfPower.WATT,
        detail,
        lambda battery: battery.detail.data.values.set_point,
    ),
    told(
        "led_state",
        detail,
        lambda battery: battery.newest.derived.led_state,
        options=LED_STATES,
        enabled=True,
        attributes_fn=lambda battery: {
            "brightness": battery.detail.data.values.led_brightness
        },
    ),
    told(
        "led_status",
        detail,
        lambda battery: battery.detail.data.values.led_status,
    ),
    told(
        "bms_state",
        detail,
        lambda battery: battery.detail.data.values.bms_state,
        options=BMS_STATES,
        enabled=True,
    ),
    told(
        "inverter_state",
        detail,
        lambda battery: battery.detail.data.values.inverter_state,
        options=INVERTER_STATES,
        enabled=True,
    ),
    told(
        "core_control_state",
        detail,
        lambda battery: battery.detail.data.values.control_state,
        options=CONTROL_STATES,
    ),
    told(
        "dc_shutdown_reason",
        detail,
        lambda battery: battery.newest.derived.shutdown_reason,
        enabled=True,
        attributes_fn=lambda battery: {
            "reasons": list(battery.newest.derived.shutdown_reasons)
        },
    ),
    told(
        "setpoint_priority",
        detail,
        _priority,
        exists_fn=lambda battery: battery.seen(
            "setpoint_priority", lambda: bool(battery.detail.data.values.priority)
        ),
    ),
    told("battery_modules", detail, _modules, enabled=True),
)


def _cell(
    key: str,
    field: str,
    device_class: SensorDeviceClass | None,
    unit: str,
    *,
    digits: int = 1,
    enabled: bool = False,
) -> BatterySensorDescription:
    return measured(
        key,
        device_class,
        unit,
        info,
        lambda battery: getattr(battery.battery.data.values, field),
        digits=digits,
        enabled=enabled,
    )


_celsius = partial(
    _cell,
    device_class=SensorDeviceClass.TEMPERATURE,
    unit=UnitOfTemperature.CELSIUS,
)
_volts = partial(
    _cell, device_class=SensorDeviceClass.VOLTAGE, unit=UnitOfElectricPotential.VOLT
)
_amperes = partial(
    _cell,
    device_class=SensorDeviceClass.CURRENT,
    unit=UnitOfElectricCurrent.AMPERE,
    digits=2,
)
_ampere_hours = partial(_cell, device_class=None, unit=AMPERE_HOURS, digits=2)


def _cycles(battery: SonnenBattery) -> Value:
    cycles = battery.battery.data.values.cycles
    return None if cycles is None else round(cycles)


CELLS = (
    BatterySensorDescription(
        key="cycle_count",
        translation_key="cycle_count",
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        source=info,
        value_fn=_cycles,
    ),
    _celsius("cell_temperature_min", "cell_temperature_min"),
    _celsius("cell_temperature_max", "cell_temperature_max", enabled=True),
    _celsius("module_temperature_min", "module_temperature_min"),
    _celsius("module_temperature_max", "module_temperature_max"),
    _volts("cell_voltage_min", "cell_voltage_min", digits=3),
    _volts("cell_voltage_max", "cell_voltage_max", digits=3),
    _volts("module_voltage_min", "module_voltage_min"),
    _volts("module_voltage_max", "module_voltage_max"),
    _volts("module_voltage_nominal", "nominal_voltage"),
    _amperes("module_current_min", "module_current_min"),
    _amperes("module_current_max", "module_current_max"),
    _volts("system_dc_voltage", "dc_voltage"),
    _amperes("system_dc_current", "dc_current"),
    _amperes("average_current", "dc_current_average"),
    _amperes("charge_current_limit", "charge_limit"),
    _amperes("discharge_current_limit", "discharge_limit"),
    _ampere_hours("full_charge_capacity_ah", "full_ah"),
    _ampere_hours("remaining_capacity_ah", "remaining_ah"),
    _ampere_hours("usable_remaining_capacity_ah", "usable_ah"),
)

BATTERY = (*HEALTH, *CELLS)
