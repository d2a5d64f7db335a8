"""What the broker pushes: every number a text (reference section 5.5)."""

import json
from typing import TYPE_CHECKING, Any, Literal

from .flow import flow_document
from .home import BATTERY, METER, RACK

if TYPE_CHECKING:
    from ..house import Live
    from .device import Device
    from .station import Station

type Shape = Literal["plain", "title", "msg"]
STATION, DEVICE = "/goodwe/second-data/station/", "/goodwe/second-data/device/"


def station_payload(station: Station, *, nulls: bool) -> dict[str, Any]:
    """Return the flow of a station as of now."""
    live = station.house.live()
    flow = flow_document(station, live, station.cloud)
    flows = flow.pop("flows", None)
    document: dict[str, Any] = {
        "stationId": station.id,
        "time": f"{station.local(live.at):%Y-%m-%d %H:%M:%S}",
        **{name: _text(value) for name, value in flow.items()},
        "pDc": _text(flow.get("pSystem")),
        "qAc": None if nulls else "0.21",
        "fAc": None if nulls else "50.01",
        "pf": None if nulls else "0.99",
        "traceId": "1c9e0d2f",
    }
    if flows is not None:
        document["flows"] = flows
    return document


def device_payload(device: Device) -> dict[str, Any]:
    """Return what an inverter, battery or meter tells as of now."""
    station = device.station
    live = device.part_of(station.house.live())
    document: dict[str, Any] = {
        "sn": device.sn,
        "time": f"{station.local(live.at):%Y-%m-%d %H:%M:%S}",
    }
    if device.type in {BATTERY, RACK}:
        return document | {
            "soc": _text(round(live.soc, 1)),
            "pBat": _text(_kw(live.battery_w)),
            "voltage": None,
        }
    if device.type == METER:
        power = _text(_kw(-live.grid_w))
        return document | {"pAc": power, "totalPac": power, "fac": "50.01"}
    return document | _inverter(live, battery=device.has_battery)


def _inverter(live: Live, *, battery: bool) -> dict[str, Any]:
    stored_w = live.battery_w if battery else 0.0
    document = {
        "pAc": _text(_kw(live.pv_w + stored_w)),
        "pDc": _text(_kw(live.pv_w)),
        "pSystem": _text(_kw(live.pv_w)),
        "pGrid": _text(_kw(-live.grid_w)),
        "pBackup": None,
    }
    if battery:
        document |= {"pBat": _text(_kw(stored_w)), "soc": _text(round(live.soc, 1))}
    return document


def encoded(document: dict[str, Any], shape: Shape) -> bytes:
    """Return a payload, wrapped as some are."""
    text = json.dumps(document)
    match shape:
        case "title":
            text = json.dumps({"title": "second-data", "message": text})
        case "msg":
            text = json.dumps({"msg": text})
        case "plain":
            pass
    return text.encode()


def _kw(watts: float) -> float:
    return round(watts / 1000, 3) + 0.0


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
