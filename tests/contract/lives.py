"""Random days in the life of one device of a vendor, its driver and its manager."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import time, timedelta
import random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from .bench import POLL, Bench
from .benches import Entry
from .vendor import Case
from .wire import GATEWAY, LOST_ANSWER, LOST_REQUEST
from .wire_time import WireClock, WireLoop

# The wire's own, and by name what the vendor says
FAULTS = (
    None,
    None,
    LOST_REQUEST,
    LOST_ANSWER,
    GATEWAY,
    "not_sent",
    "refused_by_vendor",
    "too_soon",
)
# A device that can do nothing in this one is as good as one that always can
LAST_MINUTE = time(23, 59)
# Longer than the longest lease and the longest pause between two tries to put it back
LONG = 3 * 3600


def lives_of(entry: Entry, begin: Any) -> type[RuleBasedStateMachine]:
    """Return the machine of one device; `begin` is when its days begin."""
    timed = [
        case
        for case in entry.cases
        if case.timed and (case.gap is None or case.gap[0] >= LAST_MINUTE)
    ]
    faults = st.lists(st.sampled_from(FAULTS), max_size=4)

    class Lives(RuleBasedStateMachine):
        """Orders, and whatever can get in their way; what was before is in the end."""

        def __init__(self) -> None:
            """Begin as the entry says, in time of its own."""
            super().__init__()
            random.seed(1)
            self.loop = WireLoop()
            self.bench: Bench

        @initialize()
        def start(self) -> None:
            self.run(self._start())

        async def _start(self) -> None:
            clock = WireClock(self.loop, begin)
            self.bench = Bench(entry.make(clock), clock)
            await self.bench.start()
            self.before = self.bench.vendor.meaning()

        def run[T](self, work: Coroutine[Any, Any, T]) -> T:
            return self.loop.run_until_complete(work)

        @rule(
            case=st.sampled_from(timed),
            minutes=st.sampled_from((5, 20, 60)),
            faults=faults,
            killed_at=st.none() | st.sampled_from(range(1, 16)),
            arrives=st.booleans(),
        )
        def ask(
            self,
            case: Case,
            minutes: int,
            faults: list[Any],
            killed_at: int | None,
            arrives: bool,
        ) -> None:
            self.run(
                self._give(case.intent(self.bench, minutes), faults, killed_at, arrives)
            )

        @rule(faults=faults, killed_at=st.none() | st.sampled_from(range(1, 12)))
        def self_use(self, faults: list[Any], killed_at: int | None) -> None:
            intent = self.bench.words.SelfUse()
            self.run(self._give(intent, faults, killed_at, arrives=True))

        async def _give(
            self,
            intent: Any,
            faults: list[Any],
            killed_at: int | None,
            arrives: bool,
        ) -> None:
            bench = self.bench
            await bench.idle()
            bench.faults.writes = [
                getattr(bench.vendor, one)
                if isinstance(one, str) and one != "not_sent"
                else one
                for one in faults
            ]
            if killed_at is not None:
                bench.arrives = arrives
                bench.moments.last = bench.moments.passed + killed_at
            with suppress(
                bench.words.ApiError, bench.words.Refusal, asyncio.CancelledError
            ):
                await bench.give(intent)
            bench.faults.writes = []
            bench.moments.last = None
            if bench.moments.over:
                await bench.clock.sleep(5)
                await bench.boot()

        @rule(seconds=st.sampled_from((20, 70, 400, 1900)))
        def time_passes(self, seconds: float) -> None:
            self.run(self.bench.wait(seconds))
            self.run(self.bench.read())

        @rule(seconds=st.sampled_from((5, 1800)))
        def restarted(self, seconds: float) -> None:
            self.run(self._restart(seconds))

        async def _restart(self, seconds: float) -> None:
            self.bench.kill()
            await self.bench.clock.sleep(seconds)
            await self.bench.boot()

        @rule()
        def out_of_reach(self) -> None:
            self.bench.vendor.switch(online=False)
            self.run(self.bench.poll())

        @rule()
        def in_reach(self) -> None:
            self.bench.vendor.switch()
            self.run(self.bench.poll())

        @precondition(lambda self: self.bench.leases)
        @rule()
        def the_device_restarts(self) -> None:
            """It is as before then, and was away for a moment."""
            self.run(self._restart_device())

        async def _restart_device(self) -> None:
            bench = self.bench
            await bench.idle()
            bench.vendor.switch(online=False)
            await bench.wait(POLL)
            bench.vendor.restart_device()
            bench.vendor.switch()
            await bench.poll()
            await bench.read()

        @rule(hours=st.sampled_from((1, 5)))
        def the_clock_is_set(self, hours: int) -> None:
            """Forward only: the simulated house has the same clock, and no way back."""
            self.bench.clock._wall += timedelta(hours=hours)

        @invariant()
        def nothing_went_wrong(self) -> None:
            assert not self.bench.complaints, self.bench.complaints

        @invariant()
        def without_a_lease_it_is_as_before(self) -> None:
            bench = self.bench
            if not (bench.leases or bench.manager._jobs.busy):
                assert bench.vendor.meaning() == self.before

        def teardown(self) -> None:
            """In the end everything comes back."""
            try:
                if hasattr(self, "bench"):
                    self.run(self._end())
            finally:
                with suppress(RuntimeError):
                    self.run(self.bench.stop())
                self.loop.close()

        async def _end(self) -> None:
            bench = self.bench
            bench.vendor.switch()
            await bench.wait(LONG)
            await bench.idle()
            await bench.read()
            assert bench.leases == [], "a lease never ends"
            assert bench.vendor.meaning() == self.before
            assert bench.vendor.shown() == bench.vendor.stored()
            assert not bench.complaints, bench.complaints

    Lives.__name__ = Lives.__qualname__ = f"Lives[{entry}]"
    return Lives
