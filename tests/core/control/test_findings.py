"""What a person would not forgive, once found."""

import asyncio
from datetime import timedelta

import pytest

from core.client.errors import (
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from core.control.intent import Kind, SelfUse, Slot
from core.control.outcome import ControlState, Outcome, Problem, Refusal
from tests.core.control.asks import (
    ask,
    discharge,
    force,
    hold,
    limit,
    reserve,
    values,
)
from tests.core.control.fakes import BEFORE, World


async def test_a_first_answer_that_was_lost_is_not_forgotten(world: World) -> None:
    """The second try is refused, because the first one has arrived."""
    world.device.late = 200
    with pytest.raises(WriteUnknown):
        await ask(world, force(world, minutes=60), "late", *["too_soon"] * 3)
    assert Slot.MODE in world.manager.leases
    await world.clock.advance(60 * 60)
    assert world.device.values == BEFORE


async def test_an_end_that_the_device_cannot_be_told_is_not_asked_for_again(
    world: World,
) -> None:
    """As between the last quarter of an hour of a day and midnight."""
    plan = world.driver.plan
    latest = world.clock.now() + timedelta(minutes=30)

    def bounded(*args):
        found = plan(*args)
        object.__setattr__(found, "device_until", latest)
        return found

    world.driver.plan = bounded
    await ask(world, force(world, minutes=45))
    reads, sent = world.device.reads, len(world.device.sent)
    await world.clock.advance(35 * 60)
    assert world.device.reads - reads <= 2
    assert len(world.device.sent) == sent
    world.driver.seen = type(world.driver.seen)(soc=50.0, battery=500.0)
    assert world.manager.state is not ControlState.NOT_FOLLOWING


async def test_an_extension_asks_again(world: World) -> None:
    world.driver.window_minutes = 20
    await ask(world, force(world, minutes=25))
    world.manager._book.held[Slot.MODE].renew_at = float("inf")
    result = await ask(world, force(world, minutes=60))
    assert result.outcome is Outcome.UNCHANGED
    await world.clock.advance(12 * 60)
    assert len([one for one in world.device.sent if "window" in one]) == 2


async def test_a_shorter_force_is_no_extension(world: World) -> None:
    await ask(world, force(world, minutes=60))
    await ask(world, force(world, minutes=30))
    assert world.event_types() == ["started"]
    await ask(world, force(world, minutes=50))
    assert world.event_types() == ["started", "extended"]


async def test_a_reserve_that_ends_for_a_force_is_told(world: World) -> None:
    await ask(world, reserve(world, minutes=600))
    plan = world.driver.plan

    def needs_reserve(*args):
        found = plan(*args)
        object.__setattr__(found, "target", {**found.target, "reserve": 0})
        return found

    world.driver.plan = needs_reserve
    result = await ask(world, force(world))
    assert result.warnings == ("reserve_ended",)
    assert world.device.values["reserve"] == 0
    await world.clock.advance(31 * 60)
    assert world.device.values == BEFORE


async def test_what_runs_is_unknown_after_a_write_that_nobody_saw(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, force(world, minutes=60), None, "offline")
    assert (world.manager.mode, world.manager.mode_known) == (None, False)
    world.device.online = True
    await world.clock.advance(600)
    assert world.manager.mode_known


async def test_while_it_is_written_it_is_as_before(world: World) -> None:
    seen = []
    world.manager.listen(
        lambda: seen.append((world.manager.mode, world.manager.mode_known))
    )
    await ask(world, force(world))
    assert set(seen) == {(None, True), (Kind.FORCE_CHARGE, True)}


async def test_what_is_put_back_unseen_is_unknown(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, force(world, minutes=60), None, "offline")
    with pytest.raises(Exception, match="no answer"):
        await ask(world, SelfUse())
    assert world.manager.state is ControlState.RESTORING
    assert (world.manager.mode, world.manager.mode_known) == (None, False)


async def test_a_write_that_is_not_permitted_is_told(world: World) -> None:
    apply = world.driver.apply

    async def refuse(*args):
        raise UnsupportedError("not for you", reason="no_permission")

    world.driver.apply = refuse
    with pytest.raises(UnsupportedError):
        await ask(world, values(reserve=30))
    assert Problem.NOT_PERMITTED in world.manager.problems
    world.driver.apply = apply
    await ask(world, values(reserve=10))
    assert Problem.NOT_PERMITTED in world.manager.problems  # nothing was written
    await ask(world, values(reserve=30))
    assert Problem.NOT_PERMITTED not in world.manager.problems


async def test_a_half_state_is_only_mended_by_what_it_is_about(world: World) -> None:
    world.device.faults = [None, "refused", "refused"]
    with pytest.raises(Exception, match="the device says no"):
        await ask(
            world, values(window="02:00-03:00", reserve=30), None, *["refused"] * 3
        )
    assert Problem.HALF_APPLIED in world.manager.problems
    await ask(world, values(limit=80))
    assert Problem.HALF_APPLIED in world.manager.problems
    await ask(world, values(reserve=31))
    assert Problem.HALF_APPLIED not in world.manager.problems


async def test_problems_survive_a_reload(world: World) -> None:
    await ask(world, force(world))
    world.device.online = False
    await world.clock.advance(35 * 60)
    assert Problem.RESTORE_FAILED in world.manager.problems
    await world.manager.close()
    world.boot()
    assert Problem.RESTORE_FAILED in world.manager.problems
    world.device.online = True
    await world.clock.advance(60 * 60)
    assert world.manager.problems == {}


async def test_one_bad_setting_does_not_spoil_the_others(world: World) -> None:
    """Moved by hand within the same seconds, and each its own answer."""
    good = world.manager.set_values({"limit": 70})
    bad = world.manager.set_values({"reserve": 99})

    async def both():
        import asyncio

        return await asyncio.gather(good, bad, return_exceptions=True)

    done, refused = await world.run(both())
    assert done.outcome is Outcome.APPLIED
    assert isinstance(refused, Refusal)
    assert world.device.values["limit"] == 70
    assert world.device.values["reserve"] == BEFORE["reserve"]


async def test_a_number_that_cannot_be_put_back_is_not_fought_for_ever(
    world: World,
) -> None:
    """The device clamps what was before to what we had set."""
    await ask(world, force(world, target_soc=60))
    write = world.device.write

    def clamped(asked):
        if kept := {k: v for k, v in asked.items() if k != "limit"}:
            write(kept)
        else:
            world.device.sent.append(asked)

    world.device.write = clamped
    await world.clock.advance(60 * 60)
    assert world.manager.state is ControlState.IDLE
    assert world.device.values == BEFORE | {"limit": 60}
    # Once with the power, which it took, and twice alone
    assert [one.get("limit") for one in world.device.sent].count(90) == 2


async def test_a_device_that_was_away_has_not_refused_a_number(world: World) -> None:
    await ask(world, force(world, target_soc=60))
    world.device.online = False
    assert not await world.run(world.manager.end("control_off"))
    assert not await world.run(world.manager.end("control_off"))
    world.device.online = True
    with pytest.raises(WriteUnverified):
        await ask(world, SelfUse(), "ignored")
    assert Slot.MODE in world.manager.leases
    await world.clock.advance(15 * 60)
    assert world.device.values == BEFORE


async def test_a_lease_in_doubt_does_not_put_back_what_another_has_set(
    world: World,
) -> None:
    """It may still change a key late that a refused force had added to it."""
    world.moments.plan(3, world.moments.crash)
    asked = asyncio.ensure_future(world.manager.execute(discharge(world, minutes=5)))
    await world.clock.advance(1)
    asked.cancel()
    world.kill()
    world.boot()
    with pytest.raises(WriteRejected):
        await ask(world, force(world, minutes=5), "refused")
    assert "limit" in world.manager.leases[Slot.MODE].put_back
    await ask(world, limit(world, percent=20, minutes=5))
    await world.clock.advance(120)
    assert world.device.values["limit"] == 20
    assert "external" not in world.event_types()
    await world.clock.advance(300)
    assert world.device.values == BEFORE


async def test_writes_without_effect_are_not_counted(world: World) -> None:
    await ask(world, values(reserve=30), "too_soon")
    assert world.manager.writes_today == 1
    with pytest.raises(Exception, match="the device says no"):
        await ask(world, values(reserve=40), "refused")
    assert world.manager.writes_today == 1


async def test_a_device_without_a_limit_of_writes_has_no_such_problem(
    world: World,
) -> None:
    from dataclasses import replace

    world.driver.capabilities = replace(world.driver.capabilities, writes_per_day=None)
    world.notes.set(
        "SN1/writes", {"day": world.clock.now().date().isoformat(), "count": 999}
    )
    assert world.manager.problems == {}


async def test_a_hold_is_still_one_force_after_the_other(world: World) -> None:
    await ask(world, force(world))
    await ask(world, hold(world))
    assert world.manager.mode is Kind.HOLD


async def test_a_refused_force_takes_nothing_from_other_leases(world: World) -> None:
    """It would have ended the reserve; as it did not come, the reserve goes on."""
    await ask(world, hold(world, minutes=20))
    await ask(world, reserve(world, soc=50, minutes=600))
    plan = world.driver.plan

    def needs_reserve(*args):
        found = plan(*args)
        object.__setattr__(found, "target", {**found.target, "reserve": 0})
        return found

    world.driver.plan = needs_reserve
    with pytest.raises(Exception, match="the device says no"):
        await ask(world, force(world), *["refused"] * 4)
    world.driver.plan = plan
    await world.clock.advance(21 * 60)
    assert world.device.values == BEFORE | {"reserve": 50}
    assert list(world.manager.leases) == [Slot.RESERVE]
    await world.clock.advance(600 * 60)
    assert world.device.values == BEFORE
