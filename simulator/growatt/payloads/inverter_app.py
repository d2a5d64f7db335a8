"""String inverters and MAX in the app, `newInverterAPI.do` (sections 3.F, 3.I)."""

from datetime import date
import json
from typing import Any

from ..device import Device, Snapshot
from . import strings
from .curves import day_curve
from .numbers import text, texts

_DETAIL = (
    "powerToday powerTotal pac pacr vacr iacr fac ppv ppv1 ppv2 ppv3 vpv1 vpv2 vpv3 "
    "ipv1 ipv2 ipv3 ipmTemperature temperature status statusText time faultType warnCode"
)


def detail(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getInverterDetailData`: texts."""
    record = strings.last(device, shot)
    return texts({key: record[key] for key in _DETAIL.split()})


def detail_two(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getInverterDetailData_two`: the values and what they are called."""
    record = strings.last(device, shot)
    return {
        "data": {
            "e_today": record["powerToday"],
            "e_total": record["powerTotal"],
            "fac": record["fac"],
            "pac": record["pac"],
            "vpv1": record["vpv1"],
            "ipv1": record["ipv1"],
            "vpv2": record["vpv2"],
            "ipv2": record["ipv2"],
        },
        "parameterName": "Fac(Hz),Pac(W),E_Today(kWh),E_Total(kWh),Vpv1(V),Ipv1(A)",
    }


def data(device: Device, shot: Snapshot, day: date) -> dict[str, Any]:
    """Return `getInverterData`: the curve of a day in W."""
    record = strings.last(device, shot)
    return {
        "date": day.isoformat(),
        "eToday": text(record["powerToday"]),
        "eTotal": text(record["powerTotal"]),
        "power": text(record["pac"]),
        "nominalPower": text(device.rated_w),
        "invPacData": {
            f"{day.isoformat()} {key}": round(slot.solar * 1000, 1)
            for key, slot in day_curve(device.house, day).items()
        },
    }


def settings_page(device: Device, shot: Snapshot) -> str:
    """Return the page `commonDeviceSetC/setInverter` with the state in a script."""
    shown = device.settings.shown
    state = {
        "serialNum": device.sn,
        "onOff": text(shown["onOff"]),
        "activeRate": text(shown["activeRate"]),
        "nominalPower": text(device.rated_w),
        "sysTime": f"{shot.at.astimezone(device.house.spec.zone):%Y-%m-%d %H:%M:%S}",
    }
    return (
        "<html><head><script>\n"
        f"var inv=JSON.parse('{json.dumps(state)}');\n"
        "</script></head><body></body></html>"
    )
