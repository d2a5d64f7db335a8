"""Numbers of local settings (reference section 9.4)."""

import math
from typing import override

from homeassistant.components.number import (
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .const import DOMAIN
from .descriptions_site import PRICE_UNIT
from .setting_entity import SettingEntity, each
from .settings import (
    CHARGE_MAX,
    CONFIRMATION_TIMEOUT,
    CONFIRMATION_TIMEOUT_MAX,
    DAILY_SUPPLY_CHARGE,
    FORECAST_HOURS,
    FORECAST_HOURS_MAX,
    MONTHLY_SUBSCRIPTION,
    SURCHARGE,
    SURCHARGE_MAX,
)
from .site import AmberConfigEntry, AmberSite

PARALLEL_UPDATES = 0


def _number(
    key: str, low: float, high: float, step: float, unit: str
) -> NumberEntityDescription:
    return NumberEntityDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        native_min_value=low,
        native_max_value=high,
        native_step=step,
        native_unit_of_measurement=unit,
        mode=NumberMode.BOX,
    )


NUMBERS = (
    _number(CONFIRMATION_TIMEOUT, 0, CONFIRMATION_TIMEOUT_MAX, 5, UnitOfTime.SECONDS),
    _number(SURCHARGE, 0, SURCHARGE_MAX, 0.01, PRICE_UNIT),
    _number(FORECAST_HOURS, 1, FORECAST_HOURS_MAX, 1, UnitOfTime.HOURS),
    _number(DAILY_SUPPLY_CHARGE, 0, CHARGE_MAX, 0.0001, "AUD"),
    _number(MONTHLY_SUBSCRIPTION, 0, CHARGE_MAX, 0.01, "AUD"),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmberConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(site: AmberSite) -> list[Candidate]:
    return each(site, SettingNumber, NUMBERS)


class SettingNumber(SettingEntity, NumberEntity):
    """A setting that is a number."""

    @property
    @override
    def native_value(self) -> float:
        return float(self.setting)

    @override
    async def async_set_native_value(self, value: float) -> None:
        if not math.isfinite(value):  # a NaN is neither too small nor too large
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_finite_number",
                translation_placeholders={"value": str(value)},
            )
        # Seconds and hours are whole ones, whatever the service was called with.
        whole = isinstance(self.setting, int)
        await self._set(round(value) if whole else round(value, 6))
