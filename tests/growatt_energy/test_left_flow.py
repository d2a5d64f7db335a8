"""A dialog whose page is left while the account is looked for."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.growatt_energy import search
from custom_components.growatt_energy.const import DOMAIN
from custom_components.growatt_energy.discovery import Found, async_find
from simulator.growatt import GrowattSimulator

from .conftest import Step
from .flows import by_login, by_token, opened

LISTS = {"token": "plant/list", "login": "*/getAllPlantListTwo"}
FORMS = {"token": by_token, "login": by_login}


async def leave(
    hass: HomeAssistant, sim: GrowattSimulator, mode: str, typed: dict[str, Any]
) -> None:
    """Fill a form in, and drop the request while the account is looked for."""
    flows = hass.config_entries.flow
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slowly(*args: Any, **options: Any) -> Found:
        asked.set()
        await answered.wait()
        return await async_find(*args, **options)

    flow = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    await flows.async_configure(flow["flow_id"], {"next_step_id": mode})
    with patch.object(search, "async_find", slowly):
        request = asyncio.create_task(flows.async_configure(flow["flow_id"], typed))
        await asked.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    answered.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.counters.count(LISTS[mode])


@pytest.mark.parametrize("mode", LISTS)
async def test_what_was_begun_serves_the_next_try(
    hass: HomeAssistant, sim: GrowattSimulator, mode: str
) -> None:
    """Nobody waits five minutes, and no second login is used up."""
    await leave(hass, sim, mode, FORMS[mode](sim))
    assert hass.config_entries.async_entries(DOMAIN) == []
    dialog = await opened(hass, mode)
    await dialog.submit(**FORMS[mode](sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.result["result"].state is ConfigEntryState.LOADED
    assert sim.counters.count(LISTS[mode]) == 1
    assert len(sim.sessions.logins) == (mode == "login")


async def test_other_credentials_are_looked_for(
    hass: HomeAssistant, sim: GrowattSimulator
) -> None:
    """What was begun with others is not theirs."""
    await leave(hass, sim, "token", by_token(sim))
    dialog = await opened(hass, "token")
    await dialog.submit(**by_token(sim, token="0" * 32))
    assert dialog.errors == {"token": "permission"}


async def test_what_is_old_serves_nobody(
    hass: HomeAssistant, sim: GrowattSimulator, step: Step
) -> None:
    """By then the list may be read anew."""
    await leave(hass, sim, "token", by_token(sim))
    await step(301)
    dialog = await opened(hass, "token")
    await dialog.submit(**by_token(sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.counters.count("plant/list") == 2


async def test_what_fails_meanwhile_is_told_once(
    hass: HomeAssistant, sim: GrowattSimulator
) -> None:
    """To who tries again; after that it is asked anew."""
    sim.faults.add("status", LISTS["login"], status=500)
    await leave(hass, sim, "login", by_login(sim))
    sim.faults.clear()
    dialog = await opened(hass, "login")
    await dialog.submit(**by_login(sim))
    assert dialog.errors == {"base": "cannot_connect"}
    await dialog.submit(**by_login(sim) | dialog.kept)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
