"""A real Home Assistant with systems that take orders."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.alphaess import AlphaEssSimulator

from ..conftest import SYSTEM_1, Step
from .room import Room


@pytest.fixture
def serial() -> str:
    """The system that the test is about."""
    return SYSTEM_1


@pytest.fixture
def room(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: AlphaEssSimulator,
    step: Step,
    freezer: FrozenDateTimeFactory,
    serial: str,
) -> Room:
    """A system of an account that is not set up yet."""
    return Room(hass, entry, sim, step, freezer, serial)
