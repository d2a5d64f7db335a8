"""Every sensor of the integration (reference alphaess.md section 9), as tables.

Keys are the unique ids' suffixes and never change. Where the bundle has a word for
a reading, it wins over the reference's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfEnergy,
    UnitOfMass,
    UnitOfPower,
    UnitOfRatio,
)
from homeassistant.helpers.typing import StateType

from ._vendor.core.ha.account import Account
from ._vendor.core.ha.entity import minute
from .api.models import ChargerStatus
from .api.schedules import Window
from .coordinator import AlphaEssSystem
from .driver import ChargerState, ScheduleMode
from .entity import Source, SystemDescription

type Value = StateType | datetime


@dataclass(frozen=True, kw_only=True)
class SystemSensorDescription(SystemDescription, SensorEntityDescription):
    """A sensor of a system."""

    value_fn: Callable[[AlphaEssSystem], Value]
    unit_fn: Callable[[AlphaEssSystem, str], str] | None = None
    last_reset_fn: Callable[[AlphaEssSystem], datetime] | None = None
    shown_when_stale: bool = False


@dataclass(frozen=True, kw_only=True)
class ChargerSensorDescription(SensorEntityDescription):
    """A sensor of an EV charger's own state."""

    value_fn: Callable[[ChargerState], StateType]


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """A sensor of the account."""

    value_fn: Callable[[Account], StateType]


def _battery(system: AlphaEssSystem) -> bool:
    return system.site.has_battery


def _nth(values: tuple[float | None, ...], index: int) -> float | None:
    return values[index] if index < len(values) else None


def _positive(value: float | None, sign: int = 1) -> float | None:
    return max(0.0, sign * value) if value is not None else None  # never -0.0


def _power(
    key: str,
    value_fn: Callable[[AlphaEssSystem], Value],
    exists_fn: Callable[[AlphaEssSystem], bool] = lambda _: True,
    *,
    enabled: bool = True,
) -> SystemSensorDescription:
    return SystemSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        entity_registry_enabled_default=enabled,
        source=lambda system: system.live,
        value_fn=value_fn,
        exists_fn=exists_fn,
    )


POWER = (
    SystemSensorDescription(
        key="battery_soc",
        translation_key="battery_soc",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        source=lambda system: system.live,
        value_fn=lambda system: system.live.data.soc,
        exists_fn=_battery,
    ),
    _power("battery_power", lambda system: system.live.data.battery, _battery),
    _power(
        "battery_charge_power",
        lambda system: _positive(system.live.data.battery, -1),
        _battery,
        enabled=False,
    ),
    _power(
        "battery_discharge_power",
        lambda system: _positive(system.live.data.battery),
        _battery,
        enabled=False,
    ),
    _power("grid_power", lambda system: system.live.data.grid),
    _power(
        "grid_import_power",
        lambda system: _positive(system.live.data.grid),
        enabled=False,
    ),
    _power(
        "grid_export_power",
        lambda system: _positive(system.live.data.grid, -1),
        enabled=False,
    ),
    *(
        _power(
            f"grid_power_l{n}",
            lambda system, n=n: _nth(system.live.data.grid_phases, n - 1),  # type: ignore[misc]
            lambda system: system.has_phases,
        )
        for n in (1, 2, 3)
    ),
    _power("solar_power", lambda system: system.live.data.solar),
    *(
        _power(
            f"solar_power_{n}",
            lambda system, n=n: _nth(system.live.data.solar_strings, n - 1),  # type: ignore[misc]
            lambda system, n=n: system.has_string(n),  # type: ignore[misc]
        )
        for n in (1, 2, 3, 4)
    ),
    _power(
        "solar_meter_power",
        lambda system: system.live.data.solar_external,
        enabled=False,
    ),
    _power("load_power", lambda system: system.live.data.load),
    *(
        _power(
            f"inverter_power_l{n}",
            lambda system, n=n: _nth(system.live.data.inverter_phases, n - 1),  # type: ignore[misc]
            lambda system, n=n: n == 1 or system.has_phases,  # type: ignore[misc]
            enabled=False,
        )
        for n in (1, 2, 3)
    ),
    _power(
        "ev_power",
        lambda system: system.live.data.ev,
        lambda system: system.has_chargers,
    ),
    SystemSensorDescription(
        key="battery_energy",
        translation_key="battery_energy",
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        entity_registry_enabled_default=False,
        source=lambda system: system.live,
        value_fn=lambda system: (
            round(system.site.battery_capacity * system.live.data.soc / 100, 3)
            if system.site.battery_capacity and system.live.data.soc is not None
            else None
        ),
        exists_fn=_battery,
    ),
    SystemSensorDescription(
        key="last_reported",
        translation_key="last_reported",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        source=lambda system: system.live,
        value_fn=lambda system: minute(system.live.observed_at),
        shown_when_stale=True,
    ),
)


def _energy(
    key: str,
    value_fn: Callable[[AlphaEssSystem], Value],
    exists_fn: Callable[[AlphaEssSystem], bool] = lambda _: True,
    *,
    source: Source = lambda system: system.energy,
    enabled: bool = True,
) -> SystemSensorDescription:
    return SystemSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        entity_registry_enabled_default=enabled,
        source=source,
        value_fn=value_fn,
        exists_fn=exists_fn,
    )


ENERGY = (
    _energy("solar_energy_today", lambda system: system.energy.data.solar),
    _energy("import_energy_today", lambda system: system.energy.data.imported),
    _energy("export_energy_today", lambda system: system.energy.data.exported),
    _energy(
        "battery_charge_energy_today",
        lambda system: system.energy.data.charged,
        _battery,
    ),
    _energy(
        "battery_discharge_energy_today",
        lambda system: system.energy.data.discharged,
        _battery,
    ),
    _energy(
        "battery_grid_charge_energy_today",
        lambda system: system.energy.data.charged_from_grid,
        _battery,
    ),
    _energy(
        "ev_energy_today",
        lambda system: system.energy.data.ev,
        lambda system: system.has_chargers,
    ),
    # The vendor's own load energy where it has one, else the balance of the others
    _energy(
        "load_energy_today",
        lambda system: system.summary.data.load_today,
        lambda system: system.has_load_energy is True,
        source=lambda system: system.summary,
    ),
    _energy(
        "load_energy_today",
        lambda system: system.energy.data.load,
        lambda system: system.has_load_energy is False,
    ),
    _energy(
        "solar_to_battery_energy_today",
        lambda system: system.energy.data.solar_to_battery,
        _battery,
        enabled=False,
    ),
    _energy(
        "solar_to_load_energy_today",
        lambda system: system.energy.data.solar_to_load,
        enabled=False,
    ),
    _energy(
        "grid_to_load_energy_today",
        lambda system: system.energy.data.grid_to_load,
        enabled=False,
    ),
    _energy(
        "solar_energy_total",
        lambda system: system.summary.data.solar_total,
        lambda system: system.summary.data.solar_total is not None,
        source=lambda system: system.summary,
    ),
)

SUMMARY = (
    SystemSensorDescription(
        key="income_today",
        translation_key="income_today",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        source=lambda system: system.summary,
        value_fn=lambda system: system.summary.data.income_today,
        unit_fn=lambda system, home: system.summary.data.currency or home,
        last_reset_fn=lambda system: datetime.combine(
            system.summary.data.day, time.min, system.zone
        ),
        exists_fn=lambda system: system.seen(
            "income_today", system.summary.data.income_today is not None
        ),
    ),
    SystemSensorDescription(
        key="income_total",
        translation_key="income_total",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        source=lambda system: system.summary,
        value_fn=lambda system: system.summary.data.income_total,
        unit_fn=lambda system, home: system.summary.data.currency or home,
        exists_fn=lambda system: system.seen(
            "income_total", system.summary.data.income_total is not None
        ),
    ),
    *(
        SystemSensorDescription(
            key=key,
            translation_key=key,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
            suggested_display_precision=0,
            source=lambda system: system.summary,
            value_fn=lambda system, key=key: getattr(system.summary.data, key),  # type: ignore[misc]
            exists_fn=lambda system, key=key: system.seen(  # type: ignore[misc]
                key, getattr(system.summary.data, key) is not None
            ),
        )
        for key in ("self_consumption", "self_sufficiency")
    ),
    SystemSensorDescription(
        key="co2_reduction",
        translation_key="co2_reduction",
        device_class=SensorDeviceClass.WEIGHT,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfMass.KILOGRAMS,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        source=lambda system: system.summary,
        value_fn=lambda system: system.summary.data.co2_avoided,
    ),
    SystemSensorDescription(
        key="trees_planted",
        translation_key="trees_planted",
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        source=lambda system: system.summary,
        value_fn=lambda system: system.summary.data.trees,
    ),
)


def _site(
    key: str,
    value_fn: Callable[[AlphaEssSystem], Value],
    exists_fn: Callable[[AlphaEssSystem], bool] = lambda _: True,
    *,
    device_class: SensorDeviceClass | None = None,
    unit: str | None = None,
    measured: bool = False,
    enabled: bool = False,
) -> SystemSensorDescription:
    return SystemSensorDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        state_class=SensorStateClass.MEASUREMENT if measured else None,
        native_unit_of_measurement=unit,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=enabled,
        source=lambda system: system.sites,
        value_fn=value_fn,
        exists_fn=exists_fn,
    )


SITE = (
    _site("ems_status", lambda system: system.site.status, enabled=True),
    _site(
        "inverter_nominal_power",
        lambda system: system.site.inverter_power,
        device_class=SensorDeviceClass.POWER,
        unit=UnitOfPower.WATT,
    ),
    _site(
        "solar_nominal_power",
        lambda system: system.site.solar_peak_power,
        device_class=SensorDeviceClass.POWER,
        unit=UnitOfPower.WATT,
    ),
    _site(
        "battery_capacity",
        lambda system: system.site.battery_capacity,
        _battery,
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        measured=True,
        enabled=True,
    ),
    _site(
        "battery_usable_capacity",
        lambda system: system.site.battery_usable_capacity,
        _battery,
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        measured=True,
    ),
    _site(
        "battery_usable_share",
        lambda system: system.site.battery_usable_share,
        _battery,
        unit=UnitOfRatio.PERCENTAGE,
        measured=True,
    ),
    _site("battery_model", lambda system: system.site.battery_model, _battery),
)


def _window(windows: tuple[Window, ...] | None, index: int) -> str | None:
    """Return a window as ``01:00 - 05:00``, ``off``, or None if nobody knows."""
    if windows is None:
        return None
    if index >= len(windows) or (window := windows[index]).active is False:
        return "off"
    return f"{window.start:%H:%M} - {window.end:%H:%M}" if window.active else None


SETTINGS = (
    SystemSensorDescription(
        key="schedule_mode",
        translation_key="schedule_mode",
        device_class=SensorDeviceClass.ENUM,
        options=[mode.value for mode in ScheduleMode],
        entity_category=EntityCategory.DIAGNOSTIC,
        source=lambda system: system.settings,
        value_fn=lambda system: system.settings.data.mode,
        exists_fn=_battery,
    ),
    *(
        SystemSensorDescription(
            key=f"{side}_window_{n}",
            translation_key=f"{side}_window_{n}",
            entity_category=EntityCategory.DIAGNOSTIC,
            entity_registry_enabled_default=False,
            source=lambda system: system.settings,
            value_fn=lambda system, side=side, n=n: _window(  # type: ignore[misc]
                getattr(system.settings.data, f"{side}_windows"), n - 1
            ),
            exists_fn=_battery,
        )
        for side in ("charge", "discharge")
        for n in (1, 2)
    ),
)

SYSTEM = (*POWER, *ENERGY, *SUMMARY, *SITE, *SETTINGS)

CHARGER_STATUS = ChargerSensorDescription(
    key="ev_status",
    translation_key="ev_status",
    device_class=SensorDeviceClass.ENUM,
    options=[status.value for status in ChargerStatus],
    value_fn=lambda state: state.status,
)
CHARGER_POWER = SensorEntityDescription(
    key="ev_charging_power",
    translation_key="ev_charging_power",
    device_class=SensorDeviceClass.POWER,
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement=UnitOfPower.WATT,
    suggested_display_precision=0,
)

ACCOUNT = (
    AccountSensorDescription(
        key="requests_today",
        translation_key="requests_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda account: account.budget.requests_today,
    ),
    AccountSensorDescription(
        key="requests_left",
        translation_key="requests_left",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda account: account.budget.left,
    ),
)
