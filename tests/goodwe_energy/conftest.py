"""A real Home Assistant and a simulated SEMS+ in one process and one time."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.goodwe_energy._vendor.core.client.clock import SystemClock
from custom_components.goodwe_energy.const import DOMAIN
from simulator.goodwe import GoodWeSimulator

ZONE = "Europe/Berlin"
NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # 12:00 in Berlin

type Step = Callable[[float], Awaitable[None]]


@pytest.fixture(autouse=True)
def goodwe(
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
def homes() -> tuple[str, ...]:
    """Which homes the account has, a station each."""
    return ("hybrid",)


@pytest.fixture
def zone() -> str:
    """Where the plants are."""
    return ZONE


@pytest.fixture
def options() -> dict[str, Any]:
    """Options of the entry; nothing is pushed unless a test wants it."""
    return {"live": False}


@pytest.fixture
async def sim(
    hass: HomeAssistant, goodwe: None, homes: tuple[str, ...], zone: str
) -> AsyncGenerator[GoodWeSimulator]:
    """A simulated cloud in the test's time."""
    await hass.config.async_set_time_zone(zone)
    simulator = GoodWeSimulator(homes=list(homes), time_zone=zone)
    await simulator.start()
    yield simulator
    await simulator.stop()


def entry_data(sim: GoodWeSimulator, **changes: Any) -> dict[str, Any]:
    """Return what an entry of the simulated account holds."""
    return {
        "account": sim.account,
        "password": sim.password,
        "region": "auto",
        "server": sim.url,
        "plants": [station.id for station in sim.stations],
    } | changes


@pytest.fixture
def entry(sim: GoodWeSimulator, options: dict[str, Any]) -> MockConfigEntry:
    """An entry for the simulated account, not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id="goodwe",
        title=sim.stations[0].name,
        unique_id=sim.uid,
        data=entry_data(sim),
        options=options,
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


def issues(hass: HomeAssistant) -> dict[str, dict[str, str]]:
    """Return the placeholders of each issue of ours by its translation key."""
    return {
        issue.translation_key or "": dict(issue.translation_placeholders or {})
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    }


def asked(hass: HomeAssistant, entry: MockConfigEntry) -> int:
    """Return how many dialogs wait for other credentials."""
    return len(list(entry.async_get_active_flows(hass, {SOURCE_REAUTH})))
