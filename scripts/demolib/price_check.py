"""The proof of prices: early, right to the digit, thrifty, and paid for to the cent."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from aiohttp import ClientError

from .bills import Rows, bill_problems, import_again, last_days, rows_of
from .folder import DemoError
from .hass import Hass
from .price_site import SLOT, Prices, PriceSite, slot_start, utcnow
from .price_trial import block_problems, forecast_problems, spike_problems
from .price_watch import watch_prices
from .report import Report, no_problem_within
from .runner import Running
from .sim import PriceSimulator
from .tariffs import find_tariffs

MOST_REQUESTS = 8  # of a site in five minutes, on average and unasked
# final prices that are minutes late are a trial of patience, not of speed
PUNCTUAL = {f"timing.{name}_share": 0.0 for name in ("late", "very_late", "never")}
BACK = 90  # s after a start in which the prices are there again


async def punctual_sites(
    hass: Hass, markets: Mapping[str, PriceSimulator]
) -> list[PriceSite]:
    """Returns all sites, on markets whose final prices are not late."""
    for market in markets.values():
        await market.set(PUNCTUAL)
    return [
        PriceSite(hass, tariff, markets[tariff.vendor.domain])
        for tariff in await find_tariffs(hass)
    ]


class Answers:
    """What a client was told about the running interval, one estimate after another."""

    def __init__(self) -> None:
        """Begins with nothing told."""
        self._interval: set[str] = set()
        self._told: list[Prices] = []

    def add(self, told: Any, prices: Prices) -> None:
        """Remembers an answer; that of another interval replaces all before."""
        if (interval := running_interval(told)) != self._interval:
            self._interval, self._told = interval, []
        if prices not in self._told:
            self._told.append(prices)

    def of(self, told: Any) -> list[Prices]:
        """Returns what was told before about the interval that runs now."""
        return self._told if running_interval(told) == self._interval else []


def running_interval(told: Any) -> set[str]:
    """Returns the start of the running interval, as the simulator tells it."""
    return {
        one["startTime"] for one in told["answer"] if one["type"] == "CurrentInterval"
    }


class PriceCheck:
    """Looks at all sites while others force batteries and kill Home Assistant."""

    def __init__(
        self, running: Running, markets: dict[str, PriceSimulator], report: Report
    ) -> None:
        """Takes the simulators by their domain."""
        self._running, self._markets, self._report = running, markets, report
        self._first = running.home_assistant
        self._end, self._tried = asyncio.Event(), asyncio.Event()
        self._begin = utcnow()
        self._sites: list[PriceSite] = []
        self._bills: dict[str, Rows] = {}
        self._answers: dict[str, Answers] = {}
        self._days = last_days(self._begin)

    async def before_kill(self) -> None:
        """Waits until nothing is left that a kill would disturb."""
        await self._tried.wait()

    async def run(self, others: Awaitable[None]) -> None:
        """Goes through all trials while the others do theirs."""
        self._sites = await punctual_sites(self._running.hass, self._markets)

        async def theirs() -> None:
            try:
                await others
            finally:
                self._end.set()

        self._answers = {site.tariff.site_id: Answers() for site in self._sites}
        work = asyncio.gather(theirs(), self._trials(), self._remember())
        await watch_prices(self._sites, work, self._report)
        await self._tell_requests()

    async def _trials(self) -> None:
        for site in self._sites:
            await self._try(site, "forecasts come in equal steps", forecast_problems)
            await self._try(site, "the cheapest hours are found", block_problems)
            await self._try(site, "usage and cost are those metered", self._bill)
        await self._try(self._sites[0], "a price spike is told", spike_problems)
        self._tried.set()
        await self._wait_for_restart()
        for site in self._sites:
            await self._try(site, "prices are back after a kill", self._back)
            await self._try(site, "nothing was imported twice", self._same_bill)

    async def _bill(self, site: PriceSite) -> list[str]:
        if problems := await import_again(site, self._days):
            return problems
        rows = self._bills[site.tariff.site_id] = await rows_of(site, self._days)
        return await bill_problems(site, self._days, rows)

    async def _same_bill(self, site: PriceSite) -> list[str]:
        """Has usage imported once more; nothing may change by that."""
        await site.press("import_usage")
        rows = await rows_of(site, self._days)
        same = rows == self._bills.get(site.tariff.site_id)
        return [] if same else ["the statistics have changed"]

    async def _back(self, site: PriceSite) -> list[str]:
        """Returns what prices are not back some time after a start.

        An estimate may be an earlier one of the interval: between two of them nobody
        asks.
        """
        answers = self._answers[site.tariff.site_id]

        async def find() -> list[str]:
            return await site.shown_problems(*answers.of(await site.now()))

        return await no_problem_within(BACK, find)

    async def _remember(self) -> None:
        """Remembers what the sites could be told, second by second."""
        while not self._end.is_set():
            for site in self._sites:
                with suppress(DemoError, ClientError, TimeoutError):
                    told = await site.now()
                    self._answers[site.tariff.site_id].add(told, site.answered(told))
            await asyncio.sleep(1)

    async def _wait_for_restart(self) -> None:
        """Waits until another Home Assistant runs, or the others are done."""
        while not self._end.is_set():
            again = self._running.home_assistant is not self._first
            if again and await self._running.hass.is_running():
                return
            await asyncio.sleep(1)

    async def _try(
        self,
        site: PriceSite,
        what: str,
        find: Callable[[PriceSite], Awaitable[list[str]]],
    ) -> None:
        try:
            problems = await find(site)
        except (DemoError, ClientError, TimeoutError, KeyError) as err:
            problems = [f"{type(err).__name__}: {err}"]
        self._tell(site, what, problems)

    def _tell(self, site: PriceSite, what: str, problems: list[str]) -> None:
        self._report.add(f"{site.tariff.name}: {what}", problems)

    async def _tell_requests(self) -> None:
        slots = (slot_start(utcnow()) - slot_start(self._begin)) // SLOT + 1
        for site in self._sites:
            asked = [
                one
                for one in await site.market.requests(site.tariff.site_id)
                if datetime.fromisoformat(one["at"]) >= self._begin
            ]
            refused = [one for one in asked if one["status"] == 429]
            problems = [f"{len(refused)} were refused"] * bool(refused)
            told = f"{len(asked)} in {slots} intervals, {site.presses} by buttons"
            if len(asked) - site.presses > MOST_REQUESTS * slots:
                problems.append(told)
            what = f"few requests ({told})"
            self._tell(site, what, problems)
