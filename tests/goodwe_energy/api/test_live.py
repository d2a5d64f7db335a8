"""The client against the simulated cloud, in a time of its own."""

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
import logging
from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.client.budget import Budget
from custom_components.goodwe_energy._vendor.core.client.errors import (
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    UnsupportedError,
)
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy._vendor.core.client.usage import calls_last_hour
from custom_components.goodwe_energy.api.client import GoodWeClient
from custom_components.goodwe_energy.api.frame import Frame
from custom_components.goodwe_energy.api.regions import Hosts
from custom_components.goodwe_energy.api.session import Session
from custom_components.goodwe_energy.api.settings import Target
from custom_components.goodwe_energy.api.stations import station_id
from custom_components.goodwe_energy.api.statistics import ENERGY_ITEMS
from simulator.goodwe import GoodWeSimulator
from tests.core.fake_clock import FakeClock


@pytest.fixture
def homes() -> list[str]:
    """What there is; tests that need more say so."""
    return ["hybrid"]


@pytest.fixture
async def sim(
    clock: FakeClock, socket_enabled: None, homes: list[str]
) -> AsyncGenerator[GoodWeSimulator]:
    """A cloud that has just got values."""
    made = GoodWeSimulator(clock=clock.now, homes=homes)
    await made.start()
    for device in made.devices.values():
        if device.control is not None:
            device.control.switches.write_seconds = 0
    made.upload()
    yield made
    await made.stop()


@pytest.fixture
def session(sim: GoodWeSimulator, make_session: Callable[..., Session]) -> Session:
    """The owner's."""
    return make_session(Hosts(server=sim.url), sim.password, sim.account)


@pytest.fixture
def client(frame: Frame, session: Session, redactor: Redactor) -> GoodWeClient:
    """The owner's."""
    return GoodWeClient(frame, session, redactor=redactor)


async def test_everything_is_read(
    client: GoodWeClient, sim: GoodWeSimulator, budget: Budget, clock: FakeClock
) -> None:
    (station,) = sim.stations
    inverter = next(d for d in sim.devices.values() if d.type == "INVERTER")
    assert [station_id(row) for row in await client.stations()] == [station.id]
    info = await client.station_info(station.id)
    assert "INVERTER_REMOTE" in info["permissions"]
    flow = await client.flow(station.id)
    assert float(flow["soc"]) > 0
    listed = await client.device_status(station.id)
    assert "INVERTER" in {group["deviceType"] for group in listed["deviceDetailList"]}
    page = await client.device_page(station.id)
    assert inverter.spec.model in {row.get("model") for row in page}
    assert await client.telemetry(station.id, inverter.sn, inverter.type)
    counters = await client.counters(station.id, inverter.sn, inverter.type)
    assert "telecounting_lifetime" in {group["code"] for group in counters}
    assert await client.information(station.id, inverter.sn, inverter.type)
    (battery,) = await client.related(station.id, inverter.sn)
    assert battery["type"] == "BAT_SYS"
    assert await client.telemetry(station.id, battery["sn"], "BAT_SYS")

    today = station.local(clock.now()).date()
    day = await client.energy(station.id, ENERGY_ITEMS, "day", today, today)
    assert {series["item"] for series in day["dataList"]} == set(ENERGY_ITEMS)
    assert (await client.income(station.id, today, today))["currency"]
    yesterday = today - timedelta(days=1)
    series = await client.power_day(station.id, yesterday, timedelta(hours=1))
    assert len(series["dataList"]) == 5
    counts = await client.alarm_counts([station.id])
    rows = await client.alarms(station.id)
    assert len(rows) == min(int(counts["total"]), 100)
    active = await client.alarms(station.id, active=True)
    assert len(active) == int(counts["happened"])

    assert sim.session.logins.tried == 1
    assert sim.requests.most_reads_at_once == 1
    assert sum(calls_last_hour(budget, clock.now()).values()) == sim.requests.total


async def test_settings_and_functions_are_read_and_written(
    client: GoodWeClient, sim: GoodWeSimulator, clock: FakeClock
) -> None:
    (station,) = sim.stations
    inverter = next(d for d in sim.devices.values() if d.type == "INVERTER")
    target = Target(
        station=station.id,
        sn=inverter.sn,
        device_name=inverter.name,
        virtual_sn=inverter.sn,
    )
    assert (await client.work_mode(inverter.sn))["workMode"] == "3.0"
    assert await client.related_sn(inverter.sn, 0) == inverter.sn
    menus = await client.function_menus(inverter.sn)
    functions = {
        function["address"]: function["id"]
        for menu in menus
        for function in menu.get("functions", [])
    }
    assert functions
    assert isinstance(await client.function_values(inverter.sn, functions), dict)
    name = "TOUModeEnable"
    logs = {"TOU": "remote_Switch_on"}
    await client.set_setting(target, name, {name: 1}, logs)
    assert await client.settings(inverter.sn, [name]) == {name: {name: 1}}


async def test_the_push_is_enabled(client: GoodWeClient, sim: GoodWeSimulator) -> None:
    assert await client.live_enable(sim.stations[0].id)
    assert set(await client.live_config()) >= {"clientId", "userName", "password"}


@pytest.mark.parametrize("homes", [["charger"]])
async def test_a_charger_is_read_and_told(
    client: GoodWeClient, sim: GoodWeSimulator
) -> None:
    charger = next(d for d in sim.devices.values() if d.type == "EV_CHARGER")
    station = charger.station.id
    (row,) = await client.devices_by_type(station, "EV_CHARGER")
    assert row["sn"] == charger.sn
    assert "chargeMode" in await client.charger(station, charger.sn, charger.spec.model)
    await client.charger_session(station, charger.sn)
    for logged in await client.charger_log(station, charger.sn):
        assert logged["chargeSerialNumber"]
    await client.charger_mode(station, charger.sn, 1, model=charger.spec.model)


@pytest.mark.parametrize("homes", [["two"]])
async def test_an_account_may_have_two_stations(
    client: GoodWeClient, sim: GoodWeSimulator
) -> None:
    ids = [station_id(row) for row in await client.stations()]
    assert ids == [station.id for station in sim.stations]
    assert len(ids) == 2


@pytest.mark.parametrize("replaced_as", ["C0602", "100002", "100001"])
async def test_hourly_thefts_cost_a_login_each(
    client: GoodWeClient, sim: GoodWeSimulator, clock: FakeClock, replaced_as: Any
) -> None:
    sim.session.replaced_as = replaced_as
    station = sim.stations[0].id
    for _ in range(24):
        for _ in range(3):
            await client.flow(station)
            await client.alarm_counts([station])
            await clock.advance(1200)
        sim.session.steal()
    assert sim.session.logins.tried == 24
    assert sim.session.logins.thefts == 24


@pytest.mark.parametrize("api_at", ["data", "top", "both", "none"])
@pytest.mark.parametrize("timestamp_as", ["text", "number"])
async def test_sessions_come_in_any_shape(
    client: GoodWeClient, sim: GoodWeSimulator, api_at: Any, timestamp_as: Any
) -> None:
    sim.session.api_at = api_at
    sim.session.timestamp_as = timestamp_as
    await client.stations()
    await client.flow(sim.stations[0].id)
    assert sim.session.logins.tried == 1


async def test_a_gateway_elsewhere_is_not_followed(
    client: GoodWeClient, sim: GoodWeSimulator
) -> None:
    sim.session.api = "https://gateway.evil.example/web/sems"
    assert len(await client.stations()) == 1


async def test_a_session_that_ages_is_renewed(
    client: GoodWeClient, sim: GoodWeSimulator, clock: FakeClock
) -> None:
    sim.session.token_seconds = 3600
    await client.stations()
    await clock.advance(3601)
    assert len(await client.stations()) == 1
    assert sim.session.logins.succeeded == 2


async def test_a_wrong_password_does_not_lock_the_account(
    make_session: Callable[..., Session], sim: GoodWeSimulator, clock: FakeClock
) -> None:
    session = make_session(Hosts(server=sim.url), "wrong", sim.account)
    with pytest.raises(AuthError):
        await session.log_in()
    for _ in range(50):
        with pytest.raises(AuthError):
            await session.token()
        await clock.advance(60)
    assert sim.session.logins.tried == 1
    assert not sim.session.locked


@pytest.mark.parametrize("by_status", [False, True])
async def test_a_rate_limit_is_waited_for(
    client: GoodWeClient, sim: GoodWeSimulator, clock: FakeClock, *, by_status: bool
) -> None:
    station = sim.stations[0].id
    await client.flow(station)
    glob = "sems-plant/api/stations/flow"
    if by_status:
        sim.faults.add("status", glob, status=429, retry_after=30, count=1)
    else:
        sim.faults.add("vendor_error", glob, message="GY0429", count=1)
    with pytest.raises(ThrottledError) as caught:
        await client.flow(station)
    pause = 30 if by_status else 300
    assert caught.value.retry_after == pytest.approx(pause)
    asked = sim.requests.total
    with pytest.raises(ThrottledError):
        await client.device_status(station)
    assert sim.requests.total == asked
    await clock.advance(pause + 1)
    await client.flow(station)


async def test_refusals_keep_their_reasons(
    client: GoodWeClient, sim: GoodWeSimulator
) -> None:
    station = sim.stations[0].id
    sim.wire.forbidden = {"sems-alarm/*"}
    with pytest.raises(NotPermittedError) as caught:
        await client.alarm_counts([station])
    assert caught.value.reason == "no_rights"
    sim.wire.absent = {"*second-data*"}
    with pytest.raises(UnsupportedError) as gone:
        await client.live_config()
    assert gone.value.reason == "not_found"
    today = sim.stations[0].local(sim.clock()).date()
    with pytest.raises(BadDataError) as nonsense:
        await client.energy(station, ENERGY_ITEMS, "total", today, today)
    assert nonsense.value.reason == "bad_request"
    sim.wire.refusal = "100000"
    with pytest.raises(MaintenanceError):
        await client.flow(station)
    assert sim.session.logins.tried == 1


async def test_the_agreement_is_missed(
    client: GoodWeClient, sim: GoodWeSimulator
) -> None:
    sim.session.login_as = "agreement"
    with pytest.raises(MaintenanceError) as caught:
        await client.stations()
    assert caught.value.reason == "agreement"


async def test_no_secret_reaches_the_log(
    client: GoodWeClient, sim: GoodWeSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    station = sim.stations[0].id
    inverter = next(d for d in sim.devices.values() if d.type == "INVERTER")
    # Nothing was listed before: what is asked about is hidden by the asking
    await client.telemetry(station, inverter.sn, inverter.type)
    sim.session.steal()
    await client.related(station, inverter.sn)
    sim.wire.refusal = "P0215"
    with pytest.raises(UnsupportedError):
        await client.counters(station, inverter.sn, inverter.type)
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.goodwe_energy")
    ]
    assert any("equipments/**device 1**/telemetry" in line for line in lines)
    told = "\n".join(lines)
    token = (await client.session.token()).fields
    secrets = (token["token"], token["uuid"], sim.uid, sim.account, sim.password)
    for secret in (*secrets, station, *sim.devices):
        assert secret not in told
