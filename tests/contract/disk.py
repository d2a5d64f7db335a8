"""Where leases and notes survive a program that was killed."""

from collections.abc import Mapping
import json
from typing import Any

from .wire import Moments


class Disk:
    """The lease file; fits `core.control.lease.LeaseStore`."""

    def __init__(self, moments: Moments) -> None:
        """Begin with an empty file."""
        self._text = "{}"
        self._moments = moments

    @property
    def records(self) -> dict[str, Any]:
        """What is on the disk, by device."""
        return json.loads(self._text)

    def get(self, key: str) -> Mapping[str, Any] | None:
        return self.records.get(key)

    async def begin(self, key: str, record: Mapping[str, Any]) -> None:
        await self.update(key, record)

    async def update(self, key: str, record: Mapping[str, Any] | None) -> None:
        await self._moments.reach()
        records = {name: kept for name, kept in self.records.items() if name != key}
        if record is not None:
            records[key] = dict(record)
        self._text = json.dumps(records)
        await self._moments.reach()


class NoteFile:
    """Plain JSON by key that reaches the disk half a minute late, or when it is told.

    So does an account's file: a program that is killed loses its last notes.
    """

    LATE = 30.0

    def __init__(self) -> None:
        """Begin without notes."""
        self._saved = "{}"
        self._pending: list[tuple[float, str]] = []

    def keep(self, at: float, notes: Mapping[str, Any]) -> None:
        """Take notes at a monotonic time, in seconds."""
        self._pending.append((at, json.dumps(notes)))

    def save(self, notes: Mapping[str, Any]) -> None:
        """Take notes and write them at once."""
        self._saved, self._pending = json.dumps(notes), []

    def lose(self, now: float) -> dict[str, Any]:
        """Return what a program finds that starts after a kill, and go on from there."""
        for at, text in self._pending:
            if at <= now - self.LATE:
                self._saved = text
        self._pending = []
        return json.loads(self._saved)
