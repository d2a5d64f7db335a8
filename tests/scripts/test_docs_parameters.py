"""The page of Sungrow: its table of settings by name is what the code takes."""

import re

from custom_components.sungrow_energy.control.catalogue import BY_KEY
from custom_components.sungrow_energy.control.parameter import Form, Parameter

from ..translation_rules import ROOT

_ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
# Device types of the vendor, by the letters that the page explains
_LETTERS = {14: "H", 1: "I", 9: "L", 26: "E", 22: "C"}


def _number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1 else f"{value:.10g}"


def _value(parameter: Parameter) -> str:
    match parameter.form:
        case Form.NUMBER:
            low, high = parameter.allowed.low, parameter.allowed.high
            said = f"{_number(low)} to {_number(high)} {parameter.unit}".strip()
            said = said.replace("-", "\N{MINUS SIGN}")
        case Form.CHOICE:
            said = ", ".join(f"`{choice}`" for choice in parameter.choices.values())
        case Form.TIME:
            said = "`HH:MM`; `24:00` for none"
        case _:
            said = "true, false"
    return said if parameter.writable else f"{said}; can only be read"


def test_settings_by_name() -> None:
    page = (ROOT / "docs" / "sungrow.md").read_text("utf-8")
    _, _, rest = page.partition("### Settings by name")
    table = rest.partition("</details>")[0]

    assert [found.groups() for found in _ROW.finditer(table)] == [
        (
            key,
            ", ".join(parameter.codes),
            " ".join(
                letter for kind, letter in _LETTERS.items() if kind in parameter.types
            ),
            _value(parameter),
        )
        for key, parameter in BY_KEY.items()
    ]
