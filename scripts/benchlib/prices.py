"""How soon the confirmed price is shown, and what it costs: a simulated time.

The real poller and the real client ask the simulator, whose prices become final as
the reference's observations did (section 5.2); only the time is virtual.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import random
from statistics import mean
from typing import Any

from custom_components.amber_energy._vendor.core.client.http import HttpClient
from custom_components.amber_energy.api.client import AmberClient, SiteClient
from custom_components.amber_energy.api.ratelimits import RateLimits
from custom_components.amber_energy.connection import make_budget
from custom_components.amber_energy.driver import Channel, Interval, Prices
from custom_components.amber_energy.poller import PricePoller
from custom_components.amber_energy.publish import Publishing, last_final, shown
from simulator.amber import TOKEN, AmberSimulator, default_sites
from simulator.virtual_time import VirtualClock, VirtualLoop

from .wire import Session

START = datetime(2026, 10, 5, 1, 59, 50, tzinfo=UTC)
# Shortly before the client would give up
SLOW_USAGE, SLOW_RENEWABLES = 25.0, 12.0
_SLOT = 300.0
_WEEKS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What happens in the simulated time.

    Attributes:
        name: For people.
        lengths: Billing interval of each site of the one token, minutes.
        hours: How long it takes.
        others: Requests per 300 s that another client of the token makes.
        storms: How often the gateway throttles everything.
        storm_seconds: How long each time.
        thefts: How often somebody uses up the whole window.
        clock_off: Seconds that our clock is before the server's.
        imports: How often all usage is read, each week of it in `SLOW_USAGE` seconds.
        renewables: Whether they are read too, in `SLOW_RENEWABLES` seconds.
    """

    name: str
    lengths: tuple[int, ...] = (5,)
    hours: float = 24.0
    others: int = 0
    storms: int = 0
    storm_seconds: float = 240.0
    thefts: int = 0
    clock_off: float = 0.0
    imports: int = 0
    renewables: bool = False
    seed: int = 1


@dataclass(slots=True, kw_only=True)
class Figures:
    """What came of it.

    Attributes:
        delays: Seconds from when the API has a confirmed price until it is shown;
            until the interval's end where it never was.
        wrong: Shown as confirmed, but another number than the simulator's.
        missed: Intervals whose confirmed price the API had but was not shown in time.
        per_slot: Requests of each 5 minutes, all sites.
        window: The most requests that anybody's window saw.
        refused: Requests refused because the window was used up.
    """

    scenario: Scenario
    delays: list[float] = field(default_factory=list)
    wrong: int = 0
    missed: int = 0
    per_slot: list[int] = field(default_factory=list)
    window: int = 0
    refused: int = 0
    throttled: int = 0

    @property
    def mean_requests(self) -> float:
        """Requests per 5 minutes and site."""
        sites = len(self.scenario.lengths)
        return mean(self.per_slot) / sites if self.per_slot else 0.0

    def quantile(self, share: float) -> float:
        """Return the delay that this share (0-1) stays within."""
        ordered = sorted(self.delays)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def line(self) -> str:
        """Return a row of the table."""
        return (
            f"{self.scenario.name:<44}{len(self.delays):>6}"
            f"{self.quantile(0.5):>8.2f}{self.quantile(0.95):>8.2f}"
            f"{self.quantile(1.0):>8.1f}{self.missed:>8}"
            f"{self.mean_requests:>8.2f}{max(self.per_slot, default=0):>6}"
            f"{self.window:>8}{self.refused:>9}{self.throttled:>10}"
        )


HEADER = (
    f"{'scenario':<44}{'prices':>6}{'median':>8}{'95 %':>8}{'longest':>8}{'missed':>8}"
    f"{'req/5m':>8}{'most':>6}{'window':>8}{'refused':>9}{'throttled':>10}"
)

SCENARIOS = (
    Scenario(name="5-minute site"),
    Scenario(name="30-minute site", lengths=(30,)),
    Scenario(name="two sites on one token", lengths=(5, 5)),
    Scenario(name="5- and 30-minute site on one token", lengths=(5, 30)),
    Scenario(name="our clock 40 s late", clock_off=-40.0),
    Scenario(name="another client: 20 of 50 requests", others=20),
    Scenario(name="another client: 40 of 50 requests", others=40),
    Scenario(name="gateway 429 storms: 6 of 4 minutes", storms=6),
    Scenario(name="the same, 30-minute site", storms=6, lengths=(30,)),
    Scenario(name="window used up by someone else, 6 times", thefts=6),
    Scenario(name="both kinds of 429", storms=3, thefts=3),
    Scenario(name="slow usage import, 24 times", imports=24),
    Scenario(name="slow renewables, each 5 minutes", renewables=True),
    Scenario(name="both, two sites", imports=24, renewables=True, lengths=(5, 5)),
)


class Viewer:
    """Shows what one poller reads, and measures."""

    def __init__(
        self, simulator: AmberSimulator, site_id: str, length: int, clock: VirtualClock
    ) -> None:
        """Watch a site in true time."""
        self._simulator, self._site_id = simulator, site_id
        self._length, self._clock = timedelta(minutes=length), clock
        self._final: dict[Channel, Interval] = {}
        self.seen: dict[datetime, datetime] = {}
        self.wrong = 0

    def deliver(self, _raw: Any, prices: Prices) -> None:
        """Publish as the integration does."""
        self._final = last_final(prices, self._final)
        now = self._clock.now()
        general = shown(prices, self._final, Publishing(), now).get(Channel.GENERAL)
        if general is None or general.held or general.estimate is not False:
            return
        start = general.interval.start
        if start in self.seen or not start <= now < start + self._length:
            return
        self.seen[start] = now
        truth = self._simulator.truth.price(self._site_id, start) / 100
        self.wrong += general.price is None or abs(general.price - truth) > 1e-6

    def measure(self, until: datetime, figures: Figures) -> None:
        """Compare with when the API had the prices; the first interval is no matter."""
        start = START + timedelta(seconds=10)
        start += (
            self._length - (start - datetime.min.replace(tzinfo=UTC)) % self._length
        )
        figures.wrong += self.wrong
        while (end := start + self._length) <= until:
            final = self._simulator.truth.final_at(self._site_id, start)
            if final is not None and final < end:
                shown_at = self.seen.get(start)
                figures.missed += shown_at is None
                figures.delays.append(((shown_at or end) - final).total_seconds())
            start = end


async def _simulate(loop: VirtualLoop, scenario: Scenario) -> Figures:
    clock, ours = VirtualClock(loop), VirtualClock(loop)
    clock.jump(START - clock.now())
    ours.jump(START - ours.now() + timedelta(seconds=scenario.clock_off))
    sites = default_sites(5 * len(scenario.lengths), seed=1, now=START)[::5]
    for site, length in zip(sites, scenario.lengths, strict=True):
        site.interval_length = length
    simulator = AmberSimulator(clock=clock.now, sites=sites, seed=scenario.seed)
    slow = {"/usage": SLOW_USAGE, "/renewables/current": SLOW_RENEWABLES}
    session: Any = Session(simulator, clock, slow=slow, seed=scenario.seed)
    limits = RateLimits()
    http = HttpClient(
        session,
        "http://amber.test/v1",
        budget=make_budget(ours),
        clock=ours,
        redact=lambda text: text,
    )
    client = AmberClient(http, TOKEN, limits=limits, clock=ours)
    tasks, viewers = [], []
    for number, site in enumerate(sites):
        length = scenario.lengths[number]
        viewer = Viewer(simulator, site.id, length, clock)
        poller = PricePoller(
            client.for_site(site.id),
            limits=limits,
            clock=ours,
            interval_length=lambda length=length: length,  # type: ignore[misc]
            share=lambda: len(sites),
            deliver=viewer.deliver,
            rng=random.Random(scenario.seed + number),
        )
        viewers.append(viewer)
        tasks.append(asyncio.create_task(poller.run()))
    tasks += [
        asyncio.create_task(trouble)
        for trouble in (
            _others(simulator, scenario),
            _storms(simulator, scenario),
            _thefts(simulator, scenario),
            _imports(client.for_site(sites[0].id), clock, scenario),
            _renewables(client, scenario),
        )
    ]
    await asyncio.sleep(scenario.hours * 3600 + 10)
    figures = Figures(scenario=scenario)
    for task in tasks:
        if task.done():
            task.result()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for viewer in viewers:
        viewer.measure(clock.now(), figures)
    counts = Counter(
        int((moment - session.asked[0]) // _SLOT) for moment in session.asked
    )
    last = int(scenario.hours * 3600 // _SLOT)
    figures.per_slot = [counts[slot] for slot in range(last)]
    figures.window = max(simulator.limits.most.values(), default=0)
    figures.refused = simulator.limits.refused["prices_current"]
    figures.throttled = simulator.limits.refused["gateway"]
    return figures


async def _others(simulator: AmberSimulator, scenario: Scenario) -> None:
    """Ask as another client of the customer does.

    Unevenly, so that the windows, which begin with somebody's request, drift over all
    phases of the slots.
    """
    rng = random.Random(scenario.seed + 2)
    while scenario.others:
        await asyncio.sleep(_SLOT / scenario.others * rng.uniform(0.3, 1.7))
        simulator.spend("prices_current", 1)


async def _storms(simulator: AmberSimulator, scenario: Scenario) -> None:
    rng = random.Random(scenario.seed)
    for _ in range(scenario.storms):
        whole = scenario.hours * 3600 / scenario.storms - scenario.storm_seconds
        before = rng.uniform(0.2, 0.8) * whole
        await asyncio.sleep(before)
        simulator.limits.storm_rate = 1.0
        await asyncio.sleep(scenario.storm_seconds)
        simulator.limits.storm_rate = 0.0
        await asyncio.sleep(whole - before)


async def _thefts(simulator: AmberSimulator, scenario: Scenario) -> None:
    rng = random.Random(scenario.seed + 1)
    for _ in range(scenario.thefts):
        whole = scenario.hours * 3600 / scenario.thefts
        before = rng.uniform(0.2, 0.8) * whole
        await asyncio.sleep(before)
        caller = simulator.caller(simulator.accounts[0], simulator.token)
        left = simulator.limits.remaining(caller, "prices_current", simulator.clock())
        simulator.spend("prices_current", left)
        await asyncio.sleep(whole - before)


async def _imports(site: SiteClient, clock: VirtualClock, scenario: Scenario) -> None:
    """Read a quarter of a year of usage, one week after the other."""
    for _ in range(scenario.imports):
        last = clock.now().date() - timedelta(days=1)
        began = clock.monotonic()
        first = last - timedelta(days=7 * _WEEKS - 1)
        await site.get_usage(first, last)
        spent = clock.monotonic() - began
        await asyncio.sleep(scenario.hours * 3600 / scenario.imports - spent)


async def _renewables(client: AmberClient, scenario: Scenario) -> None:
    rng = random.Random(scenario.seed + 3)
    while scenario.renewables:
        await asyncio.sleep(_SLOT * rng.uniform(0.8, 1.2))
        await client.get_current_renewables("nsw", next=48)


def simulate(scenario: Scenario) -> Figures:
    """Run a scenario in virtual time."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_simulate(loop, scenario))
    finally:
        loop.close()
