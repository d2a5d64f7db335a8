"""The app's side: what a write changes, and what is refused."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.growatt import GrowattSimulator

from .growatt_app import Phone

MIN, SPH, STRING, NOAH = "TPJ0CD4001", "ODCDA2500A", "INV0A5600B", "0HVR00AA25BB0001"
ACCEPTED = {"success": True, "msg": "200"}
SEGMENT = {"param1": "1", "param2": "13", "param3": "00", "param4": "15"} | {
    "param5": "30",
    "param6": "1",
}


@pytest.fixture
async def sim(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[GrowattSimulator]:
    simulator = GrowattSimulator(clock=clock, homes=("MIN", "SPH", "SPA", "NOAH"))
    for plant in simulator.plants:
        plant.house.override(pv_w=0, load_w=500, soc=62)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def phone(sim: GrowattSimulator) -> AsyncIterator[Phone]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        phone = Phone(sim, session)
        assert (await phone.login())["success"]
        yield phone


async def tlx_set(phone: Phone, kind: str, **params: str) -> Any:
    return await phone.post(
        "newTcpsetAPI.do", {"op": "tlxSet"}, serialNum=MIN, type=kind, **params
    )


async def test_segment_charges_from_the_grid(
    phone: Phone, sim: GrowattSimulator, clock: ManualClock
) -> None:
    device = sim.devices[MIN]
    assert await tlx_set(phone, "charge_power", param1="50") == ACCEPTED
    assert await tlx_set(phone, "time_segment2", **SEGMENT) == ACCEPTED
    clock.advance(5)
    assert device.house.live().battery_w == 0
    assert await tlx_set(phone, "ac_charge", param1="1") == ACCEPTED
    clock.advance(5)
    assert device.house.live().battery_w == pytest.approx(-6000)
    # The cloud's copy follows later
    clock.advance(90)
    answer = await phone.post("newTlxApi.do", {"op": "getTlxSetData"}, serialNum=MIN)
    bean = answer["obj"]["tlxSetBean"]
    assert (bean["forcedTimeStart2"], bean["forcedTimeStop2"]) == ("13:0", "15:30")
    assert (bean["time2Mode"], bean["forcedStopSwitch2"]) == ("1", "1")
    assert bean["charge_power"] == "50"


@pytest.mark.parametrize(
    ("kind", "params", "message"),
    [
        ("time_segment2", SEGMENT | {"param2": "1"}, "inv_set_time_format"),
        ("time_segment2", SEGMENT | {"param2": "16"}, "inv_set_time_format"),
        ("time_segment2", {"param1": "1"}, "509"),
        ("charge_power", {"param1": ""}, "509"),
        ("charge_power", {"param1": "101"}, "501"),
        ("unheard_of", {"param1": "1"}, "501"),
    ],
)
async def test_refused(
    phone: Phone,
    sim: GrowattSimulator,
    kind: str,
    params: dict[str, str],
    message: str,
) -> None:
    answer = await tlx_set(phone, kind, **params)
    assert answer == {"success": False, "msg": message}
    assert sim.devices[MIN].writes == []


async def test_offline_inverter_cannot_be_set(
    phone: Phone, sim: GrowattSimulator
) -> None:
    sim.devices[MIN].switches.online = False
    answer = await tlx_set(phone, "charge_power", param1="50")
    assert answer == {"success": False, "msg": "501"}
    read = await phone.post(
        "newTcpsetAPI.do",
        {"action": "readDeviceParam"},
        serialNum=MIN,
        deviceTypeStr="8",
        paramId="charge_power",
        startAddr="-1",
        endAddr="-1",
    )
    assert (read["result"], read["msg"]) == (0, "501")


async def test_error_though_applied(phone: Phone, sim: GrowattSimulator) -> None:
    sim.devices[MIN].switches.error_though_applied = True
    answer = await tlx_set(phone, "charge_power", param1="50")
    assert answer == {"success": False, "msg": "500"}
    assert sim.devices[MIN].settings.stored["chargePowerCommand"] == 50


async def test_single_setting_is_read_live(
    phone: Phone, sim: GrowattSimulator, clock: ManualClock
) -> None:
    await tlx_set(phone, "charge_power", param1="50")
    clock.advance(3)
    read = await phone.post(
        "newTcpsetAPI.do",
        {"action": "readDeviceParam"},
        serialNum=MIN,
        deviceTypeStr="8",
        paramId="charge_power",
        startAddr="-1",
        endAddr="-1",
    )
    assert read == {"result": 1, "msg": "", "obj": {"param1": "50"}}
    registers = await phone.post(
        "newTcpsetAPI.do",
        {"action": "readDeviceParam"},
        serialNum=MIN,
        deviceTypeStr="8",
        paramId="set_any_reg",
        startAddr="3",
        endAddr="5",
    )
    assert registers["obj"]["param1"].count("-") == 3


async def test_documented_example_of_a_mix(phone: Phone, sim: GrowattSimulator) -> None:
    texts = [
        "100",
        "90",
        "1",
        "01",
        "00",
        "05",
        "00",
        "1",
        "00",
        "00",
        "00",
        "00",
        "0",
        "00",
        "00",
        "00",
        "00",
        "0",
    ]
    params = {f"param{place}": text for place, text in enumerate(texts, start=1)}
    ask = {
        "op": "mixSetApiNew",
        "serialNum": SPH,
        "type": "mix_ac_charge_time_period",
    }
    assert await phone.post("newTcpsetAPI.do", ask | params) == ACCEPTED
    stored = sim.devices[SPH].settings.stored
    assert stored["chargePowerCommand"] == 100
    assert stored["wchargeSOCLowLimit2"] == 90
    assert stored["acChargeEnable"] == 1
    assert stored["forcedChargeTimeStart1"] == "1:0"
    assert stored["forcedChargeTimeStop1"] == "5:0"
    assert stored["forcedChargeStopSwitch1"] == 1
    del params["param18"]
    assert (await phone.post("newTcpsetAPI.do", ask | params))["msg"] == "509"


async def test_portal_takes_the_same_writes(
    phone: Phone, sim: GrowattSimulator
) -> None:
    ask = {"action": "tlxSet", "serialNum": MIN, "type": "charge_power"}
    assert await phone.post("tcpSet.do", {**ask, "param1": "40"}) == ACCEPTED
    assert sim.devices[MIN].settings.stored["chargePowerCommand"] == 40


async def test_string_inverter(
    phone: Phone, sim: GrowattSimulator, clock: ManualClock
) -> None:
    ask = {"action": "inverterSet", "serialNum": STRING, "command_2": ""}
    ask |= {"paramId": "pv_active_p_rate", "command_1": "60"}
    assert await phone.post("tcpSet.do", ask) == ACCEPTED
    clock.advance(95)
    page = await phone.get("commonDeviceSetC/setInverter", type="server", invSn=STRING)
    assert """inv=JSON.parse('{"serialNum": "INV0A5600B", "onOff": "1", """ in page
    assert '"activeRate": "60"' in page


async def test_noah(phone: Phone, sim: GrowattSimulator) -> None:
    path = "noahDeviceApi/noah/set"
    stored = sim.devices[NOAH].settings
    form = {"serialNum": NOAH, "type": "charging_soc"}
    both = await phone.post(path, {}, param1="90", param2="15", **form)
    assert both["result"] == 1
    assert stored.stored["chargingSocLowLimit"] == 15
    for params in ({"param1": "95"}, {"param1": "60", "param2": "15"}):
        answer = await phone.post(path, {}, **params, **form)
        assert answer["result"] == 0
    assert stored.stored["chargingSocHighLimit"] == 90


async def test_plant_takes_all_parts_or_nothing(
    phone: Phone, sim: GrowattSimulator
) -> None:
    current = await phone.get("newPlantAPI.do", op="getPlant", plantId="1234567")
    parts = {
        "plantCoal": current["formulaCoal"],
        "plantSo2": current["formulaSo2"],
        "accountName": current["userAccount"],
        "plantID": current["id"],
        "plantFirm": "0",
        "plantCountry": current["country"],
        "plantType": current["plantType"],
        "plantIncome": "0.31",
        "plantAddress": current["plantAddress"],
        "plantTimezone": current["timezone"],
        "plantLng": current["plant_lng"],
        "plantCity": current["city"],
        "plantCo2": current["formulaCo2"],
        "plantMoney": current["formulaMoneyUnitId"],
        "plantPower": current["nominalPower"],
        "plantLat": current["plant_lat"],
        "plantDate": current["createDateText"],
        "plantName": "Casa",
    }

    async def update(given: dict[str, Any], *, multipart: bool = True) -> Any:
        form = aiohttp.FormData(default_to_multipart=multipart)
        for name, value in given.items():
            form.add_field(name, str(value))
        ask = {"op": "updatePlant"}
        return (await phone.ask("POST", "newTwoPlantAPI.do", ask, form))[1]

    assert (await update(parts))["success"]
    after = await phone.get("newPlantAPI.do", op="getPlant", plantId="1234567")
    assert after == current | {"formulaMoneyStr": "0.31", "plantName": "Casa"}
    assert sim.plants[0].name == "Casa"
    assert not (await update(parts, multipart=False))["success"]
    del parts["plantFirm"]
    assert not (await update(parts))["success"]
    assert len(sim.classic.plant_writes) == 1


@pytest.mark.parametrize("serial", [MIN, NOAH])
async def test_visitor_may_not_write(
    phone: Phone, sim: GrowattSimulator, serial: str
) -> None:
    sim.account.rightlevel = 0
    if serial == MIN:
        answer = await tlx_set(phone, "charge_power", param1="50")
        assert answer == {"success": False, "msg": "501"}
    else:
        answer = await phone.post(
            "noahDeviceApi/noah/set",
            {},
            serialNum=NOAH,
            type="default_power",
            param1="100",
        )
        assert answer["result"] == 0
    assert sim.devices[serial].writes == []
