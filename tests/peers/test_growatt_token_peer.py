"""The public client `growattServer` reads and writes V1 of the simulator."""

from collections.abc import AsyncIterator
from datetime import date, time
from typing import Any

import growattServer
from growattServer import OpenApiV1
from growattServer.exceptions import GrowattV1ApiError
import pytest

from simulator.clock import ManualClock
from simulator.growatt import GrowattSimulator

from .growatt import MIN, SPH, Peer, noon, running, still

DAY = date(2026, 5, 2)
OFF = {"start_time": time(0), "end_time": time(0), "enabled": False}


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
def client(sim: GrowattSimulator, monkeypatch: pytest.MonkeyPatch) -> Peer:
    # The address is read from the class when a client is made, never later (Q5)
    monkeypatch.setattr(growattServer.GrowattApi, "server_url", f"{sim.url}/")
    return Peer(OpenApiV1(sim.token))


def error(raised: pytest.ExceptionInfo[GrowattV1ApiError]) -> tuple[Any, Any]:
    return raised.value.error_code, raised.value.error_msg


async def test_plants(client: Peer, sim: GrowattSimulator) -> None:
    plants = await client.plant_list()
    assert plants["count"] == 5
    assert plants["plants"][0]["plant_id"] == 1234567
    details = await client.plant_details(1234567)
    assert (details["timezone"], details["currency"]) == ("GMT+2", "EUR")
    sim.plants[0].house.override(pv_w=3120)
    overview = await client.plant_energy_overview(1234567)
    # Here in kW, in the list in W
    assert overview["current_power"] == 3.12
    curve = await client.plant_power_overview(1234567, DAY)
    truth = sim.plants[0].house.records(DAY)
    powers = sorted(curve["powers"], key=lambda entry: str(entry["time"]))
    assert [entry["power"] for entry in powers] == [
        pytest.approx(record.pv_w, abs=0.06) for record in truth
    ]


async def test_plant_energy(client: Peer, sim: GrowattSimulator) -> None:
    history = await client.plant_energy_history(1234567, date(2026, 5, 1), DAY)
    house = sim.plants[0].house
    for entry in history["energys"]:
        truth = house.energy_on(date.fromisoformat(entry["date"]))
        assert truth is not None
        assert float(entry["energy"]) == pytest.approx(truth.solar_wh / 1000, abs=0.06)
    assert len(history["energys"]) == 2


async def test_devices(client: Peer) -> None:
    devices = (await client.device_list(1234567))["devices"]
    # 3 is the meter
    assert {(entry["device_sn"], entry["type"]) for entry in devices} == {
        (MIN, 7),
        ("CRAZM00001", 3),
    }


async def test_min(client: Peer, sim: GrowattSimulator) -> None:
    live = still(sim.devices[MIN]).house.live()
    data = await client.min_energy(MIN)
    assert data["ppv"] == pytest.approx(live.pv_w)
    assert data["pacToLocalLoad"] == pytest.approx(live.load_w)
    assert data["bdc1ChargePower"] == pytest.approx(-live.battery_w)
    # The text is the server's time, the epoch is true (Q7)
    assert data["time"] == "2026-05-03 19:10:30"
    assert data["calendar"]["timeInMillis"] == live.at.timestamp() * 1000
    detail = await client.min_detail(MIN)
    assert detail["pmax"] == 12000
    assert detail["tlxSetbean"]["chargePowerCommand"] == 100


async def test_min_history(client: Peer, sim: GrowattSimulator) -> None:
    page = await client.min_energy_history(MIN, DAY, DAY, "Europe/Berlin", 1, 100)
    assert (page["tlx_sn"], len(page["datas"])) == (MIN, 100)
    totals = [record["epvTotal"] for record in page["datas"]]
    assert totals == sorted(totals, reverse=True)


async def test_min_settings(client: Peer) -> None:
    segments = await client.min_read_time_segments(MIN)
    assert [segment["enabled"] for segment in segments] == [False] * 9
    assert await client.min_read_parameter(MIN, "charge_power") == "100"


async def test_min_writes(
    client: Peer, sim: GrowattSimulator, clock: ManualClock
) -> None:
    device = still(sim.devices[MIN])
    await client.min_write_parameter(MIN, "discharge_power", 50)
    await client.min_write_time_segment(MIN, 2, 2, time(13, 5), time(15, 30), True)
    assert device.settings.stored["disChargePowerCommand"] == 50
    clock.advance(95)
    (segment,) = [
        entry for entry in await client.min_read_time_segments(MIN) if entry["enabled"]
    ]
    assert (segment["segment_id"], segment["mode_name"]) == (2, "Grid First")
    assert (segment["start_time"], segment["end_time"]) == ("13:05", "15:30")
    # Half of the rated power
    assert device.house.live().battery_w == pytest.approx(6000, abs=200)
    assert await client.min_read_parameter(MIN, "discharge_power") == "50"


async def test_refused_writes(client: Peer, sim: GrowattSimulator) -> None:
    with pytest.raises(GrowattV1ApiError) as raised:
        await client.min_write_parameter(MIN, "charge_power", 101)
    assert error(raised)[0] == 10008
    with pytest.raises(GrowattV1ApiError) as raised:
        await client.min_write_time_segment(MIN, 1, 1, time(22), time(6), True)
    assert error(raised)[0] == 10013
    sim.devices[MIN].switches.online = False
    with pytest.raises(GrowattV1ApiError) as raised:
        await client.min_write_parameter(MIN, "charge_power", 80)
    assert error(raised)[0] == 10003


async def test_sph(client: Peer, sim: GrowattSimulator) -> None:
    live = still(sim.devices[SPH]).house.live()
    data = await client.sph_energy(SPH)
    assert data["ppv"] == pytest.approx(live.pv_w)
    assert data["pcharge1"] == pytest.approx(-live.battery_w)
    assert (data["soc"], data["bmsSOC"]) == (62, 62)
    detail = await client.sph_detail(SPH)
    # The client reads keys that are not there and takes defaults for them (Q1)
    assert "wchargeSOCLowLimit" not in detail
    assert detail["wchargeSOCLowLimit2"] == 100


async def test_sph_writes(
    client: Peer, sim: GrowattSimulator, clock: ManualClock
) -> None:
    device = still(sim.devices[SPH])
    period = {"start_time": time(13), "end_time": time(17, 30), "enabled": True}
    await client.sph_write_ac_charge_times(SPH, 50, 90, True, [period, OFF, OFF])
    assert device.settings.stored["chargePowerCommand"] == 50
    assert device.settings.stored["wchargeSOCLowLimit2"] == 90
    assert device.settings.stored["acChargeEnable"] == 1
    clock.advance(95)
    assert device.house.live().battery_w == pytest.approx(-3000, abs=100)
    read = await client.sph_read_ac_charge_times(SPH)
    assert read["charge_power"] == 50
    assert read["periods"][0] == {
        "period_id": 1,
        "start_time": "13:00",
        "end_time": "17:30",
        "enabled": True,
    }
    detail = await client.sph_detail(SPH)
    assert detail["wchargeSOCLowLimit2"] == 90
    await client.sph_write_ac_discharge_times(SPH, 100, 20, [period, OFF, OFF])
    assert device.settings.stored["wdisChargeSOCLowLimit2"] == 20
    assert device.settings.stored["forcedDischargeStopSwitch1"] == 1


async def test_limits(client: Peer, sim: GrowattSimulator) -> None:
    await client.plant_list()
    with pytest.raises(GrowattV1ApiError) as raised:
        await client.plant_list()
    assert error(raised) == (10012, "error_frequently_access")
    assert sim.limits.broken == 1


async def test_wrong_token(client: Peer, sim: GrowattSimulator) -> None:
    with pytest.raises(GrowattV1ApiError) as raised:
        await Peer(OpenApiV1("0" * 32)).plant_list()
    assert error(raised) == (10011, "error_permission_denied")
