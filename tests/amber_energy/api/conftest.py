"""The client alone, talking to a server that answers as told."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest

from custom_components.amber_energy._vendor.core.client.budget import Budget
from custom_components.amber_energy._vendor.core.client.http import HttpClient
from custom_components.amber_energy._vendor.core.client.redact import Redactor
from custom_components.amber_energy.api.client import AmberClient
from custom_components.amber_energy.api.ratelimits import RateLimits
from tests.core.client.server import Server, json_answer
from tests.core.fake_clock import FakeClock

from .samples import SITE, TOKEN


@pytest.fixture(autouse=True)
def amber(socket_enabled: None) -> None:
    """Home Assistant is not needed here."""


@pytest.fixture
def clock() -> FakeClock:
    """Sleeping moves it."""
    return FakeClock(auto=True)


@pytest.fixture
async def server(amber: None) -> AsyncGenerator[Server]:
    """Answers with an empty list until told otherwise."""
    server = Server()
    server.answer = json_answer([])
    async with server.running():
        yield server


@pytest.fixture
def limits() -> RateLimits:
    """What the client learns of the limits."""
    return RateLimits()


@pytest.fixture
async def client(
    server: Server, clock: FakeClock, limits: RateLimits
) -> AsyncGenerator[AmberClient]:
    """A client as the integration makes it."""
    redactor = Redactor()
    redactor.add(TOKEN, "token")
    redactor.add(SITE, "site 1")
    async with aiohttp.ClientSession() as session:
        http = HttpClient(
            session,
            f"{server.url}/v1",
            budget=Budget(clock=clock),
            clock=clock,
            redact=redactor.text,
        )
        yield AmberClient(http, TOKEN, limits=limits, clock=clock)
