"""What was asked for is carried out, and what is told about it is true."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.client.errors import (
    ApiError,
    ThrottledError,
    TransportError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from core.control.driver import Plan, Settings
from core.control.intent import SelfUse, SetReserve, Slot
from core.control.lease import Lease, LeaseState
from core.control.outcome import ControlState, Outcome, Problem, Refusal

from .asks import ask, discharge, force, hold, limit, poll, reserve, values
from .fakes import BEFORE, World

MODE = Slot.MODE
FORCED = {"mode": "force", "power": 5000, "limit": 100}


def lease(world: World, slot: Slot = MODE) -> Lease:
    return world.manager.leases[slot]


def deaf(world: World, **answers: Any) -> None:
    """Let the device make something else of these keys."""
    write = world.device.write

    def other(asked: Any) -> None:
        write(asked)
        world.device.values |= {k: v for k, v in answers.items() if k in asked}

    world.device.write = other


async def test_what_is_answered(world: World) -> None:
    intent = force(world, power=3000)
    result = await ask(world, intent)
    assert result.outcome is Outcome.APPLIED
    assert result.following is None
    assert result.effective == {"mode": "force", "power": 3000, "limit": 100}
    assert result.effective_from is None
    assert result.expires_at == intent.until
    assert world.events == [
        ("started", {"intent": "force_charge", "until": intent.until.isoformat()})
    ]
    kept = lease(world)
    assert kept.intent == intent
    assert kept.state is LeaseState.ACTIVE
    assert kept.verified
    assert kept.put_back == {"mode": "self_use", "power": 0, "limit": 90}
    assert kept.expect == {"mode": "force", "power": 3000, "limit": 100}
    assert kept.ours == {"mode": ("force",), "power": (3000,), "limit": (100,)}
    assert kept.memo == {"kinds": {"force_charge": 1}}
    assert kept.effective == result.effective


async def test_a_lease_is_on_disk_before_the_first_step(world: World) -> None:
    stored: list[Any] = []
    world.device.on_write = lambda values: stored.append(
        world.disk.records["SN1"]["leases"]["mode"]["state"]
    )
    await ask(world, force(world))
    assert stored == ["pending", "pending"]


async def test_a_setting_needs_no_lease(world: World) -> None:
    result = await ask(world, SetReserve(soc=50))
    assert (result.outcome, result.expires_at) == (Outcome.APPLIED, None)
    assert result.effective == {"reserve": 50}
    assert world.manager.leases == {}
    assert world.disk.history == []
    assert world.events == []


async def test_what_is_so_already_needs_no_write(world: World) -> None:
    result = await ask(world, SetReserve(soc=10))
    assert result.outcome is Outcome.UNCHANGED
    assert world.device.sent == []


async def test_a_lease_of_what_is_so_already(world: World) -> None:
    world.device.values |= FORCED
    result = await ask(world, force(world, minutes=5))
    assert result.outcome is Outcome.UNCHANGED
    assert lease(world).put_back == {}
    assert world.event_types() == ["started"]
    await world.clock.advance(301)
    assert world.device.sent == []
    assert world.event_types() == ["started", "ended"]


async def test_only_what_differs_is_sent_and_put_back(world: World) -> None:
    world.device.values["power"] = 5000
    await ask(world, force(world))
    assert world.device.sent == [{"mode": "force"}, {"limit": 100}]
    assert lease(world).put_back == {"mode": "self_use", "limit": 90}
    assert lease(world).ours == {"mode": ("force",), "limit": (100,)}


async def test_what_the_device_makes_of_it(world: World) -> None:
    world.device.clamps = True
    result = await ask(world, force(world))
    assert result.outcome is Outcome.APPLIED
    assert result.effective == {"mode": "force", "power": 4000, "limit": 95}
    assert lease(world).expect == result.effective
    assert lease(world).ours["power"] == (5000, 4000)
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_what_the_device_does_not_take_is_not_put_back(world: World) -> None:
    deaf(world, limit=90)
    result = await ask(world, force(world))
    assert result.effective["limit"] == 90
    assert lease(world).put_back == {"mode": "self_use", "power": 0}
    assert set(lease(world).ours) == {"mode", "power"}


async def test_what_cannot_be_read_counts_as_sent(world: World) -> None:
    world.driver.periodic = True
    world.device.values["flag"] = False
    result = await ask(world, discharge(world, power=2000))
    assert result.effective == {
        "mode": "export",
        "power": 2000,
        "period": [2000, 10],
        "flag": True,
    }
    assert lease(world).put_back["flag"] is False
    assert lease(world).put_back["period"] is None
    await ask(world, SelfUse())
    assert world.device.values == BEFORE | {"flag": False}


async def test_what_cannot_be_read_is_sent_again_with_another_force(
    world: World,
) -> None:
    world.driver.periodic = True
    world.device.values["flag"] = False
    await ask(world, discharge(world))
    world.driver.noted["flag"] = False  # nobody knows what became of it
    await ask(world, hold(world))
    assert world.device.values["flag"] is False


async def test_a_force_that_begins_later(world: World) -> None:
    world.driver.begins_in = 120
    begins = world.clock.now() + timedelta(seconds=120)
    result = await ask(world, force(world))
    assert result.effective_from == begins
    world.driver.seen = replace(world.driver.seen, battery=-3000.0)
    await world.clock.advance(115)
    world.manager.observed()
    assert world.manager.state is ControlState.STARTING
    await world.clock.advance(5)
    world.manager.observed()
    assert world.manager.state is ControlState.ACTIVE


async def test_one_that_began_before_is_watched_at_once(world: World) -> None:
    world.driver.begins_in = -500
    await ask(world, force(world))
    world.driver.seen = replace(world.driver.seen, battery=-3000.0)
    world.manager.observed()
    assert world.manager.state is ControlState.ACTIVE


async def test_it_is_watched_from_the_moment_it_was_seen(world: World) -> None:
    ended: list[float] = []
    world.on_done = lambda name: ended.append(world.clock.monotonic())
    await ask(world, force(world))
    assert ended == [world.manager._book.held[MODE].watched_from]


async def test_a_force_as_long_as_the_reaction_is_long_enough(world: World) -> None:
    assert (await ask(world, force(world, minutes=6))).warnings == ()
    assert (await ask(world, force(world, minutes=5))).warnings != ()


async def test_the_lease_of_a_plan(world: World) -> None:
    """As it is on disk before anything is sent."""
    plan = world.driver.plan

    def marked(*args: Any) -> Plan:
        return replace(plan(*args), mark={"mode": "force"}, effective={"watts": 1})

    world.driver.plan = marked
    world.driver.store = "one"
    world.device.values["power"] = 5000
    stored: list[Any] = []
    world.device.on_write = lambda values: stored.append(
        world.disk.records["SN1"]["leases"]["mode"]
    )
    result = await ask(world, force(world))
    assert result.effective == {"watts": 1}
    assert stored[0]["put_back"] == {"mode": "self_use", "limit": 90}
    assert stored[0]["ours"] == {"mode": ["force"], "limit": [100]}
    assert stored[0]["mark"] == {"mode": "force"}
    assert stored[0]["store"] == "one"


async def test_what_is_assumed_is_expected_as_it_was_asked_for(world: World) -> None:
    world.driver.periodic = True
    world.device.values["flag"] = False
    apply = world.driver.apply

    async def forgetful(*args: Any) -> None:
        await apply(*args)
        world.driver.noted["flag"] = False

    world.driver.apply = forgetful
    await ask(world, discharge(world))
    assert lease(world).expect["flag"] is True
    assert lease(world).ours["flag"] == (True,)


async def test_warnings_of_the_plan_are_passed_on(world: World) -> None:
    plan = world.driver.plan

    def warned(*args: Any) -> Plan:
        return replace(plan(*args), warnings=("repeats",))

    world.driver.plan = warned
    assert (await ask(world, force(world))).warnings == ("repeats",)


# The same again


async def test_the_same_for_longer_needs_no_write(world: World) -> None:
    await ask(world, force(world, power=3000))
    started = lease(world).started
    await world.clock.advance(600)
    later = force(world, minutes=60, power=3000)
    result = await ask(world, later)
    assert result.outcome is Outcome.UNCHANGED
    assert result.expires_at == later.until
    assert result.effective == {"mode": "force", "power": 3000, "limit": 100}
    assert len(world.device.sent) == 2
    assert lease(world).until == lease(world).intent.until == later.until
    assert lease(world).started == started
    assert world.events[1:] == [
        ("extended", {"intent": "force_charge", "until": later.until.isoformat()})
    ]
    await world.clock.advance(3590)
    assert world.device.values["mode"] == "force"
    await world.clock.advance(12)
    assert world.device.values == BEFORE


async def test_the_same_for_as_long_is_no_extension(world: World) -> None:
    intent = force(world)
    await ask(world, intent)
    await ask(world, intent)
    assert world.event_types() == ["started"]


async def test_the_same_for_shorter(world: World) -> None:
    await ask(world, force(world))
    await ask(world, force(world, minutes=2))
    await world.clock.advance(121)
    assert world.device.values == BEFORE


async def test_what_follows_goes_on_following(world: World) -> None:
    await ask(world, force(world))
    world.driver.seen = replace(world.driver.seen, battery=-3000.0)
    world.manager.observed()
    assert (await ask(world, force(world, minutes=50))).following is True


async def test_an_extension_is_on_disk(world: World) -> None:
    await ask(world, force(world))
    later = force(world, minutes=60)
    await ask(world, later)
    record = world.disk.records["SN1"]["leases"]["mode"]
    assert record["until"] == record["intent"]["until"] == later.until.isoformat()


async def test_the_same_over_what_others_have_changed_is_written_again(
    world: World,
) -> None:
    await ask(world, force(world))
    world.device.outside({"mode": "app"})
    result = await ask(world, force(world))
    assert result.outcome is Outcome.APPLIED
    assert world.device.values["mode"] == "force"
    assert lease(world).put_back["mode"] == "app"


async def test_another_power_is_another_force(world: World) -> None:
    await ask(world, force(world, power=1000))
    result = await ask(world, force(world, power=2000))
    assert result.outcome is Outcome.APPLIED
    assert world.device.sent[2:] == [{"power": 2000}]
    assert world.event_types() == ["started", "started"]
    assert lease(world).put_back == {"mode": "self_use", "power": 0, "limit": 90}
    assert lease(world).ours["power"] == (1000, 2000)
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


# Windows that the device ends by itself


async def test_ten_extensions_in_ten_minutes_are_one_write_at_most(
    world: World,
) -> None:
    world.driver.window_minutes = 20
    await ask(world, force(world, minutes=20))
    sent = len(world.device.sent)
    for _ in range(10):
        await world.clock.advance(60)
        await ask(world, force(world, minutes=20))
    assert len(world.device.sent) - sent <= 1


async def test_the_devices_end_is_moved_before_it_comes(world: World) -> None:
    world.driver.window_minutes = 15
    intent = force(world, minutes=40)
    await ask(world, intent)
    started = lease(world).started
    first = lease(world).device_until
    assert first == started + timedelta(minutes=15)
    await world.clock.advance(299)
    assert len(world.device.sent) == 2
    await world.clock.advance(2)
    assert len(world.device.sent) == 3
    assert set(world.device.sent[2]) == {"window"}
    moved = lease(world).device_until
    assert moved is not None
    assert timedelta(minutes=4) < moved - first < timedelta(minutes=6)
    assert world.event_types() == ["started"]
    assert lease(world).until == intent.until
    assert lease(world).started == started
    assert lease(world).put_back["window"] == "01:00-05:00"
    await world.clock.advance(40 * 60)
    assert world.device.values == BEFORE
    assert world.event_types() == ["started", "ended"]


async def test_it_follows_while_its_end_is_moved(world: World) -> None:
    world.driver.window_minutes = 15
    world.driver.seen = replace(world.driver.seen, battery=-3000.0)
    await ask(world, force(world, minutes=40))
    world.manager.observed()
    states: set[ControlState] = set()
    world.manager.listen(lambda: states.add(world.manager.state))
    await world.clock.advance(302)
    assert len(world.device.sent) == 3
    assert states == {ControlState.ACTIVE}


async def test_an_end_that_cannot_be_moved_is_tried_again_in_a_minute(
    world: World,
) -> None:
    world.driver.window_minutes = 15
    await ask(world, force(world, minutes=40))
    world.device.faults = ["refused", "refused"]
    await world.clock.advance(410)
    assert len(world.device.sent) == 4
    assert lease(world).state is LeaseState.ACTIVE
    assert world.device.values["mode"] == "force"
    await world.clock.advance(60)
    assert len(world.device.sent) == 5
    assert lease(world).device_until is not None


async def test_without_the_device_its_end_is_tried_every_minute(world: World) -> None:
    world.driver.window_minutes = 15
    await ask(world, force(world, minutes=40))
    await world.clock.advance(290)
    world.device.online = False
    reads = world.device.reads
    await world.clock.advance(130)
    assert world.device.reads == reads + 3


async def test_without_a_disk_its_end_is_not_moved(world: World) -> None:
    world.driver.window_minutes = 15
    await ask(world, force(world, minutes=40))
    world.disk.full = True
    await world.clock.advance(400)
    assert len(world.device.sent) == 2
    world.disk.full = False
    await world.clock.advance(61)
    assert len(world.device.sent) == 3


async def test_a_short_window_is_moved_every_minute_at_most(world: World) -> None:
    world.driver.window_minutes = 8
    await ask(world, force(world, minutes=40))
    await world.clock.advance(300)
    assert 4 <= len(world.device.sent) - 2 <= 6


async def test_an_end_is_not_moved_of_what_others_have_changed(world: World) -> None:
    world.driver.window_minutes = 15
    await ask(world, force(world, minutes=40))
    world.device.outside({"mode": "app"})
    await world.clock.advance(302)
    assert len(world.device.sent) == 2
    assert world.event_types() == ["started", "external"]


async def test_an_extension_beyond_the_devices_end_waits_for_it(world: World) -> None:
    world.driver.window_minutes = 15
    await ask(world, force(world, minutes=15))
    result = await ask(world, force(world, minutes=40))
    assert result.outcome is Outcome.UNCHANGED
    await world.clock.advance(301)
    assert len(world.device.sent) == 3


async def test_an_extension_shortly_before_the_devices_end_moves_it(
    world: World,
) -> None:
    world.driver.window_minutes = 15
    await ask(world, force(world, minutes=15))
    world.driver.seen = replace(world.driver.seen, battery=-3000.0)
    world.manager.observed()
    await world.clock.advance(360)
    later = force(world, minutes=12)
    result = await ask(world, later)
    assert result.outcome is Outcome.APPLIED
    assert result.following is True
    assert lease(world).device_until == later.until
    assert world.event_types() == ["started", "extended"]
    await ask(world, force(world, minutes=5))
    assert len(world.device.sent) == 3


# Other leases


async def test_leases_of_different_keys_live_side_by_side(world: World) -> None:
    await ask(world, hold(world))
    await ask(world, reserve(world, minutes=5))
    assert list(world.manager.leases) == [MODE, Slot.RESERVE]
    await world.clock.advance(301)
    assert list(world.manager.leases) == [MODE]
    assert world.device.values["reserve"] == 10


async def test_a_force_takes_over_a_limit_of_the_same_key(world: World) -> None:
    await ask(world, limit(world, 70))
    await ask(world, force(world))
    assert list(world.manager.leases) == [MODE]
    assert lease(world).put_back["limit"] == 90
    assert lease(world).ours["limit"] == (70, 100)
    assert lease(world).memo == {"kinds": {"set_export_limit": 1, "force_charge": 1}}
    assert world.events[1:] == [
        ("started", world.events[1][1]),
        ("ended", {"intent": "set_export_limit", "reason": "replaced"}),
    ]
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_a_setting_ends_the_lease_of_its_key(world: World) -> None:
    await ask(world, reserve(world, 50))
    result = await ask(world, SetReserve(soc=20))
    assert result.outcome is Outcome.APPLIED
    assert world.manager.leases == {}
    assert world.disk.records == {}
    assert world.device.values["reserve"] == 20
    assert world.events[1:] == [
        ("ended", {"intent": "set_reserve", "reason": "replaced"})
    ]


async def test_a_setting_of_one_key_puts_back_the_others(world: World) -> None:
    await ask(world, force(world))
    await ask(world, values(limit=70))
    assert world.device.values == BEFORE | {"limit": 70}
    assert world.manager.leases == {}


async def test_a_setting_that_is_as_leased_stays(world: World) -> None:
    await ask(world, reserve(world, 50))
    result = await ask(world, SetReserve(soc=50))
    assert result.outcome is Outcome.UNCHANGED
    assert world.manager.leases == {}
    assert world.device.values["reserve"] == 50
    assert len(world.device.sent) == 1


async def test_a_setting_of_another_key_leaves_leases_alone(world: World) -> None:
    await ask(world, hold(world))
    await ask(world, SetReserve(soc=20))
    assert list(world.manager.leases) == [MODE]


async def test_a_setting_that_ends_a_lease_is_restoring_on_disk(world: World) -> None:
    await ask(world, force(world))
    stored: list[Any] = []
    world.device.on_write = lambda values: stored.append(
        world.disk.records["SN1"]["leases"]["mode"]
    )
    await ask(world, values(limit=70))
    assert {(one["state"], one["reason"]) for one in stored} == {
        ("restoring", "replaced")
    }


async def test_killed_in_the_middle_of_that_everything_comes_back(
    world: World,
) -> None:
    await ask(world, force(world))
    world.device.on_effect = lambda values: world.moments.crash()
    task = world.manager.execute(values(limit=70))
    with pytest.raises(TimeoutError):
        await world.run(_limited(task), seconds=3)
    world.device.on_effect = lambda values: None
    world.kill()
    world.boot()
    await world.clock.advance(2)
    assert world.device.values == BEFORE
    assert "external" not in world.event_types()


async def _limited(work: Any) -> None:
    import asyncio

    async with asyncio.timeout(0.2):
        await work


async def test_a_refused_setting_leaves_the_lease_as_it_was(world: World) -> None:
    await ask(world, force(world))
    before = lease(world)
    with pytest.raises(WriteRejected):
        await ask(world, values(limit=70, reserve=20), None, None, "refused")
    assert lease(world) == before
    assert world.device.values == BEFORE | FORCED
    record = world.disk.records["SN1"]["leases"]["mode"]
    assert record["state"] == "active"


async def test_an_unknown_setting_ends_the_lease_all_the_same(world: World) -> None:
    await ask(world, force(world))
    with pytest.raises(WriteUnknown):
        await ask(world, values(limit=70), None, "offline")
    world.device.online = True
    await world.clock.advance(60)
    assert world.device.values == BEFORE
    assert world.manager.leases == {}


# What goes wrong


async def test_the_first_refusal_changes_nothing(world: World) -> None:
    with pytest.raises(WriteRejected, match=r"^the device says no$"):
        await ask(world, force(world), "refused")
    assert world.device.values == BEFORE
    assert world.manager.leases == {}
    assert world.disk.records == {}
    assert world.events == []
    assert world.manager.problems == {}


async def test_a_refused_replacement_leaves_the_old_force(world: World) -> None:
    await ask(world, force(world, power=1000))
    with pytest.raises(WriteRejected):
        await ask(world, hold(world), None, "refused")
    kept = lease(world)
    assert kept.intent.kind == "force_charge"
    assert kept.state is LeaseState.ACTIVE
    assert set(kept.ours["mode"]) == {"force", "hold"}
    assert kept.ours["window"] == ("00:00-23:45",)
    assert world.device.values == BEFORE | FORCED | {"power": 1000}
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_half_a_force_that_cannot_be_undone_is_put_back_later(
    world: World,
) -> None:
    with pytest.raises(WriteUnverified) as caught:
        await ask(world, force(world), None, "refused", "refused")
    assert caught.value.reason == "half_applied"
    assert str(caught.value) == "the device says no"
    assert world.manager.state is ControlState.RESTORING
    assert world.disk.records["SN1"]["leases"]["mode"]["reason"] == "half_applied"
    await world.clock.advance(12)
    assert world.device.values["mode"] == "force"
    await world.clock.advance(60)
    assert world.device.values == BEFORE
    assert world.events == [
        ("ended", {"intent": "force_charge", "reason": "half_applied"})
    ]


async def test_half_a_setting_that_cannot_be_undone_is_told(world: World) -> None:
    both = values(window="x", reserve=50)
    with pytest.raises(WriteUnverified) as caught:
        await ask(world, both, None, "refused", "refused")
    assert caught.value.reason == "half_applied"
    assert world.manager.problems == {
        Problem.HALF_APPLIED: {"intent": "set_values", "keys": "window, reserve"}
    }
    await ask(world, both)
    assert world.manager.problems == {}


@pytest.mark.parametrize(
    ("next_one", "mended"),
    [
        ({"window": "y"}, True),
        ({"reserve": 20}, True),
        ({"limit": 70}, False),
        ({"window": "x"}, False),  # as it is: nothing is written
    ],
)
async def test_a_half_is_mended_by_whoever_sets_one_of_it(
    world: World, next_one: dict[str, Any], mended: bool
) -> None:
    with pytest.raises(WriteUnverified):
        await ask(world, values(window="x", reserve=50), None, "refused", "refused")
    await ask(world, values(**next_one))
    assert (Problem.HALF_APPLIED not in world.manager.problems) is mended


async def test_a_write_without_a_problem_mends_none(world: World) -> None:
    await ask(world, values(**{"": 5}))
    assert world.manager.problems == {}


async def test_half_a_setting_is_undone_in_reverse(world: World) -> None:
    many = values(window="x", power=5, reserve=50)
    with pytest.raises(WriteRejected):
        await ask(world, many, None, None, "refused")
    assert world.device.sent[3:] == [{"power": 0}, {"window": "01:00-05:00"}]
    assert world.device.values == BEFORE
    assert world.manager.problems == {}


async def test_half_a_setting_that_others_changed_is_left_to_them(
    world: World,
) -> None:
    arrived: list[Any] = []

    def meddle(asked: Any) -> None:
        arrived.append(asked)
        if len(arrived) == 1:
            world.device.later(0, lambda: world.device.outside({"window": "app"}))

    world.device.on_effect = meddle
    world.driver.delay = 2
    with pytest.raises(WriteRejected):
        await ask(world, values(window="x", reserve=50), None, "refused")
    assert world.device.values == BEFORE | {"window": "app"}


async def test_a_clamped_half_is_undone(world: World) -> None:
    world.device.clamps = True
    with pytest.raises(WriteRejected):
        await ask(world, values(limit=100, reserve=50), None, "refused")
    assert world.device.values == BEFORE


async def test_nothing_is_read_after_one_refused_request(world: World) -> None:
    reads = world.device.reads
    with pytest.raises(WriteRejected):
        await ask(world, SetReserve(soc=50), "refused")
    assert world.device.reads == reads + 1


async def test_unverified_is_told_the_second_time(world: World) -> None:
    for number in (1, 2):
        with pytest.raises(WriteUnverified):
            await ask(world, SetReserve(soc=50), "ignored")
        assert (Problem.UNVERIFIED in world.manager.problems) is (number == 2)
    await ask(world, SetReserve(soc=50))
    assert world.manager.problems == {}


async def test_an_unverified_force_may_still_appear(world: World) -> None:
    with pytest.raises(WriteUnverified):
        await ask(world, force(world), "ignored")
    assert world.manager.state is ControlState.STARTING
    assert world.manager.mode is None
    world.device.outside(FORCED)
    reads = world.device.reads
    await world.clock.advance(58)
    assert lease(world).state is LeaseState.PENDING
    assert world.device.reads == reads
    await world.clock.advance(2)
    assert lease(world).state is LeaseState.ACTIVE
    assert world.event_types() == ["started"]


async def test_an_unverified_one_that_was_taken_back_does_not_stay(
    world: World,
) -> None:
    write = world.device.write

    def meddled(asked: Any) -> None:
        write(asked)
        if asked.get("mode") == "hold":
            world.device.outside({"mode": "app"})

    world.device.write = meddled
    with pytest.raises(WriteUnverified):
        await ask(world, hold(world))
    assert world.manager.state is ControlState.RESTORING
    assert world.disk.records["SN1"]["leases"]["mode"]["reason"] == "not_applied"
    await world.clock.advance(60)
    assert world.device.values == BEFORE | {"mode": "app"}
    assert world.events == [("ended", {"intent": "hold", "reason": "not_applied"})]


async def test_an_unverified_replacement_leaves_the_old_force(world: World) -> None:
    await ask(world, force(world, power=1000))
    await ask(world, force(world))
    with pytest.raises(WriteUnverified):
        await ask(world, hold(world), "ignored")
    assert lease(world).intent.kind == "force_charge"
    assert lease(world).ours == {
        "mode": ("force", "hold"),
        "power": (1000, 5000),
        "limit": (100,),
        "window": ("00:00-23:45",),
    }
    assert lease(world).memo == {"kinds": {"force_charge": 1, "hold": 1}}
    assert world.device.values == BEFORE | FORCED
    world.device.outside({"mode": "hold", "window": "00:00-23:45"})
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_doubts_wait_for_a_minute(world: World) -> None:
    """Whatever was in doubt is not looked at again at once."""
    for faults in (["offline"], ["ignored"]):
        reads: list[int] = []
        world.on_done = lambda name, seen=reads: seen.append(world.device.reads)
        with pytest.raises(ApiError):
            await ask(world, hold(world), *faults)
        await world.clock.advance(55)
        assert reads == [world.device.reads]
        world.on_done = lambda name: None
        world.device.online = True
        await world.clock.advance(300)


async def test_an_unknown_force_is_held(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await ask(world, force(world), None, "offline")
    assert lease(world).state is LeaseState.PENDING
    assert world.manager.state is ControlState.STARTING
    assert world.manager.problems == {}
    reads = world.device.reads
    await world.clock.advance(58)
    assert world.device.reads == reads
    world.device.online = True
    await world.clock.advance(40 * 60)
    assert world.device.values == BEFORE


async def test_an_unknown_extension_is_looked_at(world: World) -> None:
    world.driver.window_minutes = 15
    await ask(world, force(world, minutes=15))
    await world.clock.advance(360)
    with pytest.raises(WriteUnknown):
        await ask(world, force(world, minutes=20), "offline")
    assert lease(world).state is LeaseState.ACTIVE
    world.device.online = True
    await world.clock.advance(121)
    assert lease(world).expect["window"] == world.device.values["window"]


async def test_what_was_doubtful_is_awaited_before_anything_new(world: World) -> None:
    with pytest.raises(WriteUnverified):
        await ask(world, force(world), "ignored")
    world.clock.slept.clear()
    await ask(world, hold(world))
    assert world.clock.slept[0] == 40 or 40 in world.clock.slept
    assert world.device.values["mode"] == "hold"


async def test_a_doubtful_one_that_appears_meanwhile_is_put_back(world: World) -> None:
    with pytest.raises(WriteUnverified):
        await ask(world, force(world), "ignored")
    world.device.later(20, lambda: world.device.outside(FORCED))
    await ask(world, hold(world))
    assert world.device.values == BEFORE | {"mode": "hold", "window": "00:00-23:45"}
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_somebody_else_in_the_middle_of_it(world: World) -> None:
    await ask(world, force(world, power=1000))
    world.device.on_effect = lambda values: world.device.outside({"mode": "app"})
    with pytest.raises(WriteUnverified, match=r"^something else was changed in"):
        await ask(world, force(world, power=2000))
    world.device.on_effect = lambda values: None
    await world.clock.advance(62)
    assert world.device.values["mode"] == "app"


async def test_undoing_leaves_alone_what_was_so_before(world: World) -> None:
    """Only what has changed since is written, however often it was asked for."""
    with pytest.raises(WriteRejected):
        await ask(
            world, values(window="01:00-05:00", power=5, reserve=50), None, "refused"
        )
    assert world.device.sent[-1] == {"power": 0}
    assert world.device.values == BEFORE


# What is refused


async def test_a_full_disk_says_why(world: World) -> None:
    world.disk.full = True
    with pytest.raises(Refusal) as caught:
        await ask(world, force(world))
    assert caught.value.key == "lease_not_saved"
    assert caught.value.placeholders == {"detail": "disk full"}
    assert world.device.sent == []
    assert world.manager.leases == {}


async def test_a_setting_needs_no_disk(world: World) -> None:
    world.disk.full = True
    await ask(world, SetReserve(soc=50))
    assert world.device.values["reserve"] == 50


async def test_a_plan_that_cannot_be(world: World) -> None:
    with pytest.raises(Refusal, match=r"^limit_range$"):
        await ask(world, values(reserve=99))
    assert world.device.sent == []


async def test_a_budget_that_is_used_up(world: World) -> None:
    asked: list[int] = []
    world.driver.admit = asked.append
    await ask(world, force(world))
    await ask(world, values(reserve=10))
    assert asked == [2, 0]
    del world.driver.admit
    world.driver.budget = ThrottledError("no more today")
    with pytest.raises(ThrottledError):
        await ask(world, hold(world))
    assert len(world.device.sent) == 2
    assert lease(world).intent.kind == "force_charge"
    await ask(world, SelfUse())
    assert world.device.values == BEFORE


async def test_nothing_is_done_without_fresh_settings(world: World) -> None:
    world.device.online = False
    with pytest.raises(TransportError):
        await ask(world, force(world))
    assert world.disk.history == []


# Self-use


async def test_self_use_without_anything(world: World) -> None:
    result = await ask(world, SelfUse())
    assert result.outcome is Outcome.UNCHANGED
    assert world.device.reads == 0


async def test_self_use_forgets_that_somebody_else_took_over(world: World) -> None:
    await ask(world, limit(world))
    world.device.outside({"limit": 66})
    await poll(world)
    assert world.manager.state is ControlState.EXTERNAL
    await ask(world, SelfUse())
    assert world.manager.state is ControlState.IDLE


async def test_so_does_anything_new(world: World) -> None:
    await ask(world, limit(world))
    world.device.outside({"limit": 66})
    await poll(world)
    await ask(world, SetReserve(soc=20))
    assert world.manager.state is ControlState.IDLE


async def test_self_use_as_a_mode_that_the_device_can_be_told(world: World) -> None:
    capabilities = replace(world.driver.capabilities, self_use_mode=True)
    world.driver.capabilities = capabilities  # type: ignore[misc]
    plan = world.driver.plan

    def with_mode(intent: Any, base: Settings, now: Any) -> Plan:
        if isinstance(intent, SelfUse):
            return Plan(target={"mode": "self_use"})
        return plan(intent, base, now)

    world.driver.plan = with_mode
    world.device.outside({"mode": "app"})
    result = await ask(world, SelfUse())
    assert result.outcome is Outcome.APPLIED
    assert world.device.values["mode"] == "self_use"
    world.device.outside({"mode": "app"})
    await ask(world, hold(world))
    await ask(world, SelfUse())
    assert world.device.values["mode"] == "app"  # what was before the hold


async def test_self_use_tells_what_went_wrong(world: World) -> None:
    await ask(world, force(world))
    with pytest.raises(ApiError):
        await ask(world, SelfUse(), "refused")
    assert world.manager.state is ControlState.RESTORING


async def test_the_driver_sees_settings_without_any_lease(world: World) -> None:
    seen: list[Any] = []
    plan = world.driver.plan

    def watched(intent: Any, base: Settings, now: Any) -> Plan:
        seen.append(dict(base.values))
        return plan(intent, base, now)

    world.driver.plan = watched
    world.driver.periodic = True
    world.device.values["flag"] = False
    await ask(world, discharge(world))
    await ask(world, reserve(world))
    await ask(world, hold(world))
    assert seen == [BEFORE | {"flag": False}] * 3


async def test_steps_see_the_settings_as_they_are(world: World) -> None:
    seen: list[Any] = []
    steps = world.driver.steps

    def watched(changes: Any, settings: Settings) -> Any:
        seen.append(settings.values["mode"])
        return steps(changes, settings)

    world.driver.steps = watched
    await ask(world, force(world))
    await ask(world, hold(world))
    assert seen == ["self_use", "force"]


async def test_a_lease_that_a_setting_would_meet_ends_first(world: World) -> None:
    leased: list[Any] = []
    plan = world.driver.plan

    def apart(intent: Any, base: Settings, now: Any) -> Plan:
        leased.append(dict(base.leased))
        return replace(plan(intent, base, now), ends=base.leased.keys() & {"power"})

    world.driver.plan = apart
    await ask(world, reserve(world))
    await ask(world, force(world))
    result = await ask(world, values(window="02:00-03:00"))
    assert leased == [{}, {"reserve": 50}, {"reserve": 50, **FORCED}]
    assert result.outcome is Outcome.APPLIED
    assert result.warnings == ("force_ended",)
    assert set(world.manager.leases) == {Slot.RESERVE}
    assert world.device.values == BEFORE | {"window": "02:00-03:00", "reserve": 50}
    assert world.events[-1] == (
        "ended",
        {"intent": "force_charge", "reason": "replaced"},
    )
