"""Every device that the suite runs on: one entry per vendor and kind of store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.goodwe.slots import slot

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
from .goodwe_cases import (
    PV_CASES,
    PV_REFUSED,
    V1_CASES,
    V1_REFUSED,
    V2_CASES,
    V2_REFUSED,
    V3_CASES,
    V3_REFUSED,
)
from .goodwe_devices import Exclusive, PvOnly, SinglePhase, ThreePhase
from .growatt_min import Min
from .growatt_min_cases import CASES as MIN_CASES, REMOTE_CASES
from .growatt_min_refused import REFUSED as MIN_REFUSED, REMOTE_REFUSED
from .growatt_periods import Spa, Sph
from .growatt_periods_cases import SPA_CASES, SPH_CASES
from .growatt_periods_refused import REFUSED as PERIODS_REFUSED
from .growatt_rest import (
    INVERTER_CASES,
    INVERTER_REFUSED,
    NOAH_CASES,
    NOAH_REFUSED,
    STORAGE_CASES,
    STORAGE_REFUSED,
    Inverter,
    Noah,
    Storage,
)
from .sonnen import SELF_USE, Sonnen
from .sonnen_cases import CASES as SONNEN_CASES
from .sonnen_refused import REFUSED as SONNEN_REFUSED
from .sungrow_cases import (
    HYBRID_CASES,
    HYBRID_REFUSED,
    LOGGER_CASES,
    LOGGER_REFUSED,
)
from .sungrow_devices import Hybrid, Logger
from .vendor import Case, Refused, Vendor
from .wire_time import WireClock


@dataclass(frozen=True, slots=True)
class Entry:
    """One device, what it is asked for, and what it refuses.

    ``unread`` are cases of which nothing can be read back, ``elsewhere`` are kinds that
    need a device of their own.
    """

    name: str
    make: Callable[[WireClock], Vendor]
    cases: tuple[Case, ...]
    refused: tuple[Refused, ...]
    unread: tuple[Case, ...] = ()
    elsewhere: frozenset[str] = frozenset()

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


def _segment(number: int, mode: int, start: str, stop: str, on: int) -> dict[str, Any]:
    return {
        f"time{number}Mode": mode,
        f"forcedTimeStart{number}": start,
        f"forcedTimeStop{number}": stop,
        f"forcedStopSwitch{number}": on,
    }


def _system(home: int, preset: Mapping[str, Mapping[str, Any]]) -> Any:
    return lambda clock: AlphaEss(clock, home=home, preset=preset)


def _battery(preset: Mapping[str, str]) -> Any:
    return lambda clock: Sonnen(clock, preset=preset)


# A morning and an evening, and one that is off
_BUSY_MIN: Mapping[str, Any] = {
    "acChargeEnable": 1,
    "onGridDischargeStopSOC": 15,
    **_segment(1, 1, "1:5", "5:30", 1),
    **_segment(2, 0, "6:0", "11:0", 0),
    **_segment(9, 2, "23:0", "23:30", 1),
}


def _min(**options: Any) -> Any:
    return lambda clock: Min(clock, preset=_BUSY_MIN, **options)


# A night and an evening; neither meets what tests ask for at noon
_PERIODS: Mapping[str, Any] = {
    "chargePowerCommand": 80,
    "disChargePowerCommand": 90,
    "wchargeSOCLowLimit2": 85,
    "wdisChargeSOCLowLimit2": 20,
    "forcedChargeTimeStart1": "1:5",
    "forcedChargeTimeStop1": "5:0",
    "forcedChargeTimeStart2": "12:30",
    "forcedChargeTimeStop2": "14:0",
    "forcedDischargeTimeStart1": "17:30",
    "forcedDischargeTimeStop1": "20:0",
}
SPH_PRESET = _PERIODS | {"forcedChargeStopSwitch1": 1, "forcedDischargeStopSwitch1": 1}
_SPA = _PERIODS | {"batFirstSwitch1": 1, "gridFirstSwitch1": 1}
# One is kept where it is, one goes, one is off
_NOAH: Mapping[str, Any] = {
    f"time{number}{name}": value
    for number, values in (
        (1, ("8:0", "9:0", 1, 100, 1)),
        (2, ("22:0", "23:0", 0, 150, 1)),
        (3, ("10:0", "11:0", 0, 200, 0)),
    )
    for name, value in zip(
        ("Start", "End", "Mode", "Power", "Enable"), values, strict=True
    )
}
# A night that is charged in, and a reserve
_SUNGROW: Mapping[str, int] = {
    "p10002": 100,
    "p10067": 1,
    "p10068": 30,
    "p10069": 4,
    "p10070": 45,
    "p10071": 70,
}


def _tou(number: int, *values: Any) -> dict[str, Any]:
    return {f"TOU{number}": slot(number, *values)}


# A night and an evening; neither meets what tests ask for at noon
_GOODWE: Mapping[str, Any] = {
    **_tou(1, "02:00", "05:00", -50, 80),
    **_tou(3, "17:30", "20:00", 40, 20),
    "45356": 10,
    "47510": 5000,
    "47760": 100,
}

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
    Entry(
        "growatt-min",
        _min(),
        MIN_CASES,
        MIN_REFUSED,
        elsewhere=frozenset({"set_mode"}),
    ),
    Entry(
        "growatt-min-remote",
        _min(vpp=True, authority=True),
        REMOTE_CASES,
        REMOTE_REFUSED,
        elsewhere=frozenset({"set_mode"}),
    ),
    Entry(
        "growatt-sph",
        lambda clock: Sph(clock, preset=SPH_PRESET),
        SPH_CASES,
        PERIODS_REFUSED,
    ),
    Entry(
        "growatt-spa-login",
        lambda clock: Spa(clock, preset=_SPA, login=True),
        SPA_CASES,
        PERIODS_REFUSED,
    ),
    Entry(
        "growatt-noah",
        lambda clock: Noah(clock, preset=_NOAH),
        NOAH_CASES,
        NOAH_REFUSED,
    ),
    Entry("growatt-storage", Storage, STORAGE_CASES, STORAGE_REFUSED),
    Entry("growatt-inverter", Inverter, INVERTER_CASES, INVERTER_REFUSED),
    Entry(
        "sungrow-hybrid",
        lambda clock: Hybrid(clock, preset=_SUNGROW),
        HYBRID_CASES,
        HYBRID_REFUSED,
        elsewhere=frozenset({"set_mode"}),
    ),
    Entry("sungrow-logger", Logger, LOGGER_CASES, LOGGER_REFUSED),
    Entry(
        "goodwe-v3",
        lambda clock: ThreePhase(clock, preset=_GOODWE),
        V3_CASES,
        V3_REFUSED,
    ),
    Entry(
        "goodwe-v2",
        lambda clock: SinglePhase(clock, preset=_GOODWE),
        V2_CASES,
        V2_REFUSED,
        elsewhere=frozenset({"force_charge", "set_export_limit"}),
    ),
    Entry(
        "goodwe-v1",
        lambda clock: Exclusive(clock, preset=_GOODWE),
        V1_CASES,
        V1_REFUSED,
        elsewhere=frozenset({"set_export_limit", "set_values"}),
    ),
    Entry("goodwe-pv", PvOnly, PV_CASES, PV_REFUSED),
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
