"""Parameter tasks: dispatched, delivered some seconds later, then over (6.1)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..noise import dice
from . import heartbeats
from .home import LOGGER
from .parameters import (
    BOOT,
    EMS_HEARTBEAT,
    EMS_MODE,
    EXPORT,
    EXPORT_RATIO,
    EXPORT_W,
    HEARTBEAT,
    IN_WATTS,
    MODE,
    Parameter,
    parameters_of,
)
from .scale import raw_to_stored, shown

if TYPE_CHECKING:
    from .device import Device
    from .plant import Plant

WRITE, READ = 0, 2
PENDING, EXECUTING, SUCCESS, FAILURE, TIMEOUT = 1, 2, 4, 5, 6
RUNNING, FINISHED = 2, 8
REBOOT_SECONDS = 90.0
LOGGER_SECONDS = 60.0
"""After so long a logger puts its own export limit over an inverter's (6.5)."""


@dataclass(slots=True, kw_only=True)
class Row:
    """One parameter of a task."""

    code: int
    set_value: str
    """As it was sent; empty in a read."""
    return_value: str = ""
    status: int = PENDING


@dataclass(slots=True, kw_only=True)
class Task:
    """One task of one device; times in UTC."""

    number: int
    name: str
    kind: int
    """0 write, 2 read."""
    created: datetime
    expires: datetime
    ends: datetime | None
    """None: never by itself."""
    rows: list[Row] = field(default_factory=list)
    over: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether it is not over."""
        return self.over is None

    def status_of(self, row: Row, now: datetime) -> int:
        """Return the status of a row: rows begin one after the other."""
        if not self.running or self.ends is None:
            return row.status
        share = (now - self.created) / max(
            self.ends - self.created, timedelta(seconds=0.001)
        )
        return EXECUTING if share >= 0.3 else PENDING


def dispatch(
    plant: Plant,
    device: Device,
    number: int,
    task: tuple[int, str, float],
    rows: list[Row],
) -> Task:
    """Send a task (kind, name, seconds until it expires) to a device."""
    kind, name, expire = task
    now = device.house.live().at
    switches = device.switches
    seconds = switches.task_seconds
    if seconds is None:
        draw = dice(device.house.spec.seed, f"task/{device.uuid}", len(device.tasks))
        seconds = draw.uniform(5, 20)
    expires = now + timedelta(seconds=expire or 1800)
    ends = None if switches.task == "stuck" else now + timedelta(seconds=seconds)
    made = Task(
        number=number,
        name=name,
        kind=kind,
        created=now,
        expires=expires,
        ends=ends,
        rows=rows,
    )
    device.tasks.append(made)
    if ends is not None:
        device.house.call_at(min(ends, expires), lambda: _finish(plant, device, made))
    return made


def _finish(plant: Plant, device: Device, task: Task) -> None:
    now = task.over = device.house.live().at
    late = task.ends is not None and task.ends > task.expires
    if late or device.switches.task == "timeout" or not device.switches.online:
        for row in task.rows:
            row.status = TIMEOUT
        return
    known = parameters_of(device.spec)
    if task.kind == READ:
        for row in task.rows:
            if str(row.code) in device.switches.silent:
                row.status = TIMEOUT
                continue
            row.return_value = shown(device, known[row.code], late=True)
            row.status = SUCCESS
        return
    changes: dict[int, int] = {}
    for row in task.rows:
        row.status = _write(device, known[row.code], row, changes)
    if changes and device.switches.executes:
        _obey(plant, device, changes, now)


def _write(
    device: Device, parameter: Parameter, row: Row, changes: dict[int, int]
) -> int:
    switches = device.switches
    if switches.row_fails:
        return FAILURE
    value = int(row.set_value)
    if parameter.code in IN_WATTS:
        value = raw_to_stored(device, value)
    if parameter.names:
        # An unknown value is silently refused (6.1)
        if value not in {raw for _, raw in parameter.names}:
            return SUCCESS
    elif value > parameter.high:
        value = parameter.high
    if switches.same_fails and device.parameters.stored[parameter.code] == value:
        return FAILURE
    if parameter.code != MODE or not switches.mode_sticks:
        changes[parameter.code] = value
    return SUCCESS


def _obey(plant: Plant, device: Device, changes: dict[int, int], now: datetime) -> None:
    before = dict(device.parameters.stored)
    device.put(changes)
    device.journal.effect(now, "parameters", before, dict(device.parameters.stored))
    if changes.keys() & {HEARTBEAT, EMS_HEARTBEAT}:
        device.heartbeats.append(now)
    if changes.keys() & {HEARTBEAT, EMS_HEARTBEAT, MODE, EMS_MODE}:
        heartbeats.watch(device)
    if changes.get(BOOT) == 174:
        _reboot(device, now)
    if changes.keys() & {EXPORT, EXPORT_W, EXPORT_RATIO}:
        _overrule(plant, device, now)


def _reboot(device: Device, now: datetime) -> None:
    was = device.switches.online
    device.switches.online = False

    def back() -> None:
        device.switches.online = was
        device.put({BOOT: 207}, reaction=0.0)

    device.house.call_at(now + timedelta(seconds=REBOOT_SECONDS), back)


def _overrule(plant: Plant, device: Device, now: datetime) -> None:
    """Let the logger of a plant put its own limit over that of an inverter (6.5)."""
    loggers = [other for other in plant.of(LOGGER) if other is not device]
    if not loggers:
        return

    def put() -> None:
        own = loggers[0].parameters.stored
        wanted = {
            EXPORT: 170 if own[EXPORT] else 85,
            EXPORT_RATIO: max(own[EXPORT_RATIO], 0),
            EXPORT_W: int(device.rated_w),
        }
        device.put(wanted, reaction=0.0)

    device.house.call_at(now + timedelta(seconds=LOGGER_SECONDS), put)
