"""A past day as energy per hour (reference section 7).

The vendor has day totals, which are right, and a curve of about 5 minutes, which
has the shape but differs from the totals by some percent. So the curve is summed
per hour and scaled to the total.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from .api.models import DateEnergy, PowerRecord
from .curve import Curve, in_utc

type Hours = dict[datetime, float]

_HOUR = timedelta(hours=1)
# Between records further apart than this nobody knows what happened.
_MAX_GAP = timedelta(minutes=30)
# One record in two hundred claims a load that no house has.
_SPIKE_W = 5000.0
_SPIKE_FACTOR = 5.0
_DAYLIGHT = range(6, 20)


def hourly(
    records: Iterable[PowerRecord],
    energy: DateEnergy,
    load: float | None,
    *,
    day: date,
    zone: tzinfo,
    capacity: float | None,
    now: datetime | None = None,
) -> dict[str, Hours] | None:
    """Return kWh by UTC hour for each statistic, None for a blank day.

    There is no series for what the system does not have: the vendor sends zeros for
    the battery and the EV charger of a house without.

    Args:
        records: the day's curve in the vendor's order
        energy: the day's totals
        load: the day's load, kWh
        day: the site-local day
        zone: the site's zone
        capacity: of the battery, kWh
        now: aware; of a day that is not over, no later hour is made up
    """
    if energy.blank:
        return None
    curve = in_utc(records, day, zone)
    hours = _hours(curve, day, zone, now)
    solar = _integral(curve, lambda record: record.solar)
    if energy.solar and not any(solar.values()):
        # Some models send no solar power in the curve.
        solar = _solar_by_balance(curve, capacity) or _daylight(hours, zone)
    charged, discharged = _battery(curve, capacity)
    series: dict[str, tuple[Hours, float | None]] = {
        "solar": (solar, energy.solar),
        "import": (_integral(curve, lambda r: r.imported), energy.imported),
        "export": (_integral(curve, lambda r: r.exported), energy.exported),
        "battery_charge": (charged, energy.charged),
        "battery_discharge": (discharged, energy.discharged),
        "ev": (_integral(curve, lambda r: r.ev), energy.ev),
        "load": (_integral(_without_spikes(curve), lambda r: r.load), load),
    }
    if not capacity and not energy.charged and not energy.discharged:
        del series["battery_charge"], series["battery_discharge"]
    if not energy.ev and not any(record.ev for _, record in curve):
        del series["ev"]
    return {
        key: _scaled(shape, total, hours)
        for key, (shape, total) in series.items()
        if total is not None
    }


def _hours(
    curve: Curve, day: date, zone: tzinfo, now: datetime | None
) -> list[datetime]:
    """Return the UTC hours that the day has touched so far."""
    start = datetime.combine(day, time.min, zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
    if curve and end - curve[-1][0] > _MAX_GAP:
        end = curve[-1][0]
    if now is not None:
        end = min(end, now.astimezone(UTC))
    hour = _floor(start)
    hours = []
    while hour < end:
        hours.append(hour)
        hour += _HOUR
    return hours


def _floor(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _integral(curve: Curve, value: Callable[[PowerRecord], float | None]) -> Hours:
    """Return kWh by hour under the curve, linear between records."""
    hours: Hours = {}
    points = [(at, watts) for at, r in curve if (watts := value(r)) is not None]
    for (start, first), (end, last) in pairwise(points):
        if end - start > _MAX_GAP:
            continue
        slope = (last - first) / (end - start).total_seconds()
        at = start
        while at < end:
            until = min(_floor(at) + _HOUR, end)
            middle = first + slope * ((at - start) + (until - at) / 2).total_seconds()
            kwh = max(middle, 0.0) * (until - at).total_seconds() / 3_600_000
            hours[_floor(at)] = hours.get(_floor(at), 0.0) + kwh
            at = until
    return hours


def _battery(curve: Curve, capacity: float | None) -> tuple[Hours, Hours]:
    """Return charge and discharge by hour, from how the state of charge moved."""
    charged: Hours = {}
    discharged: Hours = {}
    points = [(at, r.soc) for at, r in curve if r.soc is not None]
    for (start, first), (_, last) in pairwise(points):
        moved = (last - first) / 100 * (capacity or 1.0)
        side = charged if moved > 0 else discharged
        side[_floor(start)] = side.get(_floor(start), 0.0) + abs(moved)
    return charged, discharged


def _solar_by_balance(curve: Curve, capacity: float | None) -> Hours:
    """Return what the sun must have given: load, export and charge less import."""
    balance = _integral(
        _without_spikes(curve),
        lambda r: (
            max(r.load + r.exported - r.imported, 0.0)
            if r.load is not None and r.exported is not None and r.imported is not None
            else None
        ),
    )
    charged, discharged = _battery(curve, capacity) if capacity else ({}, {})
    hours = {
        hour: max(
            balance.get(hour, 0.0) + charged.get(hour, 0.0) - discharged.get(hour, 0.0),
            0.0,
        )
        for hour in balance | charged
    }
    return hours if any(hours.values()) else {}


def _daylight(hours: list[datetime], zone: tzinfo) -> Hours:
    return {hour: 1.0 for hour in hours if hour.astimezone(zone).hour in _DAYLIGHT}


def _without_spikes(curve: Curve) -> Curve:
    """Leave out records whose load is far above both neighbours'."""
    loads = [record.load or 0.0 for _, record in curve]
    return [
        item
        for index, item in enumerate(curve)
        if loads[index] <= _SPIKE_W
        or loads[index]
        <= _SPIKE_FACTOR
        * max(
            loads[max(index - 1, 0) : index] + loads[index + 1 : index + 2], default=0.0
        )
    ]


def _scaled(
    shape: Mapping[datetime, float], total: float, hours: list[datetime]
) -> Hours:
    """Return the shape with the day's total, evenly where there is no shape."""
    known = {hour: shape.get(hour, 0.0) for hour in hours}
    integral = sum(known.values())
    if integral <= 0:
        return dict.fromkeys(hours, total / len(hours)) if hours else {}
    return {hour: kwh * total / integral for hour, kwh in known.items()}
