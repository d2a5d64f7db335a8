"""The public client `pysolarcloud` reads and controls the iSolarCloud simulator."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import aiohttp
from pysolarcloud import Auth, PySolarCloudException, Server, control as control_module
from pysolarcloud.control import Control
from pysolarcloud.plants import DeviceFaultStaus, DeviceType, Plants
import pytest

from simulator.clock import ManualClock
from simulator.sungrow import SungrowSimulator

REDIRECT = "https://my.home-assistant.io/redirect/oauth"
HOME = "5123456"
HYBRID = "10941275"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 5, 3, 11, 10, 30, tzinfo=UTC))


@pytest.fixture
async def sim(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[SungrowSimulator]:
    simulator = SungrowSimulator(clock=clock)
    simulator.plants[0].house.override(pv_w=3120, load_w=985, soc=62)
    simulator.plants[0].upload()
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def fresh(sim: SungrowSimulator) -> AsyncIterator[Auth]:
    """Yield a client that nobody authorized yet."""
    async with aiohttp.ClientSession() as session:
        yield Auth(
            sim.url, sim.app_key, sim.secret, sim.application_id, websession=session
        )


@pytest.fixture
async def auth(fresh: Auth, sim: SungrowSimulator) -> Auth:
    """Return a client that the owner authorized in a browser."""
    sim.redirect_uri = REDIRECT
    answer = parse_qs(urlsplit(sim.authorize(state="s1")).query)
    await fresh.async_authorize(answer["code"][0], REDIRECT)
    return fresh


@pytest.fixture
def control(auth: Auth, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Control:
    async def sleep(seconds: float) -> None:
        clock.advance(seconds)

    monkeypatch.setattr(control_module, "asyncio", SimpleNamespace(sleep=sleep))
    return Control(auth)


async def test_its_link_is_what_the_page_reads(fresh: Auth) -> None:
    # It knows no other host than the five
    with pytest.raises(PySolarCloudException, match="Unsupported"):
        fresh.auth_url(REDIRECT, "s1")
    fresh.host = Server.Europe.value
    link = urlsplit(fresh.auth_url(REDIRECT, "s1"))
    assert (link.netloc, link.query) == ("web3.isolarcloud.eu", "state=s1")
    page, _, query = link.fragment.partition("?")
    assert page == "/authorized-app"
    assert parse_qs(query) == {
        "cloudId": ["3"],
        "applicationId": ["499"],
        "redirectUrl": [REDIRECT],
    }


async def test_exchange_and_refresh(auth: Auth, sim: SungrowSimulator) -> None:
    assert auth.tokens is not None
    old = dict(auth.tokens)
    auth.tokens["expires_at"] = 0
    assert await auth.async_get_access_token() != old["access_token"]
    assert auth.tokens["refresh_token"] != old["refresh_token"]
    assert (sim.oauth.tokens.exchanges, sim.oauth.tokens.refreshes) == (1, 1)
    plants = await Plants(auth).async_get_plants()
    assert [plant["ps_name"] for plant in plants] == ["Home"]


async def test_a_code_counts_once(fresh: Auth, sim: SungrowSimulator) -> None:
    sim.redirect_uri = REDIRECT
    code = sim.code()
    await fresh.async_authorize(code, REDIRECT)
    first = fresh.tokens
    await fresh.async_authorize(code, REDIRECT)
    assert fresh.tokens is first
    answer = await fresh.async_fetch_tokens(code, REDIRECT)
    assert (answer["result_code"], answer["error"]) == ("2", "invalid_grant")


async def test_plants_and_devices(auth: Auth) -> None:
    plants = Plants(auth)
    (detail,) = await plants.async_get_plant_details([HOME])
    assert (detail["install_power"], detail["power_price_unit"]) == (9960, "EUR")
    devices = await plants.async_get_plant_devices(HOME)
    assert [(device["device_type"], device["device_sn"]) for device in devices] == [
        (DeviceType.ENERGY_STORAGE_SYSTEM, "A2351607928"),
        (DeviceType.BATTERY, "S2350000001"),
        (DeviceType.METER, "M2300000001"),
        (DeviceType.COMMUNICATION_MODULE, "B2261882811"),
    ]
    assert {device["dev_fault_status"] for device in devices} == {
        DeviceFaultStaus.NORMAL
    }
    only = await plants.async_get_plant_devices(
        HOME, device_types=[DeviceType.ENERGY_STORAGE_SYSTEM]
    )
    assert [str(device["uuid"]) for device in only] == [HYBRID]


async def test_real_time(auth: Auth, sim: SungrowSimulator) -> None:
    data = (await Plants(auth).async_get_realtime_data([HOME]))[HOME]
    live = sim.plants[0].house.live()
    truth = sim.plants[0].house.energy_on(sim.plants[0].house.today())
    assert truth is not None
    expected = {
        "load_power": 985.0,
        "total_active_power_of_pv": 3120.0,
        "power": live.pv_w + live.battery_w,
        "battery_level_soc": 0.62,
        "daily_yield": pytest.approx(truth.solar_wh, abs=0.06),
        "grid_active_power": None,
    }
    assert {code: data[code]["value"] for code in expected} == expected
    assert (data["load_power"]["unit"], data["load_power"]["name"]) == (
        "W",
        "Load Power",
    )


async def test_history(auth: Auth, sim: SungrowSimulator) -> None:
    rows = await Plants(auth).async_get_historical_data(
        HOME,
        datetime(2026, 5, 2, 9),
        measure_points=["daily_yield", "energy_purchased_today"],
    )
    yields = [row for row in rows[HOME] if row["code"] == "daily_yield"]
    assert [row["timestamp"].hour for row in yields] == [9, 10, 11, 12]
    records = sim.plants[0].house.records(datetime(2026, 5, 2).date())
    grown = sum(record.pv_w / 12 for record in records[9 * 12 : 12 * 12])
    assert yields[-1]["value"] - yields[0]["value"] == pytest.approx(grown, abs=0.2)


async def test_check_and_read(control: Control) -> None:
    assert await control.async_check_update_support(HYBRID)
    assert await control.async_check_read_support(HYBRID)
    rows = await control.async_read_parameters(
        HYBRID, ["soc_upper_limit", "charge_discharge_command", "max_charging_power"]
    )
    assert [(row["code"], row["value"], row["unit"]) for row in rows] == [
        ("soc_upper_limit", 100.0, "%"),
        ("charge_discharge_command", "Stop", ""),
        ("max_charging_power", 10.6, "kW"),
    ]
    assert rows[1]["value_set"] == {"Charge": "170", "Discharge": "187", "Stop": "204"}


async def test_every_parameter_that_it_knows_can_be_read(control: Control) -> None:
    codes = list(Control.config_parameters)
    for start in range(0, len(codes), 10):
        some = codes[start : start + 10]
        rows = await control.async_read_parameters(HYBRID, some)
        assert [row["id"] for row in rows] == some
    # It asks for all at once unless it is told otherwise
    with pytest.raises(PySolarCloudException, match="over 10"):
        await control.async_read_parameters(HYBRID)


async def test_control(
    control: Control, sim: SungrowSimulator, clock: ManualClock
) -> None:
    # It takes pairs, and raw values (10.23); the mode it cannot name
    rows = await control.async_update_parameters(
        HYBRID,
        [
            ("10003", "2"),
            ("charge_discharge_command", "170"),
            ("charge_discharge_power", "2500"),
        ],
    )
    assert [(row["id"], row["value"]) for row in rows] == [
        ("10003", "Compulsory Mode"),
        ("10004", "Charge"),
        ("10005", 2500.0),
    ]
    clock.advance(5)
    assert sim.plants[0].house.live().battery_w == pytest.approx(-2500, abs=1)


async def test_a_device_without_template_is_not_supported(
    control: Control, sim: SungrowSimulator
) -> None:
    sim.cloud.whole_result = "passed"
    assert not await control.async_check_update_support("10941276")
    sim.cloud.whole_result = "device"
    with pytest.raises(PySolarCloudException, match="Could not check support"):
        await control.async_check_update_support("10941276")
