"""The public client `alphaessopenapi` reads the AlphaESS simulator."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import alphaess.alphaess as peer  # type: ignore[import-untyped]
import pytest

from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator
from simulator.house import House

HOME_1 = "AL7011024010101"
HOME_2 = "ALD0310240202"
CHARGER = "ALP0110240303"


@pytest.fixture
async def sim(
    socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AlphaEssSimulator]:
    # The client signs with the real time, so the simulator lives in it too
    simulator = AlphaEssSimulator()
    await simulator.start()
    monkeypatch.setattr(peer, "BASEURL", simulator.url)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client_session:
        yield client_session


@pytest.fixture
def client(sim: AlphaEssSimulator, session: aiohttp.ClientSession) -> Any:
    return peer.alphaess(APP_ID, APP_SECRET, session=session, raise_on_error=True)


@pytest.fixture
def house(sim: AlphaEssSimulator) -> House:
    """Return a house that stands still while the two are compared."""
    house = sim.houses[HOME_1]
    house.override(pv_w=3120, load_w=985, soc=62.4, ev_plugged=False)
    return house


async def test_list(client: Any) -> None:
    assert await client.authenticate()
    systems = await client.getESSList()
    assert [system["sysSn"] for system in systems] == [HOME_1, HOME_2]
    assert systems[0]["minv"] == "SMILE5-INV"
    assert systems[0]["cobat"] == 13.34
    assert systems[1]["poinv"] == 10.0


async def test_live(client: Any, house: House) -> None:
    data = await client.getLastPowerData(HOME_1)
    live = house.live()
    assert data["ppv"] == live.pv_w == 3120
    assert data["pload"] == live.load_w == 985
    assert data["pbat"] == live.battery_w == -2135
    assert data["pgrid"] == live.grid_w == 0
    assert data["soc"] == pytest.approx(live.soc, abs=0.11)
    house.override(pv_w=0, soc=10)
    data = await client.getLastPowerData(HOME_1)
    assert (data["pbat"], data["pgrid"]) == (0, 985)


async def test_day_energy(client: Any, sim: AlphaEssSimulator) -> None:
    house = sim.houses[HOME_1]
    yesterday = house.today() - timedelta(days=1)
    data = await client.getOneDateEnergyBySn(HOME_1, yesterday.isoformat())
    truth = house.energy_on(yesterday)
    assert truth is not None
    assert data["theDate"] == yesterday.isoformat()
    for key, energy in (
        ("epv", truth.solar_wh),
        ("eInput", truth.import_wh),
        ("eOutput", truth.export_wh),
        ("eCharge", truth.charge_wh),
        ("eDischarge", truth.discharge_wh),
        ("eGridCharge", truth.grid_charge_wh),
        ("eChargingPile", truth.ev_wh),
    ):
        assert data[key] == pytest.approx(energy / 1000, abs=0.006), key


async def test_day_power(client: Any, sim: AlphaEssSimulator) -> None:
    house = sim.houses[HOME_1]
    yesterday = house.today() - timedelta(days=1)
    records = await client.getOneDayPowerBySn(HOME_1, yesterday.isoformat())
    of_the_day = {
        record["uploadTime"]: record
        for record in records
        if record["uploadTime"].startswith(yesterday.isoformat())
    }
    truths = house.records(yesterday)
    assert len(of_the_day) == len(truths)
    for record, truth in zip(
        (of_the_day[time] for time in sorted(of_the_day)), truths, strict=True
    ):
        assert record["ppv"] == pytest.approx(truth.pv_w, abs=0.06)
        assert record["gridCharge"] == pytest.approx(truth.import_w, abs=0.06)
        assert record["feedIn"] == pytest.approx(truth.export_w, abs=0.06)
        assert record["cbat"] == pytest.approx(truth.soc, abs=0.06)


async def test_summary(client: Any, house: House) -> None:
    data = await client.getSumDataForCustomer(HOME_1)
    today, total = house.energy_on(house.today()), house.energy_total()
    assert today is not None
    assert data["epvtoday"] == pytest.approx(today.solar_wh / 1000, abs=0.02)
    assert data["eload"] == pytest.approx(today.load_wh / 1000, abs=0.02)
    assert data["epvtotal"] == pytest.approx(total.solar_wh / 1000, abs=0.02)


async def test_settings(client: Any, sim: AlphaEssSimulator) -> None:
    system = sim.systems[HOME_1]
    assert await client.getChargeConfigInfo(HOME_1) == system.charge.shown
    assert await client.getDisChargeConfigInfo(HOME_1) == system.discharge.shown
    periodic = await client.getTimeChargeBySn(HOME_2)
    assert periodic["chargeTimeList"][0]["beginTime"] == "02:00"
    assert periodic["dischargeTimeList"][0]["chargeLimit"] == 15.0
    with pytest.raises(peer.AlphaESSApiError) as error:
        await client.getTimeChargeBySn(HOME_1)
    assert error.value.code == 6017


async def test_wallbox(client: Any, sim: AlphaEssSimulator, house: House) -> None:
    chargers = await client.getEvChargerConfigList(HOME_1)
    assert chargers == [{"evchargerSn": CHARGER, "evchargerModel": "SMILE-EVCT11"}]
    assert await client.getEvChargerCurrentsBySn(HOME_1) == {"currentsetting": 32.0}
    status = await client.getEvChargerStatusBySn(HOME_1, CHARGER)
    assert status == {"evchargerStatus": 1}
    house.override(ev_plugged=True)
    status = await client.getEvChargerStatusBySn(HOME_1, CHARGER)
    assert status == {"evchargerStatus": 3}


async def test_everything_at_once(client: Any, house: House) -> None:
    systems = await client.getdata(get_power=True, get_ev=True, get_timecharge=True)
    assert [system["sysSn"] for system in systems] == [HOME_1, HOME_2]
    for system in systems:
        for key in ("SumData", "OneDateEnergy", "LastPower", "ChargeConfig"):
            assert system[key], key
    assert systems[0]["EVStatus"] == {"evchargerStatus": 1}
    assert systems[0]["TimeCharge"] is None
    assert systems[1]["TimeCharge"]["sysSn"] == HOME_2


async def test_writes_reach_the_stores(client: Any, sim: AlphaEssSimulator) -> None:
    await client.updateChargeConfigInfo(
        HOME_1, 90, 1, "06:00", "00:00", "01:15", "00:00"
    )
    assert sim.systems[HOME_1].charge.stored == {
        "gridCharge": 1,
        "timeChaf1": "01:15",
        "timeChae1": "06:00",
        "timeChaf2": "00:00",
        "timeChae2": "00:00",
        "batHighCap": 90,
    }
    every_day = [1, 2, 3, 4, 5, 6, 7]
    charge = {
        "beginTime": "01:00",
        "endTime": "04:00",
        "weeks": every_day,
        "chargePower": 3000,
        "chargeLimit": 80,
    }
    discharge = charge | {"beginTime": "18:00", "endTime": "22:00", "chargeLimit": 20}
    await client.setTimeChargeBySn(
        HOME_2, 1, [charge], [discharge], gridChargeCycle=1, ctrDisCycle=0
    )
    stored = sim.systems[HOME_2].periodic.stored
    assert (stored["gridChargeCycle"], stored["ctrDisCycle"]) == (1, 0)
    assert stored["chargeTimeList"] == [charge]
    assert stored["dischargeTimeList"] == [discharge]


async def test_its_way_to_set_both_sides(client: Any, sim: AlphaEssSimulator) -> None:
    sim.write_gap = 0
    system = sim.systems[HOME_1]
    windows = ("17:00", "21:00", "00:00", "00:00")
    await client.setbatterycharge(HOME_1, True, *windows, 95)
    await client.setbatterydischarge(HOME_1, True, *windows, 15)
    assert (system.charge.stored["gridCharge"], system.discharge.stored["ctrDis"]) == (
        1,
        1,
    )
    assert await client.getChargeConfigInfo(HOME_1) == {
        "gridCharge": 1,
        "timeChaf1": "17:00",
        "timeChae1": "21:00",
        "timeChaf2": "00:00",
        "timeChae2": "00:00",
        "batHighCap": 95,
    }
    await client.updateDisChargeConfigInfo(
        HOME_1, 20, 0, "06:00", "00:00", "05:15", "00:00"
    )
    assert system.discharge.stored == {
        "ctrDis": 0,
        "timeDisf1": "05:15",
        "timeDise1": "06:00",
        "timeDisf2": "00:00",
        "timeDise2": "00:00",
        "batUseCap": 20,
    }
    assert [effect.part for effect in system.effects] == [
        "charge",
        "discharge",
        "discharge",
    ]


async def test_wallbox_writes(
    client: Any, sim: AlphaEssSimulator, house: House
) -> None:
    system = sim.systems[HOME_1]
    assert system.charger is not None
    system.charger.reaction_delay = 0
    house.override(ev_plugged=True)
    await client.setEvChargerCurrentsBySn(HOME_1, 25)
    assert await client.getEvChargerCurrentsBySn(HOME_1) == {"currentsetting": 25.0}
    for mode, status in ((0, (2, 6)), (1, (3,))):
        await client.remoteControlEvCharger(HOME_1, CHARGER, mode)
        answer = await client.getEvChargerStatusBySn(HOME_1, CHARGER)
        assert answer["evchargerStatus"] in status
    assert [effect.part for effect in system.effects] == [
        "household",
        "charger",
        "charger",
    ]


async def test_unbind(client: Any, sim: AlphaEssSimulator) -> None:
    await client.unBindSn(HOME_2)
    systems = await client.getESSList()
    assert [system["sysSn"] for system in systems] == [HOME_1]


async def test_a_wrong_secret_is_refused(
    sim: AlphaEssSimulator, session: aiohttp.ClientSession
) -> None:
    client = peer.alphaess(APP_ID, "f" * 32, session=session, raise_on_error=True)
    with pytest.raises(peer.AlphaESSApiError) as error:
        await client.getESSList()
    assert error.value.code == 6007
