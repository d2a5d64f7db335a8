"""Binary sensors of EV chargers."""

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import CHARGER, Step, set_up
from .platforms import only


@pytest.fixture
def homes() -> int:
    """Only the first system has an EV charger."""
    return 2


async def test_binary_sensors(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """All binary sensors with their states."""
    with only(Platform.BINARY_SENSOR):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


# Reference 3.16 and 9.3: plugged in is 2 to 6, charging is 3
@pytest.mark.parametrize(
    ("status", "shown", "plugged_in", "charging"),
    [
        (1, "available", STATE_OFF, STATE_OFF),
        (2, "preparing", STATE_ON, STATE_OFF),
        (3, "charging", STATE_ON, STATE_ON),
        (4, "suspended_evse", STATE_ON, STATE_OFF),
        (5, "suspended_ev", STATE_ON, STATE_OFF),
        (6, "finishing", STATE_ON, STATE_OFF),
        (9, "faulted", STATE_UNKNOWN, STATE_OFF),
        (0, STATE_UNKNOWN, STATE_UNKNOWN, STATE_UNKNOWN),
        (7, STATE_UNKNOWN, STATE_UNKNOWN, STATE_UNKNOWN),
        (8, STATE_UNKNOWN, STATE_UNKNOWN, STATE_UNKNOWN),
        (None, STATE_UNKNOWN, STATE_UNKNOWN, STATE_UNKNOWN),
        ("3", "charging", STATE_ON, STATE_ON),
    ],
)
async def test_states_of_a_charger(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    status: object,
    shown: str,
    plugged_in: str,
    charging: str,
) -> None:
    """Each of the vendor's states in words; a code that nobody knows is unknown."""
    await set_up(hass, entry)
    sim.faults.add(
        "mutate",
        "getEvChargerStatusBySn",
        field="data.evchargerStatus",
        value=status,
    )
    await step(75)
    registry = er.async_get(hass)
    found = {}
    for platform, key in (
        ("sensor", "ev_status"),
        ("binary_sensor", "ev_plugged_in"),
        ("binary_sensor", "ev_charging"),
    ):
        entity_id = registry.async_get_entity_id(platform, DOMAIN, f"{CHARGER}_{key}")
        assert entity_id is not None
        found[key] = hass.states.get(entity_id).state  # type: ignore[union-attr]
    assert found == {
        "ev_status": shown,
        "ev_plugged_in": plugged_in,
        "ev_charging": charging,
    }


async def test_a_car_comes(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The simulated house's own car is seen too."""
    house = next(iter(sim.houses.values()))
    house.override(ev_plugged=False)
    await set_up(hass, entry)
    entity_id = er.async_get(hass).async_get_entity_id(
        "binary_sensor", DOMAIN, f"{CHARGER}_ev_plugged_in"
    )
    assert entity_id is not None
    assert hass.states.get(entity_id).state == STATE_OFF  # type: ignore[union-attr]
    house.override(ev_plugged=True)
    await step(75)
    assert hass.states.get(entity_id).state == STATE_ON  # type: ignore[union-attr]
