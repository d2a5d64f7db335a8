"""Power per minute of one day (reference section 7)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..energy import Record
from .refusal import Refusal
from .spelling import Speller

if TYPE_CHECKING:
    from .call import Call

_STAMP = "%Y-%m-%d %H:%M:%S"
_STEP = timedelta(minutes=1)
_ITEMS: dict[str, Callable[[Record], float]] = {
    "pSystem": lambda record: record.pv_w / 1000,
    "soc": lambda record: record.soc,
    "pBat": lambda record: record.battery_w / 1000,
    "pConsum": lambda record: record.load_w / 1000,
    "pGrid": lambda record: (record.export_w - record.import_w) / 1000,
}
_BATTERY = {"soc", "pBat"}


def power_series(call: Call) -> dict[str, Any]:
    """`hems/power/statisticsAndPreV2`, in the station's time whatever `timeZone` is.

    Days of which only the totals are left have no points.
    """
    station, cloud = call.station(), call.simulator.cloud
    items = call.value("items")
    if not isinstance(items, list) or call.value("timeZone") is None:
        raise Refusal("P0214")
    try:
        first, last = (
            datetime.strptime(call.text(name), _STAMP)
            for name in ("startTime", "endTime")
        )
    except ValueError as err:
        raise Refusal("P0214") from err
    minutes: list[tuple[str, Record]] = []
    # One day is answered, as the portal asks for it
    for record in station.house.records(first.date()):
        for minute in range(5):
            local = station.local(record.start + minute * _STEP).replace(tzinfo=None)
            if first <= local <= last:
                minutes.append((local.strftime(_STAMP), record))
    speller = Speller(cloud)
    signs = {"pConsum": -1.0} if cloud.signed_load else {}
    lacks = cloud.series_nulls
    return {
        "dataList": [
            {
                "item": item,
                cloud.series_as: [
                    {
                        "tp": stamp,
                        "power": None
                        if lacks and place % lacks == 0
                        else speller.number(
                            round(_ITEMS[item](record) * signs.get(item, 1.0), 3) + 0.0
                        ),
                    }
                    for place, (stamp, record) in enumerate(minutes, start=1)
                ],
            }
            for item in items
            if item in _ITEMS and (station.home.has_battery or item not in _BATTERY)
        ]
    }
