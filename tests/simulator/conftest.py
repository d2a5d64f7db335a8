"""One simulator per vendor on a bright day in May, 13:10:30 local time.

An AlphaESS cloud with four homes; three sonnenBatterien. The five sites of Amber live
at 12:00:10 NEM on a Monday in October, prices are final 20 s after the boundary.
Growatt has the homes that `kinds` says, one MIN unless a test asks for others; Sungrow
those that `plants` says, one hybrid; GoodWe those that `stations` says, one hybrid.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from simulator.alphaess import AlphaEssSimulator
from simulator.amber import AmberSimulator, Site, Timing
from simulator.clock import ManualClock
from simulator.goodwe import GoodWeSimulator
from simulator.growatt import GrowattSimulator
from simulator.sonnen import SonnenBattery, SonnenSimulator
from simulator.sungrow import SungrowSimulator

from .alphaess_client import Client
from .amber_client import SITE, AmberClient
from .goodwe_client import Portal
from .growatt_client import Token
from .sonnen_client import Wire
from .sungrow_client import Gateway


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 5, 3, 11, 10, 30, tzinfo=UTC))


@pytest.fixture
async def sim(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[AlphaEssSimulator]:
    simulator = AlphaEssSimulator(clock=clock, homes=4)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client_session:
        yield client_session


@pytest.fixture
async def api(sim: AlphaEssSimulator, session: aiohttp.ClientSession) -> Client:
    return Client(sim, session)


@pytest.fixture
async def sonnen(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[SonnenSimulator]:
    simulator = SonnenSimulator(clock=clock, batteries=3)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def battery(sonnen: SonnenSimulator) -> SonnenBattery:
    """Return the first, in a house that stands still: 500 W, no sun, 72 %."""
    battery = sonnen.batteries[0]
    battery.house.override(pv_w=0, load_w=500, soc=72)
    return battery


@pytest.fixture
def wire(battery: SonnenBattery, session: aiohttp.ClientSession) -> Wire:
    return Wire(battery, session)


@pytest.fixture
def noon() -> ManualClock:
    return ManualClock(datetime(2026, 10, 5, 2, 0, 10, tzinfo=UTC))


@pytest.fixture
async def amber(
    noon: ManualClock, socket_enabled: None
) -> AsyncIterator[AmberSimulator]:
    simulator = AmberSimulator(clock=noon, sites=5, timing=Timing(fixed=20.0))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def site(amber: AmberSimulator) -> Site:
    return amber.sites[SITE]


@pytest.fixture
async def cloud(amber: AmberSimulator, session: aiohttp.ClientSession) -> AmberClient:
    return AmberClient(amber, session)


@pytest.fixture
def kinds() -> tuple[str, ...]:
    """Return the homes of `growatt`."""
    return ("MIN",)


@pytest.fixture
async def growatt(
    clock: ManualClock, kinds: tuple[str, ...], socket_enabled: None
) -> AsyncIterator[GrowattSimulator]:
    simulator = GrowattSimulator(clock=clock, homes=kinds)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def token(
    growatt: GrowattSimulator, session: aiohttp.ClientSession, clock: ManualClock
) -> Token:
    """Return a client; the houses stand still: 500 W, no sun, 50 %."""
    for house in growatt.houses.values():
        house.override(pv_w=0, load_w=500, soc=50)
    return Token(growatt, session, clock)


@pytest.fixture
def plants() -> tuple[str, ...]:
    """Return the homes of `sungrow`."""
    return ("hybrid",)


@pytest.fixture
async def sungrow(
    clock: ManualClock, plants: tuple[str, ...], socket_enabled: None
) -> AsyncIterator[SungrowSimulator]:
    simulator = SungrowSimulator(clock=clock, homes=plants)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def gateway(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession, clock: ManualClock
) -> Gateway:
    """Return a client without a token; the houses stand still: 500 W, no sun, 50 %."""
    for house in sungrow.houses.values():
        house.override(pv_w=0, load_w=500, soc=50)
    return Gateway(sungrow, session, clock)


@pytest.fixture
def stations() -> tuple[str, ...]:
    """Return the homes of `goodwe`."""
    return ("hybrid",)


@pytest.fixture
async def goodwe(
    clock: ManualClock, stations: tuple[str, ...], socket_enabled: None
) -> AsyncIterator[GoodWeSimulator]:
    simulator = GoodWeSimulator(clock=clock, homes=stations)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def visitor(
    goodwe: GoodWeSimulator, session: aiohttp.ClientSession, clock: ManualClock
) -> Portal:
    """Return a client without a login; the houses stand still: 500 W, no sun, 50 %."""
    for house in goodwe.houses.values():
        house.override(pv_w=0, load_w=500, soc=50)
    goodwe.upload()
    return Portal(goodwe, session, clock)


@pytest.fixture
async def portal(visitor: Portal) -> Portal:
    """Return a client that is logged in."""
    await visitor.login()
    return visitor
