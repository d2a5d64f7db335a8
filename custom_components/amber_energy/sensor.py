"""Sensors of a site."""

from collections.abc import Hashable
from functools import partial
from typing import Any, override

from homeassistant.components.sensor import SensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .attributes import (
    UNRECORDED,
    forecast_attributes,
    forecast_basis,
    rates_attributes,
    rates_basis,
)
from .descriptions_diagnostic import DIAGNOSTIC
from .descriptions_limits import LIMITS
from .descriptions_price import FORECASTS, PRICES, RATES, ForecastDescription
from .descriptions_site import SITE, SiteSensorDescription
from .entity import DescribedEntity
from .look import main_channel
from .renewables_sensor import remove_unwanted, renewables_candidates
from .site import AmberConfigEntry, AmberSite
from .usage_sensor import usage_candidates

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmberConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors with their data."""
    remove_unwanted(entry.runtime_data)
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(site: AmberSite) -> list[Candidate]:
    kinds: list[tuple[Any, tuple[SiteSensorDescription, ...]]] = [
        (SiteSensor, PRICES),
        (ForecastSensor, FORECASTS),
        (RatesSensor, RATES),
        (SiteSensor, SITE if main_channel(site) is not None else ()),
        (SiteSensor, DIAGNOSTIC),
        (LimitSensor, LIMITS),
    ]
    return [
        *(
            (site.site_id, description.key, partial(kind, site, description))
            for kind, descriptions in kinds
            for description in descriptions
            if description.exists(site)
        ),
        *renewables_candidates(site),
        *usage_candidates(site),
    ]


class SiteSensor(DescribedEntity, SensorEntity):
    """A reading of a site."""

    entity_description: SiteSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self.site)  # type: ignore[no-any-return]


class LimitSensor(SiteSensor):
    """A request limit; answers to other sites of the token change it too."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.site.limits.listen(self._changed))


class ForecastSensor(SiteSensor):
    """The price that comes next, with the whole forecast in attributes."""

    _unrecorded_attributes = UNRECORDED
    entity_description: ForecastDescription

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return dict(forecast_attributes(self.site, self.entity_description.channel))

    @property
    @override
    def shown(self) -> Hashable:
        # The lists are long: what they follow from is compared instead
        return (
            self.native_value,
            forecast_basis(self.site, self.entity_description.channel),
        )


class RatesSensor(ForecastSensor):
    """The price now, with those of today and tomorrow in attributes."""

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return dict(rates_attributes(self.site, self.entity_description.channel))

    @property
    @override
    def shown(self) -> Hashable:
        return (
            self.native_value,
            rates_basis(self.site, self.entity_description.channel),
        )
