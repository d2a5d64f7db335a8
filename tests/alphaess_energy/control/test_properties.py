"""For any store that the vendor would take, and any intent.

What is sent is legal, does what was asked for on the simulated inverter, and can be
undone to the byte.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.alphaess_energy._vendor.core.control.intent import (
    ForceCharge,
    Hold,
    HoldBlock,
    SetReserve,
    SetSchedule,
    Timed,
)
from custom_components.alphaess_energy._vendor.core.control.outcome import Refusal
from custom_components.alphaess_energy.battery import read_schedule
from simulator.alphaess.inverter import legacy_command, periodic_command
from simulator.balance import Command, Mode

from .cloud import BERLIN, Done, Json, System
from .raws import EVERY_DAY, legacy, period, periodic

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=150)
FIRST = datetime(2026, 10, 24, tzinfo=BERLIN)  # the day before clocks are put back


def text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def disjoint(draw: st.DrawFn, most: int, least: int = 0) -> list[str]:
    """Windows of a day that do not overlap, in any order."""
    marks = draw(
        st.lists(
            st.integers(0, 95).map(lambda n: 15 * n),
            min_size=2 * least,
            max_size=2 * most,
            unique=True,
        ).map(sorted)
    )
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return draw(st.permutations([f"{text(a)}-{text(b)}" for a, b in pairs]))


OFF = st.sampled_from(["00:00-00:00", "03:15-03:15"])


@st.composite
def two(draw: st.DrawFn) -> list[str]:
    found = draw(disjoint(2))
    while len(found) < 2:
        found.insert(draw(st.integers(0, len(found))), draw(OFF))
    return found


@st.composite
def legacies(draw: st.DrawFn) -> Json:
    flag, percent = st.integers(0, 1), st.integers(0, 100)
    number = st.one_of(percent, percent.map(float))
    return legacy(
        charge=draw(two()),
        discharge=draw(two()),
        grid_charge=draw(flag),
        time_control=draw(flag),
        charge_limit=draw(number),
        discharge_limit=draw(number),
    )


@st.composite
def periodics(draw: st.DrawFn, *, cycles: tuple[int, ...] = (0, 1)) -> Json:
    windows = draw(disjoint(5, least=2))
    weekly = draw(st.sampled_from(cycles))
    split = draw(st.integers(1, len(windows) - 1))

    def one(window: str) -> Json:
        some = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(sorted)
        days = draw(some.flatmap(st.permutations)) if weekly else EVERY_DAY
        limit = draw(st.integers(10, 100))
        return period(
            window,
            days,
            draw(st.sampled_from([5000, 12501, 300, None])),
            draw(st.sampled_from([limit, float(limit)])),
        )

    found = [one(window) for window in windows]
    return periodic(found[:split], found[split:], weekly=weekly)


@st.composite
def systems(
    draw: st.DrawFn,
    *,
    store: st.SearchStrategy[Json],
    flags: st.SearchStrategy[tuple[bool, bool]] | None = None,
) -> System:
    """A system at some minute around the change of the clocks."""
    if flags is None:
        flags = st.tuples(st.booleans(), st.booleans())
    passed = timedelta(minutes=draw(st.integers(0, 3 * 24 * 60 - 1)))
    return System(
        draw(store),
        now=(FIRST.astimezone(BERLIN) + passed).astimezone(BERLIN),
        soc=float(draw(st.integers(0, 100))),
        flags=draw(flags),
    )


@st.composite
def timed(draw: st.DrawFn, now: datetime) -> Timed:
    until = now + timedelta(minutes=draw(st.integers(1, 24 * 60)))
    match draw(st.sampled_from(["charge", "discharge", "both"])):
        case "charge":
            target = draw(st.none() | st.floats(10, 100))
            return ForceCharge(until=until, target_soc=target)
        case block:
            return Hold(until=until, block=HoldBlock(block))


STORES = st.one_of(legacies(), periodics())


def check_legal(system: System, before: Json) -> None:
    """What the reference says of bodies (3.6 to 3.9, 6.3)."""
    for kind, body in system.cloud.sent:
        if kind == "periodic":
            check_periodic(body, before["periodic"])
            continue
        assert set(body) == set(before[kind])
        for start, end in windows_of(body):
            assert start <= end <= 1425
            assert start % 15 == end % 15 == 0
        assert body.get("gridCharge", body.get("ctrDis")) in (0, 1)
        if body.get("ctrDis") == 1 and before["discharge"]["ctrDis"] == 0:
            # The inverter ignores time control without a window.
            assert any(start < end for start, end in windows_of(body))


def windows_of(body: Json) -> list[tuple[int, int]]:
    times = [value for key, value in body.items() if key.startswith("time")]
    minutes = [int(time[:2]) * 60 + int(time[3:]) for time in times]
    return list(zip(minutes[::2], minutes[1::2], strict=True))


def check_periodic(body: Json, before: Json) -> None:
    assert set(body) == {
        "executeCycleType",
        "gridChargeCycle",
        "ctrDisCycle",
        "chargeTimeList",
        "dischargeTimeList",
    }
    assert body["executeCycleType"] == before["executeCycleType"]
    inert = {
        name: all(one["chargePower"] is None for one in before[name])
        for name in ("chargeTimeList", "dischargeTimeList")
    }
    known = [(p["beginTime"], p["endTime"], p["chargePower"]) for p in both(before)]
    taken: dict[int, list[tuple[str, str, str]]] = {day: [] for day in EVERY_DAY}
    for name in ("chargeTimeList", "dischargeTimeList"):
        assert body[name]
        for one in body[name]:
            assert set(one) == {
                "beginTime",
                "endTime",
                "weeks",
                "chargePower",
                "chargeLimit",
            }
            start, end = one["beginTime"], one["endTime"]
            assert start < end <= "23:45"
            assert start[3:] in {"00", "15", "30", "45"}
            assert end[3:] in {"00", "15", "30", "45"}
            assert 10 <= one["chargeLimit"] <= 100
            rest = any(
                a <= start and end <= b and power == one["chargePower"]
                for a, b, power in known
            )
            power = one["chargePower"]
            place_holder = power is None and inert[name]
            assert rest or place_holder or (isinstance(power, int) and power > 0)
            assert one["weeks"]
            assert set(one["weeks"]) <= set(EVERY_DAY)
            for day in one["weeks"]:
                taken[day].append((start, end, name))
    for spans in taken.values():
        for one_start, one_end, one_side in spans:
            for start, end, side in spans:
                if side != one_side:
                    assert not (one_start < end and start < one_end)
    old = [sum(day in one["weeks"] for one in both(before)) for day in EVERY_DAY]
    assert max(map(len, taken.values())) <= max(6, *old)
    assert sum(map(len, taken.values())) <= max(28, sum(old))


def both(wire: Json) -> list[Json]:
    return [*wire["chargeTimeList"], *wire["dischargeTimeList"]]


def told(system: System, moment: datetime) -> Command:
    """What the simulated inverter makes of the store at a moment."""
    raw, wall = system.cloud.raw, moment.astimezone(BERLIN).replace(tzinfo=None)
    soc = float(system.soc or 0)
    if "periodic" in raw:
        flags = {
            "gridChargeCycle": int(system.flags["charge.enabled"]),
            "ctrDisCycle": int(system.flags["discharge.enabled"]),
        }
        return periodic_command({**raw["periodic"], **flags}, wall, soc)
    return legacy_command(raw["charge"], raw["discharge"], wall, soc)


def moments(system: System, done: Done, until: datetime) -> Iterator[datetime]:
    """Moments at which the force must be on."""
    start = max(system.now, done.plan.effective_from or system.now)
    end = min(until, done.plan.device_until or until)
    while start < end:
        wall = start.astimezone(BERLIN)
        if (wall.hour, wall.minute // 15) != (23, 3):
            yield start
        start += timedelta(minutes=7)


@PROPERTY
@given(st.data())
async def test_a_force_is_legal_works_and_is_undone_to_the_byte(
    data: st.DataObject,
) -> None:
    system = data.draw(systems(store=STORES))
    intent = data.draw(timed(system.now))
    before, stored, flags = dict(system.cloud.raw), system.stored(), dict(system.flags)
    try:
        done = await system.do(intent)
    except Refusal:
        assert system.cloud.sent == []
        assert system.stored() == stored
        return
    check_legal(system, before)
    assert done.after.shows(done.plan.target)
    for moment in moments(system, done, intent.until):
        command = told(system, moment)
        match intent:
            case ForceCharge():
                assert command.mode is Mode.CHARGE
                assert command.target_soc == done.plan.effective["target_soc"]
            case Hold(block=HoldBlock.BOTH):
                assert command.mode is Mode.HOLD
            case Hold():
                assert (
                    command.mode in {Mode.CHARGE, Mode.HOLD}
                    or not command.discharge_allowed
                )
    assert json.loads(json.dumps(done.plan.memo)) == done.plan.memo
    restored = await system.put_back(done)
    # Where nobody else has set anything, all of it goes back
    assert restored.keys() == {
        key
        for key, value in done.plan.target.items()
        if done.before.values.get(key) != value
    }
    assert system.stored() == stored
    assert (await system.driver.read()).values == done.before.values
    assert flags == system.flags


@PROPERTY
@given(st.data())
async def test_a_force_in_the_weekly_store_leaves_the_other_days_alone(
    data: st.DataObject,
) -> None:
    """It does not repeat, and what the flag was on for goes on."""
    on = st.just((True, True))
    system = data.draw(systems(store=periodics(cycles=(1,)), flags=on))
    until = system.now + timedelta(minutes=data.draw(st.integers(1, 1440)))
    later = [
        system.now + timedelta(days=2, minutes=13 * step)
        for step in range(4 * 24 * 60 // 13)
        if (system.now + timedelta(days=2, minutes=13 * step)).isoweekday()
        not in {system.now.isoweekday(), (system.now + timedelta(days=1)).isoweekday()}
    ]
    before = [told(system, moment) for moment in later]
    try:
        await system.do(ForceCharge(until=until))
    except Refusal:
        return
    assert [told(system, moment) for moment in later] == before


@PROPERTY
@given(st.data(), st.integers(1, 1440), st.integers(1, 1440), st.integers(0, 60))
async def test_extended_and_then_undone_to_the_byte(
    data: st.DataObject, first: int, second: int, between: int
) -> None:
    """As the manager does it: planned on what would be without the lease."""
    system = data.draw(systems(store=STORES))
    stored = system.stored()
    try:
        one = await system.do(ForceCharge(until=system.minutes(first)))
        system.now = system.minutes(between)
        now = await system.driver.read()
        undone = {
            key: one.before.values.get(key)
            for key, value in one.plan.target.items()
            if one.before.values.get(key) != value
        }
        values = {**now.values, **undone}
        base = type(now)(
            observed_at=now.observed_at,
            values={k: v for k, v in values.items() if v is not None},
            assumed=now.assumed,
            raw=now.raw,
        )
        intent = Hold(until=system.minutes(second))
        plan = system.driver.plan(intent, base, system.now)
    except Refusal:
        return
    assert plan.target.keys() | undone.keys()
    wanted = undone | dict(plan.target)
    memo = {**one.plan.memo}
    for side, known in plan.memo.items():
        memo[side] = {**memo.get(side, {}), **known}
    changes = {k: v for k, v in wanted.items() if now.values.get(k) != v}
    for step in system.driver.steps(changes, now):
        await system.driver.apply(step, await system.driver.read(), memo)
    after = await system.driver.read()
    back = {
        key: one.before.values.get(key)
        for key in wanted
        if key in after.assumed or after.values.get(key) != one.before.values.get(key)
    }
    for step in system.driver.steps(back, after):
        await system.driver.apply(step, await system.driver.read(), memo)
    assert system.stored() == stored


@PROPERTY
@given(systems(store=STORES))
async def test_a_schedule_that_was_read_changes_nothing(system: System) -> None:
    settings = await system.driver.read()
    rows, switches = read_schedule(settings)
    plan = system.driver.plan(
        SetSchedule(rows=tuple(rows), switches=switches), settings, system.now
    )
    assert settings.shows(plan.target)
    assert all(
        settings.values[key] == plan.target[key]
        for key in settings.assumed & plan.target.keys()
    )
    memo: dict[str, Any] = dict(plan.memo)
    stored = system.stored()
    for step in system.driver.steps(plan.target, settings):
        await system.driver.apply(step, settings, memo)
    assert system.stored() == stored


@PROPERTY
@given(systems(store=STORES), st.floats(0, 100))
async def test_a_reserve_is_legal_and_undone_to_the_byte(
    system: System, soc: float
) -> None:
    before, stored = dict(system.cloud.raw), system.stored()
    intent = SetReserve(soc=soc, until=system.minutes(30))
    if "periodic" in before and soc < 10:
        with pytest.raises(Refusal, match="limit_range"):
            await system.do(intent)
        return
    done = await system.do(intent)
    check_legal(system, before)
    await system.put_back(done)
    assert system.stored() == stored
