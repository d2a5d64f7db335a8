"""What a login makes of lists that are cut off, and of records without a time."""

from collections.abc import AsyncGenerator
from datetime import UTC
from typing import Any
from unittest.mock import AsyncMock

import pytest

from custom_components.growatt_energy import driver
from custom_components.growatt_energy._vendor.core.client.errors import UnsupportedError
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.sources.login import LoginSource
from tests.core.fake_clock import FakeClock

from .source_bench import NOON, Bench, with_login
from .test_sources_login import INVERTER, NOAH, PLANTS, SPA

type Login = Bench[LoginSource]


@pytest.fixture(autouse=True)
def growatt(socket_enabled: None) -> None:
    """Home Assistant is not needed here."""


@pytest.fixture
def homes() -> tuple[str, ...]:
    """Which homes the account has; the tests name them."""
    return ("SPA",)


@pytest.fixture
async def bench(homes: tuple[str, ...]) -> AsyncGenerator[Login]:
    """A source on these homes."""
    async with with_login(*homes) as made:
        yield made


@pytest.mark.parametrize("homes", [("SPA",)])
async def test_a_first_list_that_is_cut_off_hides_no_device(bench: Login) -> None:
    """It may be one row long; the second one has them all (Q13)."""
    bench.sim.classic.device_list_cut = True
    assert set((await bench.devices(PLANTS[SPA])).devices) == {SPA, INVERTER}
    assert bench.asked("newTwoPlantAPI.do/getAllDeviceListTwo") == 1


@pytest.mark.parametrize("homes", [("SPA",)])
async def test_devices_stay_while_the_second_list_fails(bench: Login) -> None:
    """Not answered is not "gone"; without either list there is none to tell."""
    bench.sim.classic.device_list_key = False
    path = "newTwoPlantAPI.do/getAllDeviceList"
    fault = bench.sim.faults.add("vendor_error", path, code=501)
    with pytest.raises(UnsupportedError):
        await bench.devices(PLANTS[SPA])
    bench.sim.faults.remove(fault.number)
    first = await bench.devices(PLANTS[SPA])
    bench.sim.faults.add("vendor_error", path, code=501)
    assert (await bench.devices(PLANTS[SPA])).devices == first.devices


@pytest.mark.parametrize("homes", [("NOAH",)])
async def test_a_noah_stays_while_it_is_not_told_of(bench: Login) -> None:
    """Only an answer without it says that it is gone."""
    first = await bench.devices(PLANTS[NOAH])
    assert set(first.devices) == {NOAH}
    path = "*isPlantNoahSystem"
    fault = bench.sim.faults.add("status", path, code=500)
    assert (await bench.devices(PLANTS[NOAH])).devices == first.devices
    bench.sim.faults.remove(fault.number)
    bench.sim.faults.add("mutate", path, field="obj", value=None)
    assert not (await bench.devices(PLANTS[NOAH])).devices


async def test_all_pages_of_plants_are_read() -> None:
    """Fifteen each; a server that has but one page for all ends it too."""
    rows = [{"id": number, "plantName": "Home"} for number in range(35)]

    async def pages(page: int = 1) -> dict[str, Any]:
        return {"PlantList": rows[15 * (page - 1) : 15 * page]}

    client = AsyncMock()
    client.all_plants = AsyncMock(side_effect=pages)
    assert await LoginSource(client).plants() == rows
    assert client.all_plants.await_count == 3
    client.all_plants = AsyncMock(return_value={"PlantList": rows})
    assert await LoginSource(client).plants() == rows
    assert client.all_plants.await_count == 2


@pytest.mark.parametrize(
    ("method", "family", "status", "fresh"),
    [
        ("noah_status", Family.NOAH, {"status": "1", "soc": "10", "ppv": "0"}, True),
        ("spa_system_status", Family.SPA, {"lost": "spa.status.normal"}, True),
        ("spa_system_status", Family.SPA, {"lost": "spa.status.checking"}, False),
        ("spa_system_status", Family.SPA, {"ppv": "0"}, False),
        ("tlx_system_status", Family.MIN, {"lost": "tlx.status.operating"}, True),
        ("mix_system_status", Family.SPH, {"lost": "mix.status.normal"}, True),
    ],
)
async def test_what_the_cloud_calls_online_does_not_grow_old(
    method: str, family: Family, status: dict[str, str], fresh: bool
) -> None:
    """A battery that rests all night says the same all night."""
    clock, client = FakeClock(NOON, auto=True), AsyncMock()
    for name in ("tlx_energy_overview", "spa_energy_overview"):
        getattr(client, name).return_value = {}
    for name in ("mix_totals", "mix_info", "mix_detail", "dashboard_data"):
        getattr(client, name).return_value = {}
    client.tlx_detail.side_effect = UnsupportedError("none")
    getattr(client, method).return_value = {"SOC": "40", **status}
    source = LoginSource(client, clock=clock)
    for _ in range(10):
        raw = await source.live(family, ["SN1"], "1")
        await clock.sleep(300)
    reading = driver.live(raw, clock.now(), family).devices["SN1"]
    assert reading.online(clock.now()) is fresh


async def test_a_chart_knows_better_than_the_state() -> None:
    """A mix whose newest slot is old has not reported since (Q8)."""
    clock, client = FakeClock(NOON, auto=True), AsyncMock()
    slot = {"ppv": "0", "sysOut": "0.7", "userLoad": "0"}
    for name in ("mix_totals", "mix_info", "dashboard_data"):
        getattr(client, name).return_value = {}
    client.mix_detail.return_value = {"chartData": {"09:55": slot}}
    client.mix_system_status.return_value = {"SOC": "40", "lost": "mix.status.normal"}
    source = LoginSource(client, clock=clock)
    source.set_zone("1", UTC)
    for _ in range(10):
        raw = await source.live(Family.SPH, ["SN1"], "1")
        await clock.sleep(300)
    reading = driver.live(raw, clock.now(), Family.SPH).devices["SN1"]
    assert not reading.online(clock.now())


async def test_the_dashboard_of_a_plant_is_one_device_s() -> None:
    """Its import is that of all; each of two would show the sum (section 9.4)."""
    client = AsyncMock()
    for name in ("plant_info", "is_noah_plant", "get_mix_inverter_settings"):
        getattr(client, name).return_value = {}
    rows = [{"deviceSn": name, "deviceType": "mix"} for name in ("MIXB", "MIXA")]
    client.all_devices.return_value = rows
    for name in ("mix_totals", "mix_info", "mix_detail"):
        getattr(client, name).return_value = {}
    client.dashboard_data.return_value = {"etouser": "2.5kWh"}
    client.mix_system_status.return_value = {"SOC": "40", "lost": "mix.status.normal"}
    source = LoginSource(client, clock=FakeClock(NOON, auto=True))
    await source.devices("1")
    raw = await source.live(Family.SPH, ["MIXA", "MIXB"], "1")
    readings = driver.live(raw, NOON, Family.SPH).devices
    found = [readings[name].number("import_energy_today") for name in ("MIXA", "MIXB")]
    assert found == [2.5, None]
