"""Texts that a person can meet, in the situations that bring them."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.alphaess_energy._vendor.core.control.intent import SelfUse
from custom_components.alphaess_energy._vendor.core.control.outcome import Refusal
from simulator.faults import MISSING

from ..conftest import SYSTEM_1
from .room import BOTH_STORES, PERIODIC_STORE, SETTINGS, Room
from .test_actions import CHARGE_ROW, DISCHARGE_ROW


async def refused(room: Room, action: str, **data: Any) -> str | None:
    """Return which text an action is refused with; nothing was sent, none has gaps."""
    before, sent = room.stored, room.sent
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert "{" not in str(info.value)
    assert str(info.value) != info.value.translation_key
    assert (room.stored, room.sent) == (before, sent)
    return info.value.translation_key


def row(**changes: Any) -> dict[str, Any]:
    return CHARGE_ROW | changes


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([row(start="02:07")], "off_grid_time"),
        ([row(end="23:50")], "off_grid_time"),
        ([row(start="05:00")], "end_before_start"),
        ([row(start="23:00", end="01:00")], "end_before_start"),
        ([row(), row(start="05:00", end="06:00", soc=70)], "rows_one_soc"),
        ([row(), row(start="03:00", end="06:00")], "rows_overlap"),
        ([row(days=["mon"])], "no_weekdays"),
        ([row(power=2000)], "no_power_setting"),
        ([row(soc=101)], "soc_range"),
        (
            [row(start=f"0{hour}:00", end=f"0{hour}:30") for hour in range(3)],
            "rows_too_many",
        ),
    ],
)
async def test_rows_that_the_daily_store_cannot_hold(
    room: Room, rows: list[dict[str, Any]], text: str
) -> None:
    """They are refused, not dropped."""
    await room.start()
    assert await refused(room, "set_schedule", rows=rows) == text


@PERIODIC_STORE
@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"rows": [row(start="02:07")]}, "off_grid_time"),
        ({"rows": [row(soc=9)]}, "limit_range"),
        ({"rows": [row(power=0)]}, "power_range"),
        ({"rows": [row(power=1_000_001)]}, "power_range"),
        ({"rows": [row(), row(start="03:00", end="06:00")]}, "rows_overlap"),
        (
            {"rows": [row(), DISCHARGE_ROW | {"start": "03:00", "end": "06:00"}]},
            "rows_overlap",
        ),
        ({"clear": ["discharge"]}, "list_empty"),
        (
            {
                "rows": [
                    row(start=f"0{hour}:00", end=f"0{hour}:30") for hour in range(7)
                ]
            },
            "periods_too_many",
        ),
        (
            {"rows": [{"start": "09:00", "end": "10:00", "mode": "charge"}]},
            "soc_required",
        ),
    ],
)
async def test_rows_that_the_weekly_store_cannot_hold(
    room: Room, data: dict[str, Any], text: str
) -> None:
    await room.start(assume_enabled=True)
    assert await refused(room, "set_schedule", **data) == text


@PERIODIC_STORE
async def test_flags_that_nobody_has_told(room: Room) -> None:
    """They cannot be read, and each change would send them: say so once."""
    await room.start()
    for action in ("force_charge", "hold"):
        assert await refused(room, action) == "flags_unknown"
    answer = await room.call("set_schedule", use_grid=True, enable_time_control=False)
    assert answer["outcome"] == "applied"
    assert room.state("switch", "grid_charge") == "on"
    assert room.state("switch", "discharge_time_control") == "off"
    assert room.entity("switch", "grid_charge").attributes["assumed_state"]
    before = room.stored
    assert (await room.charge(10))["outcome"] == "applied"
    await room.minutes(12)
    assert room.stored == before


@BOTH_STORES
async def test_a_target_that_is_reached_already(room: Room) -> None:
    await room.start(assume_enabled=True)
    text = await refused(room, "force_charge", target_soc=40)
    assert text == "soc_above_target"


@BOTH_STORES
@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 21, 44, tzinfo=UTC)])
async def test_a_force_in_the_last_quarter_of_a_day(
    room: Room, start_time: datetime
) -> None:
    """23:45 is the last time that can be said."""
    await room.start(assume_enabled=True)
    data = {"target_soc": 90, "duration": {"minutes": 10}}
    assert await refused(room, "force_charge", **data) == "between_2345_and_midnight"
    answer = await room.charge(60)
    assert answer["warnings"] == ["starts_at_midnight"]
    assert answer["effective_from"] == "2026-05-13T00:00:00+02:00"


@BOTH_STORES
async def test_a_hold_without_a_state_of_charge(room: Room) -> None:
    await room.start(assume_enabled=True)
    room.sim.faults.add("mutate", "getLastPowerData", field="data.soc", value=MISSING)
    await room.step(61)
    data = {"block": "both", "duration": {"minutes": 30}}
    assert await refused(room, "hold", **data) == "soc_unknown"


async def test_what_a_device_can_do_is_said_by_name(room: Room) -> None:
    await room.start()
    with pytest.raises(HomeAssistantError, match="Self-use") as info:
        await room.call("hold", block="charge", duration={"minutes": 30})
    assert info.value.translation_key == "not_supported"


async def test_settings_that_are_not_complete(room: Room) -> None:
    """A part of the schedule cannot be written alone, so nothing is guessed."""
    await room.start()
    room.sim.faults.add(
        "mutate", "getChargeConfigInfo", field="data.batHighCap", value=MISSING
    )
    assert await refused(room, "set_reserve", soc=30) == "settings_incomplete"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (partial(dict, kind="status", status=500), "cannot_connect"),
        (partial(dict, kind="vendor_error", code=6005), "not_bound"),
        (partial(dict, kind="vendor_error", code=6026), "vendor_busy"),
        (partial(dict, kind="status", status=401), "invalid_auth"),
    ],
)
async def test_settings_that_cannot_be_read(
    room: Room, fault: Callable[[], dict[str, Any]], text: str
) -> None:
    """Nothing is written blindly."""
    await room.start()
    room.sim.faults.add(endpoint=SETTINGS, **fault())
    for action, data in (("force_charge", {}), ("set_reserve", {"soc": 30})):
        assert await refused(room, action, **data) == text
    with pytest.raises(HomeAssistantError) as info:
        await room.call("read_schedule")
    assert info.value.translation_key == text


@BOTH_STORES
async def test_an_offline_device_refuses(room: Room) -> None:
    """The cloud answers for it, in its own words."""
    await room.start(assume_enabled=True)
    before = room.stored
    room.system.online = False
    with pytest.raises(HomeAssistantError) as info:
        await room.charge()
    assert info.value.translation_key == "device_offline"
    assert room.stored == before
    assert room.control == "idle"


async def test_a_system_that_was_unbound(room: Room) -> None:
    """It takes no orders, neither before nor after its device is gone."""
    await room.start()
    system = room.entry.runtime_data.systems[SYSTEM_1]
    system.unbound = True
    assert await refused(room, "force_charge", target_soc=90) == "system_gone"
    system.unbound = False
    manager = room.manager
    await room.hass.services.async_call(
        "alphaess_energy",
        "unbind_system",
        {"device_id": room.device, "serial_number": SYSTEM_1},
        blocking=True,
    )
    await room.settle()
    assert room.center.manager(SYSTEM_1) is None
    with pytest.raises(Refusal, match="control_closing"):
        await manager.execute(SelfUse())
    assert room.sent == 0


@pytest.mark.parametrize("value", ["02:07:00", "23:59:00", "02:00:30"])
async def test_a_time_that_is_off_the_grid(room: Room, value: str) -> None:
    await room.start()
    with pytest.raises(HomeAssistantError) as info:
        await room.set("time", "charge_start_1", time=value)
    assert info.value.translation_key == "off_grid_time"
    assert room.sent == 0
    assert room.state("time", "charge_start_1") == "01:00:00"


@PERIODIC_STORE
async def test_a_hold_of_a_battery_that_would_charge(room: Room) -> None:
    """A period has a target of 10 % at least."""
    await room.start(assume_enabled=True)
    room.house.override(soc=7)
    await room.step(61)
    data = {"block": "both", "duration": {"minutes": 30}}
    assert await refused(room, "hold", **data) == "soc_too_low"


@PERIODIC_STORE
@pytest.mark.parametrize("start_time", [datetime(2026, 5, 11, 22, 10, tzinfo=UTC)])
async def test_a_day_that_is_full_of_periods(room: Room, start_time: datetime) -> None:
    """Six a day is what the store holds; those that are there are named."""
    await room.start(assume_enabled=True)
    periods = room.system.periodic.stored["chargeTimeList"]
    more = [
        {
            **periods[0],
            "beginTime": f"{hour:02}:00",
            "endTime": f"{hour:02}:30",
            "weeks": [2],
        }
        for hour in range(6, 10)
    ]
    room.system.write_as_app(room.system.periodic, chargeTimeList=[*periods, *more])
    with pytest.raises(HomeAssistantError, match="06:00") as info:
        await room.charge()
    assert info.value.translation_key == "no_free_slot"
    assert room.sent == 0


async def test_a_system_that_nobody_controls_yet(room: Room) -> None:
    await room.start()
    system = room.entry.runtime_data.systems[SYSTEM_1]
    system.control = None
    assert await refused(room, "force_charge") == "no_control_yet"


async def test_an_order_while_the_integration_is_unloaded(room: Room) -> None:
    """It was not begun, and says so."""
    await room.start()
    await room.manager.close()
    for action, data in (("force_charge", {}), ("self_use", {})):
        assert await refused(room, action, **data) == "control_closing"
