"""What is Growatt's own: a token is told other things than a login."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from simulator.growatt import GrowattSimulator
from simulator.replay import load
from simulator.replay.play import play

from .room import Room
from .vendor import Case
from .vendors import GROWATT


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (Case(GROWATT, ("MIN",), "token"), {"Token"}),
        (Case(GROWATT, ("MIN",), "login"), {"User name", "Password"}),
    ],
)
async def test_only_what_was_recorded_is_offered(
    room: Room, sim: GrowattSimulator, case: Case, told: set[str]
) -> None:
    assert sim.credentials().keys() == {"Token", "User name", "Password"}
    await room.record(sim, case.mode)
    assert play(load(room.path)).credentials().keys() == told


@pytest.mark.parametrize(
    "case", [Case(GROWATT, ("SPH",), "login"), Case(GROWATT, ("NOAH",), "login")]
)
async def test_settings_can_be_changed(
    hass: HomeAssistant, room: Room, sim: GrowattSimulator, case: Case
) -> None:
    """Also those that a login tells as texts."""
    await room.record(sim, case.mode)
    played = play(load(room.path))
    await played.start()
    entry = GROWATT.entry(played, case.mode)
    await room.shown(entry)
    name = "output_power" if case.homes == ("NOAH",) else "charge_power_limit"
    numbers = [
        item.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if item.domain == "number" and name in (item.translation_key or "")
    ]
    assert numbers
    for number in numbers:
        await hass.services.async_call(
            "number", "set_value", {"entity_id": number, "value": 50}, blocking=True
        )
        step = GROWATT.step(hass, room.freezer)
        await step(301)
        assert hass.states.is_state(number, "50")
    await played.stop()
