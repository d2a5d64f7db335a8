"""`status` and the numbers of `latestdata` (sonnen.md 3.1 and 3.2)."""

from typing import Any

from ..house import Live
from .battery import SonnenBattery
from .behaviour import usoc_of
from .bits import ic_status
from .configuration import MODE, RESERVE
from .numbers import float32, stamp

NETWORK_V = 231
_APPARENT = 1.008
# What the modules tell
_CHARGE = {"RSOC", "USOC", "Ubat"}


def powers(live: Live) -> tuple[int, int, int, int]:
    """Return production, battery (+ gives), consumption and feed-in in whole watts.

    The four always fit: feed-in is production + battery - consumption.
    """
    pv, battery, load = (
        round(power) for power in (live.pv_w, live.battery_w, live.load_w)
    )
    return pv, battery, load, pv + battery - load if live.grid else 0


def status(battery: SonnenBattery) -> dict[str, Any]:
    """3.1 GET status."""
    live = battery.live
    pv, power, load, feed_in = powers(live)
    remaining_ah = battery.home.capacity_ah * live.soc / 100
    stack_v = voltage(battery, live)
    apparent = round(abs(power) * _APPARENT)
    phases = battery.house.spec.phases
    document: dict[str, Any] = {
        "Apparent_output": apparent,
        "BackupBuffer": battery.settings[RESERVE].active,
        "BatteryCharging": power < -battery.house.spec.standby_w,
        "BatteryDischarging": power > 0,
        "Consumption_Avg": load,
        "Consumption_W": load,
        "Fac": float32(49.984 if live.grid else 50.0),
        "FlowConsumptionBattery": power > 0,
        "FlowConsumptionGrid": feed_in < 0 and load > 0,
        "FlowConsumptionProduction": pv > 0 and load > 0,
        "FlowGridBattery": power < 0 and pv < load - power,
        "FlowProductionBattery": power < 0 < pv,
        "FlowProductionGrid": feed_in > 0 and pv > 0,
        "GridFeedIn_W": feed_in,
        "IsSystemInstalled": 1,
        "OperatingMode": battery.settings[MODE].active,
        "Pac_total_W": power,
        "Production_W": pv,
        "RSOC": round(live.soc),
        # The firmware takes the voltage of the whole stack for that of one module
        battery.variant.remaining_key: round(remaining_ah * stack_v),
        "Sac1": round(apparent / phases),
        "Sac2": round(apparent / phases) if phases == 3 else None,
        "Sac3": round(apparent / phases) if phases == 3 else None,
        "SystemStatus": "OnGrid" if live.grid else "OffGrid",
        "Timestamp": stamp(battery.local_time()),
        "USOC": round(usoc_of(live.soc)),
        "Uac": NETWORK_V,
        "Ubat": round(stack_v),
        "dischargeNotAllowed": battery.battery_care,
        "generator_autostart": False,
    }
    if battery.booting:
        told = {"Timestamp", "BackupBuffer", "OperatingMode"}
        if battery.boot_values == "running":
            told = document.keys() - _CHARGE - {battery.variant.remaining_key}
        document = (
            zeroed(document)
            | {key: document[key] for key in told}
            | {"SystemStatus": "Init"}
        )
    return document


def latest(battery: SonnenBattery) -> dict[str, Any]:
    """3.2 GET latestdata."""
    live = battery.live
    pv, power, load, feed_in = powers(live)
    local = battery.local_time()
    offset = local.utcoffset()
    document: dict[str, Any] = {
        "Consumption_W": load,
        # Ah times 100: near the Wh, never quite
        "FullChargeCapacity": round(battery.home.capacity_ah * 100, 3),
        "GridFeedIn_W": feed_in,
        "Pac_total_W": power,
        "Production_W": pv,
        "RSOC": round(live.soc),
        "SetPoint_W": battery.set_point,
        "Timestamp": stamp(local),
        "USOC": round(usoc_of(live.soc)),
        "UTC_Offet": int(offset.total_seconds() // 3600) if offset else 0,
    }
    if not battery.variant.utc_offset:
        del document["UTC_Offet"]
    if battery.booting:
        document = zeroed(document) | {"Timestamp": document["Timestamp"]}
    return document | {"ic_status": ic_status(battery)}


def zeroed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a device that has just started: all numbers 0."""
    return {
        key: False if isinstance(value, bool) else 0
        for key, value in document.items()
        if not isinstance(value, str)
    }


def voltage(battery: SonnenBattery, live: Live) -> float:
    """Return the DC voltage of the whole battery, which rises with its charge."""
    return battery.home.stack_v * (0.98 + 0.05 * live.soc / 100)
