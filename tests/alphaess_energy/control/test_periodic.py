"""Intents in the periodic store (reference 3.8, 3.9, 6.4 to 6.8)."""

from datetime import time, timedelta
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
from custom_components.alphaess_energy.stores import periodic as store
from custom_components.alphaess_energy.stores.periodic_body import body

from .cloud import Json, System, local
from .raws import period, periodic
from .test_legacy import edit, row, schedule

OFF, ON = (False, False), (True, True)
DAILY = periodic(
    [period("02:00-05:00", None)],
    [period("17:00-21:30", None, limit=15.0)],
    weekly=0,
)
NIGHT = "charge 02:00-05:00 1234567"
EVENING = "discharge 17:00-21:30 1234567"


async def refused(system: System, intent: Intent) -> Refusal:
    """Return why an intent is refused; nothing may be sent."""
    with pytest.raises(Refusal) as caught:
        await system.do(intent)
    assert system.cloud.sent == []
    return caught.value


def stripped(raw: Json) -> Json:
    """Return a store as it is written."""
    system = System(raw, flags=OFF)
    return {
        name: [
            {k: v for k, v in one.items() if k in period("00:00-00:15")}
            for one in system.cloud.raw["periodic"][name]
        ]
        for name in ("chargeTimeList", "dischargeTimeList")
    }


async def test_settings_are_periods() -> None:
    values = (await System(periodic(), flags=OFF).driver.read()).values
    assert values == {
        "charge.enabled": False,
        "discharge.enabled": False,
        NIGHT: [5000, 90],
        EVENING: [5000, 15],
    }
    assert list((await System(DAILY).driver.read()).values) == [NIGHT, EVENING]


async def test_periods_that_are_the_same_are_told_apart() -> None:
    one = period("02:00-05:00", [1])
    values = (
        await System(periodic([one, {**one, "chargeLimit": 50}])).driver.read()
    ).values
    assert values["charge 02:00-05:00 1"] == [5000, 90]
    assert values["charge 02:00-05:00 1 #2"] == [5000, 50]


@pytest.mark.parametrize(
    "change",
    [
        {"executeCycleType": None},
        {"executeCycleType": 2},
        {"chargeTimeList": None},
        {"dischargeTimeList": "x"},
        {"chargeTimeList": [period("02:00-05:00", limit=None)]},
        {"chargeTimeList": [period("02:00-05:00", limit=101)]},
        {"chargeTimeList": [period("02:00-24:00")]},
        {"chargeTimeList": [{**period("02:00-05:00"), "beginTime": None}]},
    ],
)
async def test_a_store_with_a_part_unknown_is_not_written(change: Json) -> None:
    raw = periodic()
    raw["periodic"] |= change
    with pytest.raises(BadDataError) as caught:
        await System(raw).driver.read()
    assert caught.value.reason == "settings_incomplete"


async def test_the_body_is_that_of_the_reference() -> None:
    """A force on a Friday, with both sides off (3.9)."""
    system = System(periodic(), flags=OFF)
    await system.do(ForceCharge(until=system.minutes(30), power=3000, target_soc=95))
    assert system.cloud.sent == [
        (
            "periodic",
            {
                "executeCycleType": 1,
                "gridChargeCycle": 1,
                "ctrDisCycle": 0,
                "chargeTimeList": [period("12:00-12:45", [5], 3000, 95)],
                "dischargeTimeList": [period("17:00-21:30", limit=15.0)],
            },
        )
    ]


@pytest.mark.parametrize(
    ("now", "minutes", "raw", "flags", "changes"),
    [
        # What the flag would wake is taken out
        (
            "12:02",
            30,
            periodic(),
            OFF,
            {"charge 12:00-12:45 5": [5000, 100], NIGHT: None},
        ),
        # It is on: what does not overlap stays
        ("12:02", 30, periodic(), ON, {"charge 12:00-12:45 5": [5000, 100]}),
        # What has no power sleeps in any case
        (
            "12:02",
            30,
            periodic([period("02:00-05:00", power=None)]),
            OFF,
            {"charge 12:00-12:45 5": [5000, 100]},
        ),
        # Today only is cut
        (
            "03:02",
            30,
            periodic(),
            ON,
            {
                "charge 03:00-03:45 5": [5000, 100],
                "charge 02:00-05:00 123467": [5000, 90],
                "charge 02:00-03:00 5": [5000, 90],
                "charge 03:45-05:00 5": [5000, 90],
                NIGHT: None,
            },
        ),
        # The vendor refuses charge and discharge periods that overlap, on or off
        (
            "17:02",
            30,
            periodic(),
            OFF,
            {
                "charge 17:00-17:45 5": [5000, 100],
                "discharge 17:00-21:30 123467": [5000, 15],
                "discharge 17:45-21:30 5": [5000, 15],
                NIGHT: None,
                EVENING: None,
            },
        ),
        # Over midnight
        (
            "23:20",
            60,
            periodic(),
            ON,
            {"charge 23:15-23:45 5": [5000, 100], "charge 00:00-00:30 6": [5000, 100]},
        ),
        ("23:50", 30, periodic(), ON, {"charge 00:00-00:30 6": [5000, 100]}),
        # A list may not become empty
        (
            "17:02",
            30,
            periodic(None, [period("17:00-17:30", [5], 4000, 20)]),
            ON,
            {
                "charge 17:00-17:45 5": [5000, 100],
                "discharge 16:45-17:00 5": [4000, 20],
                "discharge 17:00-17:30 5": None,
            },
        ),
        # Without weekdays it is every day's, until it is put back
        (
            "12:02",
            30,
            DAILY,
            ON,
            {"charge 12:00-12:45 1234567": [5000, 100]},
        ),
        (
            "03:02",
            30,
            DAILY,
            ON,
            {
                "charge 03:00-03:45 1234567": [5000, 100],
                "charge 02:00-03:00 1234567": [5000, 90],
                "charge 03:45-05:00 1234567": [5000, 90],
                NIGHT: None,
            },
        ),
        # One that is there already becomes the force
        (
            "12:02",
            30,
            periodic([period("12:00-12:45", [5], 300, 20)]),
            ON,
            {"charge 12:00-12:45 5": [5000, 100]},
        ),
    ],
)
async def test_a_forced_charge(
    now: str, minutes: int, raw: Json, flags: tuple[bool, bool], changes: Json
) -> None:
    system = System(raw, flags=flags, now=local(f"2026-11-20 {now}"))
    stored, noted = system.stored(), dict(system.flags)
    done = await system.do(ForceCharge(until=system.minutes(minutes)))

    assert done.plan.target == {"charge.enabled": True, **changes}
    assert done.after.shows(done.plan.target)
    assert system.flags == {**noted, "charge.enabled": True}
    await system.put_back(done)
    assert system.stored() == stored
    assert system.flags == noted


async def test_the_order_of_periods_comes_back() -> None:
    some = [
        period("08:00-09:00", [3, 1]),
        period("02:00-05:00", [7, 5, 6]),
        period("11:00-14:00", [5, 2]),
        period("10:00-10:15", power=None),
    ]
    system = System(periodic(some, [period("17:00-21:30", [2, 1])]), flags=OFF)
    stored = system.stored()
    done = await system.do(ForceCharge(until=system.minutes(30)))
    left = [one["beginTime"] for one in system.cloud.raw["periodic"]["chargeTimeList"]]
    assert left == ["12:00", "10:00"]
    await system.put_back(done)
    assert system.stored() == stored


async def test_what_somebody_else_has_changed_stays() -> None:
    system = System(
        periodic([period("02:00-05:00"), period("06:00-07:00", [1])]), flags=OFF
    )
    done = await system.do(ForceCharge(until=system.minutes(30)))
    app = period("08:00-09:00", [2], 2000, 40.0)
    system.cloud.raw["periodic"]["chargeTimeList"].append(app)
    system.cloud.raw["periodic"]["dischargeTimeList"][0]["chargeLimit"] = 30.0
    await system.put_back(done)
    expected = periodic(
        [period("02:00-05:00"), period("06:00-07:00", [1]), app],
        [period("17:00-21:30", limit=30.0)],
    )
    assert stripped(system.cloud.raw) == stripped(expected)


async def test_a_side_that_somebody_has_emptied_is_not_sent_empty() -> None:
    """The vendor refuses that; a quarter of an hour stays, and the side is off."""
    system = System(periodic([period("02:00-05:00", [1])]), flags=ON)
    done = await system.do(ForceCharge(until=system.minutes(30)))
    system.cloud.raw["periodic"]["chargeTimeList"].pop(0)  # of a Monday, by the app
    await system.put_back(done)
    values = (await system.driver.read()).values
    assert values == {
        "charge.enabled": False,
        "discharge.enabled": True,
        "charge 23:30-23:45 1234567": [100, 10],
        EVENING: [5000, 15],
    }


@pytest.mark.parametrize(
    ("more", "raw", "flags", "soc", "key"),
    [
        ({"target_soc": 9.9}, periodic(), ON, 5.0, "limit_range"),
        ({"target_soc": 50}, periodic(), ON, 50.0, "soc_above_target"),
        ({"power": 0}, periodic(), ON, 50.0, "power_range"),
        ({"power": float("inf")}, periodic(), ON, 50.0, "not_a_number"),
        ({}, periodic(), None, 50.0, "flags_unknown"),
        # It could not be put back
        ({}, periodic([]), ON, 50.0, "list_empty"),
        ({}, periodic(None, []), ON, 50.0, "list_empty"),
        (
            {},
            periodic([period(f"0{n}:00-0{n}:15") for n in range(4)]),
            OFF,
            50.0,
            "no_free_slot",
        ),
        (
            {},
            periodic([period(f"{n}:00-{n}:15", [5]) for n in range(13, 18)]),
            ON,
            50.0,
            "no_free_slot",
        ),
    ],
)
async def test_a_force_that_cannot_be(
    more: Json,
    raw: Json,
    flags: tuple[bool, bool] | None,
    soc: float,
    key: str,
) -> None:
    system = System(raw, flags=flags, soc=soc)
    err = await refused(system, ForceCharge(until=system.minutes(30), **more))
    assert err.key == key
    if key == "no_free_slot":
        assert "charge" in err.placeholders["periods"]


async def test_periods_that_are_over_for_today_make_room() -> None:
    """Of six on a day, one that is over does nothing before the next week."""
    times = ["01:00-01:15", "02:00-02:15", "13:00-13:15", "14:00-14:15", "15:00-15:15"]
    raw = periodic(
        [period(window, [5]) for window in times], [period("17:00-21:30", [5])]
    )
    system = System(raw, flags=ON)
    stored = system.stored()
    done = await system.do(ForceCharge(until=system.minutes(30)))
    assert done.plan.target == {
        "charge.enabled": True,
        "charge 12:00-12:45 5": [5000, 100],
        "charge 01:00-01:15 5": None,
    }
    await system.put_back(done)
    assert system.stored() == stored


async def test_a_store_that_holds_too_much_already_can_still_be_changed() -> None:
    """How periods are counted is not known for sure; others may count less."""
    raw = periodic([period(f"0{n}:00-0{n}:15") for n in range(9)])
    system = System(raw, flags=ON)
    done = await system.do(SetReserve(soc=30))
    assert done.plan.target == {EVENING: [5000, 30]}


async def test_both_are_held_by_a_limit_that_is_reached() -> None:
    system = System(periodic(), flags=ON)
    plan = await system.plan(Hold(until=system.minutes(30), block=HoldBlock.BOTH))
    assert plan.target == {"charge.enabled": True, "charge 12:00-12:45 5": [100, 10]}
    for soc, key in ((None, "soc_unknown"), (9.9, "soc_too_low")):
        system = System(periodic(), flags=ON, soc=soc)
        intent = Hold(until=system.minutes(30), block=HoldBlock.BOTH)
        assert (await refused(system, intent)).key == key


@pytest.mark.parametrize(
    ("now", "raw", "flags", "changes"),
    [
        # Discharging was allowed at any time but where charging is: so it stays,
        # on all other days too, for who knows when it is put back
        (
            "12:02",
            periodic(),
            OFF,
            {
                "discharge 00:00-02:00 1234567": [5000, 15],
                "discharge 05:00-23:45 123467": [5000, 15],
                "discharge 05:00-12:00 5": [5000, 15],
                "discharge 12:45-23:45 5": [5000, 15],
                EVENING: None,
            },
        ),
        # Only inside of windows: they are cut, today
        (
            "18:02",
            periodic(),
            ON,
            {
                "discharge 17:00-21:30 123467": [5000, 15],
                "discharge 17:00-18:00 5": [5000, 15],
                "discharge 18:45-21:30 5": [5000, 15],
                EVENING: None,
            },
        ),
        ("12:02", periodic(), ON, {}),
        # Nothing rests of today
        (
            "18:02",
            periodic(None, [period("18:00-18:30", [5, 6], limit=20)]),
            ON,
            {
                "discharge 18:00-18:30 6": [5000, 20],
                "discharge 17:45-18:00 5": [5000, 20],
                "discharge 18:00-18:30 56": None,
            },
        ),
        (
            "18:02",
            DAILY,
            ON,
            {
                "discharge 17:00-18:00 1234567": [5000, 15],
                "discharge 18:45-21:30 1234567": [5000, 15],
                EVENING: None,
            },
        ),
        # Windows without power are none: discharging was allowed at any time
        (
            "12:02",
            periodic(
                [period("02:00-05:00", [1])], [period("17:00-21:30", [1], None, 20)]
            ),
            ON,
            {
                "discharge 00:00-23:45 23467": [5000, 20],
                "discharge 00:00-02:00 1": [5000, 20],
                "discharge 05:00-23:45 1": [5000, 20],
                "discharge 00:00-12:00 5": [5000, 20],
                "discharge 12:45-23:45 5": [5000, 20],
                "discharge 17:00-21:30 1": None,
            },
        ),
    ],
)
async def test_discharging_is_held(
    now: str, raw: Json, flags: tuple[bool, bool], changes: Json
) -> None:
    system = System(raw, flags=flags, now=local(f"2026-11-20 {now}"))
    stored, noted = system.stored(), dict(system.flags)
    done = await system.do(Hold(until=system.minutes(30)))
    assert done.plan.target == {"discharge.enabled": True, **changes}
    await system.put_back(done)
    assert system.stored() == stored
    assert system.flags == noted


async def test_a_day_that_is_held_as_a_whole_keeps_a_quarter_of_an_hour() -> None:
    system = System(DAILY, flags=OFF)
    plan = await system.plan(Hold(until=system.minutes(24 * 60)))
    assert plan.target == {
        "discharge.enabled": True,
        "discharge 11:45-12:00 1234567": [5000, 15],
        EVENING: None,
    }
    assert plan.device_until == local("2026-11-21 11:45")


async def test_days_full_of_charging_leave_few_windows() -> None:
    """Six a day and 28 a week are the most."""
    some = [period(f"{n:02}:00-{n:02}:30") for n in (1, 5, 9)]
    system = System(periodic(some), flags=OFF)
    done = await system.do(Hold(until=system.minutes(30)))
    body = system.cloud.raw["periodic"]
    both = body["chargeTimeList"] + body["dischargeTimeList"]
    assert sum(len(one["weeks"]) for one in both) <= 28
    assert "discharge 09:30-23:45 123467" in done.plan.target


async def test_a_reserve_is_the_limit_of_all_discharge_periods() -> None:
    raw = periodic(None, [period("17:00-18:00"), period("19:00-20:00", power=None)])
    system = System(raw, flags=OFF)
    done = await system.do(SetReserve(soc=20.0))
    assert done.plan.target == {
        "discharge 17:00-18:00 1234567": [5000, 20],
        "discharge 19:00-20:00 1234567": [None, 20],
    }
    assert (
        await refused(System(raw, flags=OFF), SetReserve(soc=9))
    ).key == "limit_range"
    assert (await refused(System(raw), SetReserve(soc=20))).key == "flags_unknown"
    empty = System(periodic(None, []), flags=OFF)
    assert (await refused(empty, SetReserve(soc=20))).key == "list_empty"


async def test_self_use_is_the_absence_of_all_that() -> None:
    assert (await System(periodic()).plan(SelfUse())).target == {}


async def test_a_schedule_replaces_the_periods_of_the_modes_it_names() -> None:
    system = System(periodic([period("02:00-05:00", [2, 1])]), flags=OFF)
    done = await system.do(
        schedule(
            row("01:00-02:00", soc=80),
            row("13:00-15:00", soc=90, power=3000.9, days=(7, 6)),
            use_grid=True,
        )
    )
    assert done.plan.target == {
        "charge.enabled": True,
        "charge 01:00-02:00 12": [5000, 80],
        "charge 13:00-15:00 67": [3000, 90],
        "charge 02:00-05:00 12": None,
    }
    assert (
        system.cloud.raw["periodic"]["chargeTimeList"]
        == periodic(
            [
                period("01:00-02:00", [2, 1], 5000, 80),
                period("13:00-15:00", [6, 7], 3000, 90),
            ]
        )["periodic"]["chargeTimeList"]
    )


async def test_what_a_row_does_not_say_stays() -> None:
    system = System(periodic([period("02:00-05:00", power=None)]), flags=OFF)
    plan = await system.plan(schedule(row("02:00-05:00"), row("06:00-07:00", soc=80)))
    assert plan.target == {
        NIGHT: [None, 90],
        "charge 06:00-07:00 1234567": [5000, 80],
    }


@pytest.mark.parametrize(
    ("intent", "key"),
    [
        (schedule(clear=("charge",)), "list_empty"),
        (schedule(row("01:00-02:00")), "soc_required"),
        (schedule(row("01:00-02:00", soc=9)), "limit_range"),
        (schedule(row("01:00-02:00", soc=50, power=0)), "power_range"),
        (schedule(row("01:00-02:00", soc=50, days=())), "weekdays_range"),
        (schedule(row("01:00-02:00", soc=50, days=(8,))), "weekdays_range"),
        (schedule(row("23:00-00:00", soc=50)), "end_before_start"),
        (schedule(row("01:05-02:00", soc=50)), "off_grid_time"),
        (schedule(row("18:00-19:00", soc=50)), "rows_overlap"),
        (
            schedule(row("01:00-03:00", soc=50), row("02:00-04:00", soc=50)),
            "rows_overlap",
        ),
        (
            schedule(*(row(f"0{n}:00-0{n}:30", soc=50, days=(1,)) for n in range(7))),
            "periods_too_many",
        ),
        (
            schedule(*(row(f"0{n}:00-0{n}:30", soc=50) for n in range(4))),
            "periods_too_many",
        ),
        (schedule(row("01:00-02:00", mode="sell")), "unknown_mode"),
        (schedule(use_sun=True), "unknown_switch"),
        (edit({NIGHT: None}), "list_empty"),
        (edit({"charge.limit": 50}), "unknown_setting"),
        (edit({"charge.enabled": "on"}), "unknown_setting"),
        (edit({NIGHT: [0, 50]}), "power_range"),
        (edit({NIGHT: [None, 50]}), "power_range"),
        (edit({NIGHT: [True, 50]}), "power_range"),
        (edit({NIGHT: [5000, 5]}), "limit_range"),
        (edit({NIGHT: [5000, None]}), "limit_range"),
        (edit({NIGHT: "x"}), "limit_range"),
        (edit({"charge 06:05-07:00 1": [5000, 50]}), "off_grid_time"),
        (edit({"charge 06:00-24:00 1": [5000, 50]}), "off_grid_time"),
        (edit({"charge 07:00-06:00 1": [5000, 50]}), "end_before_start"),
        (edit({"charge 07:00-07:00 1": [5000, 50]}), "end_before_start"),
        (edit({"charge 04:00-06:00 1": [5000, 50]}), "rows_overlap"),
        (edit({"charge 99:00-06:00 1": [5000, 50]}), "unknown_setting"),
    ],
)
async def test_what_the_store_cannot_hold_is_refused(intent: Intent, key: str) -> None:
    assert (await refused(System(periodic(), flags=OFF), intent)).key == key


async def test_a_daily_store_has_no_weekdays() -> None:
    system = System(DAILY, flags=OFF)
    few = schedule(row("01:00-02:00", soc=50, days=(1,)))
    assert (await refused(system, few)).key == "no_weekdays"
    every = schedule(row("01:00-02:00", soc=50, days=(1, 2, 3, 4, 5, 6, 7)))
    await system.do(every)
    wire = system.cloud.raw["periodic"]["chargeTimeList"]
    assert wire[0]["weeks"] is None  # as the one whose place it takes


async def test_flags_must_be_known_to_write_anything() -> None:
    for intent in (edit({"charge.enabled": True}), schedule(use_grid=True)):
        assert (await refused(System(periodic()), intent)).key == "flags_unknown"
    system = System(periodic())
    await system.do(schedule(use_grid=True, enable_time_control=False))
    assert system.flags == {"charge.enabled": True, "discharge.enabled": False}
    assert stripped(system.cloud.raw) == stripped(periodic())


async def test_a_change_of_a_period_keeps_its_place_and_its_rest() -> None:
    first = {**period("02:00-05:00", [3, 1]), "more": "x"}
    system = System(periodic([first, period("06:00-07:00", [1])]), flags=OFF)

    def moved(values: Any) -> Json:
        (key,) = (key for key in values if key.startswith("charge 02:00"))
        return {key: None, "charge 01:00-05:00 13": values[key]}

    def limited(values: Any) -> Json:
        key = next(key for key in values if key.startswith("charge "))
        return {key: [values[key][0], 70]}

    await system.do(SetValues(edits=(moved, limited)))
    sent = system.cloud.sent[0][1]["chargeTimeList"]
    assert sent == [
        {**first, "beginTime": "01:00", "chargeLimit": 70},
        period("06:00-07:00", [1]),
    ]


async def test_what_a_later_edit_takes_back_is_not_sent() -> None:
    system = System(periodic(), flags=OFF)

    def there(values: Any) -> Json:
        return {NIGHT: None, "charge 01:00-05:00 1234567": values[NIGHT]}

    def back(values: Any) -> Json:
        return {"charge 01:00-05:00 1234567": None, NIGHT: [5000, 90]}

    plan = await system.plan(SetValues(edits=(there, back)))
    assert plan.target == {NIGHT: [5000, 90]}


def test_settings_of_the_other_store_are_not_written() -> None:
    with pytest.raises(BadDataError) as caught:
        store.steps({"charge.window1": "00:00-00:00"})
    assert caught.value.reason == "store_changed"


async def test_a_schedule_is_read_in_the_words_in_which_it_is_set() -> None:
    raw = periodic([period("02:00-05:00", [5, 1]), period("03:00-03:00")])
    rows, switches = read_schedule(await System(raw).driver.read())
    assert rows == [
        Row(
            start=time(2),
            end=time(5),
            mode="charge",
            soc=90,
            power=5000,
            days=(1, 5),
        ),
        Row(
            start=time(17),
            end=time(21, 30),
            mode="discharge",
            soc=15,
            power=5000,
            days=(1, 2, 3, 4, 5, 6, 7),
        ),
    ]
    assert switches == {}
    system = System(raw, flags=(True, False))
    assert read_schedule(await system.driver.read())[1] == {
        "use_grid": True,
        "enable_time_control": False,
    }


async def test_a_place_holder_without_time_survives_a_schedule() -> None:
    raw = periodic([period("03:00-03:00")])
    system = System(raw, flags=OFF)
    settings = await system.driver.read()
    rows, _ = read_schedule(settings)
    plan = system.driver.plan(
        SetSchedule(rows=tuple(rows), switches={}), settings, system.now
    )
    assert settings.shows(plan.target)


async def test_a_force_without_a_lease_is_ended_and_nothing_else() -> None:
    system = System(periodic(), flags=ON, now=local("2026-11-20 03:02"))
    mark = (await system.do(ForceCharge(until=system.minutes(30)))).plan.mark
    read = await system.driver.read()
    # The rests of what it has cut are not its own
    assert system.driver.forced(read, mark) == {"charge 03:00-03:45 5": None}
    await system.do(edit({"charge 03:00-03:45 5": None}))
    assert system.driver.forced(await system.driver.read(), mark) == {}


async def test_a_force_over_midnight_without_a_lease() -> None:
    system = System(periodic(), flags=ON, now=local("2026-11-20 23:20"))
    mark = (await system.do(ForceCharge(until=system.minutes(60)))).plan.mark
    assert system.driver.forced(await system.driver.read(), mark) == {
        "charge 23:15-23:45 5": None,
        "charge 00:00-00:30 6": None,
    }


async def test_the_last_period_of_a_side_is_ended_by_its_flag() -> None:
    system = System(periodic(), flags=OFF)
    mark = (await system.do(ForceCharge(until=system.minutes(30)))).plan.mark
    left = system.driver.forced(await system.driver.read(), mark)
    assert left == {"charge.enabled": False}
    await system.do(edit(dict(left)))
    assert system.driver.forced(await system.driver.read(), mark) == {}


async def test_a_hold_without_a_lease_is_ended_by_its_flag() -> None:
    system = System(periodic(), flags=OFF)
    mark = (await system.do(Hold(until=system.minutes(30)))).plan.mark
    left = system.driver.forced(await system.driver.read(), mark)
    assert left == {"discharge.enabled": False}
    await system.do(edit(dict(left)))
    assert system.driver.forced(await system.driver.read(), mark) == {}


async def test_a_limit_that_the_device_clamps_is_read() -> None:
    system = System(periodic(), flags=ON)
    done = await system.do(ForceCharge(until=system.minutes(30)))
    system.cloud.raw["periodic"]["chargeTimeList"][-1]["chargeLimit"] = 95.0
    read = await system.driver.read()
    assert read.values["charge 12:00-12:45 5"] == [5000, 95]
    assert done.plan.effective == {
        "windows": ["12:00-12:45"],
        "power": 5000,
        "target_soc": 100,
    }


async def test_the_rated_power_is_assumed_where_it_is_unknown() -> None:
    system = System(periodic(), flags=ON, rated=None)
    plan = await system.plan(ForceCharge(until=system.now + timedelta(hours=1)))
    assert plan.target["charge 12:00-13:15 5"] == [5000, 100]
    system = System(periodic(), flags=ON, rated=9900.5)
    plan = await system.plan(ForceCharge(until=system.now + timedelta(hours=1)))
    assert plan.target["charge 12:00-13:15 5"] == [9900, 100]


async def test_a_period_over_midnight_is_taken_out_as_a_whole() -> None:
    """Only another client writes such; nobody knows what the device does with it."""
    raw = periodic([period("22:00-02:00", [5, 6]), period("06:00-07:00", [1])])
    system = System(raw, flags=ON, now=local("2026-11-20 23:02"))
    stored = system.stored()
    done = await system.do(ForceCharge(until=system.minutes(30)))
    assert done.plan.target == {
        "charge.enabled": True,
        "charge 23:00-23:45 5": [5000, 100],
        "charge 22:00-02:00 56": None,
    }
    await system.put_back(done)
    assert system.stored() == stored


async def test_a_hold_needs_to_know_the_flags() -> None:
    system = System(periodic())
    assert (
        await refused(system, Hold(until=system.minutes(30)))
    ).key == "flags_unknown"


async def test_a_day_full_of_charging_cannot_be_held() -> None:
    """There is no time for the window without which the device ignores the flag."""
    full = periodic(
        [period("00:00-23:45", [5])], [period("17:00-21:30", [1], limit=15.0)]
    )
    system = System(full, flags=OFF)
    assert (await refused(system, Hold(until=system.minutes(30)))).key == "no_free_slot"


async def test_nothing_is_put_back_into_a_day_without_room() -> None:
    system = System(
        periodic([period("00:00-23:45", [1])], [period("17:00-21:30", [2])]), flags=ON
    )
    settings = await system.driver.read()
    step = Step(label="periodic", values={"discharge 17:00-21:30 2": None})
    with pytest.raises(BadDataError) as caught:
        body(step, settings, {}, {})
    assert caught.value.reason == "list_empty"


async def test_flags_that_nobody_knows_are_sent_as_the_periods_suggest() -> None:
    """A put-back must not fail because the notes of what was sent are lost."""
    raw = periodic(None, [period("17:00-21:30", power=None)])
    settings = await System(raw).driver.read()
    sent = body(Step(label="periodic", values={NIGHT: [5000, 50]}), settings, {}, {})
    assert (sent["gridChargeCycle"], sent["ctrDisCycle"]) == (1, 0)
    step = Step(label="periodic", values={"charge.enabled": False})
    assert body(step, settings, {}, {})["gridChargeCycle"] == 0


def starts(sent: Json) -> list[str]:
    return [one["beginTime"] for one in sent["chargeTimeList"]]


async def test_where_a_period_comes_back_to() -> None:
    """Behind what was before it, or before that; else at the end."""
    now = periodic([period("01:00-01:15", [1]), period("02:00-02:15", [1])])
    settings = await System(now, flags=ON).driver.read()

    def back(memo: Json) -> list[str]:
        values = {
            f"charge {wire['beginTime']}-{wire['endTime']} 1": [5000, 90]
            for _, wire in memo.values()
            if wire["beginTime"] != "09:00"
        }
        return starts(
            body(Step(label="x", values=values), settings, {"charge": memo}, {})
        )

    one, two, three = (
        "charge 01:00-01:15 1",
        "charge 05:00-05:15 1",
        "charge 09:00-09:15 1",
    )
    fifth, ninth = period("05:00-05:15", [1]), period("09:00-09:15", [1])
    sixth = period("06:00-06:15", [1])
    assert back({two: [None, fifth]}) == ["05:00", "01:00", "02:00"]
    assert back({two: [one, fifth]}) == ["01:00", "05:00", "02:00"]
    # What was before it has gone meanwhile
    assert back({two: ["charge 08:00-08:15 1", fifth]}) == ["01:00", "02:00", "05:00"]
    assert back({three: [one, ninth], two: [three, fifth]}) == [
        "01:00",
        "05:00",
        "02:00",
    ]
    # Both come back, the second behind the first
    both = {"charge 06:00-06:15 1": [two, sixth], two: [one, fifth]}
    assert back(both) == ["01:00", "05:00", "06:00", "02:00"]
    # The second was taken out when the first was gone already
    both = {two: [one, fifth], "charge 06:00-06:15 1": [one, sixth]}
    assert back(both) == ["01:00", "05:00", "06:00", "02:00"]


async def test_a_store_that_was_extended_over_another_day_keeps_its_order() -> None:
    """A second plan is made while the first one's periods are away."""
    some = [period(f"0{n}:00-0{n}:30", [5, 4]) for n in (1, 3, 5)]
    system = System(periodic(some), flags=ON, now=local("2026-11-20 03:02"))
    stored = system.stored()
    one = await system.do(ForceCharge(until=system.minutes(10)))
    two = await system.do(edit({"charge 01:00-01:30 45": None}))
    memo = {"charge": {**one.plan.memo["charge"], **two.plan.memo["charge"]}}
    settings = await system.driver.read()
    back = {
        key: one.before.values.get(key)
        for key in (*one.plan.target, *two.plan.target)
        if key != "charge.enabled"
    }
    step = Step(label="periodic", values=back)
    await system.driver.apply(step, settings, memo)
    assert system.stored() == stored
