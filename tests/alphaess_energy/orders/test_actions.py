"""Each action on both schedule stores: what it answers, what it stores."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.alphaess_energy.const import DOMAIN

from ..conftest import CHARGER, SYSTEM_1, SYSTEM_2
from ..devices import device_id
from .room import BOTH_STORES, PERIODIC_STORE, Room

CHARGE_ROW = {"start": "02:00", "end": "04:00", "mode": "charge", "soc": 80}
DISCHARGE_ROW = {"start": "18:00", "end": "20:00", "mode": "discharge", "soc": 20}
ROWS = [CHARGE_ROW, DISCHARGE_ROW]
HALF_AN_HOUR = {"duration": {"minutes": 30}}

ORDERS: dict[str, tuple[str, dict[str, Any]]] = {
    "force": ("force_charge", {"target_soc": 90, **HALF_AN_HOUR}),
    "hold": ("hold", HALF_AN_HOUR),
    "hold_both": ("hold", {"block": "both", **HALF_AN_HOUR}),
    "reserve": ("set_reserve", {"soc": 30}),
    "reserve_for_a_while": ("set_reserve", {"soc": 30, **HALF_AN_HOUR}),
    "schedule": (
        "set_schedule",
        {"rows": ROWS, "use_grid": True, "enable_time_control": True},
    ),
}


def stored(room: Room) -> Any:
    """Return the governing store."""
    if room.serial == SYSTEM_2:
        return room.system.periodic.stored
    return {**room.system.charge.stored, **room.system.discharge.stored}


# In the discharge period of the weekly store
@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 16, 0, tzinfo=UTC)])
@BOTH_STORES
@pytest.mark.parametrize("name", ORDERS)
async def test_what_an_action_answers_and_stores(
    room: Room, snapshot: SnapshotAssertion, name: str, start_time: datetime
) -> None:
    """Asked again for the same it answers `unchanged`, and nothing is sent."""
    await room.start(assume_enabled=True)
    before = room.stored
    action, data = ORDERS[name]
    answer = await room.call(action, **data)
    assert answer["outcome"] == "applied"
    ends = answer.pop("expires_at")
    assert answer == snapshot(name="answer")
    assert stored(room) == snapshot(name="stored")
    assert (ends is not None) == ("duration" in data)
    sent = room.sent

    again = await room.call(action, **data)
    assert again["outcome"] == "unchanged"
    assert room.sent == sent

    undone = await room.call("self_use")
    assert undone["outcome"] == ("applied" if ends else "unchanged")
    assert (room.stored == before) == (ends is not None)
    assert (await room.call("self_use"))["outcome"] == "unchanged"


@BOTH_STORES
async def test_a_schedule_that_was_read_can_be_set(room: Room) -> None:
    """It is what was there, so nothing is sent for it."""
    await room.start(assume_enabled=True)
    read = await room.call("read_schedule")
    assert {row["mode"] for row in read["rows"]} <= {"charge", "discharge"}
    assert (await room.call("set_schedule", **read))["outcome"] == "unchanged"
    assert room.sent == 0
    await room.call("set_schedule", rows=ROWS)
    rows = (await room.call("read_schedule"))["rows"]
    plain = [
        {name: row[name] for name in ("start", "end", "mode", "soc")} for row in rows
    ]
    wanted = [dict(row) for row in ROWS]
    if room.serial == SYSTEM_1:
        # Windows of the older store have a limit for the side, not one each
        assert {row["mode"]: row["soc"] for row in plain} == {
            "charge": 80,
            "discharge": 20,
        }
    assert plain == wanted


@BOTH_STORES
async def test_rows_of_one_side_leave_the_other(room: Room) -> None:
    await room.start(assume_enabled=True)
    before = [
        row
        for row in (await room.call("read_schedule"))["rows"]
        if row["mode"] == "discharge"
    ]
    await room.call("set_schedule", rows=[CHARGE_ROW])
    after = (await room.call("read_schedule"))["rows"]
    assert [row for row in after if row["mode"] == "discharge"] == before


async def test_a_side_can_be_cleared(room: Room) -> None:
    await room.start()
    await room.call("set_schedule", clear=["charge"])
    assert (await room.call("read_schedule"))["rows"] == []


@BOTH_STORES
async def test_a_share_is_answered_with_a_warning(room: Room) -> None:
    """0.9 is legal where 0 is, but who says so may mean 90 %."""
    await room.start(assume_enabled=True)
    if room.serial == SYSTEM_1:
        answer = await room.call("set_reserve", soc=0.9)
        assert answer["warnings"] == ["percent_unit"]
        assert answer["effective"] == {"soc": 1}
    else:
        with pytest.raises(HomeAssistantError) as info:
            await room.call("set_reserve", soc=0.9)
        assert info.value.translation_key == "soc_range"


async def test_time_control_without_a_window_is_answered_with_a_warning(
    room: Room,
) -> None:
    await room.start()
    answer = await room.call("set_schedule", enable_time_control=True)
    assert answer["warnings"] == ["time_control_ignored"]
    assert room.system.discharge.stored["ctrDis"] == 1


@PERIODIC_STORE
async def test_a_force_with_a_power(room: Room) -> None:
    """The weekly store has one for each period."""
    await room.start(assume_enabled=True)
    answer = await room.call("force_charge", power=3000, target_soc=80, **HALF_AN_HOUR)
    assert answer["outcome"] == "applied"
    await room.minutes(4, each=1)
    assert room.battery == pytest.approx(-3000, abs=300)


@PERIODIC_STORE
async def test_several_devices_answer_each(room: Room) -> None:
    await room.start(assume_enabled=True)
    ids = [device_id(room.hass, room.entry, serial) for serial in (SYSTEM_1, SYSTEM_2)]

    async def call(**data: Any) -> Any:
        return await room.hass.services.async_call(
            DOMAIN,
            "force_charge",
            {"device_id": ids, **HALF_AN_HOUR, **data},
            blocking=True,
            return_response=True,
        )

    answers = await call(target_soc=90)
    assert [answers[one]["outcome"] for one in ids] == ["applied", "applied"]
    # Only one of them has a setting for that: it is done, and the error says so
    with pytest.raises(HomeAssistantError) as info:
        await call(target_soc=90, power=2000)
    assert info.value.translation_key == "some_failed"
    placeholders = info.value.translation_placeholders or {}
    assert "no setting for the power" in placeholders["failed"]
    assert placeholders["done"]
    assert room.mode == "force_charge"


async def test_a_charger_stands_for_its_system(room: Room) -> None:
    await room.start()
    charger = device_id(room.hass, room.entry, CHARGER)
    answers = await room.hass.services.async_call(
        DOMAIN,
        "force_charge",
        {"device_id": charger, "target_soc": 90},
        blocking=True,
        return_response=True,
    )
    assert answers is not None
    assert answers[charger]["outcome"] == "applied"
    assert room.mode == "force_charge"


async def test_an_order_without_an_end_lasts_as_long_as_the_entity_says(
    room: Room,
) -> None:
    await room.start()
    await room.set("number", "force_duration", value=90)
    asked_at = room.now
    answer = await room.call("force_charge", target_soc=90)
    ends = datetime.fromisoformat(answer["expires_at"])
    assert (ends - asked_at).total_seconds() == pytest.approx(90 * 60, abs=2)


@BOTH_STORES
async def test_a_reserve_for_a_while_and_a_force_do_not_disturb_each_other(
    room: Room,
) -> None:
    """Each ends by itself and puts back what is its own."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.call("set_reserve", soc=40, duration={"minutes": 60})
    await room.charge(20)
    await room.minutes(25)
    assert room.mode == "self_use"
    assert room.state("number", "backup_reserve") == "40"
    assert room.control == "active"
    await room.minutes(40)
    assert room.stored == before
    assert room.control == "idle"


@BOTH_STORES
async def test_a_durable_change_during_a_force_stays(room: Room) -> None:
    """What is set for good is not taken for something to put back."""
    await room.start(assume_enabled=True)
    await room.charge(30)
    await room.set("number", "backup_reserve", value=25)
    await room.minutes(35)
    assert room.mode == "self_use"
    assert room.state("number", "backup_reserve") == "25"
