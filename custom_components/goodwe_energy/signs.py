"""Which way round the powers of a plant are (reference section 3.3).

The wire's battery power is + when it discharges, its grid power + when it exports; or
both are unsigned, and ``flows`` says from where to where. Ours: battery + discharges,
grid + imports.
"""

from collections.abc import Mapping
from typing import Any

from .values import watts

_BATTERY, _GRID = "pBat", "pGrid"


def battery_power(raw: Mapping[str, Any]) -> float | None:
    """Return the power of the battery in W, + when it discharges."""
    value = watts(raw.get(_BATTERY))
    if value is not None and value > 0 and _only_target(raw, _BATTERY):
        return -value
    return value


def grid_power(raw: Mapping[str, Any]) -> float | None:
    """Return the power of the grid in W, + when the plant imports."""
    value = watts(raw.get(_GRID))
    if value is None:
        return None
    if value > 0 and _only_source(raw, _GRID):
        return value
    return 0.0 - value


def unsigned(raw: Mapping[str, Any]) -> bool:
    """Whether a flow shows that its powers have no sign: one that is > 0 should not."""
    battery, grid = watts(raw.get(_BATTERY)) or 0.0, watts(raw.get(_GRID)) or 0.0
    return (battery > 0 and _only_target(raw, _BATTERY)) or (
        grid > 0 and _only_source(raw, _GRID)
    )


def _only_target(raw: Mapping[str, Any], node: str) -> bool:
    sources, targets = _ends(raw)
    return node in targets and node not in sources


def _only_source(raw: Mapping[str, Any], node: str) -> bool:
    sources, targets = _ends(raw)
    return node in sources and node not in targets


def _ends(raw: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Return the nodes from which, and to which, something flows.

    A source without any target is none.
    """
    flows = raw.get("flows")
    sources: set[str] = set()
    targets: set[str] = set()
    if isinstance(flows, Mapping):
        for source, found in flows.items():
            ends = found if isinstance(found, list) else [found]
            some = {end for end in ends if isinstance(end, str) and end}
            if some:
                sources.add(str(source))
                targets |= some
    return sources, targets
