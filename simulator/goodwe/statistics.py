"""Energy and income over periods (reference sections 3.10 and 3.11)."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..energy import Energy
from .refusal import Refusal
from .spelling import Speller

if TYPE_CHECKING:
    from .call import Call
    from .station import Station

_STAMP = "%Y-%m-%d %H:%M:%S"


def _self_used(energy: Energy) -> float:
    return max(energy.solar_wh - energy.export_wh, 0.0)


ITEMS: dict[str, Callable[[Energy], float]] = {
    "proSystemTotalStats": lambda energy: energy.solar_wh,
    "proConsumStats": lambda energy: energy.load_wh,
    "proGridStats": lambda energy: energy.export_wh,
    "proPurchaseStats": lambda energy: energy.import_wh,
    "proSelfConsumStats": _self_used,
    "proCharStats": lambda energy: energy.charge_wh,
    "proDischarStats": lambda energy: energy.discharge_wh,
}
_BATTERY = {"proCharStats", "proDischarStats"}
_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
type Point = tuple[str, Energy]


def statistics(call: Call) -> dict[str, Any]:
    """`stations/statistics`: series per item, and summaries that can differ."""
    station, cloud = call.station(), call.simulator.cloud
    items = call.value("items")
    first, last, dimension = _range(call)
    # Other names and types of these fields find nothing
    if not isinstance(items, list) or call.value("isReport") is not False:
        return {}
    points = list(_points(station, first, last, dimension))
    if dimension == "day" and (last - first).days >= cloud.most_days:
        points = []
    if dimension == "year" and first.year != last.year and cloud.multi_year == "zero":
        points = [(stamp, Energy()) for stamp, _ in points]
    speller = Speller(cloud)
    series = [
        {
            "item": item,
            "unit": "kWh",
            "statisticsList": [
                {"date": stamp, "val": speller.number(_kwh(ITEMS[item](energy)))}
                for stamp, energy in points
            ],
        }
        for item in items
        if item in ITEMS
        and item not in cloud.missing_series
        and (station.home.has_battery or item not in _BATTERY)
    ]
    total = sum((energy for _, energy in points), Energy())
    return speller.object(_summary(total)) | {"dataList": series, "hasProfit": False}


def _summary(energy: Energy) -> dict[str, Any]:
    # That of AC: on a hybrid it is not what the sun gave
    made = max(energy.solar_wh + energy.discharge_wh - energy.charge_wh, 0.0)
    used, load = _self_used(energy), energy.load_wh
    return {
        "production": _kwh(made),
        "proConsum": _kwh(load),
        "proGrid": _kwh(energy.export_wh),
        "proPurchase": _kwh(energy.import_wh),
        "proSelfConsum": _kwh(used),
        "proSelfConsumRate": _percent(used, energy.solar_wh),
        "proGridRate": _percent(energy.export_wh, energy.solar_wh),
        "contributionRate": _percent(load - energy.import_wh, load),
        "proPurchaseRate": _percent(energy.import_wh, load),
        "proAcTotal": _kwh(made),
    }


def production(call: Call) -> dict[str, Any]:
    """`stations/production`: sums and income, flat."""
    station, cloud = call.station(), call.simulator.cloud
    items = call.value("items")
    first, last, dimension = _range(call)
    if not isinstance(items, list) or dimension != "day":
        return {}
    energy = sum((it for _, it in _points(station, first, last, "day")), Energy())
    home = station.home
    sold = energy.export_wh / 1000 * home.export_price
    saved = _self_used(energy) / 1000 * home.import_price
    numbers = {name: _kwh(value(energy)) for name, value in ITEMS.items()} | {
        "profitProStats": round(sold + saved, 2),
        "profitGridStats": round(sold, 2),
    }
    asked = {name: it for name, it in numbers.items() if name in items}
    return Speller(cloud).object(asked) | {"currency": home.currency}


def _range(call: Call) -> tuple[date, date, str]:
    dimension = call.text("dimension")
    if dimension not in _FORMATS:
        raise Refusal("S0327")
    try:
        first, last = (
            datetime.strptime(call.text(name), _STAMP).date()
            for name in ("startTime", "endTime")
        )
    except ValueError as err:
        raise Refusal("P0214") from err
    return first, last, dimension


def _points(
    station: Station, first: date, last: date, dimension: str
) -> Iterator[Point]:
    """Return periods with days that the station knows, oldest first."""
    ledger = station.ledger
    begin = max(first, ledger.created)
    end = min(last, station.sample.day)
    while begin <= end:
        match dimension:
            case "day":
                until = begin
            case "month":
                until = (begin.replace(day=28) + timedelta(days=4)).replace(day=1)
                until -= timedelta(days=1)
            case _:
                until = date(begin.year, 12, 31)
        stamp = begin.strftime(_FORMATS[dimension])
        yield stamp, _counted(station, begin, min(until, end))
        begin = until + timedelta(days=1)


def _counted(station: Station, first: date, last: date) -> Energy:
    if first == last == station.sample.day:
        # Late after midnight, the new day shows the one before (10.1)
        first = last = station.counted_day
    return station.ledger.between(first, min(last, station.counted_day))


def _kwh(wh: float) -> float:
    return round(wh / 1000, 2)


def _percent(part: float, whole: float) -> float:
    return round(min(max(part / whole, 0.0), 1.0) * 100, 2) if whole > 0 else 0.0
