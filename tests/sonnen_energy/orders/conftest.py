"""A real Home Assistant with a battery that takes orders."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.sonnen import SonnenBattery, SonnenSimulator

from ..conftest import Step
from .room import Room


@pytest.fixture
def room(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: SonnenSimulator,
    battery: SonnenBattery,
    step: Step,
    freezer: FrozenDateTimeFactory,
) -> Room:
    """A battery that is not set up yet."""
    return Room(hass, entry, sim, battery, step, freezer)
