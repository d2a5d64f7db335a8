"""V1: account, plants, device lists and meters (growatt.md 3.A and 3.D)."""

from datetime import timedelta
from typing import Any, get_args

from . import history, quirks
from .device import Device
from .payloads import meter, plants
from .plant import Plant
from .protocol import Answer, Call, V1Error
from .token_families import FAMILY_READS, HISTORY_DAYS, Handler, Verb

_UNITS: tuple[plants.TimeUnit, ...] = get_args(plants.TimeUnit.__value__)
_LATE_HOUR = 16


# Plants


def plant_list(call: Call) -> Answer:
    """Answer `plant/list`."""
    entries = [plants.entry(plant, call.account) for plant in call.account.plants]
    return Answer({"count": len(entries), "plants": call.paged(entries)})


def user_plant_list(call: Call) -> Answer:
    """Answer `plant/user_plant_list`."""
    if call.text("user_name") != call.account.user_name:
        raise V1Error(10002, "error_user_not_exist")
    return plant_list(call)


def check_user(call: Call) -> Answer:
    """Answer `user/check_user`: 10003 is a name that exists here."""
    if call.text("user_name") == call.account.user_name:
        raise V1Error(10003, "user name already exists")
    return Answer("")


def client_list(_call: Call) -> Answer:
    """Answer `user/c_user_list`, which is for installers."""
    return Answer({"count": 0, "c_user": []})


def plant_details(call: Call) -> Answer:
    """Answer `plant/details`."""
    return Answer(plants.details(call.plant(), call.account))


def plant_data(call: Call) -> Answer:
    """Answer `plant/data`; late in the day the power can be 0 (Q27)."""
    plant = call.plant()
    data = plants.data(plant)
    local = plant.local(plant.house.live().at)
    if call.server.evening_zero and local.hour >= _LATE_HOUR:
        data["current_power"] = 0
    return Answer(data)


def plant_power(call: Call) -> Answer:
    """Answer `plant/power`."""
    plant = call.plant()
    curve = plants.power(plant, call.day("date"))
    if call.server.series_order == "oldest_first":
        curve["powers"].reverse()
    return Answer(curve)


def plant_energy(call: Call) -> Answer:
    """Answer `plant/energy`: 7 days, two years of months, 20 years."""
    plant, start, end = call.plant(), call.day("start_date"), call.day("end_date")
    wanted = call.text("time_unit")
    unit = next((entry for entry in _UNITS if entry == wanted), None)
    most = {"day": 7, "month": 731, "year": 7305}
    if unit is None or end < start:
        raise V1Error(10003, "error_date")
    if (end - start).days >= most[unit]:
        raise V1Error(10004, "error_interval")
    return Answer(plants.energy(plant, start, end, unit))


def plant_of_device(call: Call) -> Answer:
    """Answer `plant/sn_plant`."""
    plant = call.account.plant_of(call.device())
    return Answer({"plant": plants.entry(plant, call.account)})


# Devices


def device_list(call: Call) -> Answer:
    """Answer `device/list`, which does not have all families (Q34)."""
    plant = call.plant()
    entries = [
        plants.device_entry(device, plant, device.record)
        for device in plant.devices
        if device.spec.listed
    ]
    if plant.home.meter:
        entries.append(_other(plant, plant.home.meter, 3, "SDM630"))
    if call.server.unknown_device and plant is call.account.plants[0]:
        entries.append(_other(plant, call.server.unknown_device, 8, "PCS 100"))
    return Answer({"count": len(entries), "devices": call.paged(entries)})


def _other(plant: Plant, sn: str, kind: int, model: str) -> dict[str, Any]:
    shot = plant.devices[0].record
    return {
        "device_sn": sn,
        "device_id": 9,
        "type": kind,
        "model": model,
        "manufacturer": "",
        "datalogger_sn": plant.home.datalogger,
        "last_update_time": (
            f"{plant.local(shot.at):%Y-%m-%d %H:%M:%S}" if shot else ""
        ),
        "lost": not plant.online,
        "status": 1,
    }


def datalogger_list(call: Call) -> Answer:
    """Answer `device/datalogger/list`."""
    plant = call.plant()
    serials = [d.sn for d in plant.devices if d.switches.own_datalogger == "listed"]
    if plant.home.datalogger:
        serials.insert(0, plant.home.datalogger)
    loggers = []
    for serial in serials:
        shot = plant.devices[0].record or plant.devices[0].now()
        loggers.append(
            {
                "sn": serial,
                "model": plant.home.datalogger_model,
                "type": 0,
                "manufacturer": "Growatt",
                "lost": not plant.online,
                "last_update_time": plant.cloud.java(shot.at),
            }
        )
    return Answer(
        {
            "count": len(loggers),
            "dataloggers": loggers,
            "peak_power_actual": {
                "id": plant.id,
                "plantName": plant.name,
                "formulaMoney": 0.25,
                "moneyUnitText": "€",
            },
        }
    )


def check_sn(call: Call) -> Answer:
    """Answer `device/check/sn`: the model; here the parameter is `dataloggerSn`."""
    device = call.device("dataloggerSn")
    fields = {
        "result": 1,
        "msg": device.facts.classic or device.family,
        "obj": 1,
        "deviceType": device.facts.check,
        "dtc": device.spec.dtc,
        "model": device.model,
        "normalPower": device.rated_w,
        "haveMeter": device.has_meter,
        "inSystem": True,
    }
    return Answer(fields)


def datalogger_of_device(call: Call) -> Answer:
    """Answer `device/sn_datalog`."""
    return Answer({"datalogSN": call.device().datalogger})


# Meters


def _metered(call: Call) -> tuple[Plant, Device]:
    plant = call.account.logger(call.text("datalog_sn"))
    if plant is None:
        raise V1Error(10002, "error_datalog_not_exist")
    return plant, plant.devices[0]


def meter_list(call: Call) -> Answer:
    """Answer `device/ammeter/meter_list`."""
    plant, device = _metered(call)
    meters = []
    if plant.home.meter:
        shot = device.record or device.now()
        meters.append(
            meter.entry(device, shot, address=plant.home.meter_address, name="SDM630")
        )
    return Answer({"count": len(meters), "meters": meters})


def _the_meter(call: Call) -> Device:
    plant, device = _metered(call)
    if not plant.home.meter or call.text("address") != str(plant.home.meter_address):
        raise V1Error(10002, "error_meter_not_exist")
    return device


def meter_last(call: Call) -> Answer:
    """Answer `device/ammeter/meter_last_data`."""
    device = _the_meter(call)
    shot = device.record or device.now()
    data = quirks.spoil(device, meter.last(device, shot))
    return Answer(data, {"dataloggerSn": device.datalogger})


def meter_data(call: Call) -> Answer:
    """Answer `device/ammeter/meter_data`."""
    device = _the_meter(call)
    start, end = call.day("start_date"), call.day("end_date")
    if not 0 <= (end - start).days < HISTORY_DAYS:
        raise V1Error(10004, "error_interval")
    rows = [
        meter.last(device, shot)
        for back in range((end - start).days + 1)
        for shot in history.snapshots(device, start + timedelta(days=back))
    ]
    return Answer({"count": len(rows), "meter_data": call.paged(rows)})


def no_sensors(_call: Call) -> Answer:
    """Answer `device/env/env_list`: nobody has any."""
    return Answer({"count": 0, "envs": []})


READS: dict[str, tuple[Verb, Handler]] = {
    "plant/list": ("GET", plant_list),
    "plant/user_plant_list": ("POST", user_plant_list),
    "user/check_user": ("POST", check_user),
    "user/c_user_list": ("GET", client_list),
    "plant/details": ("GET", plant_details),
    "plant/data": ("GET", plant_data),
    "plant/power": ("GET", plant_power),
    "plant/energy": ("GET", plant_energy),
    "plant/sn_plant": ("POST", plant_of_device),
    "device/list": ("GET", device_list),
    "device/datalogger/list": ("GET", datalogger_list),
    "device/check/sn": ("GET", check_sn),
    "device/sn_datalog": ("POST", datalogger_of_device),
    "device/ammeter/meter_list": ("GET", meter_list),
    "device/ammeter/meter_last_data": ("GET", meter_last),
    "device/ammeter/meter_data": ("GET", meter_data),
    "device/env/env_list": ("GET", no_sensors),
    **FAMILY_READS,
}
