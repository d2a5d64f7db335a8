"""What of a site's prices the entities look at.

What holds for the grid or the whole site (wholesale price, renewables, spikes, tariff)
is read from the general channel, as reference section 9.1 says; without one from the
site's first channel.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from homeassistant.util import dt as dt_util

from .driver import Channel, Interval, SpikeStatus
from .forecasts import charge
from .publish import Shown
from .site import AmberSite

_EXPECTED = (SpikeStatus.POTENTIAL, SpikeStatus.SPIKE)


def main_channel(site: AmberSite) -> Channel | None:
    """Return the channel that stands for the site; None before any is known."""
    if Channel.GENERAL in site.channels:
        return Channel.GENERAL
    return next(iter(site.channels), None)


def shown(site: AmberSite, channel: Channel | None = None) -> Shown | None:
    """Return what is shown of a channel, or of the one that stands for the site."""
    if channel is None:
        channel = main_channel(site)
    return None if channel is None else site.prices.shown.get(channel)


def fresh(site: AmberSite, channel: Channel | None = None) -> bool:
    """Whether the price of a channel may still be shown."""
    return site.prices.fresh and shown(site, channel) is not None


def current(site: AmberSite, channel: Channel | None = None) -> Interval | None:
    """Return the interval that Amber calls the current one."""
    if channel is None:
        channel = main_channel(site)
    if channel is None or not site.prices.known:
        return None
    prices = site.prices.data.channels.get(channel)
    return prices.current if prices is not None else None


def forecasts(
    site: AmberSite, channel: Channel | None = None, hours: float | None = None
) -> tuple[Interval, ...]:
    """Return the forecasts that begin after the interval that runs now.

    Args:
        site: the site
        channel: its channel, or None for the one that stands for the site
        hours: leave out what begins later than so many hours from now
    """
    if channel is None:
        channel = main_channel(site)
    if channel is None or not site.prices.known:
        return ()
    if (prices := site.prices.data.channels.get(channel)) is None:
        return ()
    running = shown(site, channel)
    first = dt_util.utcnow() if running is None else running.interval.end
    last = None if hours is None else dt_util.utcnow() + timedelta(hours=hours)
    return tuple(
        item
        for item in prices.forecasts
        if item.start >= first and (last is None or item.start < last)
    )


def price_of(site: AmberSite, interval: Interval) -> float | None:
    """Return the price of an interval as it is shown, AUD/kWh.

    That is by the pricing mode, and with the surcharge in the general channel's demand
    windows.
    """
    settings = site.settings
    return charge(interval, settings.pricing_mode, settings.surcharge)


def spikes(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the intervals that are, or may become, price spikes."""
    return [item for item in intervals if item.spike_status in _EXPECTED]


def local_text(moment: datetime | None) -> str | None:
    """Return an aware time as text in the home's zone."""
    return None if moment is None else dt_util.as_local(moment).isoformat()
