"""A device and a disk that fail when they are told to."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import json
from typing import Any

from core.client.errors import (
    ThrottledError,
    TransportError,
    WriteRejected,
    WriteUnknown,
)
from core.control.intent import Value, Values
from core.control.lease import LeaseNotSaved

BEFORE: dict[str, Value] = {
    "mode": "self_use",
    "power": 0,
    "window": "01:00-05:00",
    "reserve": 10,
    "limit": 90,
}
# What the device makes of more than it can
MOST = {"limit": 95, "reserve": 60, "power": 4000}


class Moments:
    """The moments between two steps, each of which can be the last.

    `planned` is called at the n-th moment from now on. After `crash` nothing that is
    on its way comes back.
    """

    def __init__(self) -> None:
        """Begin without surprises."""
        self.planned: dict[int, Callable[[], None]] = {}
        self.passed = 0
        self.crashed: asyncio.Event = asyncio.Event()

    def plan(self, steps: int, call: Callable[[], None]) -> None:
        """Call at the `steps`-th moment from now."""
        self.planned[self.passed + steps] = call

    def crash(self) -> None:
        """Kill the program here."""
        self.crashed.set()

    async def reach(self) -> None:
        """Pass a moment; never returns in a program that was killed."""
        await asyncio.sleep(0)
        self.passed += 1
        if (call := self.planned.pop(self.passed, None)) is not None:
            call()
        if self.crashed.is_set():
            await asyncio.get_running_loop().create_future()


@dataclass
class Device:
    """What is set, and what happens to the next requests.

    `faults` is taken from the front, one per write: None, "lost_request",
    "lost_answer", "not_sent", "refused", "too_soon", "budget", "ignored", "clamped",
    "late" (arrives after `late` seconds) or "offline". A write is seen by reads only
    after `lag` seconds. With `clamps` every number is clamped. `on_write` is asked what is wrong
    with a request, `on_effect` is told what arrives.
    """

    values: dict[str, Value] = field(default_factory=lambda: dict(BEFORE))
    faults: list[str | None] = field(default_factory=list)
    online: bool = True
    clamps: bool = False
    lag: float = 0.0
    late: float = 20.0
    now: Callable[[], float] = lambda: 0.0
    later: Callable[[float, Callable[[], None]], object] = lambda seconds, call: None
    on_write: Callable[[Values], str | None] = lambda values: None
    on_effect: Callable[[Values], None] = lambda values: None
    reads: int = 0
    last_read: dict[str, Value] = field(default_factory=dict)
    sent: list[dict[str, Value]] = field(default_factory=list)
    effects: list[dict[str, Value]] = field(default_factory=list)
    in_flight: set[object] = field(default_factory=set)
    on_the_way: int = 0
    complaints: list[str] = field(default_factory=list)
    # What may have been changed, for all that who has read last can know
    touched: set[str] = field(default_factory=set)
    # After a crash nobody knows what is still on its way
    doubtful: bool = False
    _hidden: dict[str, tuple[float, Value]] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Whether everything that was sent is there and can be read."""
        return not self.on_the_way and self.shown() == self.values

    def shown(self) -> dict[str, Value]:
        """Return what can be read now."""
        now = self.now()
        self._hidden = {k: v for k, v in self._hidden.items() if now < v[0]}
        old = {key: value for key, (_, value) in self._hidden.items()}
        return {k: v for k, v in (self.values | old).items() if v is not None}

    def read(self) -> dict[str, Value]:
        """Answer a request for the settings."""
        self.reads += 1
        if not self.online:
            raise TransportError("no answer")
        self.last_read = self.shown()
        self.touched = set(self._hidden)
        return dict(self.last_read)

    def outside(self, values: Values) -> None:
        """Change something that nobody here has asked for."""
        for key, value in values.items():
            self._hidden.pop(key, None)
            self.touched.add(key)
            self._set(key, value)

    def write(self, values: Values) -> None:
        """Take one request."""
        self.sent.append(dict(values))
        if wrong := self.on_write(values):
            self.complaints.append(wrong)
        fault = self.faults.pop(0) if self.faults else None
        if not self.online:
            raise WriteUnknown("no answer")
        match fault:
            case "lost_request":
                raise WriteUnknown("no answer")
            case "not_sent":
                raise TransportError("no connection")
            case "refused":
                raise WriteRejected("the device says no")
            case "too_soon":
                raise ThrottledError("too soon", code="6053")
            case "budget":
                raise ThrottledError("our own budget")
            case "ignored":
                return
            case "offline":
                self.online = False
                raise WriteUnknown("no answer")
            case "late":
                self.on_the_way += 1
                self.later(self.late, lambda: self._arrive(values))
                raise WriteUnknown("no answer")
        self._take(values, clamped=self.clamps or fault == "clamped")
        if fault == "lost_answer":
            raise WriteUnknown("no answer")

    def _arrive(self, values: Values) -> None:
        self.on_the_way -= 1
        self.touched |= values.keys()
        self._take(values, clamped=self.clamps)

    def _take(self, values: Values, *, clamped: bool = False) -> None:
        if clamped:
            values = {
                key: min(value, MOST[key])
                if key in MOST and isinstance(value, int)
                else value
                for key, value in values.items()
            }
        self.on_effect(values)
        shown = self.shown()
        changed = {k: v for k, v in values.items() if self.values.get(k) != v}
        if changed:
            self.effects.append(changed)
        elif (
            values.keys() != {"flag"}  # cannot be read, so it may be sent in doubt
            and not (clamped or self.doubtful)
            and self.touched.isdisjoint(values)
        ):
            self.complaints.append(f"{values} took effect twice")
        for key, value in changed.items():
            if self.lag:
                self._hidden[key] = (self.now() + self.lag, shown.get(key))
            self._set(key, value)

    def _set(self, key: str, value: Value) -> None:
        if value is None:
            self.values.pop(key, None)
        else:
            self.values[key] = value


class Disk:
    """The lease file: what is written survives, what is refused does not.

    `text` is on the disk, `memory` what the program believes to be there.
    """

    def __init__(self, moments: Moments) -> None:
        """Begin with an empty file."""
        self.text = self.memory = "{}"
        self.full = False
        self.history: list[str] = []
        self._moments = moments

    @property
    def records(self) -> dict[str, Any]:
        """Return what is on the disk."""
        return json.loads(self.text)  # type: ignore[no-any-return]

    def restart(self) -> None:
        """Read the file again, as a program that starts does."""
        self.memory = self.text

    def get(self, key: str) -> Mapping[str, Any] | None:
        return json.loads(self.memory).get(key)  # type: ignore[no-any-return]

    async def begin(self, key: str, record: Mapping[str, Any]) -> None:
        await self._moments.reach()
        if self.full:
            raise LeaseNotSaved("disk full")
        self._write(key, record)
        await self._moments.reach()

    async def update(self, key: str, record: Mapping[str, Any] | None) -> None:
        await self._moments.reach()
        self._write(key, record)
        await self._moments.reach()

    def _write(self, key: str, record: Mapping[str, Any] | None) -> None:
        records = {k: v for k, v in json.loads(self.memory).items() if k != key}
        if record is not None:
            records[key] = record
        self.memory = json.dumps(records)
        if not self.full:
            self.text = self.memory
            self.history.append(self.text)


class Notes:
    """Notes that survive; a program that was killed writes none."""

    def __init__(self, moments: Moments) -> None:
        """Begin without notes."""
        self.values: dict[str, Any] = {}
        self._moments = moments

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def set(self, key: str, value: Any) -> None:
        if self._moments.crashed.is_set():
            return
        if value is None:
            self.values.pop(key, None)
        else:
            self.values[key] = value

    async def save(self) -> None:
        """Return when all notes are on disk."""
