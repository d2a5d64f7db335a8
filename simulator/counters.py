"""What was asked of a simulator, when, and how it ended."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import pairwise

_KEPT = 50_000


@dataclass(slots=True)
class Request:
    """One request, also one that met a fault."""

    at: datetime
    """By the simulator's clock, UTC."""
    method: str
    endpoint: str
    system: str | None
    status: int | None = None
    """HTTP status of the answer; None if the connection was cut."""
    code: int | None = None
    """The vendor's own code in the body, where its protocol has one."""


class Counters:
    """The last 50,000 requests."""

    def __init__(self) -> None:
        """Begin with none."""
        self._requests: deque[Request] = deque(maxlen=_KEPT)

    def add(self, request: Request) -> None:
        """Note a request."""
        self._requests.append(request)

    def reset(self) -> None:
        """Forget all."""
        self._requests.clear()

    def requests(
        self,
        endpoint: str = "*",
        *,
        system: str | None = None,
        method: str | None = None,
    ) -> list[Request]:
        """Return those that match (`endpoint` is a glob), oldest first."""
        return [
            request
            for request in self._requests
            if fnmatchcase(request.endpoint, endpoint)
            and system in {None, request.system}
            and method in {None, request.method}
        ]

    def count(
        self,
        endpoint: str = "*",
        *,
        system: str | None = None,
        method: str | None = None,
        since: datetime | None = None,
    ) -> int:
        """Return how many match, from `since` on."""
        return sum(
            1
            for request in self.requests(endpoint, system=system, method=method)
            if since is None or request.at >= since
        )

    def gaps(self, endpoint: str = "*", *, system: str | None = None) -> list[float]:
        """Return the seconds between each two requests that match."""
        times = [request.at for request in self.requests(endpoint, system=system)]
        return [(later - earlier).total_seconds() for earlier, later in pairwise(times)]

    def by_endpoint(self) -> dict[str, int]:
        """Return the number of requests per endpoint."""
        totals: dict[str, int] = {}
        for request in self._requests:
            totals[request.endpoint] = totals.get(request.endpoint, 0) + 1
        return totals
