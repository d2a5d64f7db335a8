"""The public client `sonnenbatterie` reads and writes the sonnen simulator."""

from collections.abc import AsyncIterator, Callable
from datetime import time
import json
from typing import Any

import aiohttp
import pytest
from sonnenbatterie2 import AsyncSonnenBatterieV2  # type: ignore[import-untyped]
from timeofuse import TimeofUse  # type: ignore[import-untyped]

from simulator.sonnen import TOKEN, SonnenBattery, SonnenSimulator

type Connect = Callable[[str], Any]


@pytest.fixture
async def battery(socket_enabled: None) -> AsyncIterator[SonnenBattery]:
    simulator = SonnenSimulator(reaction_delay=0)
    await simulator.start()
    battery = simulator.batteries[0]
    # A house that stands still while the two are compared
    battery.house.override(pv_w=3120, load_w=985, soc=62.4)
    yield battery
    await simulator.stop()


@pytest.fixture
async def connect(battery: SonnenBattery) -> AsyncIterator[Connect]:
    clients: list[Any] = []

    def make(token: str) -> Any:
        clients.append(AsyncSonnenBatterieV2(f"{battery.host}:{battery.port}", token))
        return clients[-1]

    yield make
    for client in clients:
        await client.logout()


@pytest.fixture
def client(connect: Connect) -> Any:
    return connect(TOKEN)


async def test_status(client: Any, battery: SonnenBattery) -> None:
    status = await client.get_status()
    live = battery.live
    assert status["Production_W"] == live.pv_w == 3120
    assert status["Consumption_W"] == live.load_w == 985
    assert status["Pac_total_W"] == live.battery_w == -2135
    assert status["GridFeedIn_W"] == live.grid_w == 0
    assert (status["RSOC"], status["USOC"]) == (62, 60)


async def test_latest_data(client: Any, battery: SonnenBattery) -> None:
    latest = await client.get_latest_data()
    assert latest["FullChargeCapacity"] == 10_000
    assert latest["SetPoint_W"] == -2135
    assert latest["ic_status"]["nrbatterymodules"] == 2
    assert await client.get_current_charge_level() == round(battery.usoc)


async def test_meters(client: Any, battery: SonnenBattery) -> None:
    production, consumption = await client.get_powermeter_data()
    assert (production["w_total"], consumption["w_total"]) == (3120, 985)
    total = battery.house.energy_total()
    assert production["kwh_imported"] == pytest.approx(total.solar_wh / 1000, abs=0.2)
    assert consumption["kwh_imported"] == pytest.approx(total.load_wh / 1000, abs=0.2)


async def test_modules_and_inverter(client: Any) -> None:
    modules = await client.get_battery_module_data()
    assert modules["fullchargecapacitywh"] == 10_240
    assert modules["remainingcapacity"] == pytest.approx(62.4, abs=0.1)
    assert (await client.get_inverter_data())["pac_total"] == -2135
    assert (await client.get_io_data())["DO_1"]["usage"] == "DC-CONTACTOR"


async def test_configurations(client: Any) -> None:
    assert (await client.get_configurations())["IC_InverterMaxPower_w"] == "4600"
    assert await client.get_operating_mode() == 2
    assert await client.get_operating_mode_name() == "Automatic - Self-Consumption"
    assert await client.get_battery_reserve() == 20


async def test_modes_and_reserve_are_written(
    client: Any, battery: SonnenBattery
) -> None:
    assert await client.set_operating_mode_by_name("Time-Of-Use") == 10
    assert await client.set_battery_reserve(35) == {"EM_USOC": "35"}
    await client.set_battery_reserve_relative_to_current_charge(offset=-10)
    assert [(effect.part, effect.after) for effect in battery.effects] == [
        ("EM_OperatingMode", "10"),
        ("EM_USOC", "35"),
        ("EM_USOC", "50"),
    ]


@pytest.mark.parametrize(
    ("direction", "battery_w"), [("charge", -1500), ("discharge", 1500)]
)
async def test_set_points_move_the_battery(
    client: Any, battery: SonnenBattery, direction: str, battery_w: int
) -> None:
    assert await client.set_operating_mode(1) == 1
    assert await getattr(client, f"{direction}_battery")(1500) is True
    assert battery.live.battery_w == battery_w
    assert (await client.get_status())["Pac_total_W"] == battery_w


async def test_a_schedule_is_written_and_read(
    client: Any, battery: SonnenBattery
) -> None:
    rows = [
        {"start": "02:00", "stop": "05:00", "threshold_p_max": 8000},
        {"start": "22:00", "stop": "00:00", "threshold_p_max": 0},
    ]
    await client.set_tou_schedule_json(rows)
    assert json.loads(battery.stored["EM_ToU_Schedule"]) == rows
    assert await client.get_tou_schedule_json() == rows
    schedule = await client.get_tou_schedule_object()
    assert TimeofUse(time(2), time(5), 8000) in schedule._schedule_entries
    await client.clear_tou_schedule_json()
    assert battery.stored["EM_ToU_Schedule"] == "[]"


async def test_refusals(client: Any, connect: Connect, battery: SonnenBattery) -> None:
    with pytest.raises(aiohttp.ClientResponseError) as error:
        await connect("wrong").get_configurations()
    assert error.value.status == 401
    battery.vpp_active = True
    with pytest.raises(aiohttp.ClientResponseError) as error:
        await client.charge_battery(500)
    assert error.value.status == 403
    battery.vpp_active = False
    rows = [{"start": "02:00", "stop": "05:00", "threshold_p_max": 46_001}]
    with pytest.raises(aiohttp.ClientResponseError) as error:
        await client.set_tou_schedule_json(rows)
    assert error.value.status == 400
    assert battery.effects == []
