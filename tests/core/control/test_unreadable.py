"""A write of nothing but keys that cannot be read: nothing proves that it arrived."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from core.client.errors import TransportError, WriteUnknown
from core.control.driver import Settings, Step
from core.control.jobs import Jobs
from core.control.writer import Writer
from tests.core.control.fakes import Driver, World

STEP = Step(label="flag", values={"flag": True})


class Unreadable(Driver):
    """A vendor that never tells its flag."""

    errors: list[Exception | None]

    async def read(self) -> Settings:
        return Settings(
            observed_at=self.clock.now(),
            values={"flag": False},
            assumed=frozenset({"flag"}),
        )

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        self.device.sent.append(dict(step.values))
        if (error := self.errors.pop(0)) is not None:
            raise error


async def perform(world: World, *errors: Exception | None) -> Settings:
    driver = Unreadable(world.device, world.clock, world.driver.moments)
    driver.errors = list(errors)
    jobs = Jobs(lambda work, name: asyncio.ensure_future(work), lambda: None)
    writer = Writer(driver, world.clock, jobs, lambda: None)
    return await world.run(writer.perform([STEP], await driver.read(), {}))


async def test_an_acknowledged_one_is_believed(world: World) -> None:
    await perform(world, None)
    assert len(world.device.sent) == 1


async def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await perform(world, WriteUnknown("no answer"), None)
    assert len(world.device.sent) == 1


async def test_one_that_never_left_is_sent_again(world: World) -> None:
    await perform(world, TransportError("no connection"), None)
    assert len(world.device.sent) == 2


async def test_twice_lost_is_unknown(world: World) -> None:
    with pytest.raises(WriteUnknown):
        await perform(world, TransportError("no connection"), WriteUnknown("lost"))
    assert len(world.device.sent) == 2
