"""Settings that are one request each, as tables (reference sections 6.4 to 6.8).

A request has one setting or a few: those are sent together, so that one which is unknown
refuses it. Values are flags, whole numbers, or times as ``HH:MM``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ._vendor.core.client.decode import integer
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.driver import Range
from ._vendor.core.control.intent import Edit, Value, Values
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.validate import check_range
from .control_common import PERCENT, switch, time_params, time_text

# Tells the clock of the device the time of its plant. It cannot be read back: the
# cloud's copy of it is as old as the record that it came with.
CLOCK = "clock"
CLOCK_TYPE = "pf_sys_year"


class Kind(Enum):
    """How a value is on the wire."""

    FLAG = auto()
    """``0`` and ``1``."""
    ON_OFF = auto()
    """Read as a flag, written as ``0000`` and ``0001``."""
    NUMBER = auto()
    TIME = auto()
    """Read as ``H:M``, written as hour and minute."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value: the names with which it reads, in order, and what it may be."""

    names: tuple[str, ...]
    kind: Kind = Kind.NUMBER
    allowed: Range = PERCENT

    def read(self, raw: Mapping[str, Any]) -> Value:
        """Return the value, None if it is unknown."""
        for name in self.names:
            if (found := self._decode(raw.get(name))) is not None:
                return found
        return None

    def check(self, key: str, value: Value) -> Value:
        """Return a value that may be set. Raises ``Refusal``."""
        if self.kind is Kind.TIME:
            if isinstance(value, str) and time_text(value) == value:
                return value
        elif self.kind is not Kind.NUMBER:
            if isinstance(value, bool):
                return value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            check_range(value, self.allowed, "setting_range")
            if value != int(value):
                raise Refusal("setting_whole", setting=key)
            return int(value)
        raise Refusal("unknown_setting", setting=f"{key}: {value}"[:64])

    def params(self, value: Value, *, padded: bool) -> list[str]:
        """Return what is sent for it."""
        match self.kind:
            case Kind.TIME:
                return time_params(str(value), padded=padded)
            case Kind.ON_OFF:
                return ["0001" if value else "0000"]
            case _:
                return [str(int(value))] if isinstance(value, int) else []

    def _decode(self, wire: object) -> Value:
        match self.kind:
            case Kind.TIME:
                return time_text(wire)
            case Kind.NUMBER:
                return integer(wire, low=0, high=100_000)
            case _:
                return switch(wire)


@dataclass(frozen=True, slots=True)
class Request:
    """A write: its type, and its settings in the order of the parameters."""

    type_: str
    settings: Mapping[str, Setting]

    def read(self, raw: Mapping[str, Any]) -> dict[str, Value]:
        """Return what is known, by key."""
        found = {key: setting.read(raw) for key, setting in self.settings.items()}
        return {key: value for key, value in found.items() if value is not None}

    def unknown(self, values: Values) -> list[str]:
        """Return the keys of which nothing is known: without them it cannot be sent."""
        return [key for key in self.settings if values.get(key) is None]

    def params(self, values: Values, *, padded: bool) -> list[str]:
        """Return all parameters.

        Raises ``BadDataError`` (``settings_incomplete``) if a value is unknown.
        """
        for key in self.unknown(values):
            raise BadDataError(f"{key} is unknown", reason="settings_incomplete")
        return [
            param
            for key, setting in self.settings.items()
            for param in setting.params(values[key], padded=padded)
        ]


def edited(edits: Sequence[Edit], values: Values) -> dict[str, Value]:
    """Return what edits change, one after the other."""
    target: dict[str, Value] = {}
    for edit in edits:
        target |= edit({**values, **target})
    return target


def setting_of(requests: Iterable[Request], key: str) -> Setting:
    """Return the setting of a key. Raises ``Refusal``."""
    for request in requests:
        if (found := request.settings.get(key)) is not None:
            return found
    raise Refusal("unknown_setting", setting=key[:64])


def check_clock(value: Value) -> Value:
    """Return True: the clock can only be told the time. Raises ``Refusal``."""
    if value is not True:
        raise Refusal("unknown_setting", setting=f"{CLOCK}: {value}"[:64])
    return value


def check_complete(missing: Iterable[str]) -> None:
    """Raise ``Refusal`` if a value that must be sent is unknown (section 6.1)."""
    if unknown := ", ".join(missing):
        raise Refusal("group_unknown", settings=unknown)
