"""Forced charging as a schedule (reference section 6.2)."""

from datetime import time
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.control.intent import (
    Row,
    SetSchedule,
    Value,
    Values,
)
from custom_components.sungrow_energy._vendor.core.control.outcome import Refusal
from custom_components.sungrow_energy.control import schedule

EMPTY: Values = {
    "forced_charging": False,
    "forced_charging_days": "every_day",
    "forced_charging_1_start": "24:00",
    "forced_charging_1_end": "24:00",
    "forced_charging_target_soc_1": 0,
    "forced_charging_2_start": "24:00",
    "forced_charging_2_end": "24:00",
    "forced_charging_target_soc_2": 0,
}


def fit(key: str, value: Value) -> Value:
    return value


def row(start: str, end: str, **more: Any) -> Row:
    mode = more.pop("mode", "force_charge")
    return Row(
        start=time.fromisoformat(start), end=time.fromisoformat(end), mode=mode, **more
    )


def target(*rows: Row, values: Values = EMPTY, **more: Any) -> Values:
    intent = SetSchedule(rows=rows, **{"switches": {}, **more})
    return {**values, **schedule.plan(intent, values, fit).target}


def test_what_was_set_is_read_the_same() -> None:
    rows = (
        row("01:05", "05:00", soc=80.0, days=(1, 2, 3, 4, 5)),
        row("12:00", "14:30", soc=60.0, days=(1, 2, 3, 4, 5)),
    )
    values = target(*rows, switches={"forced_charging": True})
    assert schedule.rows_of(values) == (list(rows), {"forced_charging": True})


def test_one_row_leaves_no_second_window() -> None:
    busy = target(row("01:00", "02:00"), row("03:00", "04:00"))
    values = target(row("05:00", "06:00"), values=busy)
    assert (values["forced_charging_1_start"], values["forced_charging_2_start"]) == (
        "05:00",
        "24:00",
    )


def test_a_window_over_midnight_takes_both() -> None:
    values = target(row("22:00", "06:00"))
    rows, _ = schedule.rows_of(values)
    assert [(str(one.start), str(one.end)) for one in rows] == [
        ("22:00:00", "23:59:00"),
        ("00:00:00", "06:00:00"),
    ]


def test_a_row_without_a_target_charges_until_the_battery_is_full() -> None:
    """What its window had before was for another row, or is 0: it never charges."""
    busy = target(row("01:00", "02:00", soc=40.0), row("03:00", "04:00"))
    values = target(row("03:00", "04:00"), row("05:00", "06:00"), values=busy)
    rows, _ = schedule.rows_of(values)
    assert [one.soc for one in rows] == [100, 100]


def test_a_device_without_targets_is_told_none() -> None:
    bare = {key: EMPTY[key] for key in EMPTY if "target" not in key}
    assert target(row("01:00", "02:00"), values=bare).keys() == bare.keys()


def test_clearing_takes_all_windows_away() -> None:
    busy = target(row("01:00", "02:00"), row("03:00", "04:00"))
    values = target(values=busy, clear=frozenset({"force_charge"}))
    assert schedule.rows_of(values)[0] == []


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([row("01:00", "02:00", mode="load_first")], "unknown_mode"),
        ([row("01:00", "02:00", power=500.0)], "no_power_setting"),
        ([row("01:00", "01:00")], "empty_window"),
        ([row("01:00:30", "02:00")], "whole_minutes"),
        ([row("01:00", "02:00", days=(1, 3))], "days_all_or_working"),
        (
            [row("01:00", "02:00", days=(1, 2, 3, 4, 5)), row("03:00", "04:00")],
            "days_all_or_working",
        ),
        ([row("22:00", "02:00", days=(1, 2, 3, 4, 5))], "over_midnight"),
        ([row("01:00", "03:00"), row("02:00", "04:00")], "rows_overlap"),
        ([row("01:00", "02:00")] * 3, "rows_too_many"),
        ([row("22:00", "02:00"), row("03:00", "04:00")], "rows_too_many"),
    ],
)
def test_what_the_device_cannot_hold_is_refused(rows: list[Row], key: str) -> None:
    with pytest.raises(Refusal, match=key):
        target(*rows)


def test_an_unknown_switch_is_refused() -> None:
    with pytest.raises(Refusal, match="unknown_switch"):
        target(switches={"turbo": True})
