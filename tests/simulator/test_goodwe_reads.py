"""Stations, flow and devices of SEMS+ (reference sections 3.1 to 3.9)."""

from typing import Any

import pytest

from simulator.goodwe import HOMES, GoodWeSimulator, default_homes
from simulator.goodwe.flow import flow_of

from .goodwe_client import Portal

PAGE = "sems-plant/api/portal/stations/page"
QUERY = "sems-plant/api/stations/simple-query"
STATUS = "sems-plant/api/stations/device/all-status"
DEVICES = "sems-plant/api/web/device/station/page"
# Solar, load and what is left decide the quadrant: W, W, percent
QUADRANTS = {
    "export and charge": (12_000.0, 500.0, 50.0),
    "import and discharge": (0.0, 9_500.0, 50.0),
    "import only": (0.0, 500.0, 0.0),
    "export only": (5_000.0, 500.0, 100.0),
}


@pytest.mark.parametrize("stations", [("two",)])
async def test_stations_are_paged(portal: Portal) -> None:
    first = (await portal.post(PAGE, {"current": 1, "size": 1}))["data"]
    other = (await portal.post(QUERY, {"pageIndex": 2, "pageSize": 1}))["data"]
    assert (first["total"], len(first["dataList"])) == (2, 1)
    one, two = first["dataList"][0], other["dataList"][0]
    assert one["id"] == "3f6c1b52-7d0e-4a9b-9c35-1e2f8a6d4b70"
    assert (one["name"], two["name"]) == ("Hillcrest Solar", "Barn")
    assert one["timeZone"] == "UTC+02:00"
    assert one["productionTotal"] > one["productionToday"] > 0
    assert "proCharStatsTotal" in one
    assert "proCharStatsTotal" not in two
    portal.sim.cloud.id_name = "powerStationId"
    row = (await portal.post(PAGE, {"current": 1, "size": 1}))["data"]["dataList"][0]
    assert row["powerStationId"] == one["id"]
    assert "id" not in row


async def test_information_of_a_station_with_a_battery(portal: Portal) -> None:
    info = await portal.info()
    assert (info["status"], info["gridStatus"]) == ("1", "1")
    assert info["batteryCapacity"] == 16
    assert info["chartMap"]["energy_flow"] == "pSystem,soc,pBat,pConsum,pGrid"
    assert {"INVERTER_REMOTE", "INVERTER_REMOTE_READ"} <= set(info["permissions"])
    assert (info["zoneId"], info["timeZone"]) == ("Europe/Berlin", "UTC+02:00")
    portal.station.house.override(grid=False)
    portal.station.extras["pThird"] = 0.4
    portal.station.permissions.remove("INVERTER_REMOTE")
    portal.station.info_extra["batteryCapacity"] = None
    portal.sim.cloud.zone = "none"
    portal.sim.upload()
    info = await portal.info()
    assert info["gridStatus"] == "0"
    assert info["chartMap"]["energy_flow"].endswith(",pThird")
    assert "INVERTER_REMOTE" not in info["permissions"]
    assert info["batteryCapacity"] is None
    assert "zoneId" not in info
    assert "timeZone" not in info


@pytest.mark.parametrize("stations", [("string",)])
async def test_a_station_without_battery_has_no_grid_status(portal: Portal) -> None:
    info, flow = await portal.info(), await portal.flow()
    assert "gridStatus" not in info
    assert info["batteryCapacity"] == 0
    assert "pBat" not in flow
    assert "soc" not in flow


@pytest.mark.parametrize("quadrant", QUADRANTS)
@pytest.mark.parametrize("signs", ["signed", "unsigned"])
async def test_flow_is_balanced_and_shows_directions(
    portal: Portal, quadrant: str, signs: Any
) -> None:
    pv_w, load_w, soc = QUADRANTS[quadrant]
    portal.sim.cloud.flow_signs = signs
    portal.station.house.override(pv_w=pv_w, load_w=load_w, soc=soc)
    portal.sim.upload()
    flow, live = await portal.flow(), portal.station.house.live()
    flows: dict[str, list[str]] = flow["flows"]
    givers, takers = set(flows), {it for to in flows.values() for it in to}
    assert ("pBat" in givers, "pBat" in takers) == (
        live.battery_w > 0,
        live.battery_w < 0,
    )
    assert ("pGrid" in givers, "pGrid" in takers) == (live.grid_w > 0, live.grid_w < 0)
    if signs == "unsigned":
        assert min(flow["pBat"], flow["pGrid"]) >= 0
        assert flow["pBat"] == pytest.approx(abs(live.battery_w) / 1000, abs=1e-3)
        return
    assert flow["pBat"] == pytest.approx(live.battery_w / 1000, abs=1e-3)
    assert flow["pGrid"] == pytest.approx(-live.grid_w / 1000, abs=1e-3)
    sums = flow["pSystem"] + flow["pBat"] - flow["pGrid"]
    assert flow["pConsum"] == pytest.approx(sums, abs=1e-9)
    assert flow["pAc"] == pytest.approx(flow["pSystem"] + flow["pBat"], abs=1e-9)


async def test_flow_comes_once_a_minute(portal: Portal) -> None:
    before = await portal.flow()
    assert before["refreshTime"] == "2026-05-03T13:10:00"
    portal.station.house.override(load_w=2_000)
    portal.clock.advance(29)
    assert await portal.flow() == before
    portal.clock.advance(2)
    after = await portal.flow()
    assert after["refreshTime"] == "2026-05-03T13:11:00"
    assert (before["pConsum"], after["pConsum"]) == (0.5, 2)
    portal.station.uploading = False
    portal.clock.advance(3600)
    assert await portal.flow() == after


async def test_a_night_without_values(portal: Portal) -> None:
    assert (await portal.flow())["pSystem"] == 0
    portal.sim.cloud.night = "lacking"
    flow = await portal.flow()
    assert flow["pConsum"] == 0.5
    assert not {"pSystem", "pAc"} & flow.keys()
    assert "MPPT-1:Ppv" not in await portal.factors("telemetry", "INVERTER")
    portal.sim.cloud.night = "empty"
    assert await portal.flow() == {}


async def test_numbers_as_text(portal: Portal) -> None:
    portal.sim.cloud.numbers = "text"
    flow = await portal.flow()
    assert (flow["pConsum"], flow["pSystem"]) == ("0.5", "0")
    portal.sim.cloud.numbers = "number"
    assert (await portal.factors("telemetry", "INVERTER"))["pAc"] == 0.5


@pytest.mark.parametrize("stations", [("charger",)])
async def test_more_nodes_of_the_flow(portal: Portal) -> None:
    house = portal.station.house
    house.override(ev_plugged=True)
    portal.station.extras |= {"pThird": 0.4, "pHeatPump": 1.2}
    portal.sim.upload()
    flow = await portal.flow()
    assert flow["pEvChar"] == 11
    assert (flow["pThird"], flow["pHeatPump"]) == (0.4, 1.2)
    nodes = (await portal.info())["chartMap"]["energy_flow"].split(",")
    assert {"pEvChar", "pThird", "pHeatPump"} <= set(nodes)


def test_unsigned_flow_needs_its_directions() -> None:
    live = GoodWeSimulator(homes=["string"]).stations[0].house.live()
    assert "flows" not in flow_of(live, flows=False)
    assert "flows" in flow_of(live, flows=False, signs="unsigned")


async def _listed(portal: Portal) -> dict[str, tuple[str, Any]]:
    data = (await portal.get(STATUS, stationId=portal.station.id))["data"]
    return {
        sn: (group["deviceType"], entry["status"])
        for group in data["deviceDetailList"]
        for entry in group["statusDetailList"]
        for sn in entry["snList"]
        if entry["detailMap"][sn]["sn"] == sn
    }


async def test_devices_by_status(portal: Portal) -> None:
    inverter = "9010KETU22AW0417"
    assert await _listed(portal) == {
        inverter: ("INVERTER", 5),
        f"VD3001000{inverter}": ("SMART_METER", 1),
        "DNG24A0031": ("DONGLE", 1),
    }
    portal.device("INVERTER").stopped = True
    portal.device("SMART_METER").switches.lost = True
    portal.device("DONGLE").switches.status = "-1"
    portal.sim.cloud.battery_listed = True
    portal.sim.cloud.unknown_device = True
    assert await _listed(portal) == {
        inverter: ("INVERTER", 3),
        f"VD2001{inverter}": ("BAT_SYS", 7),
        "DNG24A0031": ("DONGLE", -1),
        "X00000000000001": ("HEAT_BOX", 1),
    }
    portal.sim.cloud.status_as = "text"
    assert (await _listed(portal))[inverter] == ("INVERTER", "3")


async def test_models_are_on_the_device_page(portal: Portal) -> None:
    body = {"stationId": portal.station.id, "current": 1, "size": 2}
    page = (await portal.post(DEVICES, body))["data"]
    assert (page["total"], len(page["dataList"])) == (3, 2)
    assert page["dataList"][0]["model"] == "GW10K-ET"
    portal.sim.cloud.chinese = True
    page = (await portal.post(DEVICES, body | {"current": 2}))["data"]
    assert page["dataList"][0]["communicationMode"] == "LAN"
    assert page["dataList"][0]["name"] == "设备0031"
    types = await portal.get(
        "sems-plant/api/web/device/getAllDeviceType", stationId=portal.station.id
    )
    assert types["data"] == ["INVERTER", "SMART_METER", "DONGLE"]


async def test_telemetry_of_a_three_phase_hybrid(portal: Portal) -> None:
    portal.station.house.override(pv_w=3_000, load_w=500, soc=50)
    portal.sim.upload()
    inverter = await portal.factors("telemetry", "INVERTER")
    assert (inverter["pDc"], inverter["pAc"]) == ("3", "0.5")
    assert inverter["ISOLimit"] is None
    assert {"PHASE-A:Vac", "PHASE-C:Iac", "storagePF", "pBackup"} <= inverter.keys()
    assert not {"Vac", "gridPF"} & inverter.keys()
    assert (inverter["MPPT-1:Ppv"], inverter["MPPT-2:Ppv"]) == ("1.65", "1.35")
    battery = await portal.factors("telemetry", "BAT_SYS")
    assert (battery["pBat"], battery["soc"]) == ("-2.5", "50")
    portal.station.house.override(pv_w=0, soc=0)
    portal.sim.upload()
    assert (await portal.factors("telemetry", "SMART_METER"))["totalPac"] == "-0.5"
    assert await portal.factors("telemetry", "DONGLE") == {}


@pytest.mark.parametrize("stations", [("v2",)])
async def test_sentinels_of_a_single_phase_inverter(portal: Portal) -> None:
    inverter = await portal.factors("telemetry", "INVERTER")
    assert inverter["Vac"] == "238.4"
    assert not [code for code in inverter if code.startswith("PHASE")]
    portal.sim.cloud.sentinels = True
    inverter = await portal.factors("telemetry", "INVERTER")
    assert inverter["PHASE-B:Vac"] == "6553.5"
    assert inverter["PHASE-C:Iac"] == "655.35"


@pytest.mark.parametrize("stations", [("all_in_one",)])
async def test_an_all_in_one_has_a_rack(portal: Portal) -> None:
    rack = await portal.factors("telemetry", "BATTERY_RACK")
    assert (rack["version"], rack["tempMaxCell"]) == ("3.14", "27.4")
    counted = await portal.factors("telecounting", "BATTERY_RACK")
    assert float(counted["proCharStatsTotal"]) > 0
    assert "proPvStatsTotal" not in counted
    assert (await portal.info())["isAllInOne"] is True
    assert await portal.related("ENERGY_STORAGE_INTEGRATED_CABINET") == []


@pytest.mark.parametrize(
    ("spelling", "value"),
    [("null", None), ("", ""), ("--", "--"), ("missing", "absent"), ("mixed", "--")],
)
async def test_spellings_of_no_value(portal: Portal, spelling: Any, value: Any) -> None:
    portal.sim.cloud.null_spelling = spelling
    inverter = await portal.factors("telemetry", "INVERTER")
    assert inverter.get("ISOLimit", "absent") == value


async def test_offline_devices_tell_nothing(portal: Portal) -> None:
    device = portal.device("INVERTER")
    device.switches.telemetry = "empty"
    assert await portal.factors("telemetry", "INVERTER") == {}
    device.switches.telemetry = "full"
    device.switches.online = False
    for kind in ("INVERTER", "BAT_SYS", "SMART_METER"):
        assert await portal.factors("telemetry", kind) == {}
    assert {status for _, status in (await _listed(portal)).values()} == {0, 1}
    assert (await portal.info())["status"] == "0"


async def test_facts_of_devices_and_what_hangs_on_them(portal: Portal) -> None:
    facts = await portal.factors("information", "INVERTER")
    assert (facts["modelType"], facts["safetyVersion"]) == ("GW10K-ET", "04.12.23")
    assert (await portal.factors("information", "DONGLE"))["commModuleVer"] == "1.0.9"
    assert (await portal.factors("information", "SMART_METER"))["ctPoint"] == "1"
    (battery,) = await portal.related("INVERTER")
    assert battery["sn"] == f"VD2001{portal.device('INVERTER').sn}"
    assert (battery["no"], battery["translateCode"]) == ("1", "mppt1_battery")
    assert (battery["type"], battery["status"], battery["pbat"]) == ("BAT_SYS", 7, 0.5)


@pytest.mark.parametrize("stations", [("hybrid", "string")])
async def test_whose_device_of_which_type_has_to_be_said(portal: Portal) -> None:
    sn, here = portal.device("INVERTER").sn, portal.station.id
    storage = "ENERGY_STORAGE_INTEGRATED_CABINET"
    there = portal.sim.stations[1].id
    for what in ("telemetry", "telecounting", "information", "relatedDevices"):
        path = f"sems-plant/api/equipments/{sn}/{what}"
        for query, code in (
            ({}, "P0214"),
            ({"pwId": here}, "P0214"),
            ({"deviceType": storage}, "P0214"),
            ({"deviceType": storage, "pwId": there}, "100025"),
            ({"deviceType": storage, "pwId": "other"}, "100025"),
        ):
            assert (await portal.get(path, **query))["code"] == code, (what, query)
        wrong = await portal.get(path, deviceType="DONGLE", pwId=here)
        assert (wrong["code"], wrong["data"]) == ("00000", [])
        # Of a storage inverter both types are right
        right = await portal.get(path, deviceType=storage, pwId=here)
        assert right["data"]
    related = await portal.get(path, deviceType="INVERTER", pwId=here)
    assert related["data"] == []
    string = portal.sim.stations[1].devices[0].sn
    path = f"sems-plant/api/equipments/{string}/telemetry"
    assert (await portal.get(path, deviceType=storage, pwId=there))["data"] == []


async def test_a_load_may_be_negative(portal: Portal) -> None:
    portal.sim.cloud.signed_load = True
    assert (await portal.flow())["pConsum"] == -0.5
    portal.sim.cloud.flow_signs = "unsigned"
    assert (await portal.flow())["pConsum"] == 0.5


@pytest.mark.parametrize("stations", [("pair",)])
async def test_two_inverters_make_up_the_house(portal: Portal) -> None:
    portal.station.house.override(pv_w=9_000, load_w=3_000, soc=50)
    portal.sim.upload()
    live, station = portal.station.house.live(), portal.station
    first, second = (it for it in station.devices if it.is_inverter)
    measured = [
        await portal.factors("telemetry", "INVERTER", it.sn) for it in (first, second)
    ]

    def total(answers: list[Any], code: str) -> float:
        return sum(float(it[code]) for it in answers)

    assert min(float(it["pDc"]) for it in measured) > 1
    assert measured[0]["pDc"] != measured[1]["pDc"]
    assert total(measured, "pDc") == pytest.approx(live.pv_w / 1000, abs=2e-3)
    out_w = live.pv_w + live.battery_w
    assert total(measured, "pAc") == pytest.approx(out_w / 1000, abs=2e-3)
    counted = [
        await portal.factors("telecounting", "INVERTER", it.sn)
        for it in (first, second)
    ]
    whole = station.ledger.between(station.ledger.created, station.sample.day)
    for code, wh in (
        ("proPvStatsTotal", whole.solar_wh),
        ("proCharStatsTotal", whole.charge_wh),
        ("proDischarStatsTotal", whole.discharge_wh),
    ):
        assert min(float(it[code]) for it in counted) > 100
        assert total(counted, code) == pytest.approx(wh / 1000, abs=0.02)
    assert total(counted, "pAc") == pytest.approx(out_w / 1000, abs=2e-3)
    batteries = []
    for it in (first, second):
        (battery,) = await portal.related("INVERTER", it.sn)
        assert battery["sn"] == f"VD2001{it.sn}"
        batteries.append(
            await portal.factors("telemetry", "BAT_SYS", battery["sn"])
            | {"pbat": battery["pbat"]}
        )
    for code in ("pBat", "pbat"):
        stored = total(batteries, code)
        assert stored == pytest.approx(live.battery_w / 1000, abs=2e-3)
    meter = await portal.factors("telemetry", "SMART_METER")
    assert float(meter["totalPac"]) == pytest.approx(-live.grid_w / 1000, abs=2e-3)


def test_homes_that_come_again_have_serials_of_their_own() -> None:
    homes = default_homes([*HOMES, *HOMES, "two"])
    assert len({home.id for home in homes}) == len(homes)
    sns = [device.sn for home in homes for device in home.devices]
    assert len(set(sns)) == len(sns)
    for home in homes:
        parents = {device.parent for device in home.devices} - {None}
        assert parents <= {device.sn for device in home.devices}
