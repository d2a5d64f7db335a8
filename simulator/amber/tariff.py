"""From spot prices to those of a channel, and their descriptors (amber.md 3.2).

All in c/kWh as the API answers them: what is charged, so feed-in that earns is
negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from .nem import day_of, minute_of

type ChannelType = Literal["general", "controlledLoad", "feedIn"]
CHANNEL_TYPES: Sequence[ChannelType] = ("general", "controlledLoad", "feedIn")

_MARKET_SHARE = 1.07145
_FEED_IN_SHARE = 0.97404
_FIXED = {"offPeak": 16.17, "solarSponge": 8.25, "shoulder": 17.4, "peak": 19.99}
_FIXED_FEED_IN = {"offPeak": 0.0, "solarSponge": -1.86, "shoulder": 0.0, "peak": 3.47}
_FLAT = 14.5
_CONTROLLED_LOAD = 5.2
# The reference price of the regulator is not in the API: these follow the samples
_IMPORT_STEPS = (20.0, 28.0, 32.0, 40.0, 60.0)
_EXPORT_STEPS = (0.0, 4.0, 8.0, 15.0, 40.0)
_DESCRIPTORS = ("extremelyLow", "veryLow", "low", "neutral", "high", "spike")


@dataclass(slots=True, kw_only=True)
class Tariff:
    """Which parts a network tariff has."""

    periods: bool = False
    """Time of use: prices and `period` change over the day."""
    shoulder: bool = False
    """With a shoulder in the morning and late evening."""
    season: bool = False
    block: bool = False
    demand: bool = False
    """A demand charge: `demandWindow` says whether it counts now."""
    demand_always: bool | None = None
    """The window is reported wrong, always as this."""

    def information(self, slot: int) -> dict[str, Any] | None:
        """Return `tariffInformation` of a period that begins at a slot."""
        told: dict[str, Any] = {}
        if self.periods:
            told["period"] = period_of(slot, shoulder=self.shoulder)
        if self.season:
            told["season"] = season_of(day_of(slot))
        if self.block:
            # What a household has used of a block is not in the simulation
            told["block"] = 1 if day_of(slot).day <= 15 else 2
        if self.demand:
            if self.demand_always is None:
                told["demandWindow"] = in_demand_window(slot)
            else:
                told["demandWindow"] = self.demand_always
        return told or None

    def price(self, channel: ChannelType, spot: float, slot: int) -> float:
        """Return `perKwh` at a spot price, for a period that begins at a slot."""
        period = period_of(slot, shoulder=self.shoulder)
        if channel == "feedIn":
            fixed = _FIXED_FEED_IN[period] if self.periods else 0.0
            return round(-(_FEED_IN_SHARE * spot + fixed), 5)
        if channel == "controlledLoad":
            return round(_MARKET_SHARE * spot + _CONTROLLED_LOAD, 5)
        fixed = _FIXED[period] if self.periods else _FLAT
        return round(_MARKET_SHARE * spot + fixed, 5)


def period_of(slot: int, *, shoulder: bool) -> str:
    """Return the period of a time-of-use tariff; it knows only NEM time."""
    hour = minute_of(slot) // 60
    if 10 <= hour < 14:
        return "solarSponge"
    if 16 <= hour < 20 and day_of(slot).isoweekday() <= 5:
        return "peak"
    if shoulder and hour in {7, 8, 9, 20, 21}:
        return "shoulder"
    return "offPeak"


def in_demand_window(slot: int) -> bool:
    """Return whether the demand charge counts: 15:00 to 21:00 NEM on workdays."""
    return 15 <= minute_of(slot) // 60 < 21 and day_of(slot).isoweekday() <= 5


def season_of(day: date) -> str:
    """Return the southern season of a day."""
    return ("summer", "autumn", "winter", "spring")[day.month % 12 // 3]


def descriptor(channel: ChannelType, per_kwh: float) -> str:
    """Return how a price compares with the usual ones of its channel."""
    steps = _EXPORT_STEPS if channel == "feedIn" else _IMPORT_STEPS
    price = -per_kwh if channel == "feedIn" else per_kwh
    return _DESCRIPTORS[sum(price >= step for step in steps)]
