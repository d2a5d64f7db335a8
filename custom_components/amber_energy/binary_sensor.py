"""Binary sensors of a site (reference section 9.1)."""

from dataclasses import dataclass
from functools import partial
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .descriptions_price import shown_price
from .driver import Channel, Interval, SpikeStatus
from .entity import Attributes, DescribedEntity, SiteDescription, seen
from .look import (
    forecasts,
    local_text,
    main_channel,
    price_of,
    shown,
    spikes,
)
from .site import AmberConfigEntry, AmberSite

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SiteBinarySensorDescription(SiteDescription, BinarySensorEntityDescription):
    """A yes or no of a site."""


def _spike(site: AmberSite) -> bool | None:
    status = now.spike_status if (now := shown(site)) else None
    return None if status is None else status == SpikeStatus.SPIKE


def _spike_attributes(site: AmberSite) -> Attributes:
    return {"spike_status": now.spike_status if (now := shown(site)) else None}


def expected_spikes(site: AmberSite) -> list[Interval]:
    """Return the forecasts within the hours of the options that may be spikes."""
    return spikes(forecasts(site, None, site.settings.spike_hours))


def _spike_forecast(site: AmberSite) -> bool | None:
    if not forecasts(site, None, site.settings.spike_hours):
        return None
    return bool(expected_spikes(site))


def _spike_forecast_attributes(site: AmberSite) -> Attributes:
    expected = expected_spikes(site)
    prices = [price for item in expected if (price := price_of(site, item)) is not None]
    return {
        "start_time": local_text(expected[0].start) if expected else None,
        "max_price": max(prices, default=None),
    }


def _in_demand_window(site: AmberSite) -> bool | None:
    return now.interval.demand_window if (now := shown(site)) else None


def _has_demand_windows(site: AmberSite) -> bool:
    return seen(
        site,
        "demand_window",
        lambda: (
            _in_demand_window(site) is not None
            or any(item.demand_window is not None for item in forecasts(site))
        ),
    )


def _estimated(site: AmberSite) -> bool | None:
    return now.unconfirmed if (now := shown(site)) else None


def _estimated_attributes(site: AmberSite) -> Attributes:
    return {"held": now.held if (now := shown(site)) else None}


def _negative(site: AmberSite, channel: Channel) -> bool | None:
    price = shown_price(site, channel)
    return None if price is None else price < 0


SITE = (
    SiteBinarySensorDescription(
        key="price_spike",
        translation_key="price_spike",
        value_fn=_spike,
        attributes_fn=_spike_attributes,
    ),
    SiteBinarySensorDescription(
        key="spike_forecast",
        translation_key="spike_forecast",
        value_fn=_spike_forecast,
        attributes_fn=_spike_forecast_attributes,
    ),
    SiteBinarySensorDescription(
        key="demand_window",
        translation_key="demand_window",
        exists_fn=_has_demand_windows,
        value_fn=_in_demand_window,
    ),
    SiteBinarySensorDescription(
        key="price_estimated",
        translation_key="price_estimated",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_estimated,
        attributes_fn=_estimated_attributes,
    ),
    SiteBinarySensorDescription(
        key="negative_import_price",
        translation_key="negative_import_price",
        entity_registry_enabled_default=False,
        channel=Channel.GENERAL,
        value_fn=partial(_negative, channel=Channel.GENERAL),
    ),
    SiteBinarySensorDescription(
        key="negative_feed_in",
        translation_key="negative_feed_in",
        channel=Channel.FEED_IN,
        value_fn=partial(_negative, channel=Channel.FEED_IN),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmberConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(site: AmberSite) -> list[Candidate]:
    if main_channel(site) is None:
        return []
    return [
        (
            site.site_id,
            description.key,
            partial(SiteBinarySensor, site, description),
        )
        for description in SITE
        if description.exists(site)
    ]


class SiteBinarySensor(DescribedEntity, BinarySensorEntity):
    """A yes or no of a site."""

    entity_description: SiteBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.site)  # type: ignore[no-any-return]
