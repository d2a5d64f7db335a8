"""Register functions of the SEMS+ simulator (reference section 6.2)."""

import asyncio
import json
from typing import Any, ClassVar

import pytest

from simulator.clock import ManualClock
from simulator.goodwe import HOMES
from simulator.goodwe.waits import pause

from .goodwe_client import Portal
from .goodwe_remote import (
    FUNCTIONS,
    READ_NAMED,
    SUCCESS,
    VALUES,
    WRITE,
    WRITE_NAMED,
    Remote,
    flat,
    options,
)

LIMITED, LIMIT = "47509", "47510"


@pytest.fixture
def remote(portal: Portal) -> Remote:
    return Remote(portal)


def kind(stations: tuple[str, ...]) -> Any:
    return pytest.mark.parametrize("stations", [stations])


async def test_functions_are_nested_and_keys_come_twice(remote: Remote) -> None:
    found = list(flat(await remote.menus()))
    paths = {path for path, _ in found}
    assert max(map(len, paths)) == 2
    (limit,) = (it for _, it in found if it["address"] == LIMIT)
    assert ("grid-tie_power_limit",) in paths
    assert limit | {"id": ""} == {
        "address": LIMIT,
        "id": "",
        "translateKey": "limit_setting",
        "functionName": "功能",
        "funcKey": "PWLimitThr",
        "rwType": "RW",
        "control": 3,
        "controlAttr": "",
        "range": "[0,10000]",
        "gain": 1,
        "unit": "W",
        "type": "U16",
        "size": 1,
        "cpuType": "ARM",
        "preCommand": "F7",
    }
    switches = [it for _, it in found if it["translateKey"] == "grid-tie_power_limit"]
    assert [options(it) for it in switches] == [
        {"remote_Switch_on": "1", "remote_Switch_off": "0"}
    ]
    assert {it["gain"] for _, it in found} == {1, 10, None}
    assert {it["control"] for _, it in found} > {26, 33}


@pytest.mark.parametrize("stations", [("hybrid", "hybrid", "v2")])
async def test_ids_and_values_are_those_of_the_device(
    remote: Remote, stations: tuple[str, ...]
) -> None:
    inverters = [
        next(device for device in station.devices if device.is_inverter)
        for station in remote.portal.sim.stations
    ]
    found = [
        next(
            it
            for _, it in flat(await remote.menus(device.sn))
            if it["address"] == "80017"
        )
        for device in inverters
    ]
    assert len({it["id"] for it in found}) == len(stations)
    assert all(len(it["id"]) == 19 for it in found)
    assert [options(it)["start_up"] for it in found] == ["4", "4", "3"]


async def test_the_battery_has_a_menu_of_its_own(remote: Remote) -> None:
    found = [it for _, it in flat(await remote.menus(batIndex="1", menuCode=1))]
    assert [it["address"] for it in found] == ["47545", "47545", "47546", "47603"]
    assert len({it["id"] for it in found}) == 4
    assert await remote.menus(batIndex="2", menuCode=1) == []


@kind(("all_in_one",))
async def test_an_all_in_one_runs_and_stops_by_a_switch(remote: Remote) -> None:
    run = await remote.function("run_stop", "45218")
    assert await remote.value(run) == 1
    assert (await remote.write(run, 0))["code"] == SUCCESS
    assert await remote.value(run) == 0
    assert await remote.running_mode() == 255
    restart = await remote.function("restart", "45221")
    assert (await remote.write(restart, 0))["code"] == "P0215"
    assert (await remote.write(restart, 361))["code"] == SUCCESS
    assert not remote.controls.stopped


async def test_the_dongle_lists_what_nobody_may_touch(remote: Remote) -> None:
    dongle = remote.portal.device("DONGLE").sn
    found = {
        it["translateKey"] for _, it in flat(await remote.menus(dongle, menuCode=3))
    }
    assert found == {"modbus_tcp", "bluetooth_switch", "shell_switch"}
    assert await remote.menus(menuCode=3) == []


async def test_cards_of_work_modes(remote: Remote) -> None:
    (menu,) = await remote.menus(module="WORK_MODE")
    offered = [it["funcKey"] for it in menu["children"] if it["visible"] == 0]
    assert offered == [
        *("selfUseMode", "backupMode", "TOUMode"),
        *("offGridMode", "peakShaveMode", "delayMode"),
    ]


@pytest.mark.parametrize(
    ("stations", "told"),
    [
        (("hybrid",), {"workMode": "3.0", "arm": "12"}),
        (("v2",), {"workMode": "2.0", "arm": "12"}),
        (("v1",), {"workMode": "1.0", "arm": "12"}),
        (("all_in_one",), {"workMode": "3.0", "arm": "745"}),
        (("string",), {"workMode": None, "arm": None}),
    ],
)
async def test_dialect(remote: Remote, told: dict[str, Any]) -> None:
    answer = await remote.portal.get(f"{FUNCTIONS}/get-work-mode", sn=remote.sn)
    assert answer["data"] == told


async def test_a_battery_and_a_meter_resolve_to_their_inverter(remote: Remote) -> None:
    for device in ("BAT_SYS", "SMART_METER", "INVERTER"):
        body = {"sn": remote.portal.device(device).sn, "menuCode": 1}
        answer = await remote.portal.post(f"{FUNCTIONS}/get-related-sn", body)
        assert answer["data"] == {"sn": remote.sn}


async def test_the_whole_tree(remote: Remote) -> None:
    body = {"sn": remote.sn, "menuCode": 0, "batIndex": ""}
    answer = await remote.portal.post(f"{FUNCTIONS}/getTopTreeByCode", body)
    addresses = {it["address"] for _, it in flat(answer["data"]["functionMenus"])}
    assert addresses > {LIMITED, "47545", "80017"}


async def test_an_export_limit_is_written_read_and_obeyed(remote: Remote) -> None:
    remote.portal.station.house.override(pv_w=9000, load_w=500, soc=100)
    assert remote.live().grid_w == -8500
    switch = await remote.function("grid-tie_power_limit", LIMITED)
    limit = await remote.function("limit_setting", LIMIT)
    both = await remote.values(switch, limit)
    assert both["data"] == {"data": {LIMITED: 0, LIMIT: 10_000}}
    answer = await remote.write(limit, 3000)
    assert answer.keys() == {"code", "description", "traceId"}
    assert remote.live().grid_w == -8500
    assert (await remote.write(switch, 1))["code"] == SUCCESS
    assert remote.live().grid_w == -3000
    assert (await remote.values(switch, limit))["data"]["data"] == {
        LIMITED: 1,
        LIMIT: 3000,
    }
    assert [it.asked for it in remote.controls.writes] == [{LIMIT: 3000}, {LIMITED: 1}]


async def test_start_and_stop(remote: Remote) -> None:
    remote.portal.station.house.override(pv_w=4000)
    status = await remote.function("status_setting", "80017")
    values = options(status)
    assert await remote.value(status) is None
    await remote.write(status, int(values["stop"]))
    assert (remote.live().pv_w, remote.live().battery_w) == (0, 0)
    remote.portal.clock.advance(60)
    remote.portal.station.house.advance()
    assert remote.device.status == "3"
    await remote.write(status, int(values["start_up"]))
    remote.portal.clock.advance(60)
    assert remote.live().pv_w == 4000
    assert remote.device.status == "5"


@kind(("string",))
async def test_an_inverter_without_battery(remote: Remote) -> None:
    remote.portal.station.house.override(pv_w=5000, load_w=500)
    stop = await remote.function("shutdown", "40331")
    start = await remote.function("start_up", "40330")
    await remote.write(stop, 0)
    assert remote.live().pv_w == 0
    await remote.write(start, 0)
    assert remote.live().pv_w == 5000
    await remote.write(await remote.function("limit_setting", "40328"), 1000)
    await remote.write(await remote.function("grid-tie_power_limit", "40327"), 1)
    assert remote.live().grid_w == -1000
    assert await remote.menus(module="WORK_MODE") == []


async def test_immediate_charge_ends_by_itself(remote: Remote) -> None:
    soc = await remote.function("end_charge_soc", "47546", battery=True)
    power = await remote.function("bat_immediate_charge_power", "47603", battery=True)
    start = await remote.function("immediate_charge", "47545", battery=True)
    for function, value in ((soc, 55), (power, 40), (start, 1)):
        assert (await remote.write(function, value))["code"] == SUCCESS
    assert remote.live().battery_w == -4000
    assert await remote.running_mode() == 11
    assert await remote.value(start) == 1
    remote.portal.clock.advance(1800)
    assert remote.live().soc <= 55
    assert await remote.value(start) == 0
    assert await remote.running_mode() == 1


async def test_immediate_charge_is_stopped_by_the_other_function(
    remote: Remote,
) -> None:
    start = await remote.function("immediate_charge", "47545", battery=True)
    stop = await remote.function("stop_charging", "47545", battery=True)
    await remote.write(start, 1)
    assert remote.live().battery_w < 0
    assert (await remote.write(start, 0))["code"] == "P0215"
    await remote.write(stop, 0)
    assert remote.live().battery_w == 500


async def test_a_reserve_holds(remote: Remote) -> None:
    reserve = await remote.function("soc_lower_limit", "45356")
    assert await remote.value(reserve) is None
    await remote.write(reserve, 50)
    assert await remote.value(reserve) == 50
    assert remote.live().battery_w == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"addrFuncMap": {LIMIT: "1"}}, "P0215"),
        ({"addressMap": {LIMIT: 10_001}}, "P0215"),
        ({"addressMap": {LIMIT: "much"}}, "P0215"),
        ({"virtualSn": "DNG24A0031"}, "P0215"),
        ({"virtualSn": None}, "P0215"),
        ({"sn": "9010XXXX"}, "100025"),
        ({"plantId": "other"}, "100025"),
        ({"addressMap": None}, "P0214"),
        ({"controlItemLogs": None}, "P0214"),
        ({"plantId": None}, "P0214"),
        ({"deviceName": None}, "P0214"),
    ],
)
async def test_wrong_writes(remote: Remote, change: dict[str, Any], code: str) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    body = remote.writing(limit, 3000) | change
    answer = await remote.portal.post(WRITE, body)
    assert answer["code"] == code
    assert remote.controls.writes == []


@pytest.mark.parametrize(
    "change", [{"deviceName": "Inverter 1"}, {"virtualSn": "9010KETU22AW0417"}]
)
async def test_a_battery_is_named_by_its_code_alone(
    remote: Remote, change: dict[str, Any]
) -> None:
    soc = await remote.function("end_charge_soc", "47546", battery=True)
    assert (await remote.write(soc, 55, **change))["code"] == "P0215"
    assert remote.controls.writes == []


@pytest.mark.parametrize("stations", [(name,) for name in HOMES])
async def test_values_are_in_the_range_of_their_function(remote: Remote) -> None:
    sources = ({}, {"batIndex": "1", "menuCode": 1})
    listed = [it for more in sources for _, it in flat(await remote.menus(**more))]
    for function in listed:
        low_high = json.loads(function["range"] or "null")
        value = remote.controls.active.get(function["address"])
        if low_high is not None and value is not None:
            assert low_high[0] <= value <= low_high[1], function["address"]


async def test_a_read_with_a_wrong_id_fails(remote: Remote) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    answer = await remote.values(limit | {"id": "1"})
    assert answer["code"] == "read_fail"


@kind(("viewer",))
async def test_without_the_right_it_can_only_be_read(remote: Remote) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    assert await remote.value(limit) == 10_000
    assert (await remote.write(limit, 1))["code"] == "100025"
    remote.portal.station.permissions.remove("INVERTER_REMOTE_READ")
    assert (await remote.values(limit))["code"] == "100025"


async def test_what_goes_wrong_by_switch(remote: Remote) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    switches = remote.controls.switches
    switches.busy = 1
    busy = await remote.write(limit, 1000)
    assert (busy["code"], busy["translationCode"]) == ("R0305", "remote_control_fail")
    switches.stores = False
    assert (await remote.write(limit, 1000))["code"] == SUCCESS
    assert await remote.value(limit) == 10_000
    switches.stores, switches.stale_cache = True, True
    await remote.write(limit, 2000)
    assert await remote.value(limit) == 10_000
    assert remote.controls.active[LIMIT] == 2000
    switches.stale_cache = False
    assert await remote.value(limit) == 2000
    switches.clears_cache = True
    assert await remote.value(limit) is None
    switches.unread = True
    assert (await remote.values(limit))["code"] == "read_fail"
    switches.refuses = {LIMIT}
    refused = await remote.write(limit, 1000)
    assert (refused["code"], refused["translationCode"]) == ("P0215", "op_fail")
    switches.functions = False
    assert await remote.menus() == []


async def test_it_may_store_and_not_follow(remote: Remote) -> None:
    remote.controls.switches.follows = False
    start = await remote.function("immediate_charge", "47545", battery=True)
    await remote.write(start, 1)
    assert await remote.value(start) == 1
    assert remote.live().battery_w == 500


async def test_a_device_that_is_not_there(remote: Remote) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    remote.device.switches.online = False
    assert (await remote.write(limit, 1000))["code"] == "P0215"
    assert (await remote.values(limit))["code"] == "read_fail"


async def test_a_write_blocks_until_the_device_has_it(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    begun = asyncio.Event()

    def seconds() -> float:
        begun.set()
        return 30.0

    monkeypatch.setattr(remote.controls, "seconds", seconds)
    writing = asyncio.create_task(
        remote.portal.post(WRITE, remote.writing(limit, 1000))
    )
    async with asyncio.timeout(2):
        await begun.wait()
        remote.portal.clock.advance(29)
        await asyncio.sleep(0.05)
        assert not writing.done()
        # Reads go on meanwhile
        assert await remote.value(limit) == 10_000
        remote.portal.clock.advance(2)
        assert (await writing)["code"] == SUCCESS
    assert await remote.value(limit) == 1000


async def test_a_clock_that_can_sleep_is_asked_once(clock: ManualClock) -> None:
    class Sleeper(ManualClock):
        slept: ClassVar[list[float]] = []

        async def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)
            self.advance(seconds)

    async with asyncio.timeout(1):
        await pause(Sleeper(clock()), 30)
    assert Sleeper.slept == [30]


async def test_it_may_not_wait(remote: Remote) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    remote.controls.switches.write_seconds = 10
    await remote.write(limit, 1000, waitingForDevice=False)
    assert await remote.value(limit) == 10_000
    remote.portal.clock.advance(10)
    assert await remote.value(limit) == 1000


async def test_some_writes_are_slow(remote: Remote) -> None:
    remote.controls.switches.write_seconds = None
    seconds = [remote.controls.seconds() for _ in range(40)]
    assert {it for it in seconds if it > 1.6} == {30.0}
    assert 5 < seconds.count(30.0) < 25
    assert min(seconds) >= 1


async def test_switches_at_the_side_door(remote: Remote) -> None:
    url = f"{remote.portal.sim.control_url}/goodwe"
    wish = {"device": remote.sn, "write_seconds": 3, "refuses": [LIMIT]}
    async with remote.portal.session.post(url, json=wish) as response:
        shown = (await response.json())["devices"][remote.sn]
    assert remote.controls.switches.write_seconds == 3
    assert remote.controls.switches.refuses == {LIMIT}
    assert (shown["write_seconds"], shown["running_mode"]) == (3, 1)


async def test_what_was_always_so_is_no_write(remote: Remote) -> None:
    remote.controls.restore({"OffGridEnable": 1})
    assert not remote.live().grid
    assert remote.controls.writes == remote.controls.effects == []


async def test_an_immediate_charge_may_hold_what_it_reached(remote: Remote) -> None:
    remote.controls.switches.immediate_after = "hold"
    remote.controls.restore({"47546": 50, "47545": 1})
    start = await remote.function("immediate_charge", "47545", battery=True)
    assert (remote.live().battery_w, await remote.value(start)) == (0, 1)


@pytest.mark.parametrize("sn", ["DNG24A0031", "VD20019010KETU22AW0417"])
async def test_only_inverters_are_written_to(remote: Remote, sn: str) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    assert (await remote.write(limit, 1, sn=sn))["code"] == "P0215"


async def test_composites_cannot_be_written(remote: Remote) -> None:
    curve = await remote.function("pf_curve", "45430")
    assert (await remote.write(curve, 1))["code"] == "P0215"
    status = await remote.function("firmware_status", "35016")
    assert (await remote.write(status, 1))["code"] == "P0215"


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        (VALUES, "addresses"),
        (VALUES, "addrFuncMap"),
        (READ_NAMED, "functionName"),
        (WRITE, "addressMap"),
        (WRITE, "addrFuncMap"),
        (WRITE_NAMED, "functionName"),
        (WRITE_NAMED, "data"),
    ],
)
async def test_what_is_missing(remote: Remote, path: str, missing: str) -> None:
    limit = await remote.function("limit_setting", LIMIT)
    body = remote.writing(limit, 1) | {
        "addresses": [LIMIT],
        "functionName": ["TOU1"] if path == READ_NAMED else "TOUModeEnable",
        "data": {"TOUModeEnable": 1},
    }
    assert (await remote.portal.post(path, body))["code"] == SUCCESS
    remote.portal.clock.advance(3)
    del body[missing]
    assert (await remote.portal.post(path, body))["code"] == "P0214"


async def test_a_device_that_is_not_there_has_no_settings(remote: Remote) -> None:
    remote.device.switches.online = False
    body = {"sn": remote.sn, "functionName": ["TOU1"]}
    assert (await remote.portal.post(READ_NAMED, body))["code"] == "read_fail"
