"""What tests of control go by: who changed what, what is followed, and the side door."""

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.sonnen import SonnenBattery, SonnenSimulator, default_homes

from .sonnen_client import MANUAL, MODE, RESERVE, Wire


async def test_a_change_is_an_effect_once(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    await wire.write(EM_USOC="40")
    clock.advance(40)
    await wire.write(EM_USOC="40")
    first, second = battery.writes
    assert (first.part, first.asked) == (second.part, second.asked) == (RESERVE, "40")
    assert (second.at - first.at).total_seconds() == 40
    [effect] = battery.effects
    assert (effect.part, effect.at) == (RESERVE, first.at)
    assert (effect.before, effect.after) == ("20", "40")


async def test_set_points_are_noted_by_direction(
    wire: Wire, battery: SonnenBattery
) -> None:
    await wire.force("discharge", 700)
    assert [(entry.part, entry.asked) for entry in battery.writes] == [
        (MODE, MANUAL),
        ("charge", 0),
        ("discharge", 700),
    ]
    _, effect = battery.effects
    assert (effect.part, effect.before, effect.after) == (
        "discharge",
        {"charge": 0, "discharge": 0},
        {"charge": 0, "discharge": 700},
    )


@pytest.mark.parametrize(("fault", "effects"), [("lost", 2), ("reset", 0)])
async def test_the_journal_knows_what_the_client_cannot(
    wire: Wire,
    battery: SonnenBattery,
    sonnen: SonnenSimulator,
    fault: str,
    effects: int,
) -> None:
    sonnen.faults.add(fault, "set*")
    with pytest.raises(aiohttp.ClientConnectionError):
        await wire.put(EM_USOC="40")
    with pytest.raises(aiohttp.ClientConnectionError):
        await wire.post("charge", 40)
    assert len(battery.effects) == len(battery.writes) == effects


async def test_the_app_is_not_in_the_journal(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.write_as_app(EM_OperatingMode=MANUAL)
    assert battery.writes == battery.effects == []
    assert (await wire.read("configurations"))[MODE] == MANUAL
    assert battery.live.battery_w == 500
    clock.advance(2)
    assert battery.live.battery_w == -22


async def test_accepted_and_not_stored(wire: Wire, battery: SonnenBattery) -> None:
    battery.stores_writes = False
    assert (await wire.put(EM_USOC="40")).body == {RESERVE: "40"}
    assert (await wire.post("charge", 40)).status == 201
    assert len(battery.writes) == 2
    assert battery.effects == []
    assert (battery.stored[RESERVE], battery.stored["charge"]) == ("20", 0)


async def test_stored_and_not_followed(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.follows = False
    await wire.force("charge", 2000)
    clock.advance(600)
    assert (await wire.read("configurations"))[MODE] == MANUAL
    assert (await wire.read("status"))["OperatingMode"] == "2"
    assert battery.live.battery_w == 500
    assert len(battery.effects) == 2


async def test_stored_as_less(wire: Wire, battery: SonnenBattery) -> None:
    battery.clamps = {RESERVE: 50, "charge": 1000}
    assert (await wire.put(EM_USOC="80")).body == {RESERVE: "80"}
    assert (await wire.read("configurations"))[RESERVE] == "50"
    await wire.post("charge", 3000)
    assert battery.stored["charge"] == 1000
    await wire.write(EM_USOC="30")
    assert battery.stored[RESERVE] == "30"


async def test_shown_later(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.readback_delay = 5
    await wire.write(EM_USOC="40")
    assert (await wire.read("configurations"))[RESERVE] == "20"
    clock.advance(5)
    assert (await wire.read("configurations"))[RESERVE] == "40"


async def test_restore_brings_all_back_in_silence(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    begin = battery.stored
    await wire.force("charge", 2000)
    await wire.write(EM_USOC="40")
    clock.advance(10)
    effects = len(battery.effects)
    battery.restore(begin)
    assert battery.stored == begin
    assert battery.live.battery_w == 500
    assert len(battery.effects) == effects


# The side door


async def test_switches_act_at_once(wire: Wire, battery: SonnenBattery) -> None:
    serial = battery.serial
    answer = await wire.control("sonnen", {"system": serial, "battery_care": True})
    assert answer.status == 200
    assert battery.live.battery_w == -1500
    document = {"broken_meters": ["consumption"], "meter_shape": "dict"}
    page = (await wire.control("sonnen", document)).body["systems"]
    assert page[serial]["broken_meters"] == ["consumption"]
    assert page["234567"]["meter_shape"] == "dict"
    assert battery.broken_meters == {"consumption"}
    assert battery.variant.meter_shape == "dict"


async def test_the_app_and_the_reset_from_outside(
    wire: Wire, battery: SonnenBattery
) -> None:
    system = {"system": battery.serial}
    page = await wire.control("sonnen/app", {**system, RESERVE: "44"})
    entry = page.body["systems"][battery.serial]
    assert (entry["shown"][RESERVE], entry["writes"]) == ("44", 0)
    page = await wire.control("sonnen/reset", {**system, "minutes": 0})
    entry = page.body["systems"][battery.serial]
    assert (entry["booting"], entry["reachable"]) == (True, True)
    assert page.body["systems"]["234567"]["booting"] is False


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("sonnen", {"nothing": 1}),
        ("sonnen", {"read_api": "yes"}),
        ("sonnen", {"reaction_delay": -1}),
        ("sonnen", {"broken_meters": "production"}),
        ("sonnen", {"clamps": {"x": 1}}),
        ("sonnen", {"meter_shape": "tree"}),
        ("sonnen", {"system": "0", "online": False}),
        ("sonnen/app", {"DE_Software": "1"}),
        ("sonnen/app", {"EM_USOC": 5}),
        ("sonnen/reset", {"minutes": -1}),
    ],
)
async def test_wrong_wishes_change_nothing(
    wire: Wire, path: str, document: dict[str, object]
) -> None:
    page = (await wire.control("sonnen", {})).body
    answer = await wire.control(path, document)
    assert answer.status == 400
    assert answer.body["error"]
    assert (await wire.control("sonnen", {})).body == page


async def test_the_houses_are_at_every_battery(
    wire: Wire, sonnen: SonnenSimulator
) -> None:
    answer = await wire.control("house", {"home": "234567", "load": 700, "pv": 0})
    assert answer.status == 200
    assert sonnen.houses["234567"].live().load_w == 700
    assert sonnen.houses["123456"].live().load_w == 500


def test_many_batteries_have_tokens_of_their_own() -> None:
    homes = default_homes(7, seed=3, time_zone="Etc/GMT+5")
    assert len({home.serial for home in homes}) == 7
    assert len({home.token for home in homes}) == 7
    assert len({home.spec.seed for home in homes}) == 7
    assert {home.spec.zone.key for home in homes} == {"Etc/GMT+5"}
