"""Sensors of how the integration fares (reference section 9.3)."""

from collections.abc import Callable

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import EntityCategory, UnitOfTime

from .descriptions_site import SiteSensorDescription
from .entity import Attributes
from .site import AmberSite

API_STATUSES = ["ok", "rate_limited", "auth_error", "server_error", "no_data"]
DATA_SOURCES = ["polling", "websocket"]


def _site_attributes(site: AmberSite) -> Attributes:
    if (listed := site.site) is None:
        return {}
    return {
        "status": None if listed.status is None else str(listed.status),
        "interval_length": listed.interval_length,
        # Without the registers' names, which belong to the meter's number
        "channels": [
            {"channel_type": item.channel.wire, "tariff": item.tariff}
            for item in listed.channels
        ],
    }


def _delay(site: AmberSite) -> float | None:
    delay = site.prices.confirmation_delay
    return None if delay is None else round(delay, 1)


def _diagnostic(
    key: str,
    value_fn: Callable[[AmberSite], object],
    *,
    device_class: SensorDeviceClass | None = None,
    state_class: SensorStateClass | None = None,
    unit: str | None = None,
    digits: int | None = None,
    options: list[str] | None = None,
    enabled: bool = False,
    attributes_fn: Callable[[AmberSite], Attributes] | None = None,
) -> SiteSensorDescription:
    return SiteSensorDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        state_class=state_class,
        native_unit_of_measurement=unit,
        suggested_display_precision=digits,
        options=options,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=enabled,
        always=True,
        value_fn=value_fn,
        attributes_fn=attributes_fn,
    )


DIAGNOSTIC = (
    _diagnostic(
        "site",
        lambda site: site.site.network if site.site else None,
        attributes_fn=_site_attributes,
    ),
    _diagnostic(
        "api_status",
        lambda site: site.prices.status,
        device_class=SensorDeviceClass.ENUM,
        options=API_STATUSES,
        enabled=True,
    ),
    _diagnostic(
        "last_confirmed_price",
        lambda site: site.prices.last_confirmed,
        device_class=SensorDeviceClass.TIMESTAMP,
        enabled=True,
    ),
    _diagnostic(
        "confirmation_delay",
        _delay,
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        unit=UnitOfTime.SECONDS,
        digits=1,
    ),
    _diagnostic(
        "polls_last_interval",
        lambda site: site.prices.polls_last_interval,
        state_class=SensorStateClass.MEASUREMENT,
        unit="requests",
    ),
    _diagnostic(
        "next_poll",
        lambda site: site.prices.next_poll,
        device_class=SensorDeviceClass.TIMESTAMP,
    ),
    _diagnostic(
        "forecast_horizon",
        lambda site: site.prices.forecast_horizon,
        device_class=SensorDeviceClass.TIMESTAMP,
    ),
    _diagnostic(
        "data_source",
        lambda site: site.prices.data_source,
        device_class=SensorDeviceClass.ENUM,
        options=DATA_SOURCES,
    ),
)
