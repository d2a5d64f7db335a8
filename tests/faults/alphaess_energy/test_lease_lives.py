"""Rows 34 and 35: what becomes of a lease when its entry goes, or its end fails."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.alphaess_energy.const import DOMAIN
from tests.alphaess_energy.orders.room import (
    BOTH_STORES,
    Room,
)

from .test_writes import key

type Warnings = Callable[[], list[str]]


async def disable(room: Room, by: ConfigEntryDisabler | None) -> None:
    await room.hass.config_entries.async_set_disabled_by(room.entry.entry_id, by)
    await room.settle()


def left_forced(room: Room) -> ir.IssueEntry:
    """Return the issue about what could not be put back."""
    (issue,) = (
        issue
        for issue in ir.async_get(room.hass).issues.values()
        if issue.translation_key == "left_forced"
    )
    return issue


@BOTH_STORES
async def test_row_34_reload(room: Room, hass_storage: dict[str, Any]) -> None:
    """The lease survives; there is one new manager, which ends it."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(30)
    first = room.manager
    await room.reload()
    assert room.manager is not first
    assert first._jobs.closed
    assert room.mode == "force_charge"
    assert room.sent == 1
    await room.minutes(32)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


async def test_row_34_options_changed(room: Room) -> None:
    """A reload because of an option that has nothing to do with it."""
    await room.start()
    before = room.stored
    await room.charge(30)
    room.hass.config_entries.async_update_entry(
        room.entry, options={"live_interval": 30}
    )
    await room.reload()
    assert room.mode == "force_charge"
    await room.minutes(32)
    assert room.stored == before


@BOTH_STORES
async def test_row_34_control_is_switched_off(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """It ends the lease first; then only self-use is possible."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    room.hass.config_entries.async_update_entry(
        room.entry, options={"assume_enabled": True, "allow_control": False}
    )
    await room.reload()
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    for platform, entity in (("select", "battery_mode"), ("switch", "grid_charge")):
        assert room.state(platform, entity) == "unavailable"
    with pytest.raises(ServiceValidationError) as info:
        await room.charge()
    assert key(info) == "control_off"
    assert (await room.call("self_use"))["outcome"] == "unchanged"


async def test_row_34_control_is_switched_off_while_the_cloud_is_down(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """The lease is put back as soon as that is possible."""
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.sim.stop()
    room.hass.config_entries.async_update_entry(
        room.entry, options={"allow_control": False}
    )
    await room.reload()
    await room.minutes(5)
    assert room.leases(hass_storage)["mode"]["state"] == "restoring"
    await room.sim.start()
    await room.minutes(20)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


@BOTH_STORES
async def test_row_34_disabled(room: Room, hass_storage: dict[str, Any]) -> None:
    """Put back before the entry is unloaded."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    await room.minutes(1)  # the vendor's pause between two writes
    await disable(room, ConfigEntryDisabler.USER)
    assert room.entry.state is ConfigEntryState.NOT_LOADED
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []
    assert room.center._managers == {}


@BOTH_STORES
async def test_row_34_disabled_while_the_cloud_is_down(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """An issue that survives a restart says so; it is tried on and goes when done."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    await room.sim.stop()
    began = room.now
    await disable(room, ConfigEntryDisabler.USER)
    assert room.entry.state is ConfigEntryState.NOT_LOADED
    assert room.issues == ["left_forced"]
    assert left_forced(room).is_persistent
    assert left_forced(room).translation_placeholders == {
        "account": "AlphaESS",
        "system": room.serial[-4:],
    }
    assert (room.house.live().at - began).total_seconds() < 60
    assert room.leases(hass_storage)["mode"]["state"] == "restoring"
    await room.sim.start()
    await room.minutes(15)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []


async def test_row_34_enabled_again_after_that(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """The lease is put back by the entry's new life; then the issue goes."""
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.sim.stop()
    await disable(room, ConfigEntryDisabler.USER)
    for manager in room.center._managers.values():
        await manager.close()
    await room.sim.start()
    assert room.issues == ["left_forced"]
    await disable(room, None)
    await room.minutes(3, each=1)
    assert room.entry.state is ConfigEntryState.LOADED
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []
    assert room.mode == "self_use"


@BOTH_STORES
async def test_row_34_disabled_while_set_up_fails(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """Home Assistant calls nobody then; the integration puts it back all the same."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    await room.hass.config_entries.async_unload(room.entry.entry_id)
    await room.step(24 * 3600 - 300)
    # Only what lists the systems fails, so that set-up is tried again and again
    room.sim.faults.add("status", "getEssList", status=500)
    room.hass.data.pop(f"{DOMAIN}.accounts")
    room.entry.runtime_data = None
    with patch(
        "custom_components.alphaess_energy.account.BundleCoordinator.restore",
        return_value=False,
    ):
        await room.hass.config_entries.async_setup(room.entry.entry_id)
    assert room.entry.state is ConfigEntryState.SETUP_RETRY
    await disable(room, ConfigEntryDisabler.USER)
    await room.minutes(1)
    assert room.entry.state is ConfigEntryState.NOT_LOADED
    assert room.stored == before
    assert room.leases(hass_storage) == {}


@BOTH_STORES
async def test_row_34_removed(room: Room, hass_storage: dict[str, Any]) -> None:
    """Put back with a client made from the entry's data."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    await room.minutes(1)  # the vendor's pause between two writes
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []
    assert room.center._managers == {}


@BOTH_STORES
async def test_row_34_removed_while_the_cloud_is_down(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """One bounded attempt; without credentials nothing more is possible."""
    await room.start(assume_enabled=True)
    await room.charge(60)
    forced = room.stored
    await room.sim.stop()
    began = room.now
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    assert (room.house.live().at - began).total_seconds() < 60
    assert room.issues == ["left_forced"]
    assert left_forced(room).is_persistent
    assert left_forced(room).translation_placeholders == {
        "account": "AlphaESS",
        "system": room.serial[-4:],
    }
    assert room.leases(hass_storage) == {}
    assert room.center._managers == {}
    await room.sim.start()
    await room.minutes(30)
    assert room.stored == forced
    assert room.issues == ["left_forced"]


@BOTH_STORES
async def test_row_35_it_cannot_be_put_back(
    room: Room, hass_storage: dict[str, Any], warnings: Warnings
) -> None:
    """Tried again with growing pauses for hours; an issue from the third time on."""
    await room.start(assume_enabled=True)
    before, events = room.stored, room.events()
    await room.charge(10)
    room.sim.faults.add(
        "vendor_error", room.endpoint, code=6008, message=f"not for {room.serial}"
    )
    await room.minutes(11)
    assert room.control == "restoring"
    assert room.issues == []
    await room.minutes(4, each=1)
    assert room.issues == ["control_restore_failed"]
    (issue,) = ir.async_get(room.hass).issues.values()
    placeholders = issue.translation_placeholders or {}
    assert "6008" in placeholders["detail"]
    assert placeholders["system"] == room.serial[-4:]
    # No text that people post names it
    assert room.serial not in " ".join(placeholders.values())
    assert events == ["started", "restore_failed"]
    sent = room.sent
    await room.minutes(5 * 60)
    # At least every half an hour, at most every 15 s and slower and slower
    assert 8 <= room.sent - sent <= 20
    assert room.control == "restoring"
    assert room.leases(hass_storage)["mode"]["state"] == "restoring"
    room.sim.faults.clear()
    await room.minutes(35)
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")
    assert room.issues == []
    assert warnings() == []


async def test_row_35_a_restart_goes_on_with_it(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """Also ten restarts forget nothing, and ask no more than the retries do."""
    await room.start()
    before = room.stored
    await room.charge(10)
    room.sim.faults.add("vendor_error", room.endpoint, code=6008)
    await room.minutes(11)
    for _ in range(10):
        await room.restart()
        assert room.leases(hass_storage)["mode"]["state"] == "restoring"
        assert room.control == "restoring"
    room.sim.faults.clear()
    await room.restart()
    await room.minutes(2, each=1)
    assert room.stored == before
    assert room.control == "idle"
