"""Intents survive the disk, and say what they lease and until when."""

from datetime import UTC, datetime, timedelta, timezone
import json

from hypothesis import given, strategies as st
import pytest

from core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Intent,
    Kind,
    Leasable,
    SelfUse,
    SetExportLimit,
    SetLimits,
    SetMode,
    SetReserve,
    SetSchedule,
    SetValues,
    Slot,
    dump,
    end_of,
    load,
    same_apart_from_end,
)

HOUR = datetime(2026, 11, 20, 13, tzinfo=UTC)

untils = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2040, 1, 1),
    timezones=st.sampled_from((UTC, timezone(timedelta(hours=10)))),
)
numbers = st.none() | st.floats(0, 1e6)
leasable: st.SearchStrategy[Leasable] = st.one_of(
    st.builds(ForceCharge, until=untils, power=numbers, target_soc=numbers),
    st.builds(ForceDischarge, until=untils, power=numbers, target_soc=numbers),
    st.builds(Hold, until=untils, block=st.sampled_from(HoldBlock)),
    st.builds(SetReserve, until=untils, soc=st.floats(0, 100)),
    st.builds(SetExportLimit, until=untils, power=numbers, percent=numbers),
    st.builds(SetLimits, until=untils, charge_power=numbers, discharge_power=numbers),
)


@given(intent=leasable)
def test_an_intent_survives_the_disk(intent: Leasable) -> None:
    assert load(json.loads(json.dumps(dump(intent)))) == intent


def test_what_is_dumped_is_plain() -> None:
    intent = Hold(until=HOUR, block=HoldBlock.CHARGE)
    plain = dump(intent)
    assert plain == {
        "kind": "hold",
        "until": "2026-11-20T13:00:00+00:00",
        "block": "charge",
    }
    assert {type(value) for value in plain.values()} == {str}


def test_what_is_not_said_is_not_dumped() -> None:
    assert dump(ForceCharge(until=HOUR, power=0)) == {
        "kind": "force_charge",
        "until": "2026-11-20T13:00:00+00:00",
        "power": 0,
    }


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"until": "2026-11-20T13:00:00+00:00"}, KeyError),
        ({"kind": "self_use", "until": "2026-11-20T13:00:00+00:00"}, KeyError),
        ({"kind": "hold"}, KeyError),
        ({"kind": "hold", "until": None}, TypeError),
        ({"kind": "hold", "until": "soon"}, ValueError),
        ({"kind": "hold", "until": HOUR.isoformat(), "block": "all"}, ValueError),
        ({"kind": "hold", "until": HOUR.isoformat(), "more": 1}, TypeError),
    ],
)
def test_what_cannot_be_read_raises(data: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        load(data)


@pytest.mark.parametrize(
    ("intent", "kind", "slot", "end"),
    [
        (ForceCharge(until=HOUR), Kind.FORCE_CHARGE, Slot.MODE, HOUR),
        (ForceDischarge(until=HOUR), Kind.FORCE_DISCHARGE, Slot.MODE, HOUR),
        (Hold(until=HOUR), Kind.HOLD, Slot.MODE, HOUR),
        (SetReserve(soc=1), Kind.SET_RESERVE, Slot.RESERVE, None),
        (SetReserve(soc=1, until=HOUR), Kind.SET_RESERVE, Slot.RESERVE, HOUR),
        (SetExportLimit(), Kind.SET_EXPORT_LIMIT, Slot.EXPORT_LIMIT, None),
        (SetLimits(until=HOUR), Kind.SET_LIMITS, Slot.LIMITS, HOUR),
        (SelfUse(), Kind.SELF_USE, None, None),
        (SetMode(mode="x"), Kind.SET_MODE, None, None),
        (SetSchedule(switches={}), Kind.SET_SCHEDULE, None, None),
        (SetValues(edits=()), Kind.SET_VALUES, None, None),
    ],
)
def test_kind_slot_and_end(
    intent: Intent, kind: Kind, slot: Slot | None, end: datetime | None
) -> None:
    assert intent.kind is kind
    assert getattr(intent, "slot", None) is slot
    assert end_of(intent) == end


def test_a_hold_keeps_what_is_in_the_battery_by_default() -> None:
    assert Hold(until=HOUR).block is HoldBlock.DISCHARGE


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (ForceCharge(until=HOUR + timedelta(hours=3), power=1000), True),
        (ForceCharge(until=HOUR, power=1000), True),
        (ForceCharge(until=HOUR, power=1001), False),
        (ForceCharge(until=HOUR, power=1000, target_soc=50), False),
        (ForceDischarge(until=HOUR, power=1000), False),
    ],
)
def test_the_same_for_however_long(other: Leasable, same: bool) -> None:
    assert same_apart_from_end(ForceCharge(until=HOUR, power=1000), other) is same
