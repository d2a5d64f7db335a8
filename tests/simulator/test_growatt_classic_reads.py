"""The app's side: what devices and plants say, and what is odd about it."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.growatt import GrowattSimulator

from .growatt_app import Phone

MIN, SPH, SPA = "TPJ0CD4001", "ODCDA2500A", "WPD0A1234K"
NOAH, STORAGE, MAX = "0HVR00AA25BB0001", "KHM0A12345", "MXJ0A50001"
NEO = "BZP4N2K00E"


@pytest.fixture
async def sim(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[GrowattSimulator]:
    simulator = GrowattSimulator(clock=clock, homes=7)
    for plant in simulator.plants:
        # A quarter of its power, so that no inverter is at its limit
        peak = plant.house.spec.pv_peak_w
        plant.house.override(pv_w=peak / 4, load_w=500, soc=62)
    for device in simulator.devices.values():
        device.push()
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


async def test_documented_shape_of_a_mix(phone: Phone) -> None:
    info = await phone.get("newMixApi.do", op="getMixInfo", mixId=SPH)
    assert info["result"] == 1
    assert info["obj"].keys() >= {
        "acChargeEnergyToday",
        "acChargePower",
        "capacity",
        "eBatChargeTotal",
        "eBatDisChargeTotal",
        "epvToday",
        "isCharge",
        "pCharge1",
        "pDischarge1",
        "upsPac3",
        "vbatdsp",
        "vpv2",
    }
    assert all(isinstance(value, str) for value in info["obj"].values())
    assert info["obj"]["soc"] == "62%"
    bean = (await phone.get("newMixApi.do", op="getMixSetParams", serialNum=SPH))[
        "obj"
    ]["mixBean"]
    assert all(isinstance(value, str) for value in bean.values())
    # Only the numbered limits exist (Q1)
    assert "wchargeSOCLowLimit" not in bean


async def test_power_units_of_a_mix(phone: Phone) -> None:
    ask = {"op": "getSystemStatus_KW", "mixId": SPH, "plantId": "1234601"}
    status = (await phone.post("newMixApi.do", ask))["obj"]
    assert (status["ppv"], status["unit"]) == ("1.65", "kW")
    assert float(status["pPv1"]) + float(status["pPv2"]) == pytest.approx(1650)


async def test_future_of_a_tlx_day_is_filled_with_zeros(
    phone: Phone, sim: GrowattSimulator, clock: ManualClock
) -> None:
    form = {"plantId": "1234567", "id": MIN, "type": "0", "date": "2026-05-03"}
    answer = await phone.post("newTlxApi.do", {"op": "getEnergyProdAndCons_KW"}, **form)
    chart = answer["obj"]["chartData"]
    assert len(chart) == 288
    assert chart["12:00"]["ppv"] > 0
    assert set(chart["13:15"].values()) == {0}
    ask = {"op": "getEnergyProdAndCons_KW", "mixId": SPH, "plantId": "1234601"}
    mix = await phone.post("newMixApi.do", {**ask, "type": "0", "date": "2026-05-03"})
    # A MIX ends with the present and begins after midnight
    assert max(mix["obj"]["chartData"]) == "13:05"
    assert min(mix["obj"]["chartData"]) == "00:05"


async def test_periods_of_a_tlx(phone: Phone, sim: GrowattSimulator) -> None:
    house = sim.devices[MIN].house
    form = {"plantId": "1234567", "id": MIN, "type": "1", "date": "2026-05-03"}
    month = (
        await phone.post("newTlxApi.do", {"op": "getEnergyProdAndCons_KW"}, **form)
    )["obj"]
    assert len(month["chartData"]["pacToGrid"]) == 3
    for place, exported in enumerate(month["chartData"]["pacToGrid"], start=1):
        truth = house.energy_on(house.today().replace(day=place))
        assert truth is not None
        assert exported == pytest.approx(truth.export_wh / 1000, abs=0.06)
    days = await phone.get("newTlxApi.do", op="getMonthPac", id=MIN, date="2026-05")
    assert [f"{day:02}" for day in (1, 2, 3)] == list(days)


async def test_empty_record(phone: Phone, sim: GrowattSimulator) -> None:
    sim.devices[MIN].switches.zero_record = True
    answer = await phone.get("newTlxApi.do", op="getTlxDetailData", id=MIN)
    data = answer["data"]
    assert (data["time"], data["serialNum"], data["eacTotal"]) == ("", None, 0)
    assert data["statusText"] == "Standby"


async def test_record_is_the_last_push(
    phone: Phone, sim: GrowattSimulator, clock: ManualClock
) -> None:
    async def time() -> Any:
        answer = await phone.get("newTlxApi.do", op="getTlxDetailData", id=MIN)
        return answer["data"]["time"]

    first = await time()
    assert first == "2026-05-03 19:10:30"
    sim.devices[MIN].switches.online = False
    clock.advance(900)
    assert await time() == first
    sim.devices[MIN].switches.online = True
    clock.advance(301)
    assert await time() > first


async def test_micro_inverter_has_no_settings(phone: Phone) -> None:
    answer = await phone.post("newTlxApi.do", {"op": "getTlxSetData"}, serialNum=NEO)
    assert answer["obj"] == {"tlxSetBean": None}
    params = await phone.get("newTlxApi.do", op="getTlxParams", id=NEO)
    assert params["inverterType"] == "NEO 800M-X"
    assert params["newBean"]["tlxSetbean"] is None
    view = await phone.post(
        "componentsApi/getViewData",
        {},
        plantId="1234606",
        snList=NEO,
        dataType="0",
        dateStr="2026-05-03",
    )
    assert [panel["id"] for panel in view["obj"]["box"]["time"]] == [
        f"{NEO}-PV1",
        f"{NEO}-PV2",
    ]


async def test_max_wants_calls_of_its_own(phone: Phone) -> None:
    status, _ = await phone.ask(
        "GET", "newTlxApi.do", {"op": "getTlxDetailData", "id": MAX}
    )
    assert status == 500
    answer = await phone.get(
        "newInverterAPI.do", op="getInverterDetailData_max", inverterId=MAX
    )
    assert answer["pac"] == "12500"


@pytest.mark.parametrize("beans", ["empty", "missing"])
async def test_storage_without_beans(
    phone: Phone, sim: GrowattSimulator, beans: Any
) -> None:
    sim.classic.storage_beans = beans
    usual = await phone.get(
        "newStorageAPI.do", op="getStorageParams_sacolar", storageId=STORAGE
    )
    assert not usual.get("storageDetailBean")
    plain = await phone.get(
        "newStorageAPI.do", op="getStorageParams", storageId=STORAGE
    )
    assert plain["storageDetailBean"]["capacity"] == "62"
    ask = {"plantId": "1234604", "storageSn": STORAGE}
    usual = await phone.post(
        "newStorageAPI.do", {"op": "getEnergyOverviewData_sacolar", **ask}
    )
    assert usual["obj"] is None
    plain = await phone.post("newStorageAPI.do", {"op": "getEnergyOverviewData", **ask})
    assert float(plain["obj"]["epvTotal"]) > 0


async def test_spa(phone: Phone) -> None:
    answer = await phone.post(
        "newSpaApi.do", {"op": "getSystemStatus"}, plantId="1234602", spaId=SPA
    )
    assert answer["obj"]["lost"] == "spa.status.normal"
    assert answer["obj"]["SOC"] == "62"
    # The storage's calls know nothing of it
    assert (
        await phone.get(
            "newStorageAPI.do", op="getStorageParams_sacolar", storageId=SPA
        )
        is None
    )


async def test_lists_of_a_plant(phone: Phone, sim: GrowattSimulator) -> None:
    ask = {"op": "getAllDeviceListTwo", "pageNum": "1", "pageSize": "1"}
    info = await phone.get("newTwoPlantAPI.do", plantId="1234567", **ask)
    assert info["deviceList"] == []
    assert info["datalogList"][0]["update_interval"] == "5"
    sim.classic.device_list_key = False
    sim.classic.money_sign = False
    info = await phone.get("newTwoPlantAPI.do", plantId="1234601", **ask)
    assert "deviceList" not in info
    assert "/" not in info["plantMoneyText"]


async def test_dips_of_the_dashboard(
    phone: Phone, sim: GrowattSimulator, clock: ManualClock
) -> None:
    sim.devices[SPH].switches.dashboard_dips = True
    sim.devices[SPH].house.override(pv_w=0, load_w=9000, soc=10)
    clock.advance(1200)
    ask = {"action": "getEnergyStorageData", "date": "2026-05-03", "type": "0"}
    seen = [
        (await phone.post("newPlantAPI.do", {**ask, "plantId": "1234601"}))["etouser"]
        for _ in range(3)
    ]
    first, second, third = (float(text.removesuffix("kWh")) for text in seen)
    assert first == second
    assert third == pytest.approx(first - 0.1)


async def test_dashboard_of_a_tlx_is_empty(phone: Phone) -> None:
    ask = {"action": "getEnergyStorageData", "date": "2026-05-02", "type": "0"}
    answer = await phone.post("newPlantAPI.do", {**ask, "plantId": "1234567"})
    assert "etouser" not in answer


async def test_noah_units(phone: Phone, sim: GrowattSimulator) -> None:
    path = "noahDeviceApi/noah/getSystemStatus"
    status = (await phone.post(path, {}, deviceSn=NOAH))["obj"]
    assert (status["ppv"], status["soc"]) == ("400", "62")
    sim.classic.noah_units = True
    status = (await phone.post(path, {}, deviceSn=NOAH))["obj"]
    assert (status["ppv"], status["soc"]) == ("400Watt", "62%")


async def test_nexa_turns_the_sign_of_the_output(phone: Phone) -> None:
    path = "noahDeviceApi/{}/getSystemStatus"
    noah = await phone.post(path.format("noah"), {}, deviceSn=NOAH)
    nexa = await phone.post(path.format("nexa"), {}, deviceSn=NOAH)
    assert float(noah["obj"]["pac"]) > 0
    assert float(nexa["obj"]["pac"]) == -float(noah["obj"]["pac"])
    charge = float(noah["obj"]["chargePower"]) - float(noah["obj"]["disChargePower"])
    assert float(nexa["obj"]["totalBatteryPackChargingPower"]) == charge


async def test_noah_with_the_token(phone: Phone, sim: GrowattSimulator) -> None:
    path = "v4/noahDeviceApi/noah/getNoahInfoBySn"
    form = {"deviceSn": NOAH}
    _, answer = await phone.ask("POST", path, form=form, headers={"token": sim.token})
    assert answer["obj"]["noah"]["chargingSocHighLimit"] == "100"
    _, answer = await phone.ask("POST", path, form=form, headers={"token": "x" * 32})
    assert answer["code"] == 2
    _, answer = await phone.ask("POST", path, form=form)
    assert "you have not login" in answer


async def test_foreign_devices_and_plants(phone: Phone) -> None:
    for answer in (
        await phone.get("newTlxApi.do", op="getTlxDetailData", id="XXX0000000"),
        await phone.get("newTlxApi.do", op="getTlxDetailData", id=SPH),
        await phone.get("newPlantAPI.do", op="getPlant", plantId="99"),
    ):
        assert answer == {"success": False, "msg": "501"}


async def test_wrong_verb(phone: Phone) -> None:
    status, _ = await phone.ask("POST", "newTlxApi.do", {"op": "getTlxDetailData"})
    assert status == 405
