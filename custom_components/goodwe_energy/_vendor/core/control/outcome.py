"""How a write ended, what is refused before it, and what the device does with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ..client.errors import ApiError, WriteUnknown, WriteUnverified


class Outcome(StrEnum):
    """Exactly one of these is true of a write."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"


class ControlState(StrEnum):
    """Whether something is leased, and whether the device follows."""

    IDLE = "idle"
    STARTING = "starting"
    ACTIVE = "active"
    NOT_FOLLOWING = "not_following"
    RESTORING = "restoring"
    EXTERNAL = "external"


class EventType(StrEnum):
    """What happens to a lease."""

    STARTED = "started"
    EXTENDED = "extended"
    ENDED = "ended"
    TARGET_REACHED = "target_reached"
    EXTERNAL = "external"
    LOST = "lost"
    NOT_FOLLOWING = "not_following"
    RESTORE_FAILED = "restore_failed"


class Problem(StrEnum):
    """What a person should know of; repair issues of the same name."""

    UNVERIFIED = "control_unverified"
    NOT_FOLLOWING = "control_not_following"
    RESTORE_FAILED = "control_restore_failed"
    HALF_APPLIED = "control_half_applied"
    FORCED_WITHOUT_LEASE = "control_forced_without_lease"
    MANY_WRITES = "control_many_writes"
    NOT_PERMITTED = "control_not_permitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A write that ended well.

    ``effective`` is what the device made of it, ``following`` whether the battery does
    it already (None: not known yet), ``warnings`` are slugs.
    """

    outcome: Outcome
    following: bool | None = None
    effective: Mapping[str, Any] = field(default_factory=dict)
    effective_from: datetime | None = None
    expires_at: datetime | None = None
    warnings: tuple[str, ...] = ()


class Refusal(Exception):
    """The intent cannot be: nothing was sent. ``key`` is that of a text."""

    def __init__(self, key: str, **placeholders: object) -> None:
        """Keep which text explains it."""
        super().__init__(key)
        self.key = key
        self.placeholders = {name: str(value) for name, value in placeholders.items()}


def outcome_of(err: ApiError) -> Outcome:
    """Return what an error of a write says about the device."""
    if isinstance(err, WriteUnknown):
        return Outcome.UNKNOWN
    if isinstance(err, WriteUnverified):
        return Outcome.UNVERIFIED
    return Outcome.REJECTED
