"""MIN / TLX: live record, details and settings (reference sections 3.B and 3.F)."""

from typing import Any

from ..device import Device, Snapshot
from . import common
from .electrics import (
    counters,
    input_energies,
    inputs,
    line_volts,
    mains,
    powers,
)
from .numbers import kwh

_INPUTS = 4
PACK_V = 718.2


def last(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return the live record: `tlx_last_data`, v4 `queryLastData`."""
    p = powers(device, shot)
    running = p.output > 0 or p.solar > 0 or p.charge > 0
    record: dict[str, Any] = {
        **common.head(device, shot),
        "status": 1 if running else 0,
        "statusText": "Normal" if running else "Standby",
        "lost": device.switches.lost_in_record,
        "ppv": p.solar,
        **inputs(shot, _INPUTS),
        "pac": p.output,
        **mains(device, shot, p.output),
        "vacRs": line_volts(device, shot),
        "vacSt": line_volts(device, shot),
        "vacTr": line_volts(device, shot),
        "vacrs": 0,
        "pf": 1,
        "realOPPercent": round(p.output / device.rated_w * 100),
        "opFullwatt": device.rated_w,
        "pacToGridTotal": p.exported,
        "pacToUserTotal": p.imported,
        "pacToLocalLoad": p.load,
        "pself": p.own,
        "psystem": p.output,
        **_energies(device, shot),
        **_battery(device, shot),
        **_state(shot),
    }
    return record | {"calendar": common.calendar(device, shot, v4=v4)}


def _energies(device: Device, shot: Snapshot) -> dict[str, Any]:
    record: dict[str, Any] = input_energies(device, shot, _INPUTS)
    for suffix, energy in (("Today", shot.today), ("Total", shot.total)):
        c = counters(device, energy)
        record |= {
            f"eac{suffix}": c.ac,
            f"echarge{suffix}": c.charge,
            f"edischarge{suffix}": c.discharge,
            f"eacCharge{suffix}": c.grid_charge,
            f"etoGrid{suffix}": c.exported,
            f"etoUser{suffix}": c.imported,
            f"elocalLoad{suffix}": c.load,
            f"eself{suffix}": c.own,
            f"esystem{suffix}": c.system,
        }
    # There is no `epvToday` on most devices: it is the sum of the inputs
    if device.switches.pv_today:
        record["epvToday"] = kwh(shot.today.solar_wh)
    record["epvTotal"] = kwh(shot.total.solar_wh)
    return record


def _battery(device: Device, shot: Snapshot) -> dict[str, Any]:
    p = powers(device, shot)
    total = counters(device, shot.total)
    there = device.spec.has_battery
    soc = round(shot.live.soc) if there else 0
    bms = soc if device.switches.soc_from_bms else 0
    phantom = there and device.switches.phantom_bdc2
    return {
        "bmsSoc": bms,
        "bmsSoh": 99 if there else 0,
        "bmsVbat": 0,
        "bmsIbat": 0,
        "bmsTemp1Bat": 0,
        "bmsIcycle": 0,
        "bdc1Soc": soc,
        "bdc1Vbat": PACK_V if there else 0,
        "bdc1Ibat": round((p.discharge - p.charge) / PACK_V, 1) if there else 0,
        "bdc1ChargePower": p.charge,
        "bdc1DischargePower": p.discharge,
        "bdc1ChargeTotal": total.charge,
        "bdc1DischargeTotal": total.discharge,
        "bdc1Temp1": 31.0 if there else 0,
        "bdc1Temp2": 30.2 if there else 0,
        "bdc1Mode": 0,
        "bdc1Status": 1 if there else 0,
        "bdc1FaultType": 0,
        "bdc1WarnCode": 0,
        # A second pack that nobody has shows leftovers (Q10)
        "bdc2Soc": 2 if phantom else 0,
        "bdc2Vbat": 0,
        "bdc2Ibat": 0,
        "bdc2ChargePower": 0,
        "bdc2DischargePower": 0,
        "bdc2ChargeTotal": 655.4 if phantom else 0,
        "bdc2DischargeTotal": 0,
        "bdc2Temp1": 0,
        "bdc2Temp2": 101 if phantom else 0,
        "bdc2Mode": 0,
        "bdc2Status": 0,
        "bdc2FaultType": 7 if phantom else 0,
        "bdc2WarnCode": 0,
    }


def _state(shot: Snapshot) -> dict[str, Any]:
    return {
        "temp1": 44.1,
        "temp2": 58.0,
        "temp3": 44.1,
        "temp4": 0,
        "temp5": 39.7,
        "iso": 412,
        "gfci": 0,
        "pBusVoltage": 361.0,
        "nBusVoltage": 360.4,
        "faultType": 0,
        "warnCode": 0,
        "newWarnCode": 0,
        "errorText": "Unknown",
        "warnText": "Unknown",
        "timeTotal": round(shot.at.timestamp() - common.BUILT, 1),
        "epsPac": 0,
        "epsVac1": 0,
        "epsFac": 0,
        "epsPf": -1,
        "eex1Today": -0.1,
        "pex1": -0.1,
        "bsystemWorkMode": 0,
        "uwSysWorkMode": 0,
        "operatingMode": 0,
        "deratingMode": 0,
        "debug1": "0，0，0",
    }


def info(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `tlx_data_info`: identity and the bean of the settings."""
    return common.identity(device, shot, family="tlx") | {
        "deviceType": 6,
        "manufacturer": "  Hybrid Inverter",
        "innerVersion": "DOAA020104",
        "communicationVersion": "ZBDC-0012",
        "monitorVersion": "ZECA7",
        "bdc1Sn": battery_sn(device),
        "bdc2Sn": "",
        "bdc1Version": "VDAA-7" if device.spec.has_battery else "",
        "batSysEnergy": 25 if device.spec.has_battery else 0,
        "batteryType": 201 if device.spec.has_battery else 0,
        "pvNum": device.house.spec.strings,
        "vppOpen": 0,
        "eToday": 0,
        "eTotal": 0,
        "power": 0,
        # Micro inverters have none
        "tlxSetbean": settings(device, shot) if device.spec.has_settings else None,
    }


def battery_sn(device: Device) -> str:
    """Return the serial number of its first battery; empty without one."""
    return f"{device.sn[:-4]}BAT1" if device.spec.has_battery else ""


def settings(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `tlx_set_info`: the cloud's copy of all settings."""
    return {
        "bdcMode": 255,
        "pf": 1,
        "pfModel": 0,
        "reactiveRate": 0,
        "peakShavingEnable": 0,
        "demandManageEnable": 0,
        "ubPeakShavingBackupSOC": 0,
        "onGridMode": 0,
        "onGridStatus": 0,
        "genCtrl": 0,
        "limitDevice": "null",
        "safetyNum": "",
        "region": "",
        "sysTime": common.plant_time(device, shot),
        "lastUpdateTimeText": device.cloud.text(shot.at),
        **device.settings.shown,
    }
