"""An answer that lacks a leased key says nothing of it (control.md section 3)."""

from collections.abc import Set as AbstractSet

import pytest

from core.client.errors import ApiError, BadDataError
from core.control.driver import Settings
from core.control.intent import SelfUse, Slot
from core.control.outcome import ControlState, Problem

from .asks import ask, force, reserve
from .fakes import BEFORE, Driver, World


def lacks(world: World, *keys: str) -> None:
    world.driver.lacking = frozenset(keys)


def leased(world: World) -> list[Slot]:
    return sorted(world.manager.leases)


@pytest.mark.parametrize("key", ["mode", "power", "limit"])
async def test_nobody_is_taken_to_have_changed_it(world: World, key: str) -> None:
    await ask(world, force(world))
    lacks(world, key)
    await world.read()
    await world.clock.advance(180)
    assert leased(world) == [Slot.MODE]
    assert world.manager.state is not ControlState.EXTERNAL
    lacks(world)
    await world.clock.advance(40 * 60)
    assert world.device.values == BEFORE
    assert (leased(world), world.event_types()) == ([], ["started", "ended"])


async def test_nothing_is_written_while_it_lacks(world: World) -> None:
    await ask(world, force(world))
    world.device.sent.clear()
    lacks(world, "mode")
    await world.read()
    await world.clock.advance(29 * 60)
    assert world.device.sent == []


async def test_the_end_waits_for_it_and_a_person_is_told(world: World) -> None:
    await ask(world, force(world))
    lacks(world, "mode")
    await world.clock.advance(2 * 3600)
    assert leased(world) == [Slot.MODE]
    assert world.manager.state is ControlState.RESTORING
    assert Problem.RESTORE_FAILED in world.manager.problems
    lacks(world)
    await world.clock.advance(1800)
    assert world.device.values == BEFORE
    assert leased(world) == []
    assert world.manager.problems == {}


async def test_who_ends_it_is_told(world: World) -> None:
    await ask(world, force(world))
    lacks(world, "mode")
    with pytest.raises(BadDataError) as caught:
        await ask(world, SelfUse())
    assert caught.value.reason == "settings_incomplete"
    lacks(world)
    await world.clock.advance(60)
    assert world.device.values == BEFORE


async def test_a_change_of_another_key_is_still_seen(world: World) -> None:
    await ask(world, force(world))
    lacks(world, "power")
    world.device.outside({"mode": "app"})
    await world.read()
    await world.clock.advance(120)
    # That may be only a part of the truth
    assert leased(world) == [Slot.MODE]
    lacks(world)
    await world.read()
    await world.clock.advance(120)
    assert world.event_types() == ["started", "external"]


async def test_where_keys_come_and_go_one_that_lacks_is_gone(world: World) -> None:
    world.driver.exhaustive = True
    await ask(world, force(world))
    lacks(world, "mode")
    await world.read()
    await world.clock.advance(120)
    assert world.event_types() == ["started", "external"]


async def test_a_key_of_no_lease_may_lack(world: World) -> None:
    await ask(world, reserve(world, 30, minutes=30))
    lacks(world, "mode")
    await world.read()
    await world.clock.advance(31 * 60)
    assert world.device.values == BEFORE
    assert leased(world) == []


async def test_a_force_without_its_lease_is_not_forgotten(world: World) -> None:
    await ask(world, force(world))
    world.kill()
    world.disk.text = "{}"
    world.disk.restart()
    lacks(world, "mode")
    world.boot()
    await world.clock.advance(5)
    await world.read()
    lacks(world)
    await world.read()
    assert Problem.FORCED_WITHOUT_LEASE in world.manager.problems
    lacks(world, "mode")
    with pytest.raises(BadDataError):
        await ask(world, SelfUse())
    await world.read()
    assert Problem.FORCED_WITHOUT_LEASE in world.manager.problems
    lacks(world)
    await ask(world, SelfUse())
    assert world.device.values["mode"] == "self_use"


async def test_a_half_order_is_not_said_to_be_taken_back(world: World) -> None:
    def hide(values: object) -> None:
        lacks(world, "mode")

    world.device.on_effect = hide
    with pytest.raises(ApiError):
        await ask(world, force(world), None, "refused")
    assert leased(world) == [Slot.MODE]
    lacks(world)
    await world.clock.advance(600)
    assert world.device.values == BEFORE


class Slow(Driver):
    """One that reads a part of its settings sooner than all of them."""

    asked: list[AbstractSet[str]]

    async def read_part(self, keys: AbstractSet[str]) -> Settings:
        self.asked.append(keys)
        return await self.read()


async def test_the_end_reads_no_more_than_what_is_leased(world: World) -> None:
    world.driver = driver = Slow(world.device, world.clock, world.moments)
    driver.asked = []
    world.boot()
    await ask(world, force(world))
    assert driver.asked == []
    await ask(world, SelfUse())
    assert driver.asked == [{"mode", "power", "limit"}]
