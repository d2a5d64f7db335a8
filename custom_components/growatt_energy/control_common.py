"""What the control drivers of all families share (reference section 6.1).

Percentages of power are of the inverter's rated power, in whole numbers.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, tzinfo
import math
from typing import Any

from ._vendor.core.client.clock import Clock
from ._vendor.core.client.decode import integer, number
from ._vendor.core.control.driver import Range, Timing
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.schedule import DAY, format_time, parse_time
from ._vendor.core.control.validate import check_range

# The cloud's copy of settings follows after 10 to 90 s (6.1); live data come every
# five minutes.
TIMING = Timing(read_back=120, reaction=600, pauses=(10, 15, 20), too_soon=(25, 20))
# Settings are kept in flash: no endurance is known (6.1).
WRITES_PER_DAY = 60
WRITE_GAP = 10.0
VPP_GAP = 5.0
# No slot and no period can end later: 24:00 cannot be said.
LATEST = DAY - 1
PERCENT = Range(low=0, high=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a plan is made for: ``soc`` in percent, ``rated`` power in W."""

    now: datetime
    zone: tzinfo
    soc: float | None = None
    rated: float | None = None


class Pacer:
    """Keeps the gap between two writes to one device (reference section 6.1)."""

    def __init__(self, clock: Clock) -> None:
        """Begin without a write."""
        self._clock = clock
        self._last = -math.inf
        # Whoever asks or tells the device something has it: no read meets a write.
        self.turn = asyncio.Lock()

    async def wait(self, gap: float = WRITE_GAP) -> None:
        """Return when the last write ended at least ``gap`` seconds ago."""
        left = self._last + gap - self._clock.monotonic()
        if left > 0:
            await self._clock.sleep(left)

    def done(self) -> None:
        """Take note of the end of a write, however it ended."""
        self._last = self._clock.monotonic()


def percent_of(watts: float | None, rated: float | None, *, least: int = 0) -> int:
    """Return W as whole percent of the rated power, rounded down; None is all.

    Raises ``Refusal`` (``power_unknown``, ``power_range``): more than rated, or so
    little that it would be less than ``least`` percent.
    """
    if watts is None:
        return 100
    if rated is None or rated <= 0:
        raise Refusal("power_unknown")
    check_range(
        watts, Range(low=math.ceil(rated * least / 100), high=rated), "power_range"
    )
    return int(watts * 100 / rated + 1e-9)


def watts_of(percent: float | None, rated: float | None) -> int | None:
    """Return whole percent of the rated power as W, None if either is unknown."""
    if percent is None or rated is None:
        return None
    return int(rated * percent / 100 + 1e-9)


def percent(raw: Any) -> int | None:
    """Return a percentage that was read (``80``, ``"80"``, ``80.0``), else None."""
    found = number(raw, low=0, high=100)
    return None if found is None else round(found)


def switch(raw: Any) -> bool | None:
    """Return a flag that was read (``1``, ``"1"``, ``"0001"``), else None."""
    found = integer(raw, low=0, high=1)
    return None if found is None else bool(found)


def choice(raw: Any, most: int) -> int | None:
    """Return a whole number from 0 to ``most`` that was read, else None."""
    return integer(raw, low=0, high=most)


def time_text(raw: Any) -> str | None:
    """Return ``HH:MM`` of a time that was read (``"1:5"``), None for garbage (Q24)."""
    if not isinstance(raw, str):
        return None
    hours, colon, minutes = raw.strip().partition(":")
    try:
        minute = parse_time(f"{hours}:{minutes.zfill(2)}") if colon else DAY
    except ValueError:
        return None
    return format_time(minute) if minute < DAY else None


def time_params(text: str, *, padded: bool) -> list[str]:
    """Return hour and minute of ``HH:MM`` as they are sent: ``["1", "5"]``.

    ``padded``: with two digits each, as the classic API wants them (6.3, 6.4).
    """
    parts = text.split(":")
    return parts if padded else [str(int(part)) for part in parts]


def plain(value: float) -> str:
    """Return a number for a text, without needless decimals."""
    return f"{value:g}"
