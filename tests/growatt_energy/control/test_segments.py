"""The nine time segments of a MIN (reference section 6.3)."""

from datetime import time
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.control.intent import (
    Row,
    SetSchedule,
)
from custom_components.growatt_energy._vendor.core.control.outcome import Refusal
from custom_components.growatt_energy._vendor.core.control.schedule import Span
from custom_components.growatt_energy.control_min import placing, segments
from custom_components.growatt_energy.control_min.segments import BATTERY, EMPTY, GRID
from custom_components.growatt_energy.control_steps import apart

OFF = list(EMPTY)


def raw(number: int, mode: Any, start: Any, stop: Any, switch: Any) -> dict[str, Any]:
    return {
        f"time{number}Mode": mode,
        f"forcedTimeStart{number}": start,
        f"forcedTimeStop{number}": stop,
        f"forcedStopSwitch{number}": switch,
    }


def device(*used: list[Any], slots: int = 9) -> dict[str, Any]:
    """Return the settings of a device whose first segments are so."""
    found = [*used, *([OFF] * (slots - len(used)))]
    return dict(zip(segments.KEYS, map(list, found), strict=False))


def after(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return what is set after changes, each of which meets no other segment."""
    now = dict(values)
    order = apart(now, now, changes, segments.spans)
    assert sorted(order) == sorted(changes)
    for key in order:
        placing.check_apart({key: changes[key]}, now)
        now[key] = changes[key]
    return now


@pytest.mark.parametrize(
    ("wire", "value"),
    [
        ((1, "1:5", "5:30", 1), [1, "01:05", "05:30", True]),
        (("2", "18:0", "20:0", "0"), [2, "18:00", "20:00", False]),
        ((0, "0:0", "0:0", 0), [0, "00:00", "00:00", False]),
        ((1, "0:0", "0:0", 1), [1, "00:00", "00:00", True]),
        ((1, "11:187", "12:0", 1), OFF),
        (("null", "null", "null", "null"), OFF),
        ((None, None, "", None), OFF),
        (("null", "0:0", "0:0", "null"), OFF),
    ],
)
def test_a_segment_is_read_whatever_it_is(wire: tuple[Any, ...], value: Any) -> None:
    assert segments.decode(raw(2, *wire)) == {"time_segment2": value}


@pytest.mark.parametrize(
    "wire", [(7, "1:0", "2:0", 1), ("null", "1:0", "2:0", 1), (1, "1:0", "2:0", "null")]
)
def test_a_segment_is_unknown_as_long_as_a_part_of_it_is(wire: tuple[Any, ...]) -> None:
    """A mode of our own making would be written with the next change (6.1)."""
    assert segments.decode(raw(2, *wire)) == {}


def test_a_segment_that_the_device_does_not_have_is_not_there() -> None:
    assert segments.decode({"chargePowerCommand": 100}) == {}


@pytest.mark.parametrize(
    ("padded", "params"),
    [
        (False, ["1", "1", "5", "5", "30", "1"]),
        (True, ["1", "01", "05", "05", "30", "1"]),
    ],
)
def test_a_segment_is_sent_as_the_reference_has_it(
    padded: bool, params: list[str]
) -> None:
    assert segments.params([1, "01:05", "05:30", True], padded=padded) == params


def test_a_lease_takes_an_unused_segment() -> None:
    values = device([1, "01:05", "05:30", True])
    placed = placing.lease(BATTERY, [Span(780, 810)], values)
    assert placed.cuts == {}
    assert placed.ours == {"time_segment2": [1, "13:00", "13:30", True]}


def test_a_lease_over_midnight_takes_two() -> None:
    placed = placing.lease(GRID, [Span(1380, 1439), Span(0, 30)], device())
    assert placed.ours == {
        "time_segment1": [2, "23:00", "23:59", True],
        "time_segment2": [2, "00:00", "00:30", True],
    }


@pytest.mark.parametrize("enabled", [True, False])
def test_a_segment_in_the_way_keeps_what_comes_after_the_lease(enabled: bool) -> None:
    values = device([0, "00:00", "23:59", enabled])
    placed = placing.lease(BATTERY, [Span(780, 810)], values)
    assert placed.cuts == {"time_segment1": [0, "13:30", "23:59", enabled]}
    assert placed.ours == {"time_segment2": [1, "13:00", "13:30", True]}


def test_a_segment_that_is_covered_becomes_that_of_the_lease() -> None:
    values = device([0, "13:05", "13:10", True], [2, "13:20", "13:25", True])
    placed = placing.lease(BATTERY, [Span(780, 810)], values)
    assert placed.cuts == {"time_segment2": OFF}
    assert placed.ours == {"time_segment1": [1, "13:00", "13:30", True]}


def test_a_segment_that_is_off_gives_its_place_when_none_is_unused() -> None:
    full = [[1, f"{n:02}:00", f"{n:02}:30", n != 3] for n in range(9)]
    placed = placing.lease(BATTERY, [Span(780, 810)], device(*full))
    assert placed.ours == {"time_segment4": [1, "13:00", "13:30", True]}


@pytest.mark.parametrize(
    "used",
    [
        [[1, f"{n:02}:00", f"{n:02}:30", True] for n in range(9)],
        [[1, f"13:{n:02}", f"13:{n + 4:02}", True] for n in range(0, 20, 5)],
    ],
    ids=["all in use", "more than three in the way"],
)
def test_without_a_place_a_lease_is_refused_with_the_segments(used: list[Any]) -> None:
    with pytest.raises(Refusal) as caught:
        placing.lease(BATTERY, [Span(780, 810)], device(*used))
    assert caught.value.key == "no_free_slot"
    assert "time_segment1" in caught.value.placeholders["slots"]


def test_a_segment_that_ends_before_it_starts_is_neither_used_nor_cut() -> None:
    """It could not be put back."""
    values = device([1, "23:00", "05:00", True], slots=2)
    placed = placing.lease(BATTERY, [Span(0, 30)], values)
    assert placed.cuts == {}
    assert list(placed.ours) == ["time_segment2"]


@pytest.mark.parametrize("wanted", [[Span(780, 810)], [Span(1430, 1439), Span(0, 60)]])
@pytest.mark.parametrize(
    "used",
    [
        [],
        [[0, "00:00", "23:59", True]],
        [[1, "00:00", "13:10", True], [2, "13:10", "23:59", False]],
        [[1, "13:00", "13:30", True], [2, "00:15", "00:20", True]],
    ],
)
def test_no_two_segments_ever_meet_there_and_back(
    used: list[Any], wanted: list[Span]
) -> None:
    values = device(*used)
    placed = placing.lease(GRID, wanted, values)
    changes = {**placed.ours, **placed.cuts}
    leased = after(values, changes)
    assert after(leased, {key: values[key] for key in changes}) == values


def rows(*found: tuple[int, int, str], **options: Any) -> SetSchedule:
    made = tuple(Row(start=time(a), end=time(b), mode=mode) for a, b, mode in found)
    return SetSchedule(rows=made, switches={}, **options)


def test_rows_that_are_there_keep_their_place() -> None:
    values = device(OFF, [1, "03:00", "05:00", True], [2, "17:00", "20:00", True], OFF)
    intent = rows((1, 2, "battery_first"), (3, 5, "battery_first"))
    found = placing.schedule(intent, values)
    assert found == {**values, "time_segment1": [1, "01:00", "02:00", True]}


def test_rows_over_midnight_take_two_segments() -> None:
    found = placing.schedule(rows((22, 6, "battery_first")), device())
    assert found["time_segment1"] == [1, "00:00", "06:00", True]
    assert found["time_segment2"] == [1, "22:00", "23:59", True]


def test_a_mode_that_is_cleared_is_gone_and_others_stay() -> None:
    values = device([1, "03:00", "05:00", True], [2, "17:00", "20:00", True])
    found = placing.schedule(rows(clear=frozenset({"battery_first"})), values)
    assert found == {**values, "time_segment1": OFF}


def test_segments_that_are_off_stay_unless_they_are_in_the_way() -> None:
    values = device([1, "03:00", "05:00", False], [2, "17:00", "20:00", False])
    found = placing.schedule(rows((4, 6, "battery_first")), values)
    assert found == {**values, "time_segment1": [1, "04:00", "06:00", True]}


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({"soc": 50.0}, "no_soc_setting"),
        ({"power": 500.0}, "no_power_setting"),
        ({"days": (1, 2)}, "no_weekdays"),
        ({"mode": "charge"}, "unknown_mode"),
        ({"start": time(5)}, "empty_window"),
        ({"start": time(1, 0, 30)}, "whole_minutes"),
        ({"start": time(17)}, "rows_overlap"),
    ],
)
def test_what_no_segment_can_hold_is_refused(row: dict[str, Any], key: str) -> None:
    usual = {"start": time(3), "end": time(5), "mode": "battery_first"}
    intent = SetSchedule(rows=(Row(**{**usual, **row}),), switches={})
    with pytest.raises(Refusal) as caught:
        placing.schedule(intent, device([2, "17:00", "20:00", True]))
    assert caught.value.key == key


def test_more_rows_than_segments_are_refused() -> None:
    intent = rows(*((n, n + 1, "battery_first") for n in range(10)))
    with pytest.raises(Refusal) as caught:
        placing.schedule(intent, device())
    assert caught.value.key == "rows_too_many"


def test_a_part_of_a_segment_is_edited() -> None:
    values = device([1, "03:00", "05:00", True])
    change = segments.edit(1, end=time(6, 30), mode="grid_first", enabled=False)
    assert change(values) == {"time_segment1": [2, "03:00", "06:30", False]}


def test_the_mode_of_the_whole_day_is_in_the_last_segment() -> None:
    found = placing.whole_day(GRID, "time_segment9", device())
    assert found == {"time_segment9": [2, "00:00", "23:59", True]}
    other = device() | found
    assert placing.whole_day(BATTERY, "time_segment9", other) == {
        "time_segment9": [1, "00:00", "23:59", True]
    }


@pytest.mark.parametrize(
    ("key", "segment"),
    [
        ("time_segment1", [1, "03:00", "05:00", False]),
        ("time_segment9", [2, "23:00", "23:30", True]),
        ("time_segment9", [2, "00:00", "23:59", False]),
    ],
)
def test_segments_of_the_owner_are_in_the_way_of_a_whole_day(
    key: str, segment: list[Any]
) -> None:
    with pytest.raises(Refusal) as caught:
        placing.whole_day(GRID, "time_segment9", device() | {key: segment})
    assert caught.value.key == "segments_in_the_way"
    assert key in caught.value.placeholders["slots"]


def test_self_use_frees_the_segment_of_the_whole_day() -> None:
    ours = {"time_segment9": [2, "00:00", "23:59", True]}
    assert placing.without_whole_day("time_segment9", device() | ours) == {
        "time_segment9": OFF
    }
    for other in ([2, "23:00", "23:30", True], [0, "00:00", "23:59", True], OFF):
        values = device() | {"time_segment9": other}
        assert placing.without_whole_day("time_segment9", values) == {}


MEETING = device([1, "00:00", "23:59", False], [2, "00:00", "23:59", False])


def test_segments_that_meet_already_do_not_stop_the_change_of_another() -> None:
    values = device([1, "01:00", "05:00", False], [2, "02:00", "06:00", False])
    placing.check_apart({"time_segment1": OFF}, values)
    placing.check_apart({"time_segment5": [1, "12:00", "13:00", True]}, values)
    placing.check_apart({"time_segment1": values["time_segment1"]}, values)
    for changed in ([1, "01:00", "05:00", True], [1, "05:30", "06:30", True]):
        with pytest.raises(Refusal) as caught:
            placing.check_apart({"time_segment1": changed}, values)
        assert caught.value.key == "rows_overlap"


def test_of_segments_that_meet_one_another_a_lease_leaves_one() -> None:
    placed = placing.lease(BATTERY, [Span(780, 810)], MEETING)
    assert placed.cuts == {
        "time_segment1": OFF,
        "time_segment2": [2, "13:30", "23:59", False],
    }
    assert placed.ours == {"time_segment3": [1, "13:00", "13:30", True]}
    after(MEETING, {**placed.cuts, **placed.ours})


def test_of_segments_that_meet_the_one_that_is_on_is_kept() -> None:
    on, off = [2, "12:00", "15:00", True], [1, "13:30", "16:00", False]
    placed = placing.lease(GRID, [Span(780, 820)], device(on, off))
    assert placed.cuts == {
        "time_segment1": [2, "13:40", "15:00", True],
        "time_segment2": OFF,
    }


def test_a_schedule_leaves_segments_that_meet_already() -> None:
    values = device([0, "01:00", "05:00", True], [2, "02:00", "06:00", True])
    found = placing.schedule(rows((8, 9, "battery_first")), values)
    assert found == {**values, "time_segment3": [1, "08:00", "09:00", True]}
