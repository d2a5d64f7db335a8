"""Curves of a day, made by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.alphaess_energy.api.models import DateEnergy, PowerRecord
from custom_components.alphaess_energy.history import Hours, hourly

BERLIN = ZoneInfo("Europe/Berlin")
ADELAIDE = ZoneInfo("Australia/Adelaide")
KOLKATA = ZoneInfo("Asia/Kolkata")
DAY = date(2026, 5, 3)
HOUR = timedelta(hours=1)

type Watts = Callable[[datetime], float]


def energy(**kwh: float | None) -> DateEnergy:
    """Return a day's totals; what is not named is 0."""
    names = "solar imported exported charged discharged charged_from_grid ev"
    values: dict[str, Any] = {**dict.fromkeys(names.split(), 0.0), **kwh}
    return DateEnergy(day=DAY, **values)


def curve(
    zone: ZoneInfo,
    day: date = DAY,
    solar: Watts = lambda _: 0.0,
    load: Watts = lambda _: 500.0,
    grid: Watts = lambda _: 0.0,
    soc: Watts = lambda _: 50.0,
) -> list[PowerRecord]:
    """Return a record each 5 minutes, oldest first, with naive local times."""
    at = datetime.combine(day, time(0, 2, 34), zone).astimezone(UTC)
    records = []
    while (local := at.astimezone(zone)).date() == day:
        records.append(
            PowerRecord(
                at=local.replace(tzinfo=None, fold=0),
                solar=solar(local),
                load=load(local),
                soc=soc(local),
                exported=max(-grid(local), 0.0),
                imported=max(grid(local), 0.0),
                ev=0.0,
            )
        )
        at += timedelta(minutes=5)
    return records


def series(
    records: list[PowerRecord],
    totals: DateEnergy,
    zone: ZoneInfo = BERLIN,
    *,
    load: float | None = None,
    day: date = DAY,
    capacity: float | None = 10.0,
) -> dict[str, Hours]:
    found = hourly(records, totals, load, day=day, zone=zone, capacity=capacity)
    assert found is not None
    return found


def by_local_hour(hours: Hours, zone: ZoneInfo = BERLIN) -> dict[int, float]:
    return {hour.astimezone(zone).hour: kwh for hour, kwh in hours.items()}
