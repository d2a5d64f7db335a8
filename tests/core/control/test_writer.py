"""Each step is sent once, and again only when it is proven not to have arrived."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.client.errors import (
    AuthError,
    ThrottledError,
    TransportError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from core.control.driver import Settings, Step, Timing
from core.control.intent import Values
from core.control.jobs import Jobs
from core.control.writer import Writer, changes_between
from tests.core.fake_clock import START

from .fakes import BEFORE, World

RESERVE = Step(label="reserve", values={"reserve": 50})
POWER = Step(label="power", values={"power": 3000, "limit": 100})
MODE = Step(label="mode", values={"mode": "force", "window": "02:00-03:00"})


class Desk:
    """A writer on a world's device."""

    def __init__(self, world: World) -> None:
        self.world, self.device, self.clock = world, world.device, world.clock
        self.written = 0
        self.jobs = Jobs(lambda work, name: asyncio.ensure_future(work), lambda: None)
        self.writer = Writer(world.driver, world.clock, self.jobs, self._count)

    def _count(self) -> None:
        self.written += 1

    async def perform(self, *steps: Step, seconds: float = 600) -> Settings:
        before = await self.world.driver.read()
        memo = {"note": 1}
        self.device.reads = 0
        return await self.world.run(self.writer.perform(steps, before, memo), seconds)

    @property
    def waited(self) -> float:
        """Return the seconds that went by for the manager."""
        return sum(self.clock.slept)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def test_all_steps_in_order(desk: Desk) -> None:
    after = await desk.perform(MODE, POWER)
    assert desk.device.sent == [dict(MODE.values), dict(POWER.values)]
    assert after.values == BEFORE | MODE.values | POWER.values
    assert desk.written == 2
    assert desk.world.driver.memos == [{"note": 1}, {"note": 1}]
    assert (desk.device.reads, desk.clock.slept) == (1, [])


async def test_a_step_knows_what_those_before_it_have_set(desk: Desk) -> None:
    seen: list[Any] = []
    apply = desk.world.driver.apply

    async def watched(step: Step, settings: Settings, memo: Any) -> None:
        seen.append(settings)
        await apply(step, settings, memo)

    desk.world.driver.apply = watched  # type: ignore[method-assign]
    desk.device.faults = ["lost_answer"]
    await desk.perform(MODE, POWER, RESERVE)
    assert seen[0].values == BEFORE
    assert seen[1].values == BEFORE | MODE.values
    assert seen[2].values == BEFORE | MODE.values | POWER.values
    assert all(isinstance(one, Settings) for one in seen)


async def test_what_belongs_to_the_settings_goes_along(desk: Desk) -> None:
    seen: list[Any] = []
    read, apply = desk.world.driver.read, desk.world.driver.apply

    async def rich() -> Settings:
        return replace(await read(), raw={"whole": 1}, assumed=frozenset({"x"}))

    async def watched(step: Step, settings: Settings, memo: Any) -> None:
        seen.append(settings)
        await apply(step, settings, memo)

    desk.world.driver.read = rich  # type: ignore[method-assign]
    desk.world.driver.apply = watched  # type: ignore[method-assign]
    await desk.perform(MODE, RESERVE)
    assert [one.raw for one in seen] == [{"whole": 1}] * 2
    assert [one.assumed for one in seen] == [{"x"}] * 2
    assert [one.observed_at for one in seen] == [START] * 2


async def test_it_is_read_until_it_shows(desk: Desk) -> None:
    desk.device.lag = 20
    after = await desk.perform(RESERVE)
    assert after.values["reserve"] == 50
    assert desk.clock.slept == [1, 2, 5, 10, 10]


async def test_the_read_back_time_is_kept_to_the_second(desk: Desk) -> None:
    desk.device.faults = ["ignored"]
    with pytest.raises(WriteUnverified, match=r"^the settings do not show the change$"):
        await desk.perform(RESERVE)
    assert desk.clock.slept == [1, 2, 5, 10, 10, 10, 2]
    assert desk.device.sent == [{"reserve": 50}]


async def test_what_cannot_be_read_is_unknown(desk: Desk) -> None:
    desk.device.faults = ["offline"]
    with pytest.raises(WriteUnknown) as caught:
        await desk.perform(RESERVE)
    assert caught.value.reason == "unreadable"
    assert str(caught.value) == "the device cannot be read back"
    assert desk.waited == 40
    assert len(desk.device.sent) == 1


async def test_a_device_that_comes_back_in_time(desk: Desk) -> None:
    desk.device.faults = ["offline"]

    async def back() -> None:
        await desk.clock.sleep(30)
        desk.device.online = True

    task = asyncio.ensure_future(back())
    await desk.perform(RESERVE)
    await task
    assert desk.device.effects == [{"reserve": 50}]
    assert len(desk.device.sent) == 2


async def test_a_lost_answer_is_not_sent_again(desk: Desk) -> None:
    desk.device.faults = ["lost_answer"]
    await desk.perform(RESERVE)
    assert (desk.written, desk.waited) == (1, 0)


async def test_a_lost_answer_is_awaited_for_the_whole_read_back_time(
    desk: Desk,
) -> None:
    desk.device.faults, desk.device.late = ["late"], 35
    await desk.perform(RESERVE)
    assert desk.written == 1


async def test_a_lost_request_is_sent_once_more(desk: Desk) -> None:
    desk.device.faults = ["lost_request"]
    await desk.perform(RESERVE)
    assert (desk.written, desk.waited) == (2, 40)


async def test_one_that_never_left_is_sent_again_after_one_look(desk: Desk) -> None:
    desk.device.faults = ["not_sent"]
    await desk.perform(RESERVE)
    assert (desk.written, desk.waited) == (1, 0)
    assert len(desk.device.sent) == 2
    # To see that it is not there, as it is now for the second try, and read back
    assert desk.device.reads == 3


@pytest.mark.parametrize("second", ["lost_answer", "late"])
async def test_a_second_answer_may_be_lost_too(desk: Desk, second: str) -> None:
    desk.device.faults = ["lost_request", second]
    await desk.perform(RESERVE)
    assert desk.written == 2


@pytest.mark.parametrize(("second", "counted"), [("lost_request", 2), ("not_sent", 1)])
async def test_twice_lost_is_unverified(desk: Desk, second: str, counted: int) -> None:
    desk.device.faults = ["lost_request", second]
    with pytest.raises(WriteUnverified):
        await desk.perform(RESERVE)
    assert (desk.written, desk.waited) == (counted, 80)


@pytest.mark.parametrize("refusal", ["refused", "budget"])
async def test_a_refused_second_try_is_unknown(desk: Desk, refusal: str) -> None:
    """It may be refused because the first one has arrived after all."""
    desk.device.faults = ["lost_request", refusal]
    with pytest.raises(WriteUnknown):
        await desk.perform(RESERVE)


async def test_a_refusal_after_one_that_never_left_is_one(desk: Desk) -> None:
    desk.device.faults = ["not_sent", "refused"]
    with pytest.raises(WriteRejected):
        await desk.perform(RESERVE)
    assert desk.written == 0


@pytest.mark.parametrize("fault", ["too_soon", "lost_request"])
async def test_what_others_change_meanwhile_is_not_overwritten(
    desk: Desk, fault: str
) -> None:
    """Whole objects are written: the second try takes over what stands there now."""
    seen: list[Settings] = []
    apply = desk.world.driver.apply

    async def watched(step: Step, settings: Settings, memo: Any) -> None:
        seen.append(settings)
        desk.device.values["window"] = "20:00-21:00"
        await apply(step, settings, memo)

    desk.world.driver.apply = watched  # type: ignore[method-assign]
    desk.device.faults = [fault]
    await desk.perform(RESERVE)
    assert [one.values["window"] for one in seen] == [BEFORE["window"], "20:00-21:00"]


async def test_what_others_change_to_something_else_is_theirs(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]

    async def by_app() -> None:
        await desk.clock.sleep(10)
        desk.device.values["reserve"] = 33

    task = asyncio.ensure_future(by_app())
    with pytest.raises(WriteRejected) as caught:
        await desk.perform(RESERVE)
    await task
    assert caught.value.reason == "changed_meanwhile"
    assert desk.device.values["reserve"] == 33


async def test_what_others_change_to_the_same_is_done(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]

    async def by_app() -> None:
        await desk.clock.sleep(10)
        desk.device.values["reserve"] = 50

    task = asyncio.ensure_future(by_app())
    await desk.perform(RESERVE)
    await task
    assert len(desk.device.sent) == 1


async def test_without_a_look_nothing_is_sent_again(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]

    async def away() -> None:
        await desk.clock.sleep(10)
        desk.device.online = False

    task = asyncio.ensure_future(away())
    with pytest.raises(WriteRejected):
        await desk.perform(RESERVE)
    await task
    assert len(desk.device.sent) == 1


@pytest.mark.parametrize("error", [WriteRejected("no"), AuthError("no")])
async def test_a_refusal_is_passed_on_at_once(desk: Desk, error: Exception) -> None:
    async def refuse(*args: Any) -> None:
        raise error

    desk.world.driver.apply = refuse  # type: ignore[method-assign]
    with pytest.raises(type(error)):
        await desk.perform(RESERVE)
    assert (desk.written, desk.device.reads, desk.waited) == (0, 0, 0)


async def test_what_came_before_a_refusal_has_time_to_show(desk: Desk) -> None:
    desk.device.faults, desk.device.lag = [None, "refused"], 15
    with pytest.raises(WriteRejected):
        await desk.perform(RESERVE, POWER)
    assert desk.device.shown()["reserve"] == 50
    assert desk.device.sent == [{"reserve": 50}, dict(POWER.values)]


async def test_what_came_before_a_refusal_may_never_show(desk: Desk) -> None:
    desk.device.faults = ["ignored", "refused"]
    with pytest.raises(WriteRejected):
        await desk.perform(RESERVE, POWER)
    assert desk.waited == 40


async def test_too_soon_is_waited_for(desk: Desk) -> None:
    desk.device.faults = ["too_soon", "too_soon"]
    await desk.perform(RESERVE)
    assert desk.clock.slept == [30, 60]
    assert (desk.written, len(desk.device.sent)) == (1, 3)


async def test_too_soon_for_too_long(desk: Desk) -> None:
    desk.device.faults = ["too_soon"] * 3
    with pytest.raises(ThrottledError, match=r"^too soon$"):
        await desk.perform(RESERVE)
    assert (desk.written, len(desk.device.sent)) == (0, 3)


async def test_our_own_budget_is_not_waited_for(desk: Desk) -> None:
    desk.device.faults = ["budget"]
    with pytest.raises(ThrottledError):
        await desk.perform(RESERVE)
    assert (desk.written, desk.waited) == (0, 0)


async def test_a_lost_answer_after_too_soon(desk: Desk) -> None:
    desk.device.faults = ["too_soon", "lost_answer"]
    await desk.perform(RESERVE)
    assert desk.written == 1


async def test_there_is_no_time_to_wait_while_closing(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]
    await desk.jobs.close()
    with pytest.raises(ThrottledError, match=r"^there was no time to try again$"):
        await desk.perform(RESERVE)
    assert desk.written == 0


async def test_there_is_no_time_to_read_back_while_closing(desk: Desk) -> None:
    desk.device.lag = 5
    await desk.jobs.close()
    with pytest.raises(WriteUnknown) as caught:
        await desk.perform(RESERVE)
    assert caught.value.reason == "closing"
    assert str(caught.value) == "there was no time to read it back"


async def test_a_clamped_number_is_taken_as_soon_as_it_is_steady(desk: Desk) -> None:
    desk.device.faults = ["clamped"]
    after = await desk.perform(POWER)
    assert after.values["limit"] == 95
    assert desk.clock.slept == [1]


async def test_a_clamped_number_and_one_that_was_not_taken(desk: Desk) -> None:
    """One request: what it left proves that all of it has arrived."""
    desk.device.clamps = True
    desk.device.values["power"] = 4000
    after = await desk.perform(Step(label="x", values={"power": 4500, "limit": 100}))
    assert (after.values["power"], after.values["limit"]) == (4000, 95)
    assert desk.waited == 40


async def test_a_clamped_number_is_taken_late_when_the_answer_was_lost(
    desk: Desk,
) -> None:
    desk.device.faults, desk.device.clamps = ["lost_answer"], True
    after = await desk.perform(POWER)
    assert after.values["limit"] == 95
    assert desk.waited == 41
    assert desk.written == 1


async def test_a_value_that_still_moves_is_not_taken(desk: Desk) -> None:
    desk.device.faults = ["clamped"]

    async def move() -> None:
        await desk.clock.sleep(0.5)
        desk.device.outside({"limit": 94})

    task = asyncio.ensure_future(move())
    desk.clock.slept.clear()
    await desk.perform(POWER)
    await task
    assert desk.clock.slept == [0.5, 1, 2]


async def test_a_text_of_somebody_elses_is_not_ours_clamped(desk: Desk) -> None:
    apply = desk.world.driver.apply

    async def raced(step: Step, settings: Settings, memo: Any) -> None:
        await apply(step, settings, memo)
        desk.device.outside({"mode": "app"})

    desk.world.driver.apply = raced  # type: ignore[method-assign]
    with pytest.raises(WriteUnverified):
        await desk.perform(MODE)


async def test_a_text_that_reads_as_before_was_not_taken(desk: Desk) -> None:
    apply = desk.world.driver.apply

    async def raced(step: Step, settings: Settings, memo: Any) -> None:
        await apply(step, settings, memo)
        desk.device.outside({"mode": "self_use"})

    desk.world.driver.apply = raced  # type: ignore[method-assign]
    with pytest.raises(WriteUnverified):
        await desk.perform(MODE)


async def test_every_step_must_have_left_a_trace(desk: Desk) -> None:
    desk.device.faults = ["clamped", "ignored"]
    with pytest.raises(WriteUnverified):
        await desk.perform(POWER, RESERVE)


async def test_what_was_so_already_proves_nothing(desk: Desk) -> None:
    desk.device.values["limit"] = 100
    desk.device.faults = ["ignored"]
    with pytest.raises(WriteUnverified):
        await desk.perform(POWER)


async def test_a_trace_is_looked_for_beyond_what_was_so_already(desk: Desk) -> None:
    desk.device.values["power"] = 3000
    desk.device.values["limit"] = 95
    desk.device.faults = ["clamped"]
    step = Step(label="x", values={"power": 3000, "limit": 100, "reserve": 70})
    after = await desk.perform(step)
    assert (after.values["limit"], after.values["reserve"]) == (95, 60)
    assert desk.waited == 40


async def test_reading_errors_are_looked_over(desk: Desk) -> None:
    read, errors = desk.world.driver.read, [TransportError("x"), AuthError("y")]

    async def bumpy() -> Settings:
        if desk.device.sent and errors:
            raise errors.pop()
        return await read()

    desk.world.driver.read = bumpy  # type: ignore[method-assign]
    await desk.perform(RESERVE)
    assert desk.clock.slept == [1, 2]


async def test_a_driver_with_one_pause_and_none_for_pace(desk: Desk) -> None:
    timing = Timing(read_back=7, reaction=1, pauses=(3,))
    capabilities = replace(desk.world.driver.capabilities, timing=timing)
    desk.world.driver.capabilities = capabilities  # type: ignore[misc]
    desk.device.faults = ["ignored"]
    with pytest.raises(WriteUnverified):
        await desk.perform(RESERVE)
    assert desk.clock.slept == [3, 3, 1]
    desk.device.faults = ["too_soon"]
    with pytest.raises(ThrottledError):
        await desk.perform(RESERVE)


async def test_no_steps_need_only_a_look(desk: Desk) -> None:
    assert (await desk.perform()).values == BEFORE
    assert (desk.written, desk.device.reads) == (0, 1)


async def test_keys_that_cannot_be_read_go_with_those_that_can(desk: Desk) -> None:
    desk.world.driver.periodic = True
    step = Step(label="period", values={"period": [3000, 10], "flag": True})
    desk.device.faults = ["lost_answer"]
    after = await desk.perform(step)
    assert after.assumed == {"flag"}
    assert desk.written == 1


async def test_a_pause_of_the_writer(desk: Desk) -> None:
    assert await desk.world.run(desk.writer.pause(30)) is True
    assert desk.clock.slept == [30]
    await desk.jobs.close()
    assert await desk.world.run(desk.writer.pause(30)) is False


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [
        ({}, {}),
        ({"a": 1, "b": None}, {}),
        ({"a": 2}, {"a": 2}),
        ({"c": None}, {}),
        ({"c": 1}, {"c": 1}),
        ({"a": None}, {"a": None}),
        ({"b": 5, "a": 1}, {"b": 5}),
    ],
)
def test_what_is_not_so_yet(world: World, wanted: Values, changes: Values) -> None:
    settings = Settings(observed_at=world.clock.now(), values={"a": 1, "b": None})
    assert changes_between(settings, wanted) == changes


def test_timing_has_pauses_by_itself() -> None:
    timing = Timing(read_back=1, reaction=2)
    assert (timing.pauses, timing.too_soon) == ((1.0, 2.0, 5.0, 10.0), ())
    assert timedelta(seconds=timing.reaction) == timedelta(seconds=2)


async def test_what_others_change_during_a_wait_is_not_overwritten(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]
    desk.device.later(10, lambda: desk.device.outside({"reserve": 33}))
    with pytest.raises(
        WriteRejected, match=r"^the settings were changed meanwhile$"
    ) as caught:
        await desk.perform(RESERVE)
    assert caught.value.reason == "changed_meanwhile"
    assert desk.device.values["reserve"] == 33


async def test_what_others_change_elsewhere_does_not_matter(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]
    desk.device.later(10, lambda: desk.device.outside({"limit": 66}))
    after = await desk.perform(RESERVE)
    assert (after.values["reserve"], after.values["limit"]) == (50, 66)


async def test_what_is_there_after_a_wait_is_not_sent(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]
    desk.device.later(10, lambda: desk.device.outside({"reserve": 50}))
    await desk.perform(RESERVE)
    assert len(desk.device.sent) == 1


@pytest.mark.parametrize("fault", ["too_soon", "lost_request"])
async def test_a_later_step_that_is_there_after_a_wait_is_not_sent(
    desk: Desk, fault: str
) -> None:
    desk.device.faults = [fault]
    desk.device.later(10, lambda: desk.device.outside({"reserve": 50}))
    after = await desk.perform(POWER, RESERVE)
    assert desk.device.sent == [POWER.values, POWER.values]
    assert after.shows({**POWER.values, **RESERVE.values})


@pytest.mark.parametrize("fault", ["too_soon", "lost_request"])
async def test_a_later_step_that_others_have_changed_in_a_wait_is_theirs(
    desk: Desk, fault: str
) -> None:
    desk.device.faults = [fault]
    desk.device.later(10, lambda: desk.device.outside({"reserve": 33}))
    with pytest.raises(WriteRejected) as caught:
        await desk.perform(POWER, RESERVE)
    assert caught.value.reason == "changed_meanwhile"
    assert desk.device.values["reserve"] == 33


async def test_what_follows_a_step_that_is_there_is_sent(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]
    desk.device.later(10, lambda: desk.device.outside({"reserve": 50}))
    await desk.perform(POWER, RESERVE, MODE)
    assert desk.device.sent == [POWER.values, POWER.values, MODE.values]


async def test_a_step_long_after_a_wait_is_looked_at_too(desk: Desk) -> None:
    desk.device.faults = ["too_soon"]
    desk.device.later(10, lambda: desk.device.outside(MODE.values))
    await desk.perform(POWER, RESERVE, MODE)
    assert desk.device.sent == [POWER.values, POWER.values, RESERVE.values]


async def test_a_later_step_knows_which_store_it_is(desk: Desk) -> None:
    stores: list[str] = []
    apply = desk.world.driver.apply

    async def watched(step: Step, settings: Settings, memo: Any) -> None:
        stores.append(settings.store)
        await apply(step, settings, memo)

    desk.world.driver.apply = watched  # type: ignore[method-assign]
    desk.world.driver.store = "one"
    await desk.perform(POWER, RESERVE)
    assert stores == ["one", "one"]


async def test_nothing_is_sent_after_a_wait_without_a_look(desk: Desk) -> None:
    read, away = desk.world.driver.read, TransportError("no way", reason="away")

    async def gone() -> Settings:
        if desk.device.sent:
            raise away
        return await read()

    desk.world.driver.read = gone  # type: ignore[method-assign]
    desk.device.faults = ["too_soon"]
    with pytest.raises(WriteRejected, match=r"^no way$") as caught:
        await desk.perform(RESERVE)
    assert caught.value.reason == "away"
    assert len(desk.device.sent) == 1


async def fails(desk: Desk, *errors: Exception | None) -> WriteUnknown:
    """Return what is told when requests fail like this, after a first one got lost."""
    apply, left = desk.world.driver.apply, list(errors)

    async def failing(*args: Any) -> None:
        await apply(*args)
        if (error := left.pop(0)) is not None:
            raise error

    desk.world.driver.apply = failing  # type: ignore[method-assign]
    desk.device.faults = ["ignored"] * len(errors)
    with pytest.raises(WriteUnknown) as caught:
        await desk.perform(RESERVE)
    return caught.value


async def test_a_refusal_after_a_lost_one_proves_nothing(desk: Desk) -> None:
    """The first one may have arrived after all."""
    told = await fails(desk, WriteUnknown("lost"), WriteRejected("no", reason="why"))
    assert (str(told), told.reason) == ("no", "why")


async def test_lost_on_a_key_that_cannot_be_read_says_why(desk: Desk) -> None:
    read = desk.world.driver.read

    async def hidden() -> Settings:
        return replace(await read(), assumed=frozenset({"reserve"}))

    desk.world.driver.read = hidden  # type: ignore[method-assign]
    lost = TransportError("gone", reason="away")
    told = await fails(desk, TransportError("x"), lost)
    assert (str(told), told.reason) == ("gone", "away")


async def test_a_clamped_number_after_two_lost_answers(desk: Desk) -> None:
    desk.device.clamps = True
    desk.device.faults = ["lost_request", "lost_answer"]
    await desk.perform(POWER)
    assert desk.waited == 40 + 40 + 1
