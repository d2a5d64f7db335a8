"""What people write for a parameter, and what they are answered (section 6.1).

Values are labels or have the unit in which a device shows them. What is on the wire is
never taken: 95 would be 9.5 %.
"""

from collections.abc import Mapping
from datetime import time
from math import isfinite
import re
from typing import Any

from ._vendor.core.control.intent import Value
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.validate import whole_minute
from .control.catalogue import find
from .control.encode import NO_TIME
from .control.parameter import Form, Parameter, Unit

# Times and thresholds of the grid protection, what shuts a device down, and what every
# device refuses (sections 6.2 and 6.5)
_NEVER = frozenset(
    {10006, 10011, 10015, 10016, *range(10038, 10046), *range(10101, 10121)}
)
_AMOUNT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([^\d\s]*)", re.ASCII)
_KILO = 1000
_WORDS = {"on": True, "off": False, "true": True, "false": False}
_UNITS = {
    Unit.PERCENT: {"": 1, "%": 1},
    Unit.WATT: {"": 1, "w": 1, "kw": _KILO},
    Unit.SECOND: {"": 1, "s": 1, "min": 60},
    Unit.NONE: {"": 1},
}


def parameter_of(name: str) -> Parameter:
    """Return the parameter of a key or a code. Raises ``Refusal``."""
    text = name.strip().lower()
    if text.isdecimal() and int(text) in _NEVER:
        raise Refusal("parameter_forbidden", parameter=text)
    if (found := find(text)) is None:
        raise Refusal("unknown_parameter", parameter=name[:64])
    return found


def meant(parameter: Parameter, value: Any, names: Mapping[str, str]) -> Value:
    """Return what somebody wants a parameter to be, in its own unit.

    ``names`` are what the device calls its choices, by what is on the wire. Raises
    ``Refusal``.
    """
    match parameter.form:
        case Form.NUMBER:
            found: Value = _amount(parameter, value)
        case Form.SWITCH:
            found = _switch(value, names)
        case Form.CHOICE:
            found = _choice(parameter, value, names)
        case Form.TIME:
            found = _time(value)
    if found is None:
        raise Refusal("parameter_value", parameter=parameter.key, value=str(value)[:64])
    return found


def told(
    parameter: Parameter, value: Value, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return what is answered of a parameter that was read."""
    answer: dict[str, Any] = {"code": parameter.code, "value": value}
    if parameter.unit is not Unit.NONE:
        answer["unit"] = str(parameter.unit)
    if parameter.form is Form.CHOICE:
        labels = {parameter.choices.get(raw): name for raw, name in names.items()}
        if isinstance(value, str) and value in labels:
            answer["label"] = labels[value]
    return answer


def _amount(parameter: Parameter, value: Any) -> Value:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        try:
            return value if isfinite(value) else None
        except OverflowError:
            return None
    if not isinstance(value, str) or len(value) > 64:
        return None
    match = _AMOUNT.fullmatch(value.strip())
    factor = _UNITS[parameter.unit].get(match[2].lower()) if match else None
    return float(match[1]) * factor if match and factor else None


def _switch(value: Any, names: Mapping[str, str]) -> Value:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    text = _folded(value)
    ons = {_folded(name) for raw, name in names.items() if raw in {"170", "1"}}
    offs = {_folded(name) for raw, name in names.items() if raw in {"85", "0"}}
    if text in ons - offs and not text.isdecimal():
        return True
    if text in offs - ons and not text.isdecimal():
        return False
    return _WORDS.get(text)


def _choice(parameter: Parameter, value: Any, names: Mapping[str, str]) -> Value:
    if not isinstance(value, str) or value.strip().isdecimal():
        return None
    text = _folded(value)
    labels = {
        _folded(name): parameter.choices[raw]
        for raw, name in names.items()
        if raw in parameter.choices
    }
    slugs = {_folded(slug): slug for slug in parameter.choices.values()}
    return {**labels, **slugs}.get(text)


def _time(value: Any) -> Value:
    if not isinstance(value, str):
        return None
    if value.strip() == NO_TIME:
        return NO_TIME
    try:
        moment = time.fromisoformat(value.strip())
    except ValueError:
        return None
    return whole_minute(moment).isoformat("minutes")


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()
