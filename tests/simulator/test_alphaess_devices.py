"""Wallbox (alphaess.md 3.13 to 3.17) and binding (3.10 to 3.12)."""

from typing import Any

import pytest

from simulator.alphaess import AlphaSystem
from simulator.clock import ManualClock

from .alphaess_client import CHARGER, HOME_1, HOME_2, Client


@pytest.fixture
def system(api: Client) -> AlphaSystem:
    return api.sim.systems[HOME_1]


async def status(api: Client) -> int:
    answer = await api.get("getEvChargerStatusBySn", sysSn=HOME_1, evchargerSn=CHARGER)
    assert list(answer.data) == ["evchargerStatus"]
    return int(answer.data["evchargerStatus"])


async def control(api: Client, mode: Any, **changes: Any) -> int:
    body = {"sysSn": HOME_1, "evchargerSn": CHARGER, "controlMode": mode} | changes
    return (await api.post("remoteControlEvCharger", body)).code


async def test_list_of_chargers(api: Client) -> None:
    answer = await api.get("getEvChargerConfigList", sysSn=HOME_1)
    assert answer.data == [{"evchargerSn": CHARGER, "evchargerModel": "SMILE-EVCT11"}]
    assert (await api.get("getEvChargerConfigList", sysSn=HOME_2)).data == []


async def test_every_status(
    api: Client, system: AlphaSystem, clock: ManualClock
) -> None:
    house, charger = system.house, system.charger
    assert charger is not None
    assert await status(api) == 1
    house.override(ev_plugged=True, pv_w=0, load_w=500, soc=50)
    assert await status(api) == 3
    # The house connection has nothing left for the car
    house.override(load_w=17_000)
    assert await status(api) == 4
    house.override(load_w=500)
    charger.faulted = True
    assert await status(api) == 9
    charger.faulted = False
    clock.advance(3 * 3600)
    assert await status(api) == 3
    clock.advance(3600)
    # 40 kWh are in
    assert await status(api) == 5
    house.override(ev_plugged=False)
    assert await status(api) == 1
    house.override(ev_plugged=True)
    house.change(lambda: house.set_car_enabled(enabled=False))
    assert await status(api) == 2


async def test_stop_and_start_move_the_load(
    api: Client, system: AlphaSystem, clock: ManualClock
) -> None:
    system.house.override(ev_plugged=True)
    clock.advance(60)
    assert await control(api, 0) == 200
    clock.advance(14)
    assert await status(api) == 3
    clock.advance(1)
    assert await status(api) == 6
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert data["pev"] == 0
    assert await control(api, 1) == 200
    clock.advance(15)
    assert await status(api) == 3
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert data["pev"] == 11_000


async def test_a_charger_that_does_not_follow(
    api: Client, system: AlphaSystem, clock: ManualClock
) -> None:
    assert system.charger is not None
    system.charger.follows = False
    system.house.override(ev_plugged=True)
    assert await control(api, 0) == 200
    clock.advance(60)
    assert await status(api) == 3


async def test_start_without_a_car_does_nothing(
    api: Client, clock: ManualClock
) -> None:
    assert await control(api, 1) == 200
    clock.advance(60)
    assert await status(api) == 1


async def test_checks_of_the_charger(api: Client, system: AlphaSystem) -> None:
    assert await control(api, 2) == 6001
    assert await control(api, "go") == 6001
    assert await control(api, None) == 10001
    assert await control(api, 1, sysSn="AL0000000000000") == 6005
    assert await control(api, 1, evchargerSn="ALP0000000000") == 6029
    assert await control(api, 1, sysSn=HOME_2) == 6029
    system.online = False
    assert await control(api, 1) == 6042
    query = {"sysSn": HOME_1, "evchargerSn": CHARGER}
    assert (await api.get("getEvChargerStatusBySn", **query)).code == 6042
    other = query | {"sysSn": HOME_2}
    assert (await api.get("getEvChargerStatusBySn", **other)).code == 6016


async def test_household_current(api: Client, system: AlphaSystem) -> None:
    async def write(current: Any, serial: str = HOME_1) -> int:
        body = {"sysSn": serial, "currentsetting": current}
        return (await api.post("setEvChargerCurrentsBySn", body)).code

    answer = await api.get("getEvChargerCurrentsBySn", sysSn=HOME_1)
    assert answer.data == {"currentsetting": 32.0}
    assert await write(25) == 200
    answer = await api.get("getEvChargerCurrentsBySn", sysSn=HOME_1)
    assert answer.data == {"currentsetting": 25.0}
    for wrong in (5, 33, "many", True, [16]):
        assert await write(wrong) == 6001
    assert await write(None) == 10001
    assert await write(16, HOME_2) == 6029
    assert (await api.get("getEvChargerCurrentsBySn", sysSn=HOME_2)).code == 6016
    system.online = False
    assert await write(16) == 6042


async def test_bind_with_a_mailed_code(
    api: Client, system: AlphaSystem, clock: ManualClock
) -> None:
    assert (await api.post("unBindSn", {"sysSn": HOME_1})).code == 200
    assert (await api.get("getLastPowerData", sysSn=HOME_1)).code == 6005
    assert (await api.post("unBindSn", {"sysSn": HOME_1})).code == 6005

    answer = await api.get("getVerificationCode", sysSn=HOME_1, checkCode="CHK0101")
    assert answer.data is None
    async with api.session.get(f"{api.sim.control_url}/alphaess") as response:
        code = (await response.json())["systems"][HOME_1]["verification_code"]
    assert len(code) == 6

    async def bind(given: str) -> int:
        return (await api.post("bindSn", {"sysSn": HOME_1, "code": given})).code

    assert await bind(f"{(int(code) + 1) % 1_000_000:06d}") == 6046
    clock.advance(600)
    assert await bind(code) == 200
    assert await bind(code) == 6003
    assert (await api.get("getLastPowerData", sysSn=HOME_1)).code == 200


async def test_a_code_expires_and_is_used_once(
    api: Client, system: AlphaSystem, clock: ManualClock
) -> None:
    api.sim.code_in_answer = True
    account = next(iter(api.sim.accounts.values()))

    async def fresh() -> str:
        query = {"sysSn": HOME_1, "checkCode": "CHK0101"}
        return str((await api.get("getVerificationCode", **query)).data)

    code = await fresh()
    account.bound.discard(HOME_1)
    body = {"sysSn": HOME_1, "code": code}
    clock.advance(601)
    assert (await api.post("bindSn", body)).code == 6046
    body["code"] = await fresh()
    assert (await api.post("bindSn", body)).code == 200
    account.bound.discard(HOME_1)
    assert (await api.post("bindSn", body)).code == 6046


async def test_refused_verification_codes(api: Client, system: AlphaSystem) -> None:
    async def code(**query: str) -> int:
        return (await api.get("getVerificationCode", **query)).code

    assert await code(sysSn=HOME_1, checkCode="wrong") == 6004
    assert await code(sysSn="AL0000000000000", checkCode="wrong") == 6038
    assert await code(sysSn=HOME_1) == 6001
    system.registered = False
    assert await code(sysSn=HOME_1, checkCode="CHK0101") == 6002
    body = {"sysSn": "AL0000000000000", "code": "123456"}
    assert (await api.post("bindSn", body)).code == 6038
