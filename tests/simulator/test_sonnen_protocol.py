"""Who may do what, and how it is refused, and faults (sonnen.md sections 2 to 4)."""

from collections.abc import Callable
import json
from typing import Any

import aiohttp
import pytest

from simulator.sonnen import SonnenBattery, SonnenSimulator

from .sonnen_client import MODE, OPTIONAL, RESERVE, UNAUTHORIZED, Wire

# Reading


async def test_only_the_status_needs_no_token(wire: Wire) -> None:
    wire.token = None
    assert (await wire.read("status"))["USOC"] == 70
    for endpoint in (*OPTIONAL, "configurations/EM_USOC"):
        answer = await wire.get(endpoint)
        assert (answer.status, answer.body) == (401, UNAUTHORIZED), endpoint
        assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("endpoint", OPTIONAL)
async def test_a_wrong_token_and_a_switched_off_api_look_the_same(
    wire: Wire, battery: SonnenBattery, endpoint: str
) -> None:
    right, wire.token = wire.token, "wrong"
    wrong = await wire.get(endpoint)
    wire.token, battery.read_api = right, False
    off = await wire.get(endpoint)
    assert (
        (wrong.status, wrong.text)
        == (off.status, off.text)
        == (
            401,
            json.dumps(UNAUTHORIZED, separators=(",", ":")),
        )
    )
    assert (await wire.get("status")).status == 200


async def test_old_firmware_answers_a_wrong_token_with_an_empty_object(
    wire: Wire, battery: SonnenBattery
) -> None:
    battery.empty_on_bad_token = True
    wire.token = "wrong"
    assert await wire.read("latestdata") == {}
    assert await wire.read("configurations") == {}
    assert (await wire.read("status"))["RSOC"] == 72


async def test_the_token_of_another_battery_is_wrong(
    wire: Wire, sonnen: SonnenSimulator, session: aiohttp.ClientSession
) -> None:
    other = Wire(sonnen.batteries[1], session)
    assert (await other.get("battery")).status == 200
    other.token = wire.token
    assert (await other.get("battery")).status == 401


async def test_a_key_that_there_is_not_is_forbidden(wire: Wire) -> None:
    assert await wire.read("configurations/EM_USOC") == {"EM_USOC": "20"}
    answer = await wire.get("configurations/EM_Nothing")
    assert (answer.status, answer.body["error"]) == (
        403,
        "unexpected or restricted configuration",
    )


@pytest.mark.parametrize("endpoint", ["status", *OPTIONAL])
async def test_an_endpoint_that_the_firmware_does_not_have_is_a_page(
    wire: Wire, battery: SonnenBattery, endpoint: str
) -> None:
    battery.variant.missing_endpoints = {endpoint}
    answer = await wire.get(endpoint)
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Page not found" in answer.text
    assert (await wire.get("nothing")).text == answer.text


async def test_the_root_leads_to_the_dashboard(
    battery: SonnenBattery, session: aiohttp.ClientSession
) -> None:
    async with session.get(battery.url, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (301, "/dash")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "status"), ("POST", "configurations"), ("GET", "setpoint/charge/5")],
)
async def test_a_wrong_verb_is_not_allowed(wire: Wire, method: str, path: str) -> None:
    assert (await wire.request(method, path)).status == 405


# Faults


async def test_requests_are_told_apart(wire: Wire, sonnen: SonnenSimulator) -> None:
    await wire.get("status")
    await wire.get("configurations/EM_USOC")
    await wire.put(EM_USOC="25")
    await wire.put_json({RESERVE: "25", MODE: "2"})
    await wire.post("charge", 5)
    assert sonnen.counters.by_endpoint() == {
        "status": 1,
        "configurations/EM_USOC": 1,
        "set/EM_USOC": 1,
        "set/EM_USOC+EM_OperatingMode": 1,
        "setpoint/charge": 1,
    }
    assert sonnen.counters.count(system="123456") == 5
    assert [entry.status for entry in sonnen.counters.requests("set*")] == [
        200,
        200,
        201,
    ]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (400, {"error": "invalid parameters"}),
        (401, UNAUTHORIZED),
        (403, {"error": "VPP has priority"}),
        (500, {"error": "internal server error"}),
        (201, True),
    ],
)
async def test_the_vendors_own_errors(
    wire: Wire, sonnen: SonnenSimulator, code: int, body: Any
) -> None:
    sonnen.faults.add("vendor_error", "set*", code=code)
    answer = await wire.post("charge", 500)
    assert (answer.status, answer.body) == (code, body)
    assert sonnen.batteries[0].writes == []


async def test_a_fault_is_for_one_battery(
    wire: Wire, sonnen: SonnenSimulator, session: aiohttp.ClientSession
) -> None:
    sonnen.faults.add("status", "status", system="234567", status=502)
    assert (await wire.get("status")).status == 200
    assert (await Wire(sonnen.batteries[1], session).get("status")).status == 502


@pytest.mark.parametrize(
    "unplug",
    [
        lambda battery: setattr(battery, "online", False),
        lambda battery: (
            battery.change(backup=False) or battery.house.override(grid=False)
        ),
    ],
)
async def test_a_battery_that_cannot_be_reached(
    wire: Wire, battery: SonnenBattery, unplug: Callable[[SonnenBattery], None]
) -> None:
    unplug(battery)
    with pytest.raises(aiohttp.ClientConnectionError):
        await wire.get("status")


async def test_one_battery_is_unplugged_and_comes_back_on_its_port(
    wire: Wire, sonnen: SonnenSimulator, session: aiohttp.ClientSession
) -> None:
    battery = wire.battery
    port = battery.port
    await battery.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await wire.get("status")
    assert (await Wire(sonnen.batteries[1], session).get("status")).status == 200
    await battery.start()
    assert battery.port == port
    assert (await wire.get("status")).status == 200
    await sonnen.stop()
    await sonnen.start()
    assert (await wire.get("status")).status == 200
    assert sonnen.url == f"http://127.0.0.1:{port}"
