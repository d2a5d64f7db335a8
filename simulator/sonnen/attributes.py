"""What tests and demos can switch at a battery."""

from dataclasses import dataclass, field
from typing import Literal

from . import configuration
from .variants import Variant


@dataclass(slots=True, kw_only=True)
class Attributes:
    """Plain attributes of a battery."""

    # Who may do what (2.2)
    read_api: bool = True
    write_api: bool = True
    vpp_active: bool = False
    """The vendor's power plant controls it: mode and set points are refused, 403."""
    status_needs_token: bool = False
    empty_on_bad_token: bool = False
    """Old firmware: `{}` with 200 instead of 401."""
    unauthorized_text: str = "Unauthorized"

    # The wire
    online: bool = True
    """False: every connection is reset."""
    frozen: bool = False
    """`status` goes on answering what it answered last."""
    clock_error: float = 0.0
    """Seconds that the battery's own clock is ahead; negative is behind."""
    variant: Variant = field(default_factory=Variant)

    # Writes
    stores_writes: bool = True
    """False: a write is answered with success and changes nothing."""
    follows: bool = True
    """False: a write is stored; the battery goes on as before."""
    clamps: dict[str, float] = field(default_factory=dict)
    """Most that is stored, by key, or by `charge` and `discharge`; the rest is cut."""
    modes: tuple[str, ...] = configuration.MODES
    """Operating modes that can be chosen."""
    set_point_status: int = 201
    set_point_body: bool = True
    """False: a set point is answered `false` and not taken."""
    put_answer: Literal["echo", "true"] = "echo"
    put_body: Literal["both", "form", "json"] = "both"
    """Encodings that are understood; another is answered 400."""
    reaction_delay: float = 2.0
    readback_delay: float = 0.0

    # Set points (6.4)
    revives_set_point: bool = True
    """Entering the manual mode obeys the last set point again."""
    separate_set_points: bool = False
    """True: a set point leaves that of the other direction alone; False: it ends it."""
    overridden_after: float = 10.0
    """Seconds for which a set point acts in another mode than the manual one."""

    # State
    backup: bool = True
    """False: nothing supplies it without grid, so it cannot be reached."""
    internet: bool = True
    battery_care: bool = False
    """It charges to 100 %, from the grid if need be, and discharges nothing."""
    care_power: float = 1500.0
    shutdown_reason: str | None = None
    """A key of `DC Shutdown Reason`: a module fault; the battery stands still."""
    system_warning: bool = False
    led: str | None = None
    """Key of the light ring that is on; None is by itself, empty is off."""
    bits: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Bits of `ic_status` (group, name) that are as said, new ones too."""
    broken_meters: set[str] = field(default_factory=set)
    """Directions of meters that cannot be read (`error` -1)."""
    meter_interval: float = 300.0
    """Seconds after which the counters of the meters show something new."""

    # The nightly reset
    resets_nightly: bool = False
    reset_minutes: float = 3.0
    """Minutes without an answer."""
    boot_minutes: float = 1.0
    """Minutes thereafter with the values of a start."""
    boot_values: Literal["zeros", "running"] = "zeros"
    """What `status` says in them: nothing, or all but the state of charge, which is 0
    until the modules have told it (UNCERTAIN)."""
    boot_meters_fail: bool = True
    """False: meters count from 0 in them, without an error (UNCERTAIN)."""
    boot_missing_minutes: float = 0.0
    """Minutes after it is back for which all but `status` is answered 404 (UNCERTAIN)."""
    reset_keeps_mode: bool = False
    """True: only the set points are gone; False: manual becomes automatic too."""
