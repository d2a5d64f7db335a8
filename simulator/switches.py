"""Checks what is asked of switches at `/_sim/<vendor>`."""

from collections.abc import Mapping
from typing import Any

from .control import bad_request

type Kind = type | tuple[object, ...] | frozenset[str]
"""Of a switch: its type, the values that it can have, or the keys of its numbers."""

# Delays beyond are not in the calendar
_ENDLESS = 1e9


def check_switch(table: Mapping[str, Kind], name: str, value: Any) -> None:
    """Raise HTTPBadRequest unless a switch of that table can have the value."""
    kind = table.get(name)
    if kind is None:
        raise bad_request(f"unknown switch: {name}; there are {', '.join(table)}")
    if isinstance(kind, tuple):
        if value not in kind:
            raise bad_request(f"{name} is one of {kind}")
    elif kind is str:
        if not isinstance(value, str | None):
            raise bad_request(f"{name} is a text or null")
    elif isinstance(kind, frozenset):
        if not isinstance(value, dict) or not value.keys() <= kind:
            raise bad_request(f"{name} has numbers for {', '.join(sorted(kind))}")
        for field, most in value.items():
            check_switch({field: float}, field, most)
    elif kind is set:
        if not isinstance(value, list) or not all(isinstance(e, str) for e in value):
            raise bad_request(f"{name} is a list of texts")
    elif kind is bool:
        if not isinstance(value, bool):
            raise bad_request(f"{name} is true or false")
    elif (
        isinstance(value, bool)
        or not isinstance(value, int if kind is int else int | float)
        # So said, it catches a NaN too
        or not 0 <= value < _ENDLESS
    ):
        raise bad_request(f"{name} is a {kind.__name__} from 0")
