"""Sensors of the flows of now (reference section 9.1), and their energies (9.2)."""

from functools import partial

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    UnitOfApparentPower,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTime,
)

from ._vendor.core.ha.entity import minute
from .coordinator import SonnenBattery
from .describe import BatterySensorDescription, Value, live, measured, nth, told
from .energy import FLOWS
from .modes import MODES, mode_name

SYSTEM_STATUSES = ["init", "config", "ongrid", "offgrid", "critical_error"]

_power = partial(
    measured,
    device_class=SensorDeviceClass.POWER,
    unit=UnitOfPower.WATT,
    source=live,
    diagnostic=False,
)


def _positive(value: float | None, sign: int = 1) -> float | None:
    return max(0.0, sign * value) if value is not None else None


def _clock(battery: SonnenBattery) -> Value:
    if battery.live.data.stamp is None:
        return None
    return minute(battery.newest.derived.clock)


POWER = (
    measured(
        "battery_soc",
        SensorDeviceClass.BATTERY,
        UnitOfRatio.PERCENTAGE,
        live,
        lambda battery: battery.live.data.power.soc,
        enabled=True,
        diagnostic=False,
    ),
    measured(
        "real_soc",
        SensorDeviceClass.BATTERY,
        UnitOfRatio.PERCENTAGE,
        live,
        lambda battery: battery.live.data.status.real_soc,
        diagnostic=False,
    ),
    measured(
        "backup_reserve_soc",
        None,
        UnitOfRatio.PERCENTAGE,
        live,
        lambda battery: battery.live.data.status.reserve,
        enabled=True,
    ),
    _power(
        "battery_power",
        value_fn=lambda battery: battery.live.data.power.battery,
        enabled=True,
    ),
    # Without what the battery draws for itself (3.9.3)
    _power(
        "battery_charge_power",
        value_fn=lambda battery: battery.newest.derived.charge_power,
        enabled=True,
    ),
    _power(
        "battery_discharge_power",
        value_fn=lambda battery: battery.newest.derived.discharge_power,
        enabled=True,
    ),
    _power(
        "grid_power",
        value_fn=lambda battery: battery.live.data.power.grid,
        enabled=True,
    ),
    _power(
        "grid_import_power",
        value_fn=lambda battery: _positive(battery.live.data.power.grid),
        enabled=True,
    ),
    _power(
        "grid_export_power",
        value_fn=lambda battery: _positive(battery.live.data.power.grid, -1),
        enabled=True,
    ),
    _power(
        "solar_power",
        value_fn=lambda battery: battery.live.data.power.solar,
        enabled=True,
    ),
    _power(
        "load_power",
        value_fn=lambda battery: battery.live.data.power.load,
        enabled=True,
    ),
    _power(
        "consumption_average",
        value_fn=lambda battery: battery.live.data.status.consumption_average,
    ),
    measured(
        "grid_frequency",
        SensorDeviceClass.FREQUENCY,
        UnitOfFrequency.HERTZ,
        live,
        lambda battery: battery.live.data.status.frequency,
        digits=2,
        enabled=True,
    ),
    *(
        measured(
            key,
            SensorDeviceClass.VOLTAGE,
            UnitOfElectricPotential.VOLT,
            live,
            lambda battery, key=key: getattr(battery.live.data.status, key),  # type: ignore[misc]
            digits=1,
        )
        for key in ("ac_voltage", "battery_voltage")
    ),
    measured(
        "apparent_power",
        SensorDeviceClass.APPARENT_POWER,
        UnitOfApparentPower.VOLT_AMPERE,
        live,
        lambda battery: battery.live.data.status.apparent,
    ),
    *(
        measured(
            f"apparent_power_l{n}",
            SensorDeviceClass.APPARENT_POWER,
            UnitOfApparentPower.VOLT_AMPERE,
            live,
            lambda battery, n=n: nth(battery.live.data.status.apparent_phases, n - 1),  # type: ignore[misc]
        )
        for n in (1, 2, 3)
    ),
)

STATES = (
    told(
        "system_status",
        live,
        lambda battery: battery.live.data.system_status,
        options=SYSTEM_STATUSES,
        enabled=True,
        diagnostic=False,
    ),
    told(
        "operating_mode",
        live,
        lambda battery: mode_name(battery.live.data.status.mode),
        options=list(MODES.values()),
        enabled=True,
        diagnostic=False,
    ),
    told(
        "status_timestamp",
        live,
        _clock,
        device_class=SensorDeviceClass.TIMESTAMP,
    ),
    BatterySensorDescription(
        key="last_reported",
        translation_key="last_reported",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        source=live,
        value_fn=lambda battery: minute(battery.live.observed_at),
        shown_when_stale=True,
    ),
    measured(
        "api_latency",
        SensorDeviceClass.DURATION,
        UnitOfTime.MILLISECONDS,
        live,
        lambda battery: battery.latency,
        exists_fn=lambda _: True,
    ),
    BatterySensorDescription(
        key="requests_today",
        translation_key="requests_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        source=live,
        value_fn=lambda battery: battery.account.budget.requests_today,
        shown_when_stale=True,
    ),
    BatterySensorDescription(
        key="requests_left",
        translation_key="requests_left",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        source=live,
        value_fn=lambda battery: battery.account.budget.left,
        shown_when_stale=True,
    ),
)


def _energy(
    key: str, flow: str, value_fn: str, *, enabled: bool = True
) -> BatterySensorDescription:
    return BatterySensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=3,
        entity_registry_enabled_default=enabled,
        source=live,
        value_fn=lambda battery: getattr(battery.energies, value_fn)(flow),
    )


ENERGY = (
    *(_energy(f"{flow}_energy_total", flow, "total") for flow in FLOWS),
    *(_energy(f"{flow}_energy_today", flow, "today") for flow in FLOWS),
)

LIVE = (*POWER, *STATES, *ENERGY)
