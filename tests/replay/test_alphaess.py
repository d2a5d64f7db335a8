"""What is AlphaESS's own: strings are there once they gave something."""

import pytest

from simulator.alphaess import AlphaEssSimulator

from .room import Room, differences, house
from .vendor import Case
from .vendors import ALPHAESS


@pytest.mark.parametrize("case", [Case(ALPHAESS, 2)])
async def test_downloaded_at_night(
    room: Room, sim: AlphaEssSimulator, all_enabled: None
) -> None:
    """All that ever was is there, with what it gives now."""
    entry = ALPHAESS.entry(sim, "")
    await room.shown(entry)
    for system in sim.systems.values():
        system.house.override(pv_w=0.0)
    await ALPHAESS.step(room.hass, room.freezer)(61.0)
    before = house(room.hass, entry)
    assert before.state("solar_power_1") == "0.0"
    await room.keep(entry)
    await room.forget(entry)
    await sim.stop()
    assert differences(before, await room.play()) == []
