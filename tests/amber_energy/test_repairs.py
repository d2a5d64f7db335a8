"""What is mended by a click: an entry of a site that is no longer supplied."""

from typing import Any

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import DOMAIN
from custom_components.amber_energy.repairs import async_create_fix_flow
from simulator.amber import AmberSimulator, Site

from ..translation_rules import Texts, placeholders
from .conftest import set_up


async def opened(hass: HomeAssistant, key: str) -> tuple[Any, dict[str, Any]]:
    """Click on the issue; return the flow and its first form."""
    (found,) = [
        item
        for item in ir.async_get(hass).issues.values()
        if item.translation_key == key
    ]
    assert found.is_fixable
    flow = await async_create_fix_flow(hass, found.issue_id, found.data)
    flow.hass, flow.handler = hass, DOMAIN
    flow.context = {"issue_id": found.issue_id}  # type: ignore[typeddict-unknown-key]
    form = dict(await flow.async_step_init())
    text = Texts(DOMAIN).english["issues"][key]["fix_flow"]["step"][form["step_id"]]
    needed = placeholders(text["title"]) | placeholders(text["description"])
    assert needed <= set(form["description_placeholders"] or {})
    return flow, form


@pytest.mark.parametrize("key", ["site_closed", "site_gone"])
async def test_entry_is_removed(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    key: str,
) -> None:
    """After the form is submitted, not before, entry and issue are gone."""
    assert await async_setup_component(hass, REPAIRS, {})
    if key == "site_closed":
        site.status = "closed"
    else:
        site.listed = False
    await set_up(hass, entry)
    flow, form = await opened(hass, key)
    assert form["type"] is FlowResultType.FORM
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    ended = await flow.async_step_confirm({})
    assert ended["type"] is FlowResultType.CREATE_ENTRY
    assert hass.config_entries.async_entries(DOMAIN) == []
    assert not ir.async_get(hass).issues


async def test_entry_that_is_gone_already(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """It is no error that somebody removed it meanwhile."""
    assert await async_setup_component(hass, REPAIRS, {})
    site.status = "closed"
    await set_up(hass, entry)
    flow, _ = await opened(hass, "site_closed")
    await hass.config_entries.async_remove(entry.entry_id)
    ended = await flow.async_step_confirm({})
    assert ended["type"] is FlowResultType.CREATE_ENTRY


async def test_pending_site_needs_no_click(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """It is only explained."""
    site.status = "pending"
    await set_up(hass, entry)
    (found,) = ir.async_get(hass).issues.values()
    assert (found.translation_key, found.is_fixable) == ("site_pending", False)
