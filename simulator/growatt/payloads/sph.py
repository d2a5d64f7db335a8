"""SPH / MIX: live record and details (reference sections 3.C and 3.E)."""

from typing import Any

from ..device import Device, Snapshot
from . import common
from .electrics import counters, input_energies, inputs, mains, powers
from .numbers import kwh

_INPUTS = 2
_PACK_V = 53.5


def last(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return the live record: `mix_last_data`, v4 `queryLastData`."""
    p = powers(device, shot)
    soc = round(shot.live.soc)
    record: dict[str, Any] = {
        **common.head(device, shot),
        **state(device, shot),
        "soc": soc,
        "socText": f"{soc}%",
        # Lead-acid packs have no BMS: only `soc` is known
        "bmsSOC": soc if device.switches.soc_from_bms else 0,
        "bmsSOH": 98,
        "bmsBatteryVolt": round(_PACK_V - 0.1, 1),
        "bmsBatteryCurr": round(max(p.charge, p.discharge) / _PACK_V, 1),
        "bmsBatteryTemp": 24,
        "bmsCycleCnt": 331,
        "vbat": _PACK_V,
        "ppv": p.solar,
        "ppvText": f"{p.solar} W",
        **{
            key: value
            for key, value in inputs(shot, _INPUTS).items()
            if not key.startswith("ipv")
        },
        "pcharge1": p.charge,
        "pdischarge1": p.discharge,
        "acChargePower": p.ac_charge,
        "pac": p.output,
        **{
            key: value
            for key, value in mains(device, shot, p.output).items()
            if not key.startswith("iac")
        },
        **grid_powers(device, shot),
        **_energies(device, shot, v4=v4),
        "temp1": 39.6,
        "temp2": 37.4,
        "temp3": 38.8,
        "upsVac1": 236.0,
        "upsPac1": 0,
        "upsPac2": 0,
        "upsPac3": 0,
        "upsFac": 0,
        "upsLoadpercent": 0,
        "faultCode": 0,
        "warnCode": 0,
        "errorText": "Unknown",
    }
    return record | {"calendar": common.calendar(device, shot, v4=v4)}


def state(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return status and priority of a device with a battery of its own."""
    status, words = (5, "PV Bat Online") if shot.live.pv_w > 0 else (6, "Bat Online")
    return {
        "status": status,
        "statusText": words,
        "lost": device.switches.lost_in_record,
        "uwSysWorkMode": status,
        "priorityChoose": device.settings.shown.get("priorityChoose", 0),
    }


def grid_powers(device: Device, shot: Snapshot) -> dict[str, float]:
    """Return the powers of grid and load: phase R and all of them (W)."""
    p = powers(device, shot)
    record: dict[str, float] = {}
    for name, power in (
        ("pacToGrid", p.exported),
        ("pacToUser", p.imported),
        ("plocalLoad", p.load),
    ):
        record[f"{name}R"] = round(power / device.house.spec.phases, 1)
        record[f"{name}Total"] = power
    return record


def _energies(device: Device, shot: Snapshot, *, v4: bool) -> dict[str, Any]:
    today, total = (
        counters(device, shot.today),
        counters(device, shot.total),
    )
    own, system = ("eself", "esystem")
    # v4 spells these in lower case; V1 has them in both ways (section 3.C)
    day, life = ("today", "total") if v4 else ("Today", "Total")
    record: dict[str, Any] = {
        **input_energies(device, shot, _INPUTS),
        "epvTotal": kwh(shot.total.solar_wh),
        "echarge1Today": today.charge,
        "echarge1Total": total.charge,
        "edischarge1Today": today.discharge,
        "edischarge1Total": total.discharge,
        "acChargeEnergyToday": today.grid_charge,
        "acChargeEnergyTotal": total.grid_charge,
        "eacToday": today.ac,
        "eacTotal": total.ac,
        "etoGridToday": today.exported,
        "etogridTotal": total.exported,
        "etoUserToday": today.imported,
        "etoUserTotal": total.imported,
        "elocalLoadToday": today.load,
        "elocalLoadTotal": total.load,
        f"{own}{day}": today.own,
        f"{own}{life}": total.own,
        f"{system}{day}": today.system,
        f"{system}{life}": total.system,
    }
    if v4:
        record["epvtoday"] = today.solar
    return record


def info(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `mix_data_info`: identity and, flat, all settings."""
    return {
        **common.identity(device, shot, family="mix"),
        "deviceType": 0,
        "manufacturer": "New Energy",
        "fwVersion": "RA1.0",
        "innerVersion": "raaa040505",
        "communicationVersion": "ZBAA-0007",
        "status": 5,
        "statusText": "mix.status.normal",
        "batteryType": 1,
        "epsFunEn": 1,
        "epsFreqSet": 0,
        "epsVoltSet": 0,
        "failsafe": 0,
        "vbatWarning": 48,
        "vbatStopForDischarge": 46.5,
        "vbatStopForCharge": 58,
        "floatChargeCurrentLimit": 660,
        "buckUpsFunEn": True,
        "voltageHighLimit": 263.2,
        "voltageLowLimit": 186.6,
        "reactiveRate": 0,
        "sysTime": f"{shot.at.astimezone(device.house.spec.zone):%Y-%m-%d %H:%M:%S}",
        **device.settings.shown,
    }
