"""What the price sensors say in attributes (reference section 9.5)."""

from collections.abc import Hashable
from datetime import datetime
from typing import Any

from homeassistant.util import dt as dt_util

from .driver import Channel, ChannelPrices, Interval
from .entity import Attributes
from .forecasts import as_objects, compact, known, plain, rates
from .look import forecasts, price_of, shown
from .site import AmberSite

# Longer than the recorder takes; what they say is of no use later either
UNRECORDED = frozenset({"forecast", "forecasts", "raw_today", "raw_tomorrow"})

# Prices hold until the next one: a line between them would be wrong
_STEPS = {"interpolation_mode": "previous"}


def price_attributes(site: AmberSite, channel: Channel) -> Attributes:
    """Describe the price that is shown, with the keys of Home Assistant's own one."""
    if (now := shown(site, channel)) is None:
        return {}
    (described,) = as_objects([now.interval])
    return described | {
        "per_kwh": now.price,
        "spot_per_kwh": now.spot,
        "renewables": None if now.renewables is None else round(now.renewables),
        "spike_status": plain(now.spike_status),
        "descriptor": plain(now.descriptor),
        "estimate": now.estimate,
        "held": now.held,
        "price_source": str(now.source),
        "channel_type": channel.wire,
    }


def forecast_basis(site: AmberSite, channel: Channel) -> Hashable:
    """Return all that the lists of a forecast follow from, to see a change cheaply.

    Of what runs that is the price, and nothing of what is over: an interval that has
    begun and has the price that was forecast is no news.
    """
    settings, coming, now = site.settings, forecasts(site, channel), dt_util.utcnow()
    return (
        coming,
        tuple(
            _told(site, item)
            for item in known(_prices(site, channel))
            if item.end > now and not (coming and item.start >= coming[0].start)
        ),
        settings.forecast_hours,
        settings.pricing_mode,
        settings.surcharge,
        str(dt_util.get_default_time_zone()),
    )


def rates_basis(site: AmberSite, channel: Channel) -> Hashable:
    """Return all that the lists of rates follow from.

    An interval that is over, or confirmed, with the price that it had, is no news.
    """
    prices = _prices(site, channel)
    return (
        tuple(_told(site, item) for item in (*prices.past, *known(prices))),
        dt_util.now().date(),
        str(dt_util.get_default_time_zone()),
    )


def _told(site: AmberSite, interval: Interval) -> tuple[datetime, datetime, Any]:
    return interval.start, interval.end, price_of(site, interval)


def forecast_attributes(site: AmberSite, channel: Channel) -> Attributes:
    """Return the forecast as the lists that optimisers and cards read.

    ``forecasts`` has the market's price whatever the pricing mode, as its readers
    expect, and the advanced one beside it.
    """
    settings = site.settings
    return {
        "channel_type": channel.wire,
        **_STEPS,
        "forecasts": as_objects(
            forecasts(site, channel, settings.forecast_hours),
            surcharge=settings.surcharge,
        ),
        "forecast": compact(
            _prices(site, channel),
            dt_util.utcnow(),
            dt_util.get_default_time_zone(),
            mode=settings.pricing_mode,
            hours=settings.forecast_hours,
            surcharge=settings.surcharge,
        ),
    }


def rates_attributes(site: AmberSite, channel: Channel) -> Attributes:
    """Return the prices of today and tomorrow as Predbat reads them."""
    settings = site.settings
    found = rates(
        _prices(site, channel),
        dt_util.utcnow(),
        dt_util.get_default_time_zone(),
        mode=settings.pricing_mode,
        surcharge=settings.surcharge,
    )
    return {
        "channel_type": channel.wire,
        "raw_today": found.today,
        "raw_tomorrow": found.tomorrow,
    }


def _prices(site: AmberSite, channel: Channel) -> ChannelPrices:
    channels: Any = site.prices.data.channels if site.prices.known else {}
    return channels.get(channel) or ChannelPrices()
