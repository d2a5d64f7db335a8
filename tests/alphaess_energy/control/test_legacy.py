"""Intents in the legacy store (reference 6.2, 6.3, 6.7 and 6.8)."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from custom_components.alphaess_energy._vendor.core.client.errors import BadDataError
from custom_components.alphaess_energy._vendor.core.control.driver import Step
from custom_components.alphaess_energy._vendor.core.control.intent import (
    ForceCharge,
    Hold,
    HoldBlock,
    Intent,
    Row,
    SelfUse,
    SetReserve,
    SetSchedule,
    SetValues,
)
from custom_components.alphaess_energy._vendor.core.control.outcome import Refusal
from custom_components.alphaess_energy.battery import read_schedule
from custom_components.alphaess_energy.stores import legacy as store

from .cloud import BERLIN, Json, System, local
from .raws import legacy


def edit(values: dict[str, Any]) -> SetValues:
    return SetValues(edits=(lambda _: values,))


def schedule(*rows: Row, clear: tuple[str, ...] = (), **switches: bool) -> SetSchedule:
    return SetSchedule(rows=rows, clear=frozenset(clear), switches=switches)


def row(window: str, mode: str = "charge", **more: Any) -> Row:
    start, end = (time.fromisoformat(part) for part in window.split("-"))
    return Row(start=start, end=end, mode=mode, **more)


async def refused(system: System, intent: Intent) -> Refusal:
    """Return why an intent is refused; nothing may be sent."""
    with pytest.raises(Refusal) as caught:
        await system.do(intent)
    assert system.cloud.sent == []
    return caught.value


@pytest.mark.parametrize(
    ("now", "minutes", "raw", "expected"),
    [
        # The examples of the reference
        (
            "2026-11-20 12:02",
            30,
            legacy(charge=("00:00-00:00", "00:00-00:00")),
            {"charge.window1": "12:00-12:45"},
        ),
        (
            "2026-11-20 12:15",
            30,
            legacy(charge=("00:00-00:00", "00:00-00:00")),
            {"charge.window1": "12:15-12:45"},
        ),
        # Enabling the flag would wake the other one up
        (
            "2026-11-20 12:02",
            30,
            legacy(),
            {"charge.window2": "12:00-12:45", "charge.window1": "00:00-00:00"},
        ),
        # It is on: what does not overlap goes on
        (
            "2026-11-20 12:02",
            30,
            legacy(grid_charge=1),
            {"charge.window2": "12:00-12:45"},
        ),
        # No window is off: the first is taken
        (
            "2026-11-20 12:02",
            30,
            legacy(grid_charge=1, charge=("01:00-05:00", "14:00-15:00")),
            {"charge.window1": "12:00-12:45"},
        ),
        # What overlaps is cut to its longest rest
        (
            "2026-11-20 12:02",
            30,
            legacy(grid_charge=1, charge=("00:00-00:00", "11:00-15:00")),
            {"charge.window1": "12:00-12:45", "charge.window2": "12:45-15:00"},
        ),
        (
            "2026-11-20 12:02",
            30,
            legacy(grid_charge=1, charge=("00:00-00:00", "12:15-12:30")),
            {"charge.window1": "12:00-12:45", "charge.window2": "00:00-00:00"},
        ),
        # A window over midnight, which only another client writes
        (
            "2026-11-20 22:02",
            30,
            legacy(grid_charge=1, charge=("00:00-00:00", "21:00-02:00")),
            {"charge.window1": "22:00-22:45", "charge.window2": "00:00-02:00"},
        ),
        # Over midnight both are needed
        (
            "2026-11-20 23:20",
            60,
            legacy(grid_charge=1),
            {"charge.window1": "23:15-23:45", "charge.window2": "00:00-00:30"},
        ),
        # Of what comes every day, nothing may come twice
        (
            "2026-11-20 12:02",
            24 * 60,
            legacy(),
            {"charge.window1": "12:00-23:45", "charge.window2": "00:00-12:00"},
        ),
    ],
)
async def test_a_forced_charge(
    now: str, minutes: int, raw: Json, expected: dict[str, str]
) -> None:
    system = System(raw, now=local(now))
    stored = system.stored()
    done = await system.do(ForceCharge(until=system.minutes(minutes)))

    assert done.plan.target == {
        "charge.enabled": True,
        "charge.limit": 100,
        **expected,
    }
    assert [kind for kind, _ in system.cloud.sent] == ["charge"]
    assert done.after.shows(done.plan.target)
    await system.put_back(done)
    assert system.stored() == stored


@pytest.mark.parametrize(
    ("now", "minutes", "device_until", "effective_from", "warnings"),
    [
        ("2026-11-20 12:02", 30, "2026-11-20 12:45", None, ()),
        ("2026-11-20 23:20", 60, "2026-11-21 00:30", None, ("gap_at_midnight",)),
        ("2026-11-20 23:20", 35, "2026-11-20 23:45", None, ("gap_at_midnight",)),
        (
            "2026-11-20 23:50",
            30,
            "2026-11-21 00:30",
            "2026-11-21 00:00",
            ("starts_at_midnight",),
        ),
        ("2026-11-20 12:02", 1440, "2026-11-21 12:00", None, ("gap_at_midnight",)),
        # The hour from 02:00 comes twice
        ("2026-10-25 01:50", 90, "2026-10-25T02:00+00:00", None, ()),
    ],
)
async def test_when_the_device_ends_a_force(
    now: str,
    minutes: int,
    device_until: str,
    effective_from: str | None,
    warnings: tuple[str, ...],
) -> None:
    system = System(legacy(), now=local(now))
    plan = await system.plan(ForceCharge(until=system.minutes(minutes)))
    end = datetime.fromisoformat(device_until)
    if end.tzinfo is None:
        end = end.replace(tzinfo=BERLIN)
    assert plan.device_until == end.astimezone(UTC)
    assert plan.device_until.tzinfo is UTC
    assert plan.effective_from == (local(effective_from) if effective_from else None)
    assert plan.warnings == warnings


async def test_a_force_that_lies_in_the_last_quarter_of_the_day() -> None:
    system = System(legacy(), now=local("2026-11-20 23:46"))
    err = await refused(system, ForceCharge(until=system.minutes(10)))
    assert err.key == "between_2345_and_midnight"


@pytest.mark.parametrize(
    ("target", "limit", "warnings"),
    [(None, 100, ()), (80.4, 80, ()), (79.5, 80, ()), (0.9, 1, ("percent_unit",))],
)
async def test_the_target_is_whole_percent(
    target: float | None, limit: int, warnings: tuple[str, ...]
) -> None:
    system = System(legacy(), soc=None)
    plan = await system.plan(ForceCharge(until=system.minutes(30), target_soc=target))
    assert plan.target["charge.limit"] == limit
    assert type(plan.target["charge.limit"]) is int
    assert plan.effective["target_soc"] == limit
    assert plan.warnings == warnings


@pytest.mark.parametrize(
    ("more", "key", "placeholders"),
    [
        ({"power": 2000}, "no_power_setting", {}),
        ({"target_soc": 50}, "soc_above_target", {"soc": "50", "target": "50"}),
        ({"target_soc": 100.5}, "limit_range", {"low": "0", "high": "100"}),
        ({"target_soc": float("nan")}, "limit_range", {"low": "0", "high": "100"}),
        ({"target_soc": -1}, "limit_range", {"low": "0", "high": "100"}),
    ],
)
async def test_a_force_that_cannot_be(
    more: Json, key: str, placeholders: dict[str, str]
) -> None:
    system = System(legacy())
    err = await refused(system, ForceCharge(until=system.minutes(30), **more))
    assert (err.key, err.placeholders) == (key, placeholders)


@pytest.mark.parametrize(
    ("now", "minutes", "raw", "windows"),
    [
        ("12:02", 30, legacy(), ("00:00-12:00", "12:45-23:45")),
        ("23:20", 60, legacy(), ("00:30-23:15", "00:00-00:00")),
        ("23:50", 5, legacy(), ("00:00-23:45", "00:00-00:00")),
        ("00:02", 30, legacy(), ("00:45-23:45", "00:00-00:00")),
        # Nothing rests: a quarter of an hour that comes last of all
        ("12:02", 24 * 60, legacy(), ("11:45-12:00", "00:00-00:00")),
        ("00:00", 24 * 60, legacy(), ("23:30-23:45", "00:00-00:00")),
        # Windows that are on are cut
        (
            "18:02",
            30,
            legacy(time_control=1, discharge=("17:00-21:00", "00:00-00:00")),
            ("18:45-21:00", "17:00-18:00"),
        ),
        # The two that come next
        (
            "18:02",
            30,
            legacy(time_control=1, discharge=("17:00-21:00", "06:00-08:00")),
            ("18:45-21:00", "06:00-08:00"),
        ),
        (
            "18:02",
            30,
            legacy(time_control=1, discharge=("18:00-18:30", "03:00-03:00")),
            ("17:45-18:00", "03:00-03:00"),
        ),
        # Windows elsewhere stay where they are, also in the second place
        (
            "12:02",
            30,
            legacy(time_control=1, discharge=("03:00-03:00", "17:00-21:00")),
            ("03:00-03:00", "17:00-21:00"),
        ),
        # Time control without any window is ignored: discharging was allowed
        ("12:02", 30, legacy(time_control=1), ("00:00-12:00", "12:45-23:45")),
    ],
)
async def test_discharging_is_held(
    now: str, minutes: int, raw: Json, windows: tuple[str, str]
) -> None:
    system = System(raw, now=local(f"2026-11-20 {now}"))
    stored = system.stored()
    done = await system.do(Hold(until=system.minutes(minutes)))

    target = done.plan.target
    assert target["discharge.enabled"] is True
    found = [target["discharge.window1"], target["discharge.window2"]]
    assert sorted(map(str, found)) == sorted(windows)
    assert len(target) == 3
    assert {kind for kind, _ in system.cloud.sent} <= {"discharge"}
    await system.put_back(done)
    assert system.stored() == stored


@pytest.mark.parametrize(
    ("now", "minutes", "end"),
    [
        ("12:02", 30, "2026-11-20 12:45"),
        ("23:50", 30, "2026-11-21 00:30"),
        ("23:50", 5, "2026-11-21 00:00"),
        # As far as it goes with a window for discharging
        ("12:02", 1440, "2026-11-21 11:45"),
        ("00:00", 1440, "2026-11-20 23:30"),
    ],
)
async def test_when_the_device_ends_a_hold(now: str, minutes: int, end: str) -> None:
    system = System(legacy(), now=local(f"2026-11-20 {now}"))
    plan = await system.plan(Hold(until=system.minutes(minutes)))
    assert plan.device_until == local(end)
    assert plan.warnings == ()


@pytest.mark.parametrize(("soc", "limit"), [(50.0, 10), (10.0, 10), (7.9, 7), (0.0, 0)])
async def test_both_are_held_by_a_limit_that_is_reached(soc: float, limit: int) -> None:
    system = System(legacy(grid_charge=1), soc=soc)
    plan = await system.plan(Hold(until=system.minutes(30), block=HoldBlock.BOTH))
    assert plan.target == {
        "charge.enabled": True,
        "charge.limit": limit,
        "charge.window2": "12:00-12:45",
    }


async def test_both_cannot_be_held_at_an_unknown_charge() -> None:
    system = System(legacy(), soc=None)
    intent = Hold(until=system.minutes(30), block=HoldBlock.BOTH)
    assert (await refused(system, intent)).key == "soc_unknown"


async def test_a_reserve_is_the_discharge_cut_off() -> None:
    system = System(legacy())
    done = await system.do(SetReserve(soc=20.0))
    assert done.plan.target == {"discharge.limit": 20}
    assert system.cloud.sent == [
        ("discharge", legacy(discharge_limit=20)["discharge"]),
    ]
    assert (await system.plan(SetReserve(soc=0.5))).warnings == ("percent_unit",)
    assert (await system.plan(SetReserve(soc=0))).warnings == ()


async def test_self_use_is_the_absence_of_all_that() -> None:
    assert (await System(legacy()).plan(SelfUse())).target == {}


async def test_a_schedule_replaces_the_windows_of_the_modes_it_names() -> None:
    system = System(legacy(discharge=("17:00-21:00", "00:00-00:00")))
    done = await system.do(
        schedule(
            row("02:00-04:00", soc=80),
            row("13:00-15:00"),
            use_grid=True,
        )
    )
    assert done.plan.target == {
        "charge.enabled": True,
        "charge.limit": 80,
        "charge.window1": "02:00-04:00",
        "charge.window2": "13:00-15:00",
    }
    assert system.cloud.raw == legacy(
        charge=("02:00-04:00", "13:00-15:00"),
        charge_limit=80,
        grid_charge=1,
        discharge=("17:00-21:00", "00:00-00:00"),
    )


async def test_one_row_clears_the_other_window_and_clear_both() -> None:
    system = System(legacy(charge=("01:00-05:00", "13:00-15:00")))
    one = await system.plan(schedule(row("13:00-15:00", days=(7, 6, 5, 4, 3, 2, 1))))
    assert one.target == {
        "charge.window1": "00:00-00:00",
        "charge.window2": "13:00-15:00",
    }
    none = await system.plan(schedule(clear=("charge",)))
    assert none.target == {
        "charge.window1": "00:00-00:00",
        "charge.window2": "00:00-00:00",
    }


async def test_time_control_without_a_window_is_warned_of() -> None:
    system = System(legacy(discharge=("17:00-21:00", "00:00-00:00"), time_control=1))
    plan = await system.plan(schedule(clear=("discharge",)))
    assert plan.warnings == ("time_control_ignored",)
    plan = await system.plan(schedule(clear=("discharge",), enable_time_control=False))
    assert plan.warnings == ()
    off = System(legacy())
    plan = await off.plan(edit({"discharge.enabled": True}))
    assert plan.warnings == ("time_control_ignored",)


@pytest.mark.parametrize(
    ("intent", "key"),
    [
        (
            schedule(row("01:00-02:00"), row("03:00-04:00"), row("05:00-06:00")),
            "rows_too_many",
        ),
        (
            schedule(row("01:00-02:00", soc=80), row("03:00-04:00", soc=90)),
            "rows_one_soc",
        ),
        (schedule(row("01:00-02:00", power=3000)), "no_power_setting"),
        (schedule(row("01:00-02:00", days=(1, 2))), "no_weekdays"),
        (schedule(row("01:05-02:00")), "off_grid_time"),
        (schedule(row("01:00-02:00:01")), "off_grid_time"),
        (schedule(row("23:00-00:00")), "end_before_start"),
        (schedule(row("02:00-02:00")), "end_before_start"),
        (schedule(row("01:00-03:00"), row("02:00-04:00")), "rows_overlap"),
        (schedule(row("01:00-02:00", soc=101)), "limit_range"),
        (schedule(row("01:00-02:00", mode="sell")), "unknown_mode"),
        (schedule(clear=("sell",)), "unknown_mode"),
        (schedule(use_sun=True), "unknown_switch"),
        (edit({"charge.window1": "01:05-02:00"}), "off_grid_time"),
        (edit({"charge.window1": "01:05-01:05"}), "off_grid_time"),
        (edit({"charge.window1": "23:00-24:00"}), "off_grid_time"),
        (edit({"charge.window1": "noon"}), "off_grid_time"),
        (edit({"charge.window1": "05:00-01:00"}), "end_before_start"),
        (edit({"charge.window2": "04:45-06:00"}), "rows_overlap"),
        (edit({"charge.limit": 101}), "limit_range"),
        (edit({"charge.limit": True}), "limit_range"),
        (edit({"charge.limit": "50"}), "limit_range"),
        (edit({"charge.enabled": 1}), "unknown_setting"),
        (edit({"charge.enabled": None}), "unknown_setting"),
        (edit({"charge 02:00-05:00 1": [5000, 90]}), "unknown_setting"),
    ],
)
async def test_what_the_store_cannot_hold_is_refused(intent: Intent, key: str) -> None:
    assert (await refused(System(legacy()), intent)).key == key


async def test_single_settings() -> None:
    system = System(legacy(charge_limit=95.0))
    done = await system.do(
        edit({"charge.window2": "13:00-15:00", "discharge.limit": 20.0})
    )
    assert done.plan.target == {
        "charge.window2": "13:00-15:00",
        "discharge.limit": 20,
    }
    assert [kind for kind, _ in system.cloud.sent] == ["charge", "discharge"]
    # What was not asked for stays as it was, to the byte
    assert system.cloud.raw == legacy(
        charge=("01:00-05:00", "13:00-15:00"), charge_limit=95.0, discharge_limit=20
    )
    assert repr(system.cloud.raw["charge"]["batHighCap"]) == "95.0"


async def test_edits_follow_each_other() -> None:
    """A start and an end within seconds are one change of one window."""
    system = System(legacy())

    def start(values: Any) -> Json:
        return {"charge.window1": "07:00-" + values["charge.window1"].split("-")[1]}

    def end(values: Any) -> Json:
        return {"charge.window1": values["charge.window1"].split("-")[0] + "-09:00"}

    plan = await system.plan(SetValues(edits=(start, end)))
    assert plan.target == {"charge.window1": "07:00-09:00"}
    assert (await refused(system, SetValues(edits=(start,)))).key == "end_before_start"


async def test_what_was_odd_before_does_not_stand_in_the_way() -> None:
    """Windows off the grid or over midnight are another client's; they stay."""
    system = System(
        legacy(
            charge=("23:00-00:00", "01:07-05:00"),
            discharge=("3:00-3:00", "04:00-04:00"),
        )
    )
    await system.do(edit({"charge.limit": 80}))
    assert system.cloud.raw["charge"]["timeChaf2"] == "01:07"
    done = await system.do(SetReserve(soc=30))
    assert system.cloud.raw["discharge"]["timeDisf1"] == "3:00"
    assert done.before.values["discharge.window1"] == "03:00-03:00"


async def test_forms_of_numbers_and_times_come_back_as_they_were() -> None:
    raw = legacy(charge=("1:00-5:00", "00:00-00:00"), charge_limit="100")
    raw["charge"]["gridCharge"] = "0"
    system = System(raw)
    stored = system.stored()
    done = await system.do(ForceCharge(until=system.minutes(30)))
    assert system.cloud.raw["charge"] == {
        "gridCharge": 1,
        "timeChaf1": "00:00",
        "timeChae1": "00:00",
        "timeChaf2": "12:00",
        "timeChae2": "12:45",
        "batHighCap": "100",
    }
    await system.put_back(done)
    assert system.stored() == stored


async def test_what_somebody_else_has_changed_stays() -> None:
    system = System(legacy(grid_charge=1))
    done = await system.do(ForceCharge(until=system.minutes(30), target_soc=80))
    system.cloud.raw["charge"] |= {"timeChaf1": "02:00", "batHighCap": 70}
    await system.put_back(done)
    assert system.cloud.raw == legacy(
        grid_charge=1, charge=("02:00-05:00", "00:00-00:00"), charge_limit=70
    )


@pytest.mark.parametrize("side", ["charge", "discharge"])
@pytest.mark.parametrize("value", [None, "x", 2, "24:00"])
async def test_a_store_with_a_part_unknown_is_not_written(
    side: str, value: Any
) -> None:
    for name in legacy()[side]:
        raw = legacy()
        if value == 2 and name.startswith("bat"):
            continue
        raw[side][name] = value
        with pytest.raises(BadDataError) as caught:
            await System(raw).driver.read()
        assert caught.value.reason == "settings_incomplete"


def test_a_body_is_never_made_of_a_part() -> None:
    raw = legacy()
    del raw["charge"]["timeChae2"]
    step = Step(label="charge", values={"charge.limit": 80})
    with pytest.raises(BadDataError, match="missing"):
        store.body(step, raw, {})


def test_settings_of_the_other_store_are_not_written() -> None:
    """The vendor may change over in the middle of a lease."""
    with pytest.raises(BadDataError) as caught:
        store.steps({"charge 02:00-05:00 1234567": [5000, 90]})
    assert caught.value.reason == "store_changed"
    step = Step(label="charge", values={"charge 02:00-05:00 1234567": None})
    with pytest.raises(BadDataError) as caught:
        store.body(step, legacy(), {})
    assert caught.value.reason == "store_changed"


async def test_a_schedule_is_read_in_the_words_in_which_it_is_set() -> None:
    system = System(
        legacy(charge=("03:00-03:00", "13:00-15:00"), grid_charge=1, charge_limit=95)
    )
    rows, switches = read_schedule(await system.driver.read())
    assert rows == [row("13:00-15:00", soc=95)]
    assert switches == {"use_grid": True, "enable_time_control": False}


async def test_a_force_without_a_lease_is_ended_and_nothing_else() -> None:
    system = System(legacy(grid_charge=1))
    mark = (await system.do(ForceCharge(until=system.minutes(30)))).plan.mark
    read = await system.driver.read()
    assert system.driver.forced(read, mark) == {"charge.window2": "00:00-00:00"}

    system.cloud.raw["charge"]["timeChae2"] = "13:00"
    assert system.driver.forced(await system.driver.read(), mark) == {}
    system.cloud.raw["charge"] |= {"timeChae2": "12:45", "gridCharge": 0}
    assert system.driver.forced(await system.driver.read(), mark) == {}


async def test_a_hold_without_a_lease_is_ended_by_its_flag() -> None:
    system = System(legacy())
    mark = (await system.do(Hold(until=system.minutes(30)))).plan.mark
    read = await system.driver.read()
    assert system.driver.forced(read, mark) == {"discharge.enabled": False}
    system.cloud.raw["discharge"]["ctrDis"] = 0
    assert system.driver.forced(await system.driver.read(), mark) == {}


async def test_a_reserve_is_no_force() -> None:
    system = System(legacy(time_control=1))
    done = await system.do(SetReserve(soc=30))
    assert done.plan.mark == {}
    assert system.driver.forced(done.after, done.plan.target) == {}


@pytest.mark.parametrize(
    ("raw", "intent", "mark"),
    [
        # What is left of the user's own window is not the force's
        (
            legacy(grid_charge=1, charge=("11:00-15:00", "00:00-00:00")),
            "charge",
            {"charge.enabled": True, "charge.window2": "12:00-12:45"},
        ),
        # Windows as they were do not hold anything
        (
            legacy(time_control=1, discharge=("17:00-21:00", "00:00-00:00")),
            "hold",
            {"discharge.enabled": True},
        ),
        (
            legacy(time_control=1, discharge=("11:00-21:00", "00:00-00:00")),
            "hold",
            {
                "discharge.enabled": True,
                "discharge.window1": "11:00-12:00",
                "discharge.window2": "12:45-21:00",
            },
        ),
        # They slept: it is the flag that makes them hold
        (
            legacy(discharge=("00:00-12:00", "12:45-23:45")),
            "hold",
            {
                "discharge.enabled": True,
                "discharge.window1": "00:00-12:00",
                "discharge.window2": "12:45-23:45",
            },
        ),
    ],
)
async def test_what_keeps_a_force_going(raw: Json, intent: str, mark: Json) -> None:
    system = System(raw)
    until = system.minutes(30)
    order = ForceCharge(until=until) if intent == "charge" else Hold(until=until)
    plan = await system.plan(order)
    assert plan.mark == mark
    assert plan.mark.items() <= plan.target.items()


async def test_the_users_own_windows_survive_the_end_of_a_lost_force() -> None:
    system = System(legacy(grid_charge=1, charge=("11:00-15:00", "00:00-00:00")))
    mark = (await system.do(ForceCharge(until=system.minutes(30)))).plan.mark
    read = await system.driver.read()
    assert read.values["charge.window1"] == "12:45-15:00"
    assert system.driver.forced(read, mark) == {"charge.window2": "00:00-00:00"}


async def test_a_put_back_is_taken_as_a_whole() -> None:
    system = System(legacy(grid_charge=1))
    changes = {"charge.window1": "11:00-15:00", "charge.limit": 90}
    assert system.driver.restorable(changes, await system.driver.read()) == changes
