"""A vendor and a world around one manager, all of it under control."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.client.clock import Clock
from core.client.errors import ApiError, TransportError, WriteUnknown
from core.control.driver import (
    Capabilities,
    Observation,
    Plan,
    Range,
    Settings,
    Step,
    Timing,
)
from core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Intent,
    Kind,
    Leasable,
    SetExportLimit,
    SetReserve,
    SetValues,
    Value,
    Values,
)
from core.control.jobs import Closing
from core.control.manager import ControlManager, Surroundings
from core.control.outcome import Refusal
from tests.core.fake_clock import FakeClock

from .device import BEFORE, Device, Disk, Moments, Notes

__all__ = ["BEFORE", "Device", "Driver", "World"]

# Which request carries which keys, in the order in which a force begins
REQUESTS = {
    "mode": ("mode", "window"),
    "power": ("power", "limit"),
    "period": ("period", "flag"),
    "reserve": ("reserve",),
}


class Driver:
    """A vendor with a mode, a window, a power and a reserve.

    `periodic` adds a period that is not there by itself and a flag that cannot be
    read; with `window_minutes` the device ends a charge by itself.
    """

    capabilities = Capabilities(
        intents=frozenset(Kind),
        blocks=frozenset(HoldBlock),
        power=Range(low=0, high=5000),
        reserve=Range(low=0, high=100),
        timing=Timing(read_back=40, reaction=360, too_soon=(30, 60)),
        writes_per_day=30,
    )

    def __init__(self, device: Device, clock: Clock, moments: Moments) -> None:
        self.device, self.clock, self.moments = device, clock, moments
        self.seen = Observation(soc=50.0, battery=500.0)
        self.periodic = False
        self.store = ""
        self.volatile: frozenset[str] = frozenset()
        self.fallback: dict[str, Value] = {}
        # What an answer lacks, now and then
        self.lacking: frozenset[str] = frozenset()
        self.exhaustive = False
        self.window_minutes: float | None = None
        self.begins_in: float | None = None
        self.delay = 0.0
        self.budget: ApiError | None = None
        # The last values that may have arrived of keys that cannot be read
        self.noted: dict[str, Value] = {"flag": False}
        self.plans: list[tuple[Intent, Plan]] = []
        self.memos: list[dict[str, Any]] = []

    def observation(self) -> Observation:
        if self.seen.at is not None:
            return self.seen
        return replace(self.seen, at=self.clock.now(), fresh=True)

    async def read(self) -> Settings:
        await self.moments.reach()
        values = self.device.read()
        if self.periodic:
            values = {k: v for k, v in values.items() if k != "flag"} | self.noted
        values = {k: v for k, v in values.items() if k not in self.lacking}
        return Settings(
            observed_at=self.clock.now(),
            values=values,
            assumed=frozenset({"flag"} if self.periodic else ()),
            store=self.store,
            volatile=self.volatile,
            fallback=self.fallback,
            exhaustive=self.exhaustive,
        )

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        assert base.values
        device_until = None
        match intent:
            case ForceCharge():
                target: dict[str, Value] = {
                    "mode": "force",
                    "power": int(intent.power or 5000),
                    "limit": int(intent.target_soc or 100),
                }
                if self.window_minutes is not None:
                    ends = now + timedelta(minutes=self.window_minutes)
                    device_until = min(ends, intent.until)
                    target["window"] = f"until {device_until:%H:%M}"
            case ForceDischarge():
                target = {"mode": "export", "power": int(intent.power or 5000)}
                if self.periodic:
                    target |= {"period": [int(intent.power or 5000), 10], "flag": True}
            case Hold():
                target = {"mode": "hold", "window": "00:00-23:45"}
            case SetReserve():
                target = {"reserve": int(intent.soc)}
            case SetExportLimit():
                target = {"limit": int(intent.percent or 0)}
            case SetValues():
                target = {}
                for edit in intent.edits:
                    target |= edit({**base.values, **target})
                if target.get("reserve") == 99:
                    raise Refusal("limit_range", low=0, high=98)
            case _:
                target = {}
        begins = self.begins_in
        plan = Plan(
            target=target,
            effective=dict(target),
            memo={"kinds": {str(intent.kind): 1}},
            device_until=device_until,
            effective_from=None if begins is None else now + timedelta(seconds=begins),
        )
        self.plans.append((intent, plan))
        return plan

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        assert settings.values
        return [
            Step(label=label, values=values)
            for label, keys in REQUESTS.items()
            if (values := {k: changes[k] for k in keys if k in changes})
        ]

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        token, device = object(), self.device
        if device.in_flight:
            device.complaints.append("two writes at the same time")
        device.in_flight.add(token)
        self.memos.append(dict(memo))
        unread = {key: step.values[key] for key in self.noted if key in step.values}
        try:
            await self.moments.reach()
            if self.delay:
                await self.clock.sleep(self.delay)
            try:
                device.write(step.values)
            except WriteUnknown:
                self.noted |= unread
                raise
            self.noted |= unread
            await self.moments.reach()
        finally:
            device.in_flight.discard(token)

    def restorable(self, changes: Values, settings: Settings) -> Values:
        return changes

    def admit(self, requests: int) -> None:
        if self.budget is not None and requests:
            raise self.budget

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        if isinstance(intent, SetReserve) or seen.battery is None:
            return None
        return seen.battery < -100 if isinstance(intent, ForceCharge) else True

    def forced(self, settings: Settings, mark: Values) -> Values:
        mode = settings.values.get("mode")
        return {"mode": "self_use"} if mark and mode == mark.get("mode") else {}


class World:
    """One device with its disk, and one manager at a time."""

    def __init__(self, device: Device | None = None, clock: Any | None = None) -> None:
        self.moments = Moments()
        self.clock: Any = clock or FakeClock()
        self.device = device or Device()
        self.device.now, self.device.later = self.clock.monotonic, self._later
        self.disk, self.notes = Disk(self.moments), Notes(self.moments)
        self.driver = Driver(self.device, self.clock, self.moments)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.on_event: Callable[[str], None] = lambda event: None
        self.on_done: Callable[[str], None] = lambda name: None
        self.timers: list[Callable[[], None]] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.manager = self.boot()

    def boot(self) -> ControlManager:
        """Begin with a new manager on the same disk and device."""
        self.manager = ControlManager(
            "SN1",
            self.driver,
            Surroundings(
                clock=self.clock,
                store=self.disk,
                notes=self.notes,
                spawn=self._spawn,
                call_later=self._call_later,
                today=lambda: self.clock.now().date().isoformat(),
            ),
            owner="entry",
        )
        self.manager.listen_events(self._event)
        self.manager.start()
        return self.manager

    def _event(self, event: Any) -> None:
        self.events.append((str(event.type), dict(event.data)))
        self.on_event(str(event.type))

    def kill(self) -> None:
        """End everything at once, as a SIGKILL does."""
        self.manager._jobs._closed = True
        for cancel in self.timers:
            cancel()
        for task in self.tasks:
            task.cancel()
        self.timers.clear()
        self.tasks.clear()
        self.device.in_flight.clear()
        self.moments.planned.clear()
        self.moments.crashed = asyncio.Event()
        self.disk.restart()

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.append(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Take note of errors that nobody has foreseen."""
        if task in self.tasks:
            self.tasks.remove(task)
        self.on_done(task.get_name())
        if task.cancelled() or (err := task.exception()) is None:
            return
        if task.get_name() == "maintenance" or not isinstance(
            err, ApiError | Refusal | Closing
        ):
            self.device.complaints.append(f"{task.get_name()} failed: {err!r}")

    def _call_later(
        self, seconds: float, call: Callable[[], None]
    ) -> Callable[[], None]:
        timer = self._later(seconds, call)

        def cancel() -> None:
            timer.cancel()

        self.timers.append(cancel)
        return cancel

    def _later(self, seconds: float, call: Callable[[], None]) -> asyncio.Task[None]:
        async def wait() -> None:
            await self.clock.sleep(seconds)
            call()

        return asyncio.get_running_loop().create_task(wait())

    async def run[T](self, work: Coroutine[Any, Any, T], seconds: float = 600) -> T:
        """Await something while time passes."""
        task = asyncio.ensure_future(work)
        for _ in range(int(seconds)):
            if task.done():
                break
            await self.clock.advance(1)
        return await task

    async def idle(self) -> None:
        """Let time pass until nothing is being done."""
        while self.manager._jobs.busy:
            await self.clock.sleep(1)

    async def read(self) -> Settings:
        """Poll the settings for others, as a coordinator does."""
        with suppress(TransportError):
            self.manager.settings_read(await self.driver.read())
        return Settings(observed_at=self.clock.now(), values=self.device.shown())

    def event_types(self) -> list[str]:
        return [event for event, _ in self.events]
