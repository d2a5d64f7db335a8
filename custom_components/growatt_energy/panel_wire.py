"""What the app's view of panels tells (reference section 3.F)."""

from datetime import datetime
import re
from typing import Any

from ._vendor.core.client.decode import mapping, mappings
from .readings import Panels
from .resolve import Kind, quantity, words

_NUMBER = re.compile(r"(.+)-PV(\d{1,2})", re.ASCII)
_VALUES = {"power": Kind.POWER, "voltage": Kind.VOLTAGE, "current": Kind.CURRENT}


def panels(raw: Any, received_at: datetime, serial: str) -> Panels:
    """Decode the newest rows of one device.

    ``box`` has them as ``time``; where it has one list for each time, the last that is
    not empty counts.
    """
    document = mapping(raw)
    box = mapping(mapping(document.get("obj")).get("box") or document.get("box"))
    lists = [rows for key in sorted(box, key=str) if (rows := mappings(box[key]))]
    found: dict[int, dict[str, float]] = {}
    for row in lists[-1] if lists else []:
        match = _NUMBER.fullmatch(words(row.get("id")) or "")
        if match is None or match[1] != serial:
            continue
        found[int(match[2])] = {
            name: value
            for name, kind in _VALUES.items()
            if (value := quantity(row.get(name), kind)) is not None
        }
    return Panels(observed_at=received_at, panels=found)
