"""The smallest client of a battery, independent of the simulator's code."""

from collections.abc import Mapping
from dataclasses import dataclass
import json
from typing import Any

import aiohttp

from simulator.sonnen import SonnenBattery

TOKEN = "11111111-2222-3333-4444-555555555555"
UNAUTHORIZED = {"error": "Unauthorized"}
OPTIONAL = ("latestdata", "battery", "powermeter", "inverter", "io", "configurations")
MODE, RESERVE, SCHEDULE = "EM_OperatingMode", "EM_USOC", "EM_ToU_Schedule"
MANUAL, AUTOMATIC, TIME_OF_USE = "1", "2", "10"


def window(start: str, stop: str, threshold: float) -> dict[str, Any]:
    return {"start": start, "stop": stop, "threshold_p_max": threshold}


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


class Wire:
    def __init__(self, battery: SonnenBattery, session: aiohttp.ClientSession) -> None:
        self.battery = battery
        self.session = session
        # It would send a PUT again whose answer was lost
        session._retry_connection = False
        self.token: str | None = battery.token

    async def request(self, method: str, path: str, **options: Any) -> Answer:
        headers = {} if self.token is None else {"Auth-Token": self.token}
        async with self.session.request(
            method,
            f"{self.battery.url}/api/v2/{path}",
            headers=headers,
            allow_redirects=False,
            **options,
        ) as response:
            return Answer(response.status, response.headers, await response.text())

    async def get(self, path: str) -> Answer:
        return await self.request("GET", path)

    async def read(self, path: str) -> Any:
        """Return a document, which there has to be."""
        answer = await self.get(path)
        assert answer.status == 200, answer
        return answer.body

    async def bits(self) -> Any:
        return (await self.read("latestdata"))["ic_status"]

    async def put(self, **values: Any) -> Answer:
        return await self.request("PUT", "configurations", data=values)

    async def put_json(self, document: Any) -> Answer:
        return await self.request("PUT", "configurations", json=document)

    async def post(self, direction: str, watts: object) -> Answer:
        return await self.request("POST", f"setpoint/{direction}/{watts}")

    async def write(self, **values: Any) -> None:
        """Have a change accepted."""
        answer = await self.put(**values)
        assert answer.status == 200, answer

    async def schedule(self, *windows: Mapping[str, Any]) -> Answer:
        return await self.put(EM_ToU_Schedule=json.dumps(windows))

    async def force(self, direction: str, watts: int) -> None:
        """Have the manual mode with one set point."""
        await self.write(EM_OperatingMode=MANUAL)
        opposite = {"charge": "discharge", "discharge": "charge"}[direction]
        for side, power in ((opposite, 0), (direction, watts)):
            assert (await self.post(side, power)).status == 201

    async def control(self, path: str, document: Mapping[str, Any]) -> Answer:
        """Use the side door."""
        url = f"{self.battery.url}/_sim/{path}"
        async with self.session.post(url, json=document) as response:
            return Answer(response.status, response.headers, await response.text())
