"""A device whose record becomes another one while it is controlled."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from custom_components.sungrow_energy.control_drivers import Known
from simulator.sungrow import plant_forms

from .room import MODE, Room

ANEW = 10999001
# The list of devices is read each hour.
NEXT_LIST = 70


def _edited(
    monkeypatch: pytest.MonkeyPatch, room: Room, edit: Callable[[dict[str, Any]], None]
) -> None:
    """Have rows of the device in lists be otherwise."""
    row_of: Any = plant_forms._device

    def row(call: Any, plant: Any, device: Any, **how: Any) -> dict[str, Any]:
        found: dict[str, Any] = row_of(call, plant, device, **how)
        if device.sn == room.serial:
            edit(found)
        return found

    monkeypatch.setattr(plant_forms, "_device", row)


def _addressed(room: Room) -> str:
    """Return the id by which tasks go to the device."""
    return str(room.manager.driver.what.uuid)


def _noted(room: Room) -> str | None:
    known = Known.noted(room.entry.runtime_data.account, room.serial)
    return known.what.uuid if known is not None else None


async def test_a_force_of_a_device_that_is_added_anew_can_be_ended(
    started: Room,
) -> None:
    """The id of its record is the only address of tasks."""
    room = started
    before = room.stored
    await room.charge(600)
    room.device.spec = replace(room.device.spec, uuid=ANEW)
    await room.minutes(NEXT_LIST)
    assert room.stored[MODE] == 2
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.stored == before
    assert _addressed(room) == _noted(room) == str(ANEW)


async def test_a_rated_power_that_is_told_later_is_what_a_force_may_be(
    bare: None, room: Room
) -> None:
    spec = room.device.spec
    room.device.spec = replace(spec, model="Hybrid")
    await room.start()
    assert room.manager.driver.capabilities.power.high == 5000
    room.device.spec = spec
    await room.minutes(NEXT_LIST)
    assert room.manager.driver.capabilities.power.high == 10000


@pytest.mark.parametrize("missing", ["uuid", "device_model_code"])
async def test_what_one_list_lacks_is_not_forgotten(
    started: Room, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    room = started
    address, manager = _addressed(room), room.manager
    _edited(monkeypatch, room, lambda row: row.update({missing: None}))
    await room.minutes(NEXT_LIST)
    assert _noted(room) == address
    assert room.manager is manager
    # Nor by a start that knows no better.
    await room.hass.config_entries.async_reload(room.entry.entry_id)
    await room.settle()
    assert _addressed(room) == address
    assert room.manager.driver.capabilities.power.high == 10000


@pytest.mark.parametrize("homes", [("hybrid", "hybrid")])
async def test_a_device_in_the_lists_of_two_plants_is_not_set_up_for_ever(
    bare: None, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of its records holds is told when one of the lists has it no more."""
    await room.start()
    unloaded: list[bool] = []
    room.entry.async_on_unload(lambda: unloaded.append(True))
    listed: Any = plant_forms._device

    def row(call: Any, plant: Any, device: Any, **how: Any) -> dict[str, Any]:
        found: dict[str, Any] = listed(call, plant, device, **how)
        if plant is room.sim.plants[1] and device.type == room.device.type:
            found |= {"device_sn": room.serial}
        return found

    monkeypatch.setattr(plant_forms, "_device", row)
    await room.minutes(2 * NEXT_LIST)
    assert unloaded == []
    assert _addressed(room) == room.device.uuid


async def test_what_was_found_out_of_a_device_holds_for_its_new_record(
    started: Room,
) -> None:
    room = started
    notes, old = room.entry.runtime_data.account.notes, room.device.uuid
    kept = notes[f"{old}/parameters"]
    room.device.spec = replace(room.device.spec, uuid=ANEW)
    await room.minutes(NEXT_LIST)
    assert not [key for key in notes if key.startswith(f"{old}/")]
    assert notes[f"{ANEW}/parameters"].keys() == kept.keys()


async def test_that_the_old_record_cannot_be_set_says_nothing_of_the_new_one(
    started: Room,
) -> None:
    room = started
    account = room.entry.runtime_data.account
    checked = account.notes[f"{room.serial}/checked"]
    account.note(f"{room.serial}/checked", {**checked, "may": False})
    room.device.spec = replace(room.device.spec, uuid=ANEW)
    await room.minutes(2 * NEXT_LIST)
    assert room.entry.runtime_data.devices[room.serial].refusal is None
    assert account.notes[f"{room.serial}/checked"]["may"] is True
