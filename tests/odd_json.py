"""Arbitrary and damaged JSON, for whatever reads a vendor's answers."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from enum import Enum
import math
from typing import Any

from hypothesis import strategies as st

_odd_text = st.sampled_from(
    [
        "",
        " ",
        "-",
        "--",
        "null",
        "NaN",
        "inf",
        "1e999",
        "12.5",
        "-3",
        "false",
        "critical error",
        "07:15",
        "24:00",
        "2026-10-05",
        "0001-01-01",
        "2026-10-05 02:00:01",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "2026-10-05T02:00:01Z",
        "2026-10-05T02:00:01",
        "2026-10-05T02:00:01+02:00",
        "0001-01-01T00:00:00+10:00",
        "9999-12-31T23:59:59-10:00",
        "\ud800",
        "€",
    ]
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.just(10**400),
    st.text(max_size=8),
    _odd_text,
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    max_leaves=6,
)


@st.composite
def damaged(draw: st.DrawFn, sample: Any) -> Any:
    """Draw a sample with some of its values replaced, missing or added."""
    if draw(st.integers(0, 19)) == 0:
        return draw(anything)
    if isinstance(sample, dict):
        keys = [key for key in sample if draw(st.integers(0, 9))]
        return {key: draw(damaged(sample[key])) for key in keys} | draw(
            st.dictionaries(st.text(max_size=5), anything, max_size=1)
        )
    if isinstance(sample, list):
        return [draw(damaged(item)) for item in sample]
    return sample if draw(st.integers(0, 3)) else draw(anything)


def assert_plain(value: Any) -> None:
    """What is not said is None; numbers are finite, texts are not empty."""
    match value:
        case None | bool() | Enum() | date() | time() | timedelta():
            pass
        case int() | float():
            assert math.isfinite(value)
        case str():
            assert value.strip() == value != ""
            value.encode()
        case tuple() | frozenset():
            for item in value:
                assert_plain(item)
        case Mapping():
            for key, item in value.items():
                assert_plain(key)
                assert_plain(item)
        case _:
            assert is_dataclass(value)
            for field in fields(value):
                assert_plain(getattr(value, field.name))
