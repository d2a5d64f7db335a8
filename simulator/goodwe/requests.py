"""What the client asked, and how much of it at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import override

from ..clock import Clock
from ..tally import Tally


class Requests(Tally):
    """All calls of the API; reads and writes are lanes of their own, logins too."""

    def __init__(self, clock: Clock) -> None:
        """Begin with a client that has not asked anything."""
        super().__init__(clock)
        self._running = {"read": 0, "write": 0, "login": 0}
        self._most = dict(self._running)

    @property
    def most_reads_at_once(self) -> int:
        """Most reads that ran at the same time."""
        return self._most["read"]

    @property
    def most_writes_at_once(self) -> int:
        """Most writes that ran at the same time."""
        return self._most["write"]

    @override
    def forget(self) -> None:
        super().forget()
        self._most = dict(self._running)

    @contextmanager
    def running(self, endpoint: str, lane: str) -> Iterator[None]:
        """Count a call of a lane while it lasts."""
        self.add(endpoint)
        self._running[lane] += 1
        self._most[lane] = max(self._most[lane], self._running[lane])
        try:
            yield
        finally:
            self._running[lane] -= 1
