"""Windows that the owner sets while a lease has some of its own (control.md, section 3)."""

import pytest

from .room import Room


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return (getattr(request, "param", "MIN"),)


@pytest.fixture
def mode() -> str:
    """Without remote control forces are windows."""
    return "login"


async def test_a_segment_over_that_of_a_force_ends_the_force(started: Room) -> None:
    before = started.stored
    await started.charge(60)
    assert started.stored["time1Mode"] == 1
    told = await started.ask(
        "update_time_segment",
        segment_id=5,
        batt_mode="grid_first",
        start_time="11:30",
        end_time="14:00",
        enabled=True,
    )
    assert "force_ended" in str(told)
    changed = {key: v for key, v in started.stored.items() if v != before[key]}
    assert changed == {
        "time5Mode": 2,
        "forcedTimeStart5": "11:30",
        "forcedTimeStop5": "14:0",
        "forcedStopSwitch5": 1,
    }
    assert (started.control, started.mode) == ("idle", None)


async def test_a_segment_beside_that_of_a_force_leaves_it(started: Room) -> None:
    await started.charge(60)
    await started.ask(
        "update_time_segment",
        segment_id=5,
        batt_mode="grid_first",
        start_time="18:30",
        end_time="19:00",
        enabled=True,
    )
    assert started.mode == "force_charge"
    assert started.stored["forcedStopSwitch1"] == 1
    await started.minutes(70)
    assert started.stored["forcedStopSwitch1"] == 0
    assert started.stored["forcedStopSwitch5"] == 1


@pytest.mark.parametrize("homes", ["SPH"], indirect=True)
async def test_a_period_over_that_of_a_force_ends_the_force(started: Room) -> None:
    started.device.switches.periods_overlap = "reject"
    before = started.stored
    await started.charge(60)
    assert started.stored["forcedChargeStopSwitch1"] == 1
    await started.ask(
        "write_ac_discharge_times",
        period_1_start="12:00",
        period_1_end="14:00",
        period_1_enabled=True,
    )
    changed = {key: v for key, v in started.stored.items() if v != before[key]}
    assert changed == {
        "forcedDischargeTimeStart1": "12:0",
        "forcedDischargeTimeStop1": "14:0",
        "forcedDischargeStopSwitch1": 1,
    }
    assert (started.control, started.mode) == ("idle", None)


async def test_segments_that_meet_one_another_can_be_changed(started: Room) -> None:
    """They are there, whatever the firmware says of others (6.3)."""
    device = started.device
    device.switches.overlap = "accept"
    for slot, mode in ((1, 1), (2, 2)):
        device.write_as_app(
            **{
                f"time{slot}Mode": mode,
                f"forcedTimeStart{slot}": "0:0",
                f"forcedTimeStop{slot}": "23:59",
            }
        )
    await started.minutes(35)
    before = started.stored
    await started.charge(30)
    assert started.mode == "force_charge"
    await started.call("self_use")
    assert started.stored == before
    await started.ask(
        "update_time_segment", segment_id=1, start_time="00:00", end_time="00:00"
    )
    assert started.stored["forcedTimeStop1"] == "0:0"
