"""What the broker tells of a plant, in the shape of the power flow (section 5.5)."""

from collections.abc import Mapping
import json
from typing import Any

from .._vendor.core.client.decode import text

# What a push has in common with the power flow (3.3). The rest of it changes with
# every push and nothing shows it.
_ITEMS = (
    "pSystem",
    "pAc",
    "pBat",
    "pGrid",
    "pConsum",
    "soc",
    "pThird",
    "pEvChar",
    "pHeatPump",
    "pDiesel",
    "flows",
)
_WRAPPERS = ("message", "msg")
_DEPTH = 3
_TOPIC = "/goodwe/second-data/station/"


def topic_of(station: str) -> str:
    """Return the topic on which a plant's values are told."""
    return f"{_TOPIC}{station}"


def read_push(topic: str, payload: bytes) -> tuple[str, dict[str, Any]] | None:
    """Return the plant and what is told of it; None for all else.

    As the power flow has it: kW, numbers as text or not, ``refreshTime`` in station
    time, here to the second. What has no value is left out.
    """
    station = topic.removeprefix(_TOPIC)
    told = _unwrapped(payload)
    if station == topic or told is None:
        return None
    if text(told.get("stationId")) not in {None, station}:
        return None
    found = {key: told[key] for key in _ITEMS if told.get(key) not in (None, "")}
    if not found.keys() - {"flows"}:
        return None
    if (time := text(told.get("time"))) is not None:
        found["refreshTime"] = time
    return station, found


def _unwrapped(payload: bytes) -> Mapping[str, Any] | None:
    """Return the object of a payload, taken out of what it is wrapped in."""
    value: Any = payload
    for _ in range(_DEPTH):
        if isinstance(value, bytes | str):
            try:
                value = json.loads(value)
            except ValueError, RecursionError:
                return None
        if not isinstance(value, Mapping):
            return None
        inner = next((value[key] for key in _WRAPPERS if value.get(key)), None)
        if inner is None:
            return value
        value = inner
    return None
