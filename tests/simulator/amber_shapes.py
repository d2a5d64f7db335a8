"""What the records of the Amber API consist of (amber.md 3.1 to 3.5)."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
import re
from typing import Any

type Check = Callable[[Any], bool]


def number(it: Any) -> bool:
    return isinstance(it, int | float) and not isinstance(it, bool)


def boolean(it: Any) -> bool:
    return isinstance(it, bool)


def minutes(it: Any) -> bool:
    return isinstance(it, int) and it in {5, 30}


def price(it: Any) -> bool:
    return number(it) and it == round(it, 5)


def text(pattern: str) -> Check:
    return lambda it: isinstance(it, str) and bool(re.fullmatch(pattern, it))


def one_of(*values: str) -> Check:
    return lambda it: it in values


def shape(**fields: Check) -> Check:
    return lambda it: isinstance(it, dict) and not problems(it, fields)


DAY = text(r"\d{4}-\d{2}-\d{2}")
CHANNEL = one_of("general", "controlledLoad", "feedIn")
TARIFF = shape(
    period_=one_of("offPeak", "shoulder", "solarSponge", "peak"),
    season_=one_of(
        *("default", "summer", "autumn", "winter", "spring", "nonSummer"),
        *("holiday", "weekend", "weekendHoliday", "weekday"),
    ),
    block_=lambda it: it in {1, 2},
    demandWindow_=boolean,
)
TIMES: dict[str, Check] = {
    "date": DAY,
    "duration": minutes,
    "startTime": text(r"\d{4}-\d\d-\d\dT\d\d:\d[05]:01Z"),
    "endTime": text(r"\d{4}-\d\d-\d\dT\d\d:\d[05]:00Z"),
    "nemTime": text(r"\d{4}-\d\d-\d\dT\d\d:\d[05]:00\+10:00"),
    "renewables": number,
}
INTERVAL = TIMES | {
    "type": text("ActualInterval"),
    "perKwh": price,
    "spotPerKwh": price,
    "channelType": CHANNEL,
    "spikeStatus": one_of("none", "potential", "spike"),
    "tariffInformation_": TARIFF,
    "descriptor": one_of(
        "extremelyLow", "veryLow", "low", "neutral", "high", "spike", "negative"
    ),
}
AHEAD = {
    "range_": shape(min=number, max=number),
    "advancedPrice_": shape(low=number, predicted=number, high=number),
}
INTERVALS: dict[str, dict[str, Check]] = {
    "ActualInterval": INTERVAL,
    "CurrentInterval": INTERVAL
    | AHEAD
    | {"type": text("CurrentInterval"), "estimate": boolean},
    "ForecastInterval": INTERVAL | AHEAD | {"type": text("ForecastInterval")},
    "Usage": INTERVAL
    | {
        "type": text("Usage"),
        "quality": one_of("estimated", "billable"),
        "kwh": number,
        "cost": number,
        "channelIdentifier": text(r"[A-Z]\d"),
    },
}
RENEWABLE = TIMES | {
    "type": one_of("ActualRenewable", "CurrentRenewable", "ForecastRenewable"),
    "descriptor": one_of("best", "great", "ok", "notGreat", "worst"),
}
SITE: dict[str, Check] = {
    "id": text(r"[0-9A-HJKMNP-TV-Z]{26}"),
    "nmi": text(r"\d{10,11}"),
    "channels": lambda it: (
        bool(it)
        and all(
            not problems(
                each,
                {"identifier": text(r"\w+"), "type": CHANNEL, "tariff": text(r"\w+")},
            )
            for each in it
        )
    ),
    "network": text(r"\w[\w ]+"),
    "status": one_of("pending", "active", "closed"),
    "activeFrom_": DAY,
    "closedOn_": DAY,
    "intervalLength_": minutes,
}


def problems(document: Mapping[str, Any], fields: Mapping[str, Check]) -> list[str]:
    """Return the fields that are wrong; a name that ends in `_` may be missing."""
    names = {name.removesuffix("_") for name in fields}
    found = [f"{name}: unknown" for name in document if name not in names]
    for name, check in fields.items():
        plain = name.removesuffix("_")
        if plain not in document:
            if plain == name:
                found.append(f"{name}: missing")
        elif not check(document[plain]):
            found.append(f"{plain}: {document[plain]!r}")
    return found


def odd(document: dict[str, Any]) -> list[str]:
    """Return what is wrong with an interval or a record of usage."""
    found = problems(document, INTERVALS[document["type"]])
    return found or wrong_times(document)


def wrong_times(document: dict[str, Any]) -> list[str]:
    """Return what does not fit of a record's times."""
    start, end = begin_of(document), end_of(document)
    nem = datetime.fromisoformat(document["nemTime"])
    day = (start + timedelta(hours=10)).date()
    checks = {
        "duration": end - start == timedelta(minutes=document["duration"]),
        "nemTime": nem == end,
        "date": date.fromisoformat(document["date"]) == day,
        "whole": not start.timestamp() % (document["duration"] * 60),
    }
    return [name for name, fine in checks.items() if not fine]


def begin_of(document: dict[str, Any]) -> datetime:
    """Return the start without the second that the API adds."""
    start = datetime.fromisoformat(document["startTime"])
    return (start - timedelta(seconds=1)).astimezone(UTC)


def end_of(document: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(document["endTime"]).astimezone(UTC)
