"""A real Home Assistant with devices that take orders."""

from collections.abc import Generator

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.goodwe import GoodWeSimulator

from ..conftest import Step
from ..platforms import only
from .room import Room


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a hybrid of the newest kind if the test names no other."""
    return (getattr(request, "param", "hybrid"),)


@pytest.fixture
def room(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: GoodWeSimulator,
    step: Step,
    freezer: FrozenDateTimeFactory,
) -> Room:
    """An account that is not set up yet."""
    return Room(hass, entry, sim, step, freezer)


@pytest.fixture
def bare() -> Generator[None]:
    """Nothing but the core of the integration, also after a restart."""
    with only():
        yield


@pytest.fixture
async def started(bare: None, room: Room) -> Room:
    """The account, set up without entities."""
    await room.start()
    return room
