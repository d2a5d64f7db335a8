"""One write of a named setting (reference section 6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is set, and what the portal shows of it in its log."""

    name: str
    data: Mapping[str, Any]
    logs: Mapping[str, Any]


def switched(*, on: bool) -> str:
    """Return on or off in the words of the portal's log."""
    return "remote_Switch_on" if on else "remote_Switch_off"
