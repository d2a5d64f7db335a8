"""Asks for the prices of one site when it is worthwhile (reference section 5.3).

It plans on the server's clock, obeys what the headers say is left, and goes on
whatever happens. It knows no Home Assistant: who owns it either lets it ``run`` or
calls ``step`` whenever ``next_poll`` has come.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
import logging
import random
from typing import Any

from . import driver
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    ThrottledError,
    TransportError,
)
from .api.ratelimits import RateLimits
from .budgeting import quota
from .driver import Prices
from .finality import Records, keep_final, leading, news_in, same_running
from .merging import without_past
from .odds import Odds
from .past import Past
from .polling import (
    REFUSALS,
    Call,
    Pauses,
    Planned,
    Slot,
    back_off,
    new_slot,
    plan,
    slot_start,
)
from .publish import is_final
from .source import Source

_LOGGER = logging.getLogger(__name__)

_ALL = 288  # reaches beyond the whole forecast (3.2)
_WANTED: dict[Call, dict[str, int]] = {
    Call.BOUNDARY: {"next": _ALL, "previous": 1},
    Call.FULL: {"next": _ALL},
    Call.LIGHT: {},
}
# A timer may fire a little early
_EARLY = timedelta(milliseconds=20)
# After an answer that no repetition helps against
_HOPELESS = timedelta(minutes=5)
# After a refusal that may be a slip, and after one that likely is none
_ONCE_MORE, _REFUSED = timedelta(seconds=10), timedelta(minutes=30)
# So many of the gateway's refusals may be the own limit's without its headers, whose
# block may last from the last request on (reference section 5.1)
_SUSPICIOUS = 8
_SILENCE = timedelta(seconds=310)
# What `next_poll` looks through at most, with a used-up budget
_SLOTS_AHEAD = 4


class PricePoller:
    """The calls for one site.

    Attributes:
        status: `ok`, `rate_limited`, `auth_error`, `server_error` or `no_data`.
        last_confirmed: When a final price was last seen in time, by our clock.
        confirmation_delay: How many seconds after its slot's start the last one was
            there of which the estimate before was seen, or that was pushed.
        polls_last_interval: Requests of the last whole 5-minute slot.
        raw: The newest prices as Amber sent them; what came since is merged in.
        data_source: Who told the newest price: `polling` or `websocket`.
    """

    def __init__(
        self,
        source: Source,
        *,
        limits: RateLimits,
        clock: Clock,
        interval_length: Callable[[], int],
        share: Callable[[], int] = lambda: 1,
        deliver: Callable[[Records, Prices], None] = lambda _raw, _prices: None,
        changed: Callable[[], None] = lambda: None,
        failed: Callable[[ApiError], None] = lambda _: None,
        pairs: object = None,
        learned: Callable[[list[list[float]]], None] = lambda _: None,
        previous_at_start: Callable[[], int] = lambda: 1,
        rng: random.Random | None = None,
    ) -> None:
        """Prepare; nothing is asked.

        Args:
            source: What is asked.
            limits: What the headers said, of all users of the token.
            clock: Our time.
            interval_length: Minutes of a billing interval.
            share: How many sites share the token.
            deliver: Gets all prices, as Amber's JSON and the reading of it, when some
                are new.
            changed: Called after an answer with nothing new: what the poller says of
                itself is other than before.
            failed: Gets each error of a call that was planned.
            pairs: What `learned` got in an earlier run.
            learned: Gets what is worth remembering, as plain JSON.
            previous_at_start: How many intervals that are over are asked for first.
            rng: Makes the jitter.
        """
        self._source, self._clock = source, clock
        self._limits = limits
        self._interval_length, self._share = interval_length, share
        self._deliver, self._changed = deliver, changed
        self._failed, self._learned = failed, learned
        self._previous_at_start, self._past = previous_at_start, Past()
        self._rng = rng or random.Random()
        self._seed = self._rng.random()
        self.odds = Odds(pairs)
        self._pauses = Pauses()
        self._failures = self._refusals = 0
        self._slot: Slot | None = None
        self._busy = asyncio.Lock()
        self._prices: Prices | None = None  # the reading of `raw`, and the past
        self.status = "no_data"
        self.raw: Records = []
        self.last_confirmed: datetime | None = None
        self.confirmation_delay: float | None = None
        self.polls_last_interval: int | None = None
        self.data_source = "polling"

    @property
    def next_poll(self) -> datetime:
        """When the next call is due by our clock."""
        return self._planned().at - self._skew

    @property
    def busy(self) -> bool:
        """Whether a call is on its way; what comes next is known after it."""
        return self._busy.locked()

    @property
    def server_now(self) -> datetime:
        """The time by Amber's clock, as far as it is known."""
        return self._clock.now() + self._skew

    async def run(self) -> None:
        """Ask for ever."""
        while True:
            async with self._busy:
                due = self.next_poll
            await self._clock.sleep(max(0.0, (due - self._clock.now()).total_seconds()))
            await self.step()

    async def step(self) -> None:
        """Make the call that is due, if one is; errors only go to `failed`."""
        if self.busy:
            return
        planned = self._planned()
        if planned.at > self.server_now + _EARLY:
            return
        try:
            await self.ask(planned.call)
        except ApiError as err:
            self._failed(err)
        except Exception:
            # A timer chain that dies is never noticed (reference section 10, row 21)
            _LOGGER.exception("Prices could not be read")
            self._pause(BadDataError("unexpected"))
            self._changed()

    async def ask(self, call: Call = Call.BOUNDARY) -> Any:
        """Ask now, whatever is planned; return all prices as Amber's JSON.

        Raises:
            ApiError: What the client raises; `BadDataError` if it makes no sense.
        """
        async with self._busy:
            slot = self._current_slot()
            slot.polls += 1
            asked_at = self.server_now
            slot.asked = max(slot.offset(asked_at), 0.0)
            try:
                raw = await self._request(call)
                told = driver.prices(raw, self._clock.now())
            except ApiError as err:
                self._pause(err)
                raise
            again = not self._failures and call is Call.LIGHT
            new = not (again and all(record in self.raw for record in raw))
            before = self._prices
            known = self._merge(raw, told, call) if new else before
            if not same_running(before, known):
                self.data_source = "polling"
            self._failures = self._refusals = 0
            self._pauses = Pauses()
            currents = any(known.current for known in told.channels.values())
            self.status = "ok" if currents else "no_data"
            self._note(slot, call, asked_at, told)
            self._tell(new=new)
            return self.raw

    def push(self, raw: Records) -> None:
        """Take over current prices that Amber sent by itself (3.7).

        Raises:
            BadDataError: They make no sense.
        """
        told = driver.prices(raw, self._clock.now())
        if self._prices is None or not (news := news_in(raw, told, self._prices)):
            return
        slot = self._current_slot()
        pushed = driver.prices(news, told.observed_at)
        known = self._merge(news, pushed, Call.LIGHT)
        self.data_source = "websocket"
        leads = leading(known, slot.start)
        if leads is not None and leads.channel in pushed.channels:
            # How long Amber's own push took is nothing that polling can learn from
            slot.disturbed = True
            self._confirm(slot, known, pushed=True)
        self._tell(new=True)

    def _current_slot(self) -> Slot:
        """Return the slot that runs, after closing the one before."""
        start = slot_start(self.server_now)
        if self._slot is None or self._slot.start < start:
            before = self._slot
            self._slot = self._new_slot(start)
            if before is None:
                # Its estimates may not have been seen; and all is asked at once
                self._slot.disturbed, self._slot.opened = True, False
            if before is not None and before.end == start:
                self.polls_last_interval = before.polls
        return self._slot

    def _planned(self) -> Planned:
        now, slot = self.server_now, self._current_slot()
        free = quota(self._limits, self._clock.now(), self._skew, self._share())
        for _ in range(_SLOTS_AHEAD):
            planned = plan(slot, now, self.odds, free, self._pauses)
            if planned is not None:
                return planned
            slot = self._new_slot(slot.end)
        return Planned(max(slot.at(slot.opening), self._pauses.hard), Call.BOUNDARY)

    def _new_slot(self, start: datetime) -> Slot:
        """Return a slot, whose jitter is the same whenever it is looked at."""
        rng = random.Random(self._seed + start.timestamp())
        return new_slot(start, self._interval_length(), rng)

    async def _request(self, call: Call) -> Records:
        wanted = _WANTED[call]
        if self._prices is None and call is Call.BOUNDARY:
            wanted = wanted | {"previous": min(max(self._previous_at_start(), 1), _ALL)}
        return await self._source.get_current_prices(**wanted)

    def _merge(self, raw: Records, told: Prices, call: Call) -> Prices:
        """Merge an answer into what is known, and return all that is."""
        if self._prices is None:
            merged = raw
        elif call is Call.LIGHT:
            merged = driver.merge(without_past(self.raw), raw)
        else:
            merged = keep_final(self.raw, self._prices, raw, told)
        if merged is not raw:
            told = driver.prices(merged, told.observed_at)
        self.raw, self._prices = merged, self._past.join(told)
        return self._prices

    def _tell(self, *, new: bool) -> None:
        """Have listeners look, last of all: they see what the poller says of itself."""
        if new and self._prices is not None:
            self._deliver(self.raw, self._prices)
        else:
            self._changed()

    def _note(self, slot: Slot, call: Call, asked_at: datetime, prices: Prices) -> None:
        """Note what an answer says of the slot that it was asked in."""
        full = call is not Call.LIGHT
        slot.opened = slot.opened or full
        if slot.confirmed_at is not None:
            slot.refreshed = slot.refreshed or full
            return
        leads = leading(prices, slot.start)
        slot.thin = leads is None or leads.estimate is None
        if leads is None:
            return
        offset = slot.offset(asked_at)
        if is_final(leads) and slot.final:
            if not slot.disturbed and slot.estimate_at is not None:
                self.odds.add(slot.estimate_at, offset)
                self._learned(self.odds.dump())
            self._confirm(slot, prices)
            slot.refreshed = full and not slot.others_open
        elif leads.estimate:
            slot.estimate_at = offset

    def _confirm(self, slot: Slot, prices: Prices, *, pushed: bool = False) -> None:
        leads = leading(prices, slot.start)
        if slot.confirmed_at is not None or leads is None or not is_final(leads):
            return
        offset = slot.offset(self.server_now)
        slot.confirmed_at = offset
        slot.others_open = any(
            known.current is not None and not is_final(known.current)
            for known in prices.channels.values()
        )
        self.last_confirmed = self._clock.now()
        # Else it may have been final long before we asked
        if pushed or slot.estimate_at is not None:
            self.confirmation_delay = round(offset, 1)

    def _pause(self, err: ApiError) -> None:
        """Draw the consequences of an error."""
        now = self.server_now
        if self._slot is not None:
            self._slot.disturbed = True
        self._failures += 1
        match err:
            case AuthError():
                self._refusals += 1
                again = _ONCE_MORE if self._refusals < REFUSALS else _REFUSED
                self._pauses.hard = max(self._pauses.hard, now + again)
                self.status = "auth_error"
            case ThrottledError():
                wait = err.retry_after if err.retry_after is not None else 300.0
                until = now + timedelta(seconds=wait)
                self._pauses.hard = max(self._pauses.hard, until)
                self.status = "rate_limited"
            case TransportError():
                wait = back_off(self._failures, self._rng)
                self._pauses.soft = now + timedelta(seconds=wait)
                throttled = err.reason == "gateway_throttled"
                if throttled and self._failures % _SUSPICIOUS == 0:
                    self._pauses.hard = now + _SILENCE
                self.status = "rate_limited" if throttled else "server_error"
            case _:
                self._pauses.soft = now + _HOPELESS
                self.status = "server_error"

    @property
    def _skew(self) -> timedelta:
        return self._source.clock_skew or timedelta()
