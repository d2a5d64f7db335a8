"""The client alone, talking to a simulated AlphaCloud in a time of its own."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest

from custom_components.alphaess_energy._vendor.core.client.budget import Budget
from custom_components.alphaess_energy._vendor.core.client.http import HttpClient
from custom_components.alphaess_energy._vendor.core.client.redact import Redactor
from custom_components.alphaess_energy.api.auth import Signer
from custom_components.alphaess_energy.api.client import AlphaEssClient
from custom_components.alphaess_energy.const import MIN_GAP
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator
from tests.core.fake_clock import FakeClock

SYSTEM_1 = "AL7011024010101"
SYSTEM_2 = "ALD0310240202"
CHARGER = "ALP0110240303"


@pytest.fixture(autouse=True)
def alphaess(socket_enabled: None) -> None:
    """Home Assistant is not needed here."""


@pytest.fixture
def clock() -> FakeClock:
    """Sleeping moves it."""
    return FakeClock(auto=True)


@pytest.fixture
async def sim(clock: FakeClock, alphaess: None) -> AsyncGenerator[AlphaEssSimulator]:
    """Two homes in the test's time."""
    simulator = AlphaEssSimulator(clock=clock.now)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def client(
    sim: AlphaEssSimulator, clock: FakeClock
) -> AsyncGenerator[AlphaEssClient]:
    """A client of the simulated account, as the integration makes it."""
    redactor = Redactor()
    for value, label in (
        (APP_ID, "app id"),
        (APP_SECRET, "app secret"),
        (SYSTEM_1, "system 1"),
    ):
        redactor.add(value, label)
    budget = Budget(clock=clock, min_gap=MIN_GAP)
    async with aiohttp.ClientSession() as session:
        yield AlphaEssClient(
            HttpClient(
                session, sim.url, budget=budget, clock=clock, redact=redactor.text
            ),
            Signer(APP_ID, APP_SECRET),
            budget=budget,
            clock=clock,
            redact=redactor.text,
        )
