"""Amber in the words of the bundle: the one place that converts units and signs.

The wire has cents, and prices everything as what the customer is charged; here it is
AUD, and a price of the feed-in is what the customer earns. So the feed-in's own price
and the three values of its advanced price change their sign, but neither the spot price
nor its range, which are the market's (reference 3.2). Starts come one second late and
are floored to the minute.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from ._vendor.core.client.decode import mappings
from ._vendor.core.client.errors import BadDataError
from .api.models import (
    Channel,
    Descriptor,
    MeterRecord,
    PriceRecord,
    Quality,
    RenewablesDescriptor,
    SiteRecord,
    SiteStatus,
    Span,
    SpikeStatus,
    TariffPeriod,
    TariffSeason,
    known,
    percent,
)
from .merging import merge
from .readings import (
    DEFAULT_INTERVAL,
    Advanced,
    ChannelPrices,
    Interval,
    Kind,
    Prices,
    PricingMode,
    RenewableInterval,
    Renewables,
    Site,
    SiteChannel,
    Sites,
    UsageRecord,
)

__all__ = [
    "NEM",
    "Advanced",
    "Channel",
    "ChannelPrices",
    "Descriptor",
    "Interval",
    "Kind",
    "Prices",
    "PricingMode",
    "Quality",
    "RenewableInterval",
    "Renewables",
    "RenewablesDescriptor",
    "Site",
    "SiteChannel",
    "SiteStatus",
    "Sites",
    "SpikeStatus",
    "TariffPeriod",
    "TariffSeason",
    "UsageRecord",
    "merge",
    "prices",
    "renewables",
    "sites",
    "usage",
]

# The market's time: no daylight saving
NEM = timezone(timedelta(hours=10))
_CENTS = 100.0
_PRICE_KINDS = {
    "ActualInterval": Kind.ACTUAL,
    "CurrentInterval": Kind.CURRENT,
    "ForecastInterval": Kind.FORECAST,
}
_RENEWABLE_KINDS = {
    "ActualRenewable": Kind.ACTUAL,
    "CurrentRenewable": Kind.CURRENT,
    "ForecastRenewable": Kind.FORECAST,
}


def prices(raw: Any, observed_at: datetime) -> Prices:
    """Decode prices (3.2, 3.3), in whatever order they came.

    An odd record is left out. Raises ``BadDataError`` if there is no list.
    """
    found: dict[Channel, list[tuple[Kind, Interval]]] = {}
    for item in _records(raw):
        record = PriceRecord.from_wire(item)
        kind = _PRICE_KINDS.get((record.kind or "") if record else "")
        if record is not None and kind is not None:
            of_channel = found.setdefault(record.channel, [])
            of_channel.append((kind, _interval(record, kind)))
    return Prices(
        observed_at=observed_at,
        channels={
            channel: ChannelPrices(
                past=past,
                current=current,
                forecasts=forecasts,
            )
            for channel in Channel
            if channel in found
            for past, current, forecasts in [_ordered(found[channel])]
        },
    )


def sites(raw: Any, observed_at: datetime) -> Sites:
    """Decode the sites (3.1). Raises ``BadDataError`` if there is no list."""
    found = map(SiteRecord.from_wire, _records(raw))
    return Sites(
        observed_at=observed_at,
        sites={record.site_id: _site(record) for record in found if record is not None},
    )


def usage(raw: Any) -> tuple[UsageRecord, ...]:
    """Decode metered usage (3.4), in the vendor's order.

    A record without a time, channel, energy or cost is left out, so that its day
    counts as incomplete. Raises ``BadDataError`` if there is no list.
    """
    found = map(MeterRecord.from_wire, _records(raw))
    return tuple(
        _usage(record)
        for record in found
        if record is not None and record.price.kind == "Usage"
    )


def renewables(raw: Any, observed_at: datetime) -> Renewables:
    """Decode a state's renewables (3.5). Raises ``BadDataError`` if there is no list."""
    found = []
    for item in _records(raw):
        kind = _RENEWABLE_KINDS.get(str(item.get("type")))
        span = Span.from_wire(item)
        if kind is not None and span is not None:
            start, end, duration = _times(span)
            interval = RenewableInterval(
                start=start,
                end=end,
                duration=duration,
                share=percent(item.get("renewables")),
                descriptor=known(RenewablesDescriptor, item.get("descriptor")),
            )
            found.append((kind, interval))
    past, current, forecasts = _ordered(found)
    return Renewables(
        observed_at=observed_at, past=past, current=current, forecasts=forecasts
    )


def _records(raw: Any) -> list[Mapping[str, Any]]:
    if not isinstance(raw, list):
        raise BadDataError("Amber's answer is no list", reason="no_list")
    return mappings(raw)


def _ordered[T: Interval | RenewableInterval](
    found: Iterable[tuple[Kind, T]],
) -> tuple[tuple[T, ...], T | None, tuple[T, ...]]:
    """Return past, current and forecasts in order, each start once.

    What is known better wins: an actual before the current one before a forecast.
    Of two that run, the later one does.
    """
    best: dict[datetime, tuple[Kind, T]] = {}
    ranks = list(Kind)
    for kind, interval in found:
        other = best.get(interval.start)
        if other is None or ranks.index(kind) < ranks.index(other[0]):
            best[interval.start] = kind, interval
    ordered = [best[start] for start in sorted(best)]
    running = [interval for kind, interval in ordered if kind is Kind.CURRENT]
    return (
        tuple(interval for kind, interval in ordered if kind is Kind.ACTUAL),
        running[-1] if running else None,
        tuple(interval for kind, interval in ordered if kind is Kind.FORECAST),
    )


def _times(span: Span) -> tuple[datetime, datetime, int]:
    """Return start, end and minutes; the record's duration is what counts (3.2)."""
    start = span.start.replace(second=0, microsecond=0)
    duration = span.duration
    if duration is None:
        assert span.end is not None
        duration = max(1, round((span.end - start) / timedelta(minutes=1)))
    return start, start + timedelta(minutes=duration), duration


def _nem_date(span: Span, start: datetime) -> date:
    """Return the market's day; the day's last interval ends on the next one."""
    return span.day or start.astimezone(NEM).date()


def _aud(cents: float | None, sign: int = 1) -> float | None:
    """Return AUD; the addition makes -0.0 a plain 0."""
    return None if cents is None else round(sign * cents / _CENTS, 6) + 0.0


def _sign(channel: Channel) -> int:
    return -1 if channel is Channel.FEED_IN else 1


def _interval(record: PriceRecord, kind: Kind) -> Interval:
    sign = _sign(record.channel)
    start, end, duration = _times(record.span)
    predicted = _aud(record.advanced_predicted, sign)
    return Interval(
        kind=kind,
        channel=record.channel,
        start=start,
        end=end,
        duration=duration,
        nem_date=_nem_date(record.span, start),
        price=_aud(record.price, sign),
        spot=_aud(record.spot),
        range_min=_aud(record.range_min),
        range_max=_aud(record.range_max),
        advanced=None
        if predicted is None
        else Advanced(
            low=_aud(record.advanced_low, sign),
            predicted=predicted,
            high=_aud(record.advanced_high, sign),
        ),
        renewables=record.renewables,
        spike_status=record.spike_status,
        descriptor=record.descriptor,
        estimate=record.estimate if kind is Kind.CURRENT else None,
        demand_window=record.demand_window,
        tariff_period=record.tariff_period,
        tariff_season=record.tariff_season,
        tariff_block=record.tariff_block,
    )


def _site(record: SiteRecord) -> Site:
    return Site(
        id=record.site_id,
        nmi=record.nmi,
        network=record.network,
        status=record.status,
        active_from=record.active_from,
        closed_on=record.closed_on,
        interval_length=record.interval_length or DEFAULT_INTERVAL,
        channels=tuple(
            SiteChannel(
                identifier=register.identifier,
                channel=register.channel,
                tariff=register.tariff,
            )
            for register in record.registers
        ),
    )


def _usage(record: MeterRecord) -> UsageRecord:
    price = record.price
    start, end, duration = _times(price.span)
    return UsageRecord(
        nem_date=_nem_date(price.span, start),
        start=start,
        end=end,
        duration=duration,
        channel=price.channel,
        # One register per channel then; its day could not be imported without a name
        identifier=record.identifier or price.channel.value,
        # The specification says that exports are negative, but they come positive (3.4)
        kwh=abs(record.kwh),
        cost=round(record.cost / _CENTS, 6) + 0.0,
        price=_aud(price.price, _sign(price.channel)),
        quality=record.quality,
        spot=_aud(price.spot),
        renewables=price.renewables,
        descriptor=price.descriptor,
        spike_status=price.spike_status,
    )
