"""The smallest client of the Amber API, independent of the simulator's code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import json
from typing import Any

import aiohttp

from simulator.amber import TOKEN, AmberSimulator

SITE = "01J9ZK3V7Q8M2N4P6R8T0W2X4Y"
HALF_HOURLY = "01J9ZK3V7Q8M2N4P6R8T0W0X1Y"
PENDING = "01J9ZK3V7Q8M2N4P6R8T0W0X2Y"
CLOSED = "01J9ZK3V7Q8M2N4P6R8T0W0X3Y"
PLAIN = "01J9ZK3V7Q8M2N4P6R8T0W0X4Y"

SUBSCRIBE: dict[str, Any] = {
    "service": "live-prices",
    "action": "subscribe",
    "data": {"siteId": SITE},
}


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def limits(self) -> list[str]:
        return [name for name in self.headers if name.lower().startswith("ratelimit-")]

    @property
    def remaining(self) -> int:
        return int(self.headers["RateLimit-Remaining"])

    @property
    def reset(self) -> int:
        return int(self.headers["RateLimit-Reset"])


@dataclass
class AmberClient:
    sim: AmberSimulator
    session: aiohttp.ClientSession
    token: str | None = field(default=TOKEN)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def get(self, path: str, **query: Any) -> Answer:
        url = f"{self.sim.url}/{path}"
        params = {name: str(value) for name, value in query.items()}
        async with self.session.get(
            url, params=params, headers=self.headers
        ) as response:
            return Answer(response.status, response.headers, await response.text())

    async def read(self, path: str, **query: Any) -> list[dict[str, Any]]:
        answer = await self.get(path, **query)
        assert answer.status == 200, answer.text
        assert isinstance(answer.body, list)
        return answer.body

    async def current(self, site: str = SITE, **query: Any) -> list[dict[str, Any]]:
        return await self.read(f"sites/{site}/prices/current", **query)

    async def prices(
        self, start: str, end: str, site: str = SITE, **query: Any
    ) -> list[dict[str, Any]]:
        path = f"sites/{site}/prices"
        return await self.read(path, startDate=start, endDate=end, **query)

    async def usage(
        self, start: str, end: str, site: str = SITE
    ) -> list[dict[str, Any]]:
        path = f"sites/{site}/usage"
        return await self.read(path, startDate=start, endDate=end)

    async def control(self, path: str = "", **wishes: Any) -> Answer:
        url = f"{self.sim.control_url}/amber{path}"
        async with self.session.post(url, json=wishes) as response:
            return Answer(response.status, response.headers, await response.text())


def only(
    documents: Iterable[dict[str, Any]], kind: str, channel: str = "general"
) -> list[dict[str, Any]]:
    """Return the intervals of a type and a channel."""
    return [
        entry
        for entry in documents
        if entry["type"] == kind and entry["channelType"] == channel
    ]


def running(
    documents: Iterable[dict[str, Any]], channel: str = "general"
) -> dict[str, Any]:
    """Return the one current interval of a channel."""
    (found,) = only(documents, "CurrentInterval", channel)
    return found
