"""Plants of V1: list, details, data, curves (reference section 3.A)."""

from datetime import date, timedelta
from typing import Any, Literal

from ...energy import Energy
from ..account import Account
from ..device import Device, Snapshot
from ..plant import Plant
from .curves import month_sum, year_months
from .numbers import kwh, text

type TimeUnit = Literal["day", "month", "year"]

LATITUDE, LONGITUDE = "51.31", "9.48"
_CO2_PER_KWH = 0.6
_MEAN_HOURS = 2.5
"""Of full power a day."""


def total(plant: Plant) -> Energy:
    """Return the lifetime energy of a plant, which its house's devices share."""
    return plant.devices[0].lifetime.total()


def produced_since(plant: Plant, first: date) -> float:
    """Return the production since a local day in Wh.

    Days before the house is watched count with a mean: nobody has to live through
    them for a sum that is always shown.
    """
    house = plant.house
    day = max(first, house.first_day)
    produced = max((day - first).days, 0) * house.spec.pv_peak_w * _MEAN_HOURS
    while day <= house.today():
        produced += (house.energy_on(day) or Energy()).solar_wh
        day += timedelta(days=1)
    return produced


def entry(plant: Plant, account: Account) -> dict[str, Any]:
    """Return one plant of `plant/list`: power in W and energy in kWh as texts."""
    live = plant.house.live()
    return {
        "plant_id": plant.id,
        "name": plant.name,
        "status": 1 if plant.online else 0,
        "country": plant.home.country,
        "city": plant.home.city,
        "latitude": LATITUDE,
        "longitude": LONGITUDE,
        "latitude_d": None,
        "latitude_f": None,
        "peak_power": round(plant.house.spec.pv_peak_w / 1000, 2),
        "current_power": str(round(live.pv_w, 1)),
        "total_energy": text(kwh(total(plant).solar_wh)),
        "create_date": plant.created.isoformat(),
        "user_id": account.user_id,
        "locale": "en-US",
        "image_url": "1.png",
        "operator": "0",
        "installer": "0",
    }


def details(plant: Plant, account: Account) -> dict[str, Any]:
    """Return `plant/details`: zone and currency among them."""
    home = plant.home
    return {
        "name": plant.name,
        "user_id": account.user_id,
        "status": 1 if plant.online else 0,
        "country": home.country,
        "city": home.city,
        "state": "",
        "postal": "",
        "address1": "",
        "address2": "",
        "latitude": LATITUDE,
        "longitude": LONGITUDE,
        "elevation": None,
        "timezone": plant.timezone,
        "currency": home.currency,
        "locale": "en-US",
        "plant_type": 0,
        "grid_type": None,
        "peak_power": round(plant.house.spec.pv_peak_w / 1000, 2),
        "create_date": plant.created.isoformat(),
        "image_url": "1.png",
        "description": "",
        "notes": "",
        "arrays": [],
        "inverters": [],
        "dataloggers": [],
        "maxs": [],
    }


def data(plant: Plant) -> dict[str, Any]:
    """Return `plant/data`: power in kW, energies as texts in kWh."""
    house = plant.house
    live, today = house.live(), house.today()
    lifetime = total(plant)
    return {
        "current_power": round(live.pv_w / 1000, 2),
        "today_energy": text(kwh((house.energy_on(today) or Energy()).solar_wh)),
        "monthly_energy": text(kwh(produced_since(plant, today.replace(day=1)))),
        "yearly_energy": text(
            kwh(produced_since(plant, today.replace(month=1, day=1)))
        ),
        "total_energy": text(kwh(lifetime.solar_wh)),
        "peak_power_actual": round(house.spec.pv_peak_w / 1000, 2),
        "efficiency": "",
        "carbon_offset": text(round(lifetime.solar_wh / 1000 * _CO2_PER_KWH, 1)),
        "last_update_time": f"{plant.local(live.at):%Y-%m-%d %H:%M:%S}",
        "timezone": plant.timezone,
    }


def power(plant: Plant, day: date) -> dict[str, Any]:
    """Return `plant/power`: the curve of a day in W, newest first."""
    known = {
        f"{plant.local(record.start):%H:%M}": round(record.pv_w, 1)
        for record in plant.house.records(day)
    }
    powers = [
        {"time": f"{day.isoformat()} {key}", "power": known.get(key)}
        for minute in range(0, 1440, 5)
        for key in [f"{minute // 60:02}:{minute % 60:02}"]
    ]
    return {"count": len(powers), "powers": powers[::-1]}


def energy(plant: Plant, start: date, end: date, unit: TimeUnit) -> dict[str, Any]:
    """Return `plant/energy`: production per day, month or year as texts in kWh."""
    house = plant.house
    rows: dict[str, Energy] = {}
    day = start
    while day <= min(end, house.today()):
        match unit:
            case "day":
                rows[day.isoformat()] = house.energy_on(day) or Energy()
                day += timedelta(days=1)
            case "month":
                rows[f"{day:%Y-%m}"] = month_sum(house, day)
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            case "year":
                months = year_months(house, day.year)
                rows[f"{day:%Y}"] = sum(months.values(), Energy())
                day = date(day.year + 1, 1, 1)
    return {
        "count": len(rows),
        "time_unit": unit,
        "energys": [
            {"date": key, "energy": text(kwh(row.solar_wh))}
            for key, row in rows.items()
        ],
    }


def device_entry(device: Device, plant: Plant, shot: Snapshot | None) -> dict[str, Any]:
    """Return one device of `device/list`; its time is the plant's."""
    return {
        "device_sn": device.sn,
        "device_id": device.spec.device_id,
        "type": device.facts.type,
        "model": device.spec.model_text,
        "manufacturer": "Growatt",
        "datalogger_sn": device.datalogger,
        "last_update_time": (
            f"{plant.local(shot.at):%Y-%m-%d %H:%M:%S}" if shot else ""
        ),
        "lost": device.switches.lost or not device.online,
        "status": 1 if device.online else -1,
    }
