"""A force that is over before the battery can react is answered with a warning."""

from datetime import timedelta

from core.control.intent import ForceCharge, SetReserve
from tests.core.control.fakes import World


async def warnings(world: World, seconds: float) -> tuple[str, ...]:
    until = world.clock.now() + timedelta(seconds=seconds)
    result = await world.run(world.manager.execute(ForceCharge(until=until)))
    return result.warnings


async def test_shorter_than_the_reaction_time(world: World) -> None:
    """Which is six minutes here."""
    assert await warnings(world, 355) == ("shorter_than_reaction",)


async def test_long_enough(world: World) -> None:
    assert await warnings(world, 600) == ()


async def test_an_extension_counts_from_now(world: World) -> None:
    assert await warnings(world, 600) == ()
    assert await warnings(world, 300) == ("shorter_than_reaction",)


async def test_a_reserve_is_not_watched(world: World) -> None:
    until = world.clock.now() + timedelta(seconds=120)
    result = await world.run(world.manager.execute(SetReserve(soc=50, until=until)))
    assert result.warnings == ()
