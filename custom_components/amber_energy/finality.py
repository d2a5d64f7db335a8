"""Several sources of one interval's price: the newest one counts, unless it is less.

A final price is never replaced by an estimate of the same interval, which an older
answer or another of Amber's machines may still bring (reference section 3.7).
"""

from datetime import datetime
from typing import Any

from .driver import Channel, Interval, Prices
from .publish import is_final

type Records = list[dict[str, Any]]


def keep_final(before: Records, known: Prices, after: Records, new: Prices) -> Records:
    """Return `after`, with the running intervals of `before` where it has less.

    `known` and `new` are the readings of `before` and `after`. In an outage of the
    market no interval runs: the one before stays, and shows its age.
    """
    lost = {
        channel
        for channel in known.channels
        if not _is_more(_current(new, channel), _current(known, channel))
    }
    dropped = _currents(after, lost)
    kept = [record for record in after if record not in dropped]
    return [*kept, *_currents(before, lost)] if lost else after


def news_in(raw: Records, told: Prices, known: Prices) -> Records:
    """Return the running intervals of a push that say more than what is known."""
    return _currents(
        raw,
        {
            channel
            for channel in told.channels
            if _is_more(_current(told, channel), _current(known, channel))
        },
    )


def leading(prices: Prices, moment: datetime) -> Interval | None:
    """Return the interval at `moment` that tells whether the price is final.

    That is the general one; without one any channel's (reference section 5.3).
    """
    general = _current(prices, Channel.GENERAL)
    currents = [_current(prices, channel) for channel in prices.channels]
    return next(
        (
            one
            for one in ([general] if general is not None else currents)
            if one is not None and one.start <= moment < one.end
        ),
        None,
    )


def same_running(one: Prices | None, other: Prices | None) -> bool:
    """Tell whether two readings say the same of what the running intervals cost."""
    return _running(one) == _running(other)


def _running(prices: Prices | None) -> object:
    known = prices.channels.items() if prices is not None else ()
    return {
        channel: (item.current.start, item.current.price, item.current.estimate)
        for channel, item in known
        if item.current is not None
    }


def _is_more(new: Interval | None, old: Interval | None) -> bool:
    """Tell whether `new` may take the place of `old`."""
    if old is None or new is None:
        return old is None
    if new.start == old.start:
        return is_final(new) or not is_final(old)
    return new.start > old.start


def _current(prices: Prices, channel: Channel) -> Interval | None:
    known = prices.channels.get(channel)
    return known.current if known is not None else None


def _currents(raw: Records, channels: set[Channel]) -> Records:
    wires = {channel.wire for channel in channels}
    return [
        record
        for record in raw
        if record.get("type") == "CurrentInterval"
        and record.get("channelType") in wires
    ]
