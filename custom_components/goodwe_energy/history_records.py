"""Past days as energy per hour (reference section 7).

There is no hourly energy: the powers of each minute tell when, the day's totals how
much.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from ._vendor.core.client.decode import local_datetime, mapping, mappings, text
from .readings import Energy
from .values import quantity

type Hours = dict[datetime, float]
type Powers = dict[str, list[tuple[datetime, float]]]

# Series -> the energy of the statistics that it is scaled to
SERIES: Mapping[str, str] = {
    "solar": "solar_energy",
    "import": "grid_import",
    "export": "grid_export",
    "battery_charge": "battery_charge",
    "battery_discharge": "battery_discharge",
    "load": "consumption",
}
# The power, and what of it counts; signs are those of the wire (section 3.3).
_POWERS: Mapping[str, tuple[str, Callable[[float], float]]] = {
    "solar": ("pSystem", lambda kw: max(kw, 0.0)),
    "import": ("pGrid", lambda kw: max(-kw, 0.0)),
    "export": ("pGrid", lambda kw: max(kw, 0.0)),
    "battery_charge": ("pBat", lambda kw: max(-kw, 0.0)),
    "battery_discharge": ("pBat", lambda kw: max(kw, 0.0)),
    "load": ("pConsum", abs),
}
# What is negative, and the energy of that
_NEGATIVE: Mapping[str, str] = {"pBat": "battery_charge", "pGrid": "import"}
_HOUR = timedelta(hours=1)
_DIGITS = 4


def day_totals(energy: Energy, day: date) -> dict[str, float]:
    """Return the kWh of a day by series, as far as they were reported."""
    return {
        series: value
        for series, key in SERIES.items()
        if (value := energy.of(key, day)) is not None
    }


def day_hours(
    raw: Any,
    totals: Mapping[str, float],
    day: date,
    zone: tzinfo,
    *,
    now: datetime | None = None,
) -> dict[str, Hours]:
    """Return kWh by UTC hour, 0 too, for each series that has a total.

    Args:
        raw: the powers of the day, each minute or more seldom
        totals: kWh of the day by series; each one's hours add up to it
        day: the station's
        zone: the station's; a day has 23, 24 or 25 hours
        now: of a day that is not over nothing is put into the future

    Of a day without any powers all is in its noon; without the power of a series the
    sun's energy is in it, and any other evenly over the day.
    """
    powers = _signed(_powers(raw, day, zone), totals)
    hours = [hour for hour in _hours(day, zone) if now is None or hour <= now]
    if not hours:
        return {}
    noon = datetime.combine(day, time(12), zone).astimezone(UTC)
    noon = min(noon.replace(minute=0), hours[-1])
    found: dict[str, Hours] = {}
    for series, kwh in totals.items():
        if series not in _POWERS:
            continue
        name, counted = _POWERS[series]
        weights: Hours = {}
        for at, kilowatts in powers.get(name, ()):
            hour = at.replace(minute=0, second=0, microsecond=0)
            if (weight := counted(kilowatts)) > 0 and hour <= hours[-1]:
                weights[hour] = weights.get(hour, 0.0) + weight
        if not weights:
            alone = not any(powers.values()) or series == "solar"
            weights = {noon: 1.0} if alone else dict.fromkeys(hours, 1.0)
        found[series] = dict.fromkeys(hours, 0.0) | _shared(kwh, weights)
    return found


def _shared(kwh: float, weights: Hours) -> Hours:
    """Share an energy out; what rounding leaves is of the largest part."""
    whole = sum(weights.values())
    found = {
        hour: round(kwh * weight / whole, _DIGITS)
        for hour, weight in sorted(weights.items())
    }
    largest = max(found, key=lambda hour: found[hour])
    found[largest] = round(found[largest] + kwh - sum(found.values()), _DIGITS)
    return found


def _hours(day: date, zone: tzinfo) -> list[datetime]:
    """Return the UTC hours in which a local day lies, first and last perhaps in part."""
    hour, end = (
        datetime.combine(one, time(), zone).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    hour = hour.replace(minute=0)
    found = []
    while hour < end:
        found.append(hour)
        hour += _HOUR
    return found


def _powers(raw: Any, day: date, zone: tzinfo) -> Powers:
    """Return kW by the wire's name, at UTC times."""
    found: Powers = {}
    for row in mappings(mapping(raw).get("dataList")):
        points = row.get("powerData")
        if not isinstance(points, list):
            points = row.get("statisticsList")
        if (name := text(row.get("item"))) is None or not isinstance(points, list):
            continue
        found[name] = _samples(points, day, zone)
    return found


def _signed(powers: Powers, totals: Mapping[str, float]) -> Powers:
    """Return powers with the signs of section 3.3, also where they were sent without.

    Powers that never are negative have none if something was imported, or charged:
    then those signs are taken that make up sun + battery - grid = load.
    """
    unsigned = [
        name
        for name, series in _NEGATIVE.items()
        if powers.get(name)
        and totals.get(series, 0.0) > 0
        and all(kilowatts >= 0 for _, kilowatts in powers[name])
    ]
    if not unsigned:
        return powers
    sent = {name: dict(samples) for name, samples in powers.items()}
    found = {name: dict(samples) for name, samples in powers.items()}
    for at, load in sent.get("pConsum", {}).items():
        solar, battery, grid = (
            sent.get(name, {}).get(at, 0.0) for name in ("pSystem", "pBat", "pGrid")
        )
        _, *best = min(
            (abs(solar + plus * battery - minus * grid - abs(load)), -plus, -minus)
            for plus in _signs("pBat", unsigned)
            for minus in _signs("pGrid", unsigned)
        )
        for name, sign in zip(("pBat", "pGrid"), best, strict=True):
            if at in found.get(name, {}):
                found[name][at] *= -sign
    return {name: list(samples.items()) for name, samples in found.items()}


def _signs(name: str, unsigned: Collection[str]) -> tuple[int, ...]:
    return (1, -1) if name in unsigned else (1,)


def _samples(
    points: list[Any], day: date, zone: tzinfo
) -> list[tuple[datetime, float]]:
    """Return the samples of a day; times that come twice are those of two hours."""
    found: list[tuple[datetime, float]] = []
    seen: set[datetime] = set()
    for point in mappings(points):
        stamp = point.get("tp")
        local = local_datetime(stamp if stamp is not None else point.get("date"))
        if local is None or local.date() != day:
            continue
        raw = point.get("power")
        value = quantity(raw if raw is not None else point.get("val"))
        again = local in seen
        seen.add(local)
        if value is not None:
            at = local.replace(tzinfo=zone, fold=1 if again else 0)
            found.append((at.astimezone(UTC), value))
    return found
