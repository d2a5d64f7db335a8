"""What the battery does not permit, and the texts that say so."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from .room import Room


async def refused(room: Room, action: str, **data: Any) -> str | None:
    """Return which text an action is refused with; none has gaps."""
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert "{" not in str(info.value)
    assert str(info.value) != info.value.translation_key
    return info.value.translation_key


async def test_the_write_api_is_off(room: Room) -> None:
    """It says so, with a repair issue, and nobody is asked for a new token."""
    await room.start()
    before = room.stored
    room.battery.change(write_api=False)
    assert await refused(room, "force_charge", power=2000) == "write_api_off"
    assert room.issues == ["control_not_permitted"]
    assert (room.stored, room.mode, room.control) == (before, "self_use", "idle")
    await room.minutes(2)
    assert not room.hass.config_entries.flow.async_progress()
    assert room.state("sensor", "battery_power") != "unavailable"
    room.battery.change(write_api=True)
    assert (await room.charge(5))["outcome"] == "applied"
    assert room.issues == []


@pytest.mark.parametrize(
    ("mode", "text"), [("self_use", "not_writable"), ("manual", "vpp")]
)
async def test_the_virtual_power_plant_is_in_control(
    room: Room, mode: str, text: str
) -> None:
    """Set points are refused with its name, the mode without a word (2.2)."""
    await room.start()
    await room.set("select", "battery_mode", option=mode)
    before = room.stored
    room.battery.change(vpp_active=True)
    assert await refused(room, "force_charge", power=2000) == text
    assert room.issues == []
    assert (room.stored, room.mode, room.control) == (before, mode, "idle")
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"


async def test_it_takes_over_in_a_force(room: Room) -> None:
    """Row 39: what is left is put back as soon as that is possible."""
    await room.start()
    before = room.stored
    await room.charge(5)
    room.battery.change(vpp_active=True)
    await room.minutes(8)
    assert room.control == "restoring"
    room.battery.change(vpp_active=False)
    await room.minutes(10)
    assert room.stored == before
    assert room.mode == "self_use"
    assert room.issues == []


@pytest.mark.parametrize(
    ("action", "data", "text"),
    [
        ("force_charge", {"power": 4601}, "power_range"),
        ("force_charge", {"power": float("nan")}, "not_a_number"),
        ("force_charge", {"target_soc": 50}, "soc_above_target"),
        ("force_discharge", {"target_soc": 50}, "soc_below_target"),
        ("force_discharge", {"target_soc": 5}, "target_below_reserve"),
        ("hold", {"block": "charge"}, "not_supported"),
        ("hold", {"duration": {"days": 2}}, "duration_range"),
        ("set_reserve", {"soc": 3}, "reserve_gap"),
        ("set_reserve", {"soc": 101}, "soc_range"),
        ("set_backup_reserve_to_current", {"offset": 1e308}, "percent_range"),
        ("set_backup_reserve_to_current", {"minimum": 2}, "soc_range"),
    ],
)
async def test_what_cannot_be_is_refused(
    room: Room, action: str, data: dict[str, Any], text: str
) -> None:
    await room.start()
    assert await refused(room, action, **data) == text
    assert room.sent == 0


def _row(**changes: Any) -> dict[str, Any]:
    return {"start": "02:00", "end": "05:00", "mode": "charge", "power": 8000} | changes


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([_row(power=46001)], "power_range"),
        ([_row(end="02:00")], "empty_window"),
        ([_row(), _row(start="04:59", end="06:00")], "rows_overlap"),
        ([_row(soc=90)], "no_soc_setting"),
        ([_row(days=["mon"])], "no_weekdays"),
        ([{"start": "02:00", "end": "05:00", "mode": "charge"}], "power_required"),
    ],
)
async def test_rows_that_cannot_be(
    room: Room, rows: list[dict[str, Any]], text: str
) -> None:
    await room.start()
    assert await refused(room, "set_schedule", rows=rows) == text
    assert room.sent == 0


async def test_an_old_schedule_is_not_edited(room: Room) -> None:
    """6.5: windows of another shape are left alone."""
    room.battery.write_as_app(
        EM_ToU_Schedule='[{"grid":"1","start":"07:00","stop":"08:00","charge":"07:31"}]'
    )
    await room.start()
    text = await refused(room, "set_schedule", rows=[_row()])
    assert text == "schedule_of_another_kind"
    assert room.sent == 0
    answer = await room.call("read_schedule")
    assert answer == {"rows": [], "raw": room.stored["EM_ToU_Schedule"]}


async def test_an_old_schedule_can_be_cleared(room: Room) -> None:
    room.battery.write_as_app(
        EM_ToU_Schedule='[{"grid":"1","start":"07:00","stop":"08:00","charge":"07:31"}]'
    )
    await room.start()
    answer = await room.call("set_schedule", clear=["charge"])
    assert answer["outcome"] == "applied"
    assert room.stored["EM_ToU_Schedule"] == "[]"
    assert await room.call("read_schedule") == {"rows": []}


@pytest.mark.parametrize("interval", [10, 20, 120])
async def test_a_force_is_taken_between_any_two_readings(
    room: Room, interval: int
) -> None:
    """Also at the longest pause that can be chosen; a longer one is none."""
    await room.start(live_interval=interval)
    for _ in range(8):
        await room.seconds(7)
        assert (await room.charge(5))["outcome"] in {"applied", "unchanged"}


async def test_old_firmware_without_all_settings_at_once(room: Room) -> None:
    """What control needs can be read key by key."""
    room.battery.variant.missing_endpoints = {"configurations"}
    await room.start()
    await room.minutes(2)
    before = room.stored
    assert (await room.charge(5))["outcome"] == "applied"
    await room.seconds(30)
    assert room.control == "active"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.stored == before
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"


async def test_control_can_be_turned_off(room: Room) -> None:
    await room.start(allow_control=False)
    assert await refused(room, "force_charge") == "control_off"
    assert not room.has("select", "battery_mode")
    assert not room.has("number", "backup_reserve")
    assert (await room.call("self_use"))["outcome"] == "unchanged"


async def test_nobody_is_forced_off_the_grid(room: Room) -> None:
    await room.start()
    room.house.override(grid=False)
    await room.seconds(30)
    assert await refused(room, "force_discharge") == "off_grid"
    assert (await room.call("set_reserve", soc=10))["outcome"] == "applied"


async def test_nobody_is_forced_on_old_data(room: Room) -> None:
    await room.start()
    room.battery.change(online=False)
    await room.seconds(45)
    assert await refused(room, "force_charge") == "stale_data"
