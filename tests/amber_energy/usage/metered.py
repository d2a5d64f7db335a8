"""Usage records as Amber sends them, for tests without a server."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from custom_components.amber_energy import driver
from custom_components.amber_energy.driver import NEM, UsageRecord

SUNDAY = date(2026, 10, 4)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

# The two records of reference section 3.4
VECTOR: list[dict[str, Any]] = [
    {
        "type": "Usage",
        "duration": 5,
        "date": "2026-10-04",
        "startTime": "2026-10-03T14:00:01Z",
        "endTime": "2026-10-03T14:05:00Z",
        "nemTime": "2026-10-04T00:05:00+10:00",
        "quality": "billable",
        "kwh": 0.044,
        "perKwh": 27.31842,
        "cost": 1.202,
        "channelType": "general",
        "channelIdentifier": "E1",
        "renewables": 21.6640281,
        "spotPerKwh": 10.00371,
        "spikeStatus": "none",
        "tariffInformation": {"demandWindow": False},
        "descriptor": "veryLow",
    },
    {
        "type": "Usage",
        "duration": 5,
        "date": "2026-10-04",
        "startTime": "2026-10-04T02:00:01Z",
        "endTime": "2026-10-04T02:05:00Z",
        "nemTime": "2026-10-04T12:05:00+10:00",
        "quality": "billable",
        "kwh": 0.412,
        "perKwh": -6.20417,
        "cost": -2.5561,
        "channelType": "feedIn",
        "channelIdentifier": "B1",
        "renewables": 70.9,
        "spotPerKwh": 10.00371,
        "spikeStatus": "none",
        "descriptor": "low",
    },
]


def begin(day: date) -> datetime:
    """Return when a day of the market begins."""
    return datetime.combine(day, time.min, NEM).astimezone(UTC)


def wire(
    day: date = SUNDAY,
    *,
    register: str = "E1",
    channel: str = "general",
    minutes: int = 30,
    kwh: float = 0.5,
    price: float = 20.0,
    quality: str = "billable",
) -> list[dict[str, Any]]:
    """Return a whole day of one register, each interval alike."""
    records = []
    for place in range(24 * 60 // minutes):
        start = begin(day) + place * timedelta(minutes=minutes)
        end = start + timedelta(minutes=minutes)
        records.append(
            {
                "type": "Usage",
                "duration": minutes,
                "date": day.isoformat(),
                "startTime": f"{start:%Y-%m-%dT%H:%M}:01Z",
                "endTime": f"{end:%Y-%m-%dT%H:%M}:00Z",
                "nemTime": end.astimezone(NEM).isoformat(),
                "quality": quality,
                "kwh": kwh,
                "perKwh": price,
                "cost": round(kwh * price, 4),
                "channelType": channel,
                "channelIdentifier": register,
                "renewables": 50,
                "spotPerKwh": 10,
                "spikeStatus": "none",
                "descriptor": "low",
            }
        )
    return records


def records(raw: Iterable[dict[str, Any]]) -> tuple[UsageRecord, ...]:
    return driver.usage(list(raw))
