"""One parameter as a finished task tells it (reference section 6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Self

from .._vendor.core.client.decode import integer, mapping, mappings, number, text

_NOTHING = frozenset({"", "--", "null", "nan", "none"})


class Status(IntEnum):
    """How far a row of a task is; FAILED can mean that the value was so already."""

    PENDING = 1
    EXECUTING = 2
    SUCCESS = 4
    FAILED = 5
    TIMEOUT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the device said of a code.

    ``display`` is the value in ``unit``, ``precision`` how much of that one is on the
    wire, None if the device does not say so. ``names`` are what it calls its choices,
    by what is on the wire.
    """

    code: str
    display: str | None = None
    unit: str = ""
    precision: float | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self | None:
        """Return a row of ``param_list``, None if it has no code."""
        code = text(raw.get("param_code"))
        if code is None:
            return None
        shown = text(raw.get("return_value"))
        step = number(raw.get("set_precision"))
        values = _parts(raw.get("set_val_name_val"))
        names = _parts(raw.get("set_val_name"))
        return cls(
            code=code,
            display=None if shown is None or shown.lower() in _NOTHING else shown,
            unit=text(raw.get("unit")) or "",
            precision=step if step is not None and step > 0 and step != 1 else None,
            names=dict(zip(values, names, strict=False))
            or dict(zip(values, values, strict=True)),
            status=integer(raw.get("command_status")),
        )

    def dump(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "param_code": self.code,
            "return_value": self.display,
            "unit": self.unit,
            "set_precision": self.precision,
            "set_val_name": "|".join(self.names.values()),
            "set_val_name_val": "|".join(self.names),
            "command_status": self.status,
        }


def rows_of(task: Mapping[str, Any]) -> dict[str, Row]:
    """Return the rows of a task by code."""
    found = (Row.of(raw) for raw in mappings(mapping(task).get("param_list")))
    return {row.code: row for row in found if row is not None}


def _parts(raw: object) -> list[str]:
    return [part.strip() for part in (text(raw) or "").split("|") if part.strip()]
