"""Which way round the plant's own net powers are (reference section 9.1, UNCERTAIN).

The cloud's battery power is said to be + when it charges, its grid power + when it
imports. Where the balance of the plant says otherwise three times, it is believed.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from itertools import product
from operator import mul
from typing import Any

from ._vendor.core.client.decode import integer

# As the documents of others have it, into ours: battery + discharges, grid + imports
_DOCUMENTED: Mapping[str, int] = {
    "storage_power": -1,
    "battery_power_ems": -1,
    "grid_active_power": 1,
    "grid_power_ems": 1,
}
# Smaller powers vanish in what house and inverter lose and in what is not measured.
_LEAST_WATTS = 300.0
_VOTES = 3


@dataclass(frozen=True, slots=True)
class Flow:
    """A net power in W: in our signs, or as ``source`` gives it, whose sign is unsure."""

    value: float | None
    source: str | None = None


def sign(memory: Mapping[str, Any], key: str) -> int:
    """Return what the value of an unsure source is multiplied by."""
    votes = _votes(memory, key)
    return -_DOCUMENTED[key] if votes >= _VOTES else _DOCUMENTED[key]


def learn(
    memory: MutableMapping[str, Any],
    *,
    pv: float | None,
    load: float | None,
    battery: Flow,
    grid: Flow,
) -> None:
    """Take the balance of one moment into account.

    Powers in W. Without all four of them, or if they explain each other in both ways,
    nothing is learned. ``memory`` is plain JSON and changed in place.
    """
    if pv is None or load is None or battery.value is None or grid.value is None:
        return
    flows = (battery, grid)
    unsure = {flow.source: flow.value or 0.0 for flow in flows if flow.source}
    if not unsure or any(abs(value) < _LEAST_WATTS for value in unsure.values()):
        return
    known = pv - load + sum(flow.value or 0.0 for flow in flows if not flow.source)
    rests = {
        signs: abs(known + sum(map(mul, signs, unsure.values(), strict=True)))
        for signs in product((1, -1), repeat=len(unsure))
    }
    best, second, *_ = sorted(rests, key=rests.__getitem__)
    if rests[best] > _LEAST_WATTS or rests[second] - rests[best] < _LEAST_WATTS:
        return
    for key, found in zip(unsure, best, strict=True):
        step = 1 if found != _DOCUMENTED[key] else -1
        memory[f"sign/{key}"] = max(0, min(_votes(memory, key) + step, 2 * _VOTES))


def _votes(memory: Mapping[str, Any], key: str) -> int:
    return integer(memory.get(f"sign/{key}"), low=0) or 0
