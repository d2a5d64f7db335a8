"""Parts of settings, as entities show and set them."""

from datetime import time
from typing import Any

import pytest

from custom_components.alphaess_energy._vendor.core.control.intent import (
    Edit,
    SetValues,
)
from custom_components.alphaess_energy._vendor.core.control.outcome import Refusal
from custom_components.alphaess_energy.stores.parts import (
    limit,
    power,
    set_limit,
    set_power,
    set_window,
    window,
)

from .cloud import Json, System
from .raws import legacy, period, periodic

TWO = periodic([period("02:00-05:00", [5, 1]), period("13:00-15:00", [6], None, 50)])


async def target(system: System, *edits: Edit) -> Any:
    return (await system.plan(SetValues(edits=edits))).target


async def test_parts_of_the_legacy_store() -> None:
    settings = await System(legacy(charge_limit=95)).driver.read()
    assert window(settings, "charge", 1) == (time(1), time(5))
    assert window(settings, "charge", 2) == (time(0), time(0))
    assert window(settings, "charge", 3) is None
    assert power(settings, "charge", 1) is None
    assert limit(settings, "charge") == 95
    assert limit(settings, "discharge") == 10


async def test_parts_of_the_periodic_store() -> None:
    settings = await System(TWO).driver.read()
    assert window(settings, "charge", 1) == (time(2), time(5))
    assert window(settings, "charge", 2) == (time(13), time(15))
    assert window(settings, "discharge", 1) == (time(17), time(21, 30))
    assert window(settings, "discharge", 2) is None
    assert power(settings, "charge", 1) == 5000
    assert power(settings, "charge", 2) is None
    assert power(settings, "discharge", 2) is None
    assert limit(settings, "charge") == 90
    assert limit(settings, "discharge") == 15
    empty = await System(periodic([])).driver.read()
    assert limit(empty, "charge") is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (legacy(), {"charge.window1": "07:00-09:15"}),
        (
            TWO,
            {"charge 07:00-09:15 15": [5000, 90], "charge 02:00-05:00 15": None},
        ),
    ],
)
async def test_a_start_and_an_end_are_one_change(raw: Json, expected: Json) -> None:
    system = System(raw, flags=(True, True))
    start = set_window("charge", 1, start=time(7))
    end = set_window("charge", 1, end=time(9, 15))
    assert await target(system, start, end) == expected
    assert await target(system, end, start) == expected
    with pytest.raises(Refusal, match="end_before_start"):
        await target(system, start)


async def test_the_number_of_a_period_stays_while_it_is_moved() -> None:
    system = System(TWO, flags=(True, True))
    found = await target(
        system,
        set_window("charge", 1, start=time(3)),
        set_window("charge", 1, end=time(4)),
        set_power("charge", 1, 2000.5),
        set_power("charge", 2, 3000),
        set_window("charge", 2, end=time(14)),
    )
    assert found == {
        "charge 03:00-04:00 15": [2000, 90],
        "charge 13:00-14:00 6": [3000, 50],
        "charge 02:00-05:00 15": None,
        "charge 13:00-15:00 6": None,
    }


async def test_a_period_that_is_not_there_is_made_of_both_its_times() -> None:
    """With the days and the limit of the first one of its side (6.6)."""
    raw = periodic(None, [period("17:00-21:30", [2, 1], limit=15.0)])
    system = System(raw, flags=(True, True))
    start = set_window("discharge", 2, start=time(6), rated=9000)
    end = set_window("discharge", 2, end=time(8), rated=9000)
    made = {"discharge 06:00-08:00 12": [9000, 15]}
    assert await target(system, start, end) == made
    assert await target(system, end, start) == made
    with pytest.raises(Refusal, match="end_before_start"):
        await target(system, start)


@pytest.mark.parametrize(
    ("side", "value"), [("charge", [5000, 100]), ("discharge", [5000, 10])]
)
async def test_the_first_period_of_a_side(side: str, value: list[int]) -> None:
    raw = periodic([] if side == "charge" else None, [] if side != "charge" else None)
    system = System(raw, flags=(True, True))
    found = await target(
        system, set_window(side, 1, start=time(6)), set_window(side, 1, end=time(8))
    )
    assert found == {f"{side} 06:00-08:00 1234567": value}


@pytest.mark.parametrize("raw", [legacy(), TWO])
async def test_a_window_that_is_set_to_what_it_is(raw: Json) -> None:
    system = System(raw, flags=(True, True))
    settings = await system.driver.read()
    first = window(settings, "charge", 1)
    assert first is not None
    found = await target(system, set_window("charge", 1, start=first[0], end=first[1]))
    assert len(found) == 1
    assert settings.shows(found)


async def test_two_periods_cannot_be_the_same() -> None:
    raw = periodic([period("02:00-05:00"), period("13:00-15:00")])
    system = System(raw, flags=(True, True))
    with pytest.raises(Refusal, match="rows_overlap"):
        await target(system, set_window("charge", 2, start=time(2), end=time(5)))


@pytest.mark.parametrize("moment", [time(6, 5), time(6, 0, 1), time(6, 0, 0, 1)])
def test_times_off_the_grid_are_refused_at_once(moment: time) -> None:
    for more in ({"start": moment}, {"end": moment}):
        with pytest.raises(Refusal, match="off_grid_time"):
            set_window("charge", 1, **more)


async def test_a_limit_is_that_of_all_periods() -> None:
    system = System(TWO, flags=(True, True))
    assert await target(system, set_limit("charge", 80.0)) == {
        "charge 02:00-05:00 15": [5000, 80],
        "charge 13:00-15:00 6": [None, 80],
    }
    assert await target(System(legacy()), set_limit("charge", 80.0)) == {
        "charge.limit": 80
    }
    with pytest.raises(Refusal, match="limit_range"):
        await target(system, set_limit("charge", 9))
    with pytest.raises(Refusal, match="list_empty"):
        await target(System(periodic([])), set_limit("charge", 80))


async def test_power_is_set_where_there_is_one() -> None:
    with pytest.raises(Refusal, match="no_power_setting"):
        await target(System(legacy()), set_power("charge", 1, 2000))
    system = System(TWO, flags=(True, True))
    with pytest.raises(Refusal, match="no_such_period"):
        await target(system, set_power("charge", 3, 2000))
    with pytest.raises(Refusal, match="power_range"):
        await target(system, set_power("charge", 1, 0.5))
