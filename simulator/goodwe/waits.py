"""Waits that take as long on the simulator's clock, whatever that is."""

import asyncio

from ..clock import Clock

_STEP = 0.01


async def pause(clock: Clock, seconds: float) -> None:
    """Return when `seconds` have passed on the clock.

    A clock with a `sleep` of its own knows best. One that is set by hand is looked at
    often; where time goes by itself, the steps become long.
    """
    if (sleep := getattr(clock, "sleep", None)) is not None:
        await sleep(seconds)
        return
    until = clock().timestamp() + seconds
    step = _STEP
    while (rest := until - clock().timestamp()) > 0:
        step = min(step, rest)
        await asyncio.sleep(step)
        passed = rest - (until - clock().timestamp())
        step = step * 2 if passed >= step * 0.9 else _STEP
