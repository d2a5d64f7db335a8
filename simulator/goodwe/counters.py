"""Energy counters and facts of devices (reference sections 3.7 to 3.9)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .equipment import equipment
from .factors import Factor, grouped, listed
from .home import BATTERY, CABINET, DONGLE, METER, RACK
from .lists import shown_name

if TYPE_CHECKING:
    from ..energy import Energy
    from .call import Call
    from .device import Device
    from .station import Station

_PERIODS = ("today", "week", "month", "year", "lifetime")
_SUFFIXES = {it: it.capitalize() for it in _PERIODS} | {"lifetime": "Total"}


def telecounting(call: Call) -> list[dict[str, Any]]:
    """`equipments/{sn}/telecounting`; nothing of dongles and chargers."""
    device, fits = equipment(call)
    if not fits:
        return []
    station = device.station
    groups = {"telecounting_real": _real(device)}
    for period, energy in _energies(station).items():
        late = station.counted_day != station.sample.day
        zero = period == "lifetime" and late and call.simulator.cloud.midnight_zero
        groups[f"telecounting_{period}"] = [
            Factor(f"{prefix}{_SUFFIXES[period]}", 0.0 if zero else wh / 1000, "kWh", 2)
            for prefix, wh in _counted(device, energy).items()
        ]
    if not groups["telecounting_today"]:
        return []
    return grouped(groups, call.simulator.cloud)


def _real(device: Device) -> list[Factor]:
    live = device.part_of(device.station.sample.live)
    if device.is_inverter:
        return [
            Factor("pAc", (live.pv_w + live.battery_w) / 1000, "kW"),
            Factor("ratedPower", device.spec.rated_w / 1000, "kW"),
        ]
    if device.type == RACK:
        return [
            Factor("soc", live.soc, "%", 0),
            Factor("pBat", live.battery_w / 1000, "kW"),
        ]
    return [Factor("pAc", -live.grid_w / 1000, "kW")]


def _energies(station: Station) -> dict[str, Energy]:
    day, between = station.counted_day, station.ledger.between
    first = {
        "today": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": date(day.year, 1, 1),
        "lifetime": station.ledger.created,
    }
    return {period: between(begin, day) for period, begin in first.items()}


def _counted(device: Device, energy: Energy) -> dict[str, float]:
    share = device.spec.share
    battery = {
        "proCharStats": energy.charge_wh * share,
        "proDischarStats": energy.discharge_wh * share,
    }
    if device.is_inverter:
        solar = {"proPvStats": energy.solar_wh * share}
        return solar | (battery if device.has_battery else {})
    if device.type == RACK:
        return battery
    if device.type == METER:
        return {
            "proPurchaseStats": energy.import_wh,
            "proGridStats": energy.export_wh,
        }
    return {}


def information(call: Call) -> list[dict[str, Any]]:
    """`equipments/{sn}/information`."""
    device, fits = equipment(call)
    if not fits:
        return []
    spec = device.spec
    factors = [
        Factor("deviceName", shown_name(call, device)),
        Factor("modelType", spec.model or None),
        Factor("status", device.status),
        Factor("addTime", "1714612661000"),
    ]
    if device.is_inverter:
        factors += [
            Factor("safetyVersion", spec.firmware),
            Factor("ratedPower", spec.rated_w / 1000, "kW"),
            Factor("gridConnStu", "1" if device.station.sample.live.grid else "0"),
        ]
    elif spec.type == DONGLE:
        factors += [
            Factor("commModuleVer", spec.firmware),
            Factor("communicationMode", "LAN"),
            Factor("wirelessSignalStrength", "0"),
        ]
    elif spec.type == METER:
        factors.append(Factor("ctPoint", "1"))
    return listed(factors, call.simulator.cloud)


def related_devices(call: Call) -> list[dict[str, Any]]:
    """`equipments/{sn}/relatedDevices`: the battery systems of a storage inverter."""
    device, _ = equipment(call)
    # Of whatever it is itself, this is the type to ask for
    if call.text("deviceType") != CABINET:
        return []
    live = device.station.sample.live
    return [
        {
            "sn": battery.sn,
            "no": battery.spec.number,
            "name": shown_name(call, battery),
            "type": BATTERY,
            "status": int(battery.status),
            "soc": round(live.soc, 1),
            "isConnected": True,
            "pbat": round(battery.part_of(live).battery_w / 1000, 3) + 0.0,
            "translateCode": battery.spec.translate_code,
        }
        for battery in device.station.of(BATTERY)
        if battery.spec.parent == device.sn
    ]
