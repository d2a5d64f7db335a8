"""The stores move the battery (alphaess.md 6.2, 6.3, 6.8), with a delay.

It is 13:10:30 local time on a Sunday; there is no sun, 500 W of load, 50 % SoC.
"""

from typing import Any

import pytest

from simulator.alphaess import AlphaSystem
from simulator.clock import ManualClock

from .alphaess_client import (
    CHARGE_BODY,
    DISCHARGE_BODY,
    HOME_1,
    HOME_2,
    Client,
    period,
    periodic_body,
)

NOW = {"timeChaf1": "13:00", "timeChae1": "15:00"}
CHARGE, DISCHARGE = "updateChargeConfigInfo", "updateDisChargeConfigInfo"
PERIODIC = "setTimeChargeBySn"


@pytest.fixture
def legacy(api: Client) -> AlphaSystem:
    return prepared(api, HOME_1)


@pytest.fixture
def periodic(api: Client) -> AlphaSystem:
    return prepared(api, HOME_2)


def prepared(api: Client, serial: str) -> AlphaSystem:
    system = api.sim.systems[serial]
    system.house.override(pv_w=0, load_w=500, soc=50)
    return system


async def send(api: Client, endpoint: str, body: dict[str, Any]) -> None:
    assert (await api.post(endpoint, body)).code == 200


async def battery(api: Client, serial: str) -> float:
    """Return `pbat`: + discharges."""
    return float((await api.get("getLastPowerData", sysSn=serial)).data["pbat"])


async def test_grid_charge_begins_after_the_delay_and_stops_at_its_limit(
    api: Client, legacy: AlphaSystem, clock: ManualClock
) -> None:
    assert await battery(api, HOME_1) == 500
    await send(api, CHARGE, CHARGE_BODY | NOW | {"batHighCap": 60})
    clock.advance(119)
    assert await battery(api, HOME_1) == 500
    clock.advance(1)
    assert await battery(api, HOME_1) == -5000
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert data["pgrid"] == 5500
    clock.advance(30 * 60)
    # The limit is reached: it holds until the window ends
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert (data["soc"], data["pbat"], data["pgrid"]) == (60.0, 0.0, 500.0)
    energy = await api.get("getOneDateEnergyBySn", sysSn=HOME_1, queryDate="2026-05-03")
    # 10 % of 13.34 kWh and what was lost on the way (it gave something before)
    assert energy.data["eGridCharge"] == pytest.approx(1.42, abs=0.03)
    clock.advance(90 * 60)
    assert await battery(api, HOME_1) == 500


@pytest.mark.parametrize(
    "changes",
    [
        {"gridCharge": 0},
        {"timeChaf1": "15:00", "timeChae1": "16:00"},
        {"timeChaf1": "13:05", "timeChae1": "15:00"},
        {"timeChaf1": "13:00", "timeChae1": "14:59"},
        {"timeChaf1": "15:00", "timeChae1": "14:00"},
        {"timeChaf1": "13:00", "timeChae1": "00:00"},
        {"timeChaf1": "00:00", "timeChae1": "00:00"},
    ],
    ids=["off", "later", "off grid", "off grid end", "reversed", "midnight", "none"],
)
async def test_windows_that_do_nothing(
    api: Client, legacy: AlphaSystem, clock: ManualClock, changes: dict[str, Any]
) -> None:
    await send(api, CHARGE, CHARGE_BODY | NOW | changes)
    clock.advance(300)
    assert await battery(api, HOME_1) == 500


async def test_the_second_window_works_too(
    api: Client, legacy: AlphaSystem, clock: ManualClock
) -> None:
    second = {"timeChaf2": "13:00", "timeChae2": "15:00"}
    await send(api, CHARGE, CHARGE_BODY | second)
    clock.advance(300)
    assert await battery(api, HOME_1) == -5000


async def test_a_limit_below_the_soc_holds_the_battery(
    api: Client, legacy: AlphaSystem, clock: ManualClock
) -> None:
    await send(api, CHARGE, CHARGE_BODY | NOW | {"batHighCap": 10})
    clock.advance(300)
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert (data["pbat"], data["pgrid"]) == (0.0, 500.0)


async def test_surplus_charges_beside_a_schedule(
    api: Client, legacy: AlphaSystem, clock: ManualClock
) -> None:
    legacy.house.override(pv_w=3500)
    assert await battery(api, HOME_1) == -3000
    await send(api, DISCHARGE, DISCHARGE_BODY)
    clock.advance(300)
    assert await battery(api, HOME_1) == -3000


async def test_discharge_only_inside_the_windows(
    api: Client, legacy: AlphaSystem, clock: ManualClock
) -> None:
    body = DISCHARGE_BODY | {"timeDisf1": "13:30", "timeDise1": "14:00"}
    await send(api, DISCHARGE, body)
    clock.advance(300)
    assert await battery(api, HOME_1) == 0
    clock.advance(16 * 60)
    # It covers the load and exports nothing
    assert await battery(api, HOME_1) == 500
    clock.advance(30 * 60)
    assert await battery(api, HOME_1) == 0
    clock.advance(24 * 3600 - 30 * 60)
    assert await battery(api, HOME_1) == 500


async def test_time_control_without_windows_is_ignored(
    api: Client, legacy: AlphaSystem, clock: ManualClock
) -> None:
    body = DISCHARGE_BODY | {"timeDisf1": "00:00", "timeDise1": "00:00"}
    await send(api, DISCHARGE, body)
    clock.advance(300)
    assert await battery(api, HOME_1) == 500


async def test_discharge_cut_off(
    api: Client, legacy: AlphaSystem, clock: ManualClock
) -> None:
    await send(api, DISCHARGE, DISCHARGE_BODY | {"ctrDis": 0, "batUseCap": 49})
    clock.advance(3600)
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert (data["soc"], data["pbat"]) == (49.0, 0.0)


@pytest.mark.parametrize("delay", [60.0, 300.0])
async def test_the_delay_is_a_parameter(
    api: Client, legacy: AlphaSystem, clock: ManualClock, delay: float
) -> None:
    legacy.reaction_delay = delay
    await send(api, CHARGE, CHARGE_BODY | NOW)
    clock.advance(delay - 1)
    assert await battery(api, HOME_1) == 500
    clock.advance(1)
    assert await battery(api, HOME_1) == -5000


async def test_an_inverter_that_does_not_follow(
    api: Client, legacy: AlphaSystem, clock: ManualClock
) -> None:
    legacy.follows = False
    await send(api, CHARGE, CHARGE_BODY | NOW)
    clock.advance(3600)
    assert (await api.get("getChargeConfigInfo", sysSn=HOME_1)).data["gridCharge"] == 1
    assert await battery(api, HOME_1) == 500


async def test_only_one_store_governs(
    api: Client, periodic: AlphaSystem, clock: ManualClock
) -> None:
    body = CHARGE_BODY | NOW | {"sysSn": HOME_2}
    await send(api, CHARGE, body)
    clock.advance(3600)
    data = (await api.get("getChargeConfigInfo", sysSn=HOME_2)).data
    assert data["gridCharge"] == 1
    assert await battery(api, HOME_2) == 500
    # Somebody pressed Save in the app, or the region was migrated back
    periodic.governing = "legacy"
    clock.advance(60)
    assert await battery(api, HOME_2) < 0


def charge_now(**changes: Any) -> dict[str, Any]:
    return periodic_body(chargeTimeList=[period("13:00", "15:00", **changes)])


async def test_periodic_charge_with_its_power(
    api: Client, periodic: AlphaSystem, clock: ManualClock
) -> None:
    await send(api, PERIODIC, charge_now(chargePower=2500))
    clock.advance(119)
    assert await battery(api, HOME_2) == 500
    clock.advance(1)
    assert await battery(api, HOME_2) == -2500
    clock.advance(2 * 3600)
    assert await battery(api, HOME_2) == 500


async def test_periodic_power_above_the_rating(
    api: Client, periodic: AlphaSystem, clock: ManualClock
) -> None:
    await send(api, PERIODIC, charge_now(chargePower=20_000))
    clock.advance(300)
    assert await battery(api, HOME_2) == -9600


@pytest.mark.parametrize(
    "body",
    [
        charge_now(chargePower=None),
        charge_now(chargePower=0),
        charge_now(weeks=[1, 2, 3, 4, 5, 6]),
        charge_now(beginTime="13:01"),
        charge_now() | {"gridChargeCycle": 0},
    ],
    ids=["no power", "zero power", "not on Sundays", "off grid", "off"],
)
async def test_periods_that_do_nothing(
    api: Client, periodic: AlphaSystem, clock: ManualClock, body: dict[str, Any]
) -> None:
    await send(api, PERIODIC, body)
    clock.advance(300)
    assert await battery(api, HOME_2) == 500


async def test_daily_periods_know_no_weekdays(
    api: Client, periodic: AlphaSystem, clock: ManualClock
) -> None:
    await send(api, PERIODIC, charge_now(weeks=[1]) | {"executeCycleType": 0})
    clock.advance(300)
    assert await battery(api, HOME_2) == -5000


async def test_periodic_hold(
    api: Client, periodic: AlphaSystem, clock: ManualClock
) -> None:
    await send(api, PERIODIC, charge_now(chargePower=100, chargeLimit=10))
    clock.advance(300)
    assert await battery(api, HOME_2) == 0


async def test_periodic_discharge(
    api: Client, periodic: AlphaSystem, clock: ManualClock
) -> None:
    window = [period("13:30", "14:00", chargePower=300, chargeLimit=49)]
    body = periodic_body(gridChargeCycle=0, ctrDisCycle=1, dischargeTimeList=window)
    await send(api, PERIODIC, body)
    clock.advance(300)
    assert await battery(api, HOME_2) == 0
    clock.advance(16 * 60)
    assert await battery(api, HOME_2) == 300
    periodic.house.override(soc=49)
    assert await battery(api, HOME_2) == 0
    clock.advance(3600)
    assert await battery(api, HOME_2) == 0


async def test_the_default_schedules_leave_the_past_as_it_was(api: Client) -> None:
    for system in api.sim.systems.values():
        command = system.house.live().command
        assert command.mode == "self_use"
        assert command.discharge_allowed
        assert command.min_soc <= system.house.spec.floor_percent
