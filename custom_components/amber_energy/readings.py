"""What is read from Amber, in AUD, kWh, percent and aware UTC.

Signs: a price is what a kWh costs; on the feed-in it is what a kWh earns. ``None``
means that Amber did not say; it is never replaced by a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from .api.models import (
    Channel,
    Descriptor,
    Quality,
    RenewablesDescriptor,
    SiteStatus,
    SpikeStatus,
    TariffPeriod,
    TariffSeason,
)

# What Amber documents for a site that does not tell (3.1)
DEFAULT_INTERVAL = 30


class Kind(StrEnum):
    """What is known of an interval's price: it was, it is, it may become."""

    ACTUAL = "actual"
    CURRENT = "current"
    FORECAST = "forecast"


class PricingMode(StrEnum):
    """Which number counts as the price: AEMO's, or Amber's own forecast (9.4)."""

    MARKET = "market"
    ADVANCED = "advanced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """Amber's own forecast, AUD/kWh, low to high; the feed-in's is what is earned."""

    low: float | None
    predicted: float
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One channel's price of one interval.

    Attributes:
        kind: Whether it is past, runs, or is to come.
        channel: Whose price it is.
        start: Aware UTC, on the full minute, included.
        end: Aware UTC, excluded; always ``duration`` after ``start``.
        duration: Minutes.
        nem_date: The market's day that it belongs to.
        price: AUD/kWh; on the feed-in positive = earned.
        spot: The market's price, AUD/kWh, the same on all channels.
        range_min: Lowest spot price that is expected, AUD/kWh; only if volatile.
        range_max: Highest one.
        advanced: Amber's own forecast, where there is one.
        renewables: Share of the grid's power in percent; can be more than 100.
        estimate: Whether the price may still change; only of the one that runs.
        demand_window: Whether demand is charged; ``None`` without such a tariff.
        tariff_block: 1 or 2 on block tariffs.
    """

    kind: Kind
    channel: Channel
    start: datetime
    end: datetime
    duration: int
    nem_date: date
    price: float | None
    spot: float | None = None
    range_min: float | None = None
    range_max: float | None = None
    advanced: Advanced | None = None
    renewables: float | None = None
    spike_status: SpikeStatus | None = None
    descriptor: Descriptor | None = None
    estimate: bool | None = None
    demand_window: bool | None = None
    tariff_period: TariffPeriod | None = None
    tariff_season: TariffSeason | None = None
    tariff_block: int | None = None

    def value(self, mode: str) -> float | None:
        """Return the price by pricing mode, AUD/kWh; see ``source``."""
        if self.advanced is not None and self.source(mode) == PricingMode.ADVANCED:
            return self.advanced.predicted
        return self.price

    def source(self, mode: str) -> PricingMode:
        """Return whose number ``value`` is: the market's if there is no advanced one."""
        if mode == PricingMode.ADVANCED and self.advanced is not None:
            return PricingMode.ADVANCED
        return PricingMode.MARKET


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPrices:
    """The intervals of one channel, each start once, in order."""

    past: tuple[Interval, ...] = ()
    current: Interval | None = None
    forecasts: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The prices of all channels that the answer had, in the reference's order."""

    observed_at: datetime
    channels: Mapping[Channel, ChannelPrices] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChannel:
    """A register of the meter and its network tariff's code."""

    identifier: str
    channel: Channel
    tariff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site; ``interval_length`` is the billing interval in minutes."""

    id: str
    nmi: str | None = None
    network: str | None = None
    status: SiteStatus | None = None
    active_from: date | None = None
    closed_on: date | None = None
    interval_length: int = DEFAULT_INTERVAL
    channels: tuple[SiteChannel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The sites of the account by id, in the vendor's order."""

    observed_at: datetime
    sites: Mapping[str, Site]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord:
    """The metered energy of one register in one interval.

    Attributes:
        nem_date: The market's day that it belongs to.
        start: Aware UTC, on the full minute, included; ``end`` excluded.
        duration: Minutes.
        identifier: The register, such as ``E1``.
        kwh: Energy, never negative, whichever way it went.
        cost: AUD; positive = charged, negative = earned, on every channel.
        price: AUD/kWh; on the feed-in positive = earned.
        quality: Whether the meter was read.
        spot: The market's price, AUD/kWh.
        renewables: Share of the grid's power in percent.
    """

    nem_date: date
    start: datetime
    end: datetime
    duration: int
    channel: Channel
    identifier: str
    kwh: float
    cost: float
    price: float | None = None
    quality: Quality | None = None
    spot: float | None = None
    renewables: float | None = None
    descriptor: Descriptor | None = None
    spike_status: SpikeStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewableInterval:
    """A state's share of renewables, percent; can be more than 100."""

    start: datetime
    end: datetime
    duration: int
    share: float | None = None
    descriptor: RenewablesDescriptor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewables:
    """A state's shares of renewables, each start once, in order."""

    observed_at: datetime
    past: tuple[RenewableInterval, ...] = ()
    current: RenewableInterval | None = None
    forecasts: tuple[RenewableInterval, ...] = ()
