"""What is shown of the prices, made once for as long as nothing can change it."""

from collections.abc import Mapping
from datetime import datetime

from .driver import Channel, Interval, Prices
from .publish import Publishing, Shown, next_change, shown


class PriceView:
    """Remembers what is shown.

    Dozens of entities look at it after each answer, most of them several times, and
    all sites have the same boundaries.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._made_of: tuple[Prices, Mapping[Channel, Interval], Publishing] | None
        self._made_of = None
        self._shown: Mapping[Channel, Shown] = {}
        self._since: datetime | None = None
        self._until: datetime | None = None

    def shown(
        self,
        prices: Prices,
        final: Mapping[Channel, Interval],
        publishing: Publishing,
        now: datetime,
    ) -> Mapping[Channel, Shown]:
        """Return what `publish.shown` does; prices and `final` must not be changed."""
        if not self._holds(prices, final, publishing, now):
            self._made_of = prices, final, publishing
            self._since = now
            self._until = next_change(prices, final, publishing, now)
            self._shown = shown(prices, final, publishing, now)
        return self._shown

    def _holds(
        self,
        prices: Prices,
        final: Mapping[Channel, Interval],
        publishing: Publishing,
        now: datetime,
    ) -> bool:
        if self._made_of is None or self._since is None:
            return False
        of_prices, of_final, of_publishing = self._made_of
        return (
            prices is of_prices
            and final is of_final
            and publishing == of_publishing
            and self._since <= now
            and (self._until is None or now < self._until)
        )
