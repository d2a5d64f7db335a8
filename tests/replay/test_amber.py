"""What is Amber's own: prices of a moment, which then go on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from simulator.amber import AmberSimulator

from .room import Room
from .vendor import Case
from .vendors import AMBER

PRICE = "general_price"

pytestmark = pytest.mark.parametrize("case", [Case(AMBER, 0)])


async def test_it_begins_with_the_recorded_price(
    room: Room, sim: AmberSimulator
) -> None:
    """At whatever time of day."""
    before = await room.record(sim)
    after = await room.play(later=timedelta(days=200, hours=5, minutes=25))
    assert before.state(PRICE) is not None
    assert after.state(PRICE) == before.state(PRICE)


async def test_time_goes_on(room: Room, sim: AmberSimulator) -> None:
    """What was forecast becomes the price."""
    await room.record(sim)
    longer = replace(room, seconds=(61.0, 3600.0))
    assert (await longer.play()).state(PRICE) is not None
