"""Sensors that have a state's renewables polled while they are enabled."""

from collections.abc import Hashable
from functools import partial
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import BundleSensor, Candidate
from .const import DOMAIN
from .descriptions_renewables import (
    OF_OTHER_STATES,
    OF_THE_SITE,
    RENEWABLES_DESCRIPTORS,
    RenewablesDescription,
)
from .driver import RenewableInterval, Renewables
from .renewables import RenewablesCoordinator, forecast, running
from .site import AmberSite


def renewables_candidates(site: AmberSite) -> list[Candidate]:
    """Return the sensors of the site's state, and of those in the options."""
    wanted = [
        *((site.state, item) for item in OF_THE_SITE),
        *(
            (item.state, item)
            for item in OF_OTHER_STATES
            if item.state in site.settings.renewables_states
        ),
    ]
    return [
        (
            site.site_id,
            description.key,
            partial(RenewablesSensor, site, site.renewables[state], description),
        )
        for state, description in wanted
        if state is not None
    ]


@callback
def remove_unwanted(site: AmberSite) -> None:
    """Remove the sensors of states that the options do not name any more."""
    registry = er.async_get(site.hass)
    for description in OF_OTHER_STATES:
        if description.state not in site.settings.renewables_states:
            unique_id = f"{site.site_id}_{description.key}"
            entity_id = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
            if entity_id is not None:
                registry.async_remove(entity_id)


class RenewablesSensor(BundleSensor[Renewables]):
    """The share of renewables in a state's grid now, or the word for it."""

    _unrecorded_attributes = frozenset({"forecast"})

    def __init__(
        self,
        site: AmberSite,
        coordinator: BundleCoordinator[Renewables],
        description: RenewablesDescription,
    ) -> None:
        """Bind the description to the state's document."""
        super().__init__(coordinator, description, f"{site.site_id}_{description.key}")
        assert isinstance(coordinator, RenewablesCoordinator)
        self._begin = coordinator.begin
        self._attr_device_info = site.device_info

    @override
    async def async_added_to_hass(self) -> None:
        self._begin()
        await super().async_added_to_hass()

    @property
    def _running(self) -> RenewableInterval | None:
        return running(self.coordinator.data, dt_util.utcnow())

    @property
    def _is_word(self) -> bool:
        return self.options == RENEWABLES_DESCRIPTORS

    @property
    @override
    def native_value(self) -> float | str | None:
        if (now := self._running) is None:
            return None
        if self._is_word:
            return now.descriptor
        return None if now.share is None else round(now.share, 1)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        if not self._is_word:
            return None
        return {"forecast": forecast(self.coordinator.data, dt_util.utcnow())}

    @property
    @override
    def shown(self) -> Hashable:
        return (super().shown, repr(self.extra_state_attributes))
