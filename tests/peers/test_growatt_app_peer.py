"""The public client `growattServer` reads and writes the app's side of the simulator."""

from collections.abc import AsyncIterator
from datetime import datetime, time
from typing import Any

from growattServer import GrowattApi, Timespan
import pytest
import requests

from simulator.clock import ManualClock
from simulator.growatt import GrowattSimulator

from .growatt import MIN, NOAH, SPA, SPH, STORAGE, STRING, Peer, noon, running, still

DAY = datetime(2026, 5, 2)
OFF = ["00", "00", "00", "00", "0"]


@pytest.fixture
def clock() -> ManualClock:
    return noon()


@pytest.fixture
async def sim(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[GrowattSimulator]:
    async for simulator in running(clock):
        yield simulator


@pytest.fixture
def stranger(sim: GrowattSimulator) -> Peer:
    """Return a client that has not logged in."""
    api = GrowattApi(add_random_user_id=True)
    api.server_url = f"{sim.url}/"
    return Peer(api)


@pytest.fixture
async def phone(stranger: Peer, sim: GrowattSimulator) -> Peer:
    assert (await stranger.login(sim.user_name, sim.password))["success"]
    return stranger


async def test_login(stranger: Peer, sim: GrowattSimulator) -> None:
    wrong = await stranger.login(sim.user_name, "guess")
    assert (wrong["success"], wrong["msg"]) == (False, "502")
    back = await stranger.login(sim.user_name, sim.password)
    assert (back["userId"], back["userLevel"]) == (sim.user_id, 1)
    assert [plant["plantName"] for plant in back["data"]][:2] == ["Home", "Cottage"]
    # Both attempts count towards the lock
    assert len(sim.classic.sessions.logins) == 2


async def test_locked_account(stranger: Peer, sim: GrowattSimulator) -> None:
    sim.classic.sessions.lock(hours=24)
    back = await stranger.login(sim.user_name, sim.password)
    assert (back["success"], back["msg"], back["lockDuration"]) == (False, "507", 24)
    assert "user" not in back


async def test_unknown_agent_is_denied(sim: GrowattSimulator) -> None:
    api = GrowattApi(agent_identifier="python-requests/2.32")
    api.server_url = f"{sim.url}/"
    with pytest.raises(requests.HTTPError, match="403"):
        await Peer(api).login(sim.user_name, sim.password)


async def test_expired_session(phone: Peer, sim: GrowattSimulator) -> None:
    sim.classic.sessions.expire()
    with pytest.raises(requests.JSONDecodeError):
        await phone.plant_list(sim.user_id)


async def test_plants(phone: Peer, sim: GrowattSimulator) -> None:
    plants = (await phone.plant_list(sim.user_id))["data"]
    assert plants[0]["plantId"] == "1234567"
    assert plants[0]["totalEnergy"].endswith(" MWh")
    two = await phone.plant_list_two()
    assert [plant["id"] for plant in two] == [plant.id for plant in sim.plants]
    info = await phone.plant_info("1234567")
    assert float(info["invTodayPpv"]) == round(sim.plants[0].house.live().pv_w)
    assert info["plantMoneyText"].endswith("/€")
    month = await phone.plant_detail("1234567", Timespan.month, DAY)
    truth = sim.plants[0].house.energy_on(DAY.date())
    assert truth is not None
    assert float(month["data"]["02"]) == pytest.approx(truth.solar_wh / 1000, abs=0.06)


async def test_devices(phone: Peer) -> None:
    # A plant with a TLX has an empty list, for which there is another call
    assert (await phone.plant_info("1234567"))["deviceList"] == []
    (garage,) = await phone.device_list("1234567")
    assert (garage["deviceSn"], garage["deviceType"]) == (MIN, "tlx")
    assert garage["deviceAilas"] == "Garage"
    (mix,) = await phone.device_list("1234601")
    assert (mix["deviceSn"], mix["deviceType"]) == (SPH, "mix")


async def test_tlx(phone: Peer, sim: GrowattSimulator) -> None:
    live = still(sim.devices[MIN]).house.live()
    data = (await phone.tlx_detail(MIN))["data"]
    assert data["ppv"] == pytest.approx(live.pv_w)
    assert data["bdc1ChargePower"] == pytest.approx(-live.battery_w)
    assert data["pacToUserTotal"] == 0
    assert data["bmsSoc"] == 62
    status = await phone.tlx_system_status("1234567", MIN)
    assert (status["ppv"], status["unit"]) == ("3.12", "kW")
    assert status["pLocalLoad"] in {"0.98", "0.99"}
    overview = await phone.tlx_energy_overview("1234567", MIN)
    assert float(overview["epvTotal"]) == pytest.approx(data["epvTotal"])
    assert (await phone.tlx_params(MIN))["inverterType"] == "MOD 12KTL3-XH"


async def test_tlx_curves(phone: Peer, sim: GrowattSimulator) -> None:
    curve = await phone.tlx_energy_prod_cons("1234567", MIN, Timespan.hour, DAY)
    records = sim.devices[MIN].house.records(DAY.date())
    slots = list(curve["chartData"].values())
    assert len(slots) == len(records) == 288
    assert [slot["ppv"] for slot in slots] == [
        pytest.approx(record.pv_w / 1000, abs=0.006) for record in records
    ]
    powers = (await phone.tlx_data(MIN, DAY))["invPacData"]
    assert powers["2026-05-02 12:00"] > 1000


async def test_tlx_settings(phone: Peer) -> None:
    settings = await phone.tlx_all_settings(MIN)
    assert settings["chargePowerCommand"] == settings["charge_power"] == "100"
    enabled = await phone.tlx_enabled_settings(MIN)
    assert enabled["enable"]["ac_charge"] == "1"


async def test_tlx_battery(phone: Peer, sim: GrowattSimulator) -> None:
    still(sim.devices[MIN])
    detail = await phone.tlx_battery_info_detailed("1234567", MIN)
    assert detail["data"]["soc"] == 62
    assert detail["data"]["chargeOrDisPower"] > 0
    assert (await phone.tlx_battery_info(MIN))["soc"] == 62


async def test_mix(phone: Peer, sim: GrowattSimulator) -> None:
    live = still(sim.devices[SPH]).house.live()
    info = await phone.mix_info(SPH)
    assert float(info["pCharge1"]) == pytest.approx(-live.battery_w, abs=0.06)
    status = await phone.mix_system_status(SPH, "1234601")
    assert float(status["chargePower"]) == pytest.approx(
        -live.battery_w / 1000, abs=0.006
    )
    # The inputs are in W, in spite of the unit (Q6)
    assert float(status["pPv1"]) + float(status["pPv2"]) == pytest.approx(3120)
    totals = await phone.mix_totals(SPH, "1234601")
    assert totals["epvTotal"] == info["epvTotal"]


async def test_import_of_a_mix(phone: Peer, sim: GrowattSimulator) -> None:
    truth = sim.devices[SPH].house.energy_on(DAY.date())
    assert truth is not None
    board = await phone.dashboard_data("1234601", Timespan.hour, DAY)
    imported = float(board["etouser"].removesuffix("kWh"))
    assert imported == pytest.approx(truth.import_wh / 1000, abs=0.06)
    detail = await phone.mix_detail(SPH, "1234601", Timespan.hour, DAY)
    assert float(detail["elocalLoad"]) == pytest.approx(truth.load_wh / 1000, abs=0.06)
    assert "00:05" in detail["chartData"]


async def test_storage(phone: Peer, sim: GrowattSimulator) -> None:
    still(sim.devices[STORAGE])
    detail = (await phone.storage_params(STORAGE))["storageDetailBean"]
    assert (detail["ppv"], detail["capacity"]) == ("3120", "62")
    assert float(detail["pCharge"]) > 0
    assert (await phone.storage_detail(STORAGE))["outPutPower"] == "985"
    overview = await phone.storage_energy_overview("1234604", STORAGE)
    assert overview["epvTotal"] == detail["epvTotal"]


async def test_string_inverter(phone: Peer, sim: GrowattSimulator) -> None:
    still(sim.devices[STRING])
    detail = await phone.inverter_detail(STRING)
    assert (detail["pac"], detail["ppv"]) == ("3120", "3120")
    two = await phone.inverter_detail_two(STRING)
    assert two["data"]["e_total"] == float(detail["powerTotal"])
    assert (await phone.inverter_data(STRING, DAY))["invPacData"]
    # A TLX is not one of these
    assert await phone.inverter_data(MIN) == {"success": False, "msg": "501"}


async def test_noah(phone: Peer, sim: GrowattSimulator) -> None:
    still(sim.devices[NOAH]).house.override(pv_w=700)
    sim.devices[NOAH].push()
    system = await phone.is_plant_noah_system("1234603")
    assert system["obj"]["deviceSn"] == NOAH
    status = (await phone.noah_system_status(NOAH))["obj"]
    assert (status["ppv"], status["soc"]) == ("700", "62")
    info = (await phone.noah_info(NOAH))["obj"]["noah"]
    assert info["defaultPower"] == "200"


async def test_tlx_writes(
    phone: Peer, sim: GrowattSimulator, clock: ManualClock
) -> None:
    device = still(sim.devices[MIN])
    assert await phone.update_tlx_inverter_setting(MIN, "charge_power", 10) == {
        "success": True,
        "msg": "200",
    }
    assert device.settings.stored["chargePowerCommand"] == 10
    answer = await phone.update_tlx_inverter_time_segment(
        MIN, 2, 2, time(11, 5), time(15, 30), True
    )
    assert answer["msg"] == "200"
    assert device.settings.stored["forcedTimeStart2"] == "11:5"
    clock.advance(5)
    # Grid first: the battery feeds in with its full power
    assert device.house.live().battery_w > 8000
    refused = await phone.update_tlx_inverter_setting(MIN, "discharge_stop_soc", 3)
    assert refused == {"success": False, "msg": "501"}


async def test_mix_writes_all_or_nothing(
    phone: Peer, sim: GrowattSimulator, clock: ManualClock
) -> None:
    device = still(sim.devices[SPH])
    params = ["100", "90", "1", "13", "00", "17", "00", "1", *OFF, *OFF]
    kind = "mix_ac_charge_time_period"
    short = await phone.update_mix_inverter_setting(SPH, kind, params[:-1])
    assert short == {"success": False, "msg": "509"}
    answer = await phone.update_mix_inverter_setting(SPH, kind, params)
    assert answer == {"success": True, "msg": "200"}
    assert device.settings.stored["wchargeSOCLowLimit2"] == 90
    clock.advance(5)
    assert device.house.live().grid_w > 1000
    clock.advance(90)
    bean = (await phone.get_mix_inverter_settings(SPH))["obj"]["mixBean"]
    assert bean["forcedChargeTimeStart1"] == "13:0"
    assert bean["wchargeSOCLowLimit2"] == "90"


async def test_spa_writes(phone: Peer, sim: GrowattSimulator) -> None:
    device = still(sim.devices[SPA])
    params = ["100", "90", "13", "00", "17", "00", "1", *OFF, *OFF]
    kind = "spa_ac_charge_time_period"
    answer = await phone.update_ac_inverter_setting(SPA, kind, params)
    assert answer == {"success": True, "msg": "200"}
    assert device.settings.stored["batFirstSwitch1"] == 1
    assert device.settings.stored["forcedChargeTimeStop1"] == "17:0"


async def test_noah_writes(phone: Peer, sim: GrowattSimulator) -> None:
    stored = sim.devices[NOAH].settings
    assert (await phone.update_noah_settings(NOAH, "default_power", [350]))[
        "result"
    ] == 1
    assert stored.stored["defaultPower"] == 350
    await phone.update_noah_settings(NOAH, "charging_soc", [95, 20])
    assert stored.stored["chargingSocHighLimit"] == 95
    assert stored.stored["chargingSocLowLimit"] == 20
    assert (await phone.update_noah_settings(NOAH, "charging_soc", [95]))["result"] == 0


async def test_inverter_writes(
    phone: Peer, sim: GrowattSimulator, clock: ManualClock
) -> None:
    await phone.set_classic_inverter_on_off(STRING, False)
    await phone.set_classic_inverter_active_power_rate(STRING, 60)
    clock.advance(95)
    page = await phone.classic_inverter_info(STRING)
    assert (page["onOff"], page["activeRate"]) == ("0", "60")
    assert sim.plants[2].house.live().pv_w == 0


async def test_plant_writes(phone: Peer, sim: GrowattSimulator) -> None:
    before: dict[str, Any] = await phone.plant_settings("1234567")
    answer = await phone.update_plant_settings("1234567", {"plantIncome": "0.31"})
    assert answer["success"]
    after = await phone.plant_settings("1234567")
    assert after == before | {"formulaMoneyStr": "0.31"}
    assert len(sim.classic.plant_writes[0]) == 18


async def test_visitor_may_not_write(phone: Peer, sim: GrowattSimulator) -> None:
    sim.account.rightlevel = 0
    answer = await phone.update_tlx_inverter_setting(MIN, "charge_power", 10)
    assert answer == {"success": False, "msg": "501"}
    assert sim.devices[MIN].writes == []
