"""Amber's JSON, decoded tolerantly (reference section 3).

Cents, signs and times are the wire's. A field that is missing, null or odd is
``None``, and so is a value that the enumerations do not know; nothing here raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
import logging
import re
from typing import Any, Self

from .._vendor.core.client.decode import (
    day,
    flag,
    integer,
    mapping,
    mappings,
    number,
    text,
)

_LOGGER = logging.getLogger(__name__)

type Wire = Mapping[str, Any]

# A day; the documented values are 5, 15 and 30
_LONGEST_MINUTES = 1440
# Beyond any market's limits: a mistake of the sender
_MOST_CENTS = 1_000_000.0
_MOST_KWH = 100_000.0
_MOST_PERCENT = 1000.0
_YEARS = range(1971, 9999)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# An older spelling that the reference names as replaced
_LEGACY = {"negative": "extremely_low"}
_told: set[tuple[str, str]] = set()


class Channel(StrEnum):
    """A register of the meter; the value is our own spelling."""

    GENERAL = "general"
    CONTROLLED_LOAD = "controlled_load"
    FEED_IN = "feed_in"

    @property
    def wire(self) -> str:
        """The API's spelling."""
        first, *others = self.value.split("_")
        return first + "".join(map(str.capitalize, others))


class Descriptor(StrEnum):
    """A price compared with the regulated reference price."""

    EXTREMELY_LOW = "extremely_low"
    VERY_LOW = "very_low"
    LOW = "low"
    NEUTRAL = "neutral"
    HIGH = "high"
    SPIKE = "spike"


class RenewablesDescriptor(StrEnum):
    """How much of the grid's power is renewable."""

    BEST = "best"
    GREAT = "great"
    OK = "ok"
    NOT_GREAT = "not_great"
    WORST = "worst"


class SpikeStatus(StrEnum):
    """Whether the price is, or may become, a spike."""

    NONE = "none"
    POTENTIAL = "potential"
    SPIKE = "spike"


class TariffPeriod(StrEnum):
    """The part of the day by a time-of-use tariff."""

    OFF_PEAK = "off_peak"
    SHOULDER = "shoulder"
    SOLAR_SPONGE = "solar_sponge"
    PEAK = "peak"


class TariffSeason(StrEnum):
    """The season by a time-of-use tariff."""

    DEFAULT = "default"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"
    SPRING = "spring"
    NON_SUMMER = "non_summer"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    WEEKEND_HOLIDAY = "weekend_holiday"
    WEEKDAY = "weekday"


class SiteStatus(StrEnum):
    """Whether Amber supplies the site."""

    PENDING = "pending"
    ACTIVE = "active"
    CLOSED = "closed"


class Quality(StrEnum):
    """Whether the meter was read."""

    ESTIMATED = "estimated"
    BILLABLE = "billable"


@lru_cache(maxsize=256)  # a week of usage has thousands of a few words
def _snake_case(wire: str) -> str:
    """Return the API's camelCase in the spelling of the enumerations."""
    return _CAPITAL.sub("_", wire).lower()


def known[E: StrEnum](kind: type[E], value: object) -> E | None:
    """Return the member for the API's camelCase; an unknown one is logged once."""
    if value is None or (wire := text(value)) is None:
        return None
    # No member is nearly as long; a wild server's texts are not to be remembered whole
    word = wire[:40]
    snake = _snake_case(word)
    try:
        return kind(_LEGACY.get(snake, snake) if kind is Descriptor else snake)
    except ValueError:
        seen = (kind.__name__, word)
        if seen not in _told and len(_told) < 100:
            _told.add(seen)
            _LOGGER.debug("Amber sent an unknown %s: %r", *seen)
        return None


def moment(value: object) -> datetime | None:
    """Decode a time with a zone, as UTC."""
    if not isinstance(value, str):
        return None
    try:
        result = datetime.fromisoformat(value.strip())
        if result.tzinfo is None:
            return None
        result = result.astimezone(UTC)
    except ValueError, OverflowError:
        return None
    return result if result.year in _YEARS else None


def _cents(value: object) -> float | None:
    return number(value, low=-_MOST_CENTS, high=_MOST_CENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """When a record holds: times as sent, minutes, NEM day."""

    start: datetime
    end: datetime | None
    duration: int | None
    day: date | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; ``None`` if it is not said when it begins, nor how long it lasts.

        ``nemTime`` is the same instant as ``endTime`` and stands in for it.
        """
        duration = integer(wire.get("duration"), low=1, high=_LONGEST_MINUTES)
        end = moment(wire.get("endTime")) or moment(wire.get("nemTime"))
        start = moment(wire.get("startTime"))
        if start is None and end is not None and duration is not None:
            start = end - timedelta(minutes=duration)
        if start is None:
            return None
        if duration is None:
            longest = timedelta(minutes=_LONGEST_MINUTES)
            if end is None or not timedelta() < end - start <= longest:
                return None
        return cls(start=start, end=end, duration=duration, day=day(wire.get("date")))


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRecord:
    """What all records of prices and usage have (3.2): c/kWh, percent."""

    kind: str | None
    span: Span
    channel: Channel
    price: float | None
    spot: float | None
    renewables: float | None
    spike_status: SpikeStatus | None
    descriptor: Descriptor | None
    estimate: bool | None
    range_min: float | None
    range_max: float | None
    advanced_low: float | None
    advanced_predicted: float | None
    advanced_high: float | None
    demand_window: bool | None
    tariff_period: TariffPeriod | None
    tariff_season: TariffSeason | None
    tariff_block: int | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; ``None`` without a time or a channel."""
        span = Span.from_wire(wire)
        channel = known(Channel, wire.get("channelType"))
        if span is None or channel is None:
            return None
        tariff = mapping(wire.get("tariffInformation"))
        spread = mapping(wire.get("range"))
        advanced = mapping(wire.get("advancedPrice"))
        return cls(
            kind=text(wire.get("type")),
            span=span,
            channel=channel,
            price=_cents(wire.get("perKwh")),
            spot=_cents(wire.get("spotPerKwh")),
            renewables=percent(wire.get("renewables")),
            spike_status=known(SpikeStatus, wire.get("spikeStatus")),
            descriptor=known(Descriptor, wire.get("descriptor")),
            estimate=flag(wire.get("estimate")),
            range_min=_cents(spread.get("min")),
            range_max=_cents(spread.get("max")),
            advanced_low=_cents(advanced.get("low")),
            advanced_predicted=_cents(advanced.get("predicted")),
            advanced_high=_cents(advanced.get("high")),
            demand_window=flag(tariff.get("demandWindow")),
            tariff_period=known(TariffPeriod, tariff.get("period")),
            tariff_season=known(TariffSeason, tariff.get("season")),
            tariff_block=integer(tariff.get("block"), low=1, high=9),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRecord:
    """What a record of usage has more (3.4): kWh of either sign, cents."""

    price: PriceRecord
    identifier: str | None
    kwh: float
    cost: float
    quality: Quality | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; ``None`` without an energy or its cost, so that the day is asked again."""
        price = PriceRecord.from_wire(wire)
        kwh = number(wire.get("kwh"), low=-_MOST_KWH, high=_MOST_KWH)
        cost = _cents(wire.get("cost"))
        if price is None or kwh is None or cost is None:
            return None
        return cls(
            price=price,
            identifier=text(wire.get("channelIdentifier")),
            kwh=kwh,
            cost=cost,
            quality=known(Quality, wire.get("quality")),
        )


def percent(value: object) -> float | None:
    """Decode percent; a share of renewables can be more than 100 (3.2)."""
    return number(value, low=-_MOST_PERCENT, high=_MOST_PERCENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRecord:
    """One register of a site's meter (3.1)."""

    identifier: str
    channel: Channel
    tariff: str | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; ``None`` without its name or a channel that we know."""
        identifier = text(wire.get("identifier"))
        channel = known(Channel, wire.get("type"))
        if identifier is None or channel is None:
            return None
        tariff = text(wire.get("tariff"))
        return cls(identifier=identifier, channel=channel, tariff=tariff)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRecord:
    """One site of the account (3.1)."""

    site_id: str
    nmi: str | None
    network: str | None
    status: SiteStatus | None
    active_from: date | None
    closed_on: date | None
    interval_length: int | None
    registers: tuple[RegisterRecord, ...]

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; ``None`` without an id, as nothing can be asked of it."""
        if (site_id := text(wire.get("id"))) is None:
            return None
        registers = map(RegisterRecord.from_wire, mappings(wire.get("channels")))
        return cls(
            site_id=site_id,
            nmi=text(wire.get("nmi")),
            network=text(wire.get("network")),
            status=known(SiteStatus, wire.get("status")),
            active_from=day(wire.get("activeFrom")),
            closed_on=day(wire.get("closedOn")),
            interval_length=integer(
                wire.get("intervalLength"), low=1, high=_LONGEST_MINUTES
            ),
            registers=tuple(register for register in registers if register),
        )
