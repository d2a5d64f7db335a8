"""The manager as others see it: what it admits, shows, counts and keeps."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.client.errors import ThrottledError, WriteRejected, WriteUnknown
from core.control.intent import (
    ForceCharge,
    Intent,
    Kind,
    SelfUse,
    SetExportLimit,
    SetReserve,
    SetValues,
    Slot,
)
from core.control.lease import LeaseState
from core.control.manager import ControlEvent, ControlManager
from core.control.outcome import ControlState, EventType, Outcome, Problem, Refusal

from .asks import ask, discharge, force, hold, limit, poll, reserve, values
from .fakes import BEFORE, World


def see(world: World, **seen: Any) -> None:
    """Let the device be seen like this."""
    world.driver.seen = replace(world.driver.seen, **seen)
    world.manager.observed()


async def test_a_force_is_applied_and_comes_back(world: World) -> None:
    result = await ask(world, force(world))
    assert result.outcome is Outcome.APPLIED
    assert world.device.values["mode"] == "force"
    assert world.manager.state is ControlState.STARTING
    await world.clock.advance(31 * 60)
    assert world.device.values == BEFORE
    assert world.manager.state is ControlState.IDLE
    assert world.event_types() == ["started", "ended"]
    assert world.disk.records == {}


@pytest.mark.parametrize("fault", ["lost_request", "lost_answer", "not_sent", "late"])
async def test_a_lost_write_is_applied_once(world: World, fault: str) -> None:
    result = await ask(world, force(world), fault)
    assert result.outcome is Outcome.APPLIED
    assert world.device.effects == [{"mode": "force"}, {"power": 5000, "limit": 100}]


async def test_a_refused_second_step_is_undone(world: World) -> None:
    with pytest.raises(WriteRejected):
        await ask(world, force(world), None, "refused")
    assert world.device.values == BEFORE
    assert world.disk.records == {}


async def test_self_use_ends_and_is_idempotent(world: World) -> None:
    await ask(world, force(world))
    assert (await ask(world, SelfUse())).outcome is Outcome.APPLIED
    assert (await ask(world, SelfUse())).outcome is Outcome.UNCHANGED
    assert world.device.values == BEFORE


async def test_a_new_force_keeps_the_first_put_back(world: World) -> None:
    await ask(world, force(world))
    await ask(world, hold(world, minutes=10))
    assert world.device.values == BEFORE | {"mode": "hold", "window": "00:00-23:45"}
    lease = world.manager.leases[Slot.MODE]
    assert dict(lease.put_back) == {"mode": "self_use", "window": "01:00-05:00"}
    await world.clock.advance(11 * 60)
    assert world.device.values == BEFORE


# What is admitted


@pytest.mark.parametrize("make", [force, discharge, hold, reserve, limit])
async def test_everything_but_self_use_is_refused_when_turned_off(
    world: World, make: Any
) -> None:
    await ask(world, reserve(world))
    world.manager.allowed = False
    for intent in (make(world), SetReserve(soc=20), values(limit=70)):
        with pytest.raises(Refusal, match=r"^control_off$"):
            await ask(world, intent)
    with pytest.raises(Refusal, match=r"^control_off$"):
        await world.manager.set_values({"limit": 70})
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_an_obstacle_is_named(world: World) -> None:
    await ask(world, force(world))
    see(world, obstacle="no_battery")
    for intent in (force(world), SetReserve(soc=20)):
        with pytest.raises(Refusal, match=r"^no_battery$"):
            await ask(world, intent)
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_what_lasts_for_a_while_is_refused_off_grid(world: World) -> None:
    see(world, off_grid=True)
    for refused in (force(world), discharge(world), hold(world), limit(world)):
        with pytest.raises(Refusal, match=r"^off_grid$"):
            await ask(world, refused)
    for good in (reserve(world), SetReserve(soc=20), SetExportLimit(percent=70)):
        await ask(world, good)
    assert world.device.values == BEFORE | {"reserve": 20, "limit": 70}
    await ask(world, SelfUse())


async def test_a_force_on_stale_data_is_refused_with_the_age(world: World) -> None:
    seen = world.clock.now() - timedelta(minutes=7)
    see(world, at=seen, fresh=False)
    for intent in (force(world), hold(world)):
        with pytest.raises(Refusal) as caught:
            await ask(world, intent)
        assert caught.value.key == "stale_data"
        assert caught.value.placeholders == {"age": "7"}
    await ask(world, reserve(world))
    await ask(world, SetReserve(soc=20))
    await ask(world, SelfUse())
    see(world, fresh=True)
    await ask(world, force(world))


async def test_a_force_without_any_data_is_refused(world: World) -> None:
    never = replace(world.driver.seen, at=None, fresh=False)
    world.driver.observation = lambda: never  # type: ignore[method-assign]
    with pytest.raises(Refusal) as caught:
        await ask(world, force(world))
    assert caught.value.placeholders == {"age": "?"}


async def test_what_is_refused_reads_nothing(world: World) -> None:
    world.manager.allowed = False
    with pytest.raises(Refusal):
        await ask(world, force(world))
    assert world.device.reads == 0


async def test_limits_are_checked_first(world: World) -> None:
    world.manager.allowed = False
    with pytest.raises(Refusal, match=r"^power_range$"):
        await ask(world, force(world, power=1e6))


# What is shown


async def test_mode_and_end(world: World) -> None:
    manager = world.manager
    assert (manager.mode, manager.ends) == (None, None)
    later, sooner = reserve(world, minutes=50), limit(world, minutes=40)
    await ask(world, later)
    await ask(world, sooner)
    assert (manager.mode, manager.ends) == (None, sooner.until)
    mode = hold(world, minutes=45)
    await ask(world, mode)
    assert (manager.mode, manager.ends) == (Kind.HOLD, mode.until)
    await ask(world, SelfUse())
    assert (manager.mode, manager.ends) == (None, None)


async def test_a_mode_is_shown_until_it_is_put_back(world: World) -> None:
    await ask(world, hold(world))
    with pytest.raises(WriteRejected):
        await ask(world, SelfUse(), "refused")
    assert world.manager.mode is Kind.HOLD
    assert world.manager.leases[Slot.MODE].state is LeaseState.RESTORING


async def test_states(world: World) -> None:
    manager = world.manager
    assert manager.state is ControlState.IDLE
    await ask(world, reserve(world))
    assert manager.state is ControlState.ACTIVE
    await ask(world, force(world))
    assert manager.state is ControlState.STARTING
    see(world, battery=-3000.0)
    assert manager.state is ControlState.ACTIVE
    await world.clock.advance(361)
    see(world, battery=500.0)
    assert manager.state is ControlState.NOT_FOLLOWING
    with pytest.raises(WriteRejected):
        await ask(world, SelfUse(), "refused")
    assert manager.state is ControlState.RESTORING
    await ask(world, SelfUse())
    assert manager.state is ControlState.IDLE


async def test_a_doubtful_limit_is_starting(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, reserve(world), "offline")
    assert world.manager.state is ControlState.STARTING
    assert world.manager.mode is None


async def test_external_until_something_new_is_leased(world: World) -> None:
    await ask(world, reserve(world))
    await ask(world, limit(world))
    world.device.outside({"limit": 66})
    await poll(world)
    assert world.manager.state is ControlState.ACTIVE  # the reserve
    world.device.outside({"reserve": 33})
    await poll(world)
    assert world.manager.state is ControlState.EXTERNAL


async def test_a_battery_that_does_not_follow_is_told_twice(world: World) -> None:
    manager, told = world.manager, []
    await ask(world, force(world))
    manager.listen(lambda: told.append(manager.state))
    await world.clock.advance(360)
    see(world, battery=500.0)
    assert ControlState.NOT_FOLLOWING in told
    assert world.events[1:] == [("not_following", {"intent": "force_charge"})]
    assert manager.problems == {}
    see(world, battery=-3000.0)
    assert manager.state is ControlState.ACTIVE
    await world.clock.advance(360)
    see(world, battery=500.0)
    assert manager.problems == {}
    await ask(world, force(world, power=1000))
    await world.clock.advance(360)
    see(world, battery=500.0)
    assert manager.problems == {Problem.NOT_FOLLOWING: {"intent": "force_charge"}}
    see(world, battery=-3000.0)
    assert manager.problems == {}
    assert world.event_types().count("not_following") == 3


async def test_a_limit_is_not_watched(world: World) -> None:
    await ask(world, reserve(world))
    await world.clock.advance(1000)
    see(world, battery=0.0)
    assert world.event_types() == ["started"]


async def test_an_answer_tells_whether_it_follows(world: World) -> None:
    await ask(world, force(world))
    await world.clock.advance(360)
    see(world, battery=500.0)
    assert (await ask(world, force(world, minutes=40))).following is False


async def test_writes_are_counted_by_day(world: World) -> None:
    manager = world.manager
    assert manager.writes_today == 0
    await ask(world, force(world), "lost_request")
    assert manager.writes_today == 3
    assert world.notes.get("SN1/writes") == {"day": "2026-11-20", "count": 3}
    await world.clock.advance(12 * 3600)
    assert manager.writes_today == 0
    await ask(world, values(limit=70))
    assert manager.writes_today == 1


@pytest.mark.parametrize(
    "note", [None, 5, {}, {"day": "2026-11-20"}, {"day": "2026-11-20", "count": "7"}]
)
async def test_a_broken_count_is_none(world: World, note: Any) -> None:
    world.notes.set("SN1/writes", note)
    assert world.manager.writes_today == 0


async def test_many_writes_are_a_problem_that_stops_nothing(world: World) -> None:
    day = {"day": "2026-11-20"}
    world.notes.set("SN1/writes", {**day, "count": 30})
    assert world.manager.problems == {}
    await ask(world, SetReserve(soc=50))
    assert world.manager.problems == {
        Problem.MANY_WRITES: {"writes": "31", "most": "30"}
    }
    await ask(world, force(world))
    await ask(world, SelfUse())
    assert world.device.values == BEFORE | {"reserve": 50}


async def test_listeners_hear_until_they_stop(world: World) -> None:
    changes: list[None] = []
    events: list[ControlEvent] = []
    stops = (
        world.manager.listen(lambda: changes.append(None)),
        world.manager.listen_events(events.append),
    )
    await ask(world, reserve(world))
    assert changes
    assert [event.type for event in events] == [EventType.STARTED]
    for stop in stops:
        stop()
    changes.clear()
    await ask(world, SelfUse())
    assert changes == []
    assert len(events) == 1


async def test_listeners_hear_of_a_pending_lease_before_it_is_written(
    world: World,
) -> None:
    states: list[ControlState] = []
    world.manager.listen(lambda: states.append(world.manager.state))
    world.driver.delay = 5
    await ask(world, reserve(world))
    assert states[0] is ControlState.STARTING
    assert states[-1] is ControlState.ACTIVE


async def test_leases_cannot_be_changed_from_outside(world: World) -> None:
    await ask(world, reserve(world))
    dict(world.manager.leases).clear()
    assert isinstance(world.manager.leases, Mapping)
    assert Slot.RESERVE in world.manager.leases


# Callers


async def test_two_callers_are_served_in_turn(world: World) -> None:
    world.driver.delay = 3
    first = asyncio.create_task(world.manager.execute(force(world)))
    second = asyncio.create_task(world.manager.execute(hold(world)))
    await world.clock.advance(60)
    assert (await first).outcome is Outcome.APPLIED
    assert (await second).outcome is Outcome.APPLIED
    assert world.manager.mode is Kind.HOLD
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_the_same_twice_is_unchanged(world: World) -> None:
    intent = force(world)
    first = asyncio.create_task(world.manager.execute(intent))
    second = asyncio.create_task(world.manager.execute(intent))
    await world.clock.advance(5)
    outcomes = [(await first).outcome, (await second).outcome]
    assert outcomes == [Outcome.APPLIED, Outcome.UNCHANGED]
    assert len(world.device.sent) == 2


async def test_maintenance_waits_for_its_turn(world: World) -> None:
    world.driver.delay = 3
    await ask(world, force(world, minutes=1))
    await world.clock.advance(53)
    while not world.manager._jobs.busy:
        await world.clock.advance(0.5)
    late = asyncio.create_task(world.manager.execute(hold(world)))
    await world.clock.advance(30)
    assert (await late).outcome is Outcome.APPLIED
    assert world.event_types() == ["started", "ended", "started"]


async def test_a_caller_that_goes_away_changes_nothing(world: World) -> None:
    world.driver.delay = 3
    caller = asyncio.create_task(world.manager.execute(force(world)))
    await world.clock.advance(1)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await world.clock.advance(10)
    assert world.manager.leases[Slot.MODE].state is LeaseState.ACTIVE
    assert world.device.values["limit"] == 100


# Settings that a hand moves


async def test_what_a_hand_moves_within_seconds_is_one_write(world: World) -> None:
    first = asyncio.create_task(world.manager.set_values({"limit": 70}))
    await world.clock.advance(2)
    second = asyncio.create_task(world.manager.set_values({"limit": 60, "power": 5}))
    await world.clock.advance(0.9)
    assert world.device.sent == []
    await world.clock.advance(0.2)
    assert world.device.sent == [{"power": 5, "limit": 60}]
    assert (await first).outcome is (await second).outcome is Outcome.APPLIED


async def test_what_comes_later_is_another_write(world: World) -> None:
    await world.run(world.manager.set_values({"limit": 70}))
    await world.run(world.manager.set_values({"limit": 60}))
    assert world.device.sent == [{"limit": 70}, {"limit": 60}]


async def test_changes_of_parts_follow_each_other(world: World) -> None:
    def ends(now: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"window": now["window"][:6] + "09:00"}

    def begins(now: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"window": "04:00" + now["window"][5:]}

    callers = [
        asyncio.create_task(world.manager.set_values(edit)) for edit in (ends, begins)
    ]
    await world.clock.advance(5)
    assert world.device.values["window"] == "04:00-09:00"
    assert [caller.done() for caller in callers] == [True, True]


async def test_all_hands_are_told_what_went_wrong(world: World) -> None:
    world.device.faults = ["refused"]
    callers = [
        asyncio.create_task(world.manager.set_values({"limit": number}))
        for number in (70, 60)
    ]
    await world.clock.advance(5)
    for caller in callers:
        with pytest.raises(WriteRejected):
            await caller
    await world.run(world.manager.set_values({"limit": 70}))
    assert world.device.values["limit"] == 70


async def test_a_hand_that_goes_away_changes_nothing(world: World) -> None:
    caller = asyncio.create_task(world.manager.set_values({"limit": 70}))
    await world.clock.advance(1)
    caller.cancel()
    await world.clock.advance(5)
    assert world.device.values["limit"] == 70


async def test_a_hand_at_a_manager_that_closes(world: World) -> None:
    caller = asyncio.create_task(world.manager.set_values({"limit": 70}))
    await world.clock.advance(1)
    await world.run(world.manager.close())
    with pytest.raises(Refusal, match=r"^control_closing$"):
        await caller
    with pytest.raises(Refusal) as caught:
        await world.manager.set_values({"limit": 70})
    assert caught.value.key == "control_closing"
    assert world.device.sent == []


# The end


async def test_everything_is_put_back_on_demand(world: World) -> None:
    await ask(world, hold(world))
    await ask(world, reserve(world))
    assert await world.run(world.manager.end("disabled")) is True
    assert world.device.values == BEFORE
    reasons = [data["reason"] for event, data in world.events if event == "ended"]
    assert reasons == ["disabled", "disabled"]


async def test_nothing_to_put_back_needs_no_device(world: World) -> None:
    world.device.online = False
    assert await world.run(world.manager.end("disabled")) is True
    assert world.device.reads == 0


async def test_what_cannot_be_put_back_now_is_tried_later(world: World) -> None:
    await ask(world, hold(world))
    world.device.online = False
    assert await world.run(world.manager.end("disabled")) is False
    world.device.online = True
    await world.clock.advance(60)
    assert world.device.values == BEFORE


async def test_what_may_still_appear_is_not_put_back_yet(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, hold(world), "offline")
    world.device.online = True
    assert await world.run(world.manager.end("disabled")) is False
    assert world.manager.state is ControlState.RESTORING
    await world.clock.advance(45)
    assert world.manager.leases == {}


async def test_a_closed_manager_does_nothing_any_more(world: World) -> None:
    await ask(world, hold(world))
    stored = world.disk.text
    await world.manager.close()
    with pytest.raises(Refusal, match=r"^control_closing$"):
        await world.manager.execute(SelfUse())
    assert await world.manager.end("disabled") is False
    world.device.outside({"mode": "app"})
    see(world, soc=60.0)
    world.manager.settings_read(await world.driver.read())
    reads = world.device.reads
    await world.clock.advance(3600)
    assert world.device.reads == reads
    assert world.disk.text == stored
    assert len(world.device.sent) == 1


async def test_maintenance_that_has_not_begun_is_left_to_who_comes_next(
    world: World,
) -> None:
    await ask(world, hold(world))
    world.clock.jump(timedelta(hours=1))
    world.manager.observed()
    await world.manager.close()
    assert world.device.values["mode"] == "hold"
    world.boot()
    await world.clock.advance(1)
    assert world.device.values == BEFORE


async def test_a_reload_waits_for_what_is_on_its_way(world: World) -> None:
    world.driver.delay = 5
    caller = asyncio.create_task(world.manager.execute(force(world)))
    await world.clock.advance(2)
    waiting = asyncio.create_task(world.manager.execute(hold(world)))
    await world.clock.advance(1)
    closing = asyncio.create_task(world.manager.close(patience=60))
    await world.clock.advance(4)
    assert not closing.done()
    await world.clock.advance(20)
    await closing
    assert (await caller).outcome is Outcome.APPLIED
    with pytest.raises(Refusal, match=r"^control_closing$"):
        await waiting
    world.boot()
    await world.clock.advance(1)
    assert world.manager.mode is Kind.FORCE_CHARGE
    assert world.event_types() == ["started"]


async def test_without_patience_the_lease_says_perhaps(world: World) -> None:
    world.device.lag = 30
    caller = asyncio.create_task(world.manager.execute(force(world)))
    await world.clock.advance(5)
    await world.run(world.manager.close())
    with pytest.raises(WriteUnknown) as caught:
        await caller
    assert caught.value.reason == "closing"
    assert world.disk.records["SN1"]["leases"]["mode"]["state"] == "pending"
    world.boot()
    await world.clock.advance(90)
    assert world.manager.leases == {}
    assert world.device.values == BEFORE


async def test_a_doubtful_wait_ends_with_closing(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, force(world), "offline")
    world.device.online = True
    caller = asyncio.create_task(world.manager.execute(hold(world)))
    await world.clock.advance(5)
    await world.run(world.manager.close())
    with pytest.raises(Refusal, match=r"^control_closing$"):
        await caller
    assert len(world.device.sent) == 1


# Time


async def test_no_timer_without_a_lease(world: World) -> None:
    await ask(world, SetReserve(soc=50))
    world.clock.slept.clear()
    await world.clock.advance(3600)
    assert world.clock.slept == []


async def test_the_wall_clock_is_looked_at_every_minute(world: World) -> None:
    await ask(world, force(world))
    world.clock.slept.clear()
    await world.clock.advance(150)
    assert world.clock.slept == [60, 60]
    world.clock.jump(timedelta(hours=2))
    await world.clock.advance(60)
    assert world.device.values == BEFORE


async def test_a_clock_that_goes_back_strands_nothing(world: World) -> None:
    await ask(world, force(world))
    world.clock.jump(-timedelta(hours=5))
    await world.clock.advance(30 * 60)
    assert world.device.values == BEFORE


async def test_only_one_timer_at_a_time(world: World) -> None:
    await ask(world, force(world))
    world.clock.slept.clear()
    for _ in range(5):
        see(world, soc=51.0)
    running = [sleep for sleep in world.clock._sleepers if not sleep[2].cancelled()]
    await world.clock.advance(1)
    running = [sleep for sleep in world.clock._sleepers if not sleep[2].cancelled()]
    assert len(running) == 1


async def test_a_timer_is_never_shorter_than_a_moment(world: World) -> None:
    await ask(world, force(world, minutes=1))
    world.clock.slept.clear()
    await world.clock.advance(58.99)
    see(world, soc=51.0)
    await world.clock.advance(0.001)
    assert min(world.clock.slept) >= 0.05


async def test_the_owner_is_on_disk(world: World) -> None:
    assert (world.manager.key, world.manager.owner) == ("SN1", "entry")
    await ask(world, reserve(world))
    assert world.disk.records["SN1"]["owner"] == "entry"


async def test_nobody_owns_it_by_default(world: World) -> None:
    from .fakes import Surroundings

    around = Surroundings(
        clock=world.clock,
        store=world.disk,
        notes=world.notes,
        spawn=world._spawn,
        call_later=world._call_later,
        today=lambda: "",
    )
    manager = ControlManager("SN2", world.driver, around)
    assert (manager.owner, manager.allowed) == ("", True)


@pytest.mark.parametrize(
    ("intent", "name"),
    [(SelfUse(), "self_use"), (SetValues(edits=()), "set_values")],
)
async def test_tasks_are_named(world: World, intent: Intent, name: str) -> None:
    names: list[str] = []
    world.on_done = names.append
    await ask(world, intent)
    assert names == [name]


async def test_other_tasks_are_named_too(world: World) -> None:
    names: list[str] = []
    world.on_done = names.append
    await world.run(world.manager.set_values({"limit": 70}))
    await ask(world, ForceCharge(until=world.clock.now() + timedelta(minutes=1)))
    await world.clock.advance(61)
    await world.run(world.manager.end("x"))
    await world.run(world.manager.end_forced())
    assert names == [
        "set_values",
        "settings",
        "force_charge",
        "maintenance",
        "put back",
        "end of a force",
    ]


async def test_what_no_intent_says_has_its_turn(world: World) -> None:
    """After what came before, as one write; not while control is off or at an end."""
    order: list[str] = []

    async def work() -> str:
        order.append("raw")
        return "sent"

    world.driver.delay = 5
    first = asyncio.create_task(world.manager.execute(hold(world)))
    await world.clock.advance(1)
    writes = world.manager.writes_today
    turn = asyncio.create_task(world.manager.take_turn(work, "raw", lambda: None))
    await world.clock.advance(2)
    assert (order, first.done()) == ([], False)
    await world.clock.advance(60)
    assert await turn == "sent"
    assert (await first).outcome is Outcome.APPLIED
    assert world.manager.writes_today >= writes + 1
    world.manager.allowed = False
    with pytest.raises(Refusal, match=r"^control_off$"):
        await world.manager.take_turn(work, "raw", lambda: None)
    world.manager.allowed = True
    await world.run(world.manager.close())
    with pytest.raises(Refusal, match=r"^control_closing$"):
        await world.manager.take_turn(work, "raw", lambda: None)


async def test_what_may_not_be_sent_is_no_write(world: World) -> None:
    """It is admitted in its turn, before it counts."""

    async def work() -> None:
        raise AssertionError

    def admit() -> None:
        raise ThrottledError("later")

    with pytest.raises(ThrottledError):
        await world.manager.take_turn(work, "raw", admit)
    assert world.manager.writes_today == 0
