"""The health bits of `latestdata` (sonnen.md 3.2)."""

from typing import Any

from .battery import SonnenBattery
from .numbers import asctime

DC_SHUTDOWN = "DC Shutdown Reason"
LED = "Eclipse Led"
MISC = "MISC Status Bits"
MICROGRID = "Microgrid Status"
PRIORITY = "Setpoint Priority"

_GROUPS: dict[str, tuple[str, ...]] = {
    DC_SHUTDOWN: (
        "Critical BMS Alarm",
        "Electrolyte Leakage",
        "Error condition in BMS initialization",
        "HW_Shutdown",
        "HardWire Over Voltage",
        "HardWired Dry Signal A",
        "HardWired Under Voltage",
        "Holding Circuit Error",
        "Initialization Timeout",
        "Initialization of AC contactor failed",
        "Initialization of BMS hardware failed",
        "Initialization of DC contactor failed",
        "Initialization of Inverter failed",
        "Invalid or no SystemType was set",
        "Inverter Over Temperature",
        "Inverter Under Voltage",
        "Inverter Unknown Error",
        "Inverter Version Too Low For Dc-Module",
        "Manual shutdown by user",
        "Minimum rSOC of System reached",
        "Modules voltage out of range",
        "No Setpoint received by HC",
        "Odd number of battery modules",
        "One single module detected and module voltage is out of range",
        "Only one single module detected",
        "Shutdown Timer started",
        "System Validation failed",
        "Voltage Monitor Changed",
    ),
    LED: (
        "Blinking Green",
        "Blinking Red",
        "Blinking blue",
        "Blinking sonnenGradient",
        "Pulsing Green",
        "Pulsing Orange",
        "Pulsing Red",
        "Pulsing White",
        "Pulsing blue",
        "Rotating sonnenGradient",
        "Solid Red",
        "Solid blue",
        "Solid sonnenGradient",
    ),
    MISC: (
        "Discharge not allowed",
        "F1 open",
        "Grid-Disconnection requested from HC",
        "Min System SOC",
        "Min User SOC",
        "Setpoint Timeout",
    ),
    MICROGRID: (
        "Continious Power Violation",
        "Discharge Current Limit Violation",
        "Low Temperature",
        "Max System SOC",
        "Max User SOC",
        "Microgrid Enabled",
        "Min System SOC",
        "Min User SOC",
        "Over Charge Current",
        "Over Discharge Current",
        "Peak Power Violation",
        "Protect is activated",
        "Transition to Ongrid Pending",
    ),
    PRIORITY: (
        "BMS",
        "Energy Manager",
        "Full Charge Request",
        "Inverter",
        "Min User SOC",
        "Trickle Charge",
    ),
    "System Validation": (
        "Country Code Set status flag 1",
        "Country Code Set status flag 2",
        "Self test Error DC Wiring",
        "Self test Postponed",
        "Self test Precondition not met",
        "Self test Running",
        "Self test successful finished",
    ),
}
# Since 1.11; what older firmware has instead is not fully known
_NEWER = {"Electrolyte Leakage", "Inverter Unknown Error", "Setpoint Timeout"}


def ic_status(battery: SonnenBattery) -> dict[str, Any]:
    """Return the object `ic_status`."""
    true = _true_bits(battery)
    old = battery.variant.led_names == "old"
    document: dict[str, Any] = {
        group: {
            (name.replace("blue", "Blue") if old else name): (group, name) in true
            for name in names
            if not (old and name in _NEWER)
        }
        for group, names in _GROUPS.items()
    }
    if not old:
        document[LED]["Brightness"] = 100
        # No other status is known, so there is none then
        if battery.live.grid and not battery.booting:
            document[LED]["Eclipse Status"] = "0x01 - ONGRID_READY"
    if battery.variant.flat_status:
        document["Flat Status"] = {"Flat": False}
        document[PRIORITY]["Flat"] = False
    for (group, name), value in battery.bits.items():
        document.setdefault(group, {})[name] = value
    return document | {
        "nrbatterymodules": 0 if battery.booting else battery.home.modules,
        "secondssincefullcharge": _since_full(battery),
        **_states(battery),
        "timestamp": asctime(battery.local_time()),
    }


def _since_full(battery: SonnenBattery) -> int:
    live = battery.live
    if battery.booting or live.soc >= 99.5:
        return 0
    return max(int((live.at - battery.last_full).total_seconds()), 0)


def _states(battery: SonnenBattery) -> dict[str, str]:
    if battery.booting:
        return {
            "statebms": "not ready",
            "statecorecontrolmodule": "config",
            "stateinverter": "not ready",
        }
    fault = battery.shutdown_reason is not None
    return {
        "statebms": "error" if fault else "ready",
        "statecorecontrolmodule": "ongrid" if battery.live.grid else "offgrid",
        "stateinverter": "running",
    }


def _true_bits(battery: SonnenBattery) -> set[tuple[str, str]]:
    if battery.booting:
        return set()
    live = battery.live
    true = {(LED, _led(battery))}
    if battery.shutdown_reason is not None:
        true.add((DC_SHUTDOWN, battery.shutdown_reason))
    at_reserve = battery.usoc <= battery.reserve + 0.05 and battery.reserve > 0
    if battery.battery_care:
        true |= {(MISC, "Discharge not allowed"), (PRIORITY, "Full Charge Request")}
    elif at_reserve and live.grid:
        true |= {(MISC, "Min User SOC"), (PRIORITY, "Min User SOC")}
    else:
        true.add((PRIORITY, "Energy Manager"))
    if not live.grid:
        true.add((MICROGRID, "Microgrid Enabled"))
        if live.stored_wh <= battery.house.spec.floor_wh:
            true.add((MICROGRID, "Min System SOC"))
        if at_reserve:
            true.add((MICROGRID, "Min User SOC"))
    return true


def _led(battery: SonnenBattery) -> str:
    if battery.led is not None:
        return battery.led
    if battery.shutdown_reason is not None:
        return "Blinking Red"
    if not battery.live.grid:
        return "Pulsing Green"
    return "Pulsing White" if battery.internet else "Pulsing Orange"
