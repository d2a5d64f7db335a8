"""An entry that is removed or disabled while it has something to put back."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.const import DOMAIN

from ..platforms import only
from .room import Room

# The list of devices is read again after so many seconds.
LIST = 6 * 3600 + 1
FORCE = ("force_charge", {"power": 3000})
HOLD = ("hold", {"block": "discharge"})


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN with a battery if the test names no other."""
    return (getattr(request, "param", "MIN"),)


def away(room: Room, *, gone: bool) -> None:
    """Let the datalogger lose the cloud, or find it again."""
    room.device.switches.online = not gone


@pytest.mark.parametrize("mode", ["token", "login"])
@pytest.mark.parametrize(("action", "data"), [FORCE, HOLD])
async def test_removal_puts_back_first(
    room: Room, hass_storage: dict[str, Any], action: str, data: dict[str, Any]
) -> None:
    await room.start()
    before = room.stored
    await room.call(action, duration={"minutes": 60}, **data)
    assert room.stored != before
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []


@pytest.mark.parametrize("mode", ["token", "login"])
@pytest.mark.parametrize(("action", "data"), [FORCE, HOLD])
async def test_an_entry_that_is_added_again_can_end_what_was_left(
    room: Room, action: str, data: dict[str, Any]
) -> None:
    """How it was before is not forgotten with the entry."""
    await room.start()
    await room.call(action, duration={"minutes": 600}, **data)
    forced = room.stored
    away(room, gone=True)
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    away(room, gone=False)
    assert room.stored == forced
    assert room.issues == ["left_forced"]
    room.entry = MockConfigEntry(
        domain=DOMAIN,
        title="Again",
        unique_id=room.entry.unique_id,
        data=dict(room.entry.data),
    )
    room.entry.add_to_hass(room.hass)
    await room.hass.config_entries.async_setup(room.entry.entry_id)
    await room.settle()
    await room.minutes(10)
    assert room.issues == ["control_forced_without_lease", "left_forced"]
    assert room.state("select", "battery_mode") == "unknown"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.issues == []
    assert room.state("select", "battery_mode") == "self_use"
    await room.minutes(5)
    assert room.power > 0


async def test_disabling_puts_back_first(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.hass.config_entries.async_set_disabled_by(
        room.entry.entry_id, ConfigEntryDisabler.USER
    )
    await room.settle()
    assert room.stored == before
    assert room.leases(hass_storage) == {}


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_disabling_while_the_device_is_away(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """It is put back as soon as that is possible, although the entry is off."""
    await room.start()
    before = room.stored
    await room.call("hold", block="discharge", duration={"minutes": 60})
    away(room, gone=True)
    await room.hass.config_entries.async_set_disabled_by(
        room.entry.entry_id, ConfigEntryDisabler.USER
    )
    await room.settle()
    assert room.stored != before
    away(room, gone=False)
    await room.minutes(30)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


async def test_control_is_turned_off_while_it_forces(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    room.hass.config_entries.async_update_entry(
        room.entry, options={"allow_control": False}
    )
    await room.reload()
    await room.minutes(5)
    assert room.stored == before
    assert room.state("select", "battery_mode") == "unavailable"


@pytest.mark.parametrize(("homes", "mode"), [("SPA", "login")], indirect=["homes"])
async def test_a_device_that_is_moved_away(room: Room) -> None:
    """It goes from the account with its lease; what comes back is put back."""
    with only("select"):
        await room.start()
    before, device = room.stored, room.device
    await room.call("hold", block="discharge", duration={"minutes": 60})
    devices = room.sim.plants[0].devices
    devices.remove(device)
    for _ in range(2):
        await room.step(LIST)
        await room.minutes(10)
    assert not room.has("select", "battery_mode")
    assert dict(device.settings.stored) != before
    assert room.issues == ["left_forced"]
    devices.insert(0, device)
    await room.step(LIST)
    await room.minutes(10)
    assert room.stored == before
    assert room.issues == []
