"""When Amber is asked for prices (reference section 5.3): no I/O, no clock.

A slot is one of the market's 5-minute steps; its price becomes final within it. Times
are aware UTC by Amber's clock, offsets are seconds after a slot's start.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import math
import random

from .odds import LAST_LIGHT, Odds

SLOT = timedelta(minutes=5)
SECONDS = SLOT.total_seconds()

# Requests of one slot at most, and what is left to the account's other clients
CAP = 20
RESERVE = 10
# So many refusals of the token in a row are a matter for people
REFUSALS = 2
# With fewer than so many, the first call waits until it likely sees the final price
FEW = 3
# Where another channel is still estimated when the first is final
OTHER_CHANNELS = 3.0
# Without a running interval to look at, it is not asked for more often
THIN = 15.0
# A call later than that belongs to the next slot
_LATEST = SECONDS - 5.0
# Both the server's time and the reset are whole seconds
_AFTER_RESET = timedelta(seconds=1)
_OPENING = (1.0, 4.0)
_OPENING_SLOW = (25.0, 35.0)


class Call(StrEnum):
    """What is asked for."""

    BOUNDARY = "boundary"  # all forecasts, and the interval before
    LIGHT = "light"  # the running interval only
    FULL = "full"  # all forecasts


@dataclass(frozen=True, slots=True)
class Planned:
    """The next call."""

    at: datetime
    call: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What the account may still ask for, as the last headers say.

    Attributes:
        left: Requests until the reset; `None` if nobody told yet.
        limit: Requests of a whole window.
        reset_at: When all of them are free again; `None` if they are.
        share: How many sites share them.
        drain: How many of them others use in a second, since `told_at`.
    """

    left: int | None = None
    limit: int = 50
    reset_at: datetime | None = None
    share: int = 1
    drain: float = 0.0
    told_at: datetime | None = None

    def allowed(self, at: datetime, made: int) -> int:
        """Return how many calls one site may make from `at` on, after `made`."""
        share = max(1, self.share)
        left = self.left
        if self.reset_at is not None and at >= self.reset_at + _AFTER_RESET:
            left = self.limit
        elif left is not None and self.told_at is not None:
            left -= int(self.drain * max(0.0, (at - self.told_at).total_seconds()))
        free = CAP if left is None else (left - RESERVE) // share
        return max(0, min(free, CAP - made))

    def more_at(self, at: datetime) -> datetime | None:
        """Return when more is allowed than at `at`; `None` if time brings nothing."""
        if self.reset_at is None or at >= self.reset_at + _AFTER_RESET:
            return None
        return self.reset_at + _AFTER_RESET


@dataclass(slots=True, kw_only=True)
class Slot:
    """What is known of one slot, and what was done in it.

    `final` is whether its price can become final in it: on a 30-minute site only the
    last slot of an interval's (reference section 5.3). `disturbed` keeps it from being
    learned from.
    """

    start: datetime
    final: bool
    opening: float
    polls: int = 0
    opened: bool = False
    refreshed: bool = False
    thin: bool = False
    disturbed: bool = False
    asked: float = 0.0
    estimate_at: float | None = None
    confirmed_at: float | None = None
    others_open: bool = False

    @property
    def end(self) -> datetime:
        """The start of the next one."""
        return self.start + SLOT

    def offset(self, moment: datetime) -> float:
        """Return the seconds from the start to `moment`."""
        return (moment - self.start).total_seconds()

    def at(self, offset: float) -> datetime:
        """Return the moment of an offset."""
        return self.start + timedelta(seconds=offset)


@dataclass(slots=True, kw_only=True)
class Pauses:
    """What keeps us from asking after failures.

    `soft` is our own patience, `hard` is what Amber asked for. The first call of the
    next slot does not wait for the former.
    """

    soft: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    hard: datetime = field(default=datetime.min.replace(tzinfo=UTC))


def slot_start(moment: datetime) -> datetime:
    """Return the start of the slot that `moment` is in."""
    seconds = moment.timestamp()
    return datetime.fromtimestamp(seconds - seconds % SECONDS, UTC)


def new_slot(start: datetime, interval_length: int, rng: random.Random) -> Slot:
    """Return a slot nothing happened in, with its own random first moment."""
    minutes = max(5, interval_length)
    final = (start + SLOT).timestamp() % (minutes * 60) == 0
    slow = interval_length > 5
    slot = Slot(
        start=start,
        final=final,
        opening=rng.uniform(*(_OPENING_SLOW if slow else _OPENING)),
    )
    # The slots before brought the forecasts; here only the price is waited for
    slot.opened = slow and final
    return slot


def plan(
    slot: Slot, now: datetime, odds: Odds, quota: Quota, pauses: Pauses
) -> Planned | None:
    """Return the next call in `slot`, perhaps overdue; `None` if there is none."""
    wanted = _wanted(slot, now, odds, quota)
    if wanted is None:
        return None
    offset, call = wanted
    at = max(slot.at(offset), pauses.hard)
    if slot.polls or call is not Call.BOUNDARY:
        at = max(at, pauses.soft)
    # Overdue ones are made now, with what is free now
    if not quota.allowed(max(at, now), slot.polls):
        more = quota.more_at(max(at, now))
        if more is None or not quota.allowed(more, slot.polls):
            return None
        at = more
    return Planned(at, call) if slot.offset(max(at, now)) <= _LATEST else None


def _wanted(
    slot: Slot, now: datetime, odds: Odds, quota: Quota
) -> tuple[float, Call] | None:
    if not slot.opened:
        offset = slot.opening
        few = quota.allowed(max(slot.at(offset), now), slot.polls) < FEW
        # One call then brings all: the final price and the forecasts after it
        return (odds.likely if few and slot.final else offset), Call.BOUNDARY
    if slot.confirmed_at is not None:
        wait = OTHER_CHANNELS if slot.others_open else 0.0
        return None if slot.refreshed else (slot.asked + wait, Call.FULL)
    if not slot.final:
        return None
    allowed = quota.allowed(max(slot.at(odds.start), now), slot.polls)
    # One is kept for the forecasts
    left = allowed - 1 if allowed >= FEW else allowed
    after = slot.asked + THIN - odds.step if slot.thin else slot.asked
    offset = odds.next_light(max(after, 0.0), max(left, 1))
    return (offset, Call.LIGHT) if offset <= LAST_LIGHT else None


def back_off(failures: int, rng: random.Random) -> float:
    """Return the seconds after so many failures in a row (reference section 4)."""
    if failures <= 1:
        return rng.uniform(2.0, 5.0)
    return min(300.0, 5.0 * math.pow(2.0, min(failures - 2, 10))) * rng.uniform(
        0.9, 1.1
    )
