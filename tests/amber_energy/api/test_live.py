"""Client and driver against the simulated Amber, by what it knows to be true."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from itertools import pairwise
from typing import Literal

import aiohttp
import pytest

from custom_components.amber_energy import driver
from custom_components.amber_energy._vendor.core.client.budget import Budget
from custom_components.amber_energy._vendor.core.client.errors import (
    AuthError,
    BadDataError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from custom_components.amber_energy._vendor.core.client.http import HttpClient
from custom_components.amber_energy._vendor.core.client.redact import Redactor
from custom_components.amber_energy.api.client import AmberClient
from custom_components.amber_energy.api.ratelimits import RateLimits
from custom_components.amber_energy.driver import NEM, Channel
from simulator.amber import TOKEN, AmberSimulator, Timing
from tests.core.fake_clock import FakeClock

from .samples import at


@pytest.fixture
def clock() -> FakeClock:
    """12:02:30 in the market's time."""
    return FakeClock(at(2, 2) + timedelta(seconds=30), auto=True)


@pytest.fixture
async def sim(clock: FakeClock, amber: None) -> AsyncGenerator[AmberSimulator]:
    """Five sites; each price is final 20 s after its interval's start."""
    simulator = AmberSimulator(clock=clock.now, sites=5, timing=Timing(fixed=20.0))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def client(
    sim: AmberSimulator, clock: FakeClock, limits: RateLimits
) -> AsyncGenerator[AmberClient]:
    """A client of the simulated account."""
    async with aiohttp.ClientSession() as session:
        http = HttpClient(
            session,
            sim.url,
            budget=Budget(clock=clock),
            clock=clock,
            redact=Redactor().text,
        )
        yield AmberClient(http, TOKEN, limits=limits, clock=clock)


@pytest.fixture
def first(sim: AmberSimulator) -> str:
    """A site with all channels and intervals of 5 minutes."""
    return next(iter(sim.sites))


async def test_sites(
    client: AmberClient, sim: AmberSimulator, clock: FakeClock
) -> None:
    sites = driver.sites(await client.list_sites(), clock.now()).sites
    assert list(sites) == list(sim.sites)
    assert [site.status for site in sites.values()] == [
        "active",
        "active",
        "pending",
        "closed",
        "active",
    ]
    assert [site.interval_length for site in sites.values()] == [5, 30, 5, 30, 5]


async def test_prices(
    client: AmberClient, sim: AmberSimulator, clock: FakeClock, first: str
) -> None:
    raw = await client.get_current_prices(first, next=288, previous=1)
    prices = driver.prices(raw, clock.now())
    assert list(prices.channels) == list(Channel)
    for channel, found in prices.channels.items():
        assert found.current is not None
        assert (found.current.start, found.current.end) == (at(2, 0), at(2, 5))
        assert found.current.estimate is False
        sign = -1 if channel is Channel.FEED_IN else 1
        cents = sim.truth.price(first, at(2, 0), channel.wire)
        assert found.current.price == pytest.approx(sign * cents / 100, abs=1e-6)
        assert [item.start for item in found.past] == [at(1, 55)]
        assert {item.duration for item in found.forecasts} == {5, 30}
        intervals = (*found.past, found.current, *found.forecasts)
        for item, later in pairwise(intervals):
            assert item.end == later.start
        for item in found.forecasts:
            if item.advanced is not None:
                assert item.advanced.low is not None
                assert item.advanced.high is not None
                assert (
                    item.advanced.low <= item.advanced.predicted <= item.advanced.high
                )


async def test_a_light_answer_is_merged(
    client: AmberClient, clock: FakeClock, first: str
) -> None:
    full = await client.get_current_prices(first, next=288, previous=1)
    before = driver.prices(full, clock.now()).channels[Channel.FEED_IN]
    await clock.sleep(300)
    light = await client.get_current_prices(first)
    merged = driver.merge(full, light)
    after = driver.prices(merged, clock.now()).channels[Channel.FEED_IN]
    assert after.current is not None
    assert after.current.start == before.forecasts[0].start
    assert after.forecasts == before.forecasts[1:]
    assert [item.price for item in after.past][1:] == [
        before.current and before.current.price
    ]


@pytest.mark.parametrize("negative", [True, False])
async def test_usage(
    client: AmberClient,
    sim: AmberSimulator,
    clock: FakeClock,
    first: str,
    negative: bool,
) -> None:
    sim.sites[first].negative_kwh = negative
    today = clock.now().astimezone(NEM).date()
    start, end = today - timedelta(days=12), today - timedelta(days=4)
    records = driver.usage(await client.get_usage(first, start, end))
    truth = sim.truth.usage(first, start, end)
    assert len(records) == 9 * 288 * 3
    for identifier, known in truth.channels.items():
        mine = [item for item in records if item.identifier == identifier]
        kwh, cost = float(known.kwh), float(known.cost) / 100
        assert sum(item.kwh for item in mine) == pytest.approx(abs(kwh), abs=1e-6)
        assert sum(item.cost for item in mine) == pytest.approx(cost, abs=1e-6)


async def test_prices_of_days(
    client: AmberClient, clock: FakeClock, first: str
) -> None:
    today = clock.now().astimezone(NEM).date()
    raw = await client.get_prices(first, today - timedelta(days=9), today)
    general = driver.prices(raw, clock.now()).channels[Channel.GENERAL]
    # Nine whole days and twelve hours
    assert len(general.past) == 9 * 288 + 12 * 12
    assert general.current is not None
    assert general.forecasts[0].start == general.current.end


async def test_renewables(client: AmberClient, clock: FakeClock) -> None:
    raw = await client.get_current_renewables("nsw", previous=6, next=3, resolution=5)
    found = driver.renewables(raw, clock.now())
    assert (len(found.past), len(found.forecasts)) == (6, 3)
    assert found.current is not None
    assert found.current.duration == 5
    with pytest.raises(UnsupportedError):
        await client.get_current_renewables("tas")


@pytest.mark.parametrize("headers", ["all", "reset", "none"])
@pytest.mark.parametrize("body", ["json", "text", "empty"])
async def test_a_limit_that_others_used_up(
    client: AmberClient,
    sim: AmberSimulator,
    clock: FakeClock,
    first: str,
    headers: Literal["all", "reset", "none"],
    body: Literal["json", "text", "empty"],
) -> None:
    """In every variant that was not recorded, prices come again after the window."""
    sim.limits.current = "own"
    sim.limits.refused_headers = headers
    sim.limits.refused_body = body
    await client.get_current_prices(first)
    sim.spend("prices_current", 60)
    kind = TransportError if headers == "none" else ThrottledError
    for _ in range(3):
        with pytest.raises(kind):
            await client.get_current_prices(first)
    refused = 3 if headers == "none" else 1
    assert len(sim.counters.requests("prices/current")) == 1 + refused
    await client.list_sites()
    await clock.sleep(302)
    await client.get_current_prices(first)


async def test_our_own_requests_never_run_into_the_limit(
    client: AmberClient, sim: AmberSimulator, first: str
) -> None:
    for _ in range(50):
        await client.get_current_prices(first)
    with pytest.raises(ThrottledError) as caught:
        await client.get_current_prices(first)
    assert caught.value.reason == "rate_limit"
    assert len(sim.counters.requests("prices/current")) == 50
    assert sum(sim.limits.refused.values()) == 0


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_was_revoked(
    client: AmberClient, sim: AmberSimulator, first: str, status: Literal[401, 403]
) -> None:
    sim.bad_token_status = status
    sim.revoke(TOKEN)
    with pytest.raises(AuthError):
        await client.get_current_prices(first)
    await client.get_current_renewables("nsw")


async def test_too_many_intervals(client: AmberClient, first: str) -> None:
    with pytest.raises(BadDataError) as caught:
        await client.get_current_prices(first, next=5000)
    assert caught.value.reason == "bad_request"
