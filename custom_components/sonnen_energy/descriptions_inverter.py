"""Sensors of the inverter and the settings (reference section 9.4)."""

from functools import partial

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import (
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfTemperature,
)

from . import tou
from .coordinator import SonnenBattery
from .describe import (
    BatterySensorDescription,
    Value,
    configuration,
    inverter,
    measured,
    told,
)

HEATER_MODES = ["self_consumption", "feed_in_optimisation"]


def _value(
    key: str,
    field: str,
    device_class: SensorDeviceClass | None,
    unit: str | None,
    *,
    digits: int = 0,
    enabled: bool = False,
    diagnostic: bool = True,
) -> BatterySensorDescription:
    return measured(
        key,
        device_class,
        unit,
        inverter,
        lambda battery: getattr(battery.inverter.data.values, field),
        digits=digits,
        enabled=enabled,
        diagnostic=diagnostic,
    )


def _more(
    key: str,
    wire: str,
    device_class: SensorDeviceClass,
    unit: str,
    *,
    digits: int = 0,
) -> BatterySensorDescription:
    """Describe what only some models send, under its name on the wire."""
    return measured(
        key,
        device_class,
        unit,
        inverter,
        lambda battery: battery.inverter.data.values.more.get(wire),
        digits=digits,
    )


_WATT = (SensorDeviceClass.POWER, UnitOfPower.WATT)
_VOLT_AMPERE = (SensorDeviceClass.APPARENT_POWER, UnitOfApparentPower.VOLT_AMPERE)
_AMPERE = (SensorDeviceClass.CURRENT, UnitOfElectricCurrent.AMPERE)
_VOLT = (SensorDeviceClass.VOLTAGE, UnitOfElectricPotential.VOLT)
_CELSIUS = (SensorDeviceClass.TEMPERATURE, UnitOfTemperature.CELSIUS)

INVERTER = (
    _value("ongrid_power", "on_grid", *_WATT, diagnostic=False),
    _value("offgrid_power", "off_grid", *_WATT, enabled=True, diagnostic=False),
    _value("inverter_temperature", "temperature", *_CELSIUS, digits=1, enabled=True),
    _value("inverter_ac_current", "ac_current", *_AMPERE, digits=2),
    _value("inverter_ac_voltage", "ac_voltage", *_VOLT, digits=1),
    _value(
        "inverter_frequency",
        "frequency",
        SensorDeviceClass.FREQUENCY,
        UnitOfFrequency.HERTZ,
        digits=2,
    ),
    _value("inverter_apparent_power", "apparent", *_VOLT_AMPERE),
    _value(
        "inverter_power_factor",
        "power_factor",
        SensorDeviceClass.POWER_FACTOR,
        None,
        digits=2,
    ),
    _value("inverter_battery_power", "battery_power", *_WATT),
    _value("inverter_battery_voltage", "battery_voltage", *_VOLT, digits=1),
    _value("inverter_battery_current", "battery_current", *_AMPERE, digits=2),
    _value("inverter_pv_power", "solar_power", *_WATT, diagnostic=False),
    _value("inverter_pv_voltage", "solar_voltage", *_VOLT, digits=1, diagnostic=False),
    _value(
        "inverter_pv_current", "solar_current", *_AMPERE, digits=2, diagnostic=False
    ),
    *(_more(f"inverter_pv_power_{n}", f"ppv{n}", *_WATT) for n in (1, 2, 3, 4)),
    *(
        _more(f"inverter_pv_voltage_{n}", f"upv{n}", *_VOLT, digits=1)
        for n in (1, 2, 3, 4)
    ),
    *(
        _more(f"inverter_pv_current_{n}", f"ipv{n}", *_AMPERE, digits=2)
        for n in (1, 2, 3, 4)
    ),
    *(_more(f"inverter_power_l{n}", f"pac{n}", *_WATT) for n in (1, 2, 3)),
    *(
        _more(f"inverter_apparent_power_l{n}", f"sac{n}", *_VOLT_AMPERE)
        for n in (1, 2, 3)
    ),
    *(
        _more(f"inverter_current_l{n}", f"iac{n}", *_AMPERE, digits=2)
        for n in (1, 2, 3)
    ),
    *(_more(f"inverter_voltage_l{n}", f"uac{n}", *_VOLT, digits=1) for n in (1, 2, 3)),
    _more("inverter_dc_voltage", "udc", *_VOLT, digits=1),
    _more("inverter_temperature_bdc", "tempbdc", *_CELSIUS, digits=1),
    _more("inverter_temperature_hmi", "temphmi", *_CELSIUS, digits=1),
    _more("inverter_temperature_power_unit", "temppu", *_CELSIUS, digits=1),
    *(
        _more(f"inverter_temperature_{n}", f"temp{n}", *_CELSIUS, digits=1)
        for n in range(1, 6)
    ),
)


def _raw(battery: SonnenBattery, *names: str) -> str | None:
    values = battery.config.data.values
    key = values.first(*names)
    return values.raw[key] if key is not None else None


def _windows(battery: SonnenBattery) -> Value:
    schedule = battery.config.data.values.schedule
    if schedule is None:
        return None
    windows = tou.decode(schedule)
    return len(windows) if isinstance(windows, list) else None


def _heater_mode(battery: SonnenBattery) -> Value:
    number = battery.config.data.values.number("SH_HeaterOperatingMode")
    if number is None:
        return None
    if number in (0, 1):
        return HEATER_MODES[int(number)]
    return f"unknown ({number:g})"


def _time(battery: SonnenBattery, number: str) -> Value:
    """Return a time of the black start; "0" means that there is none."""
    shown = _raw(
        battery, f"EM_USER_INPUT_TIME_{number}", f"EM_US_USER_INPUT_TIME_{number}"
    )
    return shown if shown is not None and ":" in shown else None


_number = partial(measured, source=configuration)

SETTINGS = (
    told(
        "software_version",
        configuration,
        lambda battery: battery.config.data.values.software,
    ),
    _number(
        "inverter_max_power",
        SensorDeviceClass.POWER,
        UnitOfPower.WATT,
        value_fn=lambda battery: battery.config.data.values.inverter_max_power,
    ),
    told(
        "cascading_role",
        configuration,
        lambda battery: battery.config.data.values.cascading_role,
    ),
    told(
        "tou_schedule",
        configuration,
        _windows,
        exists_fn=lambda battery: battery.config.data.values.schedule is not None,
        attributes_fn=lambda battery: {
            "windows": tou.decode(battery.config.data.values.schedule or "")
        },
    ),
    _number(
        "cos_phi",
        SensorDeviceClass.POWER_FACTOR,
        None,
        value_fn=lambda battery: battery.config.data.values.number(
            "NVM_PfcFixedCosPhi"
        ),
        digits=2,
    ),
    *(
        told(
            key,
            configuration,
            lambda battery, wire=wire: _raw(battery, wire),  # type: ignore[misc]
        )
        for key, wire in (
            ("cos_phi_active", "NVM_PfcIsFixedCosPhiActive"),
            ("cos_phi_lagging", "NVM_PfcIsFixedCosPhiLagging"),
        )
    ),
    *(
        told(
            f"blackstart_time_{n}",
            configuration,
            lambda battery, number=number: _time(battery, number),  # type: ignore[misc]
        )
        for n, number in enumerate(("ONE", "TWO", "THREE"), 1)
    ),
    told("heater_mode", configuration, _heater_mode, options=HEATER_MODES),
    *(
        _number(
            f"heater_temperature_{side}",
            SensorDeviceClass.TEMPERATURE,
            UnitOfTemperature.CELSIUS,
            value_fn=lambda battery, side=side: battery.config.data.values.number(  # type: ignore[misc]
                f"SH_HeaterTemperature{side.capitalize()}"
            ),
        )
        for side in ("min", "max")
    ),
)
