"""The time-of-use schedule as text, windows and rows (reference section 6.5)."""

from datetime import time
import json
from typing import Any

import pytest

from custom_components.sonnen_energy import tou
from custom_components.sonnen_energy._vendor.core.control.intent import (
    Row,
    SetSchedule,
)
from custom_components.sonnen_energy._vendor.core.control.outcome import Refusal

WIRE = (
    '[{"start":"02:00","stop":"05:00","threshold_p_max":8000},'
    '{"start":"05:00","stop":"06:30","threshold_p_max":0}]'
)


def row(start: str, end: str, power: float | None = 8000, **more: Any) -> Row:
    return Row(
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        mode="charge",
        power=power,
        **more,
    )


def schedule(*rows: Row) -> SetSchedule:
    return SetSchedule(rows=rows, switches={})


def test_the_references_schedule() -> None:
    windows = tou.decode(WIRE)
    assert windows == [["02:00", "05:00", 8000], ["05:00", "06:30", 0]]
    assert tou.encode(windows) == WIRE
    assert tou.windows_of(schedule(*tou.rows(windows))) == windows


@pytest.mark.parametrize("text", ["", "  ", "[]"])
def test_none(text: str) -> None:
    assert tou.decode(text) == []
    assert tou.encode([]) == "[]"


@pytest.mark.parametrize(
    "text",
    [
        '[{"grid":"1","start":"07:00","stop":"08:00","charge":"07:31"}]',
        '[{"start":"07:00","stop":"08:00"}]',
        '[{"start":"07:00","stop":"08:00","threshold_p_max":1,"day":1}]',
        '[{"start":"24:00","stop":"08:00","threshold_p_max":1}]',
        '[{"start":7,"stop":"08:00","threshold_p_max":1}]',
        '[{"start":"07:00","stop":"08:00","threshold_p_max":null}]',
        "[1]",
        "{}",
        "null",
        "nonsense",
        "[" * 100_000,
    ],
)
def test_what_is_of_another_kind_is_kept_as_it_is(text: str) -> None:
    """It is shown raw, and never written in our words."""
    assert tou.decode(text) == text
    assert tou.rows(text) == []
    assert tou.encode(text) == text


def test_numbers_as_text_and_out_of_order() -> None:
    text = json.dumps(
        [
            {"start": "5:00", "stop": "24:00", "threshold_p_max": "100.0"},
            {"start": "1:00", "stop": "2:00", "threshold_p_max": 5.0},
        ]
    )
    assert tou.decode(text) == [["01:00", "02:00", 5], ["05:00", "00:00", 100]]


@pytest.mark.parametrize(
    ("rows", "windows"),
    [
        (
            [row("22:00", "06:00")],
            [["00:00", "06:00", 8000], ["22:00", "00:00", 8000]],
        ),
        ([row("22:00", "00:00")], [["22:00", "00:00", 8000]]),
        ([row("03:00", "04:00"), row("02:00", "03:00", 0)], None),
        ([row("01:00", "02:00", 1.9)], [["01:00", "02:00", 1]]),
        ([row("01:00", "02:00", days=(1, 2, 3, 4, 5, 6, 7))], None),
    ],
)
def test_rows(rows: list[Row], windows: list[Any] | None) -> None:
    """Over midnight it is two; touching ones are allowed."""
    found = tou.windows_of(schedule(*rows))
    assert windows is None or found == windows
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([row("01:00", "02:00", None)], "power_required"),
        ([row("01:00", "02:00", 46_001)], "power_range"),
        ([row("01:00", "02:00", -1)], "power_range"),
        ([row("01:00", "02:00", float("nan"))], "not_a_number"),
        ([row("01:00", "01:00")], "empty_window"),
        ([row("01:00:30", "02:00")], "whole_minutes"),
        ([row("01:00", "02:00", soc=5)], "no_soc_setting"),
        ([row("01:00", "02:00", days=(1,))], "no_weekdays"),
        ([row("01:00", "02:01"), row("02:00", "03:00")], "rows_overlap"),
        ([row("23:00", "02:01"), row("02:00", "03:00")], "rows_overlap"),
    ],
)
def test_rows_that_cannot_be(rows: list[Row], key: str) -> None:
    with pytest.raises(Refusal) as caught:
        tou.windows_of(schedule(*rows))
    assert caught.value.key == key
