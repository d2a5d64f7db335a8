"""Sensors of metered usage and its cost (reference section 9.2).

They have no state class: their history is the statistics that the import writes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.components.sensor import SensorDeviceClass, SensorEntityDescription
from homeassistant.const import EntityCategory, UnitOfEnergy, UnitOfTime

from .driver import Channel
from .entity import SiteDescription
from .site import AmberSite
from .usage.state import STATUSES, RegisterTotal
from .usage.targets import CURRENCY, PRICE_UNIT
from .usage.totals import Cycle, average_price, cycle

_MONEY_DIGITS, _ENERGY_DIGITS, _PRICE_DIGITS = 2, 3, 4
_IMPORTS = frozenset({Channel.GENERAL, Channel.CONTROLLED_LOAD})


@dataclass(frozen=True, kw_only=True)
class UsageDescription(SiteDescription, SensorEntityDescription):
    """A sensor of a site's usage; it is always shown, as a day stays what it was."""

    always: bool = True


@dataclass(frozen=True, kw_only=True)
class RegisterDescription(SensorEntityDescription):
    """A sensor of a register's last day; the key gets the register's prefix."""

    channels: Collection[Channel]
    value_fn: Callable[[RegisterTotal], float]


REGISTER = (
    RegisterDescription(
        key="energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=_ENERGY_DIGITS,
        channels=frozenset(Channel),
        value_fn=lambda register: register.kwh,
    ),
    RegisterDescription(
        key="cost",
        device_class=SensorDeviceClass.MONETARY,
        native_unit_of_measurement=CURRENCY,
        suggested_display_precision=_MONEY_DIGITS,
        channels=_IMPORTS,
        value_fn=lambda register: register.cost,
    ),
    RegisterDescription(
        key="compensation",
        device_class=SensorDeviceClass.MONETARY,
        native_unit_of_measurement=CURRENCY,
        suggested_display_precision=_MONEY_DIGITS,
        channels=frozenset({Channel.FEED_IN}),
        value_fn=lambda register: -register.cost + 0.0,
    ),
)


def last_day(site: AmberSite) -> Mapping[str, Any]:
    """Return of which day it is, and whether Amber may still correct it."""
    state = site.usage.data
    if state.last is None or state.last_day is None:
        return {}
    return {
        "date": state.last_day.isoformat(),
        "quality": "estimated" if state.last.estimated else "billable",
    }


def _cycle(site: AmberSite) -> Cycle:
    return cycle(
        site.usage.data, site.settings.billing_day, site.usage.today, site.site
    )


def _cycle_days(site: AmberSite) -> Mapping[str, Any]:
    """Return of which days it is, and how many of them are not known."""
    now = _cycle(site)
    return {
        "first_day": now.first.isoformat(),
        "last_day": now.until.isoformat() if now.until else None,
        "missing_days": now.missing,
    }


def _net_cost(site: AmberSite) -> float | None:
    last = site.usage.data.last
    return round(last.cost, 6) if last is not None else None


def _average(site: AmberSite) -> float | None:
    last = site.usage.data.last
    return average_price(last) if last is not None else None


def _bill(site: AmberSite) -> float | None:
    settings = site.settings
    return _cycle(site).bill(
        settings.daily_supply_charge, settings.monthly_subscription
    )


def _projected(site: AmberSite) -> float | None:
    settings = site.settings
    return _cycle(site).projected(
        settings.daily_supply_charge, settings.monthly_subscription
    )


def _has(*channels: Channel) -> Callable[[AmberSite], bool]:
    """Tell whether usage of one of the channels was ever seen."""

    def exists(site: AmberSite) -> bool:
        return not channels or any(
            channel in channels for channel in site.usage.register_channels().values()
        )

    return exists


def _money(
    key: str,
    value: Callable[[AmberSite], float | None],
    *channels: Channel,
    enabled: bool = False,
    attributes: Callable[[AmberSite], Mapping[str, Any]] = _cycle_days,
) -> UsageDescription:
    return UsageDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.MONETARY,
        native_unit_of_measurement=CURRENCY,
        suggested_display_precision=_MONEY_DIGITS,
        entity_registry_enabled_default=enabled,
        exists_fn=_has(*channels),
        value_fn=value,
        attributes_fn=attributes,
    )


USAGE_SENSORS = (
    _money("yesterday_net_cost", _net_cost, enabled=True, attributes=last_day),
    UsageDescription(
        key="yesterday_average_price",
        translation_key="yesterday_average_price",
        native_unit_of_measurement=PRICE_UNIT,
        suggested_display_precision=_PRICE_DIGITS,
        entity_registry_enabled_default=False,
        exists_fn=_has(Channel.GENERAL),
        value_fn=_average,
        attributes_fn=last_day,
    ),
    UsageDescription(
        key="month_to_date_energy",
        translation_key="month_to_date_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=_ENERGY_DIGITS,
        entity_registry_enabled_default=False,
        value_fn=lambda site: _cycle(site).energy,
        attributes_fn=_cycle_days,
    ),
    _money("month_to_date_cost", lambda site: _cycle(site).cost),
    _money(
        "month_to_date_compensation",
        lambda site: _cycle(site).compensation,
        Channel.FEED_IN,
    ),
    _money("bill_to_date", _bill),
    _money("bill_projected", _projected),
    UsageDescription(
        key="usage_last_day",
        translation_key="usage_last_day",
        device_class=SensorDeviceClass.DATE,
        value_fn=lambda site: site.usage.data.last_day,
    ),
    UsageDescription(
        key="usage_import_status",
        translation_key="usage_import_status",
        device_class=SensorDeviceClass.ENUM,
        options=list(STATUSES),
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda site: site.usage.status,
    ),
    UsageDescription(
        key="usage_days_behind",
        translation_key="usage_days_behind",
        native_unit_of_measurement=UnitOfTime.DAYS,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda site: site.usage.days_behind,
    ),
)
