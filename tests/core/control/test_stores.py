"""A vendor with several stores: what is in one is not looked for in another."""

from dataclasses import replace

import pytest

from core.client.errors import BadDataError
from core.control.driver import Settings
from core.control.intent import SelfUse, Values
from core.control.outcome import ControlState, Outcome, Problem
from tests.core.control.asks import ask, force, hold, poll
from tests.core.control.fakes import BEFORE, World


def governed_by(world: World, store: str) -> None:
    """Let another store govern: it has none of the keys of the first one."""
    read = type(world.driver).read

    async def other() -> Settings:
        settings = await read(world.driver)
        values = settings.values if store == "daily" else {"week": "empty"}
        return replace(settings, store=store, values=values)

    world.driver.read = other  # type: ignore[method-assign]


async def test_a_lease_waits_for_its_store(world: World) -> None:
    governed_by(world, "daily")
    await ask(world, force(world))
    governed_by(world, "weekly")
    await poll(world)
    assert world.event_types() == ["started"]
    await world.clock.advance(60 * 60)
    assert world.manager.state is ControlState.RESTORING
    assert Problem.RESTORE_FAILED in world.manager.problems
    assert world.device.values["mode"] == "force"
    governed_by(world, "daily")
    await world.clock.advance(60 * 60)
    assert world.device.values == BEFORE
    assert world.manager.problems == {}


async def test_nothing_new_is_leased_meanwhile(world: World) -> None:
    governed_by(world, "daily")
    await ask(world, force(world))
    governed_by(world, "weekly")
    sent = len(world.device.sent)
    with pytest.raises(BadDataError) as caught:
        await ask(world, hold(world))
    assert caught.value.reason == "store_changed"
    with pytest.raises(BadDataError):
        await ask(world, SelfUse())
    assert len(world.device.sent) == sent


async def test_a_force_without_a_lease_is_remembered(world: World) -> None:
    governed_by(world, "daily")
    await ask(world, force(world))
    await world.manager.close()
    world.disk.text = world.disk.memory = "{}"
    governed_by(world, "weekly")
    world.boot()
    await world.clock.advance(5)
    assert world.manager.problems == {}
    governed_by(world, "daily")
    await poll(world)
    assert Problem.FORCED_WITHOUT_LEASE in world.manager.problems
    assert not world.manager.mode_known


async def test_it_is_not_ended_in_another_store(world: World) -> None:
    governed_by(world, "daily")
    await ask(world, force(world))
    await world.manager.close()
    world.disk.text = world.disk.memory = "{}"
    world.boot()
    await world.clock.advance(5)
    governed_by(world, "weekly")
    with pytest.raises(BadDataError):
        await world.run(world.manager.end_forced())
    governed_by(world, "daily")
    await world.run(world.manager.end_forced())
    assert world.device.values["mode"] == "self_use"
    assert world.manager.problems == {}


async def test_one_in_another_store_is_in_nobodys_way(world: World) -> None:
    """It does nothing while its store does not govern."""
    await ask(world, force(world))
    await world.manager.close()
    world.disk.text = world.disk.memory = "{}"
    world.boot()
    await world.clock.advance(5)
    assert Problem.FORCED_WITHOUT_LEASE in world.manager.problems
    world.driver.store = "weekly"
    assert (await ask(world, SelfUse())).outcome is Outcome.UNCHANGED
    assert (await ask(world, hold(world))).outcome is Outcome.APPLIED


async def test_only_what_may_be_put_back_is(world: World) -> None:
    """The driver leaves out what would conflict with somebody else's settings."""

    def restorable(changes: Values, settings: Settings) -> Values:
        return {key: value for key, value in changes.items() if key != "power"}

    world.driver.restorable = restorable  # type: ignore[method-assign]
    await ask(world, force(world))
    await world.clock.advance(31 * 60)
    assert world.manager.state is ControlState.IDLE
    assert world.device.values == BEFORE | {"power": 5000}
    assert world.device.sent[-1] == {"mode": "self_use"}


async def test_nothing_may_be_put_back(world: World) -> None:
    world.driver.restorable = lambda changes, settings: {}  # type: ignore[method-assign]
    await ask(world, force(world))
    sent = len(world.device.sent)
    await world.clock.advance(31 * 60)
    assert world.manager.state is ControlState.IDLE
    assert len(world.device.sent) == sent
