"""TLX forms of the app, `newTlxApi.do` (reference sections 3.F and 3.I)."""

from datetime import date
from typing import Any

from ...energy import Energy
from ..device import Device, Snapshot
from . import min as tlx
from .curves import NOTHING, all_keys, day_curve, month_days, year_months
from .electrics import counters, inputs, mains, powers
from .numbers import kilowatts, kwh, text, texts
from .ratios import ratios

_DAY, _MONTH, _YEAR = 0, 1, 2
_UNITS = {"unit": "kWh", "unit2": "kW"}


def status(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getSystemStatus_KW`: texts, powers in kW."""
    p = powers(device, shot)
    strings = inputs(shot, 4)
    phases = mains(device, shot, p.output)
    soc = text(round(shot.live.soc)) if device.spec.has_battery else "0"
    return {
        "SOC": soc,
        "soc1": soc,
        "SOC2": "0",
        "soc2": "0",
        "socType": "1",
        "chargePower": kilowatts(p.charge),
        "chargePower1": kilowatts(p.charge),
        "chargePower2": "0",
        "pdisCharge": kilowatts(p.discharge),
        "pdisCharge1": kilowatts(p.discharge),
        "pdisCharge2": "0",
        "pLocalLoad": kilowatts(p.load),
        **{f"pPv{n}": kilowatts(strings[f"ppv{n}"]) for n in range(1, 5)},
        "ppv": kilowatts(p.solar),
        "pac": kilowatts(p.output),
        "pactogrid": kilowatts(p.exported),
        "pactouser": kilowatts(p.imported),
        "pex": "0",
        "pmax": kilowatts(device.rated_w),
        "fAc": text(phases["fac"]),
        "vAc1": text(phases["vac1"]),
        "vac1": text(phases["vac1"]),
        "vBat": text(tlx.PACK_V if device.spec.has_battery else 0),
        **{f"vPv{n}": text(strings[f"vpv{n}"]) for n in range(1, 5)},
        "bdcStatus": "1" if device.spec.has_battery else "0",
        "bmsBatteryEnergy": "0kWh",
        "bMerterConnectFlag": "1" if device.has_meter else "0",
        "invStatus": "1",
        "status": "1",
        "uwSysWorkMode": "1",
        "operatingMode": "0",
        "priorityChoose": "0",
        "wBatteryType": "0",
        "lost": "tlx.status.lost" if not device.online else "tlx.status.operating",
        "dType": "5",
        "deviceType": "2",
        "prePto": "-1",
        "upsFac": "0",
        "upsVac1": "0",
        "tips": "2",
        "unit": "kW",
    }


def overview(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getEnergyOverview`: texts in kWh."""
    today, total = counters(device, shot.today), counters(device, shot.total)
    return texts(
        {
            "epvToday": today.solar,
            "epvTotal": total.solar,
            "echargetoday": today.charge,
            "echargetotal": total.charge,
            "edischargeToday": today.discharge,
            "edischargeTotal": total.discharge,
            "elocalLoadToday": today.load,
            "elocalLoadTotal": total.load,
            "etoGridToday": today.exported,
            "etogridTotal": total.exported,
        }
    ) | {"isMasterOne": "0"}


def production(device: Device, shot: Snapshot, kind: int, day: date) -> dict[str, Any]:
    """Return `getEnergyProdAndCons_KW`; `kind` 0 day, 1 month, 2 year, 3 six years."""
    house = device.house
    if kind == _DAY:
        curve = day_curve(house, day)
        chart: dict[str, Any] = {
            key: {
                "ppv": slot.solar,
                "sysOut": slot.output,
                "pacToGrid": slot.exported,
                "pacToUser": slot.imported,
                "userLoad": slot.load,
                "pself": slot.own,
                "chargePower": slot.charge,
                "outP": slot.discharge,
                "pex": 0,
            }
            # The day is filled to its end (Q8)
            for key in all_keys()
            for slot in [curve.get(key, NOTHING)]
        }
        energies = [house.energy_on(day) or Energy()]
    else:
        energies = _periods(device, shot, kind, day)
        chart = _arrays(device, energies)
    c = counters(device, sum(energies, Energy()))
    return {
        "chartData": chart,
        "eCharge": text(c.system),
        "eChargeToday": text(round(max(c.own - c.discharge, 0), 1)),
        "eChargeToday1": text(c.own),
        "eChargeToday2": text(c.own),
        "echarge1": text(c.discharge),
        "eAcCharge": text(c.exported),
        "elocalLoad": text(c.load),
        "etouser": text(c.imported),
        "photovoltaic": text(c.solar),
        **ratios(c),
        **_UNITS,
        "keyNames": ["Solar", "Load Consumption", "Export To Grid", "From Battery"],
        "newBean": {"exportLimit": device.settings.shown.get("exportLimit", 0)},
    }


def _periods(device: Device, shot: Snapshot, kind: int, day: date) -> list[Energy]:
    house = device.house
    if kind == _MONTH:
        return list(month_days(house, day).values())
    if kind == _YEAR:
        return list(year_months(house, day.year).values())
    return [Energy()] * 5 + [shot.total]


def _arrays(device: Device, energies: list[Energy]) -> dict[str, list[float]]:
    rows = [counters(device, energy) for energy in energies]
    return {
        "acCharge": [row.grid_charge for row in rows],
        "charge": [row.charge for row in rows],
        "eac": [row.ac for row in rows],
        "echarge": [row.charge for row in rows],
        "pacToGrid": [row.exported for row in rows],
        "pself": [row.own for row in rows],
        "sysOut": [row.system for row in rows],
        "pex": [0.0 for _ in rows],
        "epv3": [row.solar for row in rows],
    }


def data(device: Device, shot: Snapshot, day: date) -> dict[str, Any]:
    """Return `getTlxData`: the power curve of a day in W at odd times."""
    curve = day_curve(device.house, day)
    return {
        "date": day.isoformat(),
        "eToday": text(kwh(shot.today.solar_wh)),
        "eTotal": text(kwh(shot.total.solar_wh)),
        "power": text(round(powers(device, shot).output)),
        "nominalPower": text(device.rated_w),
        "invPacData": {
            f"{day.isoformat()} {key}": round(slot.output * 1000, 1)
            for key, slot in curve.items()
        },
        "exportLimit": device.settings.shown.get("exportLimit", 0),
        "exportLimitPower": "0",
        "dryContactStatus": 0,
    }


def detail(record: dict[str, Any]) -> dict[str, Any]:
    """Return `getTlxDetailData` around the live record of V1."""
    return {
        "data": record,
        "parameterName": "Fac(Hz),Pac(W),E_Today(kWh),E_Total(kWh),Vpv1(V),Ipv1(A)",
    }


def parameters(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getTlxParams`: the model's name and the details of V1."""
    return {
        "inverterType": device.model,
        "region": "",
        "newBean": tlx.info(device, shot),
    }


_WRITE_NAMES = {
    "charge_power": "chargePowerCommand",
    "charge_stop_soc": "wchargeSOCLowLimit",
    "discharge_power": "disChargePowerCommand",
    "discharge_stop_soc": "wdisChargeSOCLowLimit",
    "on_grid_discharge_stop_soc": "onGridDischargeStopSOC",
    "ub_ac_charging_stop_soc": "ubAcChargingStopSOC",
    "ac_charge": "acChargeEnable",
    "tlx_on_off": "onOff",
}


def settings(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return the `tlxSetBean` of `getTlxSetData`: texts, read and write names."""
    bean = texts(tlx.settings(device, shot))
    for name, source in _WRITE_NAMES.items():
        if source in bean:
            bean[name] = bean[source]
    bean |= {f"time_segment{number}": "0_0:0_0:0_0" for number in range(1, 10)}
    return bean | {"pf_sys_year": "", "winMode": "0"}


def enabled_settings(device: Device) -> dict[str, str]:
    """Return which settings the app shows for this model."""
    names = {"tlx_on_off", "pv_active_p_rate", "backflow_setting", "pf_sys_year"}
    if device.spec.has_battery:
        names |= _WRITE_NAMES.keys()
        names |= {f"time_segment{number}" for number in range(1, 10)}
    return dict.fromkeys(sorted(names), "1") if device.spec.has_settings else {}


def battery(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getBatInfo` and, in `data`, `getBatDetailData` (+ charge, W)."""
    return {
        "soc": round(shot.live.soc),
        "chargeOrDisPower": -round(shot.live.battery_w, 1),
        "dischargeTotal": counters(device, shot.total).discharge,
        "status": 1,
    }


def panels(device: Device, shot: Snapshot, *, energy: bool) -> list[dict[str, Any]]:
    """Return the boxes of `componentsApi/getViewData` for a micro inverter."""
    strings = inputs(shot, device.house.spec.strings)
    return [
        {
            "id": f"{device.sn}-PV{number}",
            "power": 0 if energy else strings[f"ppv{number}"],
            "voltage": strings[f"vpv{number}"],
            "current": strings[f"ipv{number}"],
            "energy": kwh(shot.today.solar_wh * share) if energy else 0,
        }
        for number, share in enumerate(device.house.spec.string_shares, start=1)
    ]


def month(device: Device, day: date) -> dict[str, float]:
    """Return `getMonthPac`: AC energy in kWh by day."""
    return {
        f"{number:02}": counters(device, energy).ac
        for number, energy in month_days(device.house, day).items()
    }


def year(device: Device, day: date) -> dict[str, float]:
    """Return `getYearPac`: AC energy in kWh by month."""
    return {
        f"{number:02}": counters(device, energy).ac
        for number, energy in year_months(device.house, day.year).items()
    }


def years(device: Device, shot: Snapshot) -> dict[str, float]:
    """Return `getTotalPac`: AC energy in kWh by year."""
    this = device.house.today().year
    return {str(this): counters(device, shot.total).ac}
