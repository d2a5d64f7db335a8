"""Every device that the suite runs on: one entry per vendor and kind of store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .alphaess import LEGACY, PERIODIC, AlphaEss
from .alphaess_cases import (
    HOUSEHOLD_CASES,
    LEGACY_CASES,
    PERIODIC_CASES,
    PERIODIC_UNREAD,
    WALLBOX_CASES,
)
from .alphaess_charging import Household, Wallbox
from .alphaess_refused import (
    HOUSEHOLD_REFUSED,
    LEGACY_REFUSED,
    PERIODIC_REFUSED,
    WALLBOX_REFUSED,
)
from .sonnen import SELF_USE, Sonnen
from .sonnen_cases import CASES as SONNEN_CASES
from .sonnen_refused import REFUSED as SONNEN_REFUSED
from .vendor import Case, Refused, Vendor
from .wire_time import WireClock


@dataclass(frozen=True, slots=True)
class Entry:
    """One device, what it is asked for, and what it refuses.

    ``unread`` are cases of which nothing can be read back.
    """

    name: str
    make: Callable[[WireClock], Vendor]
    cases: tuple[Case, ...]
    refused: tuple[Refused, ...]
    unread: tuple[Case, ...] = ()

    def __str__(self) -> str:
        """Return the name, for the ids of tests."""
        return self.name


_EVERY_DAY = [6, 5, 4, 3, 2, 1, 7]


def _period(begin: str, end: str, limit: float, *weeks: int) -> dict[str, Any]:
    return {
        "beginTime": begin,
        "endTime": end,
        "weeks": list(weeks) or _EVERY_DAY,
        "chargePower": 3000,
        "chargeLimit": limit,
    }


# Nothing is enabled, as an installer leaves it
_QUIET_LEGACY: Mapping[str, Mapping[str, Any]] = {"charge": {"batHighCap": 70}}
_QUIET_PERIODIC: Mapping[str, Mapping[str, Any]] = {
    "periodic": {
        "chargeTimeList": [_period("02:00", "05:00", 45.0)],
        "dischargeTimeList": [_period("17:00", "21:30", 15.0)],
    }
}
# All windows are in use, and the one for discharging is open at noon
_BUSY_LEGACY: Mapping[str, Mapping[str, Any]] = {
    "charge": {
        "gridCharge": 1,
        "timeChaf1": "01:00",
        "timeChae1": "05:00",
        "timeChaf2": "14:30",
        "timeChae2": "15:15",
        "batHighCap": 70,
    },
    "discharge": {
        "ctrDis": 1,
        "timeDisf1": "10:00",
        "timeDise1": "14:15",
        "timeDisf2": "17:00",
        "timeDise2": "23:45",
        "batUseCap": 15,
    },
}
_BUSY_PERIODIC: Mapping[str, Mapping[str, Any]] = {
    "periodic": {
        "gridChargeCycle": 1,
        "ctrDisCycle": 1,
        "chargeTimeList": [
            _period("02:00", "05:00", 45.0),
            _period("14:30", "15:15", 40.0, 5, 2),
        ],
        "dischargeTimeList": [
            _period("17:00", "21:30", 15.0, 7, 1, 2, 3, 4, 5, 6),
            _period("10:00", "14:15", 20.0, 5),
        ],
    }
}
_DAILY: Mapping[str, Mapping[str, Any]] = {
    "periodic": {
        "executeCycleType": 0,
        "ctrDisCycle": 1,
        "chargeTimeList": [_period("02:00", "05:00", 45.0)],
        "dischargeTimeList": [_period("10:00", "21:30", 15.0)],
    }
}


def _system(home: int, preset: Mapping[str, Mapping[str, Any]]) -> Any:
    return lambda clock: AlphaEss(clock, home=home, preset=preset)


def _battery(preset: Mapping[str, str]) -> Any:
    return lambda clock: Sonnen(clock, preset=preset)


ENTRIES = (
    Entry(
        "alphaess-legacy",
        _system(LEGACY, _QUIET_LEGACY),
        LEGACY_CASES,
        LEGACY_REFUSED,
    ),
    Entry(
        "alphaess-legacy-busy",
        _system(LEGACY, _BUSY_LEGACY),
        LEGACY_CASES,
        LEGACY_REFUSED,
    ),
    Entry(
        "alphaess-periodic",
        _system(PERIODIC, _QUIET_PERIODIC),
        PERIODIC_CASES,
        PERIODIC_REFUSED,
        PERIODIC_UNREAD,
    ),
    Entry(
        "alphaess-periodic-busy",
        _system(PERIODIC, _BUSY_PERIODIC),
        PERIODIC_CASES,
        PERIODIC_REFUSED,
        PERIODIC_UNREAD,
    ),
    Entry(
        "alphaess-periodic-daily",
        _system(PERIODIC, _DAILY),
        PERIODIC_CASES,
        PERIODIC_REFUSED,
        PERIODIC_UNREAD,
    ),
    Entry("alphaess-household", Household, HOUSEHOLD_CASES, HOUSEHOLD_REFUSED),
    Entry("alphaess-wallbox", Wallbox, WALLBOX_CASES, WALLBOX_REFUSED),
    Entry("sonnen", _battery(SELF_USE), SONNEN_CASES, SONNEN_REFUSED),
)
BY_NAME = {entry.name: entry for entry in ENTRIES}


def with_cases(
    *, timed: bool | None = None, chosen: Callable[[Case], Any] = lambda case: True
) -> list[tuple[Entry, Case]]:
    """Return all devices with what they are asked for, as far as it is chosen."""
    return [
        (entry, case)
        for entry in ENTRIES
        for case in entry.cases
        if timed in (None, case.timed) and chosen(case)
    ]
