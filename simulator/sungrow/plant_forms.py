"""Lists of plants and devices, and their master data (reference sections 3.1 to 3.3)."""

from typing import Any

from .call import Call
from .device import Device
from .home import LOGGER, MODULE
from .plant import Plant

MOST_DETAILS = 20
_OK, _EMPTY, _TOO_MANY, _NONE = "1", "4", "5", "6"
_CHINESE_PLANT = "户用储能"
_CHINESE_TYPES = {14: "储能逆变器", 1: "逆变器", 43: "电池", 7: "电表", 22: "通信模块"}
_FACTORY = "阳光电源股份有限公司"
_VERSIONS = (
    "lcd_version",
    "mdsp_version",
    "sdsp_version",
    "bat_version",
    "pvd_version",
    "cpld_version",
    "temp_version",
    "m_version",
    "system_version",
)


def _id(call: Call, number: int | str) -> int | str:
    return int(number) if call.cloud.ids == "number" else str(number)


def plant_list(call: Call) -> dict[str, Any]:
    """`queryPowerStationList`, or V1's `getPowerStationList` with values."""
    name = str(call.body.get("ps_name") or "")
    types = str(call.body.get("ps_type") or "").split(",")
    found = [
        plant
        for plant in call.plants
        if name in plant.name and (types == [""] or str(plant.home.ps_type) in types)
    ]
    return call.page([_plant(call, plant) for plant in found])


def _plant(call: Call, plant: Plant) -> dict[str, Any]:
    home = plant.home
    plant.house.advance()
    row: dict[str, Any] = {
        "ps_id": _id(call, plant.id),
        "ps_name": plant.name,
        "description": None,
        "ps_type": home.ps_type,
        "online_status": int(plant.online),
        "valid_flag": 1,
        "grid_connection_status": 1,
        "install_date": f"{plant.local(plant.grid_connected):%Y-%m-%d %H:%M:%S}",
        "ps_location": home.location,
        "latitude": plant.house.spec.latitude,
        "longitude": 7.1,
        "ps_fault_status": plant.fault_status,
        "connect_type": home.connect_type,
        "update_time": f"{plant.local(plant.house.live().at):%Y-%m-%d %H:%M:%S}",
        "ps_current_time_zone": plant.timezone,
        "grid_connection_time": f"{plant.local(plant.grid_connected):%Y%m%d%H%M%S}",
        "build_status": 2,
    }
    return row | _values(plant) if call.v1 else row


def _values(plant: Plant) -> dict[str, Any]:
    """Return what only V1 tells in the list (2.5)."""
    record = plant.main.record
    if record is None:
        return {}
    shot, price = record.shot, plant.home.export_price
    today, total = shot.today.solar_wh / 1000, shot.total.solar_wh / 1000
    return {
        "curr_power": {"unit": "kW", "value": f"{shot.live.pv_w / 1000:.3f}"},
        "today_energy": {"unit": "kWh", "value": f"{today:.1f}"},
        "total_energy": {"unit": "MWh", "value": f"{total / 1000:.3f}"},
        "today_income": {"unit": "EUR", "value": f"{today * price:.2f}"},
        "total_income": {"unit": "EUR", "value": f"{total * price:.2f}"},
        "co2_reduce": {"unit": "kg", "value": f"{today * 0.997:.3f}"},
        "co2_reduce_total": {"unit": "t", "value": f"{total * 0.000997:.3f}"},
    }


def plant_details(call: Call) -> dict[str, Any]:
    """`getPowerStationDetail` of V2 and `getBatchPsDetail` of V1, by ids."""
    ids = [entry for entry in str(call.body.get("ps_ids") or "").split(",") if entry]
    if not ids:
        return _details(_EMPTY, [], [])
    if len(ids) > MOST_DETAILS:
        return _details(_TOO_MANY, [], [])
    plants = [plant for entry in ids if (plant := call.plant(entry))]
    denied = [entry for entry in ids if call.plant(entry) is None]
    code = _OK if plants else _NONE
    return _details(code, [_detail(call, plant) for plant in plants], denied)


def _details(code: str, rows: list[Any], denied: list[str]) -> dict[str, Any]:
    return {"code": code, "not_authorization_ps_list": denied, "data_list": rows}


def logger_details(call: Call) -> dict[str, Any] | None:
    """`getPowerStationDetail` of V1: by the serial number of a logger."""
    wanted = call.text("sn")
    for plant in call.plants:
        if any(device.sn == wanted for device in _loggers(plant)):
            return _detail(call, plant)
    return None


def _loggers(plant: Plant) -> list[Device]:
    return [device for device in plant.devices if device.type in {MODULE, LOGGER}]


def _detail(call: Call, plant: Plant) -> dict[str, Any]:
    home = plant.home
    alarms = [alarm for device in plant.devices for alarm in device.open_alarms]
    return {
        "ps_id": _id(call, plant.id),
        "ps_key": plant.key,
        "ps_name": plant.name,
        "ps_type": home.ps_type,
        # Chinese whatever is asked for, as the sample (3.2)
        "ps_type_name": _CHINESE_PLANT,
        "online_status": int(plant.online),
        "build_status": 2,
        "install_date": f"{plant.local(plant.grid_connected):%Y-%m-%d %H:%M:%S}",
        "connect_type": home.connect_type,
        "grid_connection_time": f"{plant.local(plant.grid_connected):%Y%m%d%H%M%S}",
        "ps_fault_status": plant.fault_status,
        "fault_count": sum(alarm.type == 1 for alarm in alarms),
        "alarm_count": sum(alarm.type == 2 for alarm in alarms),
        "ps_location": home.location,
        "latitude": plant.house.spec.latitude,
        "longitude": 7.1,
        "install_power": int(home.spec.pv_peak_w),
        "ps_feedin_power_price_wh": home.export_price / 1000,
        "ps_feedin_power_price_kwh": f"{home.export_price:g}",
        "ps_consumption_power_price_wh": home.import_price / 1000,
        "ps_consumption_power_price_kwh": f"{home.import_price:g}",
        "power_price_unit": home.currency,
        "param_income_unit_name": home.currency,
        "ps_current_time_zone": plant.timezone,
        "owner_mobile": None,
        "owner_email": "owner@example.com",
        "communication_dev_detail_list": [
            {"is_enable": 1, "sn": device.sn} for device in _loggers(plant)
        ],
    }


def device_list(call: Call) -> dict[str, Any]:
    """`getDeviceListByPsId`, or V1's `getDeviceList`."""
    plant = call.plant(call.text("ps_id"))
    if plant is None:
        return call.page([])
    plant.house.advance()
    if str(call.body.get("is_virtual_unit") or "0") == "1":
        return call.page([_virtual(call, plant)])
    types = call.texts("device_type_list")
    versions = call.v1 or str(call.body.get("is_get_firmware_version")) == "1"
    return call.page(
        [
            _device(call, plant, device, versions=versions)
            for device in plant.devices
            if not device.switches.lost and (not types or str(device.type) in types)
        ]
    )


def _virtual(call: Call, plant: Plant) -> dict[str, Any]:
    return {
        "uuid": _id(call, plant.home.ps_id * 2),
        "ps_key": plant.key,
        "device_sn": None,
        "device_name": plant.name,
        "device_type": 11,
        "type_name": "电站" if call.chinese else "Plant",
        "dev_fault_status": 4,
        "dev_status": "1",
        "ps_id": _id(call, plant.id),
    }


def _device(
    call: Call, plant: Plant, device: Device, *, versions: bool
) -> dict[str, Any]:
    spec = device.spec
    loggers = _loggers(plant)
    row: dict[str, Any] = {
        "uuid": _id(call, spec.uuid),
        "ps_key": device.ps_key,
        "device_sn": spec.sn,
        "device_name": spec.name,
        "device_type": spec.type,
        "type_name": _CHINESE_TYPES.get(spec.type, "设备"),
        "device_model_id": spec.model_id,
        "device_model_code": spec.model,
        "dev_fault_status": device.fault_status,
        "dev_status": str(int(device.switches.online)),
        "claim_state": 1,
        "device_code": spec.code,
        "chnnl_id": spec.channel,
        "communication_dev_sn": loggers[0].sn if loggers else None,
        "factory_name": _FACTORY,
        "rel_time": f"{plant.local(plant.grid_connected):%Y-%m-%d %H:%M:%S}",
        "grid_connection_date": f"{plant.local(plant.grid_connected):%Y-%m-%d %H:%M:%S}",
        "ps_id": _id(call, plant.id),
    }
    if versions:
        row["firmware_version_info"] = dict.fromkeys(_VERSIONS) | dict(spec.firmware)
    return row
