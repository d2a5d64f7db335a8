"""The smallest client of the token protocols, independent of the simulator's code."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp

from simulator.clock import ManualClock
from simulator.growatt import Device, GrowattSimulator

# A quiet Sunday in May, 13:10:30 at the plant
NOW = datetime(2026, 5, 3, 11, 10, 30, tzinfo=UTC)
MIN, SPH, SPA = "TPJ0CD4001", "ODCDA2500A", "WPD0A1234K"
NOAH, STORAGE, NEO, STRING = (
    "0HVR00AA25BB0001",
    "KHM0A12345",
    "BZP4N2K00E",
    "INV0A5600B",
)
HOME = 1234567
LIMITED, REFUSED, FREQUENT_V4 = 10012, 10011, 102


@dataclass
class Token:
    sim: GrowattSimulator
    session: aiohttp.ClientSession
    clock: ManualClock

    def __post_init__(self) -> None:
        self.token: str | None = self.sim.token
        self.base = self.sim.url

    @property
    def device(self) -> Device:
        return next(iter(self.sim.devices.values()))

    async def request(
        self, method: str, path: str, **options: Any
    ) -> tuple[int, str, str]:
        """Return status, content type and body."""
        headers = {} if self.token is None else {"token": self.token}
        async with self.session.request(
            method, f"{self.base}/{path}", headers=headers, **options
        ) as response:
            return response.status, response.content_type, await response.text()

    async def _json(self, method: str, path: str, **options: Any) -> Any:
        headers = {} if self.token is None else {"token": self.token}
        async with self.session.request(
            method, f"{self.base}/{path}", headers=headers, **options
        ) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def get(self, endpoint: str, **query: Any) -> Any:
        return await self._json("GET", f"v1/{endpoint}", params=query)

    async def post(self, endpoint: str, **form: Any) -> Any:
        return await self._json("POST", f"v1/{endpoint}", data=form)

    async def v4(self, name: str, device: Device | None = None, **form: Any) -> Any:
        device = device or self.device
        given = {"deviceSn": device.sn, "deviceType": str(device.family)} | form
        return await self._json("POST", f"v4/new-api/{name}", data=given)

    async def set(self, endpoint: str, sn: str, kind: str, *params: object) -> int:
        """Write with all parameters; return the error code."""
        name, count = {
            "tlxSet": ("tlx_sn", 19),
            "mixSet": ("mix_sn", 18),
            "spaSet": ("spa_sn", 18),
            "storageSet": ("storage_sn", 4),
        }[endpoint]
        texts = [str(param) for param in params] + [""] * (count - len(params))
        form = {f"param{place + 1}": text for place, text in enumerate(texts)}
        answer = await self.post(endpoint, **{name: sn, "type": kind}, **form)
        return int(answer["error_code"])

    async def tlx(self, kind: str, *params: object) -> int:
        return await self.set("tlxSet", MIN, kind, *params)

    async def vpp(self, number: int, value: object) -> int:
        """Write a VPP parameter, 5 s after whatever was before; return the code."""
        self.clock.advance(5)
        answer = await self.v4(
            "setVppParameter", setType=f"set_param_{number}", value=value
        )
        return int(answer["code"])

    async def vpp_value(self, number: int) -> Any:
        self.clock.advance(5)
        answer = await self.v4("readVppParameter", setType=f"set_param_{number}")
        return answer["data"]
