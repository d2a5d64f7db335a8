"""What of a lease goes back into the periodic store after others have used it."""

from collections.abc import Sequence

from hypothesis import given, strategies as st
import pytest

from custom_components.alphaess_energy._vendor.core.control.intent import ForceCharge
from custom_components.alphaess_energy._vendor.core.control.outcome import Refusal
from simulator.alphaess.schedules import overlaps

from .cloud import Done, Json, System
from .raws import EVERY_DAY, period, periodic
from .test_properties import PROPERTY, disjoint, periodics, systems, timed

ON, OFF = (True, True), (False, False)
NIGHT = period("02:00-05:00")
# It covers the force, which is from 12:00 to 12:45 on a Friday
LONG = period("11:00-21:30", limit=15.0)
WHOLE = "discharge 11:00-21:30 1234567"
OTHER_DAYS = "discharge 11:00-21:30 123467"
LISTS = ("chargeTimeList", "dischargeTimeList")
BEFORE, AFTER = "discharge 11:00-12:00 5", "discharge 12:45-21:30 5"


async def forced(
    discharge: Sequence[Json] = (LONG,),
    *,
    charge: Sequence[Json] = (NIGHT,),
    flags: tuple[bool, bool] = ON,
) -> tuple[System, Done]:
    """Return a system that is forced, and what was done."""
    system = System(periodic(charge, discharge), flags=flags)
    return system, await system.do(ForceCharge(until=system.minutes(30)))


def find(system: System, name: str, begin: str, end: str) -> Json:
    """Return a period that is stored."""
    (found,) = (
        one
        for one in system.cloud.raw["periodic"][name]
        if (one["beginTime"], one["endTime"]) == (begin, end)
    )
    return found


async def periods(system: System, side: str = "discharge") -> set[str]:
    """Return the keys of a side's periods."""
    values = (await system.driver.read()).values
    return {key for key in values if key.startswith(f"{side} ")}


async def check_settled(system: System, done: Done) -> None:
    """Nothing overlaps, and a second put-back has nothing to do."""
    assert not overlaps(system.cloud.raw["periodic"])
    sent = len(system.cloud.sent)
    read = await system.driver.read()
    left = {
        key: done.before.values.get(key)
        for key, value in done.plan.target.items()
        if key not in read.assumed
        and done.before.values.get(key) != value == read.values.get(key)
    }
    assert system.driver.restorable(left, read) == {}
    assert len(system.cloud.sent) == sent


def told_apart(one: Json) -> tuple[object, ...]:
    """Return what nobody may change of somebody else's period."""
    return (one["beginTime"], one["endTime"], one["chargeLimit"], sorted(one["weeks"]))


async def test_a_period_comes_back_in_one_piece_if_nobody_minds() -> None:
    system, done = await forced()
    assert await periods(system) == {OTHER_DAYS, BEFORE, AFTER}
    await system.put_back(done)
    assert await periods(system) == {WHOLE}
    assert system.stored() == System(periodic([NIGHT], [LONG])).stored()


async def test_a_force_that_somebody_has_made_his_own_stays() -> None:
    """Over it nothing can be put back: the vendor refuses that for ever."""
    system, done = await forced(flags=OFF)
    find(system, "chargeTimeList", "12:00", "12:45")["chargeLimit"] = 95.0
    restored = await system.put_back(done)
    assert restored.keys() == {"charge.enabled", "charge 02:00-05:00 1234567"}
    assert await periods(system) == {OTHER_DAYS, BEFORE, AFTER}
    assert await periods(system, "charge") == {
        "charge 02:00-05:00 1234567",
        "charge 12:00-12:45 5",
    }
    assert system.flags == {"charge.enabled": False, "discharge.enabled": False}
    await check_settled(system, done)


async def test_a_piece_that_somebody_has_changed_stays() -> None:
    """The rest comes back around it; two over each other would block all that follows."""
    system, done = await forced()
    find(system, "dischargeTimeList", "12:45", "21:30")["chargeLimit"] = 30.0
    await system.put_back(done)
    values = (await system.driver.read()).values
    assert values == {
        "charge.enabled": True,
        "discharge.enabled": True,
        "charge 02:00-05:00 1234567": [5000, 90],
        OTHER_DAYS: [5000, 15],
        "discharge 11:00-12:45 5": [5000, 15],
        AFTER: [5000, 30],
    }
    await check_settled(system, done)
    # What follows is not refused
    system.cloud.sent.clear()
    await system.do(ForceCharge(until=system.minutes(30)))
    assert len(system.cloud.sent) == 1


async def test_what_is_wholly_taken_does_not_come_back() -> None:
    evening = period("17:00-18:00", [5], limit=15.0)
    system, done = await forced(
        [evening], charge=[period("12:00-12:30", [5]), period("01:00-01:15", [1])]
    )
    system.cloud.raw["periodic"]["chargeTimeList"].append(
        period("11:30-13:00", [5], limit=70.0)
    )
    find(system, "chargeTimeList", "12:00", "12:45")["chargeLimit"] = 95.0
    await system.put_back(done)
    assert "charge 12:00-12:30 5" not in await periods(system, "charge")
    await check_settled(system, done)


@pytest.mark.parametrize(
    ("power", "stays"), [(5000, {BEFORE, AFTER, OTHER_DAYS}), (None, {WHOLE})]
)
async def test_what_sleeps_on_the_same_side_is_in_nobodys_way(
    power: int | None, stays: set[str]
) -> None:
    system, done = await forced()
    own = period("12:00-12:45", [5], power, 40.0)
    system.cloud.raw["periodic"]["chargeTimeList"].pop()
    system.cloud.raw["periodic"]["dischargeTimeList"].append(own)
    await system.put_back(done)
    assert await periods(system) == {"discharge 12:00-12:45 5", *stays}


async def test_a_sleeping_period_of_the_other_side_is_in_the_way() -> None:
    """The vendor looks at times only."""
    system, done = await forced()
    find(system, "chargeTimeList", "12:00", "12:45")["chargePower"] = None
    await system.put_back(done)
    assert await periods(system) == {OTHER_DAYS, BEFORE, AFTER}
    await check_settled(system, done)


async def test_what_overlapped_before_does_so_again() -> None:
    """Charge periods of the user's own, which the flag would have woken."""
    both = [NIGHT, period("04:00-06:00", [5], limit=20.0)]
    system, done = await forced(charge=both, flags=OFF)
    assert await periods(system, "charge") == {"charge 12:00-12:45 5"}
    await system.put_back(done)
    assert system.stored() == System(periodic(both, [LONG])).stored()


@pytest.mark.parametrize(
    ("charge", "comes"), [("23:15-23:30", False), ("05:00-06:00", True)]
)
async def test_a_period_over_midnight_is_not_cut(charge: str, comes: bool) -> None:
    night = period("11:30-02:00", [5], limit=20.0)
    system, done = await forced([night, period("09:00-10:00", [1])])
    assert await periods(system) == {"discharge 09:00-10:00 1"}
    system.cloud.raw["periodic"]["chargeTimeList"].append(period(charge, [5]))
    await system.put_back(done)
    assert ("discharge 11:30-02:00 5" in await periods(system)) is comes
    await check_settled(system, done)


async def test_times_off_the_grid_are_not_written() -> None:
    system, done = await forced()
    own = find(system, "chargeTimeList", "12:00", "12:45")
    own |= {"beginTime": "12:05", "endTime": "12:20"}
    await system.put_back(done)
    assert await periods(system) == {
        OTHER_DAYS,
        BEFORE,
        "discharge 12:30-21:30 5",
    }
    await check_settled(system, done)


async def test_settings_of_the_other_store_are_left_to_be_refused() -> None:
    system, _ = await forced()
    changes = {"charge.window1": "01:00-05:00"}
    read = await system.driver.read()
    assert system.driver.restorable(changes, read) == changes


@PROPERTY
@given(st.data())
async def test_whatever_others_have_done_it_is_taken_and_then_done(
    data: st.DataObject,
) -> None:
    """The vendor refuses nothing for ever, and every put-back comes to an end."""
    system = data.draw(systems(store=periodics()))
    try:
        done = await system.do(data.draw(timed(system.now)))
    except Refusal:
        return
    wire = system.cloud.raw["periodic"]
    weekly = wire["executeCycleType"]
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(["chargeTimeList", "dischargeTimeList"]))
        match data.draw(st.sampled_from(["add", "change", "remove"])):
            case "add":
                (window,) = data.draw(disjoint(1, least=1))
                day = data.draw(st.integers(1, 7))
                one = period(window, [day] if weekly else EVERY_DAY, limit=33)
                wire[name].append(one)
                if overlaps(wire):
                    wire[name].pop()
            case "change":
                one = data.draw(st.sampled_from(wire[name]))
                one["chargeLimit"] = 44
            case _ if len(wire[name]) > 1:
                wire[name].remove(data.draw(st.sampled_from(wire[name])))
    others = [dict(one) for name in LISTS for one in wire[name]]
    await system.put_back(done)
    after = system.cloud.raw["periodic"]
    now = [told_apart(one) for name in LISTS for one in after[name]]
    for one in others:
        if one["chargeLimit"] in {33, 44}:
            assert told_apart(one) in now
    await check_settled(system, done)
