"""Prices in the shapes that automations and other integrations read (reference 9.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from .driver import NEM, Channel, ChannelPrices, Interval, Kind, PricingMode

type Objects = list[dict[str, Any]]


def charge(
    interval: Interval, mode: str = PricingMode.MARKET, surcharge: float = 0.0
) -> float | None:
    """Return the price by pricing mode, AUD/kWh.

    Within a demand window the general price is dearer by ``surcharge``, but not what
    is over: that was charged as it was.
    """
    value = interval.value(mode)
    if (
        value is None
        or not interval.demand_window
        or interval.channel is not Channel.GENERAL
        or interval.kind is Kind.ACTUAL
    ):
        return value
    return round(value + surcharge, 6) + 0.0


def within(
    intervals: Iterable[Interval], now: datetime, hours: float
) -> tuple[Interval, ...]:
    """Return those that are not over and begin within the next ``hours``."""
    until = now + timedelta(hours=hours)
    return tuple(item for item in intervals if item.end > now and item.start < until)


def known(prices: ChannelPrices) -> tuple[Interval, ...]:
    """Return the interval that runs and all that are to come."""
    running = () if prices.current is None else (prices.current,)
    return (*running, *prices.forecasts)


def as_objects(
    intervals: Iterable[Interval],
    *,
    mode: str = PricingMode.MARKET,
    surcharge: float = 0.0,
) -> Objects:
    """Return objects with the keys of Home Assistant's own integration, and more.

    ``per_kwh`` is the price by ``mode``, with the surcharge. Ours are the advanced
    prices, ``demand_window`` and ``estimate``, each only where it is known, and with
    the mode ``advanced`` the ``price_source``.
    """
    return [_object(interval, mode, surcharge) for interval in intervals]


def _object(interval: Interval, mode: str, surcharge: float) -> dict[str, Any]:
    share = interval.renewables
    result: dict[str, Any] = {
        "duration": interval.duration,
        "date": interval.nem_date.isoformat(),
        "nem_date": interval.end.astimezone(NEM).isoformat(),
        "per_kwh": charge(interval, mode, surcharge),
        "spot_per_kwh": interval.spot,
        "start_time": interval.start.isoformat(),
        "end_time": interval.end.isoformat(),
        "renewables": None if share is None else round(share),
        "spike_status": plain(interval.spike_status),
        "descriptor": plain(interval.descriptor),
    }
    advanced = interval.advanced
    optional = {
        "range_min": interval.range_min,
        "range_max": interval.range_max,
        "advanced_price_low": advanced.low if advanced else None,
        "advanced_price_predicted": advanced.predicted if advanced else None,
        "advanced_price_high": advanced.high if advanced else None,
        "demand_window": interval.demand_window,
        "estimate": interval.estimate,
    }
    result |= {key: value for key, value in optional.items() if value is not None}
    if mode == PricingMode.ADVANCED:
        result["price_source"] = interval.source(mode).value
    return result


def plain(value: str | None) -> str | None:
    """Return plain text: an enumeration's member is written as such by some."""
    return None if value is None else str(value)


def compact(
    prices: ChannelPrices,
    now: datetime,
    zone: tzinfo,
    *,
    mode: str = PricingMode.MARKET,
    hours: float | None = None,
    surcharge: float = 0.0,
) -> Objects:
    """Return ``{time, value}`` from the interval of ``now`` on, times in ``zone``.

    Intervals without a price are left out.
    """
    intervals = (
        tuple(item for item in known(prices) if item.end > now)
        if hours is None
        else within(known(prices), now, hours)
    )
    return [
        {"time": item.start.astimezone(zone).isoformat(), "value": value}
        for item in intervals
        if (value := charge(item, mode, surcharge)) is not None
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Predbat's lists of ``{start, end, value}``, AUD/kWh, by local day."""

    today: Objects
    tomorrow: Objects


def rates(
    prices: ChannelPrices,
    now: datetime,
    zone: tzinfo,
    *,
    mode: str = PricingMode.MARKET,
    surcharge: float = 0.0,
) -> Rates:
    """Return all known prices of the days of ``zone``: past, running and to come."""
    days: dict[date, Objects] = {}
    for item in (*prices.past, *known(prices)):
        start, end = item.start.astimezone(zone), item.end.astimezone(zone)
        if (value := charge(item, mode, surcharge)) is not None:
            days.setdefault(start.date(), []).append(
                {"start": start.isoformat(), "end": end.isoformat(), "value": value}
            )
    today = now.astimezone(zone).date()
    return Rates(
        today=days.get(today, []), tomorrow=days.get(today + timedelta(days=1), [])
    )
