"""A real Home Assistant and simulated batteries in one process and one time."""

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

from custom_components.sonnen_energy._vendor.core.client.clock import SystemClock
from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import TOKEN, SonnenBattery, SonnenSimulator

ZONE = "Europe/Berlin"
NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # 12:00 in Berlin
SERIAL = "123456"
SERIAL_2 = "234567"

type Step = Callable[[float], Awaitable[None]]


@pytest.fixture(autouse=True)
def sonnen(
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
def batteries() -> int:
    """How many batteries there are."""
    return 1


@pytest.fixture
async def sim(
    hass: HomeAssistant, sonnen: None, batteries: int
) -> AsyncGenerator[SonnenSimulator]:
    """Simulated batteries in the test's time."""
    await hass.config.async_set_time_zone(ZONE)
    simulator = SonnenSimulator(batteries=batteries, time_zone=ZONE)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def battery(sim: SonnenSimulator) -> SonnenBattery:
    """The first battery."""
    return sim.batteries[0]


def entry_of(battery: SonnenBattery, **changes: object) -> MockConfigEntry:
    """Return an entry for a battery, not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=f"sonnenBatterie {battery.serial[-4:]}",
        unique_id=battery.serial,
        entry_id=f"entry_{battery.serial[-4:]}",
        data={
            "host": battery.host,
            "port": battery.port,
            "token": battery.token,
            "https": False,
            "serial": battery.serial,
        }
        | changes,
    )


@pytest.fixture
def entry(battery: SonnenBattery) -> MockConfigEntry:
    """An entry for the first battery, not set up yet."""
    assert battery.token == TOKEN
    return entry_of(battery)


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
