"""A simulator without a network: requests take virtual time, as answers do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
import random
from types import SimpleNamespace
from typing import Any

from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from simulator.amber import AmberSimulator
from simulator.virtual_time import VirtualClock
from simulator.wire import Handler


class Content:
    """A body that is there at once."""

    def __init__(self, body: bytes) -> None:
        """Keep it."""
        self._body = body

    async def iter_any(self) -> AsyncIterator[bytes]:
        """Give all of it."""
        yield self._body


class Answer:
    """What `HttpClient` uses of aiohttp's answer."""

    def __init__(self, response: web.Response, headers: Mapping[str, str]) -> None:
        """Take the simulator's answer."""
        body = response.body
        assert isinstance(body, bytes)
        self.status = response.status
        self.headers = CIMultiDict({**response.headers, **headers})
        self.content = Content(body)

    def close(self) -> None:
        """Do nothing."""


class Session:
    """What `HttpClient` uses of aiohttp's session.

    An answer takes `latency` (lowest, highest) seconds; half of them are the way
    there. Those whose path ends as a key of `slow` says take so many seconds more. `asked` has the moment at which
    each request for prices reached the simulator.
    """

    closed = False

    def __init__(
        self,
        simulator: AmberSimulator,
        clock: VirtualClock,
        *,
        latency: tuple[float, float] = (0.2, 1.0),
        slow: Mapping[str, float] | None = None,
        seed: int = 1,
    ) -> None:
        """Connect with a simulator that was not started."""
        self._simulator, self._clock = simulator, clock
        self._latency, self._rng = latency, random.Random(seed)
        self._slow = dict(slow or {})
        self._handler: Handler = next(
            route.handler
            for route in simulator.routes()
            if route.path.startswith(simulator.base_path)
        )
        self.asked: list[float] = []
        self.statuses: list[int] = []

    async def request(self, method: str, url: URL, **kwargs: Any) -> Answer:
        """Ask the simulator."""
        way = self._rng.uniform(*self._latency) / 2
        await asyncio.sleep(way)
        path = url.path.removeprefix(self._simulator.base_path).strip("/")
        if path.endswith("/prices/current"):
            self.asked.append(self._clock.monotonic())
        request: Any = SimpleNamespace(
            method=method,
            path=url.path,
            query=url.query,
            headers=CIMultiDict(kwargs["headers"]),
            remote="127.0.0.1",
            match_info={"path": path},
        )
        response = await self._handler(request)
        assert isinstance(response, web.Response)
        self.statuses.append(response.status)
        date = self._simulator.clock().strftime("%a, %d %b %Y %H:%M:%S GMT")
        slow = [more for end, more in self._slow.items() if path.endswith(end)]
        await asyncio.sleep(way + sum(slow))
        return Answer(response, {"Date": date})
