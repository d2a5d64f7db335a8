"""One device with a manager on it, and all that can happen to both."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
import json
from random import Random
from typing import Any

import aiohttp

from .disk import Disk, NoteFile
from .vendor import Battery, Vendor
from .wire import LOST_REQUEST, Connector, Moments, Script
from .wire_time import WireClock, WireLoop

POLL = 60
SETTINGS_POLL = 600


class Bench:
    """A simulator behind HTTP, and a program with the vendor's client and driver.

    Attributes:
        words: The names of the vendor's copy of the core.
        faults: What the next requests meet.
        moments: Where the program can be killed.
        events: What the manager told, as type and data.
        complaints: Errors of tasks that nobody has foreseen.
        dice: What `pick` throws; None for the usual numbers.
    """

    def __init__(self, vendor: Vendor, clock: WireClock) -> None:
        """Use a vendor whose simulator goes by the same clock; see `start`."""
        self.vendor, self.clock, self.words = vendor, clock, vendor.words
        self.moments = Moments()
        self.moments.kill = self.kill
        self.disk, self.notes = Disk(self.moments), NoteFile()
        self.faults = vendor.simulator.faults = Script(vendor.is_write)
        self.faults.on_request = self._on_request
        self.faults.is_read = vendor.is_posted_read
        self.arrives = True
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.complaints: list[str] = []
        self.dice: Random | None = None
        self.manager: Any = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._loop = asyncio.get_running_loop()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Start simulator and program, and read what the device does."""
        self.vendor.prepare(self.notes)
        await self.vendor.simulator.start()
        if isinstance(self._loop, WireLoop):
            self._loop.rest()
        self._session = aiohttp.ClientSession(connector=Connector(self.faults))
        await self.boot()

    async def stop(self) -> None:
        """End everything."""
        self.kill()
        session, self._session = self._session, None
        if session is None:
            return
        await session.close()
        await self.vendor.simulator.stop()

    async def boot(self) -> None:
        """Begin with a new program on the same disk and device."""
        self.moments.over, self.moments.last = False, None
        self.vendor.connect(self._session, self.clock, self.notes)
        await self.vendor.poll()
        words = self.words
        self.manager = words.ControlManager(
            self.vendor.key,
            self.vendor.driver,
            words.Surroundings(
                clock=self.clock,
                store=self.disk,
                notes=self.vendor.notes,
                spawn=self._spawn,
                call_later=self._call_later,
                today=self._today,
            ),
            owner="entry",
        )
        self.manager.listen_events(
            lambda event: self.events.append((str(event.type), dict(event.data)))
        )
        self.manager.start()

    def kill(self) -> None:
        """End the program at once, as a SIGKILL does."""
        if self.manager is not None:
            self.manager._jobs._closed = True
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        self._timers.clear()
        self._tasks.clear()

    def _today(self) -> str:
        return self.clock.now().astimezone(self.vendor.zone).date().isoformat()

    def _on_request(self, endpoint: str) -> Any:
        if self.moments.over:
            return None
        over = self.moments.here()
        if self.vendor.is_write(endpoint):
            self.moments.writes.append(self.moments.passed)
        if not over:
            return None
        return None if self.arrives else LOST_REQUEST

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        task = self._loop.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (err := task.exception()) is None:
            return
        foreseen = isinstance(err, self.words.ApiError | self.words.Refusal)
        if task.get_name() == "maintenance" or not foreseen:
            self.complaints.append(f"{task.get_name()} failed: {err!r}")

    def _call_later(
        self, seconds: float, call: Callable[[], None]
    ) -> Callable[[], None]:
        timer = self._loop.call_later(seconds, call)
        self._timers.add(timer)

        def cancel() -> None:
            timer.cancel()
            self._timers.discard(timer)

        return cancel

    # What a test asks for

    def after(self, minutes: float) -> datetime:
        """Return the moment so many minutes from now."""
        return self.clock.now() + timedelta(minutes=minutes)

    def pick(self, usual: int, low: int, high: int) -> int:
        """Return a number for an intent."""
        return usual if self.dice is None else self.dice.randint(low, high)

    async def give(self, intent: Any) -> Any:
        """Return the result of an intent."""
        return await self.manager.execute(intent)

    async def outcome(self, intent: Any) -> str:
        """Return how an intent ends, errors included."""
        try:
            return str((await self.manager.execute(intent)).outcome)
        except self.words.ApiError as err:
            return str(self.words.outcome_of(err))

    async def poll(self) -> None:
        """Read what the device does, as the integration does each minute."""
        await self.vendor.poll()
        self.manager.observed()

    async def read(self) -> Any:
        """Read the settings for others, as the integration does every ten minutes."""
        with suppress(self.words.ApiError):
            settings = await self.vendor.driver.read()
            self.manager.settings_read(settings)
            return settings
        return None

    async def wait(self, seconds: float, *, polls: bool = True) -> None:
        """Let time pass, with the polls of an integration."""
        end = self.clock.monotonic() + seconds
        while (left := end - self.clock.monotonic()) > 0.001:
            await self.clock.sleep(min(left, POLL))
            if polls:
                await self.poll()
                if self.clock.monotonic() % SETTINGS_POLL < POLL:
                    await self.read()

    async def idle(self) -> None:
        """Let time pass until nothing is being done."""
        while self.manager._jobs.busy:
            await self.clock.sleep(1)

    # What is true

    def truth(self) -> str:
        """Return all settings of the device as JSON text."""
        return json.dumps(self.vendor.truth())

    def battery(self) -> Battery:
        """Return what the battery really does."""
        live = self.vendor.house().live()
        return Battery(live.battery_w, live.grid_w, live.soc)

    @property
    def effects(self) -> list[Any]:
        """What writes have changed."""
        return self.vendor.effects()

    @property
    def sent(self) -> int:
        """How many writes have arrived, whatever became of them."""
        return len(self.faults.sent)

    @property
    def leases(self) -> list[str]:
        """Which slots have a lease on disk."""
        record = self.disk.records.get(self.vendor.key) or {}
        return sorted(record.get("leases") or {})

    def event_types(self) -> list[str]:
        """Return which events there were."""
        return [event for event, _ in self.events]


async def comes_back(bench: Bench, before: str) -> None:
    """Assert that whatever was leased is put back in the end."""
    await bench.wait(40 * 60)
    assert bench.truth() == before
    assert bench.leases == []
    assert bench.manager.state == "idle"
    assert bench.vendor.shown() == bench.vendor.stored()
