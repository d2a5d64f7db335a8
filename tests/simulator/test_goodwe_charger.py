"""Chargers of the SEMS+ simulator (reference sections 3.14 and 6.5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from .goodwe_client import Portal
from .goodwe_remote import SUCCESS, Remote

PILE = "sems-plant/api/v1/chargePile"
LISTS = "sems-plant/api/web/device"


@pytest.fixture
def stations() -> tuple[str, ...]:
    return ("charger",)


@pytest.fixture
def remote(portal: Portal) -> Remote:
    """Return one whose car is plugged in and charges with all it has."""
    remote = Remote(portal)
    remote.charger.switches.write_seconds = 0
    remote.charger.switches.shown_seconds = 60
    portal.station.house.override(ev_plugged=True)
    return remote


async def detail(remote: Remote) -> Any:
    return (await remote.ev("detail"))["data"]


async def last(remote: Remote) -> Any:
    query = {"chargeSn": remote.charger.sn, "pwId": remote.portal.station.id}
    return (await remote.portal.get(f"{PILE}/getLastCharge", **query))["data"][
        "chargeLog"
    ]


async def log(remote: Remote) -> Any:
    body = {"chargeSn": remote.charger.sn, "pwId": remote.portal.station.id}
    return (await remote.portal.post(f"{PILE}/queryChargeLogList", body))["data"]


async def change(remote: Remote, call: str, **more: Any) -> Any:
    """Return the code of a write, when it is obeyed."""
    answer = await remote.ev(call, **more)
    remote.portal.clock.advance(60)
    return answer["code"]


async def test_it_is_found_in_two_lists(remote: Remote) -> None:
    query = {"stationId": remote.portal.station.id, "deviceType": "EV_CHARGER"}
    answer = await remote.portal.get(f"{LISTS}/station/getDevicesByType", **query)
    (row,) = answer["data"]
    assert (row["sn"], row["productModel"]) == (remote.charger.sn, "GW11K-HCA-20")
    body = {"deviceTypeList": ["EV_CHARGER"], "current": 1, "size": 50}
    answer = await remote.portal.post(f"{LISTS}/centralized/page", body)
    assert [it["children"] for it in answer["data"]["dataList"]] == [[row]]


async def test_states_of_the_plug(remote: Remote) -> None:
    house = remote.portal.station.house
    seen = {}
    for step in ("charging", "stopped", "free", "offline"):
        if step == "stopped":
            assert await change(remote, "stopCharge") == SUCCESS
        elif step == "free":
            house.override(ev_plugged=False)
        elif step == "offline":
            remote.portal.device("EV_CHARGER").switches.online = False
        told = await detail(remote)
        seen[step] = (told["status"], told["workState"])
    assert seen == {
        "charging": ("charging", "available_gun_insered"),
        "stopped": ("standby", "suspended_evse"),
        "free": ("available", "available_gun_no_insered"),
        "offline": ("offline", "available_gun_no_insered"),
    }


async def test_other_spellings(remote: Remote) -> None:
    remote.charger.switches.names = "titles"
    told = await detail(remote)
    assert told["status"] == "EVDetail_Status_Title_Charging"
    assert told["workState"] == "EVDetail_Status_Waiting_Stat01"
    remote.charger.switches.names = "other"
    told = await detail(remote)
    assert told["workMode"] == "0"
    assert told["chargeMaxPower"] == "11.0"


async def test_stop_and_start_take_a_minute(remote: Remote) -> None:
    assert remote.live().ev_w == 11_000
    answer = await remote.ev("stopCharge")
    assert answer["code"] == SUCCESS
    remote.portal.clock.advance(59)
    assert remote.live().ev_w == 11_000
    remote.portal.clock.advance(1)
    assert remote.live().ev_w == 0
    assert (await last(remote))["workStu"] == 8
    assert await change(remote, "startCharge") == SUCCESS
    assert remote.live().ev_w == 11_000
    assert (await last(remote))["workStu"] == 6


async def test_fast_needs_both_powers(remote: Remote) -> None:
    for powers in ({}, {"chargePowerSetted": 7.0}, {"chargeMaxPower": 7.0}):
        assert await change(remote, "set-mode", mode=0, **powers) == SUCCESS
        assert (await detail(remote))["chargePowerSetted"] == 11.0
    await change(remote, "set-mode", mode=0, chargePowerSetted=7.0, chargeMaxPower=7.0)
    assert (await detail(remote))["chargePowerSetted"] == 7.0
    assert remote.live().ev_w == 7000


async def test_the_sun_alone_charges(remote: Remote) -> None:
    assert await change(remote, "set-mode", mode=1) == SUCCESS
    assert (await detail(remote))["chargeMode"] == 1
    assert remote.live().ev_w == 0
    remote.portal.station.house.override(pv_w=4500)
    assert remote.live().ev_w == 4000
    await change(remote, "set-mode", mode=2)
    assert remote.live().ev_w == 11_000
    assert remote.live().battery_w > 0


async def test_a_power_in_another_mode_falls_back_to_fast(remote: Remote) -> None:
    await change(remote, "set-mode", mode=1)
    more = {"chargePowerSetted": 7.0, "chargeMaxPower": 7.0}
    assert await change(remote, "set-mode", mode=2, **more) == SUCCESS
    assert (await detail(remote))["chargeMode"] == 0


async def test_the_first_generation_goes_back_silently(remote: Remote) -> None:
    remote.charger.switches.reverts_after = 30
    await change(remote, "set-mode", mode=1)
    assert (await detail(remote))["chargeMode"] == 1
    remote.portal.clock.advance(30)
    assert (await detail(remote))["chargeMode"] == 0


async def test_busy_deaf_and_strange_answers(remote: Remote) -> None:
    switches = remote.charger.switches
    switches.busy = 2
    codes = [await change(remote, "stopCharge") for _ in range(3)]
    assert codes == ["R0305", "R0305", SUCCESS]
    switches.success = "true"
    # No code beside it (6.5)
    assert await remote.ev("startCharge") == {"data": True}
    remote.portal.clock.advance(60)
    assert remote.live().ev_w > 0
    switches.follows, switches.success = False, "code"
    assert await change(remote, "stopCharge") == SUCCESS
    assert remote.live().ev_w > 0


async def test_who_may_not(remote: Remote) -> None:
    assert (await remote.ev("set-mode", mode=7))["code"] == "P0214"
    assert (await remote.ev("detail", sn=remote.sn))["code"] == "P0215"
    remote.portal.station.permissions.remove("INVERTER_REMOTE")
    assert (await remote.ev("stopCharge"))["code"] == "100025"
    assert remote.charger.writes == []


async def test_a_session_becomes_an_entry_of_the_log(remote: Remote) -> None:
    portal = remote.portal
    remote.charger.switches.session_named = True
    before = (await log(remote))["total"]
    portal.clock.advance(1800)
    going = await last(remote)
    assert (going["workStu"], going["pevChar"]) == (6, 11.0)
    assert going["currentChargeQuantity"] == pytest.approx(5.5, abs=0.02)
    assert going["chargeStartTime"] == "2026-05-03 13:10:00"
    portal.station.house.override(ev_plugged=False)
    ended = await last(remote)
    assert ended["workStu"] == 0
    assert (await log(remote))["total"] == before
    portal.clock.advance(1200)
    found = await log(remote)
    assert found["total"] == before + 1
    first = found["dataList"][0]
    assert first["chargeSerialNumber"] == going["chargeSerialNumber"]
    assert first["currentChargeQuantity"] == going["currentChargeQuantity"]


async def test_the_log_agrees_with_the_house(remote: Remote) -> None:
    house = remote.portal.station.house
    found = await log(remote)
    assert found["total"] >= len(found["dataList"]) > 5
    starts = [
        datetime.fromisoformat(entry["chargeStartTime"]) for entry in found["dataList"]
    ]
    assert starts == sorted(starts, reverse=True)
    days = (house.today() - timedelta(days=back) for back in range(1, 31))
    energies = (house.energy_on(day) for day in days)
    truth = sum(energy.ev_wh for energy in energies if energy) / 1000
    total = sum(entry["currentChargeQuantity"] for entry in found["dataList"])
    assert total == pytest.approx(truth, abs=0.3)


async def test_an_offline_charger_takes_nothing(remote: Remote) -> None:
    remote.portal.device("EV_CHARGER").switches.online = False
    assert (await remote.ev("stopCharge"))["code"] == "P0215"
    assert remote.charger.writes == []


async def test_without_a_session_there_is_no_log(remote: Remote) -> None:
    remote.portal.station.house.override(ev_plugged=False)
    remote.portal.clock.advance(4 * 86_400)
    assert await last(remote) is None
    assert remote.charger.plug == "free"


async def test_switches_at_the_side_door(remote: Remote) -> None:
    url = f"{remote.portal.sim.control_url}/goodwe"
    wish = {"device": remote.charger.sn, "names": "titles"}
    async with remote.portal.session.post(url, json=wish) as response:
        shown = (await response.json())["devices"][remote.charger.sn]
    assert (shown["names"], shown["plug"], shown["mode"]) == ("titles", "charging", 0)


async def test_it_usually_takes_more_than_a_minute(remote: Remote) -> None:
    remote.charger.switches.shown_seconds = None
    await remote.ev("stopCharge")
    remote.portal.clock.advance(59)
    assert remote.live().ev_w > 0
    remote.portal.clock.advance(31)
    assert remote.live().ev_w == 0
    (effect,) = remote.charger.effects
    assert (effect.part, effect.before, effect.after) == ("charging", True, False)


async def test_a_full_car(remote: Remote) -> None:
    remote.portal.clock.advance(4 * 3600)
    assert (await detail(remote))["workState"] == "finish"
    assert (await last(remote))["workStu"] == 8


async def test_a_session_that_is_shown_has_no_name(remote: Remote) -> None:
    """The reference tells no number and no times of it (3.14)."""
    remote.portal.clock.advance(1800)
    assert set(await last(remote)) == {
        "workStu",
        "pevChar",
        "chargeTimeLength",
        "currentChargeQuantity",
    }
