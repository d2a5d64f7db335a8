"""What the intervals that are over cost: the whole day (reference section 9.5)."""

from dataclasses import replace
from datetime import datetime, timedelta

from .driver import Channel, ChannelPrices, Interval, Kind, Prices
from .publish import is_final

# The longest day has 25 hours
KEPT = timedelta(hours=26)


class Past:
    """Remembers the intervals that Amber told, as most answers have none but the last.

    Readings are kept and not records, so that nothing is decoded twice.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._channels: dict[Channel, dict[datetime, Interval]] = {}

    def join(self, prices: Prices) -> Prices:
        """Return `prices` with all that is known to be over of its channels."""
        since = prices.observed_at - KEPT
        return replace(
            prices,
            channels={
                channel: replace(told, past=self._joined(channel, told, since))
                for channel, told in prices.channels.items()
            },
        )

    def _joined(
        self, channel: Channel, told: ChannelPrices, since: datetime
    ) -> tuple[Interval, ...]:
        known = self._channels.get(channel, {}) | {one.start: one for one in told.past}
        if (current := told.current) is not None and is_final(current):
            # It may never be told as an actual one (reference section 11, I247)
            known[current.start] = replace(current, kind=Kind.ACTUAL, estimate=None)
        self._channels[channel] = known = {
            start: known[start] for start in sorted(known) if start >= since
        }
        return tuple(
            one
            for start, one in known.items()
            if current is None or start < current.start
        )
