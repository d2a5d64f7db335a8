"""One connection's requests: a slow one must not make a confirmed price late."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.amber_energy._vendor.core.client.errors import ThrottledError
from custom_components.amber_energy.api.client import AmberClient
from custom_components.amber_energy.api.ratelimits import PRICES, PRICES_CURRENT
from custom_components.amber_energy.connection import async_connect
from custom_components.amber_energy.const import REQUEST_LIMIT
from simulator.amber import AmberSimulator

DAY = date(2026, 10, 1)
# On the loopback an answer takes some milliseconds
AT_ONCE = 2.0

type Ask = Callable[[AmberClient, list[str]], Coroutine[Any, Any, object]]


@pytest.fixture
def frozen_time() -> None:
    """Here time passes by itself."""


@pytest.fixture
def site_count() -> int:
    """Two of one token."""
    return 2


async def arrival(sim: AmberSimulator, endpoint: str) -> None:
    """Return when the first request has come."""
    for _ in range(500):
        if sim.counters.count(endpoint):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nothing came")


@pytest.mark.parametrize(
    ("endpoint", "ask"),
    [
        ("usage", lambda client, ids: client.get_usage(ids[0], DAY, DAY)),
        ("sites", lambda client, _ids: client.list_sites()),
        ("renewables", lambda client, _ids: client.get_current_renewables("nsw")),
        ("prices", lambda client, ids: client.get_prices(ids[0], DAY, DAY)),
        ("prices/current", lambda client, ids: client.get_current_prices(ids[1])),
    ],
)
async def test_a_hanging_request_delays_no_price(
    hass: HomeAssistant, sim: AmberSimulator, endpoint: str, ask: Ask
) -> None:
    connection = await async_connect(hass, sim.token, sim.url)
    client, ids = connection.client, list(sim.sites)
    sim.faults.add("delay", endpoint, count=1, seconds=60)
    hanging = asyncio.create_task(ask(client, ids))
    await arrival(sim, endpoint)
    try:
        async with asyncio.timeout(AT_ONCE):
            assert await client.get_current_prices(ids[0])
    finally:
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
    assert connection.account.budget.requests_today == 2


async def test_one_site_s_prices_are_asked_for_one_after_the_other(
    hass: HomeAssistant, sim: AmberSimulator
) -> None:
    """Two answers of one site cannot overtake each other."""
    connection = await async_connect(hass, sim.token, sim.url)
    client, ids = connection.client, list(sim.sites)
    sim.faults.add("delay", "prices/current", count=1, seconds=60)
    hanging = asyncio.create_task(client.get_current_prices(ids[0]))
    await arrival(sim, "prices/current")
    second = asyncio.create_task(client.get_current_prices(ids[0]))
    await asyncio.sleep(0.2)
    assert sim.counters.count("prices/current") == 1
    hanging.cancel()
    assert await second
    await asyncio.gather(hanging, return_exceptions=True)


async def test_all_prices_count_together(
    hass: HomeAssistant, sim: AmberSimulator
) -> None:
    connection = await async_connect(hass, sim.token, sim.url)
    client, ids = connection.client, list(sim.sites)
    for site_id in ids:
        await client.get_current_prices(site_id)
    await client.get_prices(ids[0], DAY, DAY)
    connection.account.budget.require(REQUEST_LIMIT - 3, PRICES_CURRENT)
    with pytest.raises(ThrottledError):
        connection.account.budget.require(REQUEST_LIMIT - 2, PRICES)
