"""Answers about a plant that are put together of several (sections 3.10 and 3.12)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from . import driver
from ._vendor.core.client.decode import day, mapping
from .readings import Alarms, Energy


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The energies of one day of the plant."""

    observed_at: datetime
    day: date | None
    energy: Energy


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """Energies since the plant was made, in kWh by series."""

    observed_at: datetime
    kwh: Mapping[str, float] = field(default_factory=dict)


def decode_today(raw: Any, received_at: datetime) -> Today:
    """Decode the statistics of a day and the day that was asked for."""
    document = mapping(raw)
    return Today(
        observed_at=received_at,
        day=day(document.get("day")),
        energy=driver.statistics(document.get("energy"), received_at),
    )


def decode_alarms(raw: Any, received_at: datetime) -> Alarms:
    """Decode counts and list of the alarms; without a list only the counts."""
    document = mapping(raw)
    counts = driver.alarm_counts(document.get("counts"), received_at)
    rows = document.get("rows")
    return driver.alarms(rows, received_at, counts) if rows is not None else counts
