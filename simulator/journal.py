"""What clients changed: every accepted write, and what each of them did."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Write:
    """A write that was answered with success, whether or not it changed anything."""

    at: datetime
    part: str
    asked: Any
    """What was asked for, in the form in which it would be stored."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A change that a write brought about; a store's whole object, or one of the car.

    The wallbox takes effect when it obeys, all others when they are stored.
    """

    at: datetime
    part: str
    before: Any
    after: Any


@dataclass(slots=True)
class Journal:
    """All of both since the start, oldest first; what the app does is not in it."""

    writes: list[Write] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    def effect(self, at: datetime, part: str, before: Any, after: Any) -> None:
        """Note a change, if it is one."""
        if before != after:
            self.effects.append(Effect(at, part, before, after))
