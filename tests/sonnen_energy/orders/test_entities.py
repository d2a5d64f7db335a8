"""The entities that a hand moves."""

from typing import Any

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest

from simulator.sonnen import Setting

from ..platforms import only
from .room import Room

_ROWS = [
    {"start": "00:00", "end": "05:00", "mode": "charge", "power": 0.0},
    {"start": "22:00", "end": "00:00", "mode": "charge", "power": 8000.0},
]


async def test_what_there_is_at_first(room: Room) -> None:
    await room.start()
    assert room.entity("select", "battery_mode").attributes["options"] == [
        "self_use",
        "force_charge",
        "force_discharge",
        "hold",
        "manual",
        "time_of_use",
    ]
    for platform, key in (
        ("select", "hold_block"),
        ("number", "force_duration"),
        ("number", "force_power"),
        ("number", "force_target"),
        ("number", "backup_reserve"),
        ("switch", "forecast_charging"),
    ):
        assert room.has(platform, key), key
    assert room.entity("number", "force_power").attributes["max"] == 4600
    registry = er.async_get(room.hass)
    for platform, key in (
        ("switch", "blackstart"),
        ("time", "blackstart_time_1"),
        ("number", "generator_power"),
        ("number", "heater_temperature_min"),
        ("select", "heater_mode"),
    ):
        found = registry.async_get(room.entity_id(platform, key))
        assert found is not None
        assert found.disabled_by == er.RegistryEntryDisabler.INTEGRATION, key
    assert not any("cos_phi" in e for e in registry.entities if "number" in e)


async def test_what_the_battery_lacks_has_no_entity(room: Room) -> None:
    del room.battery.settings["EM_Prognosis_Charging"]
    room.battery.settings["EM_RE_ENABLE_MICROGRID"] = Setting("false")
    await room.start()
    assert not room.has("switch", "forecast_charging")
    registry = er.async_get(room.hass)
    unique_id = f"{room.serial}_blackstart"
    assert registry.async_get_entity_id("switch", "sonnen_energy", unique_id) is None


@pytest.mark.parametrize(("option", "number"), [("time_of_use", "10"), ("manual", "1")])
async def test_the_vendors_modes(room: Room, option: str, number: str) -> None:
    await room.start()
    await room.set("select", "battery_mode", option=option)
    assert room.stored["EM_OperatingMode"] == number
    assert (room.mode, room.control) == (option, "idle")
    await room.set("select", "battery_mode", option="self_use")
    assert room.stored["EM_OperatingMode"] == "2"
    assert room.mode == "self_use"


async def test_a_mode_that_was_found_can_be_gone_back_to(room: Room) -> None:
    await room.start()
    room.battery.write_as_app(EM_OperatingMode="11")
    await room.seconds(70)
    assert room.mode == "optimisation"
    await room.set("select", "battery_mode", option="self_use")
    assert "optimisation" in room.entity("select", "battery_mode").attributes["options"]
    await room.set("select", "battery_mode", option="optimisation")
    assert room.stored["EM_OperatingMode"] == "11"


async def test_a_mode_that_nobody_knows(room: Room) -> None:
    await room.start()
    room.battery.write_as_app(EM_OperatingMode="77")
    await room.seconds(70)
    assert room.mode == "unknown"
    await room.set("select", "battery_mode", option="self_use")
    assert room.mode == "self_use"


async def test_the_mode_is_forced_by_hand(room: Room) -> None:
    await room.start()
    await room.set("number", "force_power", value=1500)
    await room.set("number", "force_duration", value=10)
    await room.set("select", "battery_mode", option="force_discharge")
    assert room.mode == "force_discharge"
    await room.seconds(30)
    assert 1400 < room.power < 1600
    await room.minutes(10)
    assert room.mode == "self_use"


async def test_the_reserve(room: Room) -> None:
    await room.start()
    await room.set("number", "backup_reserve", value=35)
    assert room.stored["EM_USOC"] == "35"
    assert room.state("number", "backup_reserve") == "35"
    with pytest.raises(ServiceValidationError) as info:
        await room.set("number", "backup_reserve", value=3)
    assert info.value.translation_key == "reserve_gap"
    assert room.state("number", "backup_reserve") == "35"
    await room.set("number", "backup_reserve", value=0)
    assert room.stored["EM_USOC"] == "0"


@pytest.mark.parametrize(
    ("platform", "key", "data", "wire", "stored", "state"),
    [
        (
            "switch",
            "forecast_charging",
            {"on": True},
            "EM_Prognosis_Charging",
            "1",
            "on",
        ),
        ("switch", "blackstart", {"on": False}, "EM_RE_ENABLE_MICROGRID", "0", "off"),
        (
            "time",
            "blackstart_time_2",
            {"time": "06:30:00"},
            "EM_USER_INPUT_TIME_TWO",
            "06:30",
            "06:30:00",
        ),
        (
            "number",
            "generator_power",
            {"value": 2500},
            "EM_US_GEN_POWER_SET_POINT",
            "2500",
            "2500",
        ),
        ("number", "chp_min_soc", {"value": 25}, "EM_US_CHP_Min_SOC", "25", "25"),
        (
            "number",
            "heater_temperature_max",
            {"value": 70},
            "SH_HeaterTemperatureMax",
            "70",
            "70",
        ),
        (
            "select",
            "heater_mode",
            {"option": "feed_in_optimisation"},
            "SH_HeaterOperatingMode",
            "1",
            "feed_in_optimisation",
        ),
    ],
)
async def test_single_settings(
    room: Room,
    platform: str,
    key: str,
    data: dict[str, Any],
    wire: str,
    stored: str,
    state: str,
) -> None:
    """The key is the one that the battery itself reports."""
    room.battery.settings["EM_US_CHP_Min_SOC"] = Setting("20")
    with only(platform):  # type: ignore[arg-type]
        await room.start()
        await room.set(platform, key, **data)
        assert room.stored[wire] == stored
        assert room.state(platform, key) == state
        assert room.sent == 1


async def test_a_schedule_over_midnight(room: Room) -> None:
    await room.start()
    row = {"mode": "charge", "start": "22:00", "end": "05:00", "power": 8000}
    answer = await room.call("set_schedule", rows=[row])
    assert answer["outcome"] == "applied"
    assert answer["warnings"] == ["time_of_use_is_off"]
    found = await room.call("read_schedule")
    assert found["rows"] == [
        {"start": "00:00", "end": "05:00", "mode": "charge", "power": 8000.0},
        {"start": "22:00", "end": "00:00", "mode": "charge", "power": 8000.0},
    ]
    assert (await room.call("set_schedule", **found))["outcome"] == "unchanged"
    assert (await room.call("set_schedule", clear=["charge"]))["outcome"] == "applied"
    assert room.stored["EM_ToU_Schedule"] == "[]"


async def test_windows_that_touch(room: Room) -> None:
    """6.5: a minute between them would let the battery discharge."""
    await room.start()
    await room.call("set_schedule", rows=_ROWS)
    assert (await room.call("read_schedule"))["rows"] == _ROWS


async def test_a_change_outside_is_seen_within_a_poll(room: Room) -> None:
    await room.start()
    room.battery.write_as_app(EM_OperatingMode="10")
    await room.seconds(20)
    assert room.mode == "time_of_use"
