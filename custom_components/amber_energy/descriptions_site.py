"""Sensors of what holds for the whole site (reference section 9.1)."""

from collections.abc import Callable
from dataclasses import dataclass

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfRatio

from .driver import Interval, SpikeStatus, TariffPeriod, TariffSeason
from .entity import SiteDescription, seen
from .look import forecasts, shown
from .site import AmberSite

# Wholesale and retail prices alike; ready for the energy dashboard, which wants "/kWh"
PRICE_UNIT = "AUD/kWh"
PRICE_DIGITS = 4

SPIKE_STATUSES = [str(item) for item in SpikeStatus]
TARIFF_PERIODS = [str(item) for item in TariffPeriod]
TARIFF_SEASONS = [str(item) for item in TariffSeason]


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(SiteDescription, SensorEntityDescription):
    """A sensor of a site."""


def _renewables(site: AmberSite) -> float | None:
    now = shown(site)
    # Above 100 is normal, so nothing is clamped (quirk 7)
    return None if now is None or now.renewables is None else round(now.renewables, 1)


def _tariff(
    key: str, field: Callable[[Interval], object], options: list[str] | None
) -> SiteSensorDescription:
    """Describe a part of the tariff, which not every tariff has (quirk 9)."""

    def value(site: AmberSite) -> object:
        now = shown(site)
        return None if now is None else field(now.interval)

    def exists(site: AmberSite) -> bool:
        return seen(
            site,
            key,
            lambda: (
                value(site) is not None
                or any(field(item) is not None for item in forecasts(site))
            ),
        )

    return SiteSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENUM if options else None,
        options=options,
        entity_registry_enabled_default=key == "tariff_period",
        exists_fn=exists,
        value_fn=value,
    )


SITE = (
    SiteSensorDescription(
        key="spot_price",
        translation_key="spot_price",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PRICE_UNIT,
        suggested_display_precision=PRICE_DIGITS,
        value_fn=lambda site: now.spot if (now := shown(site)) else None,
    ),
    SiteSensorDescription(
        key="renewables",
        translation_key="renewables",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=1,
        value_fn=_renewables,
    ),
    _tariff("tariff_period", lambda interval: interval.tariff_period, TARIFF_PERIODS),
    _tariff("tariff_season", lambda interval: interval.tariff_season, TARIFF_SEASONS),
    _tariff("tariff_block", lambda interval: interval.tariff_block, None),
    SiteSensorDescription(
        key="spike_status",
        translation_key="spike_status",
        device_class=SensorDeviceClass.ENUM,
        options=SPIKE_STATUSES,
        entity_registry_enabled_default=False,
        value_fn=lambda site: now.spike_status if (now := shown(site)) else None,
    ),
    SiteSensorDescription(
        key="interval_end",
        translation_key="interval_end",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value_fn=lambda site: now.interval.end if (now := shown(site)) else None,
    ),
)
