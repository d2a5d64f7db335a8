"""What forces mean: immediate charging, and slots (reference section 6.4)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.control.driver import (
    Observation,
    Plan,
    Settings,
)
from custom_components.goodwe_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Row,
    SelfUse,
    SetReserve,
    SetSchedule,
    SetValues,
)
from custom_components.goodwe_energy._vendor.core.control.outcome import Refusal
from custom_components.goodwe_energy.control import plans, schedule
from custom_components.goodwe_energy.control.dialect import V3
from custom_components.goodwe_energy.control.slots import ALL_DAYS, ALL_MONTHS, Slot

from .rig import BERLIN, Rig

# A Friday, in winter: 23:30 in Berlin
NIGHT = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


def _slot(start: str, end: str, power: float = -50, **more: Any) -> Slot:
    usual = {"on": True, "days": ALL_DAYS, "months": ALL_MONTHS, "soc": 80}
    return Slot(start=start, end=end, power=power, **usual | more)


def _settings(slots: Mapping[int, Slot] | None = None, **values: Any) -> Settings:
    found = {f"tou_slot_{n}": Slot().value for n in range(1, 9)}
    found |= {f"tou_slot_{n}": slot.value for n, slot in (slots or {}).items()}
    return Settings(observed_at=NOON, values={"tou_mode": False, **found, **values})


def _plan(
    now: datetime,
    minutes: float,
    base: Settings | None = None,
    power: float | None = 4000,
) -> Plan:
    intent = ForceDischarge(until=now + timedelta(minutes=minutes), power=power)
    context = plans.Context(now=now, zone=BERLIN, dialect=V3, soc=50, rated=10_000)
    return plans.discharge(intent, base or _settings(), context)


def _slots(plan: Plan) -> dict[str, Slot]:
    found = {key: Slot.of(value) for key, value in plan.target.items()}
    return {key: slot for key, slot in found.items() if slot is not None}


def test_a_discharge_is_a_slot_of_today_and_the_mode_in_which_slots_count() -> None:
    plan = _plan(NOON, 60)
    assert list(plan.target) == ["tou_slot_1", "tou_mode"]
    assert _slots(plan)["tou_slot_1"] == Slot(
        start="12:00",
        end="13:00",
        on=True,
        days=(5,),
        months=(11,),
        power=40.0,
        soc=10,
    )
    assert plan.device_until == NOON + timedelta(minutes=60)
    assert plan.effective["power"] == 4000
    assert list(plan.mark) == ["tou_slot_1"]


def test_over_midnight_it_takes_two_slots_on_two_days() -> None:
    plan = _plan(NIGHT, 90)
    slots = list(_slots(plan).values())
    assert [(one.start, one.end, one.days) for one in slots] == [
        ("23:30", "23:59", (5,)),
        ("00:00", "01:00", (6,)),
    ]
    assert plan.warnings == ("gap_at_midnight",)
    assert plan.device_until == NIGHT + timedelta(minutes=90)


def test_the_last_minute_of_a_day_cannot_be_said() -> None:
    late = NIGHT + timedelta(minutes=29)
    with pytest.raises(Refusal) as caught:
        _plan(late, 1)
    assert caught.value.key == "last_minute_of_day"
    plan = _plan(late, 30)
    assert plan.warnings == ("starts_at_midnight",)
    assert plan.effective_from == late + timedelta(minutes=1)


def test_where_clocks_are_put_back_the_hour_that_comes_twice_is_one_slot() -> None:
    begin = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    (slot,) = _slots(_plan(begin, 60)).values()
    assert (slot.start, slot.end) == ("02:00", "03:00")


def test_slots_in_the_way_keep_what_comes_after() -> None:
    base = _settings({1: _slot("11:00", "14:00"), 2: _slot("12:10", "12:20")})
    slots = _slots(_plan(NOON, 60, base))
    assert (slots["tou_slot_1"].start, slots["tou_slot_1"].end) == ("13:00", "14:00")
    # All of it is covered: its place is taken
    assert slots["tou_slot_2"].power == 40.0
    assert len(slots) == 2


@pytest.mark.parametrize(
    "other",
    [
        _slot("11:00", "14:00", days=(6, 7)),
        _slot("11:00", "14:00", months=(1, 2)),
        _slot("11:00", "14:00", on=False),
    ],
)
def test_slots_of_other_days_or_that_are_off_are_not_in_the_way(other: Slot) -> None:
    assert list(_slots(_plan(NOON, 60, _settings({1: other})))) == ["tou_slot_2"]


def test_more_than_three_are_not_touched() -> None:
    busy = {n: _slot(f"12:{n}0", f"12:{n}5") for n in range(1, 5)}
    with pytest.raises(Refusal) as caught:
        _plan(NOON, 60, _settings(busy))
    assert caught.value.key == "no_free_slot"


def test_without_a_free_slot_it_is_refused_with_those_that_there_are() -> None:
    full = {n: _slot(f"0{n}:00", f"0{n}:30") for n in range(1, 9)}
    with pytest.raises(Refusal) as caught:
        _plan(NOON, 60, _settings(full))
    assert "8 (08:00-08:30)" in caught.value.placeholders["slots"]
    # One that is off can be used
    full[5] = _slot("05:00", "05:30", on=False)
    assert list(_slots(_plan(NOON, 60, _settings(full)))) == ["tou_slot_5"]


def test_the_device_is_told_the_floor_that_holds() -> None:
    with pytest.raises(Refusal) as caught:
        _plan(NOON, 60, _settings(reserve=50.0))
    assert caught.value.key == "soc_at_reserve"
    (slot,) = _slots(_plan(NOON, 60, _settings(reserve=30.0))).values()
    assert slot.soc == 30


@pytest.mark.parametrize(("soc", "refused"), [(9.0, True), (10.0, True), (11.0, False)])
def test_at_the_floor_of_its_own_slot_nothing_is_discharged(
    soc: float, *, refused: bool
) -> None:
    """The device has told no reserve."""
    intent = ForceDischarge(until=NOON + timedelta(hours=1), power=4000)
    context = plans.Context(now=NOON, zone=BERLIN, dialect=V3, soc=soc, rated=10_000)
    if not refused:
        assert plans.discharge(intent, _settings(), context).target
        return
    with pytest.raises(Refusal) as caught:
        plans.discharge(intent, _settings(), context)
    assert caught.value.key == "soc_below_target"
    assert caught.value.placeholders["target"] == "10"
    # Who says how far takes it upon himself
    if soc > 9:
        lower = replace(intent, target_soc=8)
        assert plans.discharge(lower, _settings(), context).target


async def test_a_discharge_that_has_ended_at_its_own_floor_is_not_blamed() -> None:
    rig = Rig()
    rig.controls.switches.unread = True
    await rig.read()
    intent = ForceDischarge(until=rig.after(hours=1), power=4000)
    for soc, follows in ((10.0, None), (50.0, False)):
        seen = Observation(at=rig.clock.now(), fresh=True, soc=soc, battery=0.0)
        assert rig.driver.following(intent, seen) is follows


def test_peak_shaving_is_not_led_beside() -> None:
    with pytest.raises(Refusal) as caught:
        _plan(NOON, 60, _settings(peak_shaving=True))
    assert caught.value.key == "modes_exclusive"


def test_power_is_rounded_down_to_what_can_be_told() -> None:
    (slot,) = _slots(_plan(NOON, 60, power=4321)).values()
    assert slot.power == 43.2
    (slot,) = _slots(_plan(NOON, 60, power=None)).values()
    assert slot.power == 100.0


async def test_immediate_charging_comes_first_where_it_is_listed() -> None:
    rig = Rig()
    base = await rig.read()
    intent = ForceCharge(until=rig.after(hours=1), power=2500, target_soc=90)
    plan = rig.driver.plan(intent, base, rig.clock.now())
    assert plan.target == {
        "immediate_charge_soc": 90.0,
        "immediate_charge_power": 25.0,
        "immediate_charge": True,
    }
    assert plan.device_until is None
    steps = rig.driver.steps(plan.target, base)
    assert [step.label for step in steps] == list(plan.target)


async def test_what_was_never_told_is_ended_and_the_rest_left() -> None:
    rig = Rig()
    rig.controls.switches.clears_cache = True
    settings = await rig.read()
    put_back = dict.fromkeys(("immediate_charge", "immediate_charge_power"))
    assert rig.driver.restorable(put_back, settings) == {"immediate_charge": False}


async def test_a_force_that_nobody_holds_is_known_by_its_mark() -> None:
    rig = Rig()
    settings = await rig.set({"immediate_charge": False})
    ours = _slot("12:00", "13:00", 40).value
    mark = {"immediate_charge": True, "tou_slot_2": ours}
    assert rig.driver.forced(settings, mark) == {}
    now = Settings(observed_at=NOON, values={**settings.values, "tou_slot_2": ours})
    assert rig.driver.forced(now, mark) == {"tou_slot_2": Slot().value}
    assert rig.driver.unseen(mark) == {
        "tou_slot_2": Slot().value,
        "immediate_charge": False,
    }


async def test_a_reserve_for_a_while_needs_one_to_go_back_to() -> None:
    rig = Rig()
    base = await rig.read()
    assert "reserve" in base.assumed
    for_good = rig.driver.plan(SetReserve(soc=20), base, rig.clock.now())
    assert for_good.target == {"reserve": 20.0}
    with pytest.raises(Refusal):
        rig.driver.plan(
            SetReserve(soc=20, until=rig.after(hours=1)), base, rig.clock.now()
        )


async def test_self_use_is_a_mode_in_the_first_dialect_only() -> None:
    for home, target in (("v1", {"operation_mode": "self_use"}), ("hybrid", {})):
        rig = Rig(home)
        plan = rig.driver.plan(SelfUse(), await rig.read(), rig.clock.now())
        assert plan.target == target
        assert rig.driver.capabilities.self_use_mode is (home == "v1")


def _schedule(rows: list[Row], base: Settings, **more: Any) -> dict[str, Slot]:
    intent = SetSchedule(rows=tuple(rows), switches={}, **more)
    return _slots(schedule.plan(intent, base, V3, 10_000))


def test_rows_that_are_there_keep_their_slot_and_what_rows_cannot_say() -> None:
    base = _settings(
        {3: _slot("01:00", "05:00", 50, limits_export=True), 5: _slot("06:00", "07:00")}
    )
    rows, _ = schedule.read_schedule(base.values, 10_000)
    assert [(row.start, row.mode, row.power) for row in rows] == [
        (time(1), "discharge", 5000.0),
        (time(6), "charge", 5000.0),
    ]
    assert _schedule(rows, base) == {}
    (changed,) = _schedule([rows[0]], base, clear=frozenset({"charge"})).items()
    assert changed == ("tou_slot_5", Slot())


def test_a_slot_of_some_months_is_no_row_of_the_whole_year() -> None:
    base = _settings({3: _slot("01:00", "05:00", months=(1, 2))})
    rows, _ = schedule.read_schedule(base.values, 10_000)
    assert _schedule(rows, base) == {"tou_slot_3": _slot("01:00", "05:00")}


def test_slots_are_not_made_to_count_beside_peak_shaving() -> None:
    intent = SetSchedule(rows=(), switches={"tou_mode": True})
    with pytest.raises(Refusal) as caught:
        schedule.plan(intent, _settings(peak_shaving=True), V3, 10_000)
    assert caught.value.key == "modes_exclusive"
    off = SetSchedule(rows=(), switches={"tou_mode": False})
    assert schedule.plan(off, _settings(peak_shaving=True), V3, 10_000).target


# A force from 12:00 to 14:00, for which the owner's slot was cut
FORCED = replace(
    _settings({2: _slot("10:00", "13:00", 20), 5: _slot("01:00", "05:00")}),
    leased={
        "tou_slot_1": _slot("12:00", "14:00", 50).value,
        "tou_slot_2": _slot("10:00", "12:00", 20).value,
        "tou_mode": True,
    },
)


@pytest.mark.parametrize(("hour", "ends"), [(13, True), (15, False)])
def test_a_row_in_the_time_of_a_force_ends_it(hour: int, *, ends: bool) -> None:
    row = Row(start=time(hour), end=time(hour + 1), mode="charge", soc=90)
    plan = schedule.plan(SetSchedule(rows=(row,), switches={}), FORCED, V3, 10_000)
    assert plan.target.keys() == {"tou_slot_5"}
    assert plan.ends == ({"tou_slot_1", "tou_slot_2"} if ends else set())


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [("13:00", "15:00", True), ("14:00", "15:00", False), ("10:00", "11:00", False)],
)
async def test_a_slot_set_into_the_time_of_a_force_ends_it(
    start: str, end: str, *, ends: bool
) -> None:
    rig = Rig()
    await rig.read()
    slot = _slot(start, end).value
    for changes, meets in ((slot, ends), ({**slot, "on": False}, False)):
        intent = SetValues(edits=(lambda _, to=changes: {"tou_slot_5": to},))
        plan = rig.driver.plan(intent, FORCED, NOON)
        assert plan.target.keys() == {"tou_slot_5"}
        assert plan.ends == ({"tou_slot_1", "tou_slot_2"} if meets else set())


def test_a_slot_that_is_on_but_not_understood_is_in_the_way() -> None:
    base = _settings()
    wire = {"TOUWeekEnable4": 249, "TOUStart4": "?"}
    unread = {key: value for key, value in base.values.items() if key != "tou_slot_4"}
    for enable, refused in ((249, True), (6, False)):
        raw = {"named": {"TOU4": wire | {"TOUWeekEnable4": enable}}}
        known = replace(base, values=unread, raw=raw)
        if refused:
            with pytest.raises(Refusal) as caught:
                _plan(NOON, 60, known)
            assert "tou_slot_4" in caught.value.placeholders.values()
        else:
            assert _plan(NOON, 60, known).target


@pytest.mark.parametrize(
    ("word", "reserve", "stated"),
    [(1 << 11, None, 10), (0, None, None), (0, 25.0, 25)],
)
def test_a_floor_is_only_stated_where_it_holds(
    word: int, reserve: float | None, stated: float | None
) -> None:
    more = {} if reserve is None else {"reserve": reserve}
    base = replace(
        _settings(**more), raw={"named": {"ARMFunction2": {"ARMFunction2": word}}}
    )
    assert _plan(NOON, 60, base).effective.get("target_soc") == stated


def test_a_row_over_midnight_takes_two_slots_on_its_day_and_the_next() -> None:
    row = Row(
        start=time(22), end=time(6), mode="discharge", soc=20, power=3000, days=(7,)
    )
    slots = list(_schedule([row], _settings()).values())
    assert [(one.start, one.end, one.days, one.power) for one in slots] == [
        ("22:00", "23:59", (7,), 30.0),
        ("00:00", "06:00", (1,), 30.0),
    ]


def test_a_schedule_of_charges_leaves_discharges() -> None:
    base = _settings({1: _slot("18:00", "20:00", 40), 2: _slot("02:00", "03:00")})
    row = Row(start=time(1), end=time(2), mode="charge")
    assert list(_schedule([row], base)) == ["tou_slot_2"]
    with pytest.raises(Refusal) as caught:
        _schedule([Row(start=time(19), end=time(21), mode="charge")], base)
    assert caught.value.key == "rows_overlap"


def test_more_rows_than_slots_are_refused() -> None:
    rows = [Row(start=time(n), end=time(n, 30), mode="charge") for n in range(9)]
    with pytest.raises(Refusal) as caught:
        _schedule(rows, _settings())
    assert caught.value.key == "rows_too_many"
