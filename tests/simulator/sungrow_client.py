"""The smallest client of iSolarCloud, independent of the simulator's code."""

from dataclasses import dataclass, field
import json
from typing import Any

import aiohttp

from simulator.clock import ManualClock
from simulator.sungrow import SungrowSimulator

PLANTS_V2 = "platform/queryPowerStationList"
PLANTS_V1 = "getPowerStationList"
TOKEN, REFRESH, LOGIN = "apiManage/token", "apiManage/refreshToken", "login"
WRONG_KEY = "F" * 32
WRONG_SECRET = "w" * 32


@dataclass
class Gateway:
    """A caller with a Bearer token and a token of the login, and right keys."""

    sim: SungrowSimulator
    session: aiohttp.ClientSession
    clock: ManualClock
    bearer: str | None = None
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    """Beside the usual ones, and instead of them."""

    def body(self, **more: Any) -> dict[str, Any]:
        return {"appkey": self.sim.app_key, "lang": "_en_US"} | more

    async def post(
        self, endpoint: str, body: Any, **headers: str
    ) -> tuple[int, Any, str]:
        """Return status, document (None if it is no JSON) and text."""
        usual = {"x-access-key": self.sim.secret, "sys_code": "901"}
        if self.bearer is not None:
            usual["Authorization"] = f"Bearer {self.bearer}"
        merged = usual | self.headers | headers
        async with self.session.post(
            f"{self.sim.url}/openapi/{endpoint}",
            data=body if isinstance(body, str) else json.dumps(body),
            headers={name: value for name, value in merged.items() if value},
        ) as response:
            text = await response.text()
            try:
                return response.status, json.loads(text), text
            except ValueError:
                return response.status, None, text

    async def ask(self, endpoint: str, **more: Any) -> Any:
        """Return the document of a call with the tokens that there are."""
        if self.token is not None:
            more = {"token": self.token} | more
        return (await self.post(endpoint, self.body(**more)))[1]

    async def plants(self) -> Any:
        """Return the answer of the list of plants, OAuth if there is a Bearer token."""
        if self.bearer is not None:
            return await self.ask(PLANTS_V2, page=1, size=100)
        return await self.ask(PLANTS_V1, curPage=1, size=100)

    async def seen(self) -> set[str]:
        rows = (await self.plants())["result_data"]["pageList"]
        return {str(row["ps_id"]) for row in rows}

    async def exchange(
        self, code: str, redirect: str | None = None, **more: Any
    ) -> Any:
        body = {
            "appkey": self.sim.app_key,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect or self.sim.redirect_uri,
        }
        return (await self.post(TOKEN, body | more))[1]

    async def refresh(self, token: str) -> Any:
        body = {"appkey": self.sim.app_key, "refresh_token": token}
        return (await self.post(REFRESH, body))[1]

    async def login(self, password: str | None = None, user: str | None = None) -> Any:
        """Log in and keep the token, if there is one; return the answer."""
        answer = await self.ask(
            LOGIN,
            user_account=user or self.sim.user_name,
            user_password=self.sim.password if password is None else password,
        )
        data = answer.get("result_data") or {}
        self.token = data.get("token") or self.token
        return answer
