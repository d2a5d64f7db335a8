"""What tests can make a device do."""

from dataclasses import dataclass, field
from typing import Literal

from ..switches import Kind


@dataclass(slots=True, kw_only=True)
class DeviceSwitches:
    """Quirks of one device; sections of the reference in brackets."""

    online: bool = True
    """False: no upload, tasks are refused with 7."""
    fault_status: Literal[0, 1, 2, 4] = 4
    """`dev_fault_status` while no alarm of its own is open."""
    lost: bool = False
    """It is in no list and in no answer any more."""

    # Tasks
    check: Literal["1", "0", "5", "6"] = "1"
    """What `paramSettingCheck` says."""
    template: bool = True
    """False: no parameter template, tasks are refused with 6."""
    allowed: bool = True
    """False: every code is refused with 6-1."""
    lacks: set[str] = field(default_factory=set)
    """Codes that are refused with 6-1, and with them the task that holds them."""
    silent: set[str] = field(default_factory=set)
    """Codes of which rows that read them end with 6."""
    task_seconds: float | None = None
    """How long a task takes; None is 5 to 20."""
    task: Literal["done", "timeout", "stuck"] = "done"
    """`timeout`: rows end with 6; `stuck`: it never ends."""
    repeat_seconds: float = 0.0
    """For so long after a task the same one is refused with 9."""
    same_fails: bool = False
    """A value that was set already is row status 5 (6.1)."""
    numbers: Literal["accept", "refuse"] = "refuse"
    """What happens to a `set_value` that is no text."""
    negative: bool = True
    """False: negative values are refused with 12."""
    row_fails: bool = False
    """Rows of writes end with 5 and nothing changes (6.5: loggers)."""

    # Values
    set_precision: bool = True
    """False: `set_precision` is empty, though values are counted in steps."""
    power_raw: Literal["W", "0.01kW"] = "W"
    """What one is in a write of 10005 and 10013 (6.1: uncertain)."""
    power_display: Literal["W", "kW"] = "W"
    """Unit in which 10005 and 10013 are read."""
    power_precision: Literal["true", "none", "0.01", "1"] = "true"
    """What `set_precision` claims of these two."""
    range: Literal["refuse", "clamp"] = "refuse"
    """What happens to a value above the range; below it, all is accepted (6.1)."""

    # What the inverter does
    executes: bool = True
    """False: tasks end well and nothing is changed."""
    mode_sticks: bool = False
    """Writes of 10003 end well and the mode stays as it is (10.12)."""
    follows: bool = True
    """False: parameters are stored and shown, the battery uses itself."""
    reaction_seconds: float = 2.0
    """Until the inverter obeys what it stored."""
    shown_seconds: float = 0.0
    """Until a read tells what a task has stored."""
    stop_means: Literal["hold", "self_use"] = "hold"
    """204 in mode 2 (6.3: uncertain)."""
    forced_needs_heartbeat: bool = False
    """Whether mode 2 falls back too (6.4: uncertain)."""


DEVICE: dict[str, Kind] = {
    "online": bool,
    "fault_status": (0, 1, 2, 4),
    "lost": bool,
    "check": ("1", "0", "5", "6"),
    "template": bool,
    "allowed": bool,
    "lacks": set,
    "silent": set,
    "task_seconds": float,
    "task": ("done", "timeout", "stuck"),
    "repeat_seconds": float,
    "same_fails": bool,
    "numbers": ("accept", "refuse"),
    "negative": bool,
    "row_fails": bool,
    "set_precision": bool,
    "power_raw": ("W", "0.01kW"),
    "power_display": ("W", "kW"),
    "power_precision": ("true", "none", "0.01", "1"),
    "range": ("refuse", "clamp"),
    "executes": bool,
    "mode_sticks": bool,
    "follows": bool,
    "reaction_seconds": float,
    "shown_seconds": float,
    "stop_means": ("hold", "self_use"),
    "forced_needs_heartbeat": bool,
}
