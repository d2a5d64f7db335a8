"""Endpoints of chargers (reference sections 3.14 and 6.5)."""

from typing import Any

from .call import NO_DATA, TRUE_ALONE, Call, Endpoint
from .charge_sessions import ChargeSession
from .charger import Charger, Plug
from .device import Device
from .home import CHARGER
from .refusal import Refusal
from .waits import pause

_EV = "sems-remote/api/ev-charger"
_PILE = "sems-plant/api/v1/chargePile"
_LISTS = "sems-plant/api/web/device"
_LOG_DAYS = 30
_PAGE = 20
CHARGING, FINISHED, IDLE = 6, 8, 0
# What 3.14 tells of the session that goes on; nothing that names it is in it
_SESSION = ("chargeTimeLength", "currentChargeQuantity")
_PLUGS: dict[Plug, str] = {
    "free": "available_gun_no_insered",
    "plugged": "prepare",
    "charging": "available_gun_insered",
    "paused": "suspended_evse",
    "finished": "finish",
}
_TITLES = {"charging": "Charging", "offline": "Offline"}
_STATIONS: dict[Plug, str] = {"free": "00", "finished": "02"}


def _charger(call: Call, name: str = "sn") -> tuple[Device, Charger]:
    device = call.device(call.text(name))
    if not isinstance(device.control, Charger):
        raise Refusal("P0215")
    return device, device.control


def detail(call: Call) -> dict[str, Any]:
    """`ev-charger/detail`."""
    device, charger = _charger(call)
    plug = charger.plug
    status = {"free": "available", "charging": "charging"}.get(plug, "standby")
    if not device.online:
        status = "offline"
    car = _PLUGS[plug]
    rated_kw = charger.rated_w / 1000
    names = charger.switches.names
    if names == "titles":
        status = f"EVDetail_Status_Title_{_TITLES.get(status, 'Waiting')}"
        car = f"EVDetail_Status_Waiting_Stat{_STATIONS.get(plug, '01')}"
    if names == "other":
        session = charger.session()
        return {
            "statusCode": status,
            "carState": car,
            "workMode": str(charger.mode),
            "chargeMaxPower": f"{charger.power_kw:.1f}",
            "ratedMaxChargePower": f"{rated_kw:.1f}",
            "chargedEnergy": None if session is None else _kwh(session.energy_wh),
        }
    return {
        "status": status,
        "workState": car,
        "chargeMode": charger.mode,
        # What it may give, not what it gives
        "chargePower": rated_kw,
        "chargePowerSetted": charger.power_kw,
        "ratedMaxiChargePower": rated_kw,
        "startStatus": False,
        "currentLimit": 0,
        "dynamicLoad": 0,
        "scheduleMode": 0,
        "scheduleTotalMinute": 480,
        "mileage": 5.0,
    }


async def set_mode(call: Call) -> object:
    """`set-mode`: how it charges."""
    mode = call.number("mode", -1)
    if mode not in {0, 1, 2}:
        raise Refusal("P0214")
    charger = await _writable(call)
    powers = (call.value("chargePowerSetted"), call.value("chargeMaxPower"))
    charger.set_mode(mode, powers)
    return _done(charger)


async def start(call: Call) -> object:
    """`startCharge`."""
    charger = await _writable(call)
    charger.start_or_stop(start=True)
    return _done(charger)


async def stop(call: Call) -> object:
    """`stopCharge`."""
    charger = await _writable(call)
    charger.start_or_stop(start=False)
    return _done(charger)


async def _writable(call: Call) -> Charger:
    device, charger = _charger(call)
    call.permit(device.station, "INVERTER_REMOTE")
    if call.station(call.text("plantId")) is not device.station:
        raise Refusal("P0215")
    seconds = charger.switches.write_seconds
    if seconds is None:
        seconds = charger.seconds(1, 3)
    await pause(call.simulator.clock, seconds)
    if charger.switches.busy:
        charger.switches.busy -= 1
        raise Refusal("R0305")
    if not device.online:
        raise Refusal("P0215")
    return charger


def _done(charger: Charger) -> object:
    return TRUE_ALONE if charger.switches.success == "true" else NO_DATA


def last_charge(call: Call) -> dict[str, Any]:
    """`getLastCharge`: the session that goes on, or the last one."""
    device, charger = _charger(call, "chargeSn")
    session = charger.session()
    if session is None:
        return {"chargeLog": None}
    plug = charger.plug
    work = CHARGING if plug == "charging" else IDLE if plug == "free" else FINISHED
    live = charger.house.live()
    entry = _log(device, session)
    if not charger.switches.session_named:
        entry = {key: entry[key] for key in _SESSION}
    return {
        "chargeLog": {
            **entry,
            "workStu": work,
            "pevChar": round(live.ev_w / 1000, 3),
        }
    }


def charge_log(call: Call) -> dict[str, Any]:
    """`queryChargeLogList`: sessions that are over, newest first."""
    name = "chargeSn" if call.value("chargeSn") is not None else "sn"
    device, charger = _charger(call, name)
    page = max(call.number("current", call.number("pageIndex", 1)), 1)
    found = charger.finished(_LOG_DAYS)
    shown = found[(page - 1) * _PAGE : page * _PAGE]
    return {
        "dataList": [_log(device, session) for session in shown],
        "current": page,
        "size": _PAGE,
        "total": len(found),
    }


def _log(device: Device, session: ChargeSession) -> dict[str, Any]:
    start, end = (device.station.local(at) for at in (session.start, session.end))
    return {
        "chargeSn": device.sn,
        "chargeSerialNumber": session.number,
        "chargeStartTime": f"{start:%Y-%m-%d %H:%M:%S}",
        "chargeEndTime": f"{end:%Y-%m-%d %H:%M:%S}",
        "chargeTimeLength": round((session.end - session.start).total_seconds() / 60),
        "currentChargeQuantity": _kwh(session.energy_wh),
        "greenElec": _kwh(session.solar_wh),
        "purElec": _kwh(max(session.energy_wh - session.solar_wh, 0.0)),
    }


def _kwh(watt_hours: float) -> float:
    return round(watt_hours / 1000, 2)


def by_type(call: Call) -> list[dict[str, Any]]:
    """`getDevicesByType`: devices of one type of a station."""
    return [_row(device) for device in call.station().of(call.text("deviceType"))]


def centralized(call: Call) -> dict[str, Any]:
    """`centralized/page`: chargers of all stations, as children of their station."""
    wanted = call.value("deviceTypeList")
    if not isinstance(wanted, list):
        raise Refusal("P0214")
    stations = [
        (station, station.of(*map(str, wanted)))
        for station in call.simulator.stations
        if not station.lost
    ]
    rows = [
        {
            "stationId": station.id,
            "stationName": station.name,
            "children": [_row(device) for device in devices],
        }
        for station, devices in stations
        if devices
    ]
    return {"dataList": rows, "current": 1, "size": 50, "total": len(rows)}


def _row(device: Device) -> dict[str, Any]:
    row = {
        "sn": device.sn,
        "name": device.name,
        "deviceType": device.type,
        "stationId": device.station.id,
        "status": int(device.status),
    }
    if device.type == CHARGER:
        row["productModel"] = device.spec.model
    return row


CHARGER_CALLS = {
    ("POST", f"{_EV}/detail"): Endpoint(detail),
    ("POST", f"{_EV}/set-mode"): Endpoint(set_mode, write=True),
    ("POST", f"{_EV}/startCharge"): Endpoint(start, write=True),
    ("POST", f"{_EV}/stopCharge"): Endpoint(stop, write=True),
    ("GET", f"{_PILE}/getLastCharge"): Endpoint(last_charge),
    ("POST", f"{_PILE}/queryChargeLogList"): Endpoint(charge_log),
    ("GET", f"{_LISTS}/station/getDevicesByType"): Endpoint(by_type),
    ("POST", f"{_LISTS}/centralized/page"): Endpoint(centralized),
}
