"""Whatever is set and whatever is asked: a write changes only what was asked.

What is sent is understood by position (reference sections 6.4 and 6.5), and compared
with what was set before by its read-back names.
"""

import asyncio
from datetime import datetime, time, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from custom_components.growatt_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    Intent,
    Row,
    SetSchedule,
    SetValues,
)
from custom_components.growatt_energy._vendor.core.control.outcome import Refusal
from custom_components.growatt_energy.control_sph.edits import set_period
from custom_components.growatt_energy.control_sph.period import from_value

from .mix import BERLIN, Raw, System, spa, sph

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)
FIRST = datetime(2026, 10, 24, tzinfo=BERLIN)  # the day before clocks are put back
SLOTS = (1, 2, 3)
SIDES = {
    "charge": ("forcedChargeTimeStart", "forcedChargeTimeStop"),
    "discharge": ("forcedDischargeTimeStart", "forcedDischargeTimeStop"),
    "load_first": ("loadFirstStartTime", "loadFirstStopTime"),
}
SWITCHES = {
    False: {
        "charge": "forcedChargeStopSwitch",
        "discharge": "forcedDischargeStopSwitch",
    },
    True: {
        "charge": "batFirstSwitch",
        "discharge": "gridFirstSwitch",
        "load_first": "loadFirstSwitch",
    },
}
MINUTES = st.integers(0, 1439)
PERCENT = st.integers(0, 100)
GARBAGE = st.sampled_from(["null", "", None, "--", "11:187", -1, -0.1, "x", "200"])


def wire(minute: int) -> str:
    return f"{minute // 60}:{minute % 60}"


@st.composite
def stored(draw: st.DrawFn, *, is_spa: bool) -> Raw:
    """Return what a device may have: also overlapping or senseless periods."""
    raw = spa() if is_spa else sph()
    as_text = draw(st.booleans())  # as the app has them
    for name in (
        "chargePowerCommand",
        "disChargePowerCommand",
        "wchargeSOCLowLimit2",
        "wdisChargeSOCLowLimit2",
    ):
        raw[name] = draw(PERCENT)
    if not is_spa:
        raw["acChargeEnable"] = draw(st.integers(0, 1))
    for side, switch in SWITCHES[is_spa].items():
        start, stop = SIDES[side]
        for slot in SLOTS:
            if draw(st.booleans()):
                raw[f"{start}{slot}"] = wire(draw(MINUTES))
                raw[f"{stop}{slot}"] = wire(draw(MINUTES))
                raw[f"{switch}{slot}"] = draw(st.integers(0, 1))
    if as_text:
        raw = {key: str(value) for key, value in raw.items()}
    for name in draw(st.lists(st.sampled_from(sorted(raw)), max_size=1)):
        if draw(st.integers(0, 4)) == 0:
            raw[name] = draw(GARBAGE)
    return raw


TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@st.composite
def asked(draw: st.DrawFn, now: datetime, *, is_spa: bool) -> Intent:
    until = now + timedelta(minutes=draw(st.integers(1, 24 * 60)))
    sides = sorted(SWITCHES[is_spa])
    match draw(
        st.sampled_from(["charge", "discharge", "hold", "period", "head", "rows"])
    ):
        case "charge":
            return ForceCharge(until=until, power=draw(st.none() | st.floats(60, 6000)))
        case "discharge":
            return ForceDischarge(until=until, target_soc=draw(st.none() | st.just(9)))
        case "hold":
            return Hold(until=until)
        case "period":
            some = st.none() | TIMES
            change = set_period(
                draw(st.sampled_from(sides)),
                draw(st.sampled_from(SLOTS)),
                start=draw(some),
                end=draw(some),
                on=draw(st.none() | st.booleans()),
            )
            return SetValues(edits=(change,))
        case "head":
            key = draw(st.sampled_from(["charge.power", "discharge.stop_soc"]))
            value = draw(PERCENT)
            return SetValues(edits=(lambda values: {key: value},))
    modes = ["battery_first", "grid_first", *(["load_first"] if is_spa else [])]
    rows = st.builds(Row, start=TIMES, end=TIMES, mode=st.sampled_from(modes))
    return SetSchedule(
        rows=tuple(draw(st.lists(rows, max_size=3))),
        clear=frozenset(draw(st.sets(st.sampled_from(modes), max_size=1))),
        switches={},
    )


def meaning(raw: Raw, *, is_spa: bool) -> dict[str, Any]:
    """Return what is stored, as numbers, by read-back names."""
    found: dict[str, Any] = {}
    for name, value in raw.items():
        text = str(value)
        if ":" in text:
            found[name] = tuple(map(int, text.split(":")))
        else:
            found[name] = text
    return found


def owned(key: str, *, is_spa: bool) -> set[str]:
    """Return the read-back names that a key of ours stands for."""
    side, _, part = key.partition(".")
    if part.startswith("period"):
        slot = part.removeprefix("period")
        names = (*SIDES[side], SWITCHES[is_spa][side])
        return {f"{name}{slot}" for name in names}
    return {
        "charge.power": {"chargePowerCommand"},
        "charge.stop_soc": {"wchargeSOCLowLimit2"},
        "charge.ac": {"acChargeEnable"},
        "discharge.power": {"disChargePowerCommand"},
        "discharge.stop_soc": {"wdisChargeSOCLowLimit2"},
    }[key]


@given(data=st.data(), is_spa=st.booleans(), padded=st.booleans())
@PROPERTY
def test_a_write_changes_only_what_was_asked_and_can_be_taken_back(
    data: st.DataObject, is_spa: bool, padded: bool
) -> None:
    passed = timedelta(minutes=data.draw(st.integers(0, 3 * 24 * 60 - 1)))
    now = (FIRST.astimezone(BERLIN) + passed).astimezone(BERLIN)
    system = System(
        data.draw(stored(is_spa=is_spa)),
        spa_device=is_spa,
        padded=padded or is_spa,
        now=now,
        soc=55.0,
    )
    intent = data.draw(asked(now, is_spa=is_spa))
    asyncio.run(_check(system, intent, is_spa=is_spa))


async def _check(system: System, intent: Intent, *, is_spa: bool) -> None:
    raw = meaning(system.mix.raw, is_spa=is_spa)
    before = dict(system.values())
    try:
        plan = await system.give(intent)
    except Refusal:
        assert system.mix.sent == []
        return
    after = meaning(system.mix.raw, is_spa=is_spa)
    changed = {name for name in after if after[name] != raw.get(name)}
    asked_for = {
        name
        for key, value in plan.target.items()
        if before.get(key) != value
        for name in owned(key, is_spa=is_spa)
    }
    assert changed <= asked_for
    for key, value in plan.target.items():
        assert system.values()[key] == value
    _check_legal(system, before, plan.target)
    # A group takes one request at most
    types = [type_ for type_, _ in system.mix.sent]
    assert len(types) == len(set(types))
    put_back = {key: before[key] for key in plan.target if key in before}
    await system.write(put_back, back=True)
    if set(put_back) == set(plan.target):
        assert system.values() == before
        assert meaning(system.mix.raw, is_spa=is_spa) == _normal(raw, asked_for, system)


def _normal(raw: dict[str, Any], names: set[str], system: System) -> dict[str, Any]:
    """Return what was stored; spellings that were written may be other ones."""
    now = meaning(system.mix.raw, is_spa=True)
    written = {
        name
        for name in raw
        if str(raw[name]) != str(now[name]) and _number(raw[name]) == _number(now[name])
    }
    return {name: now[name] if name in written else raw[name] for name in raw}


def _number(value: Any) -> Any:
    try:
        return float(value)
    except TypeError, ValueError:
        return value


def _check_legal(
    system: System, before: dict[str, Any], target: dict[str, Any]
) -> None:
    """What the reference says of periods: none crosses midnight, none is empty."""
    for key, value in target.items():
        period = from_value(value)
        if period is None or value == before.get(key) or not period.on:
            continue
        assert 0 <= period.start < period.end <= 1439
    for _, params in system.mix.sent:
        assert all(param.isdigit() for param in params)
