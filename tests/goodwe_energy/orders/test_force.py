"""Forces through all layers: the action, the device, the battery, the end."""

from typing import Any

import pytest

from .room import CHARGING, CHARGING_POWER, CHARGING_SOC, RESERVE, Room


async def test_immediate_charging_and_its_end(started: Room) -> None:
    """It has a power and a percent; the device ends it at no time, so we do."""
    room = started
    before, events = room.stored, room.events()
    answer = await room.charge(30, power=2555, target_soc=90)
    assert answer["outcome"] == "applied"
    # Whole percent of the rated power, rounded down
    assert answer["effective"] == {"target_soc": 90, "percent": 25, "power": 2500}
    assert [room.stored[name] for name in (CHARGING, CHARGING_SOC, CHARGING_POWER)] == [
        1,
        90,
        25,
    ]
    assert room.control == "starting"
    await room.minutes(11)
    assert -2600 < room.power < -2300
    assert room.control == "active"
    await room.minutes(26)
    assert room.stored == before
    assert (room.mode, room.control) == (None, "idle")
    assert events == ["started", "ended"]
    assert room.issues == []


@pytest.mark.parametrize("homes", ["hybrid", "v2", "v1", "all_in_one"], indirect=True)
async def test_discharging_in_a_slot(started: Room) -> None:
    """Nothing discharges at once (6.4): a free slot does, and is given back."""
    room = started
    before = room.stored
    answer = await room.call("force_discharge", power=2000, duration={"minutes": 60})
    assert answer["outcome"] == "applied"
    [number] = room.slots_on
    assert number != 1  # the installer's
    slot = room.slot(number)
    per_mille = slot["ChargeDischargePW"] / room.device.spec.rated_w
    assert per_mille > 0
    # Whole minutes: not shorter than asked
    assert (slot["TOUStart"], slot["TOUEnd"]) == ("12:00", "13:01")
    assert 12 not in slot["TOUMonth"]
    await room.minutes(11)
    assert 1900 < room.power < 2100
    assert room.control == "active"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.stored == before
    await room.minutes(5)
    assert room.power < 700


@pytest.mark.parametrize("homes", ["v1"], indirect=True)
async def test_charging_in_a_slot_where_the_mode_is_exclusive(
    room: Room, bare: None
) -> None:
    """Nothing is listed that charges at once; the whole mode is the lease's."""
    room.controls.switches.functions = False
    await room.start()
    before = room.stored
    assert (await room.charge(30, power=1500))["outcome"] == "applied"
    assert room.stored["OperationMode"] == 3
    await room.minutes(6)
    assert -1600 < room.power < -1400
    await room.minutes(31)
    assert room.stored == before


async def test_a_target_is_reached(started: Room) -> None:
    room = started
    before, events = room.stored, room.events()
    await room.charge(120, power=6000, target_soc=52)
    await room.minutes(26)
    assert events[:2] == ["started", "target_reached"]
    assert room.mode is None
    assert room.stored == before


async def test_the_reserve_for_a_time(started: Room) -> None:
    """What was never written through the cloud cannot be put back: for good only."""
    room = started
    room.controls.write_as_app({RESERVE: 10})
    before = room.stored
    answer = await room.call("set_reserve", soc=40, duration={"minutes": 30})
    assert (answer["outcome"], answer["effective"]) == ("applied", {"soc": 40})
    assert room.stored[RESERVE] == 40
    await room.minutes(36)
    assert room.stored == before


@pytest.mark.parametrize("homes", ["hybrid", "string"], indirect=True)
async def test_a_limit_of_the_export_switches_it_on(started: Room) -> None:
    room = started
    switch, watts = {
        "hybrid": ("47509", "47510"),
        "string": ("40327", "40328"),
    }[room.station.home.kind]
    before = room.stored
    answer = await room.call("set_export_limit", power=1000, duration={"minutes": 30})
    assert answer["outcome"] == "applied"
    assert (room.stored[switch], room.stored[watts]) == (1, 1000)
    await room.minutes(36)
    assert room.stored == before
    assert (await room.call("set_export_limit", unlimited=True))["outcome"] in {
        "applied",
        "unchanged",
    }


async def test_slots_as_a_schedule(started: Room) -> None:
    room = started
    rows: list[dict[str, Any]] = [
        {"start": "01:00", "end": "05:30", "mode": "charge", "soc": 80, "power": 2500},
        {"start": "18:00", "end": "21:00", "mode": "discharge", "days": ["mon", "sun"]},
    ]
    answer = await room.call("set_schedule", rows=rows, tou_mode=True)
    assert answer["outcome"] == "applied"
    slots = [room.slot(number) for number in room.slots_on]
    assert [one["TOUWeekEnable"] for one in slots] == [249, 249]
    assert sorted(one["ChargeDischargePW"] for one in slots) == [-250, 1000]
    assert sorted(len(one["TOUWeek"]) for one in slots) == [2, 7]
    read = await room.call("read_schedule")
    assert read["tou_mode"] is True
    assert sorted((one["start"], one["mode"]) for one in read["rows"]) == [
        ("01:00", "charge"),
        ("18:00", "discharge"),
    ]
    assert (await room.call("set_schedule", rows=read["rows"]))["outcome"] == (
        "unchanged"
    )
    answer = await room.call("set_schedule", clear=["charge", "discharge"])
    assert answer["outcome"] == "applied"
    assert (await room.call("read_schedule"))["rows"] == []


async def test_a_force_goes_on_after_a_restart(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    room = started
    before = room.stored
    await room.charge(60)
    forced, logins = room.stored, room.sim.logins.succeeded
    await room.restart(120)
    assert room.stored == forced
    assert room.mode == "force_charge"
    assert room.sim.logins.succeeded == logins
    await room.minutes(61)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


async def test_a_force_is_put_back_although_nothing_can_be_listed(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    """What is leased needs neither stations nor readings."""
    room = started
    before = room.stored
    await room.charge(30)
    for endpoint in ("*stations/page", "*all-status", "*device/station/page", "*flow"):
        room.sim.faults.add("status", endpoint, status=500)
    await room.crash(3600)
    await room.minutes(6)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
