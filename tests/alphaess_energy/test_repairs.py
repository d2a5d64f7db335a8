"""What is mended by a click: a force of which the end was lost."""

from collections.abc import Awaitable, Callable
from unittest.mock import AsyncMock, patch

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy._vendor.core.client.errors import TransportError
from custom_components.alphaess_energy._vendor.core.control.jobs import Closing
from custom_components.alphaess_energy._vendor.core.control.outcome import Problem
from custom_components.alphaess_energy.const import DOMAIN
from custom_components.alphaess_energy.repairs import async_create_fix_flow
from simulator.alphaess import AlphaEssSimulator

from ..translation_rules import Texts
from .conftest import SYSTEM_1, set_up

KEY = str(Problem.FORCED_WITHOUT_LEASE)

type Fix = Callable[[], Awaitable[dict[str, object]]]


@pytest.fixture
async def fix(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> Fix:
    """Click on the issue and submit; returns how that ended."""
    assert await async_setup_component(hass, REPAIRS, {})
    await set_up(hass, entry)
    manager = entry.runtime_data.systems[SYSTEM_1].control
    manager._news.problem(Problem.FORCED_WITHOUT_LEASE)
    manager._news.changed()

    async def click() -> dict[str, object]:
        (found,) = [
            item
            for item in ir.async_get(hass).issues.values()
            if item.translation_key == KEY
        ]
        assert found.is_fixable
        flow = await async_create_fix_flow(hass, found.issue_id, found.data)
        flow.hass, flow.handler = hass, DOMAIN
        flow.context = {"issue_id": found.issue_id}
        shown = await flow.async_step_init()
        assert shown["type"] is FlowResultType.FORM
        step = Texts(DOMAIN).english["issues"][KEY]["fix_flow"]["step"]
        assert shown["step_id"] in step
        assert {"account", "system"} <= set(shown["description_placeholders"] or {})
        return dict(await flow.async_step_confirm({}))

    return click


async def test_the_force_is_ended(
    hass: HomeAssistant, fix: Fix, sim: AlphaEssSimulator
) -> None:
    """Nothing is left of it, so the issue goes."""
    assert (await fix())["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert KEY not in {
        item.translation_key
        for item in ir.async_get(hass).issues.values()
        if item.active
    }


async def test_a_failure_is_told(fix: Fix, entry: MockConfigEntry) -> None:
    manager = entry.runtime_data.systems[SYSTEM_1].control
    failing = AsyncMock(side_effect=TransportError("no answer"))
    with patch.object(manager, "end_forced", failing):
        result = await fix()
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_ended")
    assert result["description_placeholders"] == {"detail": "no answer"}


async def test_an_entry_that_is_not_loaded(
    hass: HomeAssistant, fix: Fix, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    result = await fix()
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")


async def test_an_entry_that_is_being_unloaded(
    fix: Fix, entry: MockConfigEntry
) -> None:
    manager = entry.runtime_data.systems[SYSTEM_1].control
    with patch.object(manager, "end_forced", AsyncMock(side_effect=Closing)):
        result = await fix()
    assert result["reason"] == "not_loaded"
