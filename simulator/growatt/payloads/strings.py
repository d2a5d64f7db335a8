"""String inverters and MAX: live record and details (reference section 3.D)."""

from typing import Any

from ..device import Device, Snapshot
from ..families import Family
from . import common
from .electrics import input_energies, inputs, line_volts, mains
from .numbers import kwh, watts

_INPUTS = {Family.INVERTER: 3, Family.MAX: 16}
_STRINGS = 32


def last(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return the live record: `last_new_data`, `max_last_data`, v4."""
    solar = watts(shot.live.pv_w)
    running = solar > 0
    energies = kwh(shot.today.solar_wh), kwh(shot.total.solar_wh)
    count = _INPUTS[device.family]
    record: dict[str, Any] = {
        **common.head(device, shot),
        "status": 1 if running else 0,
        "statusText": "Normal" if running else "Waiting",
        "ppv": solar,
        **inputs(shot, count),
        "pac": solar,
        **phases(device, shot),
        "powerToday": energies[0],
        "powerTotal": energies[1],
        **input_energies(device, shot, count),
        "epvTotal": energies[1],
        "temperature": 43.8,
        "ipmTemperature": 45.2,
        "pf": 1,
        "realOPPercent": round(solar / device.rated_w * 100),
        "pBusVoltage": 361.0,
        "nBusVoltage": 360.4,
        "faultType": 0,
        "warnCode": 0,
    }
    if device.family is Family.MAX:
        record |= {
            "eacToday": record["powerToday"],
            "eacTotal": record["powerTotal"],
            "vacRs": line_volts(device, shot),
            "vacSt": line_volts(device, shot),
            "vacTr": line_volts(device, shot),
        }
        for number in range(1, _STRINGS + 1):
            used = number <= 2 * device.house.spec.strings
            record[f"vString{number}"] = record["vpv1"] if used else 0
            record[f"currentString{number}"] = record["ipv1"] / 2 if used else 0
    return record | {"calendar": common.calendar(device, shot, v4=v4)}


def phases(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return voltage, current and power by the letters of the phases."""
    numbered = mains(device, shot, shot.live.pv_w)
    record = {"fac": numbered["fac"]}
    for number, letter in enumerate("rst", start=1):
        for quantity in ("vac", "iac", "pac"):
            record[f"{quantity}{letter}"] = numbered[f"{quantity}{number}"]
    return record


def info(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `inv_data_info` or `max_data_info`."""
    family = "max" if device.family is Family.MAX else "inv"
    return {
        **common.identity(device, shot, family=family),
        "innerVersion": "GH1.0",
        "communicationVersion": "ZAAA-0004",
        "nominalPower": round(device.rated_w),
        "sysTime": common.plant_time(device, shot),
        **device.settings.shown,
    }
