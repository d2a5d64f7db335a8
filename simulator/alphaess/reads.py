"""Readings: list, live, series of a day, energies (alphaess.md 3.1 to 3.5)."""

from datetime import date, timedelta
from random import Random
from typing import Any

from ..energy import Energy, Record
from . import codes
from .protocol import ApiError, Call
from .system import AlphaSystem

# The independent load meter of the series reads a few percent low
LOAD_METER_SHARE = 0.97
SPIKE_SHARE = 0.005
GLITCH_W = -7800.0
# Money and environment: prices are ours, the rest fits the reference's sample
_FEED_IN_PRICE = 0.08
_SAVED_PRICE = 0.30
_CO2_PER_KWH = 0.86
_TREES_PER_CO2 = 0.19915


def ess_list(call: Call) -> Any:
    """3.1 getEssList."""
    systems = [
        _list_entry(system)
        for serial, system in call.server.systems.items()
        if serial in call.account.bound
    ]
    if call.server.list_as_object and len(systems) == 1:
        return systems[0]
    return systems


def _list_entry(system: AlphaSystem) -> dict[str, Any]:
    spec, home = system.house.spec, system.home
    capacity = spec.battery_capacity_wh / 1000
    usable = 100.0 - spec.floor_percent
    return {
        "sysSn": system.serial,
        "popv": spec.pv_peak_w / 1000,
        "minv": home.inverter,
        "poinv": spec.inverter_limit_w / 1000,
        "cobat": capacity if system.has_battery else 0,
        "mbat": home.battery,
        "surplusCobat": round(capacity * usable / 100, 2),
        "usCapacity": usable if system.has_battery else None,
        "emsStatus": "Normal",
    }


def last_power(call: Call) -> Any:
    """3.2 getLastPowerData."""
    system = call.queried_system()
    if not system.online:
        raise ApiError(codes.OFFLINE)
    if not system.frozen or system.last_live is None:
        system.last_live = _live(system)
    return system.last_live


def _live(system: AlphaSystem) -> dict[str, Any]:
    if system.live == "null":
        names = "ppv ppvDetail pload soc pgrid pgridDetail pbat prealL1 prealL2"
        return dict.fromkeys([*names.split(), "prealL3", "pev", "pevDetail"])
    spec = system.house.spec
    live = system.house.live()
    ppv, pgrid, pbat = (
        round(power) for power in (live.pv_w, live.grid_w, live.battery_w)
    )
    if system.pload_glitches > 0:
        system.pload_glitches -= 1
        # Inputs of different moments; the sum is as exact as ever
        pgrid = int(GLITCH_W) - ppv - pbat
    output = ppv + pbat
    pev = round(live.ev_w)
    strings = _split(ppv, list(spec.string_shares))
    phases = _split(output, [1 / spec.phases] * spec.phases)
    # A house never loads its phases equally
    loads = _split(ppv + pgrid + pbat, {1: [1.0], 3: [0.5, 0.3, 0.2]}[spec.phases])
    grid = [load - out for load, out in zip(loads, phases, strict=True)]
    return {
        "ppv": float(ppv),
        "ppvDetail": {
            **{
                f"ppv{place + 1}": float(strings[place])
                if place < len(strings)
                else 0.0
                for place in range(4)
            },
            "pmeterDc": 0.0,
        },
        "pload": float(ppv + pgrid + pbat),
        "soc": round(live.soc, 1) if system.has_battery else None,
        "pgrid": float(pgrid),
        "pgridDetail": {
            f"pmeterL{place + 1}": float(grid[place]) if place < len(grid) else 0.0
            for place in range(3)
        },
        "pbat": float(pbat),
        **{
            f"prealL{place + 1}": float(phases[place]) if place < len(phases) else 0.0
            for place in range(3)
        },
        "pev": pev,
        "pevDetail": {
            "ev1Power": None if system.charger is None else pev,
            "ev2Power": None,
            "ev3Power": None,
            "ev4Power": None,
        },
    }


def _split(total: int, shares: list[float]) -> list[int]:
    """Divide whole watts such that the parts add up again."""
    parts = [round(total * share) for share in shares[:-1]]
    return [*parts, total - sum(parts)]


def day_power(call: Call) -> Any:
    """3.3 getOneDayPowerBySn: the finished five minutes of a local day."""
    day = _query_date(call)
    system = call.queried_system()
    house = system.house
    records = list(house.records(day))
    if records and system.series_noise:
        before = house.records(day - timedelta(days=1))
        after = house.records(day + timedelta(days=1))
        records = [
            *before[-1:],
            *(
                copy
                for place, record in enumerate(records)
                for copy in [record] * (2 if place % 60 == 30 else 1)
            ),
            *after[:1],
        ]
    samples = [_sample(system, record) for record in records]
    if system.series_order == "newest_first":
        samples.reverse()
    elif system.series_order == "shuffled":
        Random(f"{house.spec.seed}/{day}").shuffle(samples)
    return samples


def _sample(system: AlphaSystem, record: Record) -> dict[str, Any]:
    """Return one record, stamped in the middle of its five minutes."""
    stamp = record.start + timedelta(seconds=154)
    load = record.load_w * LOAD_METER_SHARE
    dice = Random(f"{system.house.spec.seed}/{record.start}")
    if system.load_spikes and dice.random() < SPIKE_SHARE:
        load *= 100
    return {
        "sysSn": system.serial,
        "uploadTime": f"{stamp.astimezone(system.house.spec.zone):%Y-%m-%d %H:%M:%S}",
        "ppv": 0.0 if system.five_minute_pv_zero else round(record.pv_w, 1),
        "load": round(load, 1),
        "cbat": round(record.soc, 1) if system.has_battery else None,
        "feedIn": round(record.export_w, 1),
        "gridCharge": round(record.import_w, 1),
        "pchargingPile": round(record.ev_w),
    }


def day_energy(call: Call) -> Any:
    """3.4 getOneDateEnergyBySn."""
    day = _query_date(call)
    system = call.queried_system()
    house = system.house
    energy = house.energy_on(day)
    if energy is None:
        if day < house.installed and system.before_installation == "6016":
            raise ApiError(codes.NO_DATA)
        style = system.before_installation if day < house.installed else "zeros"
        return _blank_energy(system, day, style)
    if day == house.today() and _just_after_midnight(system):
        return _blank_energy(system, day, system.midnight_blank)
    return _energy_document(system, day, energy)


def _energy_document(system: AlphaSystem, day: date, energy: Energy) -> dict[str, Any]:
    return {
        "sysSn": system.serial,
        "theDate": day.isoformat(),
        "epv": kwh(energy.solar_wh),
        "eInput": kwh(energy.import_wh),
        "eOutput": kwh(energy.export_wh),
        "eCharge": kwh(energy.charge_wh),
        "eDischarge": kwh(energy.discharge_wh),
        "eGridCharge": kwh(energy.grid_charge_wh),
        "eChargingPile": kwh(energy.ev_wh),
    }


def _blank_energy(system: AlphaSystem, day: date, style: str) -> Any:
    if style == "none":
        return None
    document = _energy_document(system, day, Energy())
    if style == "nulls":
        for key in document.keys() - {"sysSn", "theDate"}:
            document[key] = None
    return document


def _just_after_midnight(system: AlphaSystem) -> bool:
    local = system.house.live().at.astimezone(system.house.spec.zone)
    return local.hour * 60 + local.minute < system.midnight_blank_minutes


def summary(call: Call) -> Any:
    """3.5 getSumDataForCustomer."""
    system = call.queried_system()
    house = system.house
    today = house.energy_on(house.today()) or Energy()
    answer: dict[str, Any] = {
        "epvtoday": kwh(today.solar_wh),
        "epvtotal": None,
        "eload": kwh(today.load_wh),
        "eoutput": kwh(today.export_wh),
        "einput": kwh(today.import_wh),
        "echarge": kwh(today.charge_wh),
        "edischarge": kwh(today.discharge_wh),
    }
    nullable = (
        "todayIncome",
        "totalIncome",
        "eselfConsumption",
        "eselfSufficiency",
        "treeNum",
        "carbonNum",
        "moneyType",
    )
    if not system.income:
        return answer | dict.fromkeys(nullable)
    total = house.energy_total()
    carbon = total.solar_wh / 1000 * _CO2_PER_KWH
    return answer | {
        "epvtotal": kwh(total.solar_wh),
        "todayIncome": _income(today),
        "totalIncome": _income(total),
        "eselfConsumption": _rest_of_one(today.export_wh, today.solar_wh),
        "eselfSufficiency": _rest_of_one(today.import_wh, today.load_wh),
        "treeNum": round(carbon * _TREES_PER_CO2, 1),
        "carbonNum": round(carbon, 1),
        "moneyType": system.money_type,
    }


def kwh(watt_hours: float) -> float:
    """Return an energy in the vendor's unit and resolution."""
    return round(watt_hours / 1000, 2)


def _income(energy: Energy) -> float:
    exported = energy.export_wh / 1000
    saved = max(energy.solar_wh - energy.export_wh, 0) / 1000
    return round(exported * _FEED_IN_PRICE + saved * _SAVED_PRICE, 2)


def _rest_of_one(part: float, whole: float) -> float:
    return round(min(max(1 - part / whole, 0.0), 1.0), 2) if whole > 0 else 0.0


def _query_date(call: Call) -> date:
    text = call.parameter("queryDate")
    try:
        day = date.fromisoformat(text)
    except ValueError as err:
        raise ApiError(codes.PARAMETER, explanation="queryDate") from err
    if text != day.isoformat():
        raise ApiError(codes.PARAMETER, explanation="queryDate")
    return day
