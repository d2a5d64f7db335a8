"""Plants in the app's spellings (reference sections 3.F and 3.I)."""

from datetime import date
from typing import Any

from ...energy import Energy
from ..account import Account
from ..device import Device
from ..families import Family
from ..plant import Plant
from .curves import day_curve, month_days, year_months
from .electrics import counters, powers
from .numbers import kilowatts, kwh, text
from .plants import LATITUDE, LONGITUDE, produced_since, total

_CO2_PER_KWH = 0.6
_PRICE = 0.25
SIGNS = {"EUR": "€", "AUD": "$", "USD": "$", "GBP": "£"}
DAY, MONTH, YEAR, ALL = 1, 2, 3, 4


def power_text(watts: float) -> str:
    """Return a power with its unit: "628.8 W", "3.82 kW"."""
    if watts < 1000:
        return f"{text(round(watts, 1))} W"
    return f"{kilowatts(watts)} kW"


def energy_text(watt_hours: float) -> str:
    """Return an energy with its unit: "2.6 kWh", "2.37 MWh"."""
    if watt_hours < 1_000_000:
        return f"{text(kwh(watt_hours))} kWh"
    return f"{text(round(watt_hours / 1_000_000, 2))} MWh"


def _mass_text(kilograms: float) -> str:
    if kilograms < 1000:
        return f"{text(round(kilograms, 1))} kg"
    return f"{text(round(kilograms / 1000, 2))} T"


def _money(energy: Energy) -> str:
    return text(round(energy.solar_wh / 1000 * _PRICE, 1))


def sign(plant: Plant) -> str:
    """Return the plant's currency sign."""
    return SIGNS.get(plant.home.currency, plant.home.currency)


def _today(plant: Plant) -> Energy:
    house = plant.house
    return house.energy_on(house.today()) or Energy()


def _has_battery(plant: Plant) -> bool:
    return any(device.spec.has_battery for device in plant.devices)


def list_answer(account: Account, *, stuck: bool) -> dict[str, Any]:
    """Return the `back` of `PlantListAPI.do`; `stuck` powers are "0 W" (Q16)."""
    plants = account.plants
    power = sum(plant.house.live().pv_w for plant in plants)
    life = sum((total(plant) for plant in plants), Energy())
    today = sum((_today(plant) for plant in plants), Energy())
    money = f"{_money(life)} ({sign(plants[0]) if plants else '€'})"
    return {
        "success": True,
        "data": [_list_entry(plant, stuck=stuck) for plant in plants],
        "totalData": {
            "currentPowerSum": power_text(0 if stuck else power),
            "CO2Sum": _mass_text(life.solar_wh / 1000 * _CO2_PER_KWH),
            "isHaveStorage": str(any(map(_has_battery, plants))).lower(),
            "eTotalMoneyText": money,
            "todayEnergySum": energy_text(today.solar_wh),
            "totalEnergySum": energy_text(life.solar_wh),
        },
    }


def _list_entry(plant: Plant, *, stuck: bool) -> dict[str, Any]:
    life = total(plant)
    entry = {
        "plantId": str(plant.id),
        "plantName": plant.name,
        "plantMoneyText": f"{_money(life)} ({sign(plant)})",
        "todayEnergy": energy_text(_today(plant).solar_wh),
        "totalEnergy": energy_text(life.solar_wh),
        "currentPower": power_text(0 if stuck else plant.house.live().pv_w),
        "isHaveStorage": str(_has_battery(plant)).lower(),
    }
    if _has_battery(plant):
        live = plant.house.live()
        entry |= {
            "storageCapacity": f"{round(live.soc)}%",
            "storageStatus": "1",
            "storagePCharge": text(round(max(0.0, -live.battery_w))),
            "storagePDisCharge": text(round(max(0.0, live.battery_w))),
        }
    return entry


def entry_two(plant: Plant) -> dict[str, Any]:
    """Return one plant of `getAllPlantListTwo`."""
    return {
        "id": plant.id,
        "plantName": plant.name,
        "eTotal": kwh(total(plant).solar_wh),
        "nominalPower": round(plant.house.spec.pv_peak_w),
        "timezone": plant.offset_hours,
        "createDateText": plant.created.isoformat(),
        "status": "1" if plant.online else "0",
        "formulaMoney": _PRICE,
    }


def detail(plant: Plant, kind: int, day: date) -> dict[str, Any]:
    """Return `PlantDetailAPI.do`: W over a day, kWh over month, year and all."""
    house = plant.house
    match kind:
        case _ if kind == DAY:
            energy = house.energy_on(day) or Energy()
            data = {
                key: text(round(slot.solar * 1000, 1))
                for key, slot in day_curve(house, day).items()
            }
        case _ if kind == MONTH:
            days = month_days(house, day)
            energy = sum(days.values(), Energy())
            data = {
                f"{number:02}": text(kwh(part.solar_wh))
                for number, part in days.items()
            }
        case _ if kind == YEAR:
            months = year_months(house, day.year)
            energy = sum(months.values(), Energy())
            data = {
                f"{number:02}": text(kwh(part.solar_wh))
                for number, part in months.items()
            }
        case _:
            energy = total(plant)
            data = {str(house.today().year): text(kwh(energy.solar_wh))}
    return {
        "success": True,
        "plantData": {
            "plantId": str(plant.id),
            "plantName": plant.name,
            "plantMoneyText": f"{_money(energy)} ",
            "currentEnergy": energy_text(energy.solar_wh),
        },
        "data": data,
    }


def info(plant: Plant) -> dict[str, Any]:
    """Return `getAllDeviceListTwo`: texts, W and kWh."""
    house, home = plant.house, plant.home
    live, today, life = house.live(), _today(plant), total(plant)
    nominal = round(house.spec.pv_peak_w)
    answer: dict[str, Any] = {
        "nominalPower": nominal,
        "nominal_Power": nominal,
        "todayEnergy": text(kwh(today.solar_wh)),
        "totalEnergy": text(kwh(life.solar_wh)),
        "invTodayPpv": text(round(live.pv_w)),
        "plantMoneyText": f"{_money(today)}/{sign(plant)}",
        "totalMoneyText": _money(life),
        "Co2Reduction": text(round(life.solar_wh / 1000 * _CO2_PER_KWH, 1)),
        "todayDischarge": "0",
        "useEnergy": "0",
        "storagePgrid": "0",
        "storagePuser": "0",
        "storageTodayPpv": "0",
        "isHaveOptimizer": 0,
        "optimizerType": 0,
        "isHavePumper": "0",
        "ammeterType": "0",
        "datalogList": [],
    }
    if home.datalogger:
        answer["datalogList"] = [
            {
                "datalog_sn": home.datalogger,
                "device_type": home.datalogger_model,
                "update_interval": text(round(plant.cloud.push_seconds / 60)),
                "lost": not plant.online,
            }
        ]
    # The list of a plant with a TLX is empty (Q13)
    listed = [d for d in plant.devices if d.facts.classic]
    if any(device.family is Family.MIN for device in listed):
        listed = []
    empty = (
        "invList storageList sphList witList meterList batList boostList chargerList"
    )
    return answer | {
        "deviceList": [device_entry(device) for device in listed],
        **{key: [] for key in (*empty.split(), "pidList", "ogbList")},
    }


def device_entry(device: Device) -> dict[str, Any]:
    """Return one device of `getAllDeviceList`; what it has depends on the family."""
    shot = device.record or device.now()
    p = powers(device, shot)
    today, life = counters(device, shot.today), counters(device, shot.total)
    entry: dict[str, Any] = {
        "deviceSn": device.sn,
        "deviceType": device.facts.classic,
        "deviceAilas": device.spec.alias,
        "deviceStatus": "1" if device.online else "-1",
        "datalogSn": device.datalogger,
        "lost": device.switches.lost or not device.online,
        "location": "",
    }
    match device.family:
        case Family.MIN:
            soc = text(round(shot.live.soc)) if device.spec.has_battery else "0"
            return entry | {
                "power": text(p.output),
                "powerStr": f"{p.output / 1000:.2f}kW",
                "eToday": text(today.ac),
                "energy": text(life.ac),
                "bdc1Soc": soc,
                "bdc2Soc": "0",
                "type": 1,
                "type2": "5",
            }
        case Family.STORAGE | Family.SPH | Family.SPA:
            return entry | {
                "eChargeToday": text(today.charge),
                "capacity": f"{round(shot.live.soc)}%",
                "pCharge": text(p.charge),
                "apparentPower": text(p.load),
                "activePower": text(p.load),
                "storageType": "1",
            }
        case _:
            return entry | {
                "power": text(p.solar),
                "eToday": text(kwh(shot.today.solar_wh)),
                "energy": text(kwh(shot.total.solar_wh)),
            }


def summary(plant: Plant) -> dict[str, Any]:
    """Return `getUserCenterEnertyDataByPlantid`: the plant's tab of the phone."""
    house = plant.house
    return {
        "powerValue": text(round(house.live().pv_w, 1)),
        "todayValue": text(kwh(_today(plant).solar_wh)),
        "monthValue": text(kwh(produced_since(plant, house.today().replace(day=1)))),
        "totalValue": text(kwh(total(plant).solar_wh)),
        "plantBean": settings(plant),
        "weatherMap": {},
    }


def settings(plant: Plant) -> dict[str, Any]:
    """Return `getPlant`: what belongs to the plant itself."""
    return {
        "id": plant.id,
        "plantName": plant.name,
        "userAccount": "",
        "country": plant.home.country,
        "city": plant.home.city,
        "plantAddress": "1 Example St",
        "plantType": 0,
        "timezone": plant.offset_hours,
        "plant_lat": LATITUDE,
        "plant_lng": LONGITUDE,
        "nominalPower": round(plant.house.spec.pv_peak_w),
        "createDateText": plant.created.isoformat(),
        "formulaMoney": _PRICE,
        "formulaMoneyStr": text(_PRICE),
        "formulaMoneyUnitId": plant.home.currency.lower(),
        "formulaCoal": 0.4000000059604645,
        "formulaCo2": 0.6000000238418579,
        "formulaSo2": 0.800000011920929,
        "moneyUnitText": sign(plant),
        "unitMap": None,
        **plant.details,
    }
