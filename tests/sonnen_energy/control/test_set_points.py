"""What is known of set points, which cannot be read back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.sonnen_energy.set_points import (
    Evidence,
    SetPoints,
    evidence_of,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOON, LATER = NOW + timedelta(seconds=10), NOW + timedelta(seconds=20)
BOTH = frozenset({"charge", "discharge"})
MANUAL: dict[str, Any] = {"mode": "1", "reserve": 20}
SELF_USE: dict[str, Any] = {"mode": "2", "reserve": 20}


class Notes(dict[str, Any]):
    def set(self, key: str, value: Any) -> None:
        self[key] = value


@pytest.fixture
def points() -> SetPoints:
    return SetPoints("123456", Notes())


def seen(power: float, soc: float | None = 50, at: datetime = LATER) -> Evidence:
    return Evidence(at=at, power=power, soc=soc)


def test_nothing_told(points: SetPoints) -> None:
    """In a person's manual mode nothing is known."""
    known = points.known(MANUAL, NOW, seen(-3000))
    assert (known.values, known.assumed, known.lost) == ({}, BOTH, frozenset())
    assert not points.wants_evidence(LATER)


def test_what_was_acknowledged_is_assumed_in_manual_mode_only(
    points: SetPoints,
) -> None:
    points.told("discharge", 0, NOW, sure=True)
    points.told("charge", 3000, NOW, sure=True)
    known = points.known(MANUAL, SOON, None)
    assert known.values == {"charge": 3000, "discharge": 0}
    assert known.assumed == BOTH
    assert points.known(SELF_USE, SOON, None).values == {}
    # It may only show late; and then it is forgotten.
    assert points.known(MANUAL, SOON, None).values != {}
    points.known(SELF_USE, LATER, None)
    assert points.known(MANUAL, LATER, None).values == {}


def test_what_is_to_be_told_still_is_not_so(points: SetPoints) -> None:
    """A program that was killed before it told anything has not done it."""
    points.due(NOW)
    known = points.known(MANUAL, SOON, None)
    assert (known.values, known.assumed, known.lost) == ({}, frozenset(), BOTH)
    points.told("discharge", 0, NOW, sure=True)
    assert points.known(MANUAL, SOON, None).lost == {"charge"}


@pytest.mark.parametrize(
    ("direction", "evidence", "lost"),
    [
        ("charge", seen(-3000), False),
        ("charge", seen(0), True),
        ("charge", seen(-49), True),
        ("charge", seen(-51), False),
        ("charge", seen(0, at=SOON), False),  # the controller needs some seconds
        ("charge", seen(0, soc=99), False),  # full
        ("charge", seen(0, soc=None), False),
        ("discharge", seen(0), True),
        ("discharge", seen(0, soc=20), False),  # at its reserve
        ("discharge", seen(3000), False),
        ("charge", None, False),
    ],
)
def test_a_set_point_that_is_gone(
    points: SetPoints, direction: Any, evidence: Evidence | None, lost: bool
) -> None:
    points.told(direction, 3000, NOW, sure=True)
    known = points.known(MANUAL, LATER, evidence)
    assert known.lost == ({direction} if lost else set())
    assert known.assumed == BOTH - known.lost
    assert known.values == {direction: 0 if lost else 3000}


@pytest.mark.parametrize(
    ("watts", "power", "arrived"),
    [
        (3000, -2800, True),
        (3000, -2600, False),
        (3000, 0, False),
        (0, 500, True),
        (0, -500, False),
        (0, 0, True),
    ],
)
def test_what_is_in_doubt_is_settled_by_what_the_controller_asks_for(
    points: SetPoints, watts: int, power: float, arrived: bool
) -> None:
    points.told("charge", watts, NOW, sure=False)
    assert points.known(MANUAL, SOON, None).values == {}
    assert points.wants_evidence(LATER)
    known = points.known(MANUAL, LATER, seen(power))
    assert known.values == ({"charge": watts} if arrived else {})
    assert known.lost == (set() if arrived else {"charge"})
    assert points.arrived("charge", seen(power)) is arrived


@pytest.mark.parametrize(
    "noted",
    [
        None,
        1,
        [],
        {"charge": 1},
        {"charge": {}},
        {"charge": {"at": "x"}},
        {"charge": {"at": "2026-11-20T12:00:00"}},
        {"charge": {"at": NOW.isoformat(), "watts": "x"}},
    ],
)
def test_a_damaged_note_is_none(noted: Any) -> None:
    points = SetPoints("1", Notes({"1/set_points": noted}))
    assert points.known(MANUAL, LATER, seen(0)).values == {}


@pytest.mark.parametrize(
    ("latest", "power"),
    [
        ({"SetPoint_W": -300, "USOC": 50}, -300),
        ({"SetPoint_W": "-300"}, -300),
        ({"SetPoint_W": 0, "ic_status": {"statecorecontrolmodule": "ongrid"}}, 0),
        ({"SetPoint_W": 0, "ic_status": {"statecorecontrolmodule": "config"}}, None),
        ({"USOC": 50}, None),
        ([], None),
    ],
)
def test_evidence(latest: Any, power: float | None) -> None:
    """The zeros of a battery that starts prove nothing."""
    found = evidence_of(latest, NOW)
    assert (found.power if found else None) == power
