"""Sensors of what follows from several documents (reference sections 9.3 and 3.9)."""

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import UnitOfEnergy, UnitOfRatio, UnitOfTime

from .activity import Activity
from .coordinator import SonnenBattery
from .describe import (
    BatterySensorDescription,
    ExistsFn,
    Value,
    detail,
    live,
    measured,
    told,
)

_KILO = 1000.0
_MINUTE = 60


def _capacity(
    key: str,
    field: str | None = None,
    *,
    enabled: bool = False,
    diagnostic: bool = False,
    exists_fn: ExistsFn | None = None,
) -> BatterySensorDescription:
    return measured(
        key,
        SensorDeviceClass.ENERGY_STORAGE,
        UnitOfEnergy.WATT_HOUR,
        live,
        lambda battery: getattr(battery.newest.derived.capacity, field or key),
        digits=1,
        enabled=enabled,
        diagnostic=diagnostic,
        exists_fn=exists_fn,
    )


def _full_capacity(battery: SonnenBattery) -> Value:
    full = battery.newest.derived.capacity.full
    return full / _KILO if full is not None else None


def _has_times(battery: SonnenBattery) -> bool:
    """Whether there is what the times are made of; they come and go themselves."""
    return battery.seen(
        "times", lambda: battery.newest.derived.capacity.usable is not None
    )


def _has_reserve(battery: SonnenBattery) -> bool:
    return battery.seen(
        "reserve", lambda: battery.newest.derived.capacity.reserve is not None
    )


CAPACITIES = (
    measured(
        "battery_capacity",
        SensorDeviceClass.ENERGY_STORAGE,
        UnitOfEnergy.KILO_WATT_HOUR,
        live,
        _full_capacity,
        digits=2,
        enabled=True,
    ),
    _capacity("usable_capacity", "usable", enabled=True),
    _capacity("remaining_capacity", "remaining"),
    _capacity("installed_capacity", "installed", enabled=True, diagnostic=True),
    _capacity("used_capacity", "used"),
    _capacity("unusable_capacity", "unusable", diagnostic=True),
    _capacity("reserve_capacity", "reserve", enabled=True),
    _capacity(
        "capacity_until_reserve", "until_reserve", enabled=True, exists_fn=_has_reserve
    ),
    _capacity("capacity_to_reserve", "to_reserve", exists_fn=_has_reserve),
    measured(
        "depth_of_discharge_limit",
        None,
        UnitOfRatio.PERCENTAGE,
        live,
        lambda battery: battery.newest.derived.capacity.hidden_share,
        digits=1,
        exists_fn=lambda battery: battery.battery.known,
    ),
    measured(
        "state_of_health",
        None,
        UnitOfRatio.PERCENTAGE,
        live,
        lambda battery: battery.newest.derived.capacity.health,
        digits=1,
        enabled=True,
    ),
)


def _duration(
    key: str, field: str, exists_fn: ExistsFn = _has_times
) -> BatterySensorDescription:
    def whole_minutes(battery: SonnenBattery) -> Value:
        # Each second that is shown is a row in the recorder.
        seconds = getattr(battery.newest.derived, field)
        return None if seconds is None else round(seconds / _MINUTE) * _MINUTE

    return BatterySensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        source=live,
        value_fn=whole_minutes,
        exists_fn=exists_fn,
    )


def _moment(
    key: str, field: str, exists_fn: ExistsFn | None = _has_times
) -> BatterySensorDescription:
    return told(
        key,
        live,
        lambda battery: battery.newest.moment(field),
        device_class=SensorDeviceClass.TIMESTAMP,
        enabled=True,
        diagnostic=False,
        exists_fn=exists_fn,
    )


def _since_full(battery: SonnenBattery) -> Value:
    seconds = battery.detail.data.values.seconds_since_full
    return None if seconds is None else round(seconds / _MINUTE) * _MINUTE


TIMES = (
    _duration("time_to_reserve", "seconds_to_reserve", _has_reserve),
    _moment("reserve_at", "reserve_at", _has_reserve),
    _duration("time_to_fully_charged", "seconds_to_full"),
    _moment("fully_charged_at", "full_at"),
    _duration("time_until_fully_discharged", "seconds_to_empty"),
    _moment("fully_discharged_at", "empty_at"),
    BatterySensorDescription(
        key="time_since_full",
        translation_key="time_since_full",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        source=detail,
        value_fn=_since_full,
    ),
    _moment("last_time_full", "last_full", None),
)

ACTIVITY = told(
    "activity_state",
    live,
    lambda battery: battery.newest.derived.activity,
    options=[str(activity) for activity in Activity],
    enabled=True,
    diagnostic=False,
)

DERIVED = (*CAPACITIES, *TIMES, ACTIVITY)
