"""Forces, holds and limits in Home Assistant: the answer, the entities, the end."""

from typing import Any

import pytest

from .room import Room

FAMILIES = [
    pytest.param("MIN", "token", id="MIN by remote control"),
    pytest.param("MIN", "login", id="MIN by segments"),
    pytest.param("SPH", "token", id="SPH by remote control"),
    pytest.param("SPH", "login", id="SPH by periods"),
    pytest.param("SPA", "token", id="SPA by remote control"),
    pytest.param("SPA", "login", id="SPA by periods"),
]
every_family = pytest.mark.parametrize(("homes", "mode"), FAMILIES, indirect=["homes"])


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN with a battery if the test names no other."""
    return (getattr(request, "param", "MIN"),)


@every_family
async def test_a_force_charges_and_comes_back(room: Room) -> None:
    await room.start()
    before, events = room.stored, room.events()
    assert (room.state("select", "battery_mode"), room.control) == ("self_use", "idle")
    answer = await room.charge(30, power=1500)
    assert answer["outcome"] == "applied"
    assert answer["effective"]["power"] <= 1500
    # The states are true when the call has returned
    assert room.state("select", "battery_mode") == "force_charge"
    assert room.state("sensor", "control_state") == "starting"
    await room.minutes(6)
    assert -1600 < room.power < -1300
    assert room.state("sensor", "control_state") == "active"
    assert room.state("sensor", "control_ends") != "unknown"
    await room.minutes(30)
    assert room.stored == before
    assert (room.state("select", "battery_mode"), room.control) == ("self_use", "idle")
    assert events == ["started", "ended"]
    assert room.issues == []


@pytest.mark.parametrize(
    ("homes", "mode", "action", "data", "low", "high"),
    [
        ("MIN", "token", "force_discharge", {"power": 2400}, 2300, 2500),
        ("MIN", "login", "force_discharge", {"power": 2400}, 2300, 2500),
        ("MIN", "token", "hold", {"block": "both"}, -30, 30),
        ("SPH", "token", "hold", {}, -30, 30),
        ("SPH", "login", "force_discharge", {"power": 1200}, 1100, 1300),
        ("SPA", "login", "hold", {}, -30, 30),
    ],
    indirect=["homes"],
)
async def test_what_else_a_battery_does(
    room: Room, action: str, data: dict[str, Any], low: float, high: float
) -> None:
    await room.start()
    before = room.stored
    answer = await room.call(action, duration={"minutes": 60}, **data)
    assert answer["outcome"] == "applied"
    await room.minutes(11)
    assert low <= room.power <= high
    assert room.control == "active"
    assert room.state("select", "battery_mode") == action
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.stored == before
    assert room.state("select", "battery_mode") == "self_use"


async def test_a_target_is_reached(room: Room) -> None:
    await room.start()
    events = room.events()
    await room.charge(120, power=11000, target_soc=52)
    await room.minutes(21)
    assert events == ["started", "target_reached", "ended"]
    assert room.mode is None


async def test_the_reserve_for_a_time(room: Room) -> None:
    await room.start()
    before = room.stored
    answer = await room.call("set_reserve", soc=40, duration={"minutes": 30})
    assert (answer["outcome"], answer["effective"]) == ("applied", {"soc": 40})
    assert room.state("number", "backup_reserve") == "40"
    await room.minutes(36)
    assert room.stored == before
    assert room.state("number", "backup_reserve") == "10"


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_a_force_goes_on_after_a_restart(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    forced = room.stored
    await room.restart(120)
    assert room.stored == forced
    assert room.state("select", "battery_mode") == "force_charge"
    await room.minutes(31)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_a_force_that_ended_while_nobody_looked(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """A segment comes again each day, so it is taken out at the next start."""
    await room.start()
    before = room.stored
    await room.charge(30)
    await room.crash(3600)
    await room.minutes(5)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []


async def test_a_force_is_put_back_although_no_list_can_be_read(room: Room) -> None:
    """What is leased needs neither plants nor readings."""
    await room.start()
    before = room.stored
    await room.charge(30)
    for endpoint in ("plant/list", "device/list", "new-api/query*"):
        room.sim.faults.add("status", endpoint, status=500)
    room.entry.runtime_data.account.documents.clear()
    await room.crash(3600)
    await room.minutes(5)
    assert room.stored == before


async def test_somebody_else_changes_it_meanwhile(room: Room) -> None:
    """What a person sets in the app is left alone."""
    await room.start()
    events = room.events()
    await room.call("hold", block="discharge", duration={"minutes": 120})
    room.device.write_as_app(disChargePowerCommand=70)
    await room.minutes(40)
    assert events[-1] == "external"
    assert room.mode is None
    assert room.stored["disChargePowerCommand"] == 70
