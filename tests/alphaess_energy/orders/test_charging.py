"""EV chargers and the current of the house connection."""

import asyncio

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest

from ..conftest import CHARGER, SYSTEM_1
from ..devices import find_device
from .room import Room

START, STOP = f"{CHARGER}_ev_start", f"{CHARGER}_ev_stop"
CONTROL = "remoteControlEvCharger"
CURRENT = "setEvChargerCurrentsBySn"
STATUS = f"{CHARGER}_ev_status"


@pytest.fixture
async def plugged(room: Room) -> Room:
    """A system with a car at its charger."""
    await room.start()
    room.house.override(ev_plugged=True)
    room.house.set_car_enabled(enabled=False)
    await room.step(61)
    return room


async def test_start_and_stop(plugged: Room) -> None:
    """Pressing waits until the charger does it; pressing again sends nothing."""
    room = plugged
    for key, power in ((START, True), (STOP, False)):
        await room.set("button", key)
        assert (room.house.live().car.power_w > 0) is power
        assert (room.state("sensor", STATUS) == "charging") is power
        sent = room.sim.counters.count(CONTROL)
        await room.set("button", key)
        assert room.sim.counters.count(CONTROL) == sent
        await room.step(61)
    assert room.parts == ["charger", "charger"]


async def test_a_charger_that_does_not_obey(plugged: Room) -> None:
    room = plugged
    assert room.system.charger is not None
    room.system.charger.follows = False
    with pytest.raises(HomeAssistantError) as info:
        await room.set("button", START)
    assert info.value.translation_key == "write_unverified"
    assert room.house.live().car.power_w == 0


async def test_an_issue_names_the_charger(plugged: Room) -> None:
    """It is no system, and its own serial number says nothing to anybody."""
    room = plugged
    assert room.system.charger is not None
    room.system.charger.follows = False
    for _ in range(2):
        with pytest.raises(HomeAssistantError):
            await room.set("button", START)
    (issue,) = ir.async_get(room.hass).issues.values()
    assert issue.translation_key == "control_unverified"
    device = find_device(room.hass, room.entry, CHARGER)
    assert device is not None
    assert (issue.translation_placeholders or {})["device"] == device.name
    assert CHARGER not in str(issue)


async def test_a_charger_that_nobody_controls_any_more(plugged: Room) -> None:
    room = plugged
    room.entry.runtime_data.systems[SYSTEM_1].charger_controls.clear()
    with pytest.raises(HomeAssistantError) as info:
        await room.set("button", START)
    assert info.value.translation_key == "control_off"
    assert room.sim.counters.count(CONTROL) == 0


async def test_a_charger_that_refuses(plugged: Room) -> None:
    room = plugged
    room.sim.faults.add("vendor_error", CONTROL, code=6029)
    with pytest.raises(HomeAssistantError) as info:
        await room.set("button", START)
    assert info.value.translation_key == "write_rejected"


@pytest.mark.parametrize("fault", ["reset", "lost"])
async def test_a_start_that_is_lost_is_read_first(plugged: Room, fault: str) -> None:
    room = plugged
    room.sim.faults.add(fault, CONTROL, count=1)
    await room.set("button", START)
    assert room.house.live().car.power_w > 0
    assert room.effects == ["charger"]


async def test_household_current(room: Room) -> None:
    await room.start()
    assert room.state("number", "household_current") == "32"
    await room.set("number", "household_current", value=20)
    assert room.state("number", "household_current") == "20"
    assert room.system.household.stored == {"currentsetting": 20.0}
    await room.set("number", "household_current", value=20)
    assert room.sim.counters.count(CURRENT) == 1


async def test_a_slider_that_is_moved_is_one_write(room: Room) -> None:
    """The last of several values within seconds counts."""
    await room.start()
    await asyncio.gather(
        *(
            room.set("number", "household_current", value=value)
            for value in (10, 14, 18)
        )
    )
    assert room.system.household.stored == {"currentsetting": 18.0}
    assert room.sim.counters.count(CURRENT) == 1


@pytest.mark.parametrize(
    ("value", "text"), [(10.5, "current_whole"), (float("nan"), None), (5, None)]
)
async def test_a_current_that_cannot_be(
    room: Room, value: float, text: str | None
) -> None:
    await room.start()
    with pytest.raises(HomeAssistantError) as info:
        await room.set("number", "household_current", value=value)
    if text is not None:
        assert info.value.translation_key == text
    assert room.sim.counters.count(CURRENT) == 0
    assert room.state("number", "household_current") == "32"


async def test_a_clamped_current_is_shown(room: Room) -> None:
    await room.start()
    room.system.clamps = {"currentsetting": 16}
    await room.set("number", "household_current", value=25)
    assert room.state("number", "household_current") == "16"


async def test_a_charger_that_is_gone_is_controlled_no_more(room: Room) -> None:
    await room.start()
    manager = room.center.manager(CHARGER)
    assert manager is not None
    room.system.charger = None
    await room.step(24 * 3600 + 1)
    await room.step(11 * 60)
    await room.settle()
    assert room.center.manager(CHARGER) is None
    assert manager._jobs.closed
