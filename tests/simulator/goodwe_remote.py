"""Remote control as the portal does it: menus, registers, named settings, chargers."""

from collections.abc import Iterator
import json
from typing import Any

from simulator.goodwe.charger import Charger
from simulator.goodwe.controls import Controls
from simulator.house import Live

from .goodwe_client import Portal

REMOTE = "sems-remote/api"
FUNCTIONS = f"{REMOTE}/v2/address/remote"
VALUES = f"{REMOTE}/v1/address/remote/get-cache-device-function-parameters"
WRITE = f"{REMOTE}/v1/address/remote/setDeviceFunctionParameters"
READ_NAMED, WRITE_NAMED = f"{REMOTE}/v1/remote/get", f"{REMOTE}/v1/remote/set"
SUCCESS = "00000"
BATTERY = {"47545", "47546", "47603"}


class Remote:
    """Works on the first inverter of a portal's first station."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.device = next(it for it in portal.station.devices if it.is_inverter)
        self.sn = self.device.sn
        self.controls.switches.write_seconds = 0

    @property
    def controls(self) -> Controls:
        controls = self.device.control
        assert isinstance(controls, Controls)
        return controls

    @property
    def charger(self) -> Charger:
        charger = self.portal.device("EV_CHARGER").control
        assert isinstance(charger, Charger)
        return charger

    # Functions

    async def menus(self, sn: str | None = None, **more: Any) -> list[dict[str, Any]]:
        body = {
            "sn": sn or self.sn,
            "module": "GENERAL_FUNCTIONS",
            "batIndex": "",
            "menuCode": 0,
        }
        answer = await self.portal.post(
            f"{FUNCTIONS}/getDeviceFunctionTabMenus", body | more
        )
        assert answer["code"] == SUCCESS, answer
        menus: list[dict[str, Any]] = answer["data"]["functionMenus"]
        return menus

    async def function(
        self, key: str, address: str, *, battery: bool = False
    ) -> dict[str, Any]:
        more = {"batIndex": "1", "menuCode": 1} if battery else {}
        return next(
            function
            for _, function in flat(await self.menus(**more))
            if (function["translateKey"], function["address"]) == (key, address)
        )

    async def values(self, *functions: dict[str, Any]) -> Any:
        """Return the answer to a read of registers."""
        ids = {it["address"]: it["id"] for it in functions}
        body = {"sn": self.sn, "addresses": list(ids), "addrFuncMap": ids}
        return await self.portal.post(VALUES, body)

    async def value(self, function: dict[str, Any]) -> Any:
        answer = await self.values(function)
        assert answer["code"] == SUCCESS, answer
        return answer["data"]["data"].get(function["address"])

    def writing(self, function: dict[str, Any], value: Any) -> dict[str, Any]:
        address = function["address"]
        return {
            "sn": self.sn,
            "addressMap": {address: value},
            "addrFuncMap": {address: function["id"]},
            "controlItemLogs": {function["translateKey"]: value},
            "waitingForDevice": True,
            **(self.of_battery if address in BATTERY else self.whose),
        }

    @property
    def of_battery(self) -> dict[str, Any]:
        return {"plantId": self.portal.station.id, "deviceName": "mppt1_battery"}

    @property
    def whose(self) -> dict[str, Any]:
        return {
            "plantId": self.portal.station.id,
            "deviceName": self.device.name,
            "virtualSn": self.sn,
        }

    async def write(self, function: dict[str, Any], value: Any, **more: Any) -> Any:
        """Return the answer to a write, when the device obeys it."""
        body = self.writing(function, value) | more
        answer = await self.portal.post(WRITE, body)
        self.portal.clock.advance(3)
        return answer

    # Named settings

    async def read(self, *names: str) -> dict[str, Any]:
        body = {"sn": self.sn, "functionName": list(names)}
        answer = await self.portal.post(READ_NAMED, body)
        assert answer["code"] == SUCCESS, answer
        return {it["functionName"]: it["value"] for it in answer["data"]["items"]}

    async def set(self, name: str, data: dict[str, Any], **more: Any) -> Any:
        """Return the code of a write, when the device obeys it."""
        body = {
            "functionName": name,
            "sn": self.sn,
            "data": data,
            "controlItemLogs": {name: "remote_Switch_on"},
            "waitingForDevice": True,
            **self.whose,
        }
        body = {key: it for key, it in (body | more).items() if it is not None}
        answer = await self.portal.post(WRITE_NAMED, body)
        self.portal.clock.advance(3)
        assert "data" not in answer
        return answer["code"]

    def live(self) -> Live:
        return self.portal.station.house.live()

    async def running_mode(self) -> int:
        found = await self.read("INVCurrentWorkMode")
        mode: int = found["INVCurrentWorkMode"]["INVCurrentWorkMode"]
        return mode

    # Charger

    async def ev(self, call: str, **more: Any) -> Any:
        body = {"sn": self.charger.sn, "plantId": self.portal.station.id} | more
        return await self.portal.post(f"{REMOTE}/ev-charger/{call}", body)


def flat(
    menus: list[dict[str, Any]], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Return all functions with the keys of their menus."""
    for menu in menus:
        here = (*path, menu["translateKey"])
        for function in menu["functions"]:
            yield here, function
        yield from flat(menu["children"], here)


def options(function: dict[str, Any]) -> dict[str, str]:
    """Return the values of a function by their keys."""
    attributes = json.loads(function["controlAttr"])
    return {entry["transKey"]: entry["value"] for entry in attributes}


def slot(
    number: int, start: str, end: str, power: int, cutoff: int, **more: Any
) -> dict[str, Any]:
    """Return a slot on the wire: enabled, every day."""
    fields = {
        "TOUStart": start,
        "TOUEnd": end,
        "TOUWeekEnable": 249,
        "TOUWeek": list(range(7)),
        "ChargeDischargePW": power,
        "ChargeCutOffSet": cutoff,
        "TOUMonth": list(range(12)),
    } | more
    return {f"{name}{number}": value for name, value in fields.items()}
