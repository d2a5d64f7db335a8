"""What the owner of the managers does when an entry ends."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
)

from core.client.errors import AuthError
from core.control.intent import SetReserve
from core.ha.control import (
    ControlCenter,
)

from ..control.device import BEFORE
from .home import DOMAIN
from .owner import KEY, LEASES, Owner


async def test_the_end_of_an_entry_puts_everything_back(owner: Owner) -> None:
    assert await owner.center.async_end(owner.entry, "disabled")
    await owner.forced()
    assert await owner.center.async_end(owner.entry, "disabled")
    assert owner.device.values == BEFORE
    assert owner.leased == []
    assert owner.built == []
    assert owner.issues() == []


async def test_what_has_no_manager_gets_one_built(owner: Owner) -> None:
    await owner.forced()
    await owner.drop()
    assert await owner.center.async_end(owner.entry, "disabled")
    assert owner.built == [[KEY]]
    assert owner.device.values == BEFORE


@pytest.mark.parametrize(
    "refusal", [AuthError("no"), ConfigEntryAuthFailed("no"), TimeoutError()]
)
async def test_what_cannot_be_built_is_told(owner: Owner, refusal: Exception) -> None:
    await owner.forced()
    await owner.drop()
    owner.refusal = refusal
    assert not await owner.center.async_end(owner.entry, "disabled")
    assert owner.issues() == ["left_forced"]
    (issue,) = ir.async_get(owner.hass).issues.values()
    assert issue.is_persistent
    assert issue.severity is ir.IssueSeverity.ERROR
    # No serial stands in a text that people post
    assert issue.translation_placeholders == {
        "account": owner.entry.domain,
        "system": "2345",
    }
    # Its next life puts it back, and then says so
    owner.refusal = None
    manager = await owner.manage()
    assert owner.issues() == ["left_forced"]
    assert await manager.end("later")
    await owner.hass.async_block_till_done()
    assert owner.issues() == []


async def test_what_takes_too_long_is_told_and_goes_on(
    owner: Owner, freezer: FrozenDateTimeFactory
) -> None:
    """Who disables an entry waits for half a minute, not for ever."""
    manager = await owner.forced()
    owner.device.online = False
    began = datetime.now(UTC)
    assert not await owner.center.async_end(owner.entry, "disabled")
    assert datetime.now(UTC) - began <= timedelta(seconds=60)
    assert owner.issues() == ["left_forced"]
    owner.device.online = True
    for _ in range(20):
        freezer.tick(60)
        async_fire_time_changed(owner.hass)
        await owner.hass.async_block_till_done()
    assert manager.leases == {}
    assert owner.device.values == BEFORE
    assert owner.issues() == []


async def test_a_vendor_that_shows_writes_late_is_waited_for_longer(
    owner: Owner,
) -> None:
    owner.center = ControlCenter(owner.hass, DOMAIN, owner.build, end_timeout=150)
    await owner.center.async_start()
    await owner.forced()
    with patch("core.ha.control.asyncio.timeout", wraps=asyncio.timeout) as timeout:
        assert await owner.center.async_end(owner.entry, "disabled")
    assert timeout.call_args_list[0].args == (150,)


async def test_a_removed_entry_is_put_back(owner: Owner) -> None:
    await owner.forced()
    await owner.center.async_close(owner.entry.entry_id)
    await owner.center.async_remove(owner.entry)
    assert owner.built == [[KEY]]
    assert owner.device.values == BEFORE
    assert owner.center.manager(KEY) is None
    assert owner.issues() == []


async def test_a_removed_entry_that_cannot_be_put_back(
    owner: Owner, hass_storage: dict[str, Any]
) -> None:
    """What was left stays said; nothing else of it stays."""
    manager = await owner.forced()
    for _ in range(30):
        await manager.execute(SetReserve(soc=20))
        await manager.execute(SetReserve(soc=30))
    assert owner.issues() == ["control_many_writes"]
    owner.device.online = False
    await owner.center.async_remove(owner.entry)
    assert owner.issues() == ["left_forced"]
    assert hass_storage[LEASES]["data"] == {}
    assert owner.center.manager(KEY) is None


@pytest.mark.parametrize("managed", [False, True])
async def test_disabled_while_it_is_not_loaded(owner: Owner, managed: bool) -> None:
    """Home Assistant calls nobody then."""
    await owner.forced()
    if not managed:
        await owner.drop()
    owner.entry.mock_state(owner.hass, ConfigEntryState.SETUP_RETRY)
    object.__setattr__(owner.entry, "disabled_by", ConfigEntryDisabler.USER)
    owner.entry.mock_state(owner.hass, ConfigEntryState.NOT_LOADED)
    await owner.hass.async_block_till_done()
    assert owner.device.values == BEFORE
    assert owner.leased == []
    assert owner.center.manager(KEY) is None


async def test_an_entry_that_is_only_unloaded_is_left_alone(owner: Owner) -> None:
    await owner.forced()
    owner.entry.mock_state(owner.hass, ConfigEntryState.SETUP_RETRY)
    owner.entry.mock_state(owner.hass, ConfigEntryState.NOT_LOADED)
    await owner.hass.async_block_till_done()
    assert owner.leased == [KEY]


async def test_a_start_acts_for_entries_that_are_disabled(
    owner: Owner, freezer: FrozenDateTimeFactory
) -> None:
    """What the last run has left of them is put back."""
    await owner.forced()
    await owner.drop()
    with patch.object(owner.center, "_entry_changed"):
        object.__setattr__(owner.entry, "disabled_by", ConfigEntryDisabler.USER)
    center = ControlCenter(owner.hass, DOMAIN, owner.build)
    await center.async_start()
    await owner.hass.async_block_till_done()
    assert owner.device.values == BEFORE
    assert center.leased(owner.entry.entry_id) == []
