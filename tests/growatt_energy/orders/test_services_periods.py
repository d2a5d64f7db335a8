"""The actions that battery managers expect: segments and periods by their usual names."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio
import pytest

from .room import Room

SPA = "WPD0A1234K"


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN if the test names no other."""
    return (getattr(request, "param", "MIN"),)


sph = pytest.mark.parametrize("homes", ["SPH"], indirect=True)


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_a_segment_is_written_and_read(started: Room) -> None:
    """With the fields and answers of Home Assistant's own integration."""
    answer = await started.ask(
        "update_time_segment",
        segment_id=2,
        batt_mode="battery_first",
        start_time="01:05",
        end_time="05:30:00",
        enabled=True,
    )
    assert answer["outcome"] == "applied"
    stored = started.device.settings.stored
    assert (stored["forcedTimeStart2"], stored["forcedTimeStop2"]) == ("1:5", "5:30")
    assert (stored["time2Mode"], stored["forcedStopSwitch2"]) == (1, 1)
    assert started.sent == 1
    answer = await started.ask("read_time_segments")
    assert list(answer) == ["time_segments"]
    assert [one["segment_id"] for one in answer["time_segments"]] == list(range(1, 10))
    assert answer["time_segments"][1] == {
        "segment_id": 2,
        "start_time": "01:05",
        "end_time": "05:30",
        "batt_mode": "battery_first",
        "enabled": True,
    }


async def test_what_is_left_out_of_a_segment_stays(started: Room) -> None:
    """Only the flag is named, so only the flag changes."""
    started.device.restore(
        {
            "time3Mode": 2,
            "forcedTimeStart3": "17:0",
            "forcedTimeStop3": "19:30",
            "forcedStopSwitch3": 0,
        }
    )
    answer = await started.ask("update_time_segment", segment_id="3", enabled=True)
    assert answer["outcome"] == "applied"
    stored = started.device.settings.stored
    assert (stored["forcedTimeStart3"], stored["forcedTimeStop3"]) == ("17:0", "19:30")
    assert (stored["time3Mode"], stored["forcedStopSwitch3"]) == (2, 1)


async def test_a_segment_that_is_so_already_is_not_sent(started: Room) -> None:
    """Settings are kept in flash."""
    data = {"segment_id": 1, "start_time": "08:00", "end_time": "09:00"}
    await started.ask("update_time_segment", **data)
    answer = await started.ask("update_time_segment", **data)
    assert answer["outcome"] == "unchanged"
    assert started.sent == 1


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"segment_id": 0}, "setting_range"),
        ({"segment_id": 10}, "setting_range"),
        ({"segment_id": "NaN"}, "not_a_number"),
        ({"start_time": "22:00", "end_time": "06:00"}, "over_midnight"),
        ({"start_time": "08:00:30", "end_time": "09:00"}, "whole_minutes"),
    ],
)
async def test_segments_that_are_refused(
    started: Room, data: dict[str, Any], error: str
) -> None:
    """In words, with nothing sent."""
    with pytest.raises(ServiceValidationError) as refused:
        await started.ask("update_time_segment", **{"segment_id": 1, **data})
    assert refused.value.translation_key == error
    assert started.sent == 0


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"segment_id": 1, "batt_mode": "discharge"},
        {"segment_id": 1, "start_time": "25:00"},
        {"segment_id": 1, "enabled": "perhaps"},
        {"segment_id": [1]},
        {"segment_id": 1, "device_id": ["one", "two"]},
    ],
)
async def test_segments_of_no_shape(started: Room, data: dict[str, Any]) -> None:
    """The schema refuses them."""
    with pytest.raises(probatio.Invalid):
        await started.ask("update_time_segment", **data)


@sph
@pytest.mark.parametrize("mode", ["token", "login"])
async def test_charge_times_are_written_and_read(started: Room) -> None:
    """One request with all that is set; what was not said is as it was."""
    started.device.restore(
        {
            "chargePowerCommand": 77,
            "forcedChargeTimeStart2": "13:5",
            "forcedChargeTimeStop2": "14:10",
            "forcedChargeStopSwitch2": 0,
        }
    )
    answer = await started.ask(
        "write_ac_charge_times",
        charge_stop_soc=90,
        mains_enabled=True,
        period_1_start="01:00",
        period_1_end="05:00",
        period_1_enabled=True,
    )
    assert answer["outcome"] == "applied"
    assert started.sent == 1
    assert await started.ask("read_ac_charge_times") == {
        "charge_power": 77,
        "charge_stop_soc": 90,
        "mains_enabled": True,
        "periods": [
            {
                "period_id": 1,
                "start_time": "01:00",
                "end_time": "05:00",
                "enabled": True,
            },
            {
                "period_id": 2,
                "start_time": "13:05",
                "end_time": "14:10",
                "enabled": False,
            },
            {
                "period_id": 3,
                "start_time": "00:00",
                "end_time": "00:00",
                "enabled": False,
            },
        ],
    }


@sph
async def test_discharge_times_are_written_and_read(started: Room) -> None:
    """They have no mains flag; a power of nothing is a hold."""
    answer = await started.ask(
        "write_ac_discharge_times",
        discharge_power=0,
        discharge_stop_soc=20,
        period_3_start="17:00",
        period_3_end="19:00",
        period_3_enabled=True,
    )
    assert answer["outcome"] == "applied"
    answer = await started.ask("read_ac_discharge_times")
    assert list(answer) == ["discharge_power", "discharge_stop_soc", "periods"]
    assert (answer["discharge_power"], answer["discharge_stop_soc"]) == (0, 20)
    assert answer["periods"][2] == {
        "period_id": 3,
        "start_time": "17:00",
        "end_time": "19:00",
        "enabled": True,
    }


@sph
@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"charge_power": 0}, "setting_range"),
        ({"charge_power": 101}, "setting_range"),
        ({"charge_stop_soc": "inf"}, "not_a_number"),
        ({"charge_power": 50.5}, "setting_whole"),
        ({"period_1_start": "05:00", "period_1_end": "05:00"}, "empty_window"),
        ({"period_1_start": "22:00", "period_1_end": "06:00"}, "end_before_start"),
        ({"period_1_start": "01:00:01"}, "whole_minutes"),
    ],
)
async def test_charge_times_that_are_refused(
    started: Room, data: dict[str, Any], error: str
) -> None:
    """In words, with nothing sent."""
    if "period_1_start" in data:
        data = {"period_1_enabled": True, **data}
    with pytest.raises(ServiceValidationError) as refused:
        await started.ask("write_ac_charge_times", **data)
    assert refused.value.translation_key == error
    assert started.sent == 0


@sph
async def test_an_unknown_value_refuses_the_whole_group(room: Room) -> None:
    """Never a default in place of what nobody knows (reference section 6.1)."""
    room.device.restore({"forcedChargeTimeStart3": "null"})
    await room.start()
    with pytest.raises(ServiceValidationError) as refused:
        await room.ask("write_ac_charge_times", charge_power=50)
    assert refused.value.translation_key == "group_unknown"
    assert room.sent == 0
    answer = await room.ask("read_ac_charge_times")
    assert answer["periods"][2]["start_time"] == "00:00"
    answer = await room.ask(
        "write_ac_charge_times",
        charge_power=50,
        period_3_start="01:00",
        period_3_end="02:00",
        period_3_enabled=False,
    )
    assert answer["outcome"] == "applied"


@pytest.mark.parametrize("homes", ["SPA"], indirect=True)
@pytest.mark.parametrize("mode", ["login"])
async def test_spa_has_them_without_the_mains_flag(room: Room) -> None:
    """The app sends none (reference section 6.5)."""
    room.serial = SPA
    await room.start()
    answer = await room.ask("write_ac_charge_times", charge_power=60)
    assert answer["outcome"] == "applied"
    answer = await room.ask("read_ac_charge_times")
    assert (answer["charge_power"], answer["mains_enabled"]) == (60, None)
    with pytest.raises(ServiceValidationError) as refused:
        await room.ask("write_ac_charge_times", mains_enabled=True)
    assert refused.value.translation_key == "unknown_setting"


@pytest.mark.parametrize(
    ("homes", "action", "data", "error"),
    [
        ("MIN", "write_ac_charge_times", {}, "no_periods"),
        ("MIN", "read_ac_discharge_times", {}, "no_periods"),
        ("SPH", "update_time_segment", {"segment_id": 1}, "no_segments"),
        ("SPH", "read_time_segments", {}, "no_segments"),
        ("NEO", "read_time_segments", {}, "nothing_to_set"),
        ("MAX", "read_schedule", {}, "no_schedule"),
    ],
    indirect=["homes"],
)
async def test_devices_of_another_family(
    started: Room, action: str, data: dict[str, Any], error: str
) -> None:
    """Are told what they lack."""
    with pytest.raises(ServiceValidationError) as refused:
        await started.ask(action, **data)
    assert refused.value.translation_key == error


@pytest.mark.parametrize(
    ("homes", "mode", "row", "switches"),
    [
        ("MIN", "token", {"mode": "battery_first"}, {"ac_charge": True}),
        ("MIN", "login", {"mode": "grid_first"}, {"ac_charge": False}),
        (
            "SPH",
            "token",
            {"mode": "battery_first", "soc": 90, "power": 3000},
            {"ac_charge": True},
        ),
        ("NOAH", "token", {"mode": "load_first", "power": 200}, {}),
    ],
    indirect=["homes"],
)
async def test_a_schedule_is_set_and_read_in_the_same_words(
    started: Room, row: dict[str, Any], switches: dict[str, bool]
) -> None:
    """Whatever the family calls its windows."""
    rows = [{"start": "01:00", "end": "05:00", **row}]
    await started.minutes(5)
    answer = await started.call("set_schedule", rows=rows, **switches)
    assert answer["outcome"] == "applied"
    await started.seconds(330)
    answer = await started.call("read_schedule")
    assert answer.pop("rows") == rows
    assert answer == switches


async def test_nothing_is_written_while_control_is_off(room: Room) -> None:
    """Reading goes on."""
    await room.start(allow_control=False)
    for action, data in (
        ("update_time_segment", {"segment_id": 1, "enabled": True}),
        ("sync_clock", {}),
        ("update_inverter_setting", {"type": "charge_power", "parameters": ["50"]}),
    ):
        with pytest.raises(HomeAssistantError) as refused:
            await room.ask(action, **data)
        assert refused.value.translation_key == "control_off"
    assert room.sent == 0
    assert (await room.ask("read_time_segments"))["time_segments"]
