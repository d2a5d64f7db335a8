"""Rows 46 and 47: callers that go away, reloads and stops, and a disk that fails."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component
import pytest

from custom_components.alphaess_energy.const import DOMAIN
from tests.alphaess_energy.orders.room import (
    BOTH_STORES,
    LEASES,
    SETTINGS_POLL,
    Room,
)

from .test_writes import key

type Warnings = Callable[[], list[str]]


AUTOMATION = {
    "alias": "Charge",
    "mode": "restart",
    "trigger": {"platform": "event", "event_type": "go"},
}


@BOTH_STORES
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_row_46_an_automation_restarts_its_own_call(
    hass: HomeAssistant,
    room: Room,
    after: bool,
    caplog: pytest.LogCaptureFixture,
    warnings: Warnings,
) -> None:
    """The first call's write goes on to its end; the second one finds it done."""
    await room.start(assume_enabled=True)
    before = room.stored
    action = {
        "action": f"{DOMAIN}.force_charge",
        "target": {"device_id": room.device},
        "data": {"duration": {"minutes": 30}, "target_soc": 90},
    }
    config = {**AUTOMATION, "action": action}
    assert await async_setup_component(hass, "automation", {"automation": config})
    with room.at_write(partial(hass.bus.async_fire, "go"), after=after):
        hass.bus.async_fire("go")
        await room.settle()
    assert "cancelled" not in caplog.text.lower()
    assert room.effects == [room.part]
    assert room.sent == 1
    assert room.mode == "force_charge"
    assert warnings() == []
    await room.minutes(33)
    assert room.stored == before


@BOTH_STORES
async def test_row_46_a_script_is_stopped(room: Room) -> None:
    """Who stops waiting stops nothing."""
    await room.start(assume_enabled=True)
    order = room.order("force_charge", duration={"minutes": 30}, target_soc=90)
    with room.at_write(order.cancel):
        with pytest.raises(asyncio.CancelledError):
            await order
        await room.settle()
    assert room.mode == "force_charge"
    assert room.effects == [room.part]


@BOTH_STORES
async def test_row_46_reload_in_the_middle(room: Room) -> None:
    """Unloading waits for the write: never two managers for one device."""
    await room.start(assume_enabled=True)
    before, first = room.stored, room.manager
    reloads: list[asyncio.Task[Any]] = []

    def reload() -> None:
        reloads.append(room.hass.async_create_task(room.reload()))

    order = room.order("force_charge", duration={"minutes": 30}, target_soc=90)
    with room.at_write(reload):
        answer = await order
    assert answer["outcome"] == "applied"
    await reloads[0]
    assert room.manager is not first
    assert room.mode == "force_charge"
    assert room.effects == [room.part]
    await room.minutes(33)
    assert room.stored == before


@BOTH_STORES
async def test_row_46_home_assistant_stops_in_the_middle(
    hass: HomeAssistant, room: Room, hass_storage: dict[str, Any]
) -> None:
    """It waits for the write, and the lease is on disk."""
    await room.start(assume_enabled=True)
    stops: list[asyncio.Task[Any]] = []

    def stop() -> None:
        stops.append(asyncio.get_running_loop().create_task(hass.async_stop()))

    order = room.order("force_charge", duration={"minutes": 30}, target_soc=90)
    with room.at_write(stop):
        answer = await order
    assert answer["outcome"] == "applied"
    await stops[0]
    assert room.effects == [room.part]
    assert room.leases(hass_storage)["mode"]["state"] == "active"


@BOTH_STORES
async def test_row_47_the_disk_is_full(room: Room) -> None:
    """Nothing is sent without a lease that is on disk."""
    await room.start(assume_enabled=True)
    before = room.stored

    async def refuse(*_: Any) -> None:
        """Say nothing, as Home Assistant does."""

    with (
        patch.object(Store, "async_save", refuse),
        pytest.raises(ServiceValidationError) as info,
    ):
        await room.charge()
    assert key(info) == "lease_not_saved"
    assert room.sent == 0
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")
    assert (await room.charge())["outcome"] == "applied"


def lost(storage: dict[str, Any], serial: str) -> None:
    storage.pop(LEASES)


def corrupt(storage: dict[str, Any], serial: str) -> None:
    storage[LEASES] = {"version": "x"}


def senseless(storage: dict[str, Any], serial: str) -> None:
    storage[LEASES]["data"][serial]["leases"] = "none"


def half(storage: dict[str, Any], serial: str) -> None:
    del storage[LEASES]["data"][serial]["leases"]["mode"]["put_back"]


def zoneless(storage: dict[str, Any], serial: str) -> None:
    storage[LEASES]["data"][serial]["leases"]["mode"]["until"] = "2026-05-12T13:00:00"


@BOTH_STORES
@pytest.mark.parametrize("damage", [lost, corrupt, senseless, half, zoneless])
async def test_row_47_the_lease_file_is_gone(
    room: Room,
    hass_storage: dict[str, Any],
    damage: Callable[[dict[str, Any], str], None],
) -> None:
    """A forced device without a lease: an issue that offers self-use."""
    await room.start(assume_enabled=True)
    await room.charge(60)
    forced = room.stored
    with room.at_start(partial(damage, hass_storage, room.serial)):
        await room.restart()
    await room.step(SETTINGS_POLL)
    assert room.issues == ["control_forced_without_lease"]
    assert room.stored == forced
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.issues == []
    # What the schedule was before nobody knows any more; nothing is charged by force
    assert room.stored != forced
    await room.minutes(10)
    assert room.battery > -100


async def test_row_47_a_file_of_a_newer_version(
    room: Room, hass_storage: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """It is left alone, so no force can be leased; all else works."""
    content = {"version": 9, "minor_version": 1, "key": LEASES, "data": {"x": 1}}
    hass_storage[LEASES] = dict(content)
    await room.start()
    with pytest.raises(HomeAssistantError) as info:
        await room.charge()
    assert key(info) == "lease_not_saved"
    assert room.sent == 0
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert hass_storage[LEASES] == content
    assert caplog.text.count("The file of leases cannot be used") == 1
