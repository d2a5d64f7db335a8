"""Prices and renewables of the present (amber.md sections 3.2, 3.3 and 3.5)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .intervals import Documents, Intervals, channel_types, number
from .market import REGIONS
from .nem import (
    HALF_HOUR,
    SLOT_MINUTES,
    first_slot,
    half_hour_of,
    slot_of,
    start_of,
    times,
    today,
)
from .outlook import Outlook
from .protocol import (
    TOO_MANY,
    ApiError,
    check_range,
    count_of,
    day_in,
    resolution_of,
)
from .sites import Site
from .tariff import ChannelType

if TYPE_CHECKING:
    from .server import AmberSimulator

_MOST = 2048
_MOST_HOURS = 24 * 365
_SHARES = ((75.0, "best"), (55.0, "great"), (38.0, "ok"), (25.0, "notGreat"))


def current(
    server: AmberSimulator, site: Site, query: Mapping[str, str], now: datetime
) -> Documents:
    """3.2: `previous` actual, the current and `next` forecast intervals."""
    before, after = count_of(query, "previous"), count_of(query, "next")
    minutes = _minutes(server, site, query)
    channels = channels_of(server, site, now, minutes)
    asked = before + 1 + after
    if server.interval_limit == "total":
        asked *= len(channels)
    if asked > _MOST:
        raise ApiError(422, TOO_MANY)
    if site.status != "active" and server.unsupplied == "not_found":
        raise ApiError(404)
    if site.status != "active" or site.outage == "empty":
        return []
    since_boundary = now - start_of(slot_of(now))
    if minutes == 5 and since_boundary < timedelta(seconds=site.previous_missing):
        before = 0
    found: Documents = []
    for channel in channels:
        found += channel.previous(before)
        if site.outage == "none":
            found += [channel.current(), *channel.forecasts(after)]
    return found


def ranged(
    server: AmberSimulator, site: Site, query: Mapping[str, str], now: datetime
) -> Documents:
    """3.3: all intervals of some NEM days."""
    day = today(now)
    start, end = day_in(query, "startDate"), day_in(query, "endDate")
    left = start_of(first_slot(day + timedelta(days=1))) - now
    if start is None and left <= timedelta(minutes=server.midnight_minutes):
        raise ApiError(502)
    start, end = start or day, end or day
    check_range(start, end)
    minutes = _minutes(server, site, query)
    if site.status == "pending" or site.outage == "empty":
        return []
    if site.closed_on is not None:
        end = min(end, site.closed_on)
    found: Documents = []
    for channel in channels_of(server, site, now, minutes):
        found += channel.between(start, end)
    if site.outage == "actuals":
        found = [entry for entry in found if entry["type"] == "ActualInterval"]
    return found


def renewables(
    server: AmberSimulator, state: str, query: Mapping[str, str], now: datetime
) -> Documents:
    """3.5: the share of renewables of a state, in half hours unless asked."""
    if state not in REGIONS:
        raise ApiError(404)
    before, after = count_of(query, "previous"), count_of(query, "next")
    if before + 1 + after > _MOST:
        raise ApiError(422, TOO_MANY)
    slots = (resolution_of(query) or 30) // SLOT_MINUTES
    outlook = Outlook(server.market, server.timing, state, now)
    first = half_hour_of(outlook.slot) if slots == HALF_HOUR else outlook.slot
    ahead = int(server.horizon_hours * 60) // SLOT_MINUTES
    horizon = half_hour_of(outlook.slot + ahead)
    found: Documents = []
    for place in range(-before, after + 1):
        slot = first + place * slots
        if place > 0 and slot >= horizon:
            break
        kind = "Actual" if place < 0 else "Forecast" if place else "Current"
        share = outlook.renewables(slot, slots)
        found.append(
            {
                "type": f"{kind}Renewable",
                **times(slot, slots),
                "duration": slots * SLOT_MINUTES,
                "renewables": number(share),
                "descriptor": next(
                    (name for least, name in _SHARES if share >= least), "worst"
                ),
            }
        )
    return found


def channels_of(
    server: AmberSimulator, site: Site, now: datetime, minutes: int
) -> list[Intervals]:
    """Return the intervals of each channel that a site has prices of."""

    outlooks = {
        late: Outlook(server.market, server.timing, site.state, now, late=late)
        for late in (0.0, site.feed_in_delay)
    }

    def outlook_of(kind: ChannelType) -> Outlook:
        return outlooks[site.feed_in_delay if kind == "feedIn" else 0.0]

    ranges = server.next_ranges()
    return [
        Intervals(
            site,
            kind,
            outlook,
            minutes=minutes,
            horizon_hours=min(server.horizon_hours, _MOST_HOURS),
            prices_since=server.prices_since,
            nulls=server.blanks == "null",
            ranges=ranges,
        )
        for kind, outlook in channel_types(site, outlook_of)
    ]


def _minutes(server: AmberSimulator, site: Site, query: Mapping[str, str]) -> int:
    asked = resolution_of(query)
    return asked if asked and server.resolution_honoured else site.minutes
