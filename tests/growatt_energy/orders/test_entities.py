"""The entities that a hand moves, for each family."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from ..platforms import only
from .room import Room


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN with a battery if the test names no other."""
    return (getattr(request, "param", "MIN"),)


MIN_SETTINGS = [
    ("number", "backup_reserve", {"value": 35}, {"onGridDischargeStopSOC": 35}, "35"),
    ("number", "charge_limit", {"value": 90}, {"wchargeSOCLowLimit": 90}, "90"),
    ("number", "charge_power_limit", {"value": 60}, {"chargePowerCommand": 60}, "60"),
    (
        "number",
        "discharge_power_limit",
        {"value": 0},
        {"disChargePowerCommand": 0},
        "0",
    ),
    (
        "number",
        "discharge_soc_limit",
        {"value": 20},
        {"wdisChargeSOCLowLimit": 20},
        "20",
    ),
    ("number", "active_power_limit", {"value": 80}, {"activeRate": 80}, "80"),
    ("select", "export_limit", {"option": "meter"}, {"exportLimit": 1}, "meter"),
    ("switch", "ac_charge", {"on": True}, {"acChargeEnable": 1}, "on"),
    ("switch", "power_on", {"on": False}, {"onOff": 0}, "off"),
    ("time", "segment_3_end", {"time": "05:30:00"}, {"forcedTimeStop3": "5:30"}, None),
    ("select", "segment_3_mode", {"option": "grid_first"}, {"time3Mode": 2}, None),
]
SPH_SETTINGS = [
    ("number", "charge_power_limit", {"value": 60}, {"chargePowerCommand": 60}, "60"),
    ("number", "charge_limit", {"value": 95}, {"wchargeSOCLowLimit2": 95}, "95"),
    (
        "number",
        "discharge_stop_soc",
        {"value": 30},
        {"wdisChargeSOCLowLimit2": 30},
        "30",
    ),
    ("number", "load_first_stop_soc", {"value": 25}, {"loadFirstStopSocSet": 25}, "25"),
    (
        "number",
        "export_limit",
        {"value": 50},
        {"exportLimit": 1, "exportLimitPowerRate": 50},
        "50",
    ),
    ("switch", "export_limit", {"on": True}, {"exportLimit": 1}, "on"),
    ("switch", "ac_charge", {"on": True}, {"acChargeEnable": 1}, "on"),
    (
        "time",
        "discharge_period_2_end",
        {"time": "19:00:00"},
        {"forcedDischargeTimeStop2": "19:0"},
        "19:00:00",
    ),
]
NOAH_SETTINGS = [
    ("number", "output_power_limit", {"value": 350}, {"defaultPower": 350}, "350"),
    ("number", "backup_reserve", {"value": 20}, {"chargingSocLowLimit": 20}, "20"),
    ("number", "charge_limit", {"value": 85}, {"chargingSocHighLimit": 85}, "85"),
]
STORAGE_SETTINGS = [
    ("switch", "ac_charge", {"on": True}, None, "on"),
    ("number", "ac_charge_soc", {"value": 60}, None, "60"),
    ("time", "ac_charge_end", {"time": "05:00:00"}, None, "05:00:00"),
    ("switch", "power_on", {"on": False}, None, "off"),
]
MAX_SETTINGS = [
    ("number", "active_power_limit", {"value": 70}, {"activeRate": 70}, "70"),
    ("switch", "power_on", {"on": False}, {"onOff": 0}, "off"),
]
SETTINGS = [
    *(("MIN", "token", *item) for item in MIN_SETTINGS),
    *(("MIN", "login", *item) for item in MIN_SETTINGS[::3]),
    *(("SPH", "login", *item) for item in SPH_SETTINGS),
    *(("SPH", "token", *item) for item in SPH_SETTINGS[::3]),
    *(("NOAH", "login", *item) for item in NOAH_SETTINGS),
    *(("STORAGE", "token", *item) for item in STORAGE_SETTINGS),
    *(("MAX", "token", *item) for item in MAX_SETTINGS),
]


@pytest.mark.parametrize(
    ("homes", "mode", "platform", "key", "data", "stored", "state"),
    SETTINGS,
    indirect=["homes"],
)
async def test_single_settings(
    room: Room,
    platform: Any,
    key: str,
    data: dict[str, Any],
    stored: dict[str, Any] | None,
    state: str | None,
) -> None:
    """One request, nothing else changes, and the entity shows what was read."""
    with only(platform):
        await room.start()
        before = room.stored
        await room.set(platform, key, **data)
        assert room.sent == 1
        changed = {k: v for k, v in room.stored.items() if before.get(k) != v}
        if stored is not None:
            assert {name: _number(value) for name, value in changed.items()} == stored
        assert changed
        if state is not None:
            assert room.state(platform, key) == state


def _number(value: Any) -> Any:
    """Return a setting as the vendor means it: some are texts of digits."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


async def test_the_mode_is_forced_by_hand(room: Room) -> None:
    await room.start()
    await room.set("number", "force_power", value=2400)
    await room.set("number", "force_duration", value=20)
    await room.set("select", "battery_mode", option="force_discharge")
    await room.minutes(6)
    assert 2300 < room.power < 2500
    await room.minutes(20)
    assert room.state("select", "battery_mode") == "self_use"


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_a_mode_for_the_whole_day(room: Room) -> None:
    """The last segment holds it, and self-use frees that again."""
    await room.start()
    await room.set("select", "battery_mode", option="battery_first")
    assert room.state("select", "battery_mode") == "battery_first"
    assert room.stored["time9Mode"] == 1
    assert room.stored["forcedTimeStop9"] == "23:59"
    await room.set("select", "battery_mode", option="self_use")
    assert room.state("select", "battery_mode") == "self_use"
    assert room.stored["forcedStopSwitch9"] == 0


async def test_the_owners_last_segment_is_no_mode_of_the_whole_day(room: Room) -> None:
    room.device.write_as_app(
        time9Mode=2,
        forcedTimeStart9="23:0",
        forcedTimeStop9="23:30",
        forcedStopSwitch9=1,
    )
    room.device.switches.readback_delay = 0
    await room.start()
    before = room.stored
    select = room.entity("select", "battery_mode")
    assert select.state == "self_use"
    assert "load_first" not in select.attributes["options"]
    with pytest.raises(HomeAssistantError) as info:
        await room.set("select", "battery_mode", option="battery_first")
    assert info.value.translation_key == "segments_in_the_way"
    await room.set("select", "battery_mode", option="self_use")
    assert room.stored == before


async def test_a_segment_piece_by_piece(room: Room) -> None:
    """The end first: a segment cannot end before it starts."""
    with only("time", "select", "switch"):
        await room.start()
        await room.set("time", "segment_1_end", time="05:30:00")
        await room.set("time", "segment_1_start", time="01:05:00")
        await room.set("select", "segment_1_mode", option="battery_first")
        await room.set("switch", "segment_1_enabled", on=True)
        stored = room.stored
    assert (stored["forcedTimeStart1"], stored["forcedTimeStop1"]) == ("1:5", "5:30")
    assert (stored["time1Mode"], stored["forcedStopSwitch1"]) == (1, 1)


@pytest.mark.parametrize("homes", ["NOAH"], indirect=True)
async def test_a_segment_of_a_noah(room: Room) -> None:
    with only("time", "select", "switch", "number"):
        await room.start()
        await room.minutes(6)
        await room.set("time", "segment_2_end", time="18:00:00")
        await room.set("number", "segment_2_power", value=150)
        await room.set("select", "segment_2_mode", option="smart")
        await room.set("switch", "segment_2_enabled", on=True)
        stored = room.stored
        assert room.state("number", "segment_2_power") == "150"
    assert (stored["time2Mode"], _number(stored["time2Power"])) == (2, 150)
    assert _number(stored["time2Enable"]) == 1


@pytest.mark.parametrize(
    ("homes", "platform", "key", "data", "text"),
    [
        ("MIN", "time", "segment_1_start", {"time": "05:00:30"}, "whole_minutes"),
        ("MIN", "time", "segment_1_start", {"time": "05:00:00"}, "over_midnight"),
        ("SPH", "switch", "charge_period_1_enabled", {"on": True}, "empty_window"),
        ("SPH", "time", "charge_period_1_end", {"time": "05:00:30"}, "whole_minutes"),
    ],
    indirect=["homes"],
)
async def test_what_cannot_be_is_refused(
    room: Room, platform: Any, key: str, data: dict[str, Any], text: str
) -> None:
    with only(platform):
        await room.start()
        with pytest.raises(HomeAssistantError) as info:
            await room.set(platform, key, **data)
        assert info.value.translation_key == text
        assert room.sent == 0


@pytest.mark.parametrize(
    ("homes", "mode"),
    [("MIN", "token"), ("SPH", "login"), ("STORAGE", "token")],
    indirect=["homes"],
)
async def test_the_clock_is_set(room: Room) -> None:
    """Whatever the clock of the device shows, it is that of the plant then."""
    with only("button"):
        await room.start()
        room.device.clock_error = 7200
        await room.set("button", "sync_time")
        assert abs(room.device.clock_error) <= 2
        await room.set("button", "sync_time")
        assert room.sent == 2
