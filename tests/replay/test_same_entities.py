"""A download of each vendor, played back, gives the same entities."""

from datetime import timedelta
from typing import Any

import pytest

from .room import Room, differences
from .vendor import Case
from .vendors import ALPHAESS, AMBER, GOODWE, GROWATT, SONNEN, SUNGROW

CASES = (
    # One of each kind, the first with an EV charger
    Case(ALPHAESS, 4),
    # Active with all registers, half hours, pending, closed, block tariff
    *(Case(AMBER, place) for place in range(5)),
    Case(GOODWE, ("hybrid", "v2", "v1", "charger")),
    Case(GOODWE, ("all_in_one", "string")),
    Case(GOODWE, ("viewer",)),
    Case(GOODWE, ("pair",)),
    *(
        Case(GROWATT, (kind,), mode)
        for mode in ("token", "login")
        for kind in ("MIN", "SPH", "SPA", "NOAH", "STORAGE", "MAX", "NEO")
    ),
    *(Case(GROWATT, (kind,), "token") for kind in ("WIT", "SPH-S")),
    Case(GROWATT, ("MIN", "SPH"), "token"),
    # As it is usual, two with three phases, an old one
    *(Case(SONNEN, place) for place in range(3)),
    Case(SUNGROW, ("hybrid", "two_batteries"), "oauth"),
    Case(SUNGROW, ("hybrid",), "login"),
    Case(SUNGROW, ("string", "micro", "hybrid_without_battery"), "oauth"),
    # Its counter of the day is held back by what came before
    Case(SUNGROW, ("storage",), "oauth", frozenset({"irradiation_today"})),
)
LATER = (
    Case(ALPHAESS, 2),
    Case(GOODWE, ("hybrid",)),
    Case(GROWATT, ("MIN",), "token"),
    Case(GROWATT, ("SPH",), "login"),
    Case(SONNEN, 0),
    Case(SUNGROW, ("hybrid",), "oauth"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_same_entities(
    room: Room, sim: Any, case: Case, all_enabled: None
) -> None:
    before = await room.record(sim, case.mode)
    assert before.values > 9
    after = await room.play(case.mode)
    assert differences(before, after, but=case.anew) == []


@pytest.mark.parametrize("case", LATER, ids=lambda case: case.name)
async def test_it_is_never_too_old(room: Room, sim: Any, case: Case) -> None:
    """Also in winter, when the clocks have been put back; with what is usual enabled."""
    before = await room.record(sim, case.mode)
    after = await room.play(case.mode, timedelta(days=200, hours=3))
    assert differences(before, after, but=case.anew) == []
