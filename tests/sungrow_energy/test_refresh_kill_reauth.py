"""What people see after a kill that cost the next pair of tokens: one dialog.

The process that is killed is real, and so is what it leaves on the disk; who starts
with that is the Home Assistant of the test (reference sections 2.2 and 10.4).
"""

import asyncio
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_socket import socket_allow_hosts

from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator

from .conftest import Step, asked, set_up
from .flows import Dialog
from .refresh_child import nearly_over
from .test_refresh_kill import begin


@pytest.fixture
def start_time() -> datetime:
    """The killed process lives in real time."""
    return datetime.now(UTC)


def written(config: Path) -> dict[str, Any]:
    """Return what a process has left on the disk, as Home Assistant reads it."""
    files = (config / ".storage").glob(f"{DOMAIN}.*")
    return {file.name: json.loads(file.read_text()) for file in files}


def dialog(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the one dialog that asks for a new authorization."""
    [flow] = entry.async_get_active_flows(hass, {SOURCE_REAUTH})
    return flow["flow_id"]


async def test_a_lost_pair_of_tokens_is_asked_for_by_one_dialog(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    tmp_path: Path,
    hass_storage: dict[str, Any],
) -> None:
    """It stays, whatever is read meanwhile, to the token's end; then it mends all."""
    data = {**entry.data, "token": nearly_over(entry.data["token"])}
    # By which processes are told what to do
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    process, pipe = begin(tmp_path, data, "answered")
    # Not by a pause, which would never end in the test's time
    assert await asyncio.to_thread(pipe.recv) == "answered"
    process.kill()
    await asyncio.to_thread(process.join)
    assert sim.oauth.tokens.refreshes == 1
    [name] = left = written(tmp_path)
    assert left[name]["data"]["refresh_token"] == data["token"]["refresh_token"]
    hass_storage.update(left)

    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data=data)
    await set_up(hass, entry)
    [plant] = entry.runtime_data.plants.values()
    assert plant.fresh
    before = dialog(hass, entry)
    await entry.runtime_data.listing.async_refresh()
    await step(350)
    assert plant.fresh
    assert dialog(hass, entry) == before
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await step(350)
    after = dialog(hass, entry)
    assert after != before, "Home Assistant closes it"
    await step(350)  # the access token has ended
    await step(350)
    assert dialog(hass, entry) == after
    assert sim.oauth.tokens.reused == 1

    flows = hass.config_entries.flow
    shown = Dialog(flows, "config", await flows.async_configure(after))
    assert (shown.type, shown.step) == (FlowResultType.FORM, "reauth_confirm")
    await shown.submit(
        app_key=sim.app_key, redirect_uri=shown.suggested["redirect_uri"]
    )
    await shown.submit(next_step_id="paste")
    await shown.submit(address=sim.code())
    assert shown.reason == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    await step(350)
    [plant] = entry.runtime_data.plants.values()
    assert plant.fresh
    assert asked(hass, entry) == 0
