"""Random days in the life of one device and its manager."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from core.client.errors import ApiError
from core.control.driver import Observation
from core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    Intent,
    SelfUse,
    SetExportLimit,
    SetReserve,
    SetValues,
    Value,
)
from core.control.outcome import Problem, Refusal, Result
from simulator.virtual_time import VirtualClock, VirtualLoop

from .device import BEFORE, Device
from .fakes import World
from .model import Ended, Model, Witness

FAULTS = (
    None,
    "lost_request",
    "lost_answer",
    "not_sent",
    "refused",
    "too_soon",
    "budget",
    "ignored",
    "late",
    "offline",
)
# What the app sets: none of it is a value of ours
OUTSIDE: tuple[tuple[str, Value], ...] = (
    ("mode", "app"),
    ("window", "02:00-03:00"),
    ("power", 7),
    ("limit", 66),
    ("reserve", 33),
)
SURPRISES = ("crash", "crash", "outside", "before", "cancel", "offline", "reload")

minutes = st.sampled_from((1, 2, 15, 60, 600))
faults = st.lists(st.sampled_from(FAULTS), max_size=4)
outside = st.sampled_from(OUTSIDE)
# At which moment, what, and what is changed then
surprises = st.none() | st.tuples(
    st.sampled_from(range(1, 13)), st.sampled_from(SURPRISES), outside
)
type Surprise = tuple[int, str, tuple[str, Value]] | None
kinds = st.sampled_from(
    (
        "charge",
        "charge",
        "charge to",
        "discharge",
        "hold",
        "reserve for a while",
        "limit for a while",
        "reserve",
        "values",
        "one value",
        "refused values",
    )
)


class VirtualWorld(World):
    """A world whose time passes by itself."""

    def _later(self, seconds: float, call: Callable[[], None]) -> Any:
        return asyncio.get_running_loop().call_later(seconds, call)


class WritesMachine(RuleBasedStateMachine):
    """Writes, and whatever can get in their way."""

    def __init__(self) -> None:
        """Begin in self-use."""
        super().__init__()
        self.loop = VirtualLoop()
        self.clock = VirtualClock(self.loop)
        self.world: World
        self.model: Model
        self.witness: Witness | None = None
        self.reloading: asyncio.Task[None] | None = None

    @initialize(
        lag=st.sampled_from((0, 0, 3, 25)),
        delay=st.sampled_from((0, 0, 4)),
        late=st.sampled_from((1, 12)),
        periodic=st.booleans(),
        window=st.sampled_from((None, None, 15)),
        clamps=st.sampled_from((False, False, True)),
    )
    def begin(
        self,
        lag: float,
        delay: float,
        late: float,
        periodic: bool,
        window: int | None,
        clamps: bool,
    ) -> None:
        device = Device(values=BEFORE | ({"flag": False} if periodic else {}))
        device.lag, device.late, device.clamps = lag, late, clamps

        async def make() -> None:
            self.world = VirtualWorld(device, self.clock)

        self.run(make())
        driver = self.world.driver
        driver.delay, driver.periodic, driver.window_minutes = delay, periodic, window
        self.model = Model(self.world)

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.run(asyncio.sleep(seconds))

    def restart(self, *, down: timedelta = timedelta(0)) -> None:
        """Kill the program and start it again."""
        self.model.killed()
        self.world.kill()
        self.advance(0.001)
        self.clock.jump(down)

        async def boot() -> None:
            self.world.boot()

        self.run(boot())

    async def reload(self) -> None:
        """Unload and set up again."""
        old = self.world.manager
        await old.close(patience=60)
        if old._jobs.busy or self.world.tasks or self.world.device.in_flight:
            self.world.device.complaints.append("something went on after the reload")
        self.world.boot()

    def intent(self, kind: str, minutes: int, power: int | None, soc: int) -> Intent:
        until = self.clock.now() + timedelta(minutes=minutes)
        match kind:
            case "charge":
                return ForceCharge(until=until, power=power)
            case "charge to":
                return ForceCharge(until=until, power=power, target_soc=80)
            case "discharge":
                return ForceDischarge(until=until, power=power, target_soc=20)
            case "hold":
                return Hold(until=until)
            case "reserve for a while":
                return SetReserve(soc=soc, until=until)
            case "limit for a while":
                return SetExportLimit(percent=soc, until=until)
            case "reserve":
                return SetReserve(soc=soc)
            case "values":
                return SetValues(edits=(lambda now: {"reserve": soc, "limit": soc},))
            case "one value":
                return SetValues(edits=(lambda now: {"window": "03:00-04:00"},))
            case _:
                return SetValues(edits=(lambda now: {"reserve": 99},))

    @rule(
        kind=kinds,
        minutes=minutes,
        power=st.sampled_from((None, 1000, 4500)),
        soc=st.sampled_from((20, 50, 95)),
        faults=faults,
        surprise=surprises,
    )
    def ask(
        self,
        kind: str,
        minutes: int,
        power: int | None,
        soc: int,
        faults: list[str | None],
        surprise: Surprise,
    ) -> None:
        self.give(self.intent(kind, minutes, power, soc), faults, surprise)

    @rule(faults=faults, surprise=surprises)
    def self_use(
        self,
        faults: list[str | None],
        surprise: Surprise,
    ) -> None:
        self.give(SelfUse(), faults, surprise)

    @precondition(lambda self: self.world.device.online)
    @rule()
    def self_use_works(self) -> None:
        self.run(self.world.idle())
        self.the_right_store_governs()
        # What comes late may need a second try, which comes by itself
        settled = self.world.device.settled
        ended = self.give(SelfUse(), [], None)
        assert isinstance(ended, Result) or not settled
        self.advance(130)
        assert not self.world.manager.leases, "a lease never ends"

    def the_right_store_governs(self) -> None:
        """The vendor's other store governs no more."""
        book = self.world.manager._book
        for one in (book.mark, *self.world.manager.leases.values()):
            if one is not None:
                self.world.driver.store = one.store

    def give(
        self,
        intent: Intent,
        faults: list[str | None],
        surprise: Surprise,
    ) -> Ended:
        """Give an intent, let it come to its end, and judge what is said of it."""
        world = self.world
        self.run(world.idle())
        witness = self.witness = Witness(world, self.model, intent)
        world.device.faults = list(faults)
        ended = self.run(self._give(intent, surprise))
        world.device.faults.clear()
        world.moments.planned.clear()
        witness.judge(ended)
        self.witness = None
        if world.moments.crashed.is_set():
            self.restart()
        return ended

    async def _give(
        self,
        intent: Intent,
        surprise: Surprise,
    ) -> Ended:
        world = self.world
        caller = asyncio.ensure_future(world.manager.execute(intent))
        work: list[asyncio.Task[Any]] = []
        if surprise is not None:
            step, what, change = surprise
            world.moments.plan(step, lambda: self._surprise(what, change, caller, work))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        work += world.tasks
        killed = asyncio.ensure_future(world.moments.crashed.wait())
        for task in (caller, *work):
            await asyncio.wait({task, killed}, return_when="FIRST_COMPLETED")
        killed.cancel()
        if self.reloading is not None:
            await self.reloading
            self.reloading = None
        if world.moments.crashed.is_set():
            caller.cancel()
            return None
        told = await _end_of(caller)
        if isinstance(told, asyncio.CancelledError) and work:
            return await _end_of(work[0])
        return told

    def _surprise(
        self,
        what: str,
        change: tuple[str, Value],
        caller: asyncio.Task[Any],
        work: list[asyncio.Task[Any]],
    ) -> None:
        match what:
            case "crash":
                self.world.moments.crash()
            case "outside":
                self.outside_change(change)
            case "before":
                key = change[0]
                self.outside_change((key, self.model.allowed[key][0]))
            case "cancel":
                caller.cancel()
            case "offline":
                self.world.device.online = False
            case "reload":
                self.reloading = asyncio.ensure_future(self.reload())

    def outside_change(self, change: tuple[str, Value]) -> None:
        key, value = change
        if self.witness is not None:
            self.witness.touched.add(key)
        self.model.outside({key: value})

    @rule(change=outside)
    def changed_in_the_app(self, change: tuple[str, Value]) -> None:
        self.outside_change(change)

    @rule(seconds=st.sampled_from((1, 20, 70, 400, 1900)))
    def time_passes(self, seconds: float) -> None:
        self.advance(seconds)

    @rule(seconds=st.sampled_from((0, 90)))
    def online(self, seconds: float) -> None:
        self.advance(seconds)
        self.world.device.online = True

    @rule()
    def restarted(self) -> None:
        self.restart()

    @invariant()
    def nothing_went_wrong(self) -> None:
        complaints = self.world.device.complaints
        assert not complaints, complaints

    @invariant()
    def memory_and_disk_are_the_same(self) -> None:
        world = self.world
        if world.manager._jobs.busy:
            return
        leases = {str(k): one.dump() for k, one in world.manager.leases.items()}
        assert (world.disk.get("SN1") or {}).get("leases", {}) == leases

    @invariant()
    def without_a_lease_it_is_as_before(self) -> None:
        world = self.world
        if world.manager._jobs.busy or world.manager.leases:
            return
        if world.device.settled:
            self.model.meddled = False
            differs = self.model.differs()
            assert not differs, differs

    def teardown(self) -> None:
        """In the end everything comes back."""
        try:
            if hasattr(self, "world"):
                self.end()
        finally:
            with suppress(RuntimeError):
                for task in asyncio.all_tasks(self.loop):
                    task.cancel()
                self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()

    def end(self) -> None:
        world = self.world
        world.device.online, world.disk.full = True, False
        for seconds in (61, 61, 130, 1900, 1900, 1900):
            self.run(world.idle())
            if not world.manager.leases:
                break
            self.the_right_store_governs()
            last = max(lease.until for lease in world.manager.leases.values())
            self.clock.jump(max(last - self.clock.now(), timedelta(0)))
            self.advance(seconds)
        assert not world.manager.leases, "a lease never ends"
        self.advance(60)
        self.run(world.idle())
        self.nothing_went_wrong()
        self.memory_and_disk_are_the_same()
        self.without_a_lease_it_is_as_before()


class ControlMachine(WritesMachine):
    """Anything that can happen, in any order."""

    @rule(key=st.sampled_from(("mode", "power", "window", "limit", "reserve")))
    def changed_back_in_the_app(self, key: str) -> None:
        self.outside_change((key, self.model.allowed[key][0]))

    @rule(hours=st.sampled_from((-30, -1, 1, 5)))
    def clock_jumps(self, hours: int) -> None:
        self.clock.jump(timedelta(hours=hours))

    @rule(
        one=st.sampled_from(("charge", "hold", "reserve for a while")),
        other=st.sampled_from(("charge to", "discharge", "limit for a while")),
        minutes=minutes,
        faults=faults,
    )
    def two_at_once(
        self, one: str, other: str, minutes: int, faults: list[str | None]
    ) -> None:
        """Two automations want something else of the same device."""
        world = self.world
        forced = Problem.FORCED_WITHOUT_LEASE in world.manager.problems
        forced |= world.manager._jobs.busy
        self.model.begin()
        world.device.faults = list(faults)

        async def both() -> None:
            intents = [self.intent(kind, minutes, None, 50) for kind in (one, other)]
            callers = [asyncio.ensure_future(world.manager.execute(i)) for i in intents]
            for caller in callers:
                await _end_of(caller)

        self.run(both())
        world.device.faults.clear()
        if forced:
            self.model.may_be({"mode": "self_use"})

    @rule()
    def offline(self) -> None:
        self.world.device.online = False

    @rule()
    def poll(self) -> None:
        self.run(self.world.read())
        self.world.driver.seen = replace(
            self.world.driver.seen, reachable=self.world.device.online
        )
        self._observed()

    @rule(
        soc=st.sampled_from((10.0, 50.0, 80.0)),
        off_grid=st.sampled_from((None, False, False, True)),
        battery=st.sampled_from((None, 500.0, -3000.0)),
        obstacle=st.sampled_from((None, None, "no_battery")),
    )
    def observed(
        self,
        soc: float,
        off_grid: bool | None,
        battery: float | None,
        obstacle: str | None,
    ) -> None:
        self.world.driver.seen = Observation(
            soc=soc,
            off_grid=off_grid,
            battery=battery,
            obstacle=obstacle,
            reachable=self.world.device.online,
        )
        self._observed()

    def _observed(self) -> None:
        async def look() -> None:
            self.world.manager.observed()

        self.run(look())

    @rule(full=st.booleans())
    def disk(self, full: bool) -> None:
        self.world.disk.full = full

    @rule(hours=st.sampled_from((1, 48)))
    def restarted_after_a_long_time(self, hours: int) -> None:
        self.restart(down=timedelta(hours=hours))

    @rule()
    def reloaded(self) -> None:
        self.run(self.reload())

    @precondition(lambda self: self.world.device.settled)
    @rule()
    def the_lease_file_is_lost(self) -> None:
        self.run(self.world.idle())
        self.model.as_it_is()
        self.world.disk.text = self.world.disk.memory = "{}"
        self.restart()

    @precondition(lambda self: self.world.manager.leases)
    @rule()
    def the_device_forgets(self) -> None:
        """It was away for a moment, and came back as it was before."""
        self.run(self.world.idle())
        for lease in self.world.manager.leases.values():
            gone = {
                key: value
                for key, value in lease.put_back.items()
                if self.world.device.values.get(key) in lease.ours.get(key, ())
            }
            self.world.device.outside(gone)
            self.model.meddled = True
        self.world.driver.seen = replace(self.world.driver.seen, reachable=False)
        self._observed()
        self.world.driver.seen = replace(self.world.driver.seen, reachable=True)

    @rule(store=st.sampled_from(("", "other")))
    def another_store_governs(self, store: str) -> None:
        self.run(self.world.idle())
        self.world.driver.store = store

    @rule()
    def control_is_turned_off(self) -> None:
        manager = self.world.manager
        manager.allowed = False
        ended = self.run(manager.end("control_off"))
        assert ended is not bool(manager.leases)
        told = self.give(self.intent("charge", 15, None, 20), [], None)
        assert isinstance(told, Refusal)
        self.world.manager.allowed = True


async def _end_of(task: asyncio.Task[Any]) -> Ended:
    """Return how a task has ended."""
    await asyncio.wait({task})
    if task.cancelled():
        return asyncio.CancelledError()
    if (err := task.exception()) is not None:
        if not isinstance(err, ApiError | Refusal):
            raise err
        return err
    result: Result = task.result()
    return result
