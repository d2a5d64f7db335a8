"""Documents of both stores, as the reference shows them (3.6 to 3.8)."""

from collections.abc import Sequence
from typing import Any

type Json = dict[str, Any]
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def legacy(
    *,
    charge: Sequence[str] = ("01:00-05:00", "00:00-00:00"),
    discharge: Sequence[str] = ("00:00-00:00", "00:00-00:00"),
    grid_charge: int = 0,
    time_control: int = 0,
    charge_limit: Any = 100,
    discharge_limit: Any = 10,
) -> Json:
    """Return both sides of a legacy store."""

    def times(name: str, windows: Sequence[str]) -> Json:
        found = {}
        for number, window in enumerate(windows, 1):
            start, end = window.split("-")
            found |= {f"{name}f{number}": start, f"{name}e{number}": end}
        return found

    return {
        "charge": {
            "gridCharge": grid_charge,
            **times("timeCha", charge),
            "batHighCap": charge_limit,
        },
        "discharge": {
            "ctrDis": time_control,
            **times("timeDis", discharge),
            "batUseCap": discharge_limit,
        },
    }


def period(
    window: str,
    weeks: Sequence[int] | None = (6, 5, 4, 3, 2, 1, 7),
    power: Any = 5000,
    limit: Any = 90.0,
) -> Json:
    """Return a period as it is read."""
    start, end = window.split("-")
    return {
        "beginTime": start,
        "endTime": end,
        "weeks": None if weeks is None else list(weeks),
        "chargePower": power,
        "chargeLimit": limit,
    }


def periodic(
    charge: Sequence[Json] | None = None,
    discharge: Sequence[Json] | None = None,
    *,
    weekly: int = 1,
) -> Json:
    """Return a periodic store as it is read."""
    if charge is None:
        charge = [period("02:00-05:00")]
    if discharge is None:
        discharge = [period("17:00-21:30", limit=15.0)]

    def read(periods: Sequence[Json], strategy: int) -> list[Json]:
        return [
            {"executeCycleType": weekly, "strategyType": strategy, **one, "sort": place}
            for place, one in enumerate(periods, 1)
        ]

    return {
        "periodic": {
            "sysSn": "AL7011024010101",
            "executeCycleType": weekly,
            "gridChargeCycle": 0,
            "ctrDisCycle": 0,
            "chargeTimeList": read(charge, 0),
            "dischargeTimeList": read(discharge, 1),
        }
    }
