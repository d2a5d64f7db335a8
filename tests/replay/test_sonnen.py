"""What is sonnen's own: firmware, and settings that can be changed."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from simulator.replay import load
from simulator.replay.play import play
from simulator.sonnen import SonnenSimulator

from .room import Room, differences
from .vendor import Case
from .vendors import SONNEN

pytestmark = pytest.mark.parametrize("case", [Case(SONNEN, 0)])


async def test_native_configurations(room: Room, sim: SonnenSimulator) -> None:
    """Some firmware tells numbers as such."""
    sim.batteries[0].variant.configuration_types = "native"
    before = await room.record(sim)
    assert differences(before, await room.play(), but=SONNEN.anew) == []


async def test_settings_can_be_changed(
    hass: HomeAssistant, room: Room, sim: SonnenSimulator
) -> None:
    assert (await room.record(sim)).state("backup_reserve") == "35"
    played: Any = play(load(room.path))
    await played.start()
    entry = SONNEN.entry(played, "")
    await room.shown(entry)
    [reserve] = [
        item.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if item.translation_key == "backup_reserve" and item.domain == "number"
    ]
    await hass.services.async_call(
        "number", "set_value", {"entity_id": reserve, "value": 50}, blocking=True
    )
    assert played.batteries[0].settings["EM_USOC"].stored == "50"
    assert hass.states.is_state(reserve, "50")
    await played.stop()
