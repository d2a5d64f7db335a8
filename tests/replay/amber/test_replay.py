"""A download of Amber's prices and usage, played back, gives the same entities."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.amber import AmberSimulator, Site
from simulator.amber.market import Market
from tests.amber_energy.conftest import entry_of
from tests.replay.room import Room, differences


@pytest.fixture
def unusual(sim: AmberSimulator, site: Site) -> Site:
    """A site whose market and habits the simulator never has by itself."""
    sim.market = Market(9)
    site.spec = replace(site.spec, seed=9)
    site.network = "Endeavour"
    return site


def again(simulator: AmberSimulator) -> MockConfigEntry:
    """Return an entry for the played site."""
    return entry_of(simulator, next(iter(simulator.sites.values())))


async def test_same_entities(
    room: Room, sim: AmberSimulator, unusual: Site, all_enabled: None
) -> None:
    entry = entry_of(sim, unusual)
    before = await room.record(entry, sim.token, unusual.id, unusual.nmi)
    assert before.values > 30
    assert differences(before, await room.play(again)) == {}


async def test_it_is_never_too_old(
    room: Room, sim: AmberSimulator, unusual: Site
) -> None:
    """It begins with the price that was recorded, at whatever time of day."""
    before = await room.record(entry_of(sim, unusual))
    after = await room.play(again, timedelta(days=200, hours=5, minutes=25))
    price = "general_price"
    assert before.state(price) is not None
    assert after.state(price) == before.state(price)


async def test_time_goes_on(room: Room, sim: AmberSimulator, unusual: Site) -> None:
    """What was forecast becomes the price."""
    await room.record(entry_of(sim, unusual))
    longer = replace(room, seconds=(61.0, 3600.0))
    assert (await longer.play(again)).state("general_price") is not None
