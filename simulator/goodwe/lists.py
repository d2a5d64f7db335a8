"""Stations and devices (reference sections 3.1 to 3.5)."""

from typing import TYPE_CHECKING, Any

from ..energy import Energy
from .flow import flow_document
from .home import BATTERY, DONGLE
from .spelling import Speller

if TYPE_CHECKING:
    from .call import Call
    from .device import Device
    from .station import Station

_CREATED_HOUR = "09:17:41.69"


def stations_page(call: Call) -> dict[str, Any]:
    """`portal/stations/page`, paged by `current` and `size`."""
    page, size = call.number("current", 1), call.number("size", 20)
    return _page(call, page, size)


def simple_query(call: Call) -> dict[str, Any]:
    """`stations/simple-query`, paged by `pageIndex` and `pageSize`."""
    return _page(call, call.number("pageIndex", 1), call.number("pageSize", 20))


def _page(call: Call, page: int, size: int) -> dict[str, Any]:
    stations = call.simulator.seen
    shown = stations[(page - 1) * size : page * size]
    return {
        "dataList": [_row(call, station) for station in shown],
        "size": size,
        "current": page,
        "total": len(stations),
    }


def _row(call: Call, station: Station) -> dict[str, Any]:
    cloud, home = call.simulator.cloud, station.home
    today = station.ledger.day(station.counted_day) or Energy()
    total = station.ledger.between(station.ledger.created, station.counted_day)
    row: dict[str, Any] = {
        cloud.id_name: station.id,
        "name": station.name,
        "status": status(call, station.current_status, usual_text=False),
    }
    numbers = {
        "installedPower": home.spec.inverter_limit_w / 1000,
        "pvInstallP": home.spec.pv_peak_w / 1000,
        "pSystem": station.sample.live.pv_w / 1000,
        "productionToday": today.solar_wh / 1000,
        "productionTotal": total.solar_wh / 1000,
    }
    if home.has_battery:
        numbers |= {
            "proCharStatsToday": today.charge_wh / 1000,
            "proDischarStatsToday": today.discharge_wh / 1000,
            "proCharStatsTotal": total.charge_wh / 1000,
            "proDischarStatsTotal": total.discharge_wh / 1000,
        }
    rounded = {name: round(value, 2) for name, value in numbers.items()}
    row |= Speller(cloud).object(rounded)
    return row | {"timeZone": _offset(station), "isShared": True}


def station_info(call: Call) -> dict[str, Any]:
    """`portal/stations/basic/info`, and that of the app."""
    station = call.station()
    home, cloud = station.home, call.simulator.cloud
    info: dict[str, Any] = {
        "stationId": station.id,
        "name": station.name,
        "status": status(call, station.current_status, usual_text=True),
        "powerStationType": home.station_type,
        **Speller(cloud).object(
            {
                "installedPower": home.spec.inverter_limit_w / 1000,
                "pvCapacity": home.spec.pv_peak_w / 1000,
                "batteryCapacity": home.spec.battery_capacity_wh / 1000,
            }
        ),
        "createTime": f"{station.ledger.created}T{_CREATED_HOUR}",
        "isAllInOne": home.is_all_in_one,
        "hasGoodweInverter": True,
        "isHems": False,
        "isParallel": False,
        "isMicro": False,
        "address": "Musterweg 1, Bonn",
        "latitude": str(home.spec.latitude),
        "longitude": str(home.spec.solar_longitude),
        "permissions": list(station.permissions),
        "chartMap": {"energy_flow": _nodes(station), "power_chart": _nodes(station)},
    }
    if home.has_battery:
        info["gridStatus"] = "1" if station.sample.live.grid else "0"
    if cloud.zone in {"both", "timeZone"}:
        info["timeZone"] = _offset(station)
    if cloud.zone in {"both", "zoneId"}:
        info["zoneId"] = station.zone.key
    return info | station.info_extra


def _nodes(station: Station) -> str:
    battery = ["soc", "pBat"] if station.home.has_battery else []
    first, *rest = station.home.nodes
    more = [name for name in station.extras if name not in rest]
    return ",".join([first, *battery, *rest, *more])


def _offset(station: Station) -> str:
    minutes = int(station.offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"


def status(call: Call, code: str, *, usual_text: bool) -> str | int:
    """Return a status code as text or number."""
    form = call.simulator.cloud.status_as
    as_text = usual_text if form == "usual" else form == "text"
    return code if as_text else int(code)


def station_flow(call: Call) -> dict[str, Any]:
    """`stations/flow`: the last upload."""
    station = call.station()
    cloud, sample = call.simulator.cloud, station.sample
    dark = sample.live.pv_w <= 0
    if dark and cloud.night == "empty":
        return {}
    document = flow_document(station, sample.live, cloud)
    if dark and cloud.night == "lacking":
        document = {k: it for k, it in document.items() if k not in {"pSystem", "pAc"}}
    return {
        "id": station.id,
        "name": station.name,
        "status": status(call, station.current_status, usual_text=True),
        **Speller(cloud).object(document),
        "consumFlag": True,
        "isGoodweInverter": True,
        "refreshTime": f"{station.local(sample.at):%Y-%m-%dT%H:%M:%S}",
    }


def _listed(call: Call, station: Station) -> list[Device]:
    hidden = set() if call.simulator.cloud.battery_listed else {BATTERY}
    return [
        device
        for device in station.devices
        if device.type not in hidden and not device.switches.lost
    ]


def all_status(call: Call) -> dict[str, Any]:
    """`stations/device/all-status`: devices by type and status."""
    station = call.station()
    groups: dict[str, dict[str, list[Device]]] = {}
    for device in _listed(call, station):
        by_status = groups.setdefault(device.type, {})
        by_status.setdefault(device.status, []).append(device)
    details = [
        {
            "deviceType": kind,
            "statusDetailList": [
                {
                    "status": status(call, code, usual_text=False),
                    "snList": [device.sn for device in devices],
                    "detailMap": {it.sn: _detail(call, it) for it in devices},
                }
                for code, devices in by_status.items()
            ],
        }
        for kind, by_status in groups.items()
    ]
    if call.simulator.cloud.unknown_device:
        detail = {"sn": "X00000000000001", "name": "Thing 1", "preSn": None}
        entry = {"status": 1, "snList": [detail["sn"]], "detailMap": {}}
        entry["detailMap"] = {detail["sn"]: detail}
        details.append({"deviceType": "HEAT_BOX", "statusDetailList": [entry]})
    return {"deviceDetailList": details}


def _detail(call: Call, device: Device) -> dict[str, Any]:
    spec = device.spec
    detail: dict[str, Any] = {
        "sn": spec.sn,
        "name": shown_name(call, device),
        "preSn": spec.parent,
        "addTime": "1714612661000",
    }
    return detail | ({"subtype": spec.subtype} if spec.subtype else {})


def shown_name(call: Call, device: Device) -> str:
    """Return a device's name, in Chinese if the cloud is careless."""
    return f"设备{device.sn[-4:]}" if call.simulator.cloud.chinese else device.name


def device_page(call: Call) -> dict[str, Any]:
    """`web/device/station/page`: with models."""
    station = call.station()
    page, size = call.number("current", 1), call.number("size", 20)
    devices = _listed(call, station)
    rows = [_entry(call, it) for it in devices[(page - 1) * size : page * size]]
    return {"dataList": rows, "size": size, "current": page, "total": len(devices)}


def _entry(call: Call, device: Device) -> dict[str, Any]:
    spec = device.spec
    row: dict[str, Any] = {
        "sn": spec.sn,
        "name": shown_name(call, device),
        "deviceType": spec.type,
        "status": status(call, device.status, usual_text=False),
    }
    if spec.model:
        row |= {"model": spec.model, "brand": "GOODWE"}
    if spec.subtype:
        row |= {"subtype": spec.subtype, "zoneId": device.station.zone.key}
    if spec.type == DONGLE:
        row |= {"communicationMode": "LAN", "wirelessSignalStrength": "0"}
    return row


def device_types(call: Call) -> list[str]:
    """`web/device/getAllDeviceType`."""
    devices = _listed(call, call.station())
    return list(dict.fromkeys(device.type for device in devices))
