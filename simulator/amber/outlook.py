"""What is known of the market at an instant: final prices, estimates, forecasts."""

from datetime import datetime, timedelta

from .market import Market
from .nem import half_hour_of, slot_of, start_of
from .timing import Timing

NEAR = timedelta(minutes=60)
"""Most that 5-minute forecasts reach, before they end on a half hour."""


class Outlook:
    """Prices of one region in c/kWh as seen at one instant."""

    def __init__(
        self,
        market: Market,
        timing: Timing,
        region: str,
        now: datetime,
        *,
        late: float = 0.0,
    ) -> None:
        """Look from `now`; final prices arrive `late` seconds later than usual."""
        self._market = market
        self._region = region
        self.now = now
        self.slot = slot_of(now)
        """The running one."""
        final_at = timing.final_at(self.slot)
        self.final = final_at is not None and now >= final_at + timedelta(seconds=late)
        """Whether the running slot's price is."""
        self._run = self.slot if self.final else self.slot - 1
        self._means: dict[tuple[int, int], float] = {}
        self._shares: dict[tuple[int, int], float] = {}

    def is_final(self, slot: int) -> bool:
        """Return whether a slot's price is known; all that are over are."""
        return slot <= self._run

    def spot(self, slot: int) -> float:
        """Return the final price of a slot, or what is expected of it."""
        if self.is_final(slot):
            return self._market.spot(self._region, slot)
        return self._market.forecast(self._region, self._run, slot)

    def mean(self, slot: int, slots: int) -> float:
        """Return the price of a period: the mean over its slots."""
        mean = self._means.get((slot, slots))
        if mean is None:
            prices = [self.spot(each) for each in range(slot, slot + slots)]
            mean = self._means[slot, slots] = round(sum(prices) / slots, 5)
        return mean

    def renewables(self, slot: int, slots: int) -> float:
        """Return the share of renewables of a period in percent.

        Past ones have three decimals, forecasts are written out.
        """
        share = self._shares.get((slot, slots))
        if share is None:
            shares = [
                self._market.renewables(self._region, each)
                for each in range(slot, slot + slots)
            ]
            share = self._shares[slot, slots] = sum(shares) / slots
        return share if slot > self.slot else round(share, 3)

    def spread(self, slot: int, slots: int) -> tuple[float, float] | None:
        """Return the least and the highest spot price where models disagree."""
        if not self._market.is_volatile(self._region, half_hour_of(slot)):
            return None
        spot = self.mean(slot, slots)
        return round(spot - 0.4 * abs(spot) - 2, 4), round(
            spot + 1.2 * abs(spot) + 3, 4
        )

    def advanced(self, slot: int, slots: int) -> tuple[float, float, float]:
        """Return the spot prices behind the vendor's own low, middle and high."""
        spot = self.mean(slot, slots)
        middle = 0.85 * spot + 1.2
        margin = 0.12 * abs(spot) + 1.5
        return middle - margin, middle, middle + 1.4 * margin

    def near_end(self) -> int:
        """Return the slot with which the 5-minute forecasts end."""
        return half_hour_of(slot_of(start_of(self.slot) + NEAR))
