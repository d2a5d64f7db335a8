"""Entities that give orders: what they show, and what a hand or an optimiser does."""

import asyncio
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.alphaess_energy.const import DOMAIN

from ..conftest import CHARGER, SYSTEM_1
from .room import BOTH_STORES, PERIODIC_STORE, SETTINGS_POLL, Room

COMMON = {
    ("event", "control_events"): STATE_UNKNOWN,
    ("number", "backup_reserve"): None,
    ("number", "charge_limit"): None,
    ("number", "force_duration"): "60",
    ("number", "force_target"): "100",
    ("select", "battery_mode"): "self_use",
    ("select", "hold_block"): "discharge",
    ("sensor", "control_ends"): STATE_UNKNOWN,
    ("sensor", "control_state"): "idle",
    ("sensor", "setting_writes_today"): "0",
    ("switch", "discharge_time_control"): None,
    ("switch", "grid_charge"): None,
}
TIMES = {
    ("time", f"{side}_{part}_{number}")
    for side in ("charge", "discharge")
    for part in ("start", "end")
    for number in (1, 2)
}
ONLY_LEGACY = {("number", "household_current")}
ONLY_PERIODIC = {
    ("number", "force_power"),
    ("number", "charge_power_1"),
    ("number", "discharge_power_1"),
}


@BOTH_STORES
async def test_a_system_has_what_its_store_can_hold(room: Room) -> None:
    await room.start(assume_enabled=True)
    legacy = room.serial == SYSTEM_1
    wanted = set(COMMON) | TIMES | (ONLY_LEGACY if legacy else ONLY_PERIODIC)
    platforms = {"button", "number", "select", "switch", "time"}
    found = {
        (entry.domain, entry.unique_id.removeprefix(f"{room.serial}_"))
        for entry in er.async_entries_for_config_entry(
            er.async_get(room.hass), room.entry.entry_id
        )
        if entry.unique_id.startswith(room.serial)
    }
    assert {one for one in found if one[0] in platforms} == {
        one for one in wanted if one[0] in platforms
    }
    assert wanted <= found
    for (platform, key), state in COMMON.items():
        shown = room.state(platform, key)
        assert shown == state or (state is None and shown != STATE_UNKNOWN)


CHANGES: list[tuple[str, str, dict[str, Any], str]] = [
    ("number", "charge_limit", {"value": 85}, "85"),
    ("number", "backup_reserve", {"value": 22}, "22"),
    ("switch", "grid_charge", {"on": True}, "on"),
    ("switch", "grid_charge", {"on": False}, "off"),
    ("switch", "discharge_time_control", {"on": True}, "on"),
    ("switch", "discharge_time_control", {"on": False}, "off"),
    ("time", "charge_start_1", {"time": "00:30:00"}, "00:30:00"),
    ("time", "charge_end_1", {"time": "05:30:00"}, "05:30:00"),
    ("select", "battery_mode", {"option": "force_charge"}, "force_charge"),
    ("select", "battery_mode", {"option": "hold"}, "hold"),
    ("select", "battery_mode", {"option": "self_use"}, "self_use"),
]


@BOTH_STORES
@pytest.mark.parametrize(("platform", "key", "data", "shown"), CHANGES)
async def test_an_entity_is_true_when_the_call_has_returned(
    room: Room, platform: str, key: str, data: dict[str, Any], shown: str
) -> None:
    """Optimisers read back after 2 s and write again what they do not find.

    Setting it again writes nothing.
    """
    await room.start(assume_enabled=True)
    await room.set(platform, key, **data)
    assert room.state(platform, key) == shown
    await room.step(2)
    assert room.state(platform, key) == shown
    stored, sent = room.stored, room.sent
    await room.set(platform, key, **data)
    assert (room.stored, room.sent) == (stored, sent)
    await room.step(SETTINGS_POLL)
    assert room.state(platform, key) == shown
    assert room.state("sensor", "setting_writes_today") == str(sent)


@PERIODIC_STORE
@pytest.mark.parametrize("key", ["charge_power_1", "discharge_power_1"])
async def test_the_power_of_a_period(room: Room, key: str) -> None:
    await room.start(assume_enabled=True)
    assert room.state("number", key) == "10000"
    await room.set("number", key, value=4000)
    assert room.state("number", key) == "4000"
    side = key.partition("_")[0]
    periods = room.system.periodic.stored[f"{side}TimeList"]
    assert [period["chargePower"] for period in periods] == [4000]
    # The other fields of the period are as they were
    assert periods[0]["chargeLimit"] == (90.0 if side == "charge" else 15.0)


async def test_a_second_window(room: Room) -> None:
    """Its two ends are two entities: both moves, in seconds, are one write."""
    await room.start()
    await asyncio.gather(
        room.set("time", "charge_start_2", time="12:00:00"),
        room.set("time", "charge_end_2", time="13:00:00"),
    )
    stored = room.system.charge.stored
    assert (stored["timeChaf2"], stored["timeChae2"]) == ("12:00", "13:00")
    assert room.state("time", "charge_end_2") == "13:00:00"
    assert room.sent == 1
    # All else is as it was
    assert (stored["timeChaf1"], stored["batHighCap"]) == ("01:00", 100)


@BOTH_STORES
async def test_an_optimiser_that_begins(room: Room) -> None:
    """Predbat calls charge stop and discharge stop in quick succession."""
    await room.start(assume_enabled=True)
    before = room.stored
    stops = [room.order("self_use") for _ in range(2)]
    assert [(await stop)["outcome"] for stop in stops] == ["unchanged", "unchanged"]
    assert room.sent == 0
    await room.charge(60)
    stops = [room.order("self_use") for _ in range(2)]
    assert [(await stop)["outcome"] for stop in stops] == ["applied", "unchanged"]
    assert room.stored == before
    assert room.sent == len(room.effects) + 1  # the first one came too soon
    assert room.mode == "self_use"


@BOTH_STORES
async def test_a_selection_goes_by_the_numbers_beside_it(room: Room) -> None:
    await room.start(assume_enabled=True)
    await room.set("number", "force_duration", value=20)
    await room.set("number", "force_target", value=80)
    await room.set("select", "battery_mode", option="force_charge")
    assert room.manager.mode == "force_charge"
    (lease,) = room.manager.leases.values()
    assert lease.effective["target_soc"] == 80
    await room.minutes(22)
    assert room.mode == "self_use"


@BOTH_STORES
async def test_what_hold_blocks_is_selected_beside_it(room: Room) -> None:
    await room.start(assume_enabled=True)
    await room.set("select", "hold_block", option="both")
    await room.set("select", "battery_mode", option="hold")
    assert room.mode == "hold"
    await room.minutes(4, each=1)
    assert abs(room.battery) < 100
    assert room.control == "active"


@BOTH_STORES
async def test_a_selection_that_fails_raises_and_shows_what_is(room: Room) -> None:
    await room.start(assume_enabled=True)
    room.sim.faults.add("vendor_error", room.endpoint, code=6008)
    with pytest.raises(HomeAssistantError) as info:
        await room.set("select", "battery_mode", option="force_charge")
    assert info.value.translation_key == "write_rejected"
    assert room.mode == "self_use"


async def test_defaults_survive_a_restart(room: Room) -> None:
    """They are ours alone: nothing of them is sent."""
    await room.start()
    await room.set("number", "force_duration", value=35)
    await room.set("number", "force_target", value=70)
    await room.set("select", "hold_block", option="both")
    await room.reload()
    assert float(room.state("number", "force_duration")) == 35
    assert float(room.state("number", "force_target")) == 70
    assert room.state("select", "hold_block") == "both"
    assert room.sent == 0


@BOTH_STORES
async def test_writes_of_the_day_are_counted(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """A warning comes above what is reasonable, and goes with the day."""
    await room.start(assume_enabled=True)
    room.sim.faults.clear()
    await room.set("number", "backup_reserve", value=22)
    await room.step(40)
    await room.set("number", "backup_reserve", value=23)
    assert room.state("sensor", "setting_writes_today") == "2"
    await room.restart()
    assert room.state("sensor", "setting_writes_today") == "2"
    room.entry.runtime_data.account.notes[f"{room.serial}/writes"]["count"] = 60
    await room.step(40)
    await room.set("number", "backup_reserve", value=24)
    assert room.state("sensor", "setting_writes_today") == "61"
    assert room.issues == ["control_many_writes"]
    await room.step(12 * 3600)
    assert room.state("sensor", "setting_writes_today") == "0"
    assert room.issues == []


@BOTH_STORES
async def test_settings_stay_for_as_long_as_they_are_true(room: Room) -> None:
    """While the cloud is down for an hour nothing of them changes; then it does."""
    await room.start(assume_enabled=True)
    shown = room.state("number", "charge_limit")
    await room.sim.stop()
    await room.minutes(60, each=15)
    assert room.state("number", "charge_limit") == shown
    assert room.mode == "self_use"
    await room.step(24 * 3600)
    assert room.state("number", "charge_limit") == STATE_UNAVAILABLE


async def test_the_store_changes_sides(room: Room) -> None:
    """The vendor may move a system to its other store: orders go there from then on."""
    await room.start(assume_enabled=True)
    room.system.periodic_read = room.system.periodic_write = True
    room.system.governing = "periodic"
    await room.step(24 * 3600)
    room.house.override(soc=50)
    await room.step(61)
    before = room.stored
    answer = await room.charge(20)
    assert answer["outcome"] == "applied"
    assert room.parts == ["periodic"]
    await room.minutes(22)
    assert room.stored == before


async def test_entities_of_an_account_that_gives_no_orders(room: Room) -> None:
    await room.start(allow_control=False)
    for platform, key in (*COMMON, *TIMES, *ONLY_LEGACY):
        assert not room.has(platform, key), key
    for key in ("ev_start", "ev_stop"):
        assert not er.async_get(room.hass).async_get_entity_id(
            "button", DOMAIN, f"{CHARGER}_{key}"
        )
    assert room.has("sensor", "battery_soc")
    with pytest.raises(HomeAssistantError) as info:
        await room.call("set_reserve", soc=30)
    assert info.value.translation_key == "control_off"
    # Reading changes nothing, so it is possible
    assert (await room.call("read_schedule"))["rows"]
