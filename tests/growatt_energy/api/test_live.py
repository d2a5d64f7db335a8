"""The clients against the simulated cloud, in a time of their own."""

from collections.abc import AsyncGenerator, Callable
from datetime import date, timedelta
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.growatt_energy._vendor.core.client.budget import Budget
from custom_components.growatt_energy._vendor.core.client.errors import (
    AuthError,
    LockedError,
    NotPermittedError,
    ThrottledError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.growatt_energy._vendor.core.client.http import HttpClient
from custom_components.growatt_energy._vendor.core.client.redact import Redactor
from custom_components.growatt_energy.api import hosts
from custom_components.growatt_energy.api.classic_client import ClassicClient, Timespan
from custom_components.growatt_energy.api.classic_session import ClassicSession
from custom_components.growatt_energy.api.hosts import Host
from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.api.setter import LoginSetter, TokenSetter
from custom_components.growatt_energy.api.token_client import TokenClient
from simulator.growatt import GrowattSimulator
from tests.core.fake_clock import FakeClock

from .conftest import AGENT, MIN, NOAH, SPH, Notes

SPA, INVERTER, STORAGE = "WPD0A1234K", "INV0A5600B", "KHM0A12345"
PLANT_MIN, PLANT_SPH = "1234567", "1234601"
HOMES = ("MIN", "SPH", "SPA", "NOAH", "STORAGE")


@pytest.fixture
async def sim(clock: FakeClock, growatt: None) -> AsyncGenerator[GrowattSimulator]:
    """One account with a home of each kind, on the host of America."""
    made = GrowattSimulator(
        clock=clock.now, homes=HOMES, hosts=("global", "us", "cn"), home_host="us"
    )
    await made.start()
    old = {host.key: host.old for host in hosts.HOSTS}
    table = tuple(
        Host(key=key, url=url, old=old[key]) for key, url in made.urls.items()
    )
    with patch.object(hosts, "HOSTS", table):
        yield made
    await made.stop()


@pytest.fixture
def token(
    sim: GrowattSimulator, token_client: Callable[..., TokenClient]
) -> TokenClient:
    """A client with the account's token at its host."""
    return token_client(sim.url, token=sim.token)


@pytest.fixture
def sim_session(
    sim: GrowattSimulator,
    clock: FakeClock,
    budget: Budget,
    notes: Notes,
    http_session: aiohttp.ClientSession,
) -> Callable[..., ClassicSession]:
    """Makes a session of the simulated account."""

    def make(url: str = "", password: str = "") -> ClassicSession:
        redactor = Redactor()
        return ClassicSession(
            HttpClient(
                http_session,
                url or sim.url,
                budget=budget,
                clock=clock,
                redact=redactor.text,
            ),
            sim.user_name,
            modified_md5(password or sim.password),
            user_agent=AGENT,
            budget=budget,
            notes=notes,
            clock=clock,
            redactor=redactor,
        )

    return make


@pytest.fixture
def app(sim_session: Callable[..., ClassicSession], clock: FakeClock) -> ClassicClient:
    """A client of the app's API."""
    return ClassicClient(sim_session(), clock=clock)


@pytest.mark.parametrize("answer", ["permission", "domain"])
async def test_the_token_finds_its_host(
    sim: GrowattSimulator,
    token_client: Callable[..., TokenClient],
    answer: str,
) -> None:
    sim.wrong_host = answer
    found = await hosts.find_token_host(lambda url: token_client(url, token=sim.token))
    assert found.url == sim.urls["us"]
    assert found.plants["count"] == len(HOMES)


@pytest.mark.parametrize("named", [True, False])
async def test_the_user_name_finds_its_host(
    sim: GrowattSimulator, sim_session: Callable[..., ClassicSession], named: bool
) -> None:
    sim.classic.named_servers = named
    found = await hosts.find_login_host(lambda url: sim_session(url=url))
    assert found[0] == sim.urls["us"]
    assert (await sim_session(url=found[0]).login())["user"]["id"]


async def test_a_token_reads_every_family(
    sim: GrowattSimulator, token: TokenClient, clock: FakeClock
) -> None:
    for family, serial in (
        ("min", MIN),
        ("sph", SPH),
        ("spa", SPA),
        ("inverter", INVERTER),
        ("storage", STORAGE),
    ):
        assert (await token.last(family, serial))["time"]
        assert (await token.query_last(family, [serial]))[serial]["time"]
        assert (await token.details(family, serial))["serialNum"] == serial
        await clock.sleep(300)
    assert (await token.query_last("noah", [NOAH]))[NOAH]["totalBatteryPackSoc"] > 0
    assert MIN in await token.last_many("min", [MIN])
    assert (await token.settings(MIN))["chargePowerCommand"] == 100
    devices = (await token.devices(PLANT_MIN))["devices"]
    assert MIN in {device["device_sn"] for device in devices}
    listed = (await token.query_devices())["data"]
    assert {MIN, SPH, SPA, NOAH} <= {device["deviceSn"] for device in listed}
    assert await token.wifi_signal("min", MIN) is not None
    assert sim.limits.broken == 0


async def test_a_day_of_records_comes_from_both_apis(
    sim: GrowattSimulator, token: TokenClient, clock: FakeClock
) -> None:
    day = (clock.now() - timedelta(days=2)).date()
    found = await token.query_day("min", MIN, day)
    assert len(found["datas"]) == 288
    page = await token.history("min", MIN, day, day, "Europe/Berlin")
    assert page["count"] == 288
    assert len(page["datas"]) == 100


async def test_the_limiter_of_the_vendor_is_understood(
    sim: GrowattSimulator, token_client: Callable[..., TokenClient]
) -> None:
    """Another program has used the endpoint: its pause is kept."""
    await token_client(sim.url, token=sim.token).devices(PLANT_MIN)
    ours = token_client(sim.url, token=sim.token)
    for _ in range(2):
        with pytest.raises(ThrottledError) as caught:
            await ours.devices(PLANT_MIN)
        assert caught.value.group == "device/list"
    assert sim.limits.broken == 1


async def test_a_token_sets_and_reads_back(
    sim: GrowattSimulator, token: TokenClient, clock: FakeClock
) -> None:
    setter = TokenSetter(token)
    await setter.set("min", MIN, "charge_power", ["80"])
    await clock.sleep(3)  # the inverter's own reaction
    assert await setter.read_named("min", MIN, "charge_power") == "80"
    await setter.set("min", MIN, "time_segment2", ["1", "1", "5", "5", "30", "1"])
    assert sim.devices[MIN].settings.stored["forcedTimeStop2"] == "5:30"
    periods = ["70", "20", *["17", "0", "20", "0", "1"], *["0"] * 10]
    await setter.set("sph", SPH, "mix_ac_discharge_time_period", periods)
    assert sim.devices[SPH].settings.stored["wdisChargeSOCLowLimit2"] == 20
    for number, value in ((1, 1), (25, 1), (26, 120), (27, -60)):
        await setter.set_vpp("min", MIN, number, value)
    assert await setter.read_vpp("min", MIN, 27) == -60
    await setter.set_on("inverter", INVERTER, on=False)
    await setter.set_power("inverter", INVERTER, 60)
    await clock.sleep(3)
    assert await setter.read_power("inverter", INVERTER) == 60
    await setter.set_noah(NOAH, "charging_soc", high=95, low=15)
    assert sim.devices[NOAH].settings.stored["chargingSocLowLimit"] == 15
    assert sim.limits.broken == 0


async def test_a_token_is_told_why_not(
    sim: GrowattSimulator, token: TokenClient
) -> None:
    setter, switches = TokenSetter(token), sim.devices[MIN].switches
    switches.error_though_applied = True
    with pytest.raises(WriteUnknown):
        await setter.set("min", MIN, "charge_power", ["70"])
    assert sim.devices[MIN].settings.stored["chargePowerCommand"] == 70
    switches.error_though_applied = False
    switches.vpp = False
    with pytest.raises((WriteRejected, UnsupportedError)):
        await setter.set_vpp("min", MIN, 1, 1)
    with pytest.raises(UnsupportedError):
        await setter.read_vpp("min", MIN, 1)
    switches.online = False
    with pytest.raises(WriteRejected) as caught:
        await setter.set("min", MIN, "charge_power", ["60"])
    assert caught.value.reason == "offline"
    sim.writes_elsewhere = True
    with pytest.raises(NotPermittedError) as elsewhere:
        await setter.set("sph", SPH, "pv_on_off", ["0001"])
    assert elsewhere.value.reason == "wrong_host"


async def test_the_app_reads_every_family(
    sim: GrowattSimulator, app: ClassicClient, clock: FakeClock
) -> None:
    today = clock.now().date()
    plants = (await app.plant_list())["data"]
    assert {plant["plantId"] for plant in plants} >= {PLANT_MIN, PLANT_SPH}
    assert MIN in {row["deviceSn"] for row in await app.device_list(PLANT_MIN)}
    assert (await app.tlx_detail(MIN))["serialNum"] == MIN
    assert (await app.tlx_system_status(PLANT_MIN, MIN))["unit"] == "kW"
    assert await app.tlx_energy_overview(PLANT_MIN, MIN)
    assert (await app.tlx_all_settings(MIN))["charge_power"] == "100"
    assert await app.tlx_enabled_settings(MIN, today)
    assert (await app.mix_info(SPH, PLANT_SPH))["soc"].endswith("%")
    assert await app.mix_totals(SPH, PLANT_SPH)
    assert await app.mix_system_status(SPH, PLANT_SPH)
    assert "etouser" in await app.mix_detail(SPH, PLANT_SPH, Timespan.HOUR, today)
    assert "etouser" in await app.dashboard_data(PLANT_SPH, Timespan.HOUR, today)
    assert (await app.get_mix_inverter_settings(SPH))["onOff"] == "1"
    assert (await app.storage_params(STORAGE))["storageDetailBean"]
    assert await app.spa_system_status("1234602", SPA)
    assert (await app.inverter_detail(INVERTER))["powerTotal"]
    assert (await app.classic_inverter_info(INVERTER))["onOff"] == "1"
    assert (await app.noah_status(NOAH))["soc"]
    assert (await app.noah_info(NOAH))["noah"]
    day = date(2026, 11, 5)
    assert (await app.plant_detail(PLANT_MIN, Timespan.DAY, day))["data"]
    assert len(sim.sessions.logins) == 1


async def test_the_app_finds_what_is_elsewhere(
    sim: GrowattSimulator, app: ClassicClient
) -> None:
    sim.classic.device_list_key = False
    sim.classic.storage_beans = "missing"
    assert MIN in {row["deviceSn"] for row in await app.device_list(PLANT_MIN)}
    assert (await app.storage_params(STORAGE))["storageDetailBean"]
    assert await app.storage_energy_overview("1234604", STORAGE)


async def test_the_app_sets_and_reads_back(
    sim: GrowattSimulator, app: ClassicClient, clock: FakeClock
) -> None:
    setter = LoginSetter(app)
    await setter.set("min", MIN, "charge_power", ["80"])
    await clock.sleep(3)  # the inverter's own reaction
    assert await setter.read_named("min", MIN, "charge_power") == "80"
    periods = ["100", "90", "1", *["01", "00", "05", "00", "1"], *["00"] * 10]
    await setter.set("sph", SPH, "mix_ac_charge_time_period", periods)
    assert sim.devices[SPH].settings.stored["wchargeSOCLowLimit2"] == 90
    await setter.set_power("inverter", INVERTER, 60)
    await setter.set_noah(NOAH, "charging_soc", high=95, low=15)
    assert sim.devices[NOAH].settings.stored["chargingSocLowLimit"] == 15
    await app.update_plant_settings(PLANT_MIN, {"plantIncome": "0.31"})
    assert (await app.get_plant_settings(PLANT_MIN))["formulaMoneyStr"] == "0.31"
    sim.devices[MIN].switches.online = False
    with pytest.raises(WriteRejected) as caught:
        await setter.set("min", MIN, "charge_power", ["70"])
    assert caught.value.reason == "offline"


@pytest.mark.parametrize("expiry", ["redirect", "html", "json"])
async def test_an_expired_session_costs_one_login(
    sim: GrowattSimulator, app: ClassicClient, clock: FakeClock, expiry: str
) -> None:
    await app.tlx_detail(MIN)
    await clock.sleep(3600)
    sim.sessions.expiry = expiry
    sim.sessions.expire()
    assert (await app.tlx_detail(MIN))["serialNum"] == MIN
    assert (await app.mix_info(SPH))["soc"]
    assert len(sim.sessions.logins) == 2


async def test_a_lock_is_left_alone_until_it_ends(
    sim: GrowattSimulator,
    app: ClassicClient,
    sim_session: Callable[..., ClassicSession],
    clock: FakeClock,
) -> None:
    await app.tlx_detail(MIN)
    await clock.sleep(3600)
    sim.sessions.lock(24)
    with pytest.raises(LockedError):
        await app.tlx_detail(MIN)
    met = sim.sessions.refused_while_locked
    for _ in range(3):
        await clock.sleep(3600)
        with pytest.raises(LockedError):
            await ClassicClient(sim_session(), clock=clock).tlx_detail(MIN)
    assert sim.sessions.refused_while_locked == met
    await clock.sleep(22 * 3600)
    assert (await app.tlx_detail(MIN))["serialNum"] == MIN


async def test_a_wrong_password_is_sent_once(
    sim: GrowattSimulator,
    sim_session: Callable[..., ClassicSession],
    clock: FakeClock,
) -> None:
    session = sim_session(password="wrong")
    for _ in range(3):
        with pytest.raises(AuthError):
            await ClassicClient(session, clock=clock).tlx_detail(MIN)
        await clock.sleep(3600)
    assert len(sim.sessions.logins) == 1


async def test_a_token_that_is_wrong_is_refused(
    sim: GrowattSimulator, token_client: Callable[..., TokenClient]
) -> None:
    with pytest.raises(AuthError):
        await hosts.find_token_host(lambda url: token_client(url, token="0" * 32))
