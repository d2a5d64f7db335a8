"""The flow that ends a force of which the end was lost."""

from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy._vendor.core.client.errors import TransportError
from custom_components.sonnen_energy._vendor.core.control.manager import (
    ControlManager,
)
from custom_components.sonnen_energy._vendor.core.ha.repairs import anonymous
from custom_components.sonnen_energy.repairs import async_create_fix_flow
from simulator.sonnen import SonnenSimulator

from .conftest import SERIAL, set_up


@pytest.mark.parametrize(
    ("serial", "effect", "end"),
    [
        (SERIAL, None, None),
        (SERIAL, TransportError("gone"), "not_ended"),
        ("another", None, "not_loaded"),
    ],
)
async def test_the_flow(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    serial: str,
    effect: Exception | None,
    end: str | None,
) -> None:
    """It asks first, ends what is forced, and says why if it could not."""
    await set_up(hass, entry)
    data = {"device": anonymous(serial)}
    flow = await async_create_fix_flow(hass, "issue", data)
    flow.hass, flow.handler, flow.issue_id, flow.data = hass, "x", "issue", data
    ending = AsyncMock(side_effect=effect)
    with patch.object(ControlManager, "end_forced", ending):
        asked = await flow.async_step_init()
        assert asked["type"] is FlowResultType.FORM
        assert ending.await_count == 0
        result = await flow.async_step_confirm({})
    assert ending.await_count == (serial == SERIAL)
    if end is None:
        assert result["type"] is FlowResultType.CREATE_ENTRY
    else:
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, end)
