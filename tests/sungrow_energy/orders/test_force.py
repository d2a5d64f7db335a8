"""Forces, holds and limits in Home Assistant: the answer, the entities, the end."""

from typing import Any, Literal

import pytest

from .room import COMMAND, MODE, POWER, Room


async def test_a_force_charges_and_comes_back(room: Room) -> None:
    await room.start()
    before, events = room.stored, room.events()
    assert (room.state("select", "battery_mode"), room.control) == ("self_use", "idle")
    answer = await room.charge(30, power=1500)
    assert answer["outcome"] == "applied"
    assert answer["effective"] == {"power": 1500}
    # The states are true when the call has returned
    assert room.state("select", "battery_mode") == "force_charge"
    assert room.state("sensor", "control_state") == "starting"
    assert room.state("sensor", "last_command") == "ok"
    await room.minutes(11)
    assert -1600 < room.power < -1300
    assert room.state("sensor", "control_state") == "active"
    assert room.state("sensor", "control_ends") != "unknown"
    await room.minutes(30)
    assert room.stored == before
    assert (room.state("select", "battery_mode"), room.control) == ("self_use", "idle")
    assert events == ["started", "ended"]
    assert room.issues == []


@pytest.mark.parametrize(
    ("action", "data", "command", "low", "high"),
    [
        ("force_discharge", {"power": 2400}, 187, 2300, 2500),
        ("hold", {}, 204, -30, 30),
    ],
)
async def test_what_else_a_battery_does(
    room: Room, action: str, data: dict[str, Any], command: int, low: float, high: float
) -> None:
    await room.start()
    before = room.stored
    answer = await room.call(action, duration={"minutes": 60}, **data)
    assert answer["outcome"] == "applied"
    assert (room.stored[MODE], room.stored[COMMAND]) == (2, command)
    await room.minutes(11)
    assert low <= room.power <= high
    assert room.control == "active"
    assert room.state("select", "battery_mode") == action
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert (room.stored[MODE], room.stored[COMMAND]) == (0, 204)
    assert room.stored == before
    assert room.state("select", "battery_mode") == "self_use"


async def test_a_target_is_reached(started: Room) -> None:
    room = started
    events = room.events()
    await room.charge(120, power=6000, target_soc=52)
    await room.minutes(26)
    assert events == ["started", "target_reached", "ended"]
    assert room.mode is None
    assert room.stored[MODE] == 0


@pytest.mark.parametrize("precision", [True, False], ids=["tenths told", "not told"])
async def test_percent_are_never_ten_times_too_little(
    room: Room, precision: bool
) -> None:
    """95 % ends at 95 %, not at 9.5 % (reference 10.11)."""
    room.device.switches.set_precision = precision
    await room.start()
    await room.set("number", "charge_limit", value=95)
    assert room.device.parameters.stored[10001] == 950
    assert room.state("number", "charge_limit") == "95"


@pytest.mark.parametrize("raw", ["W", "0.01kW"])
async def test_power_is_what_was_asked_whatever_it_is_on_the_wire(
    started: Room, raw: Literal["W", "0.01kW"]
) -> None:
    room = started
    for device in room.sim.devices.values():
        device.switches.power_raw = raw
    assert (await room.charge(60, power=2500))["effective"] == {"power": 2500}
    assert room.device.parameters.stored[POWER] == 2500
    # Also while it was found out: never more than was asked for
    watts = {"W": 1, "0.01kW": 10}[raw]
    tried = [int(write.asked.get(POWER, 0)) * watts for write in room.device.writes]
    assert len(tried) > 1
    assert max(tried) == 2500
    assert room.device.parameters.stored[COMMAND] == 170


async def test_the_reserve_for_a_time(room: Room) -> None:
    await room.start()
    before = room.stored
    answer = await room.call("set_reserve", soc=40, duration={"minutes": 30})
    assert (answer["outcome"], answer["effective"]) == ("applied", {"soc": 40})
    assert room.state("number", "backup_reserve") == "40"
    assert room.stored[10002] == 400
    await room.minutes(36)
    assert room.stored == before


async def test_a_limit_of_the_export_switches_it_on(started: Room) -> None:
    room = started
    before = room.stored
    answer = await room.call("set_export_limit", power=0, duration={"minutes": 30})
    assert answer["outcome"] == "applied"
    assert (room.stored[10012], room.stored[10013]) == (170, 0)
    await room.minutes(36)
    assert room.stored == before


async def test_windows_of_forced_charging(started: Room) -> None:
    room = started
    row = {"start": "01:00", "end": "05:30", "mode": "force_charge", "soc": 80}
    answer = await room.call(
        "set_schedule",
        rows=[row | {"days": ["mon", "tue", "wed", "thu", "fri"]}],
        forced_charging=True,
    )
    assert answer["outcome"] == "applied"
    assert [room.stored[code] for code in (10065, 10066, 10067, 10068)] == [
        170,
        0,
        1,
        0,
    ]
    assert [room.stored[code] for code in (10069, 10070, 10071)] == [5, 30, 80]
    read = await room.call("read_schedule")
    assert read["forced_charging"] is True
    assert [(one["start"], one["end"], one["soc"]) for one in read["rows"]] == [
        ("01:00", "05:30", 80)
    ]
    answer = await room.call("set_schedule", clear=["force_charge"])
    assert answer["outcome"] == "applied"
    assert (await room.call("read_schedule"))["rows"] == []


async def test_a_force_goes_on_after_a_restart(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    room = started
    before = room.stored
    await room.charge(60)
    forced = room.stored
    await room.restart(120)
    assert room.stored == forced
    assert room.mode == "force_charge"
    await room.minutes(61)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


async def test_a_force_that_ended_while_nobody_looked(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    """Compulsory mode has no end of its own: it is put back at the next start."""
    room = started
    before = room.stored
    await room.charge(30)
    await room.crash(3600)
    await room.minutes(5)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []


async def test_a_force_is_put_back_although_no_list_can_be_read(started: Room) -> None:
    """What is leased needs neither plants nor readings."""
    room = started
    before = room.stored
    await room.charge(30)
    for endpoint in ("*queryPowerStationList", "*RealTimeData", "*DeviceListByPsId"):
        room.sim.faults.add("status", endpoint, status=500)
    room.entry.runtime_data.account.documents.clear()
    await room.crash(3600)
    await room.minutes(5)
    assert room.stored == before


async def test_somebody_else_changes_it_meanwhile(started: Room) -> None:
    """What a person sets in the app is left alone."""
    room = started
    events = room.events()
    await room.call("hold", duration={"minutes": 180})
    room.device.write_as_app(p10003=0, p10002=200)
    await room.minutes(70)
    assert events[-1] == "external"
    assert room.mode is None
    assert (room.stored[MODE], room.stored[10002]) == (0, 200)
