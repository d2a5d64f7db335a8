"""List, live data, energies and summary (alphaess.md 3.1, 3.2, 3.4 and 3.5)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from simulator.clock import ManualClock

from .alphaess_client import HOME_1, HOME_2, STORION, VT1000, Client

YESTERDAY = "2026-05-02"
TODAY = "2026-05-03"


async def test_list(api: Client) -> None:
    systems = (await api.get("getEssList")).data
    assert [system["sysSn"] for system in systems] == [
        HOME_1,
        HOME_2,
        STORION,
        VT1000,
    ]
    assert systems[0] == {
        "sysSn": HOME_1,
        "popv": 8.2,
        "minv": "SMILE5-INV",
        "poinv": 5.0,
        "cobat": 13.34,
        "mbat": "SMILE-BAT-13.3P",
        "surplusCobat": 12.01,
        "usCapacity": 90.0,
        "emsStatus": "Normal",
    }
    assert systems[3]["cobat"] == 0


async def test_a_list_of_one_as_object(api: Client) -> None:
    api.sim.list_as_object = True
    account = next(iter(api.sim.accounts.values()))
    account.bound = {HOME_2}
    assert (await api.get("getEssList")).data["sysSn"] == HOME_2
    account.bound = set()
    assert (await api.get("getEssList")).data == []


@pytest.mark.parametrize("serial", [HOME_1, HOME_2])
async def test_live_data_is_the_truth_and_adds_up(api: Client, serial: str) -> None:
    house = api.sim.houses[serial]
    house.override(pv_w=3120, load_w=985, soc=62.44)
    data = (await api.get("getLastPowerData", sysSn=serial)).data
    assert data["ppv"] == 3120.0
    assert data["pload"] == 985.0
    assert data["pbat"] == -2135.0
    assert data["pgrid"] == 0.0
    assert data["soc"] == 62.4
    assert data["pload"] == data["ppv"] + data["pgrid"] + data["pbat"]
    strings = data["ppvDetail"]
    assert sum(strings[f"ppv{n}"] for n in (1, 2, 3, 4)) == data["ppv"]
    assert strings["ppv1"] > strings["ppv2"] > 0
    assert sum(data["pgridDetail"].values()) == data["pgrid"]
    output = [data[f"prealL{n}"] for n in (1, 2, 3)]
    assert sum(output) == data["ppv"] + data["pbat"]
    assert (output[1] > 0) is (serial == HOME_2)


async def test_signs(api: Client) -> None:
    house = api.sim.houses[HOME_1]
    house.override(pv_w=0, load_w=800, soc=50)
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert (data["pbat"], data["pgrid"]) == (800.0, 0.0)
    house.override(soc=10)
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert (data["pbat"], data["pgrid"]) == (0.0, 800.0)
    house.override(soc=100, pv_w=3000)
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert (data["pbat"], data["pgrid"]) == (0.0, -2200.0)


async def test_car_power(api: Client) -> None:
    api.sim.houses[HOME_1].override(ev_plugged=True)
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert data["pev"] == data["pevDetail"]["ev1Power"] == 11_000
    assert data["pevDetail"]["ev2Power"] is None
    data = (await api.get("getLastPowerData", sysSn=HOME_2)).data
    assert data["pev"] == 0
    assert set(data["pevDetail"].values()) == {None}


async def test_load_glitches(api: Client) -> None:
    api.sim.systems[HOME_1].pload_glitches = 1
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert data["pload"] == -7800.0
    assert data["pload"] == data["ppv"] + data["pgrid"] + data["pbat"]
    assert (await api.get("getLastPowerData", sysSn=HOME_1)).data["pload"] > 0


async def test_models_without_live_data(api: Client) -> None:
    data = (await api.get("getLastPowerData", sysSn=STORION)).data
    assert {"ppv", "ppvDetail", "soc", "pgridDetail", "pev", "pevDetail"} <= set(data)
    assert set(data.values()) == {None}
    answer = await api.get("getOneDayPowerBySn", sysSn=STORION, queryDate=TODAY)
    assert answer.data[0]["cbat"] > 0


async def test_a_system_without_battery(api: Client) -> None:
    data = (await api.get("getLastPowerData", sysSn=VT1000)).data
    assert (data["soc"], data["pbat"]) == (None, 0.0)
    for endpoint in (
        "getChargeConfigInfo",
        "getDisChargeConfigInfo",
        "getTimeChargeBySn",
    ):
        assert (await api.get(endpoint, sysSn=VT1000)).code == 6017


async def test_offline_answers_no_old_data(api: Client) -> None:
    api.sim.systems[HOME_1].online = False
    assert (await api.get("getLastPowerData", sysSn=HOME_1)).code == 6042
    assert (await api.get("getLastPowerData", sysSn=HOME_2)).code == 200
    assert (await api.get("getSumDataForCustomer", sysSn=HOME_1)).code == 200


async def test_a_frozen_cloud(api: Client, clock: ManualClock) -> None:
    before = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    api.sim.systems[HOME_1].frozen = True
    clock.advance(3600)
    assert (await api.get("getLastPowerData", sysSn=HOME_1)).data == before
    api.sim.systems[HOME_1].frozen = False
    assert (await api.get("getLastPowerData", sysSn=HOME_1)).data != before


async def test_energy_of_days(api: Client, clock: ManualClock) -> None:
    house = api.sim.houses[HOME_1]
    for day in (YESTERDAY, TODAY, "2026-03-20"):
        data = (await api.get("getOneDateEnergyBySn", sysSn=HOME_1, queryDate=day)).data
        truth = house.energy_on(date.fromisoformat(day))
        assert truth is not None
        assert data.pop("sysSn") == HOME_1
        assert data.pop("theDate") == day
        assert data == {
            "epv": round(truth.solar_wh / 1000, 2),
            "eInput": round(truth.import_wh / 1000, 2),
            "eOutput": round(truth.export_wh / 1000, 2),
            "eCharge": round(truth.charge_wh / 1000, 2),
            "eDischarge": round(truth.discharge_wh / 1000, 2),
            "eGridCharge": round(truth.grid_charge_wh / 1000, 2),
            "eChargingPile": round(truth.ev_wh / 1000, 2),
        }


@pytest.mark.parametrize("style", ["zeros", "nulls", "none"])
async def test_blank_energy_after_midnight(
    api: Client, clock: ManualClock, style: Any
) -> None:
    system = api.sim.systems[HOME_1]
    system.midnight_blank = style
    # 00:04:59 local time on the 4th; there is some consumption already
    clock.set(datetime(2026, 5, 3, 22, 4, 59, tzinfo=UTC))

    async def energy(day: str) -> Any:
        answer = await api.get("getOneDateEnergyBySn", sysSn=HOME_1, queryDate=day)
        return answer.data

    blank = await energy("2026-05-04")
    if style == "none":
        assert blank is None
    else:
        assert (blank.pop("sysSn"), blank.pop("theDate")) == (HOME_1, "2026-05-04")
        assert set(blank.values()) == ({0.0} if style == "zeros" else {None})
    assert (await energy(TODAY))["epv"] > 0
    clock.advance(1)
    data = await energy("2026-05-04")
    assert data["eDischarge"] + data["eInput"] > 0
    system.midnight_blank_minutes = 30
    assert await energy("2026-05-04") != data
    system.midnight_blank_minutes = 0
    assert await energy("2026-05-04") == data


async def test_energy_before_the_installation(api: Client) -> None:
    system = api.sim.systems[HOME_1]
    installed = system.house.installed
    assert installed == date(2026, 5, 3) - timedelta(days=60)

    async def ask(day: date) -> Any:
        return await api.get(
            "getOneDateEnergyBySn", sysSn=HOME_1, queryDate=day.isoformat()
        )

    assert (await ask(installed)).data["epv"] > 0
    before = installed - timedelta(days=1)
    assert (await ask(before)).data["epv"] == 0.0
    system.before_installation = "nulls"
    assert (await ask(before)).data["epv"] is None
    system.before_installation = "none"
    assert (await ask(before)).data is None
    system.before_installation = "6016"
    assert (await ask(before)).code == 6016


async def test_summary(api: Client) -> None:
    data = (await api.get("getSumDataForCustomer", sysSn=HOME_1)).data
    house = api.sim.houses[HOME_1]
    today, total = house.energy_on(house.today()), house.energy_total()
    assert today is not None
    assert data["epvtoday"] == round(today.solar_wh / 1000, 2)
    assert data["eload"] == round(today.load_wh / 1000, 2)
    assert data["einput"] == round(today.import_wh / 1000, 2)
    assert data["eoutput"] == round(today.export_wh / 1000, 2)
    assert data["echarge"] == round(today.charge_wh / 1000, 2)
    assert data["edischarge"] == round(today.discharge_wh / 1000, 2)
    assert data["epvtotal"] == round(total.solar_wh / 1000, 2)
    assert data["eload"] == pytest.approx(
        data["epvtoday"]
        + data["einput"]
        - data["eoutput"]
        - data["echarge"]
        + data["edischarge"],
        abs=0.03,
    )
    assert 0 <= data["eselfConsumption"] <= 1
    assert 0 <= data["eselfSufficiency"] <= 1
    assert data["totalIncome"] > data["todayIncome"] > 0
    assert data["moneyType"] == "EUR"


async def test_summary_without_tariff(api: Client) -> None:
    api.sim.systems[HOME_1].income = False
    data = (await api.get("getSumDataForCustomer", sysSn=HOME_1)).data
    nulls = {key for key, value in data.items() if value is None}
    assert nulls == {
        "epvtotal",
        "todayIncome",
        "totalIncome",
        "eselfConsumption",
        "eselfSufficiency",
        "treeNum",
        "carbonNum",
        "moneyType",
    }


@pytest.mark.parametrize("symbol", ["€", "A$", None])
async def test_currencies(api: Client, symbol: str | None) -> None:
    api.sim.systems[HOME_1].money_type = symbol
    data = (await api.get("getSumDataForCustomer", sysSn=HOME_1)).data
    assert data["moneyType"] == symbol
