"""A phone in the simulator's tests: logs in and asks."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from simulator.growatt import GrowattSimulator
from simulator.growatt.classic import modified_md5

AGENT = "Dalvik/2.1.0 (Linux; U; Android 12; test/1.0) - 48213"


class Phone:
    """One session; answers are (status, document), HTML is a text."""

    def __init__(self, sim: GrowattSimulator, session: aiohttp.ClientSession) -> None:
        self.sim = sim
        self.url = sim.url
        self._session = session
        self.agent: str | None = AGENT

    async def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        form: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        agent = {} if self.agent is None else {"User-Agent": self.agent}
        async with self._session.request(
            method,
            f"{self.url}/{path}",
            params=params,
            data=form,
            headers={**agent, **(headers or {})},
            skip_auto_headers=("User-Agent",),
            allow_redirects=False,
        ) as response:
            if response.content_type == "application/json":
                return response.status, await response.json()
            return response.status, await response.text()

    async def get(self, path: str, **params: str) -> Any:
        return (await self.ask("GET", path, params))[1]

    async def post(self, path: str, params: Mapping[str, str], **form: str) -> Any:
        return (await self.ask("POST", path, params, form))[1]

    async def login(self, password: str | None = None) -> Any:
        words = self.sim.password if password is None else password
        form = {"userName": self.sim.user_name, "password": modified_md5(words)}
        return (await self.ask("POST", "newTwoLoginAPI.do", form=form))[1]["back"]
