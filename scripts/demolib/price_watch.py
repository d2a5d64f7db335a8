"""How soon Home Assistant shows the prices of a site, boundary by boundary."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta

from aiohttp import ClientError

from .folder import DemoError
from .price_site import SLOT, Prices, PriceSite, slot_start, utcnow
from .report import Report

WITHIN = 5.0  # s after the simulator has a final price
STEP = 0.25  # s between two looks
AFTER_HOLD = timedelta(seconds=65)  # from a boundary on estimates are shown too
PATIENCE = 15.0  # s for an estimate that is not held any more
BEGUN = timedelta(seconds=2)  # after which the answers belong to the new slot


class PriceWatch:
    """Looks at one site until it is told to end.

    A boundary at which Home Assistant does not run is no boundary.
    """

    def __init__(self, site: PriceSite, end: asyncio.Event) -> None:
        """Prepares it; `run` looks until the event is set."""
        self.site = site
        self.delays: list[float] = []  # s, of final prices
        self.estimates = 0  # that were right
        self.problems: list[str] = []
        self._end = end

    @property
    def facts(self) -> str:
        """What was seen."""
        delays = ", ".join(f"{delay:.1f} s" for delay in self.delays)
        told = [f"after {delays}"] * bool(delays)
        told += [f"{self.estimates} estimates"] * bool(self.estimates)
        return ", ".join(told) or "no boundary while Home Assistant ran"

    async def run(self) -> None:
        """Looks at each boundary that comes."""
        while not self._end.is_set():
            boundary = slot_start(utcnow())
            await self._look(boundary)
            await self._sleep_until(boundary + SLOT)

    async def _look(self, boundary: datetime) -> None:
        """Looks at what a slot brings from now on."""
        final_at = await self.site.final_at()
        if final_at is None:
            return
        if boundary <= final_at < boundary + SLOT:
            if final_at > utcnow() and await self._sleep_until(final_at):
                await self._see_final(final_at)
        elif utcnow() - boundary < AFTER_HOLD - BEGUN:
            await self._sleep_until(boundary + BEGUN)
            before = self.site.answered(await self.site.now())
            if await self._sleep_until(boundary + AFTER_HOLD):
                await self._see_estimate(before)

    async def _see_final(self, final_at: datetime) -> None:
        if not await self.site.hass.is_running():
            return
        while True:
            gone = (utcnow() - final_at).total_seconds()
            try:
                problems = await self.site.confirmed_problems()
            except DemoError, ClientError, TimeoutError:
                return  # it was killed in the middle
            if not problems:
                self.delays.append(gone)
                return
            if gone > WITHIN:
                self.problems += [f"{one}, {gone:.1f} s late" for one in problems]
                return
            await asyncio.sleep(STEP)

    async def _see_estimate(self, before: Prices) -> None:
        deadline = utcnow() + timedelta(seconds=PATIENCE)
        while await self.site.hass.is_running():
            try:
                problems = await self.site.shown_problems(before)
            except DemoError, ClientError, TimeoutError:
                return
            if not problems:
                self.estimates += 1
                return
            if utcnow() > deadline:
                self.problems += [f"{one} (estimate)" for one in problems]
                return
            await asyncio.sleep(1)

    async def _sleep_until(self, moment: datetime) -> bool:
        """Sleeps until a moment; False if the watch ends before."""
        left = (moment - utcnow()).total_seconds()
        try:
            async with asyncio.timeout(max(left, 0.001)):
                await self._end.wait()
        except TimeoutError:
            return True
        return False


async def watch_prices(
    sites: Sequence[PriceSite], others: Awaitable[object], report: Report
) -> None:
    """Watches sites while others do their work, and reports what was seen."""
    end = asyncio.Event()
    watches = [PriceWatch(site, end) for site in sites]

    async def theirs() -> None:
        try:
            await others
        finally:
            end.set()

    await asyncio.gather(theirs(), *(watch.run() for watch in watches))
    for watch in watches:
        what = f"final prices are shown at once, to the digit ({watch.facts})"
        report.add(f"{watch.site.tariff.name}: {what}", watch.problems)
