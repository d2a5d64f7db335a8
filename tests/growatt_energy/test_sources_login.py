"""What a login brings, on the simulated cloud: one login for all of it."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import AsyncMock

import pytest

from custom_components.growatt_energy import driver
from custom_components.growatt_energy._vendor.core.client.errors import (
    LockedError,
    UnsupportedError,
)
from custom_components.growatt_energy.api.classic_client import ClassicClient, Timespan
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.sources.login import LoginSource

from .source_bench import NOON, Bench, with_login

MIN, SPH, SPA = "TPJ0CD4001", "ODCDA2500A", "WPD0A1234K"
NOAH, STORAGE, NEO = "0HVR00AA25BB0001", "KHM0A12345", "BZP4N2K00E"
INVERTER, MAX = "INV0A5600B", "MXJ0A50001"
PLANTS = {
    MIN: "1234567",
    SPH: "1234601",
    SPA: "1234602",
    INVERTER: "1234602",
    NOAH: "1234603",
    STORAGE: "1234604",
    MAX: "1234605",
    NEO: "1234606",
}


@pytest.fixture(autouse=True)
def growatt(socket_enabled: None) -> None:
    """Home Assistant is not needed here."""


@pytest.fixture
def homes() -> tuple[str, ...]:
    """Which homes the account has."""
    return ("MIN",)


@pytest.fixture
async def bench(homes: tuple[str, ...]) -> AsyncGenerator[Bench[LoginSource]]:
    """A source on these homes, with at most one login when it ends."""
    async with with_login(*homes) as made:
        yield made
        assert len(made.sim.sessions.logins) <= 1


type Login = Bench[LoginSource]


async def test_plants_and_their_values(bench: Login) -> None:
    """The zone is in the list; money and currency are the app's alone."""
    plants = driver.plants(await bench.source.plants(), NOON).plants
    assert plants[PLANTS[MIN]].zone == "+02:00"
    found = driver.plant(await bench.source.plant(PLANTS[MIN]), NOON)
    assert found.values["money_today"] > 0
    assert found.currency == "EUR"
    assert found.values["output_power"] > 1000


@pytest.mark.parametrize(
    ("homes", "family", "serial"),
    [
        (("MIN",), Family.MIN, MIN),
        (("NEO",), Family.MIN, NEO),
        (("SPH",), Family.SPH, SPH),
        (("SPA",), Family.SPA, SPA),
        (("SPA",), Family.INVERTER, INVERTER),
        (("STORAGE",), Family.STORAGE, STORAGE),
        (("MAX",), Family.MAX, MAX),
        (("NOAH",), Family.NOAH, NOAH),
    ],
)
async def test_each_family_is_found_and_read(
    bench: Login, family: Family, serial: str
) -> None:
    """In the list of its plant, with a record of now that fits the house."""
    found = await bench.devices(PLANTS[serial])
    assert found.devices[serial].family is family
    reading = await bench.reading(family, serial, PLANTS[serial])
    assert reading is not None
    assert reading.online(bench.clock.now())
    house = bench.sim.devices[serial].house
    solar = reading.number("solar_power")
    assert solar == pytest.approx(house.live().pv_w, rel=0.25, abs=50)


@pytest.mark.parametrize("homes", [("SPH",)])
async def test_mix_asks_for_its_charts_less_often(bench: Login) -> None:
    """Three answers each poll, the two charts every quarter of an hour (5.5)."""
    for _ in range(6):
        assert await bench.reading(Family.SPH, SPH, PLANTS[SPH]) is not None
        await bench.wait(300)
    assert bench.asked("newMixApi.do/getSystemStatus_KW") == 6
    assert bench.asked("newMixApi.do/getEnergyProdAndCons_KW") == 2
    assert bench.asked("newPlantAPI.do/getEnergyStorageData") == 2


@pytest.mark.parametrize("homes", [("SPH",)])
async def test_a_frozen_mix_grows_old(bench: Login) -> None:
    """It has no time: that of the last change stands in for it (Q8)."""
    first = await bench.reading(Family.SPH, SPH, PLANTS[SPH])
    assert first is not None
    bench.sim.devices[SPH].switches.online = False
    await bench.wait(1500)
    again = await bench.reading(Family.SPH, SPH, PLANTS[SPH])
    assert again is None or not again.online(bench.clock.now())


@pytest.mark.parametrize("homes", [("SPH",)])
async def test_a_part_that_fails_leaves_the_others(bench: Login) -> None:
    """Its last answer stays for a while."""
    await bench.reading(Family.SPH, SPH, PLANTS[SPH])
    bench.sim.faults.add("status", "newMixApi.do/getEnergyOverview", code=500)
    await bench.wait(300)
    reading = await bench.reading(Family.SPH, SPH, PLANTS[SPH])
    assert reading is not None
    assert reading.number("export_energy_total") is not None


async def test_without_details_the_status_stands_in(bench: Login) -> None:
    """In kW and with the totals of the overview (section 9.3)."""
    bench.sim.devices[MIN].house.override(pv_w=5000)
    bench.sim.faults.add("vendor_error", "newTlxApi.do/getTlxDetailData", code=501)
    await bench.wait(400)
    reading = await bench.reading(Family.MIN, MIN, PLANTS[MIN])
    assert reading is not None
    assert reading.number("solar_power") == pytest.approx(5000, abs=100)
    assert reading.number("solar_energy_total") is not None
    assert reading.observed_at is not None


@pytest.mark.parametrize("homes", [("STORAGE",)])
async def test_storage_without_its_bean(bench: Login) -> None:
    """Some models answer only the other calls (Q15)."""
    bench.sim.classic.storage_beans = False
    reading = await bench.reading(Family.STORAGE, STORAGE, PLANTS[STORAGE])
    assert reading is not None
    assert reading.number("battery_soc") is not None


async def test_settings_and_what_the_app_does_not_have(bench: Login) -> None:
    """Alarms, signal and counters of the past are the token's alone."""
    assert "wchargeSOCLowLimit" in await bench.source.settings(Family.MIN, MIN)
    day = NOON.date()
    with pytest.raises(UnsupportedError):
        await bench.source.alarms(Family.MIN, MIN, day)
    with pytest.raises(UnsupportedError):
        await bench.source.wifi(Family.MIN, MIN)
    with pytest.raises(UnsupportedError):
        await bench.source.history(Family.MIN, MIN, day, UTC)
    with pytest.raises(UnsupportedError):
        await bench.source.live(Family.METER, ["L_1"], PLANTS[MIN])


async def test_a_lock_is_nobodys_missing_part(bench: Login) -> None:
    """It must be told at once, and not be asked again by the next part."""
    bench.sim.sessions.lock(24)
    with pytest.raises(LockedError):
        await bench.source.plant(PLANTS[MIN])
    with pytest.raises(LockedError):
        await bench.source.live(Family.SPH, [SPH], PLANTS[MIN])


async def test_how_often(bench: Login) -> None:
    """As often as loggers report, whatever else there is."""
    found = bench.source.cadence({Family.MIN, Family.SPH})
    assert set(found.values()) == {timedelta(minutes=5)}


@pytest.mark.parametrize("homes", [("SPH",)])
async def test_a_day_is_asked_in_the_plants_zone(
    bench: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Just after midnight there, while it is yesterday in UTC (Q28)."""
    asked: list[date] = []
    mix_detail = ClassicClient.mix_detail

    async def spy(
        client: ClassicClient, serial: str, plant_id: str, timespan: Timespan, day: date
    ) -> dict[str, Any]:
        asked.append(day)
        return await mix_detail(client, serial, plant_id, timespan, day)

    monkeypatch.setattr(ClassicClient, "mix_detail", spy)
    bench.source.set_zone(PLANTS[SPH], bench.sim.devices[SPH].house.spec.zone)
    await bench.wait((datetime(2026, 5, 12, 22, 30, tzinfo=UTC) - NOON).seconds)
    reading = await bench.reading(Family.SPH, SPH, PLANTS[SPH])
    assert asked == [date(2026, 5, 13)]
    assert reading is not None
    assert reading.online(bench.clock.now())


@pytest.mark.parametrize("homes", [("SPH",)])
async def test_the_zone_of_a_plant_is_learned_from_its_settings(bench: Login) -> None:
    """Until somebody says better."""
    await bench.source.plant(PLANTS[SPH])
    assert bench.notes.get(f"timezone/{PLANTS[SPH]}") is not None
    found = await bench.source.live(Family.SPH, [SPH], PLANTS[SPH])
    assert "chartData" not in found[SPH]["mix_detail"]


@pytest.mark.parametrize("homes", [("SPH", "SPA", "NOAH", "STORAGE")])
async def test_settings_of_each_family(bench: Login) -> None:
    """By the names that its control reads; a storage has none in the app's API."""
    wanted = {
        (Family.SPH, SPH): "forcedChargeTimeStart1",
        (Family.SPA, SPA): "batFirstSwitch1",
        (Family.NOAH, NOAH): "chargingSocHighLimit",
        (Family.INVERTER, INVERTER): "onOff",
    }
    for (family, serial), name in wanted.items():
        assert name in await bench.source.settings(family, serial)
    with pytest.raises(UnsupportedError):
        await bench.source.settings(Family.STORAGE, STORAGE)


async def test_plants_of_a_server_without_the_new_list(bench: Login) -> None:
    """The old list, or what the login said, has them too."""
    path = "newTwoPlantAPI.do/getAllPlantListTwo"
    bench.sim.faults.add("vendor_error", path, code=501)
    plants = driver.plants(await bench.source.plants(), NOON).plants
    assert plants[PLANTS[MIN]].name == "Home"
    bench.sim.faults.add("vendor_error", path, code=501)
    told = {"data": [{"plantId": "77", "plantName": "Told"}]}
    assert set(driver.plants(await bench.source.plants(told), NOON).plants) == {"77"}


async def test_a_plant_whose_settings_do_not_come(bench: Login) -> None:
    """Its values come without; what was read before stays."""
    await bench.source.plant(PLANTS[MIN])
    bench.sim.faults.add("vendor_error", "newPlantAPI.do/getPlant", code=501)
    await bench.wait(13 * 3600)
    found = driver.plant(await bench.source.plant(PLANTS[MIN]), bench.clock.now())
    assert found.currency == "EUR"


async def test_plant_settings_are_read_twice_a_day(bench: Login) -> None:
    """They hardly change."""
    for _ in range(3):
        await bench.source.plant(PLANTS[MIN])
    assert bench.asked("newPlantAPI.do/getPlant") == 1


@pytest.mark.parametrize("homes", [("NOAH",)])
async def test_a_noah_that_is_offline_says_nothing(bench: Login) -> None:
    """Status -1: the values are those of when it left."""
    bench.sim.devices[NOAH].switches.online = False
    await bench.wait(1800)
    reading = await bench.reading(Family.NOAH, NOAH, PLANTS[NOAH])
    assert reading is None or not reading.online(bench.clock.now())


async def test_a_nexa_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not answer as the one is asked as the other, and remembered."""
    async with with_login("NOAH") as bench:
        status = {"soc": "40", "pac": "-100", "ppv": "0", "status": "1"}
        noah, nexa = AsyncMock(return_value={}), AsyncMock(return_value=status)
        monkeypatch.setattr(ClassicClient, "noah_status", noah)
        monkeypatch.setattr(ClassicClient, "nexa_status", nexa)
        for _ in range(2):
            reading = await bench.reading(Family.NOAH, NOAH, PLANTS[NOAH])
            assert reading is not None
            assert reading.number("output_power") == 100.0
        assert (noah.await_count, nexa.await_count) == (1, 2)
