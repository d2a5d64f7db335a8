"""What ends a force is not held up by what cannot be read (control.md section 3)."""

from collections.abc import Set as AbstractSet

import pytest

from core.client.errors import ApiError, BadDataError
from core.control.driver import Settings
from core.control.intent import SelfUse, Slot, Values

from .asks import ask, force, reserve
from .fakes import BEFORE, Driver, World


def lacks(world: World, *keys: str) -> None:
    world.driver.lacking = frozenset(keys)


class Knowing(Driver):
    """One that knows what ends a force, and that its limit means nothing then."""

    freeing = frozenset({"mode"})

    async def read_part(self, keys: AbstractSet[str]) -> Settings:
        return await self.read()

    def spared(self, put_back: Values) -> AbstractSet[str]:
        return {"limit"} if put_back.get("mode") == "self_use" else set()

    def unseen(self, mark: Values) -> Values:
        return {"mode": "self_use"} if mark.get("mode") == "force" else {}


def knows(world: World) -> None:
    world.driver = Knowing(world.device, world.clock, world.moments)
    world.boot()


async def test_one_lease_does_not_hold_up_another(world: World) -> None:
    await ask(world, force(world))
    await ask(world, reserve(world))
    lacks(world, "reserve")
    with pytest.raises(BadDataError):
        await ask(world, SelfUse())
    assert world.device.values == {**BEFORE, "reserve": 50}
    assert list(world.manager.leases) == [Slot.RESERVE]


async def test_one_key_does_not_hold_up_the_others(world: World) -> None:
    await ask(world, force(world))
    lacks(world, "power")
    with pytest.raises(BadDataError):
        await ask(world, SelfUse())
    assert world.device.values["mode"] == BEFORE["mode"]
    assert list(world.manager.leases) == [Slot.MODE]
    lacks(world)
    await world.clock.advance(60)
    assert world.device.values == BEFORE
    assert not world.manager.leases


async def test_what_means_nothing_then_is_not_needed(world: World) -> None:
    knows(world)
    await ask(world, force(world, target_soc=80))
    lacks(world, "limit")
    await ask(world, SelfUse())
    assert world.device.values["mode"] == BEFORE["mode"]
    assert not world.manager.leases


async def test_what_stays_unread_is_written_when_a_person_is_told(
    world: World,
) -> None:
    knows(world)
    await ask(world, force(world))
    lacks(world, "mode")
    for tries in range(3):
        assert world.device.values["mode"] == "force", tries
        with pytest.raises(ApiError):
            await ask(world, SelfUse())
    assert world.device.values["mode"] == "self_use"
    assert list(world.manager.leases) == [Slot.MODE]
    lacks(world)
    await world.clock.advance(600)
    assert world.device.values == BEFORE
    assert not world.manager.problems


async def test_the_last_try_writes_it_at_once(world: World) -> None:
    knows(world)
    await ask(world, force(world))
    lacks(world, "mode")
    assert not await world.run(world.manager.end("removed"))
    assert world.device.values["mode"] == "self_use"
