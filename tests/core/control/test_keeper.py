"""A lease is looked after, and everything comes back (control.md section 3)."""

from dataclasses import replace
from datetime import timedelta
import json
from typing import Any

import pytest

from core.client.errors import ApiError, WriteUnknown
from core.control.intent import ForceCharge, SelfUse, SetReserve, Slot
from core.control.lease import Lease, LeaseState
from core.control.outcome import ControlState, Outcome, Problem

from .asks import ask, discharge, force, hold, limit, poll, reserve, values
from .fakes import BEFORE, World

MODE = Slot.MODE


def lease(world: World, slot: Slot = MODE) -> Lease:
    return world.manager.leases[slot]


def stored(world: World) -> dict[str, Any]:
    return (world.disk.records.get("SN1") or {"leases": {}})["leases"]


def restart(world: World) -> None:
    world.kill()
    world.boot()


async def test_a_lease_ends_in_time(world: World) -> None:
    await ask(world, force(world))
    await world.clock.advance(29 * 60)
    assert world.device.values["mode"] == "force"
    await world.clock.advance(60)
    assert world.device.values == BEFORE
    assert world.events[1:] == [("ended", {"intent": "force_charge", "reason": "time"})]
    assert stored(world) == {}


async def test_it_goes_back_in_reverse(world: World) -> None:
    await ask(world, force(world))
    world.device.sent.clear()
    await ask(world, SelfUse())
    assert world.device.sent == [{"power": 0, "limit": 90}, {"mode": "self_use"}]
    assert world.driver.memos[-1] == {"kinds": {"force_charge": 1}}


async def test_only_what_is_still_ours_goes_back(world: World) -> None:
    await ask(world, force(world))
    world.device.outside({"mode": "app"})
    world.device.sent.clear()
    await ask(world, SelfUse())
    assert world.device.sent == [{"power": 0, "limit": 90}]
    assert world.device.values == BEFORE | {"mode": "app"}


async def test_nothing_left_of_it_needs_no_write(world: World) -> None:
    await ask(world, force(world))
    world.device.outside(BEFORE)
    result = await ask(world, SelfUse())
    assert result.outcome is Outcome.UNCHANGED
    assert len(world.device.sent) == 2
    assert world.events[-1][1] == {"intent": "force_charge", "reason": "self_use"}


async def test_what_runs_is_restoring_on_disk_before_the_first_step(
    world: World,
) -> None:
    await ask(world, force(world))
    states: list[str] = []
    world.device.on_write = lambda values: states.append(stored(world)["mode"]["state"])
    await ask(world, SelfUse())
    assert states == ["restoring", "restoring"]


@pytest.mark.parametrize(
    ("intent", "soc"), [("charge", 80.0), ("discharge", 20.0), ("charge", 95.0)]
)
async def test_the_target_is_reached(world: World, intent: str, soc: float) -> None:
    if intent == "charge":
        await ask(world, force(world, target_soc=80))
    else:
        await ask(world, discharge(world, target_soc=20))
    world.driver.seen = replace(world.driver.seen, soc=soc)
    world.manager.observed()
    await world.clock.advance(1)
    assert world.device.values == BEFORE
    kind = f"force_{intent}"
    assert world.events[1:] == [
        ("target_reached", {"intent": kind}),
        ("ended", {"intent": kind, "reason": "target"}),
    ]


async def test_the_grid_fails(world: World) -> None:
    await ask(world, hold(world))
    await ask(world, reserve(world))
    await ask(world, limit(world))
    world.driver.seen = replace(world.driver.seen, off_grid=True)
    world.manager.observed()
    await world.clock.advance(1)
    assert world.device.values == BEFORE | {"reserve": 50}
    assert list(world.manager.leases) == [Slot.RESERVE]
    assert world.events[3:] == [
        ("ended", {"intent": "hold", "reason": "off_grid"}),
        ("ended", {"intent": "set_export_limit", "reason": "off_grid"}),
    ]


async def test_a_restore_is_tried_again_and_again(world: World) -> None:
    await ask(world, force(world, minutes=1))
    world.device.faults = ["refused"] * 5
    moments: list[float] = []
    start = world.clock.monotonic()
    world.device.on_write = lambda values: moments.append(
        round(world.clock.monotonic() - start)
    )
    await world.clock.advance(60)
    assert world.manager.state is ControlState.RESTORING
    assert stored(world)["mode"]["state"] == "restoring"
    assert world.manager.problems == {}
    await world.clock.advance(14 * 60)
    assert moments == [59, 74, 104, 164, 284, 584, 584]
    assert world.device.values == BEFORE
    assert world.manager.state is ControlState.IDLE
    assert world.event_types() == ["started", "restore_failed", "ended"]
    assert world.events[-1][1] == {"intent": "force_charge", "reason": "time"}


async def test_the_third_failure_is_told_and_taken_back(world: World) -> None:
    await ask(world, force(world, minutes=1))
    world.device.faults = ["refused"] * 4
    await world.clock.advance(60 + 15)
    assert Problem.RESTORE_FAILED not in world.manager.problems
    await world.clock.advance(30)
    assert world.manager.problems == {
        Problem.RESTORE_FAILED: {
            "intent": "force_charge",
            "detail": "the device says no",
        }
    }
    assert world.events[1:] == [("restore_failed", {"intent": "force_charge"})]
    await world.clock.advance(60)
    assert len(world.events) == 2
    await world.clock.advance(120)
    assert world.manager.problems == {}
    assert world.event_types()[-1] == "ended"


async def test_each_failure_is_told_to_listeners(world: World) -> None:
    await ask(world, force(world))
    told: list[ControlState] = []
    world.manager.listen(lambda: told.append(world.manager.state))
    with pytest.raises(ApiError):
        await ask(world, SelfUse(), "refused")
    assert set(told) == {ControlState.RESTORING}


async def test_self_use_goes_on_with_what_failed(world: World) -> None:
    await ask(world, force(world))
    with pytest.raises(ApiError):
        await ask(world, SelfUse(), "refused")
    result = await ask(world, SelfUse())
    assert result.outcome is Outcome.APPLIED
    assert world.device.values == BEFORE
    assert world.events[-1][1]["reason"] == "self_use"


async def test_the_first_reason_counts(world: World) -> None:
    await ask(world, force(world, minutes=1))
    world.device.faults = ["refused"]
    await world.clock.advance(65)
    await ask(world, SelfUse())
    assert world.events[-1][1]["reason"] == "time"


async def test_several_leases_go_back_what_moves_the_battery_first(
    world: World,
) -> None:
    await ask(world, hold(world))
    await ask(world, reserve(world))
    world.device.sent.clear()
    await ask(world, SelfUse())
    assert world.device.sent == [
        {"mode": "self_use", "window": "01:00-05:00"},
        {"reserve": 10},
    ]
    assert world.driver.memos[-2:] == [
        {"kinds": {"hold": 1}},
        {"kinds": {"set_reserve": 1}},
    ]
    ends = [data["intent"] for event, data in world.events if event == "ended"]
    assert ends == ["hold", "set_reserve"]


# What an earlier run has left


def put_on_disk(world: World, **changes: Any) -> None:
    """Leave a lease of a force as a program that was killed does."""
    now = world.clock.now()
    record = Lease(
        **{
            "intent": ForceCharge(until=now + timedelta(minutes=30)),
            "started": now,
            "until": now + timedelta(minutes=30),
            "put_back": {"mode": "self_use", "power": 0, "limit": 90},
            "expect": {"mode": "force", "power": 5000, "limit": 100},
            "ours": {"mode": ("force",), "power": (5000,), "limit": (100,)},
            **changes,
        }
    ).dump()
    world.kill()
    world.disk.text = json.dumps(
        {"SN1": {"owner": "entry", "leases": {"mode": record}}}
    )
    world.disk.restart()
    world.boot()


FORCED = {"mode": "force", "power": 5000, "limit": 100}


async def test_perhaps_written_and_there(world: World) -> None:
    world.device.values |= FORCED
    put_on_disk(world)
    assert world.manager.state is ControlState.STARTING
    await world.clock.advance(1)
    assert lease(world).state is LeaseState.ACTIVE
    assert lease(world).verified
    assert stored(world)["mode"]["state"] == "active"
    assert world.events == [("started", {"intent": "force_charge"})]
    assert world.device.sent == []
    reads = world.device.reads
    await world.clock.advance(300)
    assert world.device.reads == reads  # nothing is in doubt any more
    world.driver.seen = replace(world.driver.seen, battery=-3000.0)
    world.manager.observed()
    assert world.manager.state is ControlState.ACTIVE


async def test_perhaps_written_and_not_there(world: World) -> None:
    put_on_disk(world)
    await world.clock.advance(1)
    assert world.manager.state is ControlState.RESTORING
    await world.clock.advance(38)
    assert world.manager.leases != {}
    await world.clock.advance(2)
    assert world.manager.leases == {}
    assert world.device.sent == []
    assert world.events == [
        ("ended", {"intent": "force_charge", "reason": "not_applied"})
    ]


async def test_perhaps_written_and_only_seen_later(world: World) -> None:
    put_on_disk(world)
    await world.clock.advance(30)
    world.device.values |= FORCED
    await world.clock.advance(11)
    assert world.device.values == BEFORE
    assert world.manager.leases == {}


async def test_half_written(world: World) -> None:
    world.device.values["mode"] = "force"
    put_on_disk(world)
    await world.clock.advance(45)
    assert world.device.values == BEFORE
    assert world.device.sent == [{"mode": "self_use"}]
    assert world.manager.leases == {}


async def test_what_appears_while_the_rest_is_put_back_is_awaited(
    world: World,
) -> None:
    world.device.values["mode"] = "force"
    put_on_disk(world)
    late: list[Any] = [{"power": 5000}]
    world.device.on_effect = lambda values: late and world.device.outside(late.pop())
    result = await ask(world, SelfUse())
    assert result.outcome is Outcome.APPLIED
    assert world.manager.state is ControlState.RESTORING
    await world.clock.advance(45)
    assert world.device.values == BEFORE
    assert world.manager.leases == {}


async def test_what_is_still_there_after_a_put_back_is_tried_again(
    world: World,
) -> None:
    await ask(world, force(world))
    late: list[Any] = [{"power": 5000}]

    def again(values: Any) -> None:
        if "mode" in values and late:
            world.device.outside(late.pop())

    world.device.on_effect = again
    with pytest.raises(ApiError, match=r"^not everything was put back$"):
        await ask(world, SelfUse())
    assert world.manager.state is ControlState.RESTORING
    await world.clock.advance(20)
    assert world.device.values == BEFORE


async def test_a_restore_goes_on_at_once(world: World) -> None:
    world.device.values |= FORCED
    put_on_disk(world, state=LeaseState.RESTORING, reason="disabled", verified=True)
    await world.clock.advance(1)
    assert world.device.values == BEFORE
    assert world.events == [("ended", {"intent": "force_charge", "reason": "disabled"})]


async def test_one_that_ended_while_we_were_away(world: World) -> None:
    await ask(world, force(world))
    world.kill()
    world.clock.jump(timedelta(days=1))
    world.boot()
    await world.clock.advance(1)
    assert world.device.values == BEFORE
    assert world.events[-1][1]["reason"] == "time"


async def test_one_that_runs_goes_on_for_the_time_left(world: World) -> None:
    await ask(world, force(world))
    world.kill()
    world.clock.jump(timedelta(minutes=20))
    world.boot()
    await world.clock.advance(9 * 60)
    assert world.device.values["mode"] == "force"
    assert world.manager.state is ControlState.STARTING
    await world.clock.advance(60)
    assert world.device.values == BEFORE
    assert world.event_types() == ["started", "ended"]


async def test_a_start_without_the_device(world: World) -> None:
    await ask(world, force(world))
    world.device.online = False
    restart(world)
    await world.clock.advance(59)
    world.device.online = True
    reads = world.device.reads
    await world.clock.advance(2)
    assert world.device.reads == reads + 1
    assert world.device.values["mode"] == "force"
    assert list(world.manager.leases) == [MODE]


# What others change


async def test_somebody_else_takes_over(world: World) -> None:
    await ask(world, force(world))
    world.device.outside({"mode": "app"})
    await poll(world)
    assert world.manager.state is ControlState.EXTERNAL
    assert world.manager.leases == {}
    assert stored(world) == {}
    assert world.events[1:] == [("external", {"intent": "force_charge"})]
    assert world.device.values == BEFORE | FORCED | {"mode": "app"}
    assert len(world.device.sent) == 2
    assert world.manager.problems == {}
    assert world.notes.get("SN1/forced") is None


async def test_what_is_left_of_a_force_is_told(world: World) -> None:
    await ask(world, force(world))
    world.device.outside({"power": 7})
    await poll(world)
    assert world.event_types() == ["started", "external"]
    assert world.manager.problems == {Problem.FORCED_WITHOUT_LEASE: {}}
    assert world.notes.get("SN1/forced") == {"store": "", "values": FORCED}
    await ask(world, SelfUse())
    assert world.device.values["mode"] == "self_use"
    assert world.manager.problems == {}
    assert world.manager.state is ControlState.IDLE


async def test_a_limit_leaves_no_force(world: World) -> None:
    await ask(world, limit(world))
    world.device.outside({"limit": 66})
    await poll(world)
    assert world.event_types() == ["started", "external"]
    assert world.manager.problems == {}


async def test_other_keys_are_nobodys_business(world: World) -> None:
    await ask(world, force(world))
    world.device.outside({"reserve": 33})
    await poll(world)
    assert world.event_types() == ["started"]


async def test_back_as_it_was_while_the_device_could_be_reached(world: World) -> None:
    await ask(world, force(world))
    world.device.outside(BEFORE)
    await poll(world)
    assert world.event_types() == ["started", "external"]


def unreachable(world: World) -> None:
    world.driver.seen = replace(world.driver.seen, reachable=False)
    world.manager.observed()
    world.driver.seen = replace(world.driver.seen, reachable=True)
    world.manager.observed()


async def test_a_device_that_has_forgotten_is_told_again(world: World) -> None:
    await ask(world, force(world))
    unreachable(world)
    world.device.outside({"mode": "self_use", "power": 0})
    world.device.sent.clear()
    await poll(world)
    assert world.device.values == BEFORE | FORCED
    assert world.device.sent == [{"mode": "force"}, {"power": 5000}]
    assert world.events[1:] == [("lost", {"intent": "force_charge"})]
    assert lease(world).asserted == 1
    assert stored(world)["mode"]["asserted"] == 1
    assert world.driver.memos[-1] == {"kinds": {"force_charge": 1}}
    reads = world.device.reads
    await world.clock.advance(300)
    assert world.device.reads == reads
    world.device.outside({"mode": "self_use"})  # this time it was there all along
    await poll(world)
    assert world.event_types()[-1] == "external"


async def test_it_is_told_at_most_every_minute(world: World) -> None:
    await ask(world, force(world))
    for seconds in (0, 55):
        unreachable(world)
        world.device.outside({"mode": "self_use"})
        await poll(world)
        await world.clock.advance(seconds)
    assert world.device.values["mode"] == "self_use"
    await world.clock.advance(5)
    assert world.device.values["mode"] == "force"
    assert lease(world).asserted == 2


async def test_the_sixth_time_it_is_let_go(world: World) -> None:
    await ask(world, force(world))
    for number in range(6):
        unreachable(world)
        world.device.outside({"mode": "self_use"})
        await poll(world)
        await world.clock.advance(61)
        assert (MODE in world.manager.leases) is (number < 5)
    assert world.event_types() == ["started", *["lost"] * 5, "external"]


async def test_being_unreachable_is_forgotten_once_all_is_well(world: World) -> None:
    await ask(world, force(world))
    unreachable(world)
    await poll(world)
    world.device.outside(BEFORE)
    await poll(world)
    assert world.event_types() == ["started", "external"]


async def test_settings_from_before_it_was_unreachable_do_not_speak_for_later(
    world: World,
) -> None:
    await ask(world, force(world))
    before = await world.driver.read()
    await world.clock.advance(1)
    unreachable(world)
    world.device.outside(BEFORE)
    world.manager.settings_read(before)
    await poll(world)
    assert world.event_types() == ["started", "lost"]


async def test_something_new_is_not_lost_even_after_a_time_away(world: World) -> None:
    await ask(world, force(world))
    unreachable(world)
    world.device.outside({"mode": "self_use", "power": 7})
    await poll(world)
    assert world.event_types() == ["started", "external"]


async def test_what_was_never_changed_cannot_be_lost(world: World) -> None:
    world.device.values["limit"] = 100
    await ask(world, force(world))
    unreachable(world)
    world.device.outside({"limit": 90})
    await poll(world)
    assert world.event_types() == ["started", "external"]


async def test_an_earlier_write_of_ours_that_comes_late(world: World) -> None:
    await ask(world, force(world, power=1000))
    await ask(world, force(world, power=2000))
    world.device.outside({"power": 1000})
    await poll(world)
    assert world.device.values["power"] == 2000
    assert lease(world).asserted == 1
    assert "lost" not in world.event_types()
    assert "external" not in world.event_types()


async def test_what_cannot_be_read_is_told_again_too(world: World) -> None:
    world.driver.periodic = True
    world.device.values["flag"] = False
    await ask(world, discharge(world))
    unreachable(world)
    world.device.outside({"mode": "self_use", "flag": False})
    await poll(world)
    assert world.device.values["flag"] is True


async def test_telling_again_may_fail(world: World) -> None:
    await ask(world, force(world))
    unreachable(world)
    world.device.outside({"mode": "self_use"})
    world.device.faults = ["refused"]
    await poll(world)
    assert world.device.values["mode"] == "self_use"
    await world.clock.advance(61)
    assert world.device.values["mode"] == "force"
    assert lease(world).asserted == 2


async def test_a_poll_during_a_write_says_nothing(world: World) -> None:
    world.driver.delay = 5
    task = world.manager.execute(force(world))
    running = world.run(task)
    world.device.on_effect = lambda values: world.manager.settings_read(
        world.driver.observation()  # type: ignore[arg-type]
    )
    await running
    assert world.event_types() == ["started"]


# Writes of which nobody knows


async def test_an_unknown_force_is_looked_at_every_minute(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, force(world), "offline")
    world.device.online = True
    reads = world.device.reads
    for minute in (1, 2, 3):
        await world.clock.advance(60)
        assert world.device.reads == reads + minute + (minute == 3)
    await world.clock.advance(1)
    assert world.manager.leases == {}
    assert world.events == [
        ("ended", {"intent": "force_charge", "reason": "not_applied"})
    ]


async def test_a_poll_looks_at_once(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, force(world), None, "offline")
    world.device.online = True
    world.device.outside({"power": 5000, "limit": 100})
    await poll(world)
    assert lease(world).state is LeaseState.ACTIVE
    assert world.events == [("started", {"intent": "force_charge"})]


@pytest.mark.parametrize(
    ("arrives", "event", "reason", "problem"),
    [
        ({"reserve": 50}, "started", "settled", False),
        ({}, "ended", "not_applied", False),
    ],
)
async def test_a_later_poll_settles_a_setting(
    world: World, arrives: Any, event: str, reason: str, problem: bool
) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, SetReserve(soc=50), "offline")
    world.device.online = True
    world.device.outside(arrives)
    await poll(world)
    assert world.events == [(event, {"intent": "set_reserve", "reason": reason})]
    await poll(world)
    assert len(world.events) == 1


async def test_half_of_a_setting_is_told(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, values(reserve=50, window="x"), None, "offline")
    world.device.online = True
    await poll(world)
    assert world.events == [
        ("ended", {"intent": "set_values", "reason": "half_applied"})
    ]
    assert world.manager.problems == {
        Problem.HALF_APPLIED: {"intent": "set_values", "keys": "reserve, window"}
    }


async def test_what_was_so_already_is_no_half(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, values(reserve=50, limit=90), "offline")
    world.device.online = True
    await poll(world)
    assert world.events == [
        ("ended", {"intent": "set_values", "reason": "not_applied"})
    ]


async def test_what_comes_next_settles_it_too(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, SetReserve(soc=50), "offline")
    world.device.online = True
    await ask(world, SetReserve(soc=20))
    await poll(world)
    assert world.events == []


# Forces without a lease


async def forced(world: World) -> None:
    """Lose the file of leases while a force runs."""
    await ask(world, force(world))
    world.disk.text = "{}"
    restart(world)
    await world.clock.advance(1)


async def test_a_force_whose_lease_was_lost_is_told(world: World) -> None:
    told: list[None] = []
    await ask(world, force(world))
    world.disk.text = "{}"
    restart(world)
    world.manager.listen(lambda: told.append(None))
    await world.clock.advance(1)
    assert world.manager.problems == {Problem.FORCED_WITHOUT_LEASE: {}}
    assert told
    assert len(world.device.sent) == 2
    reads = world.device.reads
    await world.clock.advance(300)
    assert world.device.reads == reads


async def test_it_is_looked_for_later_without_the_device(world: World) -> None:
    await ask(world, force(world))
    world.disk.text = "{}"
    world.device.online = False
    restart(world)
    await world.clock.advance(1)
    assert world.manager.problems == {}
    world.device.online = True
    await poll(world)
    assert Problem.FORCED_WITHOUT_LEASE in world.manager.problems


async def test_it_is_ended_by_self_use(world: World) -> None:
    await forced(world)
    result = await ask(world, SelfUse())
    assert result.outcome is Outcome.APPLIED
    assert world.device.sent[2:] == [{"mode": "self_use"}]
    assert world.manager.problems == {}
    assert world.notes.get("SN1/forced") is None
    assert (await ask(world, SelfUse())).outcome is Outcome.UNCHANGED


async def test_it_is_ended_together_with_a_lease(world: World) -> None:
    await forced(world)
    await ask(world, reserve(world))
    assert (await ask(world, SelfUse())).outcome is Outcome.APPLIED
    assert world.device.values["mode"] == "self_use"
    assert world.device.values["reserve"] == 10
    assert world.manager.problems == {}


async def test_a_lease_that_is_put_back_counts_without_a_force(world: World) -> None:
    await forced(world)
    await ask(world, reserve(world))
    world.device.outside({"mode": "app"})
    assert (await ask(world, SelfUse())).outcome is Outcome.APPLIED


async def test_it_is_ended_before_another_force(world: World) -> None:
    await forced(world)
    await ask(world, hold(world))
    assert world.manager.problems == {}
    assert lease(world).put_back["mode"] == "self_use"


async def test_a_limit_does_not_end_it(world: World) -> None:
    await forced(world)
    await ask(world, reserve(world))
    assert world.device.values["mode"] == "force"
    assert Problem.FORCED_WITHOUT_LEASE in world.manager.problems


async def test_it_may_have_ended_meanwhile(world: World) -> None:
    await forced(world)
    world.device.outside({"mode": "app"})
    await poll(world)
    assert world.manager.problems == {}
    assert world.notes.get("SN1/forced") is None
    await forced(world)
    world.device.outside({"mode": "app"})
    result = await ask(world, SelfUse())
    assert result.outcome is Outcome.UNCHANGED
    assert world.manager.problems == {}


async def test_only_its_problem_is_left(world: World) -> None:
    noted = {"control_forced_without_lease": {"times": 1, "told": {}}}
    world.notes.set("SN1/problems", noted)
    restart(world)
    assert Problem.FORCED_WITHOUT_LEASE in world.manager.problems
    assert (await ask(world, SelfUse())).outcome is Outcome.UNCHANGED
    assert world.manager.problems == {}


async def test_the_button_ends_it(world: World) -> None:
    await forced(world)
    await world.run(world.manager.end_forced())
    assert world.device.values["mode"] == "self_use"
    assert world.manager.problems == {}


async def test_the_button_tells_when_it_fails(world: World) -> None:
    await forced(world)
    world.device.faults = ["refused"]
    with pytest.raises(ApiError):
        await world.run(world.manager.end_forced())
    assert Problem.FORCED_WITHOUT_LEASE in world.manager.problems


async def test_a_force_with_a_lease_is_none_without(world: World) -> None:
    await ask(world, force(world))
    restart(world)
    await world.clock.advance(1)
    await poll(world)
    assert world.manager.problems == {}
