"""Names and units of all points (reference section 3.11), by device type."""

import csv
from pathlib import Path
from typing import NamedTuple


class PointText(NamedTuple):
    """How a point is called; the unit is the one that its value has."""

    name: str
    unit: str


def _read() -> dict[int, dict[int, PointText]]:
    found: dict[int, dict[int, PointText]] = {}
    path = Path(__file__).with_name("catalogue.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            text = PointText(row["name"], row["unit"])
            found.setdefault(int(row["type"]), {})[int(row["id"])] = text
    return found


CATALOGUE = _read()
"""Point ids in the order of the reference, by `device_type`."""

_GLYPHS = {"°C": "℃", "W/m²": "W/㎡", "Wh/m²": "Wh/㎡", "h": "H"}
_SHOWN = {"Wh": "kWh", "W": "kW", "varh": "kvarh", "var": "kvar"}


def unit_of(text: PointText, *, glyphs: bool, shown: bool) -> str:
    """Return a unit as the cloud spells it; `shown` is the app's (10.19)."""
    if shown:
        return _SHOWN.get(text.unit, text.unit or "%")
    return _GLYPHS.get(text.unit, text.unit) if glyphs else text.unit
