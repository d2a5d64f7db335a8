"""Energies of a station's life from its yearly statistics (reference section 3.10).

A request of several years answers zeros, so each year is asked for by itself; those
that are over once a day. What a year once said stays until it says something else: a
sum of which a part fails is the last complete one (section 10.1).
"""

from collections.abc import Mapping, MutableMapping
from datetime import date, datetime, timedelta
from typing import Any

from ._vendor.core.client.decode import integer, mapping, moment, number
from .hold import holding
from .readings import Energy

SERIES = (
    "solar_energy",
    "consumption",
    "grid_import",
    "grid_export",
    "self_use",
    "battery_charge",
    "battery_discharge",
)
_AGAIN = timedelta(days=1)
_FIRST = 2000
_DIGITS = 6
# So often a past year has to say that it had nothing
_SURE = 2

type Memory = MutableMapping[str, Any]


def years_to_ask(
    memory: Mapping[str, Any], created: datetime | None, now: datetime
) -> list[int]:
    """Return the years to ask for now, oldest first; the current one always.

    ``memory`` is plain JSON. ``created`` is station-local; if nobody says when that
    was only the current year is asked for, of which no sum is made. ``now`` is aware,
    in the station's zone.
    """
    found = []
    for year in _years(created, now):
        answer = mapping(memory.get(str(year)))
        asked = moment(answer.get("at"))
        known = asked is not None and _recent(asked, now) and _believed(answer)
        if year == now.year or not known:
            found.append(year)
    return found


def learn_year(memory: Memory, year: int, energy: Energy, now: datetime) -> None:
    """Remember what a year said; nothing while the cloud may tell another day.

    An answer without any series is none in the current year. A past year may have been
    one without any energy: that is believed when it is said again.
    """
    if holding(now) or (not energy.series and year >= now.year):
        return
    before = mapping(memory.get(str(year)))
    known = dict(mapping(before.get("kwh")))
    for key in SERIES:
        if (value := energy.of(key, date(year, 1, 1))) is not None:
            known[key] = value
    memory[str(year)] = {"at": now.isoformat(), "kwh": known}
    if not known:
        again = (integer(before.get("empty"), low=0) or 0) + 1
        memory[str(year)]["empty"] = min(again, _SURE)


def lifetime(
    memory: Mapping[str, Any], created: datetime | None, now: datetime
) -> dict[str, float]:
    """Return kWh since the station was made by series, as far as they are complete.

    A series may begin in a later year than the station, as with a battery that came
    later or one that was made known before it ran; from then on each year has to have
    it. Soon after New Year the current one
    may have said nothing yet: then the sum is that of the years before.
    """
    if created is None:
        return {}
    years = list(_years(created, now))
    answers = [mapping(memory.get(str(year))) for year in years]
    if answers and not answers[-1] and _new_year(now):
        answers.pop()
    if not answers or not all(_believed(one) for one in answers):
        return {}
    found: dict[str, float] = {}
    for key in SERIES:
        parts = [number(mapping(one.get("kwh")).get(key), low=0.0) for one in answers]
        while parts and parts[0] is None:
            del parts[0]
        known = [part for part in parts if part is not None]
        if known and len(known) == len(parts):
            found[key] = round(sum(known), _DIGITS)
    return found


def _believed(answer: Mapping[str, Any]) -> bool:
    """Tell whether a year answered, if only that it had no energy."""
    if mapping(answer.get("kwh")):
        return True
    return (integer(answer.get("empty")) or 0) >= _SURE


def _new_year(now: datetime) -> bool:
    """Tell whether a new year is so young that it may not have been asked for."""
    return (now.month, now.day) == (1, 1)


def _years(created: datetime | None, now: datetime) -> range:
    first = now.year if created is None else created.year
    return range(max(min(first, now.year), _FIRST), now.year + 1)


def _recent(asked: datetime, now: datetime) -> bool:
    return timedelta() <= now - asked < _AGAIN
