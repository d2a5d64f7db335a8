"""What must be known of a device to control it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Controllee:
    """A device; ``name`` is what the portal logs it as, ``rated`` its power in W."""

    serial: str
    name: str
    type: str
    station_id: str
    model: str = ""
    rated: float | None = None


class Writes(Protocol):
    """The part of a budget that control needs."""

    def for_write(self) -> AbstractContextManager[None]:
        """Let reads inside use what is kept for writes."""
