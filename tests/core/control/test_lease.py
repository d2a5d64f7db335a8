"""A lease survives the disk, and puts back only what is still ours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from core.control.driver import Settings
from core.control.intent import ForceCharge, Leasable, Value
from core.control.lease import Lease, LeaseState

from .test_intent import leasable, untils

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=1)

values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.lists(st.none() | st.integers(0, 9), max_size=3),
)
keys = st.text(max_size=6)


def make(intent: Leasable, until: datetime, ours: Any, **fields: Any) -> Lease:
    return Lease(
        intent=replace(intent, until=until),
        until=until,
        ours={key: tuple(several) for key, several in ours.items()},
        **fields,
    )


leases = st.builds(
    make,
    intent=leasable,
    until=untils,
    started=untils,
    put_back=st.dictionaries(keys, values, max_size=3),
    expect=st.dictionaries(keys, values, max_size=3),
    ours=st.dictionaries(keys, st.lists(values, max_size=3), max_size=3),
    state=st.sampled_from(LeaseState),
    device_until=st.none() | untils,
    memo=st.dictionaries(keys, values, max_size=2),
    effective=st.dictionaries(keys, values, max_size=2),
    verified=st.booleans(),
    asserted=st.integers(0, 5),
    reason=st.text(max_size=8),
    store=st.text(max_size=8),
    mark=st.dictionaries(keys, values, max_size=2),
)


@given(lease=leases)
def test_a_lease_survives_the_disk(lease: Lease) -> None:
    assert Lease.load(json.loads(json.dumps(lease.dump()))) == lease


def lease(**fields: Any) -> Lease:
    return Lease(
        **{
            "intent": ForceCharge(until=UNTIL),
            "started": NOW,
            "until": UNTIL,
            "put_back": {"mode": "self_use", "limit": 90},
            "expect": {"mode": "force", "limit": 100},
            "ours": {"mode": ("force",), "limit": (100,)},
            **fields,
        }
    )


def test_an_extended_lease_ends_as_it_says() -> None:
    later = UNTIL + timedelta(hours=1)
    assert lease(until=later).dump()["intent"]["until"] == later.isoformat()


def test_a_record_of_an_earlier_version_needs_less() -> None:
    record = lease(state=LeaseState.ACTIVE).dump()
    for name in ("device_until", "memo", "effective", "verified", "asserted", "reason"):
        del record[name]
    loaded = Lease.load(record)
    assert loaded == lease(state=LeaseState.ACTIVE)


def test_empty_fields_are_as_if_there_were_none() -> None:
    empty = {"memo": None, "effective": None, "asserted": None, "reason": None}
    assert Lease.load(lease().dump() | empty) == lease()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"intent": {}}, KeyError),
        ({"started": "x"}, ValueError),
        ({"until": None}, TypeError),
        ({"put_back": None}, TypeError),
        ({"expect": 5}, TypeError),
        ({"ours": {"mode": 5}}, TypeError),
        ({"state": "on"}, ValueError),
        ({"device_until": "x"}, ValueError),
        ({"asserted": "x"}, ValueError),
    ],
)
def test_a_broken_record_raises(
    changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        Lease.load(lease().dump() | changes)


def undone(lease: Lease, *assumed: str, **values: Value) -> dict[str, Value]:
    settings = Settings(observed_at=NOW, values=values, assumed=frozenset(assumed))
    return lease.undone(settings)


def test_what_is_ours_is_put_back() -> None:
    assert undone(lease(), mode="force", limit=100) == {"mode": "self_use", "limit": 90}


def test_what_somebody_else_has_set_is_left_alone() -> None:
    assert undone(lease(verified=True), mode="app", limit=100) == {"limit": 90}
    assert undone(lease(verified=True), mode="force", limit=66) == {"mode": "self_use"}
    assert undone(lease(verified=True), mode="app", limit=66) == {}


def test_what_is_as_before_needs_nothing() -> None:
    assert undone(lease(), mode="self_use", limit=90) == {}


def test_any_earlier_value_of_ours_counts() -> None:
    one = lease(ours={"mode": ("hold", "force"), "limit": ()})
    assert undone(one, mode="hold", limit=100) == {"mode": "self_use"}


def test_a_key_that_we_never_wrote_is_not_ours() -> None:
    assert undone(lease(ours={}, verified=True), mode="force", limit=100) == {}


def test_a_value_that_was_also_the_first_is_no_change() -> None:
    one = lease(ours={"mode": ("force", "self_use")})
    assert undone(one, mode="self_use", limit=90) == {}


def test_before_it_was_read_back_the_device_may_have_clamped_a_number() -> None:
    assert undone(lease(), mode="self_use", limit=95) == {"limit": 90}
    assert undone(lease(verified=True), mode="self_use", limit=95) == {}
    assert undone(lease(), mode="app", limit=90) == {}


def test_what_was_not_there_goes_away_again() -> None:
    one = lease(put_back={"period": None}, ours={"period": ([5000, 10],)})
    assert undone(one, period=[5000, 10]) == {"period": None}
    assert undone(one) == {}


def test_what_cannot_be_read_goes_back_with_what_can() -> None:
    one = lease(
        put_back={"mode": "self_use", "flag": False},
        ours={"mode": ("force",), "flag": (True,)},
    )
    both = {"mode": "self_use", "flag": False}
    assert undone(one, "flag", mode="force", flag=False) == both
    assert undone(one, "flag", mode="app", flag=True) == {}
    assert undone(one, "flag", mode="self_use", flag=False) == {}


def test_an_unread_value_of_ours_is_put_back_last_of_all() -> None:
    """The program was killed between the write and the note of it."""
    one = lease(
        put_back={"mode": "self_use", "flag": False},
        ours={"mode": ("force",), "flag": (True,)},
    )
    assert undone(one, "flag", mode="self_use", flag=True) == {"flag": False}
    assert undone(one, "flag", mode="self_use") == {}


def test_where_nothing_can_be_read_everything_goes_back() -> None:
    one = lease(put_back={"flag": False}, ours={"flag": (True,)})
    assert undone(one, "flag", flag=False) == {"flag": False}
