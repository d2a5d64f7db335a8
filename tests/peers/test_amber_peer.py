"""The public client `amberelectric` reads the Amber simulator.

It does not read renewables: the three kinds of them are the same to it, and it refuses
what could be several.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any

from amberelectric.api.amber_api import AmberApi
from amberelectric.api_client import ApiClient
from amberelectric.configuration import Configuration
from amberelectric.exceptions import ApiException
import pytest

from simulator.amber import NEM, TOKEN, AmberSimulator

SITE = "01J9ZK3V7Q8M2N4P6R8T0W2X4Y"


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[AmberSimulator]:
    simulator = AmberSimulator(sites=5)
    await simulator.start()
    yield simulator
    await simulator.stop()


class Peer:
    """The client in a thread, because it blocks."""

    def __init__(self, url: str, token: str) -> None:
        configuration = Configuration(host=url, access_token=token)
        self.client = ApiClient(configuration)
        self._api = AmberApi(self.client)

    async def __call__(self, name: str, *arguments: Any, **options: Any) -> Any:
        return await asyncio.to_thread(getattr(self._api, name), *arguments, **options)


@pytest.fixture
def peer(sim: AmberSimulator) -> Iterator[Peer]:
    peer = Peer(sim.url, TOKEN)
    yield peer
    peer.client.rest_client.pool_manager.clear()


async def test_sites(peer: Peer, sim: AmberSimulator) -> None:
    sites = await peer("get_sites")
    assert [site.id for site in sites] == list(sim.sites)
    assert [site.status.value for site in sites] == [
        *("active", "active", "pending", "closed", "active")
    ]
    first = sites[0]
    assert (first.nmi, first.network) == ("4103123456", "Ausgrid")
    assert first.interval_length == 5
    assert first.active_from == date(2024, 3, 1)
    assert [channel.type.value for channel in first.channels] == [
        *("general", "controlledLoad", "feedIn")
    ]


@pytest.mark.parametrize("blanks", ["absent", "null"])
async def test_current_prices_of_all_sites(
    peer: Peer, sim: AmberSimulator, blanks: Any
) -> None:
    sim.blanks = blanks
    for site_id, site in sim.sites.items():
        found = [
            each.actual_instance
            for each in await peer(
                "get_current_prices", site_id, next=288, previous=2048 - 289
            )
        ]
        channels = len(site.channels) if site.status == "active" else 0
        kinds = [each.type for each in found]
        assert kinds.count("CurrentInterval") == channels
        assert kinds.count("ActualInterval") == channels * (2048 - 289)
        assert len([each for each in found if each.duration == 5]) > 0 or (
            site.minutes == 30 or not channels
        )


async def test_values(peer: Peer, sim: AmberSimulator) -> None:
    found = await peer("get_current_prices", SITE, previous=1)
    for each in found:
        interval = each.actual_instance
        if interval.type == "ActualInterval":
            channel = interval.channel_type.value
            start = interval.start_time - timedelta(seconds=1)
            assert interval.per_kwh == sim.truth.price(SITE, start, channel)
            assert interval.nem_time == interval.end_time
    tariffs = [each.actual_instance.tariff_information for each in found]
    assert tariffs[0].demand_window in {True, False}
    assert tariffs[-1] is None


async def test_prices_of_days(peer: Peer, sim: AmberSimulator) -> None:
    today = sim.clock().astimezone(NEM).date()
    for site_id in sim.sites:
        found = await peer(
            "get_prices",
            site_id,
            start_date=today - timedelta(days=3),
            end_date=today + timedelta(days=1),
        )
        dates = {each.actual_instance.var_date for each in found}
        assert len(dates) in ({5} if sim.sites[site_id].status == "active" else {0})


async def test_usage(peer: Peer, sim: AmberSimulator) -> None:
    end = sim.clock().astimezone(NEM).date() - timedelta(days=5)
    start = end - timedelta(days=6)
    found = await peer("get_usage", SITE, start, end)
    truth = sim.truth.usage(SITE, start, end)
    assert len(found) == len(truth.records)
    for identifier, total in truth.channels.items():
        mine = [each for each in found if each.channel_identifier == identifier]
        assert sum(each.kwh for each in mine) == pytest.approx(float(total.kwh))
        assert sum(each.cost for each in mine) == pytest.approx(float(total.cost))
    assert {each.quality for each in found} <= {"billable", "estimated"}


async def test_a_bad_token_and_a_used_up_budget(
    peer: Peer, sim: AmberSimulator
) -> None:
    with pytest.raises(ApiException) as error:
        await Peer(sim.url, "psk_wrong")("get_sites")
    assert error.value.status == 403
    sim.limits.limit = 0
    with pytest.raises(ApiException) as error:
        await peer("get_sites")
    assert error.value.status == 429
