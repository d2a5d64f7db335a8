"""What a device, a datalogger and the account say of themselves in words and times."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfTime,
)
from homeassistant.helpers.typing import StateType

from ._vendor.core.ha.account import Account
from ._vendor.core.ha.entity import minute
from .describe import STRING, Lasting
from .device import Device, LoggerUnit
from .families import Family

type Value = StateType | datetime

PRIORITIES = ["load_first", "battery_first", "grid_first"]


@dataclass(frozen=True, kw_only=True)
class StateDescription(SensorEntityDescription):
    """A word or a time of a device; it exists as soon as there once was one."""

    value_fn: Callable[[Device], Value]
    attributes_fn: Callable[[Device], dict[str, Any]] | None = None
    lasting: Lasting = Lasting.LIVE
    disabled_for: frozenset[Family] = frozenset()

    @property
    def defaults(self) -> set[bool]:
        """Whether it is shown from the beginning, on all of its devices (docs)."""
        shown = {self.entity_registry_enabled_default}
        return shown | {False} if self.disabled_for else shown


@dataclass(frozen=True, kw_only=True)
class LoggerDescription(SensorEntityDescription):
    """A sensor of a datalogger."""

    value_fn: Callable[[LoggerUnit], Value]


@dataclass(frozen=True, kw_only=True)
class AccountDescription(SensorEntityDescription):
    """A sensor of the account."""

    value_fn: Callable[[Account], StateType]


def _get(device: Device, key: str) -> Value:
    return device.reading.get(key) if device.reading is not None else None


def _priority(device: Device) -> Value:
    value = _get(device, "priority_mode")
    return value if value in PRIORITIES else None


def _record_time(device: Device) -> datetime | None:
    return minute(device.reading.observed_at) if device.reading is not None else None


STATES = (
    StateDescription(
        key="status",
        translation_key="status",
        value_fn=lambda device: _get(device, "status"),
        attributes_fn=lambda device: {"code": _get(device, "status_code")},
    ),
    StateDescription(
        key="priority_mode",
        translation_key="priority_mode",
        device_class=SensorDeviceClass.ENUM,
        options=PRIORITIES,
        value_fn=_priority,
    ),
    StateDescription(
        key="last_update",
        translation_key="last_update",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_record_time,
        lasting=Lasting.TOTAL,
        disabled_for=STRING,
    ),
)

LOGGER = (
    LoggerDescription(
        key="wifi_signal",
        translation_key="wifi_signal",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda unit: (
            unit.wifi.data.dbm if unit.wifi is not None and unit.wifi.known else None
        ),
    ),
    LoggerDescription(
        key="upload_interval",
        translation_key="upload_interval",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda unit: (
            unit.info.interval.total_seconds() / 60
            if unit.info.interval is not None
            else None
        ),
    ),
)

ACCOUNT = (
    AccountDescription(
        key="requests_today",
        translation_key="requests_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda account: account.budget.requests_today,
    ),
    AccountDescription(
        key="requests_left",
        translation_key="requests_left",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda account: account.budget.left,
    ),
)
