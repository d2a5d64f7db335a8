"""A promise on disk: what was changed, until when, and how it was before."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from . import intent as intents
from .driver import Settings, is_clamped
from .intent import Leasable, Value, Values


class LeaseState(StrEnum):
    """How far a lease has come; PENDING is "perhaps written"."""

    PENDING = "pending"
    ACTIVE = "active"
    RESTORING = "restoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What was changed for a while.

    ``put_back`` is how it was, ``expect`` how it should read now, ``ours`` all values
    that we may have left at a key: only those are ever put back. ``verified`` says
    that they were read back; before, the device may have clamped a number. ``store``
    is the one that it was written to, ``mark`` what would keep it going unattended.
    """

    intent: Leasable
    started: datetime
    until: datetime
    put_back: Values
    expect: Values
    ours: Mapping[str, tuple[Value, ...]]
    state: LeaseState = LeaseState.PENDING
    device_until: datetime | None = None
    memo: Mapping[str, Any] = field(default_factory=dict)
    effective: Mapping[str, Any] = field(default_factory=dict)
    store: str = ""
    mark: Values = field(default_factory=dict)
    verified: bool = False
    asserted: int = 0
    reason: str = ""

    @property
    def keys(self) -> AbstractSet[str]:
        """Every key that it may still write, or that may still change late."""
        return self.expect.keys() | self.put_back.keys()

    @property
    def told(self) -> AbstractSet[str]:
        """The keys of which each reading tells something.

        One that was, or should be, None may be missing: it may not be there.
        """
        optional = {
            key
            for values in (self.expect, self.put_back)
            for key, value in values.items()
            if value is None
        }
        optional |= {key for key, values in self.ours.items() if None in values}
        return self.keys - optional

    def unread(self, settings: Settings) -> list[str]:
        """Return of what is to be put back nothing tells how it is now."""
        return settings.lacking(self.told & self.put_back.keys())

    def undone(self, settings: Settings) -> dict[str, Value]:
        """Return what to write to put back whatever still has a value of ours.

        What is unread is left out: nobody knows whose it is.

        Keys that cannot be read go back with those that can: after a crash nobody
        knows whether their last write was acknowledged. That may have been the one
        which put everything back: then what we assume of them is still ours. What is
        seen to be gone may come back by itself, so it is put back as well.
        """
        unsure = settings.assumed | settings.volatile
        readable = {key for key in self.put_back if key not in unsure}
        unread = set(self.put_back) - readable
        still = {key for key in readable if self._is_ours(key, settings)}
        if still or not readable:
            still |= unread
        elif all(settings.values.get(key) == self.put_back[key] for key in readable):
            still |= {key for key in unread if self._is_ours(key, settings)}
        return {key: value for key, value in self.put_back.items() if key in still}

    def _is_ours(self, key: str, settings: Settings) -> bool:
        value, original = settings.values.get(key), self.put_back[key]
        if value == original:
            return False
        ours = self.ours.get(key, ())
        return value in ours or (
            not self.verified and any(is_clamped(value, one, original) for one in ours)
        )

    def dump(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "intent": intents.dump(replace(self.intent, until=self.until)),
            "started": self.started.isoformat(),
            "until": self.until.isoformat(),
            "put_back": dict(self.put_back),
            "expect": dict(self.expect),
            "ours": {key: list(values) for key, values in self.ours.items()},
            "state": str(self.state),
            "device_until": self.device_until and self.device_until.isoformat(),
            "memo": dict(self.memo),
            "effective": dict(self.effective),
            "store": self.store,
            "mark": dict(self.mark),
            "verified": self.verified,
            "asserted": self.asserted,
            "reason": self.reason,
        }

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Self:
        """Return what was dumped. Raises KeyError, TypeError or ValueError."""
        ends = data.get("device_until")
        return cls(
            intent=intents.load(data["intent"]),
            started=datetime.fromisoformat(data["started"]),
            until=datetime.fromisoformat(data["until"]),
            put_back=dict(data["put_back"]),
            expect=dict(data["expect"]),
            ours={key: tuple(values) for key, values in data["ours"].items()},
            state=LeaseState(data["state"]),
            device_until=datetime.fromisoformat(ends) if ends else None,
            memo=dict(data.get("memo") or {}),
            effective=dict(data.get("effective") or {}),
            store=str(data.get("store") or ""),
            mark=dict(data.get("mark") or {}),
            verified=bool(data.get("verified")),
            asserted=int(data.get("asserted") or 0),
            reason=str(data.get("reason") or ""),
        )


class LeaseNotSaved(Exception):
    """The disk did not take the lease; ``str()`` says why."""


class LeaseStore(Protocol):
    """Where the leases of all devices are on disk, by the device's serial."""

    def get(self, key: str) -> Mapping[str, Any] | None:
        """Return what is stored for a device."""

    async def begin(self, key: str, record: Mapping[str, Any]) -> None:
        """Return only when the record is on disk. Raises ``LeaseNotSaved``."""

    async def update(self, key: str, record: Mapping[str, Any] | None) -> None:
        """Change or forget what is stored, as soon as the disk takes it."""
