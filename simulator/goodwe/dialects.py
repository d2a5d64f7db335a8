"""What differs between the three generations of work modes (reference section 6.3)."""

from dataclasses import dataclass
from typing import Final

OPERATION_MODES: Final = {
    "SelfUseMode": 0,
    "OffGridMode": 1,
    "BackupMode": 2,
    "TOUMode": 3,
}
"""V1: the exclusive modes with the code that each has when it is active."""

MONTH_FLAG: Final = 12
"""In a discharge slot's months: its power limits the export."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One generation."""

    work_mode: str
    """As `get-work-mode` tells it."""
    slots: int
    """How many of the twelve time-of-use slots have an effect."""
    full: int
    """The power of a slot that is the whole rated power."""
    exclusive: bool
    """One mode at a time instead of toggles."""
    off_grid: bool
    """Whether off-grid is a toggle."""
    peak_limit_kw: float
    """Highest import limit of peak shaving."""


DIALECTS: Final = {
    dialect.work_mode: dialect
    for dialect in (
        Dialect("1.0", 4, 100, True, False, 500.0),
        Dialect("2.0", 4, 1000, False, False, 500.0),
        Dialect("3.0", 8, 1000, False, True, 655.34),
    )
}
"""By their work mode version."""
