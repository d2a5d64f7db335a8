"""Sensors of the request limits as the server tells them (reference section 5.1).

They are unknown before the first answer of their group of endpoints.
"""

from collections.abc import Callable

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.util import dt as dt_util

from .api.ratelimits import GROUPS, RateLimit
from .descriptions_site import SiteSensorDescription
from .site import AmberSite


def _told(
    key: str,
    find: Callable[[AmberSite], RateLimit | None],
    field: Callable[[RateLimit], object],
    *,
    unit: str | None = None,
    device_class: SensorDeviceClass | None = None,
) -> SiteSensorDescription:
    def value(site: AmberSite) -> object:
        told = find(site)
        return None if told is None else field(told)

    return SiteSensorDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        native_unit_of_measurement=unit,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        always=True,
        value_fn=value,
    )


def _group(group: str) -> tuple[SiteSensorDescription, ...]:
    key = f"rate_limit_{group}"

    def find(site: AmberSite) -> RateLimit | None:
        return site.limits.get(group)

    return (
        _told(f"{key}_limit", find, lambda told: told.limit, unit="requests"),
        _told(f"{key}_remaining", find, lambda told: told.remaining, unit="requests"),
        _told(
            f"{key}_reset",
            find,
            lambda told: told.reset_at,
            device_class=SensorDeviceClass.TIMESTAMP,
        ),
        _told(
            f"{key}_window",
            find,
            lambda told: told.window,
            unit=UnitOfTime.SECONDS,
            device_class=SensorDeviceClass.DURATION,
        ),
        _told(f"{key}_policy", find, lambda told: told.policy),
        _told(
            f"{key}_answered",
            find,
            lambda told: told.answered_at,
            device_class=SensorDeviceClass.TIMESTAMP,
        ),
    )


def _tightest(site: AmberSite) -> RateLimit | None:
    return site.limits.tightest(dt_util.utcnow())


LIMITS = (
    _told(
        "rate_limit_remaining", _tightest, lambda told: told.remaining, unit="requests"
    ),
    _told(
        "rate_limit_reset",
        _tightest,
        lambda told: told.reset_at,
        device_class=SensorDeviceClass.TIMESTAMP,
    ),
    *(description for group in GROUPS for description in _group(group)),
)
