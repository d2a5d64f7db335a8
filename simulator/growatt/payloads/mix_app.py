"""MIX forms of the app, `newMixApi.do` and the dashboard (sections 3.F, 3.I).

SPA answers in the same way (`newSpaApi.do`).
"""

from datetime import date
from typing import Any

from ...energy import Energy
from ..device import Device, Snapshot
from ..families import Family
from .curves import Slot, day_curve, month_days, year_months
from .electrics import counters, inputs, powers
from .numbers import kilowatts, kwh, text, texts
from .ratios import ratios

_PACK_V = 53.5
_PRICE = 0.24
_DAY, _MONTH = 0, 1
_KEY_NAMES = ["Solar", "Load Consumption", "Export To Grid", "From Battery"]


def info(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getMixInfo`: texts, W and kWh."""
    p = powers(device, shot)
    today, total = counters(device, shot.today), counters(device, shot.total)
    strings = inputs(shot, 2)
    soc = round(shot.live.soc)
    return texts(
        {
            "acChargeEnergyToday": today.grid_charge,
            "acChargeEnergyTotal": total.grid_charge,
            "acChargePower": p.ac_charge,
            "capacity": soc,
            "soc": f"{soc}%",
            "eBatChargeToday": today.charge,
            "eBatChargeTotal": total.charge,
            "eBatDisChargeToday": today.discharge,
            "eBatDisChargeTotal": total.discharge,
            "epvToday": today.solar,
            "epvTotal": total.solar,
            "isCharge": 1 if p.charge else 0,
            "pCharge1": p.charge,
            "pDischarge1": p.discharge,
            "upsPac1": 0,
            "upsPac2": 0,
            "upsPac3": 0,
            "vbat": _PACK_V,
            "vbatdsp": round(_PACK_V - 0.1, 1),
            "vpv1": strings["vpv1"],
            "vpv2": strings["vpv2"],
        }
    )


def totals(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getEnergyOverview`: texts in kWh and money."""
    today, total = counters(device, shot.today), counters(device, shot.total)
    return texts(
        {
            "echargetoday": today.charge,
            "echargetotal": total.charge,
            "edischarge1Today": today.discharge,
            "edischarge1Total": total.discharge,
            "elocalLoadToday": today.load,
            "elocalLoadTotal": total.load,
            "epvToday": today.solar,
            "epvTotal": total.solar,
            "etoGridToday": today.exported,
            "etogridTotal": total.exported,
            "photovoltaicRevenueToday": round(today.solar * _PRICE, 1),
            "photovoltaicRevenueTotal": round(total.solar * _PRICE, 1),
            "unit": "€",
        }
    )


def status(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getSystemStatus_KW`: texts in kW, but `pPv1`, `pPv2` in W (Q6)."""
    p = powers(device, shot)
    strings = inputs(shot, 2)
    code = "5" if shot.live.pv_w > 0 else "6"
    family = "spa" if device.family is Family.SPA else "mix"
    return {
        "SOC": text(round(shot.live.soc)),
        "chargePower": kilowatts(p.charge),
        "pdisCharge1": kilowatts(p.discharge),
        "pLocalLoad": kilowatts(p.load),
        "pPv1": text(strings["ppv1"]),
        "pPv2": text(strings["ppv2"]),
        "ppv": kilowatts(p.solar),
        "pactogrid": kilowatts(p.exported),
        "pactouser": kilowatts(p.imported),
        "pex": "0",
        "pmax": kilowatts(device.rated_w),
        "fAc": "49.98",
        "vAc1": "236.4",
        "vac1": "236.4",
        "vBat": text(_PACK_V),
        "vPv1": text(strings["vpv1"]),
        "vPv2": text(strings["vpv2"]),
        "upsFac": "0",
        "upsVac1": "0",
        "priorityChoose": text(device.settings.shown.get("priorityChoose", 0)),
        "status": code,
        "uwSysWorkMode": code,
        "wBatteryType": "1",
        "lost": f"{family}.status.{'normal' if device.online else 'lost'}",
        "unit": "kW",
    }


def detail(device: Device, shot: Snapshot, kind: int, day: date) -> dict[str, Any]:
    """Return `getEnergyProdAndCons_KW`; `kind` 0 day, 1 month, 2 year.

    `etouser` leaves out what was charged from the grid.
    """
    house = device.house
    if kind == _DAY:
        energy = house.energy_on(day) or Energy()
        chart: dict[str, Any] = {
            key: {
                "pacToGrid": text(slot.exported),
                "pacToUser": text(slot.imported),
                "pdischarge": text(slot.discharge),
                "ppv": text(slot.solar),
                "sysOut": text(slot.load),
            }
            for key, slot in _slots(device, day)
        }
    else:
        parts = (
            month_days(house, day) if kind == _MONTH else year_months(house, day.year)
        )
        energy = sum(parts.values(), Energy())
        rows = [counters(device, part) for part in parts.values()]
        chart = {
            "pacToGrid": [row.exported for row in rows],
            "pacToUser": [row.imported for row in rows],
            "pdischarge": [row.discharge for row in rows],
            "ppv": [row.solar for row in rows],
            "sysOut": [row.load for row in rows],
        }
    return {
        "chartData": chart,
        **texts(_sums(device, energy)),
        "echargeToat": text(counters(device, shot.total).discharge),
        "etouser": text(kwh(max(energy.import_wh - energy.grid_charge_wh, 0))),
        **ratios(counters(device, energy)),
        "unit": "kWh",
        "unit2": "kW",
    }


def _slots(device: Device, day: date) -> list[tuple[str, Slot]]:
    """Return the finished slots after midnight's."""
    return [
        (key, slot)
        for key, slot in day_curve(device.house, day).items()
        if key != "00:00"
    ]


def _sums(device: Device, energy: Energy) -> dict[str, float]:
    c = counters(device, energy)
    from_sun = round(max(c.own - c.discharge, 0.0), 1)
    return {
        "eAcCharge": c.exported,
        "eCharge": c.system,
        "eChargeToday": from_sun,
        "eChargeToday1": c.own,
        "eChargeToday2": round(from_sun + c.discharge, 1),
        "echarge1": c.discharge,
        "elocalLoad": c.load,
        "photovoltaic": from_sun,
    }


def dashboard(
    device: Device, shot: Snapshot, day: date, *, dip: bool = False
) -> dict[str, Any]:
    """Return `getEnergyStorageData`: texts with their unit.

    `etouser` is all import, charging included; `dip` takes 0.1 kWh from it (Q4).
    """
    energy = device.house.energy_on(day) or Energy()
    c = counters(device, energy)
    sums = _sums(device, energy)
    imported = round(max(c.imported - (0.1 if dip else 0.0), 0.0), 1)
    return {
        "chartData": {
            key: {
                "pacToUser": text(slot.imported),
                "ppv": text(slot.solar),
                "sysOut": text(slot.load),
                "userLoad": text(slot.load),
            }
            for key, slot in _slots(device, day)
        },
        "chartDataUnit": "kW",
        "eAcCharge": f"{text(sums['eAcCharge'])}kWh",
        "eCharge": f"{text(sums['eCharge'])}kWh",
        "eChargeToday1": f"{text(sums['eChargeToday1'])}kWh",
        "eChargeToday2": f"{text(sums['eChargeToday2'])}kWh",
        "eChargeToday2Echarge1": f"{text(sums['eChargeToday'])}kWh",
        "echarge1": f"{text(sums['echarge1'])}kWh",
        "echargeToat": f"{text(counters(device, shot.total).discharge)}kWh",
        "elocalLoad": f"{text(sums['elocalLoad'])}kWh",
        "etouser": f"{text(imported)}kWh",
        "photovoltaic": f"{text(sums['photovoltaic'])}kWh",
        "keyNames": _KEY_NAMES,
        **ratios(c),
    }


def settings(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return the `mixBean` of `getMixSetParams`: texts."""
    shown = texts(device.settings.shown)
    return shown | {
        "batteryType": "1",
        "pmax": text(device.rated_w),
        "status": "5",
        "sysTime": f"{shot.at.astimezone(device.house.spec.zone):%Y-%m-%d %H:%M}",
        "pf_sys_year": "",
        "pv_on_off": "",
        "pv_active_p_rate": text(device.settings.shown.get("activeRate", 100)),
        "backflow_setting": "",
        "mix_off_grid_enable": "",
        "mix_ac_discharge_frequency": "",
        "mix_ac_discharge_voltage": "",
    }
