"""`battery`, `powermeter`, `inverter` and `io` (sonnen.md 3.3 to 3.6)."""

from typing import Any

from .battery import SonnenBattery
from .homes import RESERVE_PERCENT
from .numbers import float32
from .status import NETWORK_V, powers, voltage, zeroed
from .variants import as_strings

_NO_SENSOR = -273.15
_VAR = 0.066
_CONNECTORS = {"DI": "X23", "DO": "X24"}
_USAGES = {
    "DI_5": "OV",
    "DI_6": "CE",
    "DI_7": "DE",
    "DI_8": "UV",
    "DI_10": "Micro CHP",
    "DO_1": "DC-CONTACTOR",
    "DO_2": "DC-FAN",
    "DO_11": "CHP SOC (Min/Max)",
    "DO_12": "Self Consumption Relay",
    "DO_13": "PV Reduction 1",
    "DO_14": "PV Reduction 2",
}


def modules(battery: SonnenBattery) -> dict[str, Any]:
    """3.3 GET battery: Ah values are referred to the voltage of one module."""
    live, home = battery.live, battery.home
    full_ah = home.capacity_ah
    remaining_ah = full_ah * live.soc / 100
    usable_ah = max(remaining_ah - full_ah * RESERVE_PERCENT / 100, 0.0)
    system_v = voltage(battery, live)
    module_v = system_v / (home.modules if home.in_series else 1)
    current = live.battery_w / system_v
    document: dict[str, Any] = {
        "balancechargerequest": float(battery.battery_care),
        "chargecurrentlimit": 39.97,
        "cyclecount": 412.0,
        "dischargecurrentlimit": 39.97,
        "fullchargecapacity": full_ah,
        "fullchargecapacitywh": battery.house.spec.battery_capacity_wh,
        "maximumcelltemperature": 21.15,
        "maximumcellvoltage": float32(3.257),
        "maximumcellvoltagenum": 0.0,
        "maximummodulecurrent": 0.0,
        "maximummoduledcvoltage": float32(module_v),
        "maximummoduletemperature": _NO_SENSOR,
        "minimumcelltemperature": 19.85,
        "minimumcellvoltage": float32(3.251),
        "minimumcellvoltagenum": 0.0,
        "minimummodulecurrent": 0.0,
        "minimummoduledcvoltage": float32(module_v),
        "minimummoduletemperature": _NO_SENSOR,
        "nominalmoduledcvoltage": home.module_v,
        "relativestateofcharge": round(live.soc, 2),
        "remainingcapacity": round(remaining_ah, 3),
        "systemalarm": float(battery.shutdown_reason is not None),
        "systemaveragecurrent": round(current, 3),
        "systemcurrent": round(current, 3),
        "systemdcvoltage": round(system_v, 1),
        "systemstatus": 49.0,
        "systemtime": 0.0,
        "systemwarning": float(battery.system_warning),
        "usableremainingcapacity": round(usable_ah, 3),
    }
    return zeroed(document) if battery.booting else document


def meters(battery: SonnenBattery) -> Any:
    """3.4 GET powermeter."""
    pv, _, load, _ = powers(battery.live)
    _, produced, consumed = _counters(battery)
    entries = [
        _meter(battery, 1, "production", pv, produced),
        _meter(battery, 2, "consumption", load, consumed),
    ]
    if battery.variant.meter_shape == "dict":
        return {str(index): entry for index, entry in enumerate(entries)}
    return entries


def _counters(battery: SonnenBattery) -> tuple[float, float, float]:
    """Return slot, produced and consumed kWh as the meters have counted them."""
    slot = battery.live.at.timestamp() // max(battery.meter_interval, 1.0)
    if battery.counters is None or battery.counters[0] != slot:
        energy = battery.house.energy_total()
        battery.counters = (
            slot,
            float32(int(energy.solar_wh / 100) / 10),
            float32(int(energy.load_wh / 100) / 10),
        )
    return battery.counters


def _meter(
    battery: SonnenBattery, channel: int, direction: str, power: float, kwh: float
) -> dict[str, Any]:
    phases = battery.house.spec.phases
    starting = battery.booting and battery.boot_meters_fail
    broken = direction in battery.broken_meters or starting
    if broken or battery.booting:
        power = kwh = 0
    voltage_v = 0.0 if broken else float(NETWORK_V)
    document: dict[str, Any] = {
        "channel": channel,
        "deviceid": 4,
        "direction": direction,
        "error": -1 if broken else 0,
        "kwh_exported": 0,
        "kwh_imported": kwh,
        "va_total": round(power * 1.004, 1),
        "var_total": round(power * _VAR, 1),
        "w_total": power,
    }
    for phase in (1, 2, 3):
        used = phase <= phases
        document |= {
            f"a_l{phase}": round(power / phases / NETWORK_V, 2) if used else 0,
            f"v_l{phase}_n": voltage_v if used else 0,
            f"v_l{phase}_l{phase % 3 + 1}": voltage_v * 1.732 if phases == 3 else 0,
            f"w_l{phase}": round(power / phases, 1) if used else 0,
        }
    return document


def inverter(battery: SonnenBattery) -> dict[str, Any]:
    """3.5 GET inverter; the AC power is in one of two places, by the grid."""
    live = battery.live
    system_v = voltage(battery, live)
    power = live.battery_w
    # A house far from the battery's share of it has a power factor near 1
    document: dict[str, Any] = {
        "fac": 49.98 if live.grid else 50.0,
        "iac_total": round(abs(power) / NETWORK_V, 2),
        "ibat": round(power * 1.027 / system_v, 2),
        "ipv": 0.0,
        "pac_microgrid": 0.0 if live.grid else round(power, 1),
        "pac_total": round(power, 1) if live.grid else 0.0,
        "pbat": round(power * 1.027, 1),
        "phi": -0.82 if abs(power) > battery.house.spec.standby_w else 0.0,
        "ppv": 0.0,
        "sac_total": round(abs(power) * 1.008, 1),
        "tmax": 41.5,
        "uac": 231.2,
        "ubat": round(system_v, 1),
        "upv": 0.0,
    }
    if (phases := battery.house.spec.phases) == 3:
        for phase in (1, 2, 3):
            document |= {
                f"iac{phase}": round(abs(power) / phases / NETWORK_V, 2),
                f"uac{phase}": 231.2,
                f"pac{phase}": round(power / phases, 1),
                f"sac{phase}": round(abs(power) * 1.008 / phases, 1),
            }
    if battery.booting:
        document = zeroed(document)
    if battery.variant.inverter_shape == "nested":
        return {"status": as_strings(document)}
    return document


def io(battery: SonnenBattery) -> dict[str, Any]:
    """3.6 GET io."""
    numbers = {"DI": range(1, 13), "DO": (*range(1, 15), 16)}
    closed = battery.shutdown_reason is None and not battery.booting
    return {
        f"{side}_{number}": {
            "connector": f"{_CONNECTORS[side]}_{number}",
            "status": int(f"{side}_{number}" == "DO_1" and closed),
            "usage": _USAGES.get(f"{side}_{number}", ""),
        }
        for side, which in numbers.items()
        for number in which
    }
