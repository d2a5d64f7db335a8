"""Schedules as they are on the wire: what is accepted, what it means.

alphaess.md 3.6 to 3.9 (shapes and checks), 6.2 and 6.3 (meaning and time grid).
"""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any

from . import codes
from .protocol import ApiError, number_of

type Settings = dict[str, Any]

CHARGE_WINDOWS = (("timeChaf1", "timeChae1"), ("timeChaf2", "timeChae2"))
DISCHARGE_WINDOWS = (("timeDisf1", "timeDise1"), ("timeDisf2", "timeDise2"))
PERIODS_PER_DAY = 6
PERIODS_PER_WEEK = 28
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_QUARTER = 15


@dataclass(frozen=True, slots=True)
class LegacyShape:
    """Names of the fields of one side of the legacy store."""

    flag: str
    limit: str
    windows: tuple[tuple[str, str], ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields of the object, without `sysSn`."""
        times = [name for window in self.windows for name in window]
        return (self.flag, *times, self.limit)


CHARGE = LegacyShape("gridCharge", "batHighCap", CHARGE_WINDOWS)
DISCHARGE = LegacyShape("ctrDis", "batUseCap", DISCHARGE_WINDOWS)


def legacy_settings(body: Settings, shape: LegacyShape) -> Settings:
    """Return the settings of a legacy POST body.

    Every field is required (10001), values are checked (6001): flag 0 or 1, limit
    0-100 %, times HH:mm. Numbers may be strings, as in the vendor's own examples.
    Off-grid times pass: the inverter ignores them, the API does not. Whether windows
    of both sides may overlap here is not known, so they may.
    """
    settings: Settings = {name: body.get(name) for name in shape.fields}
    if None in settings.values():
        raise ApiError(codes.MALFORMED)
    flag = number_of(settings[shape.flag], shape.flag)
    limit = number_of(settings[shape.limit], shape.limit)
    if flag not in {0, 1}:
        raise ApiError(codes.PARAMETER, explanation=shape.flag)
    if not 0 <= limit <= 100:
        raise ApiError(codes.PARAMETER, explanation=shape.limit)
    for window in shape.windows:
        for name in window:
            _check_time(settings[name], name)
    settings[shape.flag] = int(flag)
    settings[shape.limit] = limit
    return settings


def periodic_settings(body: Settings) -> Settings:
    """Return the settings of a periodic POST body, flags as they were sent.

    Both lists, `executeCycleType`, and per period begin, end and limit (and `weeks`
    if weekly) are required (10001). The portal calls the flags optional; what leaving
    one out means is not known: here it is off. Keys that only the read has are
    ignored.
    """
    cycle = body.get("executeCycleType")
    lists = {name: body.get(name) for name in ("chargeTimeList", "dischargeTimeList")}
    if cycle is None or not all(isinstance(value, list) for value in lists.values()):
        raise ApiError(codes.MALFORMED)
    weekly = str(cycle) == "1"
    settings: Settings = {"executeCycleType": int(weekly)}
    for name in ("gridChargeCycle", "ctrDisCycle"):
        flag = number_of(body.get(name) or 0, name)
        if flag not in {0, 1}:
            raise ApiError(codes.PARAMETER, explanation=name)
        settings[name] = int(flag)
    for name, periods in lists.items():
        settings[name] = [_required_of_period(entry, weekly) for entry in periods or []]
    if str(cycle) not in {"0", "1"}:
        raise ApiError(codes.PARAMETER, explanation="executeCycleType")
    for name in lists:
        if not settings[name]:
            raise ApiError(codes.PARAMETER, explanation="time list is null")
        for period in settings[name]:
            _check_period(period)
    both = settings["chargeTimeList"] + settings["dischargeTimeList"]
    per_day = [
        sum(not weekly or day in entry["weeks"] for entry in both) for day in EVERY_DAY
    ]
    # Whether the two sides are counted together is not known; together is stricter
    if max(per_day) > PERIODS_PER_DAY or sum(per_day) > PERIODS_PER_WEEK:
        raise ApiError(codes.PARAMETER, explanation="too many periods")
    return settings


def clamped(value: Any, most: Mapping[str, float]) -> Any:
    """Return settings with no number above its field's `most`; types stay."""
    match value:
        case dict():
            return {
                name: type(item)(min(item, most[name]))
                if name in most and isinstance(item, int | float)
                else clamped(item, most)
                for name, item in value.items()
            }
        case list():
            return [clamped(item, most) for item in value]
        case _:
            return value


def overlaps(settings: Settings) -> bool:
    """Return whether a charge and a discharge period meet on a weekday."""
    daily = settings["executeCycleType"] == 0
    return any(
        (daily or set(charge["weeks"]) & set(discharge["weeks"]))
        and minutes(charge["beginTime"]) < minutes(discharge["endTime"])
        and minutes(discharge["beginTime"]) < minutes(charge["endTime"])
        for charge in settings["chargeTimeList"]
        for discharge in settings["dischargeTimeList"]
    )


def periodic_answer(serial: str, settings: Settings) -> Settings:
    """Return the read of 3.8: flags always 0, periods with their read-only keys."""
    cycle = settings["executeCycleType"]
    answer: Settings = {
        "sysSn": serial,
        "executeCycleType": cycle,
        "gridChargeCycle": 0,
        "ctrDisCycle": 0,
    }
    for strategy, name in enumerate(("chargeTimeList", "dischargeTimeList")):
        answer[name] = [
            {
                "executeCycleType": cycle,
                "strategyType": strategy,
                "beginTime": period["beginTime"],
                "endTime": period["endTime"],
                "weeks": period["weeks"],
                "sort": place,
                "chargePower": period["chargePower"],
                "chargeLimit": period["chargeLimit"],
            }
            for place, period in enumerate(settings[name], 1)
        ]
    return answer


def is_followed(begin: str, end: str) -> bool:
    """Return whether an inverter acts on a window.

    It does so from 00:00 to 23:45 on the grid of 15 minutes. Equal times switch a
    window off. An end before the begin is undocumented, 23:00-00:00 included, and a
    client may not depend on it: nothing happens.
    """
    first, last = minutes(begin), minutes(end)
    return first % _QUARTER == 0 and last % _QUARTER == 0 and first < last


def minutes(time_of_day: str) -> int:
    """Return HH:mm as minutes since midnight."""
    hour, minute = time_of_day.split(":")
    return int(hour) * 60 + int(minute)


def _required_of_period(entry: Any, weekly: bool) -> Settings:
    required = ["beginTime", "endTime", "chargeLimit", *(["weeks"] if weekly else [])]
    if not isinstance(entry, dict) or any(entry.get(name) is None for name in required):
        raise ApiError(codes.MALFORMED)
    return {
        "beginTime": entry["beginTime"],
        "endTime": entry["endTime"],
        # A daily period needs none; what becomes of those that are sent is not known
        "weeks": entry["weeks"] if weekly else entry.get("weeks") or list(EVERY_DAY),
        "chargePower": entry.get("chargePower"),
        "chargeLimit": entry["chargeLimit"],
    }


def _check_period(period: Settings) -> None:
    """Check the values of a period (6001) and bring the numbers into their form."""
    for name in ("beginTime", "endTime"):
        _check_time(period[name], name)
    weeks = period["weeks"]
    if (
        not isinstance(weeks, list)
        or not weeks
        or any(isinstance(day, bool) or day not in EVERY_DAY for day in weeks)
    ):
        raise ApiError(codes.PARAMETER, explanation="weeks")
    period["weeks"] = [int(day) for day in weeks]
    limit = number_of(period["chargeLimit"], "chargeLimit")
    if not 10 <= limit <= 100:
        raise ApiError(codes.PARAMETER, explanation="chargeLimit")
    period["chargeLimit"] = float(limit)
    if period["chargePower"] is not None:
        period["chargePower"] = int(number_of(period["chargePower"], "chargePower"))


def _check_time(value: Any, name: str) -> None:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ApiError(codes.PARAMETER, explanation=name)
