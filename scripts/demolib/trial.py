"""One force of one battery, step by step, and what each step has to show."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from .automation import ForceAutomation, end_of_run
from .battery import REST, Battery, answer_problems, differences, end_of
from .folder import DemoError
from .report import no_problem_within
from .vendor import Force

TRUE_AFTER = 2  # s after the response in which the mode has to be true
REACTION = 5  # s in which the quick battery reacts
BEGUN = 40  # s after Home Assistant's start in which it has begun to undo
EARLY = 3  # s before its end in which a force is looked at for the last time
HELD_UP = 6  # s for which a write is held up on its way
PATIENCE = 90  # s for an automation to get its response; the vendor may slow it down


class Trial:
    """A force of one battery, from rest to rest."""

    def __init__(
        self, battery: Battery, title: str, kind: Force = "force_charge"
    ) -> None:
        """Begins with nothing known."""
        self.battery, self.title, self.kind = battery, title, kind
        self.problems: list[str] = []
        self.facts: list[str] = []
        self._before = ""
        self._journal: list[tuple[int, int]] = []
        self._moved = False  # the end, into another minute
        self.end = datetime.now(UTC)

    @property
    def cost(self) -> list[tuple[int, int]]:
        """How many writes were accepted and had an effect: for the force, for its end."""
        return [
            (writes - writes_before, effects - effects_before)
            for (writes_before, effects_before), (writes, effects) in pairwise(
                self._journal
            )
        ]

    async def go(self, *steps: Callable[[], Awaitable[None]]) -> None:
        """Takes the steps, up to the first that fails."""
        if self.problems:
            return
        try:
            for step in steps:
                await step()
        except DemoError as err:
            self.problems.append(str(err))

    async def rest(self) -> None:
        """Has the battery feed the house, and remembers how everything is."""
        await self.battery.make_needed()
        await self._need(REACTION, self._resting)
        await self._need(self.battery.soon, self._shown_resting)
        self._before = await self.battery.stored()
        await self._count()

    async def force(self) -> None:
        """Forces the battery by the action."""
        asked = datetime.now(UTC)
        answer = await self.battery.force(self.kind)
        self._take(answer, answer_problems(answer, asked))
        took = datetime.now(UTC) - asked
        self.facts.append(f"{answer['outcome']} after {took.total_seconds():.0f} s")
        await self._need(TRUE_AFTER, lambda: self.battery.mode_problems(self.kind))

    async def force_by(self, automation: ForceAutomation) -> None:
        """Forces it by an automation that is started anew while it waits."""
        battery = self.battery
        serial, house = battery.home.serial, battery.house
        held_up = {
            await house.delay_next(serial, endpoint, HELD_UP)
            for endpoint in battery.control.writes
        }

        async def ends() -> list[str]:
            return [end_of_run(run) for run in await automation.runs()]

        async def on_its_way() -> list[str]:
            if not held_up <= await house.faults(serial):
                return []
            return [f"the automation sent no write; its runs: {await ends()}"]

        async def cancelled() -> list[str]:
            found = await ends()
            return [] if found == ["cancelled", "running"] else [f"its runs: {found}"]

        try:
            await automation.trigger()
            await self._need(PATIENCE, on_its_way)
        finally:
            for number in held_up & await house.faults(serial):
                await house.remove_fault(serial, number)
        asked = datetime.now(UTC)
        await automation.trigger()
        await self._need(TRUE_AFTER, cancelled)
        if await battery.journal() != self._journal[-1]:
            raise DemoError("the write was done before its caller was cancelled")

        async def responded() -> list[str]:
            found = await ends()
            return [] if found == ["cancelled", "finished"] else [f"its runs: {found}"]

        await self._need(PATIENCE, responded)
        answer = await automation.answer((await automation.runs())[-1])
        self._take(answer, answer_problems(answer, asked, ("applied", "unchanged")))
        self.facts.append(f"the second call was answered {answer['outcome']}")
        self._moved = self.battery.by_minute and answer["outcome"] == "applied"
        await self._need(TRUE_AFTER, lambda: battery.mode_problems(self.kind))

    async def see_it(self) -> None:
        """Sees the battery do as forced."""
        battery = self.battery
        await self._need(REACTION, lambda: battery.truth_problems(self.kind))
        await self._need(battery.soon, lambda: battery.shown_problems(self.kind))
        patience = max(REACTION, battery.control.believed)
        await self._need(patience, battery.begun_problems)
        await self._count()

    async def outlast(self) -> None:
        """Waits for the end; until then it must not stop."""
        await self._sleep_until_end(-EARLY)
        await self.see_it_forced()
        await self._sleep_until_end(0)

    async def see_it_forced(self) -> None:
        """Sees that the simulated device still is as the force has set it."""
        if await self.battery.stored() == self._before:
            raise DemoError("it ended too early")
        self._raise(await self.battery.truth_problems(self.kind))

    async def see_it_undone(self, since: datetime | None = None) -> None:
        """Sees that nothing is left of it soon after its end, or since another time."""
        begin = since or self.end
        within = self.battery.back + (BEGUN if since else 0)

        def gone() -> float:
            return (datetime.now(UTC) - begin).total_seconds()

        async def undone() -> list[str]:
            stored = await self.battery.stored()
            return differences(self._before, stored) or await self._resting()

        await self._need(within - gone(), undone)
        self.facts.append(
            f"all as before {gone():.0f} s after {'a start' if since else 'its end'}"
        )
        await self._need(self.battery.soon, self._shown_resting)
        await self._count()

    async def see_it_left_alone(self) -> None:
        """Sees that a force goes on without Home Assistant, unless it ends alone."""
        if not self.battery.may_have_ended(self.end):
            await self.see_it_forced()

    def compare(self, cost: list[tuple[int, int]]) -> None:
        """Expects as few writes as another trial needed.

        A window whose end a second call moves into another minute is written again.
        """
        again = cost
        if self._moved and cost:
            again = [(cost[0][0] + 1, cost[0][1] + 1), *cost[1:]]
        if not self.problems and self.cost not in (cost, again):
            self.problems.append(
                f"writes and their effects were {self.cost}, usual is {cost}"
            )

    async def _resting(self) -> list[str]:
        return [
            *await self.battery.mode_problems(REST),
            *await self.battery.state_problems("idle"),
            *await self.battery.truth_problems(REST),
        ]

    async def _shown_resting(self) -> list[str]:
        return await self.battery.shown_problems(REST)

    async def _count(self) -> None:
        self._journal.append(await self.battery.journal())

    async def _need(
        self, seconds: float, find: Callable[[], Awaitable[list[str]]]
    ) -> None:
        self._raise(await no_problem_within(seconds, find))

    async def _sleep_until_end(self, seconds: float) -> None:
        left = (self.end - datetime.now(UTC)).total_seconds() + seconds
        await asyncio.sleep(max(left, 0))

    def _take(self, answer: Mapping[str, Any], problems: list[str]) -> None:
        self._raise(problems)
        self.end = end_of(answer)

    def _raise(self, problems: list[str]) -> None:
        if problems:
            raise DemoError("; ".join(problems))
