"""What is true, whoever asked for it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .nem import HALF_HOUR, half_hour_of, slot_of
from .tariff import ChannelType
from .usage import final_records

if TYPE_CHECKING:
    from .server import AmberSimulator


@dataclass(frozen=True, slots=True)
class ChannelSum:
    """One register over a range of days, exactly."""

    type: ChannelType
    kwh: Decimal
    """Always from 0."""
    cost: Decimal
    """Cents as Amber signs them: negative is earned."""


@dataclass(frozen=True, slots=True)
class UsageTruth:
    """What the records of some NEM days end up as."""

    records: list[dict[str, Any]]
    channels: dict[str, ChannelSum]
    """By identifier."""

    @property
    def cost(self) -> Decimal:
        """Cents of all registers."""
        return sum((each.cost for each in self.channels.values()), Decimal())


class Truth:
    """Final prices, when they are known, and final usage."""

    def __init__(self, server: AmberSimulator) -> None:
        """Know a simulator."""
        self._server = server

    def spot(self, site_id: str, at: datetime, minutes: int | None = None) -> float:
        """Return the final spot price (c/kWh) of the interval that `at` is in."""
        site = self._server.sites[site_id]
        slot, slots = self._interval(site_id, at, minutes)
        market = self._server.market
        prices = [market.spot(site.state, each) for each in range(slot, slot + slots)]
        return round(sum(prices) / slots, 5)

    def price(
        self,
        site_id: str,
        at: datetime,
        channel: ChannelType = "general",
        minutes: int | None = None,
    ) -> float:
        """Return the final `perKwh` (c/kWh, Amber's sign) of the interval of `at`.

        `minutes` is 5 or 30, None the site's own interval.
        """
        slot, _ = self._interval(site_id, at, minutes)
        tariff = self._server.sites[site_id].tariff
        return tariff.price(channel, self.spot(site_id, at, minutes), slot)

    def final_at(
        self,
        site_id: str,
        at: datetime,
        channel: ChannelType = "general",
        minutes: int | None = None,
    ) -> datetime | None:
        """Return when `estimate` of the interval that `at` is in turns false.

        None: it never does while the interval runs.
        """
        slot, slots = self._interval(site_id, at, minutes)
        last = slot + slots - 1
        final = self._server.timing.final_at(last)
        if final is None:
            return None
        if channel == "feedIn":
            final += timedelta(seconds=self._server.sites[site_id].feed_in_delay)
        return final if slot_of(final) == last else None

    def usage(self, site_id: str, start: date, end: date) -> UsageTruth:
        """Return the final records of the NEM days from `start` to `end`, and sums."""
        site = self._server.sites[site_id]
        records = [
            record
            for place in range((end - start).days + 1)
            for record in final_records(
                self._server.market, site, start + timedelta(days=place)
            )
        ]
        channels: dict[str, ChannelSum] = {}
        for record in records:
            name = record["channelIdentifier"]
            sofar = channels.get(name)
            channels[name] = ChannelSum(
                record["channelType"],
                (sofar.kwh if sofar else Decimal()) + abs(Decimal(str(record["kwh"]))),
                (sofar.cost if sofar else Decimal()) + Decimal(str(record["cost"])),
            )
        return UsageTruth(records, channels)

    def _interval(
        self, site_id: str, at: datetime, minutes: int | None
    ) -> tuple[int, int]:
        slot = slot_of(at)
        if (minutes or self._server.sites[site_id].minutes) == 5:
            return slot, 1
        return half_hour_of(slot), HALF_HOUR
