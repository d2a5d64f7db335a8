"""Rows of the fault matrix that AlphaESS cannot show, on the fake device."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.client.errors import WriteRejected
from core.control.driver import Settings
from core.control.intent import (
    ForceCharge,
    Hold,
    Kind,
    SelfUse,
    SetExportLimit,
    SetReserve,
)
from core.control.outcome import ControlState, Outcome, Refusal

from .fakes import BEFORE, World


def force(world: World, minutes: float = 60) -> ForceCharge:
    return ForceCharge(until=world.clock.now() + timedelta(minutes=minutes))


async def poll(world: World, seconds: float = 60) -> None:
    """Let time pass, then look at the device and at its settings."""
    await world.clock.advance(seconds)
    world.manager.observed()
    world.manager.settings_read(await world.driver.read())
    await world.clock.advance(1)


async def nightly_reset(world: World) -> None:
    """Have the device restart: unreachable for a moment, then as it was before."""
    world.driver.seen = replace(world.driver.seen, reachable=False)
    world.manager.observed()
    world.device.outside(BEFORE)
    world.driver.seen = replace(world.driver.seen, reachable=True)


async def test_row_37_a_nightly_reset_is_made_good_within_one_poll(
    world: World,
) -> None:
    """Each time it is counted; the end stays the one that was promised."""
    await world.run(world.manager.execute(force(world, 24 * 60)))
    ends = world.manager.ends
    forced = dict(world.device.values)
    for night in range(1, 4):
        await nightly_reset(world)
        await poll(world)
        assert world.device.values == forced
        assert world.event_types().count("lost") == night
        (lease,) = world.manager.leases.values()
        assert lease.asserted == night
        assert world.manager.ends == ends
        await world.clock.advance(3600)
    assert "external" not in world.event_types()
    await world.clock.advance(24 * 3600)
    assert world.device.values == BEFORE


async def test_row_37_it_is_not_fought_for_ever(world: World) -> None:
    """Five times, at most once a minute; then somebody else has it."""
    await world.run(world.manager.execute(force(world, 24 * 60)))
    for _ in range(8):
        await nightly_reset(world)
        await poll(world)
        await world.clock.advance(120)
    assert world.event_types().count("lost") == 5
    assert world.event_types()[-1] == "external"
    assert world.device.values == BEFORE
    assert world.manager.state is ControlState.EXTERNAL


async def test_row_37_a_set_point_that_is_gone_is_set_again(world: World) -> None:
    """Without an outage, since the mode is still ours; it is never somebody else's."""
    await world.run(world.manager.execute(force(world, 60)))
    world.driver.volatile = frozenset({"power"})
    for _ in range(7):
        world.device.outside({"power": 0})
        await poll(world)
        await world.clock.advance(120)
    assert world.event_types().count("lost") == 5
    assert "external" not in world.event_types()
    assert world.device.values["power"] == 0
    assert world.manager.mode is Kind.FORCE_CHARGE
    await world.clock.advance(3600)
    assert world.device.values == BEFORE


async def test_row_37_what_is_given_up_is_not_looked_for_again(world: World) -> None:
    await world.run(world.manager.execute(force(world, 60)))
    world.driver.volatile = frozenset({"power"})
    for _ in range(6):
        world.device.outside({"power": 0})
        await poll(world)
        await world.clock.advance(60)
    reads = world.device.reads
    for _ in range(5):
        await poll(world)
    assert world.device.reads == reads + 5


async def test_a_set_point_that_rests_at_the_end_is_put_back_too(world: World) -> None:
    """It seems to be gone, and would be there again as soon as the device goes on."""
    await world.run(world.manager.execute(force(world, 30)))
    read = world.driver.read

    async def resting() -> Settings:
        settings = await read()
        if not settings.values["power"]:
            return settings
        values = {**settings.values, "power": 0}
        return replace(settings, values=values, volatile=frozenset({"power"}))

    world.driver.read = resting  # type: ignore[method-assign]
    await world.clock.advance(31 * 60)
    assert world.manager.leases == {}
    assert world.device.values == BEFORE


async def test_what_could_not_be_put_back_is_as_soon_as_the_device_is_back(
    world: World,
) -> None:
    await world.run(world.manager.execute(force(world, 30)))
    world.device.online = False
    world.driver.seen = replace(world.driver.seen, reachable=False)
    world.manager.observed()
    await world.clock.advance(2 * 3600)
    assert world.manager.state is ControlState.RESTORING
    world.device.online = True
    world.driver.seen = replace(world.driver.seen, reachable=True)
    await poll(world, 1)
    assert world.device.values == BEFORE
    assert world.manager.state is ControlState.IDLE


async def test_row_37_a_set_point_that_is_gone_with_the_mode_is_external(
    world: World,
) -> None:
    await world.run(world.manager.execute(force(world, 60)))
    world.driver.volatile = frozenset({"power"})
    world.device.outside({"power": 0, "mode": "app"})
    await poll(world)
    assert world.event_types()[-1] == "external"


async def test_row_37_a_restart_may_leave_another_mode_than_before(
    world: World,
) -> None:
    world.device.values["mode"] = "schedule"
    world.driver.fallback = {"mode": "self_use"}
    await world.run(world.manager.execute(force(world, 60)))
    await nightly_reset(world)
    await poll(world)
    assert world.event_types()[-1] == "lost"
    assert world.device.values["mode"] == "force"
    await world.clock.advance(3600)
    assert world.device.values == BEFORE | {"mode": "schedule"}


async def test_row_37_a_dead_man_that_fires_between_two_polls(world: World) -> None:
    """Without an outage nobody knows who it was: it is somebody else's change."""
    await world.run(world.manager.execute(force(world)))
    world.device.outside(BEFORE)
    await poll(world)
    assert world.event_types()[-1] == "external"
    assert world.device.values == BEFORE


@pytest.mark.parametrize("obstacle", ["retailer", "dispatch"])
async def test_row_39_new_orders_are_refused_with_the_reason(
    world: World, obstacle: str
) -> None:
    """While a program of somebody else is in control; letting go is always possible."""
    await world.run(world.manager.execute(force(world)))
    world.driver.seen = replace(world.driver.seen, obstacle=obstacle)
    sent = len(world.device.sent)
    for intent in (force(world), SetReserve(soc=30)):
        with pytest.raises(Refusal, match=obstacle):
            await world.run(world.manager.execute(intent))
    with pytest.raises(Refusal, match=obstacle):
        await world.run(world.manager.set_values({"reserve": 30}))
    assert len(world.device.sent) == sent
    result = await world.run(world.manager.execute(SelfUse()))
    assert result.outcome is Outcome.APPLIED
    assert world.device.values == BEFORE


async def test_row_39_a_program_that_takes_over_is_left_alone(world: World) -> None:
    """Its mode stays; nothing of ours is put back over it."""
    await world.run(world.manager.execute(force(world)))
    world.device.outside({"mode": "vpp", "power": 2000})
    await poll(world)
    assert world.event_types()[-1] == "external"
    sent = len(world.device.sent)
    await world.clock.advance(2 * 3600)
    assert len(world.device.sent) == sent
    assert world.device.values["mode"] == "vpp"


async def test_row_45_the_grid_fails_during_forces_and_limits(world: World) -> None:
    """They end at once and are put back; a reserve stays."""
    until = world.clock.now() + timedelta(hours=2)
    await world.run(world.manager.execute(SetReserve(soc=40, until=until)))
    await world.run(world.manager.execute(force(world)))
    world.driver.seen = replace(world.driver.seen, off_grid=True)
    world.manager.observed()
    await world.clock.advance(60)
    assert world.device.values == BEFORE | {"reserve": 40}
    assert world.events[-1] == (
        "ended",
        {"intent": "force_charge", "reason": "off_grid"},
    )
    assert [str(slot) for slot in world.manager.leases] == ["reserve"]


async def test_row_45_a_limit_ends_too(world: World) -> None:
    until = world.clock.now() + timedelta(hours=2)
    await world.run(world.manager.execute(SetExportLimit(percent=50, until=until)))
    world.driver.seen = replace(world.driver.seen, off_grid=True)
    world.manager.observed()
    await world.clock.advance(60)
    assert world.device.values == BEFORE
    assert world.events[-1][1]["reason"] == "off_grid"


async def test_row_45_new_ones_are_refused_while_the_grid_is_gone(
    world: World,
) -> None:
    """Reserve and self-use stay possible."""
    world.driver.seen = replace(world.driver.seen, off_grid=True)
    until = world.clock.now() + timedelta(hours=1)
    for intent in (
        force(world),
        Hold(until=until),
        SetExportLimit(percent=50, until=until),
    ):
        with pytest.raises(Refusal, match="off_grid"):
            await world.run(world.manager.execute(intent))
    assert world.device.sent == []
    for reserve in (SetReserve(soc=50, until=until), SetReserve(soc=60)):
        result = await world.run(world.manager.execute(reserve))
        assert result.outcome is Outcome.APPLIED
    await world.run(world.manager.execute(SelfUse()))


async def test_row_45_a_force_is_possible_again_when_the_grid_is_back(
    world: World,
) -> None:
    world.driver.seen = replace(world.driver.seen, off_grid=True)
    with pytest.raises(Refusal, match="off_grid"):
        await world.run(world.manager.execute(force(world)))
    world.driver.seen = replace(world.driver.seen, off_grid=False)
    result = await world.run(world.manager.execute(force(world)))
    assert result.outcome is Outcome.APPLIED


async def test_row_18_one_refused_request_is_no_half_of_a_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal is the proof, also when nothing can be read after it."""
    apply = world.driver.apply

    async def refused(*args: Any) -> None:
        try:
            await apply(*args)
        except WriteRejected:
            world.device.online = False
            raise

    monkeypatch.setattr(world.driver, "apply", refused)
    until = world.clock.now() + timedelta(hours=1)
    for intent in (SetReserve(soc=30, until=until), SetReserve(soc=40)):
        world.device.faults, world.device.online = ["refused"], True
        with pytest.raises(WriteRejected):
            await world.run(world.manager.execute(intent))
        assert world.manager.state is ControlState.IDLE
        assert world.manager.problems == {}
        assert world.disk.records == {}
