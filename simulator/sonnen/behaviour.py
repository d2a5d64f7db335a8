"""What the battery does by its mode, set points and schedule (sonnen.md 6.2 to 6.5)."""

from collections.abc import Mapping
from datetime import datetime

from ..balance import Command, Mode
from ..house import State
from .homes import RESERVE_PERCENT
from .schedule import followed

type SetPoints = Mapping[str, int]
"""Watts by direction, `charge` and `discharge`."""

MANUAL, TIME_OF_USE = "1", "10"
_HOLD = Command(mode=Mode.HOLD)
# Testing, and the parking of modules that are to be extended
_STANDS_STILL = ("4", "6")


def usoc_of(rsoc: float) -> float:
    """Return the usable state of charge: 0 at the hidden reserve, 100 when full."""
    return max(rsoc - RESERVE_PERCENT, 0.0) / (100 - RESERVE_PERCENT) * 100


def rsoc_of(usoc: float) -> float:
    """Return the real state of charge, for a backup reserve above all."""
    return RESERVE_PERCENT + usoc * (100 - RESERVE_PERCENT) / 100


def set_point_of(points: SetPoints) -> int:
    """Return what the set points ask for together in W; + is discharging."""
    return points["discharge"] - points["charge"]


def manual(points: SetPoints, floor: float) -> Command:
    """Obey the set points; without one the battery idles."""
    power = set_point_of(points)
    if power > 0:
        return Command(mode=Mode.DISCHARGE, power_w=float(power), min_soc=floor)
    if power < 0:
        return Command(mode=Mode.CHARGE, power_w=float(-power))
    return _HOLD


def automatic(
    mode: str, reserve: float, schedule: str | None, local: datetime, state: State
) -> Command:
    """Follow any mode but the manual one; `reserve` is a USOC in percent."""
    floor = rsoc_of(reserve)
    if mode in _STANDS_STILL:
        return _HOLD
    if mode == TIME_OF_USE:
        now = local.hour * 60 + local.minute
        for window in followed(schedule):
            if window.start <= now < window.stop:
                return _in_window(window.threshold_w, state)
    return Command(min_soc=floor)


def _in_window(threshold_w: float, state: State) -> Command:
    """Charge such that the grid gives at most the threshold; never discharge."""
    power = threshold_w - (state.load_w - state.pv_w)
    if not threshold_w or power <= 0:
        return Command(discharge_allowed=False)
    return Command(mode=Mode.CHARGE, power_w=power, surplus_on_top=True)
