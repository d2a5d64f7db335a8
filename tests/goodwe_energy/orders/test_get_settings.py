"""The action that answers what is set, as the vendor says it: it changes nothing."""

import json

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from .room import Room


@pytest.mark.parametrize("homes", ["hybrid", "v1"], indirect=True)
@pytest.mark.parametrize("allow", [True, False])
async def test_all_that_is_set(room: Room, bare: None, allow: bool) -> None:
    """Also while control is turned off: it only reads."""
    await room.start(allow=allow)
    answer = await room.call("get_settings")
    v1 = room.station.home.kind == "v1"
    assert answer["work_mode_version"] == (1 if v1 else 3)
    assert answer["settings"]["TOU1"] == room.controls.settings.stored["TOU1"]
    assert ("TOU8" in answer["settings"]) is not v1
    assert answer["values"]["tou_slot_1"]["power"] == -50
    assert answer["registers"]["47509"] == {"setting": "export_limit", "value": 0}
    # Never written through the cloud: unknown, not 0
    if not v1:
        assert answer["registers"]["45356"] == {"setting": "reserve", "value": None}
    assert room.sent == 0


async def test_no_serial_in_it(started: Room) -> None:
    room = started
    room.sim.faults.add(
        "mutate", "*remote/get", field="data.items.0.value.sn", value=room.serial
    )
    answer = json.dumps(await room.call("get_settings"))
    secrets = [room.serial, room.station.id, room.sim.account, room.sim.uid]
    assert not [secret for secret in secrets if secret in answer]


async def test_a_battery_or_the_plant_stands_for_its_inverter(started: Room) -> None:
    room = started
    battery = next(
        device.serial
        for device in room.entry.runtime_data.devices.values()
        if device.cls == "battery"
    )
    for stand_in in (battery, room.station.id):
        answer = await room.call("get_settings", of=stand_in)
        assert answer["work_mode_version"] == 3


async def test_what_has_no_settings(started: Room) -> None:
    room = started
    meter = next(one.sn for one in room.station.devices if one.type == "SMART_METER")
    for action in ("get_settings", "self_use"):
        with pytest.raises(ServiceValidationError) as info:
            await room.call(action, of=meter)
        assert info.value.translation_key == "nothing_to_set"


@pytest.mark.parametrize("homes", ["viewer"], indirect=True)
async def test_a_right_to_read_is_enough(started: Room) -> None:
    """And without it the request is not made."""
    room = started
    assert "settings" in await room.call("get_settings")
    with pytest.raises(ServiceValidationError) as info:
        await room.charge()
    assert info.value.translation_key == "no_remote_right"
    assert room.sent == 0


async def test_without_the_right_to_read(room: Room, bare: None) -> None:
    room.station.permissions[:] = ["STATION_VIEW"]
    await room.start()
    with pytest.raises(ServiceValidationError) as info:
        await room.call("get_settings")
    assert info.value.translation_key == "no_read_right"
    assert room.sim.counters.count("sems-remote/*") == 0


@pytest.mark.parametrize("homes", ["charger"], indirect=True)
async def test_of_a_charger(started: Room) -> None:
    room = started
    charger = next(one.sn for one in room.station.devices if one.type == "EV_CHARGER")
    answer = await room.call("get_settings", of=charger)
    assert answer["settings"]["chargeMode"] == 0


async def test_a_device_that_does_not_answer(started: Room) -> None:
    room = started
    room.device.switches.online = False
    with pytest.raises(HomeAssistantError) as info:
        await room.call("get_settings")
    assert info.value.translation_key == "device_unreachable"
