"""What may still be asked for, with what other clients will use (reference section 5.1).

The headers are only as new as our last answer; others of the account go on asking.
"""

from datetime import datetime, timedelta

from .api.ratelimits import PRICES_CURRENT, RateLimits
from .polling import Quota

# Shorter than that, a window tells nothing of a rate
_LEAST = 60.0


def quota(limits: RateLimits, now: datetime, skew: timedelta, share: int) -> Quota:
    """Return the quota of one site in Amber's time; `now` is ours, `skew` what it lacks.

    What was used in the running window and not by us tells how fast others use it. Of
    a window that began before us, nobody knows: what was used then may be our own.
    """
    told = limits.tightest_around(PRICES_CURRENT, now)
    if told is None:
        return Quota(share=share)
    wait = told.wait(now)
    elapsed = float(told.window - told.reset)
    begun = told.received_at - timedelta(seconds=elapsed + 1)
    own = limits.answers_around(PRICES_CURRENT, begun, told.received_at)
    others = 0 if own is None else max(0, told.limit - told.remaining - own)
    return Quota(
        left=told.left(now),
        limit=told.limit,
        reset_at=now + skew + timedelta(seconds=wait) if wait else None,
        share=share,
        drain=others / max(elapsed, _LEAST) if wait else 0.0,
        told_at=told.received_at + skew,
    )
