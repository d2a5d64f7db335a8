"""v4: one call for all families (growatt.md 3.E)."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from . import history, quirks
from .device import Device
from .families import Family
from .protocol import V4Error, v4_success
from .v4_call import MOST_DEVICES, POWER_FAMILIES, V4Call, reach
from .v4_writes import V4_WRITES

__all__ = ["V4", "V4Call"]

_SIGNAL = -70


def device_list(call: V4Call) -> web.Response:
    """Answer `queryDeviceList`."""
    if not call.form.get("page"):
        raise V4Error(10)
    page = int(call.form["page"])
    entries = [
        {
            "deviceSn": device.sn,
            "datalogSn": device.datalogger,
            "deviceType": str(device.family),
            "createDate": f"{plant.created.isoformat()} 17:37:26",
        }
        for plant in call.account.plants
        for device in plant.devices
    ]
    pages = max(-(-len(entries) // MOST_DEVICES), 1)
    return v4_success(
        {
            "count": len(entries),
            "pages": pages,
            "pageSize": MOST_DEVICES,
            "lastPager": page >= pages,
            "notPager": False,
            "startCount": (page - 1) * MOST_DEVICES,
            "other": None,
            "data": entries[(page - 1) * MOST_DEVICES : page * MOST_DEVICES],
        }
    )


def last_data(call: V4Call) -> web.Response:
    """Answer `queryLastData`."""
    devices = call.devices()
    records = [
        quirks.last(device, device.record, v4=True)
        for device in devices
        if device.record is not None
    ]
    return v4_success({str(call.family()): records})


def device_info(call: V4Call) -> web.Response:
    """Answer `queryDeviceInfo`."""
    records = [
        quirks.info(device, device.record or device.now(), v4=True)
        for device in call.devices()
    ]
    return v4_success({str(call.family()): records})


def _rows(call: V4Call, device: Device) -> list[dict[str, Any]]:
    plant_zone = call.server.history_zone == "plant"
    rows = history.rows(device, call.day(), v4=True, plant_zone=plant_zone)
    if call.server.series_order == "newest_first":
        rows.reverse()
    return rows


def historical_data(call: V4Call) -> web.Response:
    """Answer `queryHistoricalData`: a day, in one piece unless the switch says not."""
    rows = _rows(call, call.device())
    size = call.server.v4_history_page
    start = call.number("start", 0, 1e6) if call.form.get("start") else 0
    shown = rows[start : start + size] if size else rows
    more = bool(size) and start + size < len(rows)
    return v4_success(
        {"datas": shown, "haveNext": more, "start": start + size if more else 0}
    )


def devices_historical_data(call: V4Call) -> web.Response:
    """Answer `queryDevicesHistoricalData`."""
    return v4_success({device.sn: _rows(call, device) for device in call.devices()})


def info_param(call: V4Call) -> web.Response:
    """Answer `queryDeviceInfoParam`."""
    device = call.device()
    spec = device.house.spec
    return v4_success(
        {
            "deviceModel": device.model,
            "dataloggerModel": device.home.datalogger_model,
            "batteryModel": device.spec.battery or None,
            "norminalPower": device.rated_w,
            "batteryCapacity": spec.battery_capacity_wh / 1000,
            "batteryNominalPower": spec.max_charge_w,
            "hasBattery": device.spec.has_battery,
        }
    )


def dfc_data(call: V4Call) -> web.Response:
    """Answer `queryDfcData`, which is null unless the device was enabled for it."""
    device = call.device()
    if not call.server.dfc:
        return v4_success(None)
    live = device.now().live
    return v4_success(
        {
            "serialNum": device.sn,
            "utcTime": f"{live.at:%Y-%m-%d %H:%M:%S}",
            "pac": round(live.pv_w + live.battery_w, 1),
            "ppv": round(live.pv_w, 1),
            "soc": round(live.soc),
            "batPower": round(-live.battery_w, 1),
            "payLoadPower": round(live.load_w, 1),
            "activePower": round(max(live.grid_w, 0), 1),
            "reverActivePower": round(max(-live.grid_w, 0), 1),
            "status": 1,
        }
    )


def wifi_signal(call: V4Call) -> web.Response:
    """Answer `getWiFiSignalByDevice`: the value is in the message."""
    reach(call.device())
    return v4_success("SUCCESSFUL_OPERATION", str(_SIGNAL))


def read_power(call: V4Call) -> web.Response:
    """Answer `readPower`: percent, of a NOAH watts."""
    device = call.device()
    if device.family not in {*POWER_FAMILIES, Family.NOAH}:
        raise V4Error(7)
    reach(device)
    key = "defaultPower" if device.family is Family.NOAH else "activeRate"
    return v4_success(device.settings.active[key], "success")


V4: dict[str, Callable[[V4Call], web.Response]] = {
    "queryDeviceList": device_list,
    "queryDeviceInfo": device_info,
    "queryLastData": last_data,
    "queryHistoricalData": historical_data,
    "queryDevicesHistoricalData": devices_historical_data,
    "queryDeviceInfoParam": info_param,
    "queryDfcData": dfc_data,
    "getWiFiSignalByDevice": wifi_signal,
    "readPower": read_power,
    **V4_WRITES,
}
