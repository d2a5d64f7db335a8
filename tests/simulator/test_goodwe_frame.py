"""Envelope, errors, accounting and switches of SEMS+ (reference sections 3 to 5)."""

import asyncio
from typing import Any

import pytest

from .goodwe_client import FLOW, INFO, LOGIN, Portal


@pytest.fixture
def stations() -> tuple[str, ...]:
    return ("string",)


@pytest.mark.parametrize("code", ["00000", "0", 0])
async def test_success_has_three_spellings(portal: Portal, code: Any) -> None:
    portal.sim.wire.success_code = code
    answer = await portal.get(FLOW, stationId=portal.station.id)
    assert answer["code"] == code
    assert type(answer["code"]) is type(code)
    assert answer["data"]["id"] == portal.station.id


@pytest.mark.parametrize(
    ("empty", "data"), [("null", None), ("object", {}), ("list", []), ("absent", "no")]
)
async def test_success_without_data(portal: Portal, empty: Any, data: Any) -> None:
    portal.sim.wire.empty = {"*/flow"}
    portal.sim.wire.empty_as = empty
    answer = await portal.get(FLOW, stationId=portal.station.id)
    assert answer.get("data", "no") == data
    assert (await portal.info())["stationId"] == portal.station.id


async def test_a_refusal_holds_as_often_as_told(portal: Portal) -> None:
    portal.sim.wire.refusal, portal.sim.wire.refusals = "GY0429", 2
    codes = [await portal.code() for _ in range(3)]
    assert codes == ["GY0429", "GY0429", "00000"]


async def test_texts_of_errors_are_where_they_are_told_to_be(portal: Portal) -> None:
    portal.sim.faults.add("vendor_error", "*", message="P0215")
    answer = await portal.get(FLOW, stationId=portal.station.id)
    assert (answer["code"], answer["translationCode"]) == ("P0215", "op_fail")
    assert answer["description"] == "操作失败"
    portal.sim.wire.texts_at = "errorMsg"
    answer = await portal.get(FLOW, stationId=portal.station.id)
    assert "description" not in answer
    assert answer["errorMsg"] == "操作失败"
    assert portal.sim.counters.requests("*/flow")[-1].code == 215


async def test_paths_that_are_not_there(portal: Portal) -> None:
    for method, path in (("GET", "sems-plant/api/none"), ("GET", INFO)):
        status, answer, _ = await portal.send(method, path)
        assert (status, answer) == (404, {"error_msg": "404 Route Not Found"})
    portal.sim.wire.absent = {"*/flow"}
    assert (await portal.send("GET", FLOW))[0] == 404
    portal.sim.wire.forbidden = {INFO}
    assert (await portal.post(INFO, stationId=portal.station.id))["code"] == "100025"


async def test_what_is_not_the_accounts_is_forbidden(portal: Portal) -> None:
    assert (await portal.get(FLOW, stationId="other"))["code"] == "100025"
    assert (await portal.get(FLOW))["code"] == "P0214"
    portal.station.lost = True
    assert await portal.code() == "100025"
    path = "sems-plant/api/equipments/56000DNS216L0505/telemetry"
    assert (await portal.get(path))["code"] == "100025"


async def test_calls_are_named_without_serial_numbers(portal: Portal) -> None:
    inverter = portal.device("INVERTER").sn
    await portal.get(f"sems-plant/api/equipments/{inverter}/telemetry")
    await portal.get(FLOW, stationId=portal.station.id)
    await portal.post("sems-alarm/api/alarm/statistics", {"stationIds": ["a"]})
    seen = [(it.endpoint, it.system) for it in portal.sim.counters.requests()]
    assert seen == [
        (LOGIN, portal.sim.account),
        ("sems-plant/api/equipments/telemetry", inverter),
        (FLOW, portal.station.id),
        ("sems-alarm/api/alarm/statistics", "a"),
    ]


async def test_requests_are_counted_per_hour_and_at_once(portal: Portal) -> None:
    requests = portal.sim.requests
    requests.forget()
    portal.sim.wire.latency = 0.02
    await asyncio.gather(portal.code(), portal.code())
    portal.sim.wire.latency = 0
    portal.clock.advance(3599)
    await portal.code()
    portal.clock.advance(1)
    await portal.code()
    assert requests.counts == {FLOW: 4}
    assert requests.most_per_hour("*/flow") == 3
    assert requests.rolling() == 2
    assert (requests.most_reads_at_once, requests.most_writes_at_once) == (2, 0)


async def test_switches_at_the_side_door(portal: Portal) -> None:
    async def post(wish: dict[str, Any]) -> int:
        url = f"{portal.sim.control_url}/goodwe"
        async with portal.session.post(url, json=wish) as response:
            return response.status

    inverter = portal.device("INVERTER").sn
    assert await post({"group": "cloud", "night": "empty"}) == 200
    assert await post({"device": inverter, "online": False}) == 200
    assert await post({"group": "wire", "absent": ["*/x"]}) == 200
    assert portal.sim.cloud.night == "empty"
    assert portal.sim.devices[inverter].status == "0"
    assert portal.sim.wire.absent == {"*/x"}
    for wrong in (
        {"group": "cloud", "night": "day"},
        {"group": "none", "night": "empty"},
        {"device": "x", "online": True},
        {"night": "empty"},
    ):
        assert await post(wrong) == 400
    assert await post({"steal": True}) == 200
    assert await portal.code() == "C0602"
    async with portal.session.get(f"{portal.sim.control_url}/goodwe") as response:
        shown = await response.json()
    assert shown["logins"]["thefts"] == 1
    assert shown["devices"][inverter]["now"] == "0"
