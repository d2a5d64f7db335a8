"""A live feed without Home Assistant, on the simulator's broker, in frozen time."""

import asyncio
from asyncio import Task
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import aiohttp
from freezegun.api import FrozenDateTimeFactory

from custom_components.goodwe_energy._vendor.core.client.clock import SystemClock
from custom_components.goodwe_energy.live.feed import LOOK, LiveFeed
from simulator.goodwe import GoodWeSimulator

# Timers are not exact to the last digit of a float
_MORE = 0.001


async def comes(check: Callable[[], Any]) -> bool:
    """Wait a real moment for something that comes over the loopback."""
    loop = asyncio.get_running_loop()
    for _ in range(1500):
        if check():
            return True
        await loop.run_in_executor(None, lambda: None)
        await asyncio.sleep(0)
    return False


async def calm() -> None:
    """Let all that is on its way arrive."""
    for _ in range(120):
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        await asyncio.sleep(0)


class Api:
    """The two requests, as the simulated gateway answers them."""

    def __init__(self, sim: GoodWeSimulator) -> None:
        self.sim, self.clock = sim, SystemClock()
        self.enabled_at: list[float] = []
        self.configs: list[Mapping[str, Any]] = []
        self.error: Exception | None = None
        self.hold: asyncio.Event | None = None

    async def live_enable(self, station: str) -> bool:
        """Note the time; wait, fail, or have the broker push."""
        self.enabled_at.append(self.clock.monotonic())
        if self.hold is not None:
            await self.hold.wait()
        if self.error is not None:
            raise self.error
        return self.sim.push.enable(station)

    async def live_config(self) -> Mapping[str, Any]:
        """Return what the broker lets in."""
        self.configs.append(self.sim.push.issue())
        return self.configs[-1]


class Bench:
    """The feed and what it did."""

    def __init__(
        self,
        sim: GoodWeSimulator,
        session: aiohttp.ClientSession,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        self.sim, self.push, self._freezer = sim, sim.push, freezer
        self.api = Api(sim)
        self.stations = [station.id for station in sim.stations]
        self.url = sim.broker
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.changes: list[tuple[str, bool]] = []
        self.pauses: list[float] = []
        self.timers: set[asyncio.TimerHandle] = set()
        self.tasks: set[Task[None]] = set()
        self.fails: Exception | None = None
        self.useful = True
        self.feed = LiveFeed(
            self.api,
            session,
            url=lambda: self.url,
            stations=lambda: list(self.stations),
            push=self._push,
            changed=lambda station, live: self.changes.append((station, live)),
            clock=self.api.clock,
            begin=self._begin,
            later=self._later,
        )

    def _push(self, station: str, raw: dict[str, Any]) -> bool:
        self.told.append((station, raw))
        if self.fails is not None:
            raise self.fails
        return self.useful

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> Task[None]:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def _later(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        if seconds != LOOK:
            self.pauses.append(seconds)

        def act() -> None:
            self.timers.discard(timer)
            action()

        def cancel() -> None:
            self.timers.discard(timer)
            timer.cancel()

        timer = asyncio.get_running_loop().call_later(seconds, act)
        self.timers.add(timer)
        return cancel

    async def begin(self) -> None:
        """Start, and wait until it tells something."""
        self.feed.start()
        assert await comes(lambda: self.told)

    async def tick(self, seconds: float) -> None:
        """Let seconds pass, with all that is due at their end."""
        self._freezer.tick(seconds + _MORE)
        await calm()

    async def fails_again(self) -> None:
        """Let the present pause pass and wait for the next one."""
        before = len(self.pauses)
        await self.tick(self.pauses[-1])
        assert await comes(lambda: len(self.pauses) > before)
