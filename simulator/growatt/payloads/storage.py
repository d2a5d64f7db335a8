"""SPF / SPC storage: live record and details (reference sections 3.D and 3.I)."""

from typing import Any

from ..device import Device, Snapshot
from . import common
from .electrics import counters, powers
from .numbers import kwh

_PACK_V = 52.6
_PV_V = 112.3
_OUT_V = 230.1
_VA_PER_W = 1.107
"""The load takes some reactive power too."""


def detail(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return what the app's `storageDetailBean` and the live record share."""
    p = powers(device, shot)
    today, total = counters(device, shot.today), counters(device, shot.total)
    # + is charging, - is discharging, in spite of the name
    net = -round(shot.live.battery_w, 1)
    return {
        "eBatDisChargeToday": today.discharge,
        "eBatDisChargeTotal": total.discharge,
        "eacDisChargeToday": today.ac,
        "eacDisChargeTotal": total.ac,
        "eopDischrToday": today.load,
        "eopDischrTotal": total.load,
        "eacChargeToday": today.grid_charge,
        "eacChargeTotal": total.grid_charge,
        "eChargeToday": today.charge,
        "eChargeTotal": total.charge,
        "epvToday": today.solar,
        "epvTotal": total.solar,
        "ppv": p.solar,
        "ppv2": 0.0,
        "vpv": _PV_V if p.solar else 0.0,
        "vpv2": 0.0,
        "capacity": round(shot.live.soc),
        "pCharge": net,
        "pDischarge": p.discharge,
        "rateVA": round(p.load * _VA_PER_W, 1),
        "pAcInPut": p.imported,
        "outPutPower": p.load,
        "outPutVolt": _OUT_V,
        "outPutCurrent": round(p.load / _OUT_V, 1),
        "freqOutPut": 50.0,
        "vGrid": 229.5 if shot.live.grid else 0.0,
        "freqGrid": 50.0 if shot.live.grid else 0.0,
        "iAcCharge": round(p.ac_charge / _PACK_V, 1),
        "iChargePV1": round(max(p.charge - p.ac_charge, 0) / _PACK_V, 1),
        "iChargePV2": 0.0,
        "chgCurr": round(p.charge / _PACK_V, 1),
        "vBat": _PACK_V,
        "loadPercent": round(p.load / device.rated_w * 100, 1),
        "status": 0,
        "statusText": "Operating",
        "time": device.cloud.text(shot.at),
    }


def overview(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return the energies of `getEnergyOverviewData_sacolar` (kWh)."""
    today, total = counters(device, shot.today), counters(device, shot.total)
    return {
        "eChargeToday": today.charge,
        "eChargeTotal": total.charge,
        "eDischargeToday": today.discharge,
        "eDischargeTotal": total.discharge,
        "epvToday": today.solar,
        "epvTotal": total.solar,
        "eToUserToday": today.imported,
        "eToUserTotal": total.imported,
        "eToGridToday": today.exported,
        "eToGridTotal": total.exported,
        "useEnergyToday": today.load,
        "useEnergyTotal": total.load,
    }


def last(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return the live record: `storage_last_data`, v4 `queryLastData`."""
    p = powers(device, shot)
    energies = overview(device, shot)
    record: dict[str, Any] = {
        "serialNum": device.sn,
        "dataLogSn": device.datalogger,
        **detail(device, shot),
        **{key: value for key, value in energies.items() if "use" not in key},
        "capacityText": f"{round(shot.live.soc)} %",
        "ipv": round(p.solar / _PV_V, 1),
        "epvToday2": 0.0,
        "epvTotal2": kwh(0.0),
        "pAcCharge": p.ac_charge,
        "pacToUser": p.imported,
        "pacToGrid": p.exported,
        "temperature": 36.0,
        "bmsSoh": 98,
    }
    return record | {"calendar": common.calendar(device, shot, v4=v4)}


def info(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `storage_data_info`: identity; settings are read one by one."""
    return {
        **common.identity(device, shot, family="storage"),
        "fwVersion": "067.05/068.05",
        "innerVersion": "null",
        "communicationVersion": "null",
        "deviceType": 3,
        "model": "0",
        "status": 0,
        "statusText": "storage.status.operating",
    }
