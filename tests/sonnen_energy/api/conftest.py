"""The client alone, in a time of its own, against a server that answers as told."""

from collections.abc import AsyncGenerator, Callable, Collection

import aiohttp
import pytest

from custom_components.sonnen_energy._vendor.core.client.budget import Budget
from custom_components.sonnen_energy._vendor.core.client.http import HttpClient
from custom_components.sonnen_energy._vendor.core.client.redact import Redactor
from custom_components.sonnen_energy.api.client import SonnenClient
from tests.core.client.server import Server
from tests.core.fake_clock import FakeClock

TOKEN = "11111111-2222-3333-4444-555555555555"

type MakeClient = Callable[..., SonnenClient]


@pytest.fixture(autouse=True)
def sonnen(socket_enabled: None) -> None:
    """Home Assistant is not needed here."""


@pytest.fixture
def clock() -> FakeClock:
    """Sleeping moves it."""
    return FakeClock(auto=True)


@pytest.fixture
async def server(sonnen: None) -> AsyncGenerator[Server]:
    """What stands for the battery."""
    async with Server().running() as running:
        yield running


@pytest.fixture
async def budget(clock: FakeClock) -> Budget:
    """No limits: the integration sets them."""
    return Budget(clock=clock)


@pytest.fixture
async def make_client(
    server: Server, clock: FakeClock, budget: Budget
) -> AsyncGenerator[MakeClient]:
    """Makes clients of that battery that know of some endpoints."""
    redactor = Redactor()
    redactor.add(TOKEN, "token")
    async with aiohttp.ClientSession() as session:

        def make(answered: Collection[str] = ()) -> SonnenClient:
            return SonnenClient(
                HttpClient(
                    session,
                    server.url,
                    budget=budget,
                    clock=clock,
                    redact=redactor.text,
                ),
                TOKEN,
                budget=budget,
                redact=redactor.text,
                clock=clock,
                answered=answered,
            )

        yield make


@pytest.fixture
async def client(make_client: MakeClient) -> SonnenClient:
    """A client of that battery, as the integration makes it."""
    return make_client()
