"""Which price is shown: the hold and its timeout, pricing mode, surcharge (5.3, 9.4).

On a 30-minute site the running price is a moving mean, and an estimate, until the last
five minutes: in hold mode the last confirmed one is shown until the timeout, then the
estimate. A forecast is never shown as the price: until Amber has told of the interval
that runs, what it told of the one before stays (reference section 4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .driver import Channel, ChannelPrices, Interval, Prices

# So long after its end an interval is shown if none follows (reference section 4)
GRACE = timedelta(minutes=5)
HOLD, IMMEDIATE = "hold", "immediate"
MARKET, ADVANCED = "market", "advanced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """The user's choices.

    Attributes:
        publish_mode: `hold` shows the last confirmed price until the new one is;
            `immediate` shows estimates at once.
        confirmation_timeout: Seconds after an interval's start until its estimate is
            shown all the same; 0 is never.
        pricing_mode: `market`, or `advanced` for Amber's own forecast while estimated.
        surcharge: AUD/kWh on top of the general price inside demand windows.
    """

    publish_mode: str = HOLD
    confirmation_timeout: float = 60.0
    pricing_mode: str = MARKET
    surcharge: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of one channel.

    `interval` is the one that runs, perhaps only known from the forecast: its times,
    tariff and demand window hold. The prices (AUD/kWh; `price` with the surcharge),
    the descriptor and the spike status are those of an interval before while that is
    `held`. `estimate` and `source` ("market" or "advanced") are those of the price.
    """

    interval: Interval
    price: float | None
    spot: float | None
    renewables: float | None
    descriptor: str | None
    spike_status: str | None
    estimate: bool | None
    held: bool
    source: str

    @property
    def unconfirmed(self) -> bool | None:
        """Whether the running interval's own price may still change."""
        return _estimate(self.interval)


def is_final(interval: Interval) -> bool:
    """Tell whether a price will not change any more."""
    if interval.kind == "current":
        return interval.estimate is False
    return interval.kind == "actual"


def running(prices: ChannelPrices, now: datetime) -> Interval | None:
    """Return the interval that runs at `now`, else the last one that did.

    Before Amber is asked for the new interval, it is known from the forecast.
    """
    candidates = (*prices.past, prices.current, *prices.forecasts)
    return _newest(candidates, now) or prices.current


def told(
    prices: ChannelPrices, final: Interval | None, now: datetime
) -> Interval | None:
    """Return the last interval that Amber told as current or past at `now`."""
    return _newest((final, *prices.past, prices.current), now) or prices.current


def _newest(candidates: Iterable[Interval | None], now: datetime) -> Interval | None:
    """Return the last one that has begun; the first of several."""
    begun = [one for one in candidates if one is not None and one.start <= now]
    return max(begun, key=lambda one: one.start, default=None)


def last_final(
    prices: Prices, before: Mapping[Channel, Interval] = {}
) -> dict[Channel, Interval]:
    """Return the newest interval of each channel that is final, never an older one."""
    newest = dict(before)
    for channel, known in prices.channels.items():
        for one in (*known.past, known.current):
            if one is None or not is_final(one):
                continue
            held = newest.get(channel)
            if held is None or one.start >= held.start:
                newest[channel] = one
    return newest


def shown(
    prices: Prices,
    final: Mapping[Channel, Interval],
    publishing: Publishing,
    now: datetime,
) -> dict[Channel, Shown]:
    """Return what is shown at `now`; `final` is what `last_final` knows."""
    result = {}
    for channel, known in prices.channels.items():
        last, interval = told(known, final.get(channel), now), running(known, now)
        if last is None or interval is None or now >= last.end + GRACE:
            continue
        if interval.start <= last.start:
            interval = last
        result[channel] = _show(interval, last, final.get(channel), publishing, now)
    return result


def next_change(
    prices: Prices,
    final: Mapping[Channel, Interval],
    publishing: Publishing,
    now: datetime,
) -> datetime | None:
    """Return when time alone changes what is shown; `None` if it will not."""
    moments: list[datetime] = []
    for channel, known in prices.channels.items():
        # What was told may lie ahead of a clock that is late
        ahead = (*known.past, known.current, final.get(channel))
        moments += [one.start for one in ahead if one is not None]
        if (last := told(known, final.get(channel), now)) is None:
            continue
        moments += [one.start for one in known.forecasts if one.start > last.start]
        moments += [last.start + _timeout(publishing), last.end + GRACE]
    return min((moment for moment in moments if moment > now), default=None)


def _timeout(publishing: Publishing) -> timedelta:
    return timedelta(seconds=publishing.confirmation_timeout)


def _show(
    interval: Interval,
    last: Interval,
    final: Interval | None,
    publishing: Publishing,
    now: datetime,
) -> Shown:
    """Show the price of `last`, or of the `final` one before it, in `interval`."""
    ahead = interval is not last
    priced = _held(last, final, publishing, now) or last
    estimate = _estimate(priced)
    mode = publishing.pricing_mode if estimate is not False else MARKET
    price = priced.value(mode)
    general = interval.channel is Channel.GENERAL
    if price is not None and general and interval.demand_window:
        price = round(price + publishing.surcharge, 6)
    return Shown(
        interval=interval,
        price=price,
        spot=priced.spot,
        renewables=last.renewables,
        descriptor=priced.descriptor,
        spike_status=priced.spike_status,
        estimate=estimate,
        held=ahead or priced is not last,
        source=priced.source(mode),
    )


def _held(
    last: Interval, final: Interval | None, publishing: Publishing, now: datetime
) -> Interval | None:
    """Return the final price that is shown in the place of an estimate, if one is.

    Not one that is long over, as after an outage.
    """
    if is_final(last) or final is None or publishing.publish_mode != HOLD:
        return None
    if last.start - final.end > GRACE:
        return None
    if publishing.confirmation_timeout and now >= last.start + _timeout(publishing):
        return None
    return final


def _estimate(interval: Interval) -> bool | None:
    if interval.kind == "current":
        return interval.estimate
    return interval.kind == "forecast"
