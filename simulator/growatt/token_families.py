"""V1: details, records and alarms of one family of devices (growatt.md 3.B to 3.D)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Literal

from . import history, quirks
from .device import Device
from .families import FACTS, Family
from .payloads import min as tlx
from .protocol import PERMISSION, Answer, Call, V1Error

type Verb = Literal["GET", "POST"]
type Handler = Callable[[Call], Answer]

HISTORY_DAYS = 7


def _of(call: Call, family: Family, name: str) -> Device:
    device = call.device(name)
    if device.family is not family:
        raise V1Error(10002, "error_device_not_exist")
    return device


def _beside(device: Device, name: str) -> dict[str, Any]:
    return {"dataloggerSn": device.datalogger, name: device.sn}


def _details(family: Family) -> Handler:
    def answer(call: Call) -> Answer:
        device = _of(call, family, "device_sn")
        name = "device_sn" if family is not Family.MIN else "tlx_sn"
        record = quirks.info(device, device.record or device.now())
        return Answer(record, _beside(device, name))

    return answer


def tlx_set_info(call: Call) -> Answer:
    """Answer `device/tlx/tlx_set_info`: the bean of the settings."""
    device = _of(call, Family.MIN, "device_sn")
    if not device.spec.has_settings:
        return Answer(None, _beside(device, "tlx_sn"))
    bean = tlx.settings(device, device.record or device.now())
    if device.switches.garbage_times:
        bean["forcedTimeStart9"] = "11:187"
    return Answer(quirks.spoil(device, bean), _beside(device, "tlx_sn"))


def _last(family: Family, name: str) -> Handler:
    def answer(call: Call) -> Answer:
        device = _of(call, family, name)
        data = quirks.last(device, device.record) if device.record else ""
        return Answer(data, _beside(device, name))

    return answer


def _multi(family: Family, name: str) -> Handler:
    def answer(call: Call) -> Answer:
        serials = call.text(name).split(",")
        if len(serials) > 100:
            raise V1Error(10004, "error_too_many_devices")
        found = {}
        for sn in serials:
            device = call.account.devices.get(sn)
            if device is None or device.family is not family:
                continue
            if not device.switches.permission:
                continue
            device.house.advance()
            if device.record is not None:
                found[sn] = {
                    "dataloggerSn": device.datalogger,
                    sn: quirks.last(device, device.record),
                }
        if not found:
            raise V1Error(PERMISSION if serials else 10002)
        return Answer(found, {name: list(found), "pageNum": 1})

    return answer


def _history(family: Family, name: str) -> Handler:
    def answer(call: Call) -> Answer:
        device = _of(call, family, name)
        start, end = call.day("start_date"), call.day("end_date")
        if end < start:
            raise V1Error(10003, "error_date")
        if (end - start).days >= HISTORY_DAYS:
            raise V1Error(10004, "error_interval")
        rows = _rows(call, device, start, end)
        page, size = call.page()
        sn_name = name if name != "device_sn" else "device_sn"
        return Answer(
            {
                "count": len(rows),
                sn_name: device.sn,
                "datalogger_sn": device.datalogger,
                "next_page_start_id": page * size + 1,
                "datas": call.paged(rows),
            }
        )

    return answer


def _rows(call: Call, device: Device, start: date, end: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    day = start
    while day <= end:
        plant_zone = call.server.history_zone == "plant"
        rows += history.rows(device, day, plant_zone=plant_zone)
        day += timedelta(days=1)
    for row in rows:
        row["createTime"] = row.get("time")
    if call.server.series_order == "newest_first":
        rows.reverse()
    return rows


def _alarms(family: Family, name: str) -> Handler:
    def answer(call: Call) -> Answer:
        device = _of(call, family, name)
        day = call.day("date")
        zone = device.house.spec.zone
        alarms = [
            {
                "alarm_code": alarm.code,
                "alarm_message": alarm.message,
                "status": alarm.status,
                "start_time": f"{alarm.start.astimezone(zone):%Y-%m-%d %H:%M:%S}.0",
                "end_time": f"{alarm.end.astimezone(zone):%Y-%m-%d %H:%M:%S}.0",
            }
            for alarm in device.alarms
            if alarm.start.astimezone(zone).date() == day
        ]
        shown = call.paged(alarms)
        return Answer({"count": len(alarms), name: device.sn, "alarms": shown})

    return answer


def day_energy(call: Call) -> Answer:
    """Answer `device/inverter/day_energy`: kWh of a day."""
    device = _of(call, Family.INVERTER, "device_sn")
    energy = device.house.energy_on(call.day("date"))
    return Answer(round(energy.solar_wh / 1000, 1) if energy else 0)


def _family_routes() -> dict[str, tuple[Verb, Handler]]:
    routes: dict[str, tuple[Verb, Handler]] = {}
    for family in (Family.MIN, Family.SPH, Family.SPA, Family.MAX, Family.STORAGE):
        facts = FACTS[family]
        base, sn = f"device/{facts.group}/{facts.short}", f"{facts.short}_sn"
        routes[f"{base}_data_info"] = ("GET", _details(family))
        routes[f"{base}_last_data"] = ("POST", _last(family, sn))
        routes[f"{base}_data"] = ("POST", _history(family, sn))
        routes[f"device/{facts.group}/alarm_data"] = ("POST", _alarms(family, sn))
        if family is not Family.STORAGE:
            multi = f"{facts.short}s"
            routes[f"{base}s_data"] = ("POST", _multi(family, multi))
    base = "device/inverter/"
    return routes | {
        f"{base}inv_data_info": ("GET", _details(Family.INVERTER)),
        f"{base}last_new_data": ("GET", _last(Family.INVERTER, "device_sn")),
        f"{base}invs_data": ("POST", _multi(Family.INVERTER, "inverters")),
        f"{base}data": ("GET", _history(Family.INVERTER, "device_sn")),
        f"{base}alarm": ("GET", _alarms(Family.INVERTER, "device_sn")),
    }


FAMILY_READS: dict[str, tuple[Verb, Handler]] = {
    "device/tlx/tlx_set_info": ("GET", tlx_set_info),
    "device/inverter/day_energy": ("GET", day_energy),
    **_family_routes(),
}
