"""What is measured at inputs, phases, sensors and cells (reference sections 9.2 to 9.8).

Most of it is of interest to few, so it is disabled by default.
"""

from typing import Final

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    UnitOfApparentPower,
    UnitOfElectricPotential,
    UnitOfTime,
)

from .describe import (
    EVERY,
    HYBRID,
    NONE,
    STRING,
    WHOLE,
    Kind,
    Lasting,
    ReadingDescription,
    code,
    current,
    energy_today,
    energy_total,
    frequency,
    percent,
    plain,
    power,
    power_factor,
    soc,
    temperature,
    voltage,
)
from .families import Family

PHASES: Final = (1, 2, 3)
# The largest MAX has so many.
MAX_INPUTS: Final = 16
_FIRST_INPUTS: Final = {Family.INVERTER: 3, Family.MAX: 3}
_TEMPERATURES: Final = 5
_BDCS: Final = (1, 2)
_PACKS: Final = (1, 2, 3, 4)

_MIN = frozenset({Family.MIN})
_SPH = frozenset({Family.SPH, Family.SPH_S, Family.WIT})
_SPA = frozenset({Family.SPA})
_STORAGE = frozenset({Family.STORAGE})
_NOAH = frozenset({Family.NOAH})
_METER = frozenset({Family.METER})
_INPUTS = EVERY - _METER

apparent_power = Kind(
    device_class=SensorDeviceClass.APPARENT_POWER,
    unit=UnitOfApparentPower.VOLT_AMPERE,
    digits=0,
)
millivolts = Kind(
    device_class=SensorDeviceClass.VOLTAGE,
    unit=UnitOfElectricPotential.MILLIVOLT,
    digits=0,
)
kiloohms = Kind(device_class=None, unit="kΩ", digits=0)
running = Kind(
    device_class=SensorDeviceClass.DURATION,
    unit=UnitOfTime.SECONDS,
    digits=0,
    state_class=SensorStateClass.TOTAL_INCREASING,
    lasting=Lasting.TOTAL,
)


def _input(number: int) -> tuple[ReadingDescription, ...]:
    """Return what one input of the panels measures."""
    # Section 9.3: the first two; 9.2: the first three; the others if they give something
    first = frozenset(
        family for family in EVERY if number <= _FIRST_INPUTS.get(family, 2)
    )
    shown = (_MIN | _SPH | _STORAGE | STRING) & first
    perhaps = (_MIN | _SPH | STRING) - first
    counted = _MIN & first
    # At night none of them gives anything
    evidence = (f"input_{number}_energy_total", f"input_{number}_voltage")
    return (
        power(
            f"input_{number}_power",
            name="input_power",
            number=number,
            families=_INPUTS,
            enabled=shown,
            if_used=perhaps,
            evidence=evidence,
        ),
        voltage(
            f"input_{number}_voltage",
            name="input_voltage",
            number=number,
            families=_INPUTS,
            enabled=shown,
            if_used=perhaps,
            evidence=evidence,
        ),
        current(
            f"input_{number}_current",
            name="input_current",
            number=number,
            families=_INPUTS,
            enabled=shown - _STORAGE,
            if_used=perhaps,
            evidence=evidence,
        ),
        *(
            kind(
                f"input_{number}_energy_{span}",
                name=f"input_energy_{span}",
                number=number,
                families=_INPUTS,
                enabled=counted,
                if_used=_MIN - first,
                evidence=evidence,
            )
            for kind, span in ((energy_today, "today"), (energy_total, "total"))
        ),
    )


INPUTS = (
    *(item for n in range(1, MAX_INPUTS + 1) for item in _input(n)),
    *(
        temperature(
            f"input_{n}_temperature",
            name="input_temperature",
            number=n,
            families=_NOAH,
            enabled=NONE,
        )
        for n in _PACKS
    ),
)

GRID = (
    frequency("grid_frequency", enabled=_STORAGE | _METER),
    *(
        kind(
            f"{key}_{n}",
            name=name,
            number=n,
            families=EVERY - _METER,
            enabled=enabled if n == 1 else NONE,
            # Most have one phase only
            if_used=enabled if n > 1 else NONE,
        )
        for kind, key, name, enabled in (
            (voltage, "grid_voltage", "grid_voltage", _SPH | _SPA),
            (voltage, "line_voltage", "line_voltage", NONE),
            (current, "grid_current", "grid_current", NONE),
            (power, "output_power", "output_phase_power", NONE),
            (apparent_power, "apparent_power", "apparent_phase_power", NONE),
            (power, "eps_power", "eps_phase_power", NONE),
            (voltage, "eps_voltage", "eps_voltage", NONE),
            (current, "eps_current", "eps_current", NONE),
        )
        for n in PHASES
    ),
    voltage("grid_voltage", name="storage_grid_voltage", families=_STORAGE),
    voltage("reactive_voltage", enabled=NONE),
    power("eps_power", enabled=NONE),
    frequency("eps_frequency", enabled=NONE),
    percent("eps_load", enabled=NONE),
    apparent_power("apparent_power", families=_STORAGE),
    voltage("output_voltage", families=_STORAGE),
    frequency("output_frequency", families=_STORAGE),
    current("output_current", families=_STORAGE),
    current("grid_charge_current", families=_STORAGE),
    current("charge_current", families=_STORAGE),
    *(
        current(
            f"solar_charge_current_{n}",
            name="solar_charge_current",
            number=n,
            families=_STORAGE,
        )
        for n in (1, 2)
    ),
    percent("load_percent", families=_STORAGE),
    power("on_grid_power", families=_NOAH, enabled=NONE),
    voltage("on_grid_voltage", families=_NOAH, enabled=NONE),
    power("off_grid_power", families=_NOAH, enabled=NONE),
)

INVERTER = (
    temperature("temperature", enabled=NONE),
    temperature("ipm_temperature", enabled=NONE),
    *(
        temperature(
            f"temperature_{n}", name="temperature_number", number=n, enabled=NONE
        )
        for n in range(1, _TEMPERATURES + 1)
    ),
    power_factor("power_factor", families=EVERY - _METER, enabled=NONE),
    percent("real_output_percent", enabled=NONE),
    code("derating_mode", enabled=NONE, diagnostic=True),
    kiloohms("insulation_resistance", enabled=NONE),
    voltage("bus_voltage_positive", enabled=NONE),
    voltage("bus_voltage_negative", enabled=NONE),
    running("running_time", enabled=NONE, diagnostic=True),
    code("fault_code", enabled=NONE, diagnostic=True),
    code("warning_code", enabled=NONE, diagnostic=True),
    code("fault_status", families=_NOAH, enabled=NONE, diagnostic=True),
    code("mppt_protect_status", families=_NOAH, enabled=NONE, diagnostic=True),
    code("battery_protect_status", families=_NOAH, enabled=NONE, diagnostic=True),
    code("battery_warn_status", families=_NOAH, enabled=NONE, diagnostic=True),
    code("heating_status", families=_NOAH, enabled=NONE, diagnostic=True),
    code("work_mode", families=_NOAH, enabled=NONE, diagnostic=True),
)

BATTERY = (
    voltage("battery_voltage", enabled=HYBRID - _MIN | _STORAGE, pack=WHOLE),
    current("battery_current", enabled=NONE, pack=WHOLE),
    temperature("battery_temperature", enabled=NONE, pack=WHOLE),
    percent("battery_soh", enabled=NONE, diagnostic=True, pack=WHOLE),
    plain("battery_cycles", enabled=NONE, diagnostic=True, pack=WHOLE),
    plain("battery_count", families=_NOAH, enabled=NONE, diagnostic=True),
    millivolts("cell_voltage_max", families=_NOAH, enabled=NONE, diagnostic=True),
    millivolts("cell_voltage_min", families=_NOAH, enabled=NONE, diagnostic=True),
)


def _bdc(number: int) -> tuple[ReadingDescription, ...]:
    """Return what one of a MIN's batteries tells of itself (section 9.3)."""
    start = f"battery_{number}_"
    families = EVERY - _METER - _NOAH
    flows = (
        (power, "charge_power"),
        (power, "discharge_power"),
        (energy_total, "charge_energy_total"),
        (energy_total, "discharge_energy_total"),
    )
    rest = (
        (soc, "soc"),
        (voltage, "voltage"),
        (current, "current"),
        (temperature, "temperature_1"),
        (temperature, "temperature_2"),
        (code, "status"),
        (code, "mode"),
        (code, "fault_code"),
        (code, "warning_code"),
    )
    return (
        *(
            kind(
                f"{start}{key}",
                name=f"pack_{key}",
                families=families,
                enabled=NONE,
                if_used=families,
                pack=number,
            )
            for kind, key in flows
        ),
        *(
            kind(
                f"{start}{key}",
                name=f"pack_{key}",
                families=families,
                enabled=NONE,
                diagnostic=kind is code,
                pack=number,
            )
            for kind, key in rest
        ),
    )


PACKS = (
    *(item for number in _BDCS for item in _bdc(number)),
    *(
        kind(
            f"battery_{n}_{key}",
            name=f"pack_{key}",
            families=_NOAH,
            enabled=enabled,
            pack=n,
        )
        for n in _PACKS
        for kind, key, enabled in (
            (soc, "soc", _NOAH),
            (temperature, "temperature", NONE),
        )
    ),
)

METER = (
    power("power", families=_METER),
    *(
        kind(f"{key}_{n}", name=f"meter_{key}", number=n, families=_METER)
        for kind, key in ((power, "power"), (voltage, "voltage"), (current, "current"))
        for n in PHASES
    ),
    power_factor("power_factor", families=_METER),
)

ELECTRICS = (*INPUTS, *GRID, *INVERTER, *BATTERY, *PACKS, *METER)
