"""What is kept of a detail record: who the device is, not how it is set."""

from collections.abc import Mapping
from typing import Any

from .._vendor.core.client.decode import mapping
from .base import Raw

_KEPT = (
    "serialNum",
    "alias",
    "dataLogSn",
    "datalogSn",
    "pmax",
    "nominalPower",
    "modelText",
    "model",
    "inverterType",
    "fwVersion",
    "innerVersion",
    "version",
    "communicationVersion",
    "batteryModel",
    *(f"bdc{n}Sn" for n in (1, 2)),
    *(f"battery{n}SerialNum" for n in (1, 2, 3, 4)),
)
_KEPT_OF_MODEL = ("model", "normalPower", "norminalPower", "batteryModel")
_BEAN = "tlxSetbean"


def identity(details: Mapping[str, Any]) -> Raw:
    """Keep the identity of a detail record of V1, v4 or the classic API.

    A MIN whose bean of settings is null (a NEO) has ``has_settings`` false; v4 always
    sends null there, so only V1 and the classic API may be asked for it.
    """
    kept = {key: details[key] for key in _KEPT if details.get(key) is not None}
    if _BEAN in details:
        kept["has_settings"] = bool(mapping(details[_BEAN]))
    return kept


def model(found: Mapping[str, Any]) -> Raw:
    """Keep what ``check/sn`` or ``queryDeviceInfoParam`` say of the model."""
    return {key: found[key] for key in _KEPT_OF_MODEL if found.get(key) is not None}


class Remembered:
    """Plain values that outlive the source where somebody keeps notes."""

    def __init__(self, notes: Any | None = None) -> None:
        """Keep them in ``notes`` (``get`` and ``set``), else in memory."""
        self._notes, self._memory = notes, dict[str, Any]()

    def get(self, key: str) -> Any:
        """Return a value, None if there is none."""
        return (
            self._notes.get(key) if self._notes is not None else self._memory.get(key)
        )

    def set(self, key: str, value: Any) -> None:
        """Keep a value; the same one once more is no change."""
        if value == self.get(key):
            return
        if self._notes is not None:
            self._notes.set(key, value)
        else:
            self._memory[key] = value
