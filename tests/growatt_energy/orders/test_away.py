"""Forces while the device, or the way to it, is away."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.memory import leave

from ..flows import by_login, reconfigure_dialog
from .room import Room


async def _by_login(room: Room) -> None:
    """Change the entry to the account's login, past the dialog."""
    data = {key: value for key, value in room.entry.data.items() if key != "token"}
    data |= {
        "mode": "login",
        "user_name": room.sim.user_name,
        "password_hash": modified_md5(room.sim.password),
    }
    leave(room.hass, room.entry)
    room.hass.config_entries.async_update_entry(room.entry, data=data)
    await room.reload()
    await room.step(1)


async def test_a_force_ends_before_a_login_takes_over(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    """A login could not end what was told with a token."""
    before = started.stored
    await started.charge(60)
    assert started.stored != before
    dialog = await reconfigure_dialog(started.hass, started.entry)
    await dialog.submit(next_step_id="login")
    await dialog.submit(**by_login(started.sim))
    await started.settle()
    assert dialog.reason == "reconfigure_successful"
    assert started.stored == before
    assert started.leases(hass_storage) == {}
    assert started.issues == []


async def test_another_token_ends_nothing(started: Room) -> None:
    await started.charge(60)
    await started.minutes(6)
    dialog = await reconfigure_dialog(started.hass, started.entry)
    await dialog.submit(next_step_id="token")
    await dialog.submit(
        token=started.sim.token,
        region="automatic",
        expert={"server_url": started.sim.url},
    )
    await started.settle()
    assert dialog.reason == "reconfigure_successful"
    assert started.mode == "force_charge"


async def test_a_force_that_a_login_cannot_end_is_no_one_elses(started: Room) -> None:
    """It ends by itself; until then nobody is told that it were over."""
    await started.charge(60)
    await started.minutes(6)
    await _by_login(started)
    events = started.events()
    await started.minutes(20)
    assert (started.mode, started.control) == ("force_charge", "active")
    with pytest.raises(HomeAssistantError):
        await started.call("self_use")
    assert started.control == "restoring"
    await started.minutes(75)
    assert (started.mode, started.control) == (None, "idle")
    assert events[-1] == "ended"
    assert "external" not in events
    assert started.issues == []


@pytest.mark.parametrize("homes", [("MIN",), ("SPA",), ("MAX",)])
async def test_settings_are_shown_while_the_datalogger_is_offline(room: Room) -> None:
    """The cloud has a copy of them; remote control is as it was last seen."""
    await room.start()
    devices = [
        device
        for device in room.entry.runtime_data.devices.values()
        if device.store is not None
    ]
    assert devices
    before = [device.store().values for device in devices]
    for device in room.sim.devices.values():
        device.switches.online = False
    await room.minutes(240)
    assert all(device.settings.last_update_success for device in devices)
    assert [device.store().values for device in devices] == before


async def test_a_force_outlives_a_datalogger_that_is_offline(started: Room) -> None:
    """The copy that is read meanwhile says nothing of it."""
    await started.charge(120)
    await started.minutes(6)
    events = started.events()
    started.device.switches.online = False
    await started.minutes(65)
    assert started.mode == "force_charge"
    settings = started.entry.runtime_data.devices[started.serial].settings
    await started.seconds(1)
    await settings.async_refresh()
    assert settings.last_update_success
    started.device.vpp.values |= {25: 0, 26: 0, 27: 0}  # it was without power
    started.device.switches.online = True
    await settings.async_refresh()
    await started.minutes(6)
    assert "lost" in events
    assert "external" not in events
    assert started.mode == "force_charge"
    assert started.device.vpp.values[25] == 1
