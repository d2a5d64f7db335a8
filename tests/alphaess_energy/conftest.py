"""A real Home Assistant and a simulated AlphaCloud in one process and one time."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import UTC, datetime
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.alphaess_energy._vendor.core.client.clock import SystemClock
from custom_components.alphaess_energy.const import (
    CONF_APP_ID,
    CONF_APP_SECRET,
    CONF_BASE_URL,
    DOMAIN,
)
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator

ZONE = "Europe/Berlin"
NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # 12:00 in Berlin
SYSTEM_1 = "AL7011024010101"
SYSTEM_2 = "ALD0310240202"
CHARGER = "ALP0110240303"

type Step = Callable[[float], Awaitable[None]]


@pytest.fixture(autouse=True)
def alphaess(
    enable_custom_integrations: None, socket_enabled: None, quick_sleep: None
) -> None:
    """What every test of the integration needs."""


@pytest.fixture
def start_time() -> datetime:
    """When the test begins."""
    return NOON


@pytest.fixture
def quick_sleep(
    freezer: FrozenDateTimeFactory, start_time: datetime
) -> Generator[None]:
    """Begin at the test's time; sleeping moves it on at once."""
    freezer.move_to(start_time)

    async def sleep(self: SystemClock, seconds: float) -> None:
        freezer.tick(seconds)
        await asyncio.sleep(0)

    with patch.object(SystemClock, "sleep", sleep):
        yield


@pytest.fixture
def homes() -> int:
    """How many systems the account has."""
    return 1


@pytest.fixture
async def sim(
    hass: HomeAssistant, alphaess: None, homes: int
) -> AsyncGenerator[AlphaEssSimulator]:
    """A simulated AlphaCloud in the test's time."""
    await hass.config.async_set_time_zone(ZONE)
    simulator = AlphaEssSimulator(homes=homes, time_zone=ZONE)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def entry(sim: AlphaEssSimulator) -> MockConfigEntry:
    """An entry for the simulated account, not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="AlphaESS cdef",
        unique_id=APP_ID,
        data={
            CONF_APP_ID: APP_ID,
            CONF_APP_SECRET: APP_SECRET,
            CONF_BASE_URL: sim.url,
        },
    )


@pytest.fixture
def step(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Step:
    """Let seconds pass, with all that is due in them."""

    async def pass_time(seconds: float) -> None:
        freezer.tick(seconds)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)

    return pass_time


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set the entry up and let the first round of reading end."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
