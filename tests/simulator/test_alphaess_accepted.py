"""What comes of an accepted write: nothing, later, and byte for byte."""

import json
from typing import Any

import pytest

from simulator.alphaess import AlphaSystem
from simulator.clock import ManualClock

from .alphaess_client import (
    CHARGE,
    CHARGE_BODY,
    CONTROL,
    CURRENT,
    HOME_1,
    HOME_2,
    PERIODIC,
    STOP,
    STORES,
    Client,
    Store,
    period,
    periodic_body,
)

STORE = pytest.mark.parametrize("store", STORES, ids=lambda store: store.part)


@pytest.fixture(autouse=True)
def no_gap(api: Client) -> None:
    api.sim.write_gap = 0


# Accepted, not done (row 22)


@STORE
async def test_the_store_does_not_change(
    api: Client,
    clock: ManualClock,
    store: Store,
) -> None:
    system = api.sim.systems[store.serial]
    system.stores_writes = False
    before = (await api.get(store.read, sysSn=store.serial)).data
    await api.write(store.update, store.body)
    clock.advance(3600)
    assert (await api.get(store.read, sysSn=store.serial)).data == before
    assert (len(system.writes), len(system.effects)) == (1, 0)


@STORE
async def test_the_store_changes_and_nobody_follows(
    api: Client,
    clock: ManualClock,
    store: Store,
) -> None:
    system = api.sim.systems[store.serial]
    system.follows = False
    before = (await api.get(store.read, sysSn=store.serial)).data
    active = getattr(system, store.part).active
    await api.write(store.update, store.body)
    clock.advance(3600)
    assert (await api.get(store.read, sysSn=store.serial)).data != before
    assert getattr(system, store.part).active is active
    assert len(system.effects) == 1


@pytest.mark.parametrize("switch", ["stores_writes", "follows"])
async def test_the_wallbox_does_nothing(
    api: Client, clock: ManualClock, switch: str
) -> None:
    system = api.sim.systems[HOME_1]
    system.house.override(ev_plugged=True)
    await api.switch(**{switch: False})
    await api.write(CONTROL, STOP)
    clock.advance(3600)
    assert await api.charger_status() == 3
    assert (len(system.writes), len(system.effects)) == (1, 0)
    await api.switch(**{switch: True})
    await api.write(CONTROL, STOP)
    clock.advance(15)
    assert await api.charger_status() == 6


async def test_a_faulted_wallbox_does_nothing(api: Client, clock: ManualClock) -> None:
    system = api.sim.systems[HOME_1]
    system.house.override(ev_plugged=True)
    assert system.charger is not None
    system.charger.faulted = True
    await api.write(CONTROL, STOP)
    clock.advance(60)
    system.charger.faulted = False
    assert await api.charger_status() == 3
    assert not system.effects


# Delays


@pytest.fixture
def dark(api: Client) -> AlphaSystem:
    system = api.sim.systems[HOME_1]
    system.house.override(pv_w=0, load_w=500, soc=50)
    return system


@pytest.mark.parametrize("delay", [0, 2, 2.5])
async def test_a_delay_of_seconds_through_the_side_door(
    api: Client, dark: AlphaSystem, clock: ManualClock, delay: float
) -> None:
    await api.switch(reaction_delay=delay)
    window = {"timeChaf1": "13:00", "timeChae1": "15:00"}
    await api.write(CHARGE, CHARGE_BODY | window)
    clock.advance(max(delay - 0.5, 0))
    assert dark.house.live().battery_w == (-5000 if delay == 0 else 500)
    clock.advance(0.5)
    assert dark.house.live().battery_w == -5000
    await api.write(CHARGE, CHARGE_BODY | window | {"gridCharge": 0})
    clock.advance(delay)
    assert dark.house.live().battery_w == 500


async def test_an_older_write_never_comes_after_a_newer_one(
    api: Client, dark: AlphaSystem, clock: ManualClock
) -> None:
    window = {"timeChaf1": "13:00", "timeChae1": "15:00"}
    dark.readback_delay = 60
    await api.write(CHARGE, CHARGE_BODY | window)
    await api.switch(reaction_delay=2, readback_delay=1)
    await api.write(CHARGE, CHARGE_BODY)
    clock.advance(2)
    dark.house.advance()
    assert dark.charge.shown == dark.charge.active == dark.charge.stored
    clock.advance(300)
    dark.house.advance()
    assert dark.charge.shown == dark.charge.active == dark.charge.stored
    assert dark.house.live().battery_w == 500


async def test_the_household_current_is_shown_later(
    api: Client, clock: ManualClock
) -> None:
    api.sim.systems[HOME_1].readback_delay = 10

    async def shown() -> float:
        answer = await api.get("getEvChargerCurrentsBySn", sysSn=HOME_1)
        return float(answer.data["currentsetting"])

    await api.write(CURRENT, {"sysSn": HOME_1, "currentsetting": 25})
    clock.advance(9)
    assert await shown() == 32
    clock.advance(1)
    assert await shown() == 25


# Byte for byte


@pytest.mark.parametrize(
    ("store", "cycle"),
    [*((store, 1) for store in STORES), (STORES[2], 0)],
    ids=[*(store.part for store in STORES), "daily"],
)
async def test_what_was_read_is_put_back_byte_for_byte(
    api: Client,
    store: Store,
    cycle: int,
) -> None:
    """The periodic store may be a weekly or a daily one."""
    system = api.sim.systems[store.serial]
    system.write_as_app(system.periodic, executeCycleType=cycle)
    setting = getattr(system, store.part)
    stored = json.dumps(setting.stored)
    answer = await api.get(store.read, sysSn=store.serial)
    await api.write(store.update, store.body)
    assert json.dumps(setting.stored) != stored
    back = answer.data | {"sysSn": store.serial}
    await api.write(store.update, back)
    assert json.dumps(setting.stored) == stored
    assert (await api.get(store.read, sysSn=store.serial)).body == answer.body
    # The order of the body and the kind of its numbers leave no trace
    odd = {
        key: float(value) if key in {"batHighCap", "batUseCap", "gridCharge"} else value
        for key, value in reversed(back.items())
    }
    await api.write(store.update, odd)
    assert json.dumps(setting.stored) == stored


async def test_the_order_of_fields_is_that_of_the_reference(api: Client) -> None:
    data = (await api.get("getTimeChargeBySn", sysSn=HOME_2)).data
    assert list(data["chargeTimeList"][0]) == [
        "executeCycleType",
        "strategyType",
        "beginTime",
        "endTime",
        "weeks",
        "sort",
        "chargePower",
        "chargeLimit",
    ]


async def test_daily_periods_overlap_and_count_on_every_day(api: Client) -> None:
    """Weekdays that are sent with them are kept, and mean nothing."""
    monday = period("02:00", "05:00", weeks=[1])
    sunday = period("04:00", "06:00", weeks=[7])
    body = periodic_body(
        executeCycleType=0, chargeTimeList=[monday], dischargeTimeList=[sunday]
    )
    assert (await api.post(PERIODIC, body)).code == 6008
    later = period("17:00", "18:00", weeks=[7])
    assert (await api.post(PERIODIC, body | {"dischargeTimeList": [later]})).code == 200
    assert api.sim.systems[HOME_2].periodic.stored["dischargeTimeList"] == [later]
    charge = [period(f"{h:02d}:00", f"{h:02d}:30", weeks=[h + 1]) for h in range(6)]
    body |= {"chargeTimeList": charge, "dischargeTimeList": [later]}
    assert (await api.post(PERIODIC, body)).code == 6001


@pytest.mark.parametrize("weeks", [[True], ["1"], [1.5], [[1]]], ids=str)
async def test_weekdays_are_whole_numbers(api: Client, weeks: list[Any]) -> None:
    wrong = [period("02:00", "05:00", weeks=weeks)]
    assert (await api.post(PERIODIC, periodic_body(chargeTimeList=wrong))).code == 6001


async def test_weekdays_are_stored_as_whole_numbers(api: Client) -> None:
    odd = [period("02:00", "05:00", weeks=[2.0, 1])]
    await api.write(PERIODIC, periodic_body(chargeTimeList=odd))
    [stored] = api.sim.systems[HOME_2].periodic.stored["chargeTimeList"]
    assert json.dumps(stored["weeks"]) == "[2, 1]"
