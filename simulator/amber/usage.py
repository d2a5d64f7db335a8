"""Metered energy and its cost, a day late (amber.md section 3.4)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ..noise import dice
from .intervals import Documents, number, spike_status, tariff_information
from .market import Market
from .metering import metered
from .nem import (
    DAY,
    HALF_HOUR,
    SLOT_MINUTES,
    first_slot,
    slot_of,
    start_of,
    times,
    today,
)
from .protocol import ApiError, check_range, day_in
from .sites import Site
from .tariff import descriptor

if TYPE_CHECKING:
    from .server import AmberSimulator

_METER_LAG = 6
"""Slots until the meter's records of the running day are there."""


def usage(
    server: AmberSimulator, site: Site, query: Mapping[str, str], now: datetime
) -> Documents:
    """3.4: the records of some NEM days; `resolution` is ignored."""
    start, end = day_in(query, "startDate"), day_in(query, "endDate")
    if start is None or end is None:
        raise ApiError(400)
    check_range(start, end)
    if server.usage_future_fails and end > today(now):
        raise ApiError(500)
    found: Documents = []
    for place in range((end - start).days + 1):
        day = start + timedelta(days=place)
        if day >= server.usage_since:
            found += day_records(server.market, site, day, now)
    # Sorted is stable: channels stay in the order of the days
    order = [channel.identifier for channel in site.channels]
    return sorted(found, key=lambda entry: order.index(entry["channelIdentifier"]))


def published_at(site: Site, day: date) -> datetime:
    """Return when a day's usage appears (UTC)."""
    if day in site.late_days:
        return site.late_days[day]
    after = start_of(first_slot(day + timedelta(days=1)))
    return after + timedelta(minutes=site.published_at)


def billable_at(site: Site, day: date) -> datetime:
    """Return when a day's numbers are no estimates any more (UTC)."""
    published = published_at(site, day)
    if not is_estimated(site, day):
        return published
    return published + timedelta(days=site.estimated_for)


def is_estimated(site: Site, day: date) -> bool:
    """Return whether the meter could not be read at first on a day."""
    if day in site.estimated_days:
        return True
    draw = dice(site.spec.seed, "estimated", day.toordinal())
    return draw.random() < site.estimated_share


def day_records(market: Market, site: Site, day: date, now: datetime) -> Documents:
    """Return what is published of a NEM day, nothing before it is."""
    if not is_supplied(site, day) or day in site.withheld:
        return []
    if day == today(now) and site.partial_today:
        end = slot_of(now) - _METER_LAG
        return _records(market, site, day, 1.0, "estimated", end)
    if now < published_at(site, day):
        return []
    if now < billable_at(site, day):
        draw = dice(site.spec.seed, "guess", day.toordinal())
        return _records(market, site, day, draw.uniform(0.7, 1.35), "estimated")
    factor = 1.0
    for since, corrected in site.corrections.get(day, ()):
        if since <= now:
            factor = corrected
    return _records(market, site, day, factor, "billable")


def final_records(market: Market, site: Site, day: date) -> Documents:
    """Return what a NEM day ends up as, whatever is published of it now."""
    if not is_supplied(site, day) or day in site.withheld:
        return []
    corrections = site.corrections.get(day)
    factor = corrections[-1][1] if corrections else 1.0
    return _records(market, site, day, factor, "billable")


def is_supplied(site: Site, day: date) -> bool:
    """Return whether the vendor supplied a site on a day."""
    return (
        site.status != "pending"
        and (site.active_from is None or site.active_from <= day)
        and (site.closed_on is None or day <= site.closed_on)
    )


def _records(
    market: Market,
    site: Site,
    day: date,
    factor: float,
    quality: str,
    end: int | None = None,
) -> Documents:
    five = site.minutes == 5 and day >= site.five_minute_since
    slots = 1 if five else HALF_HOUR
    first = first_slot(day)
    found: Documents = []
    periods = [
        (slot, *_market(market, site, slot, slots))
        for slot in range(first, first + DAY, slots)
        if end is None or slot + slots <= end
    ]
    for channel in site.channels_at(start_of(first)):
        energies = metered(site, channel, day)
        for slot, spot, share in periods:
            place = slot - first
            kwh = round(factor * sum(energies[place : place + slots]), 3)
            price = site.tariff.price(channel.type, spot, slot)
            negated = channel.type == "feedIn" and site.negative_kwh and kwh
            found.append(
                {
                    "type": "Usage",
                    **times(slot, slots),
                    "duration": slots * SLOT_MINUTES,
                    "quality": quality,
                    "kwh": number(-kwh if negated else kwh),
                    "perKwh": number(price),
                    "cost": number(round(kwh * price, 4)),
                    "channelType": channel.type,
                    "channelIdentifier": channel.identifier,
                    "renewables": number(share),
                    "spotPerKwh": number(spot),
                    "spikeStatus": spike_status("Usage", spot),
                    **tariff_information(site, channel.type, slot),
                    "descriptor": descriptor(channel.type, price),
                }
            )
    return found


def _market(market: Market, site: Site, slot: int, slots: int) -> tuple[float, float]:
    """Return final spot price and renewables of a period."""
    each = range(slot, slot + slots)
    spots = [market.spot(site.state, one) for one in each]
    shares = [market.renewables(site.state, one) for one in each]
    return round(sum(spots) / slots, 5), round(sum(shares) / slots, 3)
