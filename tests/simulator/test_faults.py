"""Every fault of the wire, on the AlphaESS simulator over real HTTP."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from simulator.faults import MISSING, Faults, mutate

from .alphaess_client import CHARGE_BODY, HOME_1, HOME_2, Client

LIST = "getEssList"


async def raw(api: Client, endpoint: str = LIST, **options: Any) -> tuple[int, str]:
    async with api.session.get(
        f"{api.sim.url}/{endpoint}", headers=api.headers(), **options
    ) as response:
        return response.status, await response.text()


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503])
async def test_status(api: Client, status: int) -> None:
    api.sim.faults.add("status", LIST, count=1, status=status)
    async with api.session.get(f"{api.sim.url}/{LIST}") as response:
        assert response.status == status
        assert "Retry-After" not in response.headers
        assert response.content_type == "text/html"
    assert (await api.get(LIST)).code == 200


async def test_retry_after(api: Client) -> None:
    api.sim.faults.add("status", status=429, retry_after=120)
    async with api.session.get(f"{api.sim.url}/{LIST}") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "120")


async def test_html_with_200(api: Client) -> None:
    api.sim.faults.add("html")
    status, text = await raw(api)
    assert status == 200
    assert text.startswith("<html>")


async def test_a_body_that_never_ends(api: Client) -> None:
    api.sim.faults.add("drip", seconds=0.01, count=1)
    with pytest.raises(TimeoutError):
        await raw(api, timeout=aiohttp.ClientTimeout(total=0.3))
    assert (await api.get(LIST)).code == 200


async def test_stop_does_not_wait_for_a_drip(api: Client) -> None:
    api.sim.faults.add("drip", seconds=3600)
    api.sim.faults.add("delay", seconds=3600, endpoint="getLastPowerData")
    waiting = [
        asyncio.create_task(raw(api)),
        asyncio.create_task(raw(api, "getLastPowerData")),
    ]
    await asyncio.sleep(0.2)
    assert api.sim.counters.count() == 2
    async with asyncio.timeout(3):
        await api.sim.stop()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_huge_body(api: Client) -> None:
    api.sim.faults.add("huge", size=8_000_000)
    _, text = await raw(api)
    assert len(text) > 7_900_000
    assert json.loads(text).keys() == {"filler"}


async def test_a_gzip_bomb(api: Client) -> None:
    api.sim.faults.add("gzip_bomb", size=8_000_000)
    async with api.session.get(f"{api.sim.url}/{LIST}") as response:
        assert int(response.headers["Content-Length"]) < 50_000
        assert len(await response.read()) > 7_900_000


async def test_a_redirect_loop(api: Client) -> None:
    api.sim.faults.add("redirect")
    with pytest.raises(aiohttp.TooManyRedirects):
        await raw(api)


async def test_a_redirect_to_another_host(api: Client) -> None:
    api.sim.faults.add("redirect", location="http://192.0.2.1/api/getEssList")
    async with api.session.get(
        f"{api.sim.url}/{LIST}", allow_redirects=False
    ) as response:
        assert response.status == 302
        assert response.headers["Location"] == "http://192.0.2.1/api/getEssList"


async def test_a_reset_before_the_handler(api: Client) -> None:
    api.sim.faults.add("reset", "updateChargeConfigInfo", count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.post("updateChargeConfigInfo", CHARGE_BODY)
    assert api.sim.systems[HOME_1].charge.stored["gridCharge"] == 0
    assert api.sim.counters.requests()[0].status is None


async def test_an_answer_lost_after_it_took_effect(api: Client) -> None:
    api.sim.faults.add("lost", "updateChargeConfigInfo", count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.post("updateChargeConfigInfo", CHARGE_BODY)
    data = (await api.get("getChargeConfigInfo", sysSn=HOME_1)).data
    assert data["gridCharge"] == 1


async def test_a_handler_goes_on_when_its_client_has_gone(api: Client) -> None:
    api.sim.faults.add("delay", "updateChargeConfigInfo", seconds=0.2)
    with pytest.raises(TimeoutError):
        await api.request(
            "POST",
            "updateChargeConfigInfo",
            json=CHARGE_BODY,
            timeout=aiohttp.ClientTimeout(total=0.05),
        )
    await asyncio.sleep(0.3)
    assert api.sim.systems[HOME_1].charge.stored["gridCharge"] == 1


async def test_vendor_errors(api: Client) -> None:
    api.sim.faults.add("vendor_error", code=6026, count=1)
    api.sim.faults.add("vendor_error", code=4711, message="Überraschung")
    answer = await api.get(LIST)
    assert (answer.status, answer.code) == (200, 6026)
    assert answer.body["msg"] == "network is busy"
    assert answer.body["data"] is None
    answer = await api.get(LIST)
    assert (answer.code, answer.body["msg"]) == (4711, "Überraschung")


async def test_a_replaced_body(api: Client) -> None:
    api.sim.faults.add("replace", body="null", count=1)
    assert await raw(api) == (200, "null")
    api.sim.faults.add("replace", body="Error", content_type="text/plain", status=201)
    assert await raw(api) == (201, "Error")


@pytest.mark.parametrize("value", [None, "", "-", "62.4", -1, [], {}, float("nan")])
async def test_a_mutated_field(api: Client, value: Any) -> None:
    api.sim.faults.add("mutate", "getLastPowerData", field="data.soc", value=value)
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert repr(data["soc"]) == repr(value)
    assert data["ppv"] > 0


async def test_a_missing_field_and_several_faults_at_once(api: Client) -> None:
    api.sim.faults.add("mutate", field="data.*.minv", value=MISSING)
    api.sim.faults.add("mutate", field="data.0.new", value=1)
    systems = (await api.get(LIST)).data
    assert all("minv" not in system for system in systems)
    assert systems[0]["new"] == 1
    assert "new" not in systems[1]


async def test_a_fault_of_one_system_and_endpoint(api: Client) -> None:
    api.sim.faults.add("vendor_error", "getLast*", system=HOME_1, code=6026)
    assert (await api.get("getLastPowerData", sysSn=HOME_1)).code == 6026
    assert (await api.get("getLastPowerData", sysSn=HOME_2)).code == 200
    assert (await api.get("getSumDataForCustomer", sysSn=HOME_1)).code == 200
    api.sim.faults.add(
        "vendor_error", "updateChargeConfigInfo", system=HOME_1, code=6029
    )
    assert (await api.post("updateChargeConfigInfo", CHARGE_BODY)).code == 6029


async def test_counted_faults_go_away(api: Client) -> None:
    fault = api.sim.faults.add("vendor_error", code=6026, count=2)
    codes = [(await api.get(LIST)).code for _ in range(3)]
    assert codes == [6026, 6026, 200]
    assert (fault.count, api.sim.faults.active) == (0, ())


async def test_a_server_that_is_down_comes_back_on_its_port(api: Client) -> None:
    url = api.sim.url
    await api.sim.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.session.get(f"{url}/{LIST}", headers=api.headers())
    await api.sim.start()
    assert api.sim.url == url
    assert (await api.get(LIST)).code == 200


def test_the_switchboard() -> None:
    faults = Faults()
    first, second = faults.add("reset"), faults.add("html", count=1)
    assert list(faults.active) == [first, second]
    assert faults.remove(first.number)
    assert not faults.remove(first.number)
    assert faults.take("anything", None) == [second]
    assert faults.take("anything", None) == []
    faults.add("reset")
    faults.clear()
    assert not faults.active
    with pytest.raises(ValueError, match="earthquake"):
        faults.add("earthquake")
    with pytest.raises(TypeError):
        faults.add("reset", magnitude=7)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("a", 1, {"a": 1, "b": [1, 2]}),
        ("a.x", 1, {"a": {"x": 1, "y": None}, "b": [1, 2]}),
        ("a.z", 1, {"a": {"x": 0, "y": None, "z": 1}, "b": [1, 2]}),
        ("a.*", 1, {"a": {"x": 1, "y": 1}, "b": [1, 2]}),
        ("a.y", MISSING, {"a": {"x": 0}, "b": [1, 2]}),
        ("b.1", "two", {"a": {"x": 0, "y": None}, "b": [1, "two"]}),
        ("b.*", MISSING, {"a": {"x": 0, "y": None}, "b": []}),
        ("b.7", 1, {"a": {"x": 0, "y": None}, "b": [1, 2]}),
        ("c.d.e", 1, {"a": {"x": 0, "y": None}, "b": [1, 2]}),
        ("a.y.z", 1, {"a": {"x": 0, "y": None}, "b": [1, 2]}),
    ],
)
def test_mutate(path: str, value: Any, expected: Any) -> None:
    document = {"a": {"x": 0, "y": None}, "b": [1, 2]}
    mutate(document, path, value)
    assert document == expected
