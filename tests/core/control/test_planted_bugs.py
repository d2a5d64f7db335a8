"""The state machine finds what it is there for: bugs that are planted here."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
import pytest

from core.client.errors import TransportError, WriteUnknown
from core.control.aftermath import Aftermath
from core.control.book import LeaseBook
from core.control.driver import Driver, Settings, Step
from core.control.held import Held
from core.control.intent import Slot, Value
from core.control.jobs import Jobs
from core.control.keeper import Keeper
from core.control.lease import Lease
from core.control.manager import ControlManager
from core.control.put_back import PutBack
from core.control.writer import Writer
from simulator.virtual_time import Stuck

from .machine import ControlMachine, WritesMachine

_SETTINGS = settings(
    max_examples=2000,
    stateful_step_count=8,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[[type, str, Any], None]:
    """Replace a method of the core for one test."""
    return monkeypatch.setattr


def found(*words: str, machine: type[WritesMachine] = WritesMachine) -> None:
    """Expect the state machine to fail, with one of these words."""
    with pytest.raises((AssertionError, Stuck)) as caught:
        run_state_machine_as_test(machine, settings=_SETTINGS)
    assert any(word in str(caught.value) for word in words), caught.value


def test_a_lease_that_is_saved_after_the_write(plant: Any) -> None:
    saved = LeaseBook.begin

    async def late(
        self: LeaseBook, slot: Slot, lease: Lease, replaced: Iterable[Slot]
    ) -> Held:
        store = self._store

        class Nowhere:
            async def begin(self, key: str, record: Any) -> None:
                return

        self._store = Nowhere()  # type: ignore[assignment]
        try:
            return await saved(self, slot, lease, replaced)
        finally:
            self._store = store

    plant(LeaseBook, "begin", late)
    found("without a lease", "not one of")


def test_a_put_back_that_overwrites_what_others_have_set(plant: Any) -> None:
    def blind(self: Lease, settings: Settings) -> dict[str, Value]:
        now = settings.values
        return {k: v for k, v in self.put_back.items() if now.get(k) != v}

    plant(Lease, "undone", blind)
    found("not one of", "took effect twice")


def test_a_lost_write_that_is_sent_again_blindly(plant: Any) -> None:
    async def again(self: Writer, step: Step, before: Settings, memo: Any) -> Settings:
        with suppress(WriteUnknown, TransportError):
            return await self._send(step, before, memo)
        return await self._send(step, before, memo)

    plant(Writer, "_deliver", again)
    found("took effect twice", "not one of")


def test_a_write_that_ends_with_its_caller(plant: Any) -> None:
    async def fragile(task: asyncio.Task[Any]) -> Any:
        return await task

    plant(Jobs, "wait", staticmethod(fragile))
    found("the write was cancelled with its caller", "not one of")


def test_two_managers_after_a_reload(plant: Any) -> None:
    async def at_once(self: ControlManager, *, patience: float = 0) -> None:
        return

    plant(ControlManager, "close", at_once)
    found("two writes at the same time", "went on after the reload")


def test_maintenance_beside_the_queue(plant: Any) -> None:
    async def beside(self: Jobs, work: Callable[[], Awaitable[Any]]) -> Any:
        return await work()

    plant(Jobs, "in_turn", beside)
    found("two writes at the same time", "took effect twice", machine=ControlMachine)


def test_a_refused_plan_that_stays_half_done(plant: Any) -> None:
    async def nothing(self: Aftermath, *args: Any) -> bool:
        return True

    plant(Aftermath, "_undo", nothing)
    found("rejected, but", "not one of")


def test_a_write_that_is_not_read_back(plant: Any) -> None:
    async def believe(
        self: Writer, steps: Any, before: Settings, **options: Any
    ) -> Settings:
        values = dict(before.values)
        for step in steps:
            values |= step.values
        return Settings(observed_at=before.observed_at, values=values)

    plant(Writer, "_look", believe)
    found("but it shows", "not one of")


def test_a_put_back_that_is_forgotten(plant: Any) -> None:
    plant(Lease, "undone", lambda self, settings: {})
    found("not one of")


def test_a_doubtful_write_that_is_forgotten_at_once(plant: Any) -> None:
    plant(PutBack, "may_still_appear", lambda self, *held: 0.0)
    found("not one of")


def test_leases_that_cannot_be_read_after_a_restart(plant: Any) -> None:
    def broken(data: Any) -> Lease:
        raise ValueError

    plant(Lease, "load", staticmethod(broken))
    found("ValueError", "not one of", "are not")


def test_every_difference_is_fought(plant: Any) -> None:
    plant(Keeper, "_differs", _fight)
    found("not one of", "took effect twice", "never ends")


async def _fight(self: Keeper, slot: Slot, held: Held, settings: Settings) -> None:
    driver: Driver = self._driver
    steps = driver.steps(held.lease.expect, settings)
    await self._writer.perform(steps, settings, held.lease.memo)
