"""Control entities: which there are, and what a hand does with them."""

import asyncio
from typing import Any

from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.goodwe_energy.const import DOMAIN

from ..entities import table
from ..platforms import only
from .room import CHARGING, RESERVE, Room

SETTERS = ("button", "number", "select", "switch", "time")
ALL_DAYS, ALL_MONTHS = list(range(7)), list(range(12))
READ_NAMED = "sems-remote/api/v1/remote/get"


def ours(room: Room) -> list[str]:
    """Return the platform and unique id of each entity that controls something."""
    return sorted(
        f"{entity.domain} {entity.unique_id.partition('_')[2]}"
        for entity in er.async_get(room.hass).entities.values()
        if entity.platform == DOMAIN
        and (entity.domain in SETTERS or "control" in entity.unique_id)
    )


@pytest.mark.parametrize(
    "homes",
    ["hybrid", "v2", "v1", "all_in_one", "string", "charger"],
    indirect=True,
)
async def test_snapshot(room: Room, snapshot: SnapshotAssertion) -> None:
    platforms = [Platform(name) for name in SETTERS]
    with only(*platforms, all_enabled=False):
        await room.start()
    assert table(room.hass, *SETTERS) == snapshot


@pytest.mark.parametrize("homes", ["viewer"], indirect=True)
async def test_without_the_right_only_the_mode_is_shown(room: Room) -> None:
    """Reading settings is a right of its own (reference section 6.1)."""
    with only(Platform.SENSOR, *(Platform(name) for name in SETTERS)):
        await room.start()
    assert ours(room) == []
    assert room.state("sensor", "work_mode_running") == "self_use"
    with pytest.raises(ServiceValidationError, match="permission"):
        await room.charge()
    assert room.sent == 0


async def test_control_is_off_unless_it_is_allowed(room: Room) -> None:
    await room.start(allow=False)
    assert ours(room) == []
    assert room.state("sensor", "work_mode_running") == "self_use"
    with pytest.raises(ServiceValidationError, match="turned off"):
        await room.charge()
    assert room.sent == 0
    assert room.sim.requests.counts.get(READ_NAMED, 0) <= 1


async def test_entities_go_when_control_is_turned_off(room: Room) -> None:
    """What is leased is put back first."""
    await room.start()
    before = room.stored
    await room.charge(60)
    assert len(ours(room)) > 60
    room.hass.config_entries.async_update_entry(
        room.entry, options={"allow_control": False, "live": False}
    )
    await room.reload()
    await room.minutes(6)
    assert ours(room) == []
    assert room.stored == before


async def test_settings_are_read_every_five_minutes(room: Room) -> None:
    with only(Platform.NUMBER, Platform.SENSOR):
        await room.start(poll_seconds=60)
    room.controls.write_as_app({"47510": 4000})
    await room.minutes(5.2)
    assert room.state("number", "export_limit_power") == "4000.0"
    room.sim.requests.forget()
    await room.minutes(60)
    assert 11 <= room.sim.requests.counts[READ_NAMED] <= 13


@pytest.mark.parametrize(
    ("platform", "key", "data", "stored", "shown"),
    [
        ("number", "export_limit_power", {"value": 2500}, {"47510": 2500}, "2500.0"),
        ("number", "backup_reserve", {"value": 25}, {RESERVE: 25}, "25.0"),
        ("number", "charge_limit", {"value": 90}, {"47760": 90}, "90.0"),
        ("switch", "export_limit", {"on": True}, {"47509": 1}, "on"),
        ("switch", "tou_mode", {"on": True}, {"TOUModeEnable": 1}, "on"),
        ("switch", "backup_mode", {"on": True}, {"BackupModeEnable": 1}, "on"),
        ("switch", "off_grid_mode", {"on": True}, {"OffGridEnable": 1}, "on"),
    ],
)
async def test_a_setting_by_hand(
    room: Room,
    platform: str,
    key: str,
    data: dict[str, Any],
    stored: dict[str, float],
    shown: str,
) -> None:
    with only(Platform(platform)):
        await room.start()
    await room.set(platform, key, **data)
    assert {name: room.stored[name] for name in stored} == stored
    assert room.state(platform, key) == shown
    assert room.sent == 1


async def test_peak_shaving_as_a_whole(room: Room) -> None:
    """One object holds all of it: what is not said stays (6.3)."""
    with only(*(Platform(name) for name in SETTERS)):
        await room.start()
    await room.set("number", "peak_shaving_import_limit", value=3.5)
    await room.set("time", "peak_shaving_start", time="17:00:00")
    await room.set("switch", "peak_shaving", on=True)
    place = room.stored["DemandOrDelayed1"]
    assert place["DemandOrDelayedPowerLimit1"] == 3.5
    assert place["DemandOrDelayedStart1"] == "17:00"
    assert place["DemandOrDelayedWeekEnable1"] == 252
    assert room.state("switch", "peak_shaving") == "on"
    with pytest.raises(ServiceValidationError):
        await room.set("switch", "tou_mode", on=True)
    assert room.stored["TOUModeEnable"] == 0


async def test_a_slot_is_set_once_whatever_a_hand_moves(room: Room) -> None:
    """All of it goes in one write, as soon as the hand rests (6.4)."""
    with only(*(Platform(name) for name in SETTERS)):
        await room.start()
    await asyncio.gather(
        room.set("time", "tou_slot_3_start", time="18:00:00"),
        room.set("time", "tou_slot_3_end", time="21:30:00"),
        room.set("select", "tou_slot_3_mode", option="discharge"),
        room.set("number", "tou_slot_3_power", value=40),
        room.set("number", "tou_slot_3_cutoff_soc", value=25),
        room.set("select", "tou_slot_3_discharge_limit", option="export"),
        room.set("switch", "tou_slot_3", on=True),
    )
    assert room.slot(3) == {
        "TOUStart": "18:00",
        "TOUEnd": "21:30",
        "TOUWeekEnable": 249,
        "TOUWeek": ALL_DAYS,
        "ChargeDischargePW": 400,
        "ChargeCutOffSet": 25,
        "TOUMonth": [*ALL_MONTHS, 12],
    }
    assert room.sent == 1
    assert room.state("switch", "tou_slot_3") == "on"
    assert room.state("select", "tou_slot_3_discharge_limit") == "export"


async def test_a_slot_one_part_after_the_other(room: Room) -> None:
    """It is not switched on before somebody does so, and keeps what was said."""
    with only(*(Platform(name) for name in SETTERS)):
        await room.start()
    await room.set("number", "tou_slot_2_cutoff_soc", value=70)
    await room.set("number", "tou_slot_2_power", value=30)
    await room.set("time", "tou_slot_2_start", time="01:00:00")
    with pytest.raises(ServiceValidationError):
        await room.set("switch", "tou_slot_2", on=True)
    await room.set("time", "tou_slot_2_end", time="04:00:00")
    assert room.state("switch", "tou_slot_2") == "off"
    await room.set("switch", "tou_slot_2", on=True)
    slot = room.slot(2)
    assert (slot["TOUStart"], slot["TOUEnd"]) == ("01:00", "04:00")
    assert (slot["ChargeDischargePW"], slot["ChargeCutOffSet"]) == (-300, 70)
    await room.set("select", "tou_slot_2_mode", option="discharge")
    assert room.slot(2)["ChargeDischargePW"] == 300
    await room.set("number", "tou_slot_2_power", value=50)
    assert room.slot(2)["ChargeDischargePW"] == 500
    with pytest.raises(ServiceValidationError):
        await room.set("number", "tou_slot_2_power", value=0)
    await room.set("select", "tou_slot_2_mode", option="charge")
    with pytest.raises(ServiceValidationError):
        await room.set("select", "tou_slot_2_discharge_limit", option="export")
    await room.set("switch", "tou_slot_2", on=False)
    assert room.slot(2)["TOUWeekEnable"] == 6


@pytest.mark.parametrize("homes", ["v1"], indirect=True)
async def test_modes_of_the_first_generation(room: Room) -> None:
    """They are the battery's; being off grid is shown but not offered."""
    with only(Platform.SELECT, Platform.NUMBER, Platform.BUTTON):
        await room.start()
    options = room.entity("select", "battery_mode").attributes["options"]
    assert options == ["self_use", "force_charge", "force_discharge", "backup", "tou"]
    await room.set("select", "battery_mode", option="backup")
    assert room.stored["OperationMode"] == 2
    assert room.state("select", "battery_mode") == "backup"
    await room.set("number", "tou_slot_1_power", value=35)
    assert room.slot(1)["ChargeDischargePW"] == -35
    await room.set("select", "battery_mode", option="self_use")
    assert room.stored["OperationMode"] == 0
    room.controls.write_as_app({"OperationMode": 1})
    await room.set("button", "refresh_settings")
    assert room.state("select", "battery_mode") == "off_grid"


async def test_battery_mode_by_hand(room: Room) -> None:
    with only(Platform.SELECT, Platform.NUMBER, Platform.SENSOR, Platform.EVENT):
        await room.start()
    before = room.stored
    await room.set("number", "force_duration", value=30)
    await room.set("number", "force_power", value=2000)
    await room.set("select", "battery_mode", option="force_charge")
    assert room.stored[CHARGING] == 1
    assert room.state("select", "battery_mode") == "force_charge"
    assert room.state("sensor", "control_state") in {"active", "starting"}
    assert room.event()[0] == "started"
    await room.minutes(2)
    assert room.power == pytest.approx(-2000, abs=150)
    assert int(room.state("sensor", "setting_writes_today")) >= 2
    await room.set("select", "battery_mode", option="self_use")
    assert room.stored == before
    assert room.state("sensor", "control_state") == "idle"


async def test_the_mode_that_runs_follows_the_settings(room: Room) -> None:
    with only(Platform.SENSOR):
        await room.start()
    assert room.state("sensor", "work_mode_running") == "self_use"
    room.sim.requests.forget()
    await room.minutes(11)
    # Not asked for beside the settings
    assert room.sim.requests.counts[READ_NAMED] <= 3


async def test_reading_goes_on_while_a_device_thinks(room: Room) -> None:
    """A device may take 30 s for a change; nothing else waits for it (6.2)."""
    with only(Platform.SWITCH):
        await room.start()
    room.controls.switches.write_seconds = 30.0
    sent = asyncio.Event()
    with room.at_write(sent.set):
        setting = room.hass.async_create_task(
            room.set("switch", "export_limit", on=True)
        )
        await sent.wait()
    plant = room.entry.runtime_data.plants[room.station.id]
    await plant.live.async_refresh()
    assert plant.live.last_update_success
    assert room.state("switch", "export_limit") == "off"
    assert not setting.done()
    room.freezer.tick(31)
    await setting
    assert room.state("switch", "export_limit") == "on"


@pytest.mark.parametrize("homes", ["string"], indirect=True)
async def test_an_inverter_without_a_battery(room: Room) -> None:
    with only(*(Platform(name) for name in SETTERS)):
        await room.start()
    await room.set("button", "shut_down")
    assert [write.asked for write in room.controls.writes] == [{"40331": 0}]
    await room.set("button", "start")
    await room.set("number", "export_limit_power", value=3000)
    assert room.stored["40328"] == 3000
    assert not room.has("select", "battery_mode")
    with pytest.raises(ServiceValidationError):
        await room.charge()


@pytest.mark.parametrize("homes", ["hybrid", "all_in_one", "v1"], indirect=True)
async def test_an_inverter_stops_and_runs_again(room: Room) -> None:
    with only(Platform.SWITCH):
        await room.start()
    await room.set("switch", "run", on=False)
    await room.seconds(5)
    assert room.controls.stopped
    assert room.state("switch", "run") == "off"
    await room.set("switch", "run", on=True)
    await room.seconds(5)
    assert not room.controls.stopped


async def test_the_button_reads_what_is_set(room: Room) -> None:
    with only(Platform.BUTTON, Platform.NUMBER):
        await room.start()
    room.controls.write_as_app({"47510": 1234})
    await room.set("button", "refresh_settings")
    assert room.state("number", "export_limit_power") == "1234.0"


async def test_the_button_tells_why_it_could_not(room: Room) -> None:
    with only(Platform.BUTTON):
        await room.start()
    room.sim.faults.add("status", "sems-remote/*", status=500)
    with pytest.raises(HomeAssistantError):
        await room.set("button", "refresh_settings")


async def test_what_the_device_does_not_list_has_no_entity(room: Room) -> None:
    room.controls.switches.functions = False
    with only(*(Platform(name) for name in SETTERS)):
        await room.start()
    found = ours(room)
    assert "switch export_limit" not in found
    assert "number backup_reserve" not in found


async def test_a_refusal_of_the_device_is_told(room: Room) -> None:
    with only(Platform.NUMBER):
        await room.start()
    room.controls.switches.refuses = {"47510"}
    before = room.state("number", "export_limit_power")
    with pytest.raises(HomeAssistantError):
        await room.set("number", "export_limit_power", value=2500)
    assert room.state("number", "export_limit_power") == before


async def test_a_value_that_nobody_has_written_yet_is_assumed(room: Room) -> None:
    """The cloud knows only registers that were written through it (6.2)."""
    with only(Platform.NUMBER):
        await room.start()
    assert room.state("number", "backup_reserve") == "unknown"
    assert room.entity("number", "backup_reserve").attributes["assumed_state"] is True
    await room.set("number", "backup_reserve", value=30)
    assert room.state("number", "backup_reserve") == "30.0"


async def test_seconds_are_refused(room: Room) -> None:
    with only(Platform.TIME):
        await room.start()
    with pytest.raises(ServiceValidationError, match="whole minutes"):
        await room.set("time", "tou_slot_1_start", time="03:00:30")
    assert room.sent == 0
