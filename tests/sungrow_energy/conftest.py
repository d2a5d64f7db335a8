"""A real Home Assistant and a simulated iSolarCloud in one process and one time."""

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

from custom_components.sungrow_energy._vendor.core.client.clock import SystemClock
from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator

ZONE = "Europe/Berlin"
NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # 12:00 in Berlin

type Step = Callable[[float], Awaitable[None]]


@pytest.fixture(autouse=True)
def sungrow(
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
    """Which homes the account has, a plant each."""
    return ("hybrid",)


@pytest.fixture
def mode() -> str:
    """How the account is reached."""
    return "oauth"


@pytest.fixture
def zone() -> str:
    """Where the plants are."""
    return ZONE


@pytest.fixture
async def sim(
    hass: HomeAssistant, sungrow: None, homes: tuple[str, ...], zone: str
) -> AsyncGenerator[SungrowSimulator]:
    """A simulated cloud in the test's time."""
    await hass.config.async_set_time_zone(zone)
    simulator = SungrowSimulator(homes=list(homes), time_zone=zone)
    await simulator.start()
    yield simulator
    await simulator.stop()


def entry_data(sim: SungrowSimulator, mode: str, **changes: Any) -> dict[str, Any]:
    """Return what an entry of the simulated account holds."""
    plants = [plant.id for plant in sim.plants]
    data: dict[str, Any] = {
        "mode": mode,
        "region": "eu",
        "base_url": sim.url,
        "web_url": sim.web_url,
        "application_id": sim.application_id,
        "app_key": sim.app_key,
        "secret": sim.secret,
        "public_key": None,
        "plants": plants,
        "auth_user": sim.user_id,
    }
    if mode == "login":
        who = {"user_name": sim.user_name, "password": sim.password}
        return data | who | {"application_id": ""} | changes
    return (
        data
        | {"redirect_uri": sim.redirect_uri, "token": token_data(sim, plants)}
        | changes
    )


def token_data(sim: SungrowSimulator, plants: list[str]) -> dict[str, Any]:
    """Return what an entry keeps of tokens that were just given."""
    now = datetime.now(UTC).timestamp()
    given = sim.issue(plants)
    return {
        "access_token": given["access_token"],
        "refresh_token": given["refresh_token"],
        "expires_at": now + int(given["expires_in"]),
        "obtained_at": now,
        "auth_ps_list": plants,
    }


@pytest.fixture
def entry(sim: SungrowSimulator, mode: str) -> MockConfigEntry:
    """An entry for the simulated account, not set up yet."""
    who = "499" if mode == "oauth" else f"user_{sim.user_id}"
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id="sungrow",
        title="Home",
        unique_id=f"eu_{who}",
        data=entry_data(sim, mode),
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
