"""What tests of control go by: who changed what, clamps, half a change."""

import json

import aiohttp
import pytest

from simulator.clock import ManualClock

from .alphaess_client import (
    CHARGE,
    CHARGE_BODY,
    CONTROL,
    CURRENT,
    DISCHARGE,
    DISCHARGE_BODY,
    HOME_1,
    HOME_2,
    PERIODIC,
    START,
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


# The journal


@STORE
async def test_a_change_is_an_effect_once(
    api: Client,
    clock: ManualClock,
    store: Store,
) -> None:
    system = api.sim.systems[store.serial]
    before = getattr(system, store.part).stored
    await api.write(store.update, store.body)
    clock.advance(40)
    await api.write(store.update, store.body)
    first, second = system.writes
    assert first.part == second.part == store.part
    assert first.asked == second.asked
    assert (second.at - first.at).total_seconds() == 40
    [effect] = system.effects
    assert (effect.part, effect.at, effect.before) == (store.part, first.at, before)
    assert effect.after == getattr(system, store.part).stored == first.asked
    assert before != effect.after


@STORE
@pytest.mark.parametrize(
    ("fault", "effects"), [("lost", 1), ("reset", 0), ("vendor_error", 0)]
)
async def test_the_journal_knows_what_the_client_cannot(
    api: Client,
    store: Store,
    fault: str,
    effects: int,
) -> None:
    options = {"code": 6008} if fault == "vendor_error" else {}
    api.sim.faults.add(fault, store.update, **options)
    if fault == "vendor_error":
        assert (await api.post(store.update, store.body)).code == 6008
    else:
        with pytest.raises(aiohttp.ClientConnectionError):
            await api.post(store.update, store.body)
    system = api.sim.systems[store.serial]
    assert len(system.effects) == len(system.writes) == effects


async def test_refused_writes_are_not_in_the_journal(api: Client) -> None:
    system = api.sim.systems[HOME_1]
    assert (await api.post(CHARGE, CHARGE_BODY | {"batHighCap": 101})).code == 6001
    assert (
        await api.post(CURRENT, {"sysSn": HOME_1, "currentsetting": 5})
    ).code == 6001
    assert (await api.post(CONTROL, STOP | {"controlMode": 2})).code == 6001
    system.online = False
    assert (await api.post(CHARGE, CHARGE_BODY)).code == 6042
    assert (await api.post(CONTROL, STOP)).code == 6042
    assert system.writes == system.effects == []


async def test_the_app_is_not_in_the_journal(api: Client) -> None:
    system = api.sim.systems[HOME_1]
    system.write_as_app(system.charge, batHighCap=80)
    assert system.writes == system.effects == []
    await api.write(CHARGE, CHARGE_BODY)
    [effect] = system.effects
    assert (effect.before["batHighCap"], effect.after["batHighCap"]) == (80, 90)


async def test_the_wallbox_takes_effect_when_it_obeys(
    api: Client, clock: ManualClock
) -> None:
    system = api.sim.systems[HOME_1]
    system.house.override(ev_plugged=True)
    await api.write(CONTROL, STOP)
    clock.advance(5)
    await api.write(CONTROL, STOP)
    clock.advance(9)
    assert not system.effects
    clock.advance(20)
    [effect] = system.effects
    assert (effect.part, effect.before, effect.after) == ("charger", True, False)
    stop, again = system.writes
    assert (stop.part, stop.asked) == ("charger", {"controlMode": 0})
    assert again.asked == {"controlMode": 0}
    assert (effect.at - stop.at).total_seconds() == 15
    await api.write(CONTROL, START)
    clock.advance(15)
    assert [effect.after for effect in system.effects] == [False, True]


async def test_the_side_door_counts(api: Client, clock: ManualClock) -> None:
    for _ in range(3):
        await api.write(CHARGE, CHARGE_BODY)
    document = await api.switch()
    shown = document["systems"][HOME_1]
    assert (shown["writes"], shown["effects"]) == (3, 1)
    assert document["systems"][HOME_2]["writes"] == 0
    api.sim.houses[HOME_1].override(ev_plugged=True)
    await api.write(CONTROL, STOP)
    assert (await api.switch())["systems"][HOME_1]["effects"] == 1
    clock.advance(15)
    assert (await api.switch())["systems"][HOME_1]["effects"] == 2


# Clamps (row 24)


async def test_the_device_stores_less_than_it_was_asked_for(
    api: Client,
) -> None:
    legacy, periodic = (api.sim.systems[serial] for serial in (HOME_1, HOME_2))
    legacy.clamps = {"batHighCap": 95, "batUseCap": 20.0, "currentsetting": 16}
    periodic.clamps = {"chargeLimit": 80, "chargePower": 3000}
    await api.write(CHARGE, CHARGE_BODY | {"batHighCap": 100})
    await api.write(DISCHARGE, DISCHARGE_BODY | {"batUseCap": 30})
    await api.write(CURRENT, {"sysSn": HOME_1, "currentsetting": 25})
    lists = {
        "chargeTimeList": [
            period("02:00", "05:00", chargePower=5000),
            period("05:00", "06:00", chargePower=2000, chargeLimit=70),
        ],
        "dischargeTimeList": [period("17:00", "21:30", chargePower=None)],
    }
    await api.write(PERIODIC, periodic_body(**lists))

    answer = await api.get("getChargeConfigInfo", sysSn=HOME_1)
    assert json.dumps(answer.data["batHighCap"]) == "95"
    answer = await api.get("getDisChargeConfigInfo", sysSn=HOME_1)
    assert json.dumps(answer.data["batUseCap"]) == "20"
    answer = await api.get("getEvChargerCurrentsBySn", sysSn=HOME_1)
    assert answer.data == {"currentsetting": 16.0}
    data = (await api.get("getTimeChargeBySn", sysSn=HOME_2)).data
    pairs = [
        (entry["chargePower"], entry["chargeLimit"])
        for name in lists
        for entry in data[name]
    ]
    assert json.dumps(pairs) == "[[3000, 80.0], [2000, 70.0], [null, 80.0]]"
    # What was asked for and what came of it
    assert legacy.writes[0].asked["batHighCap"] == 100
    assert legacy.effects[0].after["batHighCap"] == 95


async def test_the_clamped_value_again_is_no_effect(api: Client) -> None:
    system = api.sim.systems[HOME_1]
    system.clamps = {"batHighCap": 95}
    for limit in (100, 95, 98):
        await api.write(CHARGE, CHARGE_BODY | {"batHighCap": limit})
    assert (len(system.writes), len(system.effects)) == (3, 1)


async def test_the_app_is_clamped_too(api: Client) -> None:
    system = api.sim.systems[HOME_1]
    system.clamps = {"batHighCap": 80}
    system.write_as_app(system.charge, batHighCap=90)
    assert system.charge.stored["batHighCap"] == 80


async def test_the_battery_goes_by_the_clamped_value(
    api: Client, clock: ManualClock
) -> None:
    system = api.sim.systems[HOME_1]
    system.house.override(pv_w=0, load_w=500, soc=50)
    system.clamps = {"batHighCap": 51}
    window = {"timeChaf1": "13:00", "timeChae1": "15:00"}
    await api.write(CHARGE, CHARGE_BODY | window)
    clock.advance(3600)
    assert system.house.live().soc == pytest.approx(51)


async def test_clamps_through_the_side_door(api: Client) -> None:
    document = await api.switch(clamps={"batHighCap": 95})
    assert document["systems"][HOME_1]["clamps"] == {"batHighCap": 95}
    await api.write(CHARGE, CHARGE_BODY | {"batHighCap": 100})
    assert api.sim.systems[HOME_1].charge.stored["batHighCap"] == 95
    await api.switch(clamps={})
    await api.write(CHARGE, CHARGE_BODY | {"batHighCap": 100})
    assert api.sim.systems[HOME_1].charge.stored["batHighCap"] == 100


# Half applied (row 25)


@pytest.mark.parametrize("fault", ["vendor_error", "reset"])
async def test_only_one_side_is_refused(api: Client, fault: str) -> None:
    system = api.sim.systems[HOME_1]
    before = system.discharge.stored
    options = {"code": 6008} if fault == "vendor_error" else {}
    api.sim.faults.add(fault, DISCHARGE, **options)
    await api.write(CHARGE, CHARGE_BODY)
    if fault == "reset":
        with pytest.raises(aiohttp.ClientConnectionError):
            await api.post(DISCHARGE, DISCHARGE_BODY)
    else:
        assert (await api.post(DISCHARGE, DISCHARGE_BODY)).code == 6008
    # The other side can be written again, as an undo has to
    await api.write(CHARGE, CHARGE_BODY | {"gridCharge": 0})
    assert [effect.part for effect in system.effects] == ["charge", "charge"]
    assert system.discharge.stored is before
