"""The repair that ends a force of which nobody knows the end."""

import json
from typing import Any

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.alphaess_energy.const import DOMAIN
from custom_components.alphaess_energy.repairs import async_create_fix_flow
from simulator.alphaess import APP_ID

from .room import BOTH_STORES, LEASES, POLL, SETTINGS_POLL, Room


class Repair:
    """The issue as a person sees it."""

    def __init__(self, room: Room) -> None:
        self.room = room
        ((_, self.issue_id), self.issue) = next(
            item
            for item in ir.async_get(room.hass).issues.items()
            if item[1].translation_key == "control_forced_without_lease"
        )
        self.flows = room.hass.data[REPAIRS]["flow_manager"]

    async def mend(self) -> Any:
        """Click through the flow and return how it ends."""
        form = await self.flows.async_init(DOMAIN, data={"issue_id": self.issue_id})
        assert form["type"] is FlowResultType.FORM
        assert form["step_id"] == "confirm"
        assert form["description_placeholders"]["system"] == self.room.serial[-4:]
        return await self.flows.async_configure(form["flow_id"], {})


@pytest.fixture
async def repair(room: Room, hass_storage: dict[str, Any]) -> Repair:
    """A force whose lease was lost."""
    assert await async_setup_component(room.hass, REPAIRS, {})
    await room.start(assume_enabled=True)
    await room.charge(60)
    with room.at_start(lambda: hass_storage.pop(LEASES)):
        await room.restart()
    await room.step(SETTINGS_POLL)
    assert room.issues == ["control_forced_without_lease"]
    return Repair(room)


@BOTH_STORES
async def test_a_click_ends_it(room: Room, repair: Repair) -> None:
    await room.minutes(4, each=1)
    assert room.battery < -100
    result = await repair.mend()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert room.issues == []
    await room.minutes(5)
    assert room.battery > -100


@BOTH_STORES
async def test_it_says_why_it_could_not(room: Room, repair: Repair) -> None:
    room.sim.faults.add("vendor_error", room.endpoint, code=6008, message="not now")
    result = await repair.mend()
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_ended"
    assert "not now" in result["description_placeholders"]["detail"]
    assert room.issues == ["control_forced_without_lease"]


async def test_it_needs_the_system(room: Room, repair: Repair) -> None:
    await room.hass.config_entries.async_unload(room.entry.entry_id)
    result = await repair.mend()
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_loaded"


async def test_it_cannot_while_the_integration_is_unloaded(
    room: Room, repair: Repair
) -> None:
    await room.manager.close()
    assert (await repair.mend())["reason"] == "not_loaded"


async def test_it_goes_when_somebody_else_has_ended_it(
    room: Room, repair: Repair
) -> None:
    """In the app, for example."""
    room.system.write_as_app(
        room.system.charge, gridCharge=0, timeChaf2="00:00", timeChae2="00:00"
    )
    await room.step(SETTINGS_POLL)
    await room.settle()
    assert room.issues == []


async def test_a_new_force_ends_it_too(room: Room, repair: Repair) -> None:
    """It has a lease of its own, and an end."""
    assert (await room.charge(20))["outcome"] == "applied"
    assert room.issues == []
    await room.minutes(22)
    assert room.mode == "self_use"
    assert room.battery > -100


async def test_a_flow_without_data(room: Room) -> None:
    await room.start()
    flow = await async_create_fix_flow(room.hass, "x", None)
    flow.hass = room.hass
    result = await flow.async_step_confirm({})  # type: ignore[attr-defined]
    assert result["reason"] == "not_loaded"


@BOTH_STORES
async def test_no_issue_tells_a_serial(
    room: Room, repair: Repair, hass_client: ClientSessionGenerator
) -> None:
    """Home Assistant adds the issues to each download, which people post."""
    assert await async_setup_component(room.hass, "diagnostics", {})
    room.sim.accounts[APP_ID].bound.discard(room.serial)
    await room.step(POLL)
    client = await hass_client()
    answer = await client.get(f"/api/diagnostics/config_entry/{room.entry.entry_id}")
    text = await answer.text()
    assert room.issues == ["control_forced_without_lease", "not_bound"]
    assert len(json.loads(text)["issues"]) == 2
    for serial in room.sim.systems:
        assert serial not in text
