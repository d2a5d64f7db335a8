"""The smallest client of SEMS+, independent of the simulator's code."""

import base64
from dataclasses import dataclass, field
import hashlib
import json
from typing import Any

import aiohttp

from simulator.clock import ManualClock
from simulator.goodwe import Device, GoodWeSimulator, Station

BARE = {
    "uid": "",
    "timestamp": 0,
    "token": "",
    "client": "semsPlusWeb",
    "version": "",
    "language": "en",
}
LOGIN = "sems-user/api/v1/auth/cross-login"
FLOW = "sems-plant/api/stations/flow"
INFO = "sems-plant/api/portal/stations/basic/info"


def password(text: str) -> str:
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def sign(milliseconds: int, uid: str, token: str) -> str:
    digest = hashlib.sha256(f"{milliseconds}@{uid}@{token}".encode()).hexdigest()
    return base64.b64encode(f"{digest}@{milliseconds}".encode()).decode()


@dataclass
class Portal:
    """A browser with what its login said."""

    sim: GoodWeSimulator
    session: aiohttp.ClientSession
    clock: ManualClock
    token: dict[str, Any] = field(default_factory=lambda: dict(BARE))
    headers: dict[str, str] = field(default_factory=dict)
    """Beside the usual ones, and instead of them."""

    @property
    def station(self) -> Station:
        return self.sim.stations[0]

    def device(self, kind: str) -> Device:
        return next(it for it in self.station.devices if it.type == kind)

    async def send(
        self, method: str, path: str, body: Any = None, **query: str
    ) -> tuple[int, Any, aiohttp.typedefs.LooseHeaders]:
        """Return status, document and headers."""
        ms = int(self.clock().timestamp() * 1000)
        headers = {
            "Token": json.dumps(self.token),
            "X-Signature": sign(ms, self.token["uid"], self.token["token"]),
        } | self.headers
        async with self.session.request(
            method,
            f"{self.sim.gateway}/{path}",
            params=query,
            json=body,
            headers={name: value for name, value in headers.items() if value},
        ) as response:
            try:
                document = await response.json()
            except aiohttp.ContentTypeError:
                document = await response.text()
            return response.status, document, response.headers

    async def get(self, path: str, **query: str) -> Any:
        return (await self.send("GET", path, **query))[1]

    async def post(self, path: str, body: Any = None, **query: str) -> Any:
        return (await self.send("POST", path, body or {}, **query))[1]

    async def login(self, **more: Any) -> Any:
        """Log in and keep what it says, if there is a token; return the answer."""
        body = {
            "account": self.sim.account,
            "pwd": password(self.sim.password),
            "agreement": 1,
            "isLocal": False,
            "isChinese": False,
        } | more
        self.token = dict(BARE)
        body = {name: value for name, value in body.items() if value is not None}
        _, answer, self.login_headers = await self.send("POST", LOGIN, body)
        data = answer.get("data") if isinstance(answer, dict) else None
        if data and data.get("token"):
            self.token = data | ({"api": answer["api"]} if "api" in answer else {})
        return answer

    async def code(self) -> Any:
        """Return the code of a usual call."""
        return (await self.get(FLOW, stationId=self.station.id))["code"]

    async def flow(self) -> Any:
        return (await self.get(FLOW, stationId=self.station.id))["data"]

    async def info(self) -> Any:
        return (await self.post(INFO, stationId=self.station.id))["data"]

    async def related(self, kind: str, sn: str | None = None) -> Any:
        """Return the battery systems of an inverter."""
        path = f"sems-plant/api/equipments/{sn or self.device(kind).sn}/relatedDevices"
        query = {
            "deviceType": "ENERGY_STORAGE_INTEGRATED_CABINET",
            "pwId": self.station.id,
        }
        return (await self.get(path, **query))["data"]

    async def factors(self, what: str, kind: str, sn: str | None = None) -> Any:
        """Return the factors of a device, flattened: telemetry or telecounting."""
        path = f"sems-plant/api/equipments/{sn or self.device(kind).sn}/{what}"
        data = (await self.get(path, deviceType=kind, pwId=self.station.id))["data"]
        groups = [group.get("factors", [group]) for group in data]
        return {factor["code"]: factor["data"] for it in groups for factor in it}
