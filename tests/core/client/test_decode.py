"""Tolerant decoding: fault-matrix.md row 8."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
import math
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from core.client import decode

PROPERTY = settings(deadline=None, database=None, derandomize=True)
ODD_STRINGS = [
    "",
    " ",
    "-",
    "--",
    "null",
    "None",
    "NaN",
    "inf",
    "-Infinity",
    "1_000",
    "1,5",
    "12 %",
    "0x10",
    "٣",
    "1e999",
    "9" * 5000,
    "1" * 400,
    "\ud800",
    "24:00",
    "0000-00-00",
    "0001-01-01T00:00:00",
    "9999-12-31T24:00:00",
    "2026-02-30 10:00:00",
    "2026-10-04 01:59:60",
]
ODD = [
    *ODD_STRINGS,
    None,
    True,
    False,
    math.nan,
    math.inf,
    -math.inf,
    10**400,
    1e308,
    [],
    {},
    [1],
    {"a": 1},
    b"1",
    (1,),
    pytest.param(object(), id="object"),
    datetime(2026, 1, 1),
]

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text("0123456789-+.eE: TZ")
    | st.sampled_from(ODD_STRINGS)
    | st.datetimes().map(str)
    | st.dates().map(str)
    | st.times().map(str)
    | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
HELPERS: dict[Callable[[object], Any], type | tuple[type, ...]] = {
    decode.number: float,
    decode.integer: int,
    decode.text: str,
    decode.flag: bool,
    decode.mapping: Mapping,
    decode.mappings: list,
    decode.day: date,
    decode.local_datetime: datetime,
    decode.moment: datetime,
    decode.time_of_day: time,
}


@PROPERTY
@given(anything)
def test_never_raises_and_returns_its_type(value: object) -> None:
    for helper, kind in HELPERS.items():
        result = helper(value)
        assert result is None or isinstance(result, kind), helper
    assert isinstance(decode.mapping(value), Mapping)
    assert all(isinstance(item, Mapping) for item in decode.mappings(value))
    if (number := decode.number(value)) is not None:
        assert type(number) is float
        assert math.isfinite(number)
    if (integer := decode.integer(value)) is not None:
        assert type(integer) is int
    if (text := decode.text(value)) is not None:
        assert text
        assert text == text.strip()
        text.encode()
    if (local := decode.local_datetime(value)) is not None:
        assert local.tzinfo is None


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:30])
def test_odd_values_raise_nowhere(value: object) -> None:
    for helper, kind in HELPERS.items():
        result = helper(value)
        assert result is None or isinstance(result, kind)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3120, 3120.0),
        (62.4, 62.4),
        ("-310.0", -310.0),
        (" 100 ", 100.0),
        ("1e3", 1000.0),
        ("+5", 5.0),
        (-0.0, 0.0),
    ],
)
def test_number(value: object, expected: float) -> None:
    assert decode.number(value) == expected


@pytest.mark.parametrize(
    "value",
    [*ODD_STRINGS, None, True, False, math.nan, math.inf, 10**400, [], {}, b"1"],
    ids=lambda value: repr(value)[:30],
)
def test_no_number(value: object) -> None:
    assert decode.number(value) is None


@PROPERTY
@given(st.floats(allow_nan=False), st.floats(allow_nan=False), st.floats())
def test_number_stays_in_its_bounds(low: float, high: float, value: float) -> None:
    result = decode.number(value, low=low, high=high)
    inside = math.isfinite(value) and low <= value <= high
    assert result == (value if inside else None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (3.0, 3),
        ("3", 3),
        (" -3.0 ", -3),
        (True, None),
        (3.5, None),
        ("3.5", None),
        ("", None),
        (None, None),
        (9007199254740993, 9007199254740993),
        ("9007199254740993", 9007199254740993),
        (math.inf, None),
    ],
)
def test_integer(value: object, expected: int | None) -> None:
    assert decode.integer(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (100, 100), (-1, None), (101, None), ("101", None)]
)
def test_integer_stays_in_its_bounds(value: object, expected: int | None) -> None:
    assert decode.integer(value, low=0, high=100) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  SMILE5-INV ", "SMILE5-INV"),
        ("", None),
        (" \n", None),
        (7011, "7011"),
        (7011.0, "7011"),
        (1.5, "1.5"),
        (math.nan, None),
        (10**400, None),
        (True, None),
        (None, None),
        ([], None),
        ("a\ud800b", "a?b"),
        ("电池", "电池"),
    ],
)
def test_text(value: object, expected: str | None) -> None:
    assert decode.text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, False),
        (1, True),
        (1.0, True),
        ("0", False),
        (" 1 ", True),
        ("True", True),
        ("FALSE", False),
        (True, True),
        (False, False),
        (2, None),
        (-1, None),
        ("yes", None),
        (None, None),
        ([1], None),
    ],
)
def test_flag(value: object, expected: bool | None) -> None:
    assert decode.flag(value) is expected


def test_mapping_and_mappings() -> None:
    assert decode.mapping({"a": 1}) == {"a": 1}
    nothing: list[object] = [None, "x", 1]
    assert [decode.mapping(odd) for odd in (*nothing, [])] == [{}] * 4
    assert decode.mappings([{"a": 1}, None, 3, {"b": 2}]) == [{"a": 1}, {"b": 2}]
    assert decode.mappings({"a": 1}) == [{"a": 1}]
    assert [decode.mappings(odd) for odd in nothing] == [[]] * 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-03", date(2026, 5, 3)),
        (" 2026-05-03 13:10:04 ", date(2026, 5, 3)),
        ("2026-02-30", None),
        ("0000-00-00", None),
        ("0001-01-01", None),
        ("1970-01-01", None),
        ("", None),
        (20260503, None),
        (None, None),
    ],
)
def test_day(value: object, expected: date | None) -> None:
    assert decode.day(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-03 13:10:04", datetime(2026, 5, 3, 13, 10, 4)),
        ("2026-05-03T13:10", datetime(2026, 5, 3, 13, 10)),
        ("2026-05-03", None),
        ("2026-05-03 13:10:04+10:00", None),
        ("2026-05-03T13:10:04Z", None),
        ("0001-01-01 00:00:00", None),
        ("1970-01-01 00:00:00", None),
        ("2026-05-03 25:00", None),
        (1793190000, None),
        (None, None),
    ],
)
def test_local_datetime(value: object, expected: datetime | None) -> None:
    assert decode.local_datetime(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-10-07T12:00:00+10:00", datetime(2026, 10, 7, 2, tzinfo=UTC)),
        ("2026-10-07T02:00:00Z", datetime(2026, 10, 7, 2, tzinfo=UTC)),
        ("2026-10-07T02:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        (1793190000, None),
        (None, None),
    ],
)
def test_moment(value: object, expected: datetime | None) -> None:
    assert decode.moment(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("00:00", time(0, 0)),
        ("23:45", time(23, 45)),
        (" 9:05 ", time(9, 5)),
        ("13:10:04", time(13, 10, 4)),
        ("24:00", None),
        ("12:60", None),
        ("12", None),
        ("12:5", None),
        ("12:05 pm", None),
        (1205, None),
        (None, None),
    ],
)
def test_time_of_day(value: object, expected: time | None) -> None:
    assert decode.time_of_day(value) == expected
