"""The smallest client that can sign a request, independent of the simulator's code."""

from collections.abc import Mapping
from dataclasses import dataclass
import hashlib
from typing import Any, NamedTuple

import aiohttp

from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator

HOME_1 = "AL7011024010101"
HOME_2 = "ALD0310240202"
STORION = "AL2002021120404"
VT1000 = "ALV1002025060505"
CHARGER = "ALP0110240303"

CHARGE_BODY: dict[str, Any] = {
    "sysSn": HOME_1,
    "batHighCap": 90,
    "gridCharge": 1,
    "timeChaf1": "01:00",
    "timeChae1": "05:00",
    "timeChaf2": "00:00",
    "timeChae2": "00:00",
}
DISCHARGE_BODY: dict[str, Any] = {
    "sysSn": HOME_1,
    "batUseCap": 10,
    "ctrDis": 1,
    "timeDisf1": "17:00",
    "timeDise1": "21:00",
    "timeDisf2": "00:00",
    "timeDise2": "00:00",
}


def period(begin: str, end: str, **changes: Any) -> dict[str, Any]:
    """Return a period of the periodic store, on all days."""
    return {
        "beginTime": begin,
        "endTime": end,
        "weeks": [1, 2, 3, 4, 5, 6, 7],
        "chargePower": 5000,
        "chargeLimit": 90,
    } | changes


def periodic_body(**changes: Any) -> dict[str, Any]:
    """Return a complete body of setTimeChargeBySn."""
    return {
        "sysSn": HOME_2,
        "executeCycleType": 1,
        "gridChargeCycle": 1,
        "ctrDisCycle": 0,
        "chargeTimeList": [period("02:00", "05:00")],
        "dischargeTimeList": [period("17:00", "21:30", chargeLimit=15)],
    } | changes


CHARGE, DISCHARGE = "updateChargeConfigInfo", "updateDisChargeConfigInfo"
PERIODIC = "setTimeChargeBySn"
CURRENT, CONTROL = "setEvChargerCurrentsBySn", "remoteControlEvCharger"
STOP = {"sysSn": HOME_1, "evchargerSn": CHARGER, "controlMode": 0}
START = STOP | {"controlMode": 1}


class Store(NamedTuple):
    """Something that can be written and read, and a body that changes it."""

    part: str
    serial: str
    update: str
    read: str
    body: dict[str, Any]


STORES = [
    Store("charge", HOME_1, CHARGE, "getChargeConfigInfo", CHARGE_BODY),
    Store("discharge", HOME_1, DISCHARGE, "getDisChargeConfigInfo", DISCHARGE_BODY),
    Store("periodic", HOME_2, PERIODIC, "getTimeChargeBySn", periodic_body()),
    Store(
        "household",
        HOME_1,
        CURRENT,
        "getEvChargerCurrentsBySn",
        {"sysSn": HOME_1, "currentsetting": 25},
    ),
]


def sign(app_id: str, secret: str, timestamp: str) -> str:
    """Return SHA-512 over the three, as the reference's section 2 says."""
    digest = hashlib.sha512()
    for part in (app_id, secret, timestamp):
        digest.update(part.encode("ascii"))
    return digest.hexdigest()


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def code(self) -> int:
        return int(self.body["code"])

    @property
    def data(self) -> Any:
        assert self.code == 200, self.body
        return self.body["data"]


class Client:
    def __init__(self, sim: AlphaEssSimulator, session: aiohttp.ClientSession) -> None:
        self.sim = sim
        self.session = session
        self.app_id = APP_ID
        self.secret = APP_SECRET

    def headers(self, skew: float = 0) -> dict[str, str]:
        timestamp = str(int(self.sim.clock().timestamp() + skew))
        return {
            "appId": self.app_id,
            "timeStamp": timestamp,
            "sign": sign(self.app_id, self.secret, timestamp),
        }

    async def request(
        self,
        method: str,
        endpoint: str,
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        async with self.session.request(
            method,
            f"{self.sim.url}/{endpoint}",
            headers=self.headers() if headers is None else headers,
            **options,
        ) as response:
            return Answer(
                response.status,
                response.headers,
                await response.json(content_type=None),
            )

    async def get(self, endpoint: str, **query: str) -> Answer:
        return await self.request("GET", endpoint, params=query)

    async def post(self, endpoint: str, body: Any) -> Answer:
        return await self.request("POST", endpoint, json=body)

    async def write(self, endpoint: str, body: Any) -> None:
        """Have a change accepted."""
        answer = await self.post(endpoint, body)
        assert answer.code == 200, answer.body

    async def switch(self, **wishes: Any) -> Any:
        """Change switches of the first home through the side door, or none."""
        url = f"{self.sim.control_url}/alphaess"
        body = {"system": HOME_1} | wishes
        async with self.session.post(url, json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def charger_status(self) -> int:
        query = {"sysSn": HOME_1, "evchargerSn": CHARGER}
        answer = await self.get("getEvChargerStatusBySn", **query)
        return int(answer.data["evchargerStatus"])
