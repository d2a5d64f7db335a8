"""The leases of one device: in memory, and on disk before anything is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
import logging
from typing import Any, Protocol

from ..client.clock import Clock
from .held import SETTLE_LOOKS, Held
from .intent import Slot, Values
from .lease import Lease, LeaseState, LeaseStore

_LOGGER = logging.getLogger(__name__)


class Notes(Protocol):
    """Plain JSON values that survive a restart, by key."""

    def get(self, key: str) -> Any:
        """Return a note, None if there is none."""

    def set(self, key: str, value: Any) -> None:
        """Keep a note; None forgets it."""

    async def save(self) -> None:
        """Return when all notes are on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What keeps a force going, and in which store it is."""

    store: str
    values: Values

    @property
    def told(self) -> list[str]:
        """The keys of which each reading tells something."""
        return [key for key, value in self.values.items() if value is not None]


class LeaseBook:
    """Keeps what is held and what is on disk the same."""

    def __init__(
        self, key: str, owner: str, store: LeaseStore, notes: Notes, clock: Clock
    ) -> None:
        """``key`` is the vendor's serial, ``owner`` who may act for the device."""
        self.held: dict[Slot, Held] = {}
        self._key, self._owner = key, owner
        self._store, self._notes, self._clock = store, notes, clock

    def load(self) -> None:
        """Take over what an earlier run has left; it must be looked at first."""
        now, wall = self._clock.monotonic(), self._clock.now()
        record = self._store.get(self._key) or {}
        for name, stored in dict(record.get("leases") or {}).items():
            try:
                slot, lease = Slot(name), Lease.load(stored)
                left = (lease.until - wall).total_seconds()
            except (KeyError, TypeError, ValueError, AttributeError) as err:
                _LOGGER.warning("A stored lease cannot be read: %s", type(err).__name__)
                continue
            self.held[slot] = Held(
                lease,
                deadline=now + left,
                changed_at=now,
                looks=SETTLE_LOOKS,
                suspect=True,
                watched_from=now if lease.state is LeaseState.ACTIVE else None,
            )

    async def begin(self, slot: Slot, lease: Lease, replaced: Iterable[Slot]) -> Held:
        """Hold a lease, instead of those replaced, once it is on disk.

        Raises ``LeaseNotSaved``; then everything is as before.
        """
        gone = set(replaced)
        kept = {name: held for name, held in self.held.items() if name not in gone}
        leases = {name: held.lease for name, held in kept.items()} | {slot: lease}
        await self._store.begin(self._key, self._record(leases))
        now = self._clock.monotonic()
        left = (lease.until - self._clock.now()).total_seconds()
        held = Held(lease, deadline=now + left, changed_at=now)
        self.held = {**kept, slot: held}
        self._keep_mark(slot)
        return held

    async def change(self, held: Held, **changes: Any) -> None:
        """Change a lease that is held."""
        held.lease = replace(held.lease, **changes)
        if "until" in changes:
            left = (held.lease.until - self._clock.now()).total_seconds()
            held.deadline = self._clock.monotonic() + left
        if self.held.get(Slot.MODE) is held:
            self._keep_mark(Slot.MODE)
        await self._save()

    async def forget(self, slots: Iterable[Slot]) -> None:
        """Let go of leases: nothing of them is left on the device."""
        for slot in slots:
            self.held.pop(slot, None)
            self._keep_mark(slot)
        await self._save()

    async def reinstate(self, held: Mapping[Slot, Held]) -> None:
        """Go back to what was held before."""
        self.held = dict(held)
        self._keep_mark(Slot.MODE)
        await self._save()

    async def _save(self) -> None:
        leases = {slot: held.lease for slot, held in self.held.items()}
        await self._store.update(self._key, self._record(leases) if leases else None)

    @property
    def mark(self) -> Mark | None:
        """What we wrote for a force that may be left without a lease."""
        noted = self._notes.get(f"{self._key}/forced")
        if not isinstance(noted, dict) or not isinstance(noted.get("values"), dict):
            return None
        return Mark(store=str(noted.get("store") or ""), values=noted["values"])

    def set_mark(self, mark: Mark | None) -> None:
        """Remember what was written for a force, apart from the leases."""
        if mark != self.mark:
            noted = mark and {"store": mark.store, "values": dict(mark.values)}
            self._notes.set(f"{self._key}/forced", noted)

    def _keep_mark(self, slot: Slot) -> None:
        """Leave a second trace of a force, in another file: this one may be lost."""
        if slot is not Slot.MODE:
            return
        held = self.held.get(slot)
        self.set_mark(mark_of(held.lease) if held is not None else None)

    def _record(self, leases: Mapping[Slot, Lease]) -> dict[str, Any]:
        return {
            "owner": self._owner,
            "leases": {str(slot): lease.dump() for slot, lease in leases.items()},
        }


def mark_of(lease: Lease) -> Mark:
    """Return what would keep a lease's force going; as it reads, if it was clamped."""
    keys = lease.mark or lease.expect
    return Mark(store=lease.store, values={key: lease.expect.get(key) for key in keys})


def merged(memos: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one memo of several; what is a mapping in both is merged too."""
    result: dict[str, Any] = {}
    for memo in memos:
        for key, value in memo.items():
            old = result.get(key)
            if isinstance(old, dict) and isinstance(value, dict):
                value = {**old, **value}
            result[key] = value
    return result
