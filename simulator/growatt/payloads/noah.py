"""NOAH balcony storage: v4 record, details and the app's forms (3.E, 3.F, 3.I)."""

from typing import Any

from ..device import Device, Snapshot
from .electrics import counters, powers
from .numbers import text

_IDLE, _CHARGING, _DISCHARGING = 0, 1, 2
_INPUTS = 2
_PANEL_V = 37.29
_PRICE = 0.3
_SEGMENTS = 9
_WRAP = 65536


def last(device: Device, shot: Snapshot, *, v4: bool = True) -> dict[str, Any]:
    """Return the live record; there is none in V1."""
    del v4
    p = powers(device, shot)
    charging = _CHARGING if p.charge else _DISCHARGING if p.discharge else _IDLE
    pack_w = round(max(p.charge, p.discharge))
    soc = round(shot.live.soc)
    output = counters(device, shot.today), counters(device, shot.total)
    record: dict[str, Any] = {
        "deviceSn": device.sn,
        "datalogSn": "",
        "timeStr": device.cloud.text(shot.at),
        "status": 1 if p.output else 6,
        "workMode": 2,
        "ppv": p.solar,
        "pac": p.output,
        "totalBatteryPackSoc": soc,
        "totalBatteryPackChargingPower": pack_w,
        "totalBatteryPackChargingStatus": charging,
        "batteryPackageQuantity": 1,
        "battery1SerialNum": device.sn,
        "battery1Soc": soc,
        "battery1Temp": 26.0,
        "battery1TempF": 78.8,
        "battery2SerialNum": "",
        "battery2Soc": 0,
        "batterySoh": 100,
        "batteryCycles": 21,
        "chargeSocLimit": device.settings.shown.get("chargingSocHighLimit", 100),
        "dischargeSocLimit": device.settings.shown.get("chargingSocLowLimit", 10),
        "eacToday": output[0].ac,
        "eacMonth": output[0].ac,
        "eacYear": output[1].ac,
        "eacTotal": output[1].ac,
        **_panels(shot),
        "onGridPower": p.output,
        "onGridVoltage": 231.0 if shot.live.grid else 0.0,
        "offGridPower": 0,
        "systemTemp": 33.4,
        "maxCellVoltage": 3256,
        "minCellVoltage": 3253,
        **_household(device, shot),
        "heatingStatus": 0,
        "faultStatus": 0,
        "mpptProtectStatus": 0,
        "pdWarnStatus": 0,
        "battery1ProtectStatus": 0,
        "battery1WarnStatus": 0,
        "onOffGrid": 0,
    }
    record["time"] = device.cloud.epoch_ms(shot.at)
    return record


def _panels(shot: Snapshot) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for number in range(1, _INPUTS + 1):
        power = (
            shot.live.strings_w[number - 1] if number <= len(shot.live.strings_w) else 0
        )
        volts = _PANEL_V if power > 0 else 0.0
        record |= {
            f"pv{number}Voltage": volts,
            f"pv{number}Current": round(power / volts, 2) if volts else 0.0,
            f"pv{number}Temp": 33.3,
        }
    return record


def _household(device: Device, shot: Snapshot) -> dict[str, Any]:
    if not device.has_meter:
        return {"ctFlag": 0, "ctSelfPower": 0, "totalHouseholdLoad": 0}
    # What the household gives (another small inverter) wraps around (Q26)
    load = _WRAP - 85 if device.switches.household_wraps else round(shot.live.load_w)
    return {
        "ctFlag": 1,
        "ctSelfPower": round(shot.live.grid_w, 1),
        "totalHouseholdLoad": load,
        "householdLoadApartFromGroplug": load,
    }


def info(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return v4 `queryDeviceInfo`: identity and settings."""
    return {
        "deviceSn": device.sn,
        "alias": device.alias,
        "datalogSn": "",
        "associatedInvSn": "",
        "componentPower": 0,
        "defaultMode": 0,
        "gridConnectionControl": 0,
        "antiBackflowEnable": 0,
        "antiBackflowPowerPercentage": 0,
        "acCouplePowerControl": 0,
        "fwVersion": "11.10.09.07.9000.4017",
        "bmsVersion": "213005",
        "mpptVersion": "212009",
        "pdVersion": "211011",
        "lost": False,
        "status": 1,
        "timezone": device.cloud.zone_hours,
        "lastUpdateTime": device.cloud.java(shot.at),
        "lastUpdateTimeText": device.cloud.text(shot.at),
        **device.settings.shown,
    }


def app_status(
    device: Device, shot: Snapshot, *, units: bool = False
) -> dict[str, Any]:
    """Return the app's `getSystemStatus`: texts in W and kWh; older ones say so."""
    p = powers(device, shot)
    today, total = counters(device, shot.today).ac, counters(device, shot.total).ac
    watt, kilowatt_hour, percent = ("Watt", "kWh", "%") if units else ("", "", "")
    return {
        "alias": device.alias,
        "associatedInvSn": "",
        "batteryNum": "1",
        "chargePower": text(round(p.charge)) + watt,
        "disChargePower": text(round(p.discharge)) + watt,
        "pac": text(round(p.output)) + watt,
        "ppv": text(round(p.solar)) + watt,
        "soc": text(round(shot.live.soc)) + percent,
        "workMode": text(device.settings.shown.get("defaultMode", 0)),
        "eacToday": text(today) + kilowatt_hour,
        "eacTotal": text(total) + kilowatt_hour,
        "profitToday": text(round(today * _PRICE, 2)),
        "profitTotal": text(round(total * _PRICE, 2)),
        "moneyUnit": "€",
        "status": "1",
    }


def app_info(device: Device) -> dict[str, Any]:
    """Return the `noah` object of the app's `getNoahInfoBySn`."""
    shown = device.settings.shown
    return {
        "alias": device.alias,
        "deviceSn": device.sn,
        "associatedInvSn": "",
        "batSns": [device.sn],
        "chargingSocHighLimit": text(shown.get("chargingSocHighLimit", 100)),
        "chargingSocLowLimit": text(shown.get("chargingSocLowLimit", 10)),
        "defaultPower": text(shown.get("defaultPower", 200)),
        "formulaMoney": text(_PRICE),
        "moneyUnitText": "€",
        "model": device.model,
        "tempType": "0",
        "version": "11.10.09.07.9000.4017",
        "time_segment": [
            {f"time_segment{number}": _segment(device, number)}
            for number in range(1, _SEGMENTS + 1)
            if str(shown.get(f"time{number}Enable", "0")) == "1"
        ],
    }


def _segment(device: Device, number: int) -> str:
    """Return `mode_start_end_power`, as in "0_0:0_8:0_150"."""
    shown = device.settings.shown
    parts = (
        shown.get(f"time{number}{part}", usual)
        for part, usual in (
            ("Mode", 0),
            ("Start", "0:0"),
            ("End", "0:0"),
            ("Power", 0),
        )
    )
    return "_".join(str(part) for part in parts)


def app_batteries(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return the app's `getBatteryData`."""
    return {
        "batter": [
            {"serialNum": device.sn, "soc": text(round(shot.live.soc)), "temp": "26.0"}
        ],
        "tempType": "0",
        "time": device.cloud.text(shot.at),
    }


def nexa_status(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return the app's `getSystemStatus` of a NEXA; here `pac` is negative as output.

    `totalBatteryPackChargingPower` + charges, `gridPower` + imports.
    """
    p = powers(device, shot)
    meter = device.has_meter
    return app_status(device, shot) | {
        "pac": text(-round(p.output)),
        "totalBatteryPackChargingPower": text(round(p.charge - p.discharge)),
        "gridPower": text(round(p.imported - p.exported)),
        "loadPower": text(round(p.load)),
        "isHaveCt": "true" if meter else "false",
        "groplugPower": "0",
        "otherPower": text(round(p.load)),
        "onOffGrid": "0",
        "acCoupleEnable": "0",
    }
