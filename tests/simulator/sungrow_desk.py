"""Business calls with an OAuth token, and what a parameter task needs."""

from dataclasses import dataclass
from typing import Any

from simulator.clock import ManualClock
from simulator.sungrow import Device, Plant, SungrowSimulator

from .sungrow_client import Gateway

HYBRID = "A2351607928"
HOME = "5123456"
RUNNING, FINISHED = 2, 8
SUCCESS, FAILURE, TIMEOUT = 4, 5, 6


@dataclass
class Desk:
    """Asks `/openapi/platform/...` unless `v1` says otherwise."""

    gateway: Gateway
    v1: bool = False

    def __post_init__(self) -> None:
        if self.v1:
            self.gateway.token = self.sim.issue_login()
        else:
            self.gateway.bearer = self.sim.issue()["access_token"]

    @property
    def sim(self) -> SungrowSimulator:
        return self.gateway.sim

    @property
    def clock(self) -> ManualClock:
        return self.gateway.clock

    @property
    def plant(self) -> Plant:
        return self.sim.plants[0]

    @property
    def hybrid(self) -> Device:
        return self.plant.main

    async def document(self, endpoint: str, **body: Any) -> Any:
        path = endpoint if self.v1 else f"platform/{endpoint}"
        return await self.gateway.ask(path, **body)

    async def data(self, endpoint: str, **body: Any) -> Any:
        """Return `result_data` of a call that succeeds."""
        document = await self.document(endpoint, **body)
        assert document["result_code"] == "1", document
        return document["result_data"]

    async def code(self, endpoint: str, **body: Any) -> str:
        """Return the `result_code` of a call that is refused."""
        document = await self.document(endpoint, **body)
        return str(document["result_code"])

    async def points(self, device: Device, *points: int, **more: Any) -> Any:
        """Return the row of one device as it was uploaded last."""
        answer = await self.data(
            "getDeviceRealTimeData",
            device_type=str(device.type),
            ps_key_list=[device.ps_key],
            point_id_list=[str(point) for point in points],
            **more,
        )
        (row,) = answer["device_point_list"]
        return row.get("device_point", row)

    async def plant_points(self, *points: int, **more: Any) -> Any:
        answer = await self.data(
            "getPowerStationRealTimeData",
            ps_id_list=[self.plant.id],
            point_id_list=[str(point) for point in points],
            **more,
        )
        (row,) = answer["device_point_list"]
        return row

    async def submit(
        self, device: Device, values: dict[int, Any], *, kind: int = 0, **more: Any
    ) -> Any:
        """Return the row of the device in the answer to `paramSetting`."""
        body = {
            "set_type": kind,
            "uuid": device.uuid,
            "task_name": "test",
            "expire_second": 120,
            "param_list": [
                {"param_code": str(code), "set_value": value}
                for code, value in values.items()
            ],
        }
        answer = await self.data("paramSetting", **(body | more))
        return answer["dev_result_list"][0]

    async def task(self, device: Device, number: str) -> Any:
        return await self.data("getParamSettingTask", task_id=number, uuid=device.uuid)

    async def write(self, device: Device, **values: str) -> dict[int, int]:
        """Write `p10003="2"`, wait until it is obeyed; return the rows' status."""
        wanted = {int(name[1:]): value for name, value in values.items()}
        row = await self.submit(device, wanted)
        assert row["code"] == "1", row
        self.clock.advance(25)
        rows = (await self.task(device, row["task_id"]))["param_list"]
        return {int(entry["param_code"]): entry["command_status"] for entry in rows}

    async def read(self, device: Device, *codes: int) -> dict[int, Any]:
        """Read parameters back; return the rows by code."""
        row = await self.submit(device, dict.fromkeys(codes, ""), kind=2)
        assert row["code"] == "1", row
        self.clock.advance(25)
        rows = (await self.task(device, row["task_id"]))["param_list"]
        return {int(entry["param_code"]): entry for entry in rows}
