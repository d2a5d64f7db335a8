"""What the device makes of a number, and what settings show."""

from typing import Any

import pytest

from core.control.driver import Capabilities, Settings, Timing, is_clamped, is_numeric
from core.control.intent import Value, Values
from tests.core.fake_clock import START


@pytest.mark.parametrize(
    ("value", "numeric"),
    [
        (5, True),
        (0, True),
        (5.5, True),
        (True, False),
        ("5", False),
        (None, False),
        ({"a": 1}, False),
        ([], False),
        ([5], True),
        ([5, 1.5], True),
        ([None, 5], True),
        ([5, "x"], False),
        (["x", 5], False),
        ([5, False], False),
        ([[5]], True),
    ],
)
def test_what_is_a_number(value: Value, numeric: bool) -> None:
    assert is_numeric(value) is numeric


@pytest.mark.parametrize(
    ("value", "asked", "before", "clamped"),
    [
        (60, 100, 90, True),
        (100, 100, 90, False),
        (90, 100, 90, False),
        (60, "x", 90, False),
        ("x", 100, 90, False),
        (None, 100, 90, False),
        (60, None, 90, False),
        (60, 100, None, True),
        ([4000, 10], [5000, 10], None, True),
        ([5000, 10], [5000, 10], None, False),
        (True, 100, 90, False),
    ],
)
def test_what_is_clamped(
    value: Value, asked: Value, before: Value, clamped: bool
) -> None:
    assert is_clamped(value, asked, before) is clamped


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({}, True),
        ({"a": 1}, True),
        ({"a": 2}, False),
        ({"a": 1, "b": 2}, False),
        ({"flag": True}, True),
        ({"a": 2, "flag": False}, False),
        ({"gone": None}, True),
        ({"gone": 1}, False),
    ],
)
def test_what_settings_show(wanted: Values, shown: bool) -> None:
    values = {"a": 1, "b": 1, "flag": False}
    settings = Settings(observed_at=START, values=values, assumed=frozenset({"flag"}))
    assert settings.shows(wanted) is shown


def test_a_target_is_a_percentage_by_default() -> None:
    timing = Timing(read_back=1, reaction=1)
    soc = Capabilities(intents=frozenset(), timing=timing).target_soc
    assert (soc.low, soc.high) == (0, 100)


SLOT: dict[str, Any] = {
    "start": "13:00",
    "on": True,
    "days": [1, 2],
    "soc": 12,
    "power": -20.0,
}


@pytest.mark.parametrize(
    ("changed", "clamped"),
    [
        ({"soc": 20}, True),
        ({}, False),
        ({"start": "14:00", "soc": 20}, False),
        ({"on": False}, False),
        ({"days": [1]}, False),
        ({"soc": None}, False),
        ({"more": 1}, False),
        ({"power": -15.0}, True),
        ({"power": 20.0}, False),
    ],
)
def test_an_object_is_clamped_where_only_numbers_differ(
    changed: dict[str, Any], *, clamped: bool
) -> None:
    assert is_clamped({**SLOT, **changed}, SLOT, None) is clamped
    assert not is_clamped({**SLOT, **changed}, SLOT, {**SLOT, **changed})
