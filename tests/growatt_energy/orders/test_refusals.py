"""What a device or an account does not permit, and the texts that say so."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from ..flows import by_login, by_token, reconfigure_dialog
from .room import Room


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN with a battery if the test names no other."""
    return (getattr(request, "param", "MIN"),)


async def refused(room: Room, action: str, **data: Any) -> str | None:
    """Return which text an action is refused with; none has gaps."""
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert "{" not in str(info.value)
    assert str(info.value) != info.value.translation_key
    return info.value.translation_key


@pytest.mark.parametrize(
    ("homes", "action", "data", "text"),
    [
        ("MIN", "force_charge", {"power": 12001}, "power_range"),
        ("MIN", "force_charge", {"power": float("nan")}, "not_a_number"),
        ("MIN", "force_charge", {"target_soc": 50}, "soc_above_target"),
        ("MIN", "force_discharge", {"target_soc": 50}, "soc_below_target"),
        ("MIN", "force_discharge", {"target_soc": 5}, "target_below_reserve"),
        ("MIN", "hold", {"duration": {"days": 2}}, "duration_range"),
        ("MIN", "set_reserve", {"soc": 3}, "soc_range"),
        ("MIN", "set_export_limit", {"percent": 50}, "not_supported"),
        ("SPH", "hold", {"block": "charge"}, "not_supported"),
        ("SPH", "set_reserve", {"soc": 20}, "not_supported"),
        ("SPH", "set_export_limit", {"power": 500}, "export_percent_only"),
        ("NOAH", "force_charge", {}, "not_supported"),
        ("STORAGE", "hold", {}, "not_supported"),
        ("MAX", "force_discharge", {}, "not_supported"),
        ("NEO", "force_charge", {}, "nothing_to_set"),
    ],
    indirect=["homes"],
)
async def test_what_cannot_be_is_refused(
    room: Room, action: str, data: dict[str, Any], text: str
) -> None:
    await room.start()
    await room.minutes(6)
    room.device.writes.clear()
    assert await refused(room, action, **data) == text
    assert room.sent == 0


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_the_datalogger_is_offline(room: Room) -> None:
    """Nothing was changed, so it is not tried for ever, nor is anything left."""
    await room.start()
    before = room.stored
    room.device.switches.online = False
    assert await refused(room, "hold") == "offline"
    assert (room.stored, room.mode, room.control) == (before, None, "idle")
    assert room.issues == []


async def test_nobody_is_forced_on_old_data(room: Room) -> None:
    """Records stop when the datalogger does (control.md: 20 minutes)."""
    await room.start()
    room.device.switches.online = False
    await room.minutes(25)
    assert await refused(room, "force_charge") == "stale_data"


async def test_control_can_be_turned_off(room: Room) -> None:
    await room.start(allow_control=False)
    assert await refused(room, "force_charge") == "control_off"
    assert not room.has("select", "battery_mode")
    assert (await room.call("self_use"))["outcome"] == "unchanged"


@pytest.mark.parametrize("mode", ["login"])
async def test_a_visitor_only_looks(room: Room) -> None:
    """Q36: no entities that could not do anything, and an issue that says why."""
    room.sim.account.rightlevel = 0
    await room.start()
    assert not room.has("select", "battery_mode")
    assert not room.has("number", "backup_reserve")
    assert room.has("sensor", "battery_soc")
    assert room.issues == ["visitor_account"]
    assert await refused(room, "force_charge") == "visitor"
    assert room.sent == 0


@pytest.mark.parametrize("mode", ["login"])
async def test_an_account_that_became_a_visitor(room: Room) -> None:
    """Q36: what is refused then is no offline device, and needs a person."""
    await room.start()
    await room.minutes(5)
    room.sim.account.rightlevel = 0
    room.sim.sessions.expire()
    before = room.stored
    assert await refused(room, "set_reserve", soc=30) == "permission"
    assert room.issues == ["control_not_permitted"]
    assert (room.stored, room.control) == (before, "idle")


async def refused_often(room: Room, times: int = 3) -> None:
    """Have a write refused as if the device were offline, which it is not."""
    for _ in range(times):
        assert await refused(room, "set_reserve", soc=30) == "offline"
        await room.minutes(6)
        await room.minutes(30)


@pytest.mark.parametrize("mode", ["login"])
@pytest.mark.parametrize("homes", ["MIN", "SPH"], indirect=True)
async def test_a_visitor_of_a_level_that_nobody_knows(room: Room) -> None:
    """Q36: writes are refused again and again although the device is there.

    Whoever enters the credentials anew says that they may write now.
    """
    room.sim.account.only_looks = True
    await room.start()
    await room.minutes(6)
    for _ in range(3):
        assert room.issues == []
        assert await refused(room, "force_charge") == "offline"
        await room.minutes(36)
    assert await refused(room, "force_charge") == "visitor"
    assert room.issues == ["visitor_account"]
    await room.reload()
    assert room.state("select", "battery_mode") == "unavailable"
    assert room.issues == ["visitor_account"]
    room.sim.account.only_looks = False
    dialog = await reconfigure_dialog(room.hass, room.entry)
    await dialog.submit(next_step_id="login")
    await dialog.submit(**by_login(room.sim))
    await room.settle()
    assert room.state("select", "battery_mode") == "self_use"
    assert room.issues == []
    await room.minutes(6)
    assert (await room.call("hold"))["outcome"] == "applied"


@pytest.mark.parametrize("mode", ["login"])
async def test_a_visitor_who_may_write_after_all(room: Room) -> None:
    """What is put back all the same tells, if it is accepted."""
    room.sim.account.only_looks = True
    await room.start()
    await refused_often(room)
    assert room.issues == ["visitor_account"]
    room.sim.account.only_looks = False
    setter = room.entry.runtime_data.setter
    await setter.set("min", room.serial, "charge_power", ["90"])
    await room.settle()
    assert room.issues == []
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"


@pytest.mark.parametrize("mode", ["login"])
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_visitor_may_try_again_after_a_day(room: Room, restarted: bool) -> None:
    """Nothing else would tell that the owner has given more rights."""
    room.sim.account.only_looks = True
    await room.start()
    await refused_often(room)
    assert room.issues == ["visitor_account"]
    if restarted:
        await room.restart(86_400)
    else:
        for _ in range(4):
            await room.minutes(6 * 60 - 30)
        assert room.issues == ["visitor_account"]
        await room.minutes(130)
    assert room.issues == []
    assert await refused(room, "set_reserve", soc=30) == "offline"
    await room.minutes(36)
    assert room.issues == []


@pytest.mark.parametrize("mode", ["login"])
async def test_notes_that_make_no_sense_are_none(room: Room) -> None:
    """Whatever stands in the file, control is not refused for good."""
    await room.start()
    notes = room.entry.runtime_data.account.notes
    notes.update({"login/only_looks": True, "login/refused": [1, "2026-05-12", None]})
    await room.minutes(6)
    assert "login/only_looks" not in notes
    room.sim.account.only_looks = True
    assert await refused(room, "set_reserve", soc=30) == "offline"
    await room.minutes(6)
    assert len(notes["login/refused"]) == 1
    room.sim.account.only_looks = False
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert "login/refused" not in notes


@pytest.mark.parametrize("mode", ["login"])
@pytest.mark.parametrize("homes", ["MIN", "SPH"], indirect=True)
async def test_a_logger_that_was_away_for_a_minute(room: Room) -> None:
    """One refusal, or several of the same half hour, are no visitor's."""
    await room.start()
    await room.minutes(6)
    for _ in range(3):
        room.device.switches.online = False
        assert await refused(room, "hold") == "offline"
        await room.minutes(1)
        room.device.switches.online = True
        await room.minutes(6)
    await room.minutes(24)
    assert room.issues == []
    assert (await room.call("hold"))["outcome"] == "applied"


@pytest.mark.parametrize("mode", ["login"])
@pytest.mark.parametrize("homes", ["SPA"], indirect=True)
async def test_a_record_without_a_time_proves_nothing(room: Room) -> None:
    """The cloud says "online" a while longer; when that was true only we noted."""
    await room.start()
    await room.minutes(6)
    room.sim.account.only_looks = True
    for _ in range(4):
        assert await refused(room, "hold") == "offline"
        await room.minutes(36)
    assert room.issues == []


@pytest.mark.parametrize("mode", ["login"])
@pytest.mark.parametrize("before", ["accepted", "offline"])
async def test_a_refusal_may_be_about_the_device(room: Room, before: str) -> None:
    """Where writes were accepted before, or no record comes, it is what it says."""
    await room.start()
    if before == "accepted":
        await room.call("set_reserve", soc=25)
    room.device.switches.online = False
    assert await refused(room, "set_reserve", soc=30) == "offline"
    room.device.switches.online = before == "accepted"
    await room.minutes(45)
    room.device.switches.online = True
    await room.minutes(6)
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.issues == []


async def test_changes_belong_to_another_server(room: Room) -> None:
    """Q18: readings come, so nothing else would tell that a person must mend it."""
    room.sim.writes_elsewhere = True
    await room.start()
    assert await refused(room, "set_reserve", soc=30) == "wrong_host"
    assert room.issues == ["writes_elsewhere"]
    await room.minutes(6)
    assert room.issues == ["writes_elsewhere"]
    room.sim.writes_elsewhere = False
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.issues == []


@pytest.mark.parametrize("other", ["login", "token"])
async def test_changes_are_asked_of_another_server_then(room: Room, other: str) -> None:
    """Q18: whoever enters credentials has mended it, as far as anybody knows."""
    room.sim.writes_elsewhere = True
    await room.start()
    await refused(room, "set_reserve", soc=30)
    assert room.issues == ["writes_elsewhere"]
    await room.minutes(6)  # the list that the token is tried with may be read again
    fields = by_login(room.sim) if other == "login" else by_token(room.sim)
    dialog = await reconfigure_dialog(room.hass, room.entry)
    await dialog.submit(next_step_id=other)
    await dialog.submit(**fields)
    await room.settle()
    assert room.issues == []


async def test_an_energy_company_is_in_control(room: Room) -> None:
    """Nobody could put back what is left of its time, so it is left alone."""
    room.device.vpp.values.update({1: 1, 25: 1, 26: 60, 27: -40})
    await room.start()
    assert await refused(room, "force_charge") == "remote_controlled"
    assert room.sent == 0


async def test_all_segments_are_in_use(room: Room) -> None:
    room.device.switches.vpp = False
    room.device.restore(
        {
            key: value
            for slot in range(1, 10)
            for key, value in {
                f"forcedTimeStart{slot}": f"{slot + 10}:0",
                f"forcedTimeStop{slot}": f"{slot + 10}:50",
                f"forcedStopSwitch{slot}": 1,
                f"time{slot}Mode": 1,
            }.items()
        }
    )
    await room.start()
    text = await refused(room, "force_charge", duration={"minutes": 300})
    assert text == "no_free_slot"
    assert room.sent == 0
