"""Remote control of the battery without a schedule (growatt.md 6.6)."""

from datetime import datetime, timedelta
import math
from typing import Any

from ..house import House
from .switches import DeviceSwitches

AUTHORITY, ENABLE, MINUTES, PERCENT = 1, 25, 26, 27
CHARGE_STOP, DISCHARGE_STOP = 22, 23

RANGES: dict[int, tuple[int, int]] = {
    1: (0, 1),
    2: (0, 1),
    5: (0, 100),
    6: (0, 100),
    7: (0, 1),
    8: (0, 1),
    9: (0, 2),
    13: (0, 1),
    14: (-100, 100),
    22: (70, 100),
    23: (10, 30),
    24: (10, 20),
    25: (0, 1),
    26: (0, 1440),
    27: (-100, 100),
    28: (0, 1),
    29: (10, 30),
}
SYSTEM_TIME, SCHEDULE = 3, 34


class Vpp:
    """The registers of one device; `set_param_N` is number N."""

    def __init__(self, house: House, switches: DeviceSwitches) -> None:
        """Begin with an inverter that nobody controls."""
        self._house, self._switches = house, switches
        self.values: dict[int, Any] = dict.fromkeys(RANGES, 0) | {
            2: 1,
            5: 100,
            6: 100,
            22: 100,
            23: 10,
            24: 10,
            29: 10,
            SCHEDULE: "[]",
        }
        self.until: datetime | None = None
        """When it ends by itself; None is never."""
        self._run = 0
        self._over = False

    @property
    def active(self) -> bool:
        """Whether the battery obeys it now."""
        return bool(self.values[AUTHORITY] and self.values[ENABLE] and not self._over)

    @property
    def percent(self) -> int:
        """Power in percent of the inverter's; + charges."""
        return int(self.values[PERCENT])

    def read(self, number: int) -> Any:
        """Return a value as the inverter has it now; minutes count down."""
        if number == MINUTES and self.until is not None:
            left = (self.until - self._house.live().at).total_seconds()
            return max(math.ceil(left / 60), 0)
        self._house.advance()
        return self.values[number]

    def write(self, number: int, value: Any) -> None:
        """Take a value that has passed all checks."""
        self._house.change(lambda: self.values.__setitem__(number, value))
        if number in {AUTHORITY, ENABLE, MINUTES}:
            self._begin()

    def _begin(self) -> None:
        """Let the time run from now on, if there is one."""
        self._run += 1
        self.until, self._over = None, False
        minutes = self.values[MINUTES]
        if not (self.active and minutes):
            return
        self.until = self._house.live().at + timedelta(minutes=minutes)
        run = self._run

        def end() -> None:
            if run == self._run:
                self.until, self._over = None, True
                self.values[MINUTES] = 0
                if self._switches.vpp_ended == "cleared":
                    self.values |= {ENABLE: 0, PERCENT: 0}

        self._house.call_at(self.until, end)
