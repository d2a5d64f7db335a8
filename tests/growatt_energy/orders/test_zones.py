"""Times of day are the plant's, wherever Home Assistant is."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.growatt_energy.api.classic_plants import ClassicPlants
from simulator.growatt import GrowattSimulator

from ..conftest import MIN, SPH
from .room import Room


@pytest.fixture
def zone() -> str:
    """Where the plants are: eight hours ahead of Home Assistant."""
    return "Australia/Brisbane"


@pytest.fixture
async def far(hass: HomeAssistant, sim: GrowattSimulator, bare: None) -> None:
    """Home Assistant elsewhere."""
    await hass.config.async_set_time_zone("Europe/Berlin")


@pytest.mark.parametrize("homes", [("MIN", "SPH", "SPA")])
async def test_clocks_of_several_plants(room: Room, far: None) -> None:
    """Which zone a plant is in comes with its sums, one plant after the other."""
    await room.start()
    await room.minutes(60)
    serials = [MIN, SPH, next(s for s in room.sim.devices if s.startswith("WPD"))]
    for serial in serials:
        room.sim.devices[serial].clock_error = 300.0
        await room.call("sync_clock", of=serial)
        assert abs(room.sim.devices[serial].clock_error) < 120
    await room.crash()
    # Also before anything of it is read again
    zones = {serial: str(room.center.manager(serial).driver.zone) for serial in serials}
    assert set(zones.values()) <= {"UTC+10:00", "Australia/Brisbane"}


@pytest.fixture
def nameless() -> Any:
    """A login whose list of plants names no zone."""
    real = ClassicPlants.all_plants

    async def without(self: ClassicPlants, *args: Any) -> Any:
        raw = await real(self, *args)
        for row in raw["PlantList"]:
            row.pop("timezone", None)
        return raw

    with patch.object(ClassicPlants, "all_plants", without):
        yield


@pytest.mark.parametrize("mode", ["login"])
@pytest.mark.parametrize("homes", [("MIN",)])
async def test_a_segment_begins_in_the_time_of_the_plant(
    room: Room, far: None, nameless: None
) -> None:
    await room.start()
    await room.minutes(25)
    before = room.stored
    await room.charge(60)
    await room.minutes(11)
    assert room.power < -2000
    assert room.control == "active"
    await room.minutes(60)
    assert room.stored == before
