"""Sungrow's simulated cloud, with what the suite needs of it."""

from collections.abc import Mapping
from itertools import count
from typing import Any, override

from aiohttp import web

from simulator.house import House
from simulator.setting import Setting
from simulator.sungrow import SungrowSimulator
from simulator.sungrow.parameters import parameters_of
from simulator.sungrow.server import FRAME
from simulator.sungrow.tasks import SUCCESS, Row, Task

REFUSED, REPEATED, IGNORED = 3, 9, 0
SET = "platform/paramSetting"
_numbers = count(900_000_001)


class Cloud(SungrowSimulator):
    """One whose faults are a device's answers to a task, and that tells reads apart.

    0 is a task that ends well and changes nothing.
    """

    @override
    async def identify(self, request: web.Request) -> tuple[str, str | None]:
        endpoint, system = await super().identify(request)
        body = request[FRAME].body
        reads = endpoint == SET and str(body.get("set_type")) == "2"
        return f"{endpoint}:read" if reads else endpoint, system

    @override
    def error_response(self, code: int, message: str | None) -> web.Response:
        row: dict[str, Any] = {"uuid": "", "code": str(code or 1), "msg": ""}
        if code == IGNORED:
            row["task_id"] = str(self._done())
        return web.json_response(
            {
                "result_code": "1",
                "result_msg": "success",
                "result_data": {
                    "check_result": row["code"],
                    "dev_result_list": [row],
                },
            }
        )

    def _done(self) -> int:
        now = self.clock()
        number = next(_numbers)
        for device in self.devices.values():
            device.tasks.append(
                Task(
                    number=number,
                    name="",
                    kind=0,
                    created=now,
                    expires=now,
                    ends=now,
                    rows=[
                        Row(code=code, set_value="", status=SUCCESS)
                        for code in _any(device)
                    ],
                    over=now,
                )
            )
        return number


def _any(device: Any) -> list[int]:
    return list(parameters_of(device.spec))[:1]


class Token:
    """Fits the client's credentials: one that lives for ever."""

    def __init__(self, simulator: SungrowSimulator) -> None:
        """Have one issued."""
        simulator.oauth.access_seconds = 400 * 86400
        self._token = simulator.issue()["access_token"]

    async def token(self) -> str:
        return str(self._token)

    async def renew(self, old: str) -> str:
        raise AssertionError("a token that lives was refused")


class Clamping(Setting[dict[int, int]]):
    """Settings that a device cuts down to what it can."""

    clamps: Mapping[str, float] = {}

    @override
    def accept(self, value: dict[int, int], house: House, **when: Any) -> None:
        most = {int(code[1:]): int(least) for code, least in self.clamps.items()}
        cut = {k: min(v, most.get(k, v)) for k, v in value.items()}
        super().accept(cut, house, **when)
