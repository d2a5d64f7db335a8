"""Entries whose set-up is cancelled with the request that began it."""

import asyncio
from collections.abc import Generator
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigFlow
from homeassistant.core import CoreState, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_config_flow,
    mock_integration,
    mock_platform,
)

from core.ha.left_setup import again_if_left

DOMAIN = "acme"


class Cloud:
    """What an entry is set up with: it answers the second time only."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with an integration that nobody has asked for yet."""
        self.asked = asyncio.Event()
        self.times = 0

        @again_if_left
        async def set_up(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
            self.times += 1
            self.asked.set()
            if self.times == 1:
                await asyncio.Event().wait()
            return True

        mock_integration(hass, MockModule(DOMAIN, async_setup_entry=set_up))
        mock_platform(hass, f"{DOMAIN}.config_flow", None)


@pytest.fixture
def cloud(hass: HomeAssistant) -> Generator[Cloud]:
    """Where the entries' values come from."""
    with mock_config_flow(DOMAIN, ConfigFlow):
        yield Cloud(hass)


async def left(hass: HomeAssistant, entry: MockConfigEntry, cloud: Cloud) -> None:
    """Add an entry, and drop the request that does it in the midst."""
    request = asyncio.create_task(hass.config_entries.async_add(entry))
    async with asyncio.timeout(5):
        await cloud.asked.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    await hass.async_block_till_done()


@pytest.mark.parametrize("first", [True, False], ids=["first", "further"])
async def test_it_is_set_up_all_the_same(
    hass: HomeAssistant, cloud: Cloud, first: bool
) -> None:
    """Whether the integration was there before, or comes with the entry."""
    if not first:
        hass.config.components.add(DOMAIN)
    entry = MockConfigEntry(domain=DOMAIN)
    await left(hass, entry, cloud)
    assert (entry.state, cloud.times) == (ConfigEntryState.LOADED, 2)


async def test_an_end_of_home_assistant_is_one(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Nothing is begun then."""
    entry = MockConfigEntry(domain=DOMAIN)
    hass.set_state(CoreState.stopping)
    await left(hass, entry, cloud)
    hass.set_state(CoreState.running)
    assert (entry.state, cloud.times) == (ConfigEntryState.SETUP_ERROR, 1)
