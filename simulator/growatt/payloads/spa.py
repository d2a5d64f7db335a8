"""SPA, coupled on the AC side: live record and details (section 3.D)."""

from typing import Any

from ..device import Device, Snapshot
from . import common
from .electrics import counters, mains, powers
from .numbers import kwh
from .sph import grid_powers, state

_PACK_V = 52.9


def last(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return the live record: `spa_last_data`, v4 `queryLastData`."""
    p = powers(device, shot)
    soc = round(shot.live.soc)
    # The sun hangs on another inverter: this one moves only what the battery does
    output = max(p.charge, p.discharge)
    record: dict[str, Any] = {
        **common.head(device, shot),
        **state(device, shot),
        "soc": soc,
        "bmsSOC": soc if device.switches.soc_from_bms else 0,
        "bmsSOH": 97,
        "vbat": _PACK_V,
        "vBatDsp": round(_PACK_V - 0.1, 1),
        "pcharge1": p.charge,
        "pdischarge1": p.discharge,
        "acChargePower": p.ac_charge,
        "ppvInverter": p.solar,
        "pac": output,
        "pac1": output,
        "fac": mains(device, shot, output)["fac"],
        "vac1": mains(device, shot, output)["vac1"],
        **grid_powers(device, shot),
        **_energies(device, shot),
        "temp1": 35.1,
        "temp2": 33.0,
        "upsPac1": 0,
        "upsVac1": 0,
        "upsFac": 0,
    }
    return record | {"calendar": common.calendar(device, shot, v4=v4)}


def _energies(device: Device, shot: Snapshot) -> dict[str, Any]:
    today, total = counters(device, shot.today), counters(device, shot.total)
    return {
        "epvInverterToday": kwh(shot.today.solar_wh),
        "epvInverterTotal": kwh(shot.total.solar_wh),
        "echarge1Today": today.charge,
        "echarge1Total": total.charge,
        "edischargeToday": today.discharge,
        "edischargeTotal": total.discharge,
        "acChargeEnergyToday": today.grid_charge,
        "acChargeEnergyTotal": total.grid_charge,
        "eacToday": today.discharge,
        "eacTotal": total.discharge,
        "etoGridToday": today.exported,
        "etogridTotal": total.exported,
        "etoUserToday": today.imported,
        "etoUserTotal": total.imported,
        "elocalLoadToday": today.load,
        "elocalLoadTotal": total.load,
        "eselftoday": today.own,
        "eselftotal": total.own,
        "esystemtoday": today.system,
        "esystemtotal": total.system,
    }


def info(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `spa_data_info`: identity and, flat, all settings."""
    return {
        **common.identity(device, shot, family="spa"),
        "deviceType": 0,
        "manufacturer": "New Energy",
        "fwVersion": "RA1.0",
        "innerVersion": "raaa040505",
        "communicationVersion": "ZBAA-0007",
        "status": 5,
        "statusText": "spa.status.normal",
        "batteryType": 1,
        "epsFunEn": 0,
        "sysTime": f"{shot.at.astimezone(device.house.spec.zone):%Y-%m-%d %H:%M:%S}",
        **device.settings.shown,
    }
