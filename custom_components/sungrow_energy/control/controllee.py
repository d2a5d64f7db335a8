"""What a driver of settings needs to know of its device, and of the account's budget."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Controllee:
    """What must be known of a device to control it; ``rated`` in W."""

    serial: str
    uuid: str
    type: int
    model: str = ""
    rated: float | None = None


class Writes(Protocol):
    """The part of a budget that control needs."""

    def for_write(self) -> AbstractContextManager[None]:
        """Let reads inside use what is kept for writes."""
