"""Smart meter at the house's connection (reference section 3.D)."""

from typing import Any

from ..device import Device, Snapshot
from .numbers import kwh, watts

_VOLTS = 236.4


def last(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `meter_last_data`; `device` is the inverter the meter belongs to."""
    today, total = shot.today, shot.total
    amps = round(abs(shot.live.grid_w) / _VOLTS, 2)
    record: dict[str, Any] = {
        "activePower": round(shot.live.grid_w, 1),
        "posiActivePower": watts(shot.live.grid_w),
        "reverActivePower": watts(-shot.live.grid_w),
        "voltage": _VOLTS if shot.live.grid else 0.0,
        "current": amps,
        "frequency": 50.0 if shot.live.grid else 0.0,
        "powerFactor": 1.0,
        "activeEnergy": kwh(total.import_wh),
        "reverseActiveEnergy": kwh(total.export_wh),
        "posiActiveNetTotalEnergy": kwh(total.import_wh),
        "reverActiveNetTotalEnergy": kwh(total.export_wh),
        "positiveActiveTodayEnergy": kwh(today.import_wh),
        "reverseActiveTodayEnergy": kwh(today.export_wh),
        "positiveActiveTotalEnergy": kwh(total.import_wh),
        "reverseActiveTotalEnergy": kwh(total.export_wh),
        "gridEnergy": 0,
        "todayEnergy": 0,
        "totalEnergy": kwh(total.import_wh),
    }
    for phase in range(1, 4):
        there = phase <= device.house.spec.phases
        record |= {
            f"voltageL{phase}": _VOLTS if there and shot.live.grid else 0.0,
            f"currentL{phase}": round(amps / device.house.spec.phases, 2)
            if there
            else 0.0,
            f"activePowerL{phase}": (
                round(shot.live.grid_w / device.house.spec.phases, 1) if there else 0.0
            ),
        }
    return record | {
        "dataLogSn": device.datalogger,
        "time": device.cloud.java(shot.at),
        "timeText": device.cloud.text(shot.at),
        "lost": False,
    }


def entry(device: Device, shot: Snapshot, *, address: int, name: str) -> dict[str, Any]:
    """Return one meter of `meter_list`."""
    return {
        "address": address,
        "deviceName": name,
        "deviceType": 64,
        "lost": False,
        "lastUpdateTime": device.cloud.java(shot.at),
    }
