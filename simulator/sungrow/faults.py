"""Faults and alarms of devices (reference section 3.7)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from .call import Call
from .device import Alarm, Device
from .plant import Plant

_MONTH = timedelta(days=31)
OPEN, CLOSED, BOTH = "8", "9", "999"


def fault_list(call: Call) -> dict[str, Any]:
    """`getFaultAlarmInfo`: open ones unless closed ones are asked for; newest first."""
    found = sorted(_matching(call), key=lambda it: it[2].start, reverse=True)
    return call.page([_row(call, *entry) for entry in found])


def _matching(call: Call) -> Iterator[tuple[Plant, Device, Alarm]]:
    plant_id, key = call.body.get("ps_id"), call.body.get("ps_key")
    types = str(call.body.get("fault_type") or "1,2,3,4").split(",")
    status = str(call.body.get("process_status") or OPEN)
    for plant in call.plants:
        if plant_id not in {None, ""} and plant.id != str(plant_id):
            continue
        now = plant.house.live().at
        for device in plant.devices:
            if key and device.ps_key != key:
                continue
            for alarm in device.alarms:
                is_open = alarm in device.open_alarms
                recent = now - alarm.start <= _MONTH
                shown = is_open if status == OPEN else recent
                if status == CLOSED and is_open:
                    shown = False
                if shown and alarm.start <= now and str(alarm.type) in types:
                    yield plant, device, alarm


def _row(call: Call, plant: Plant, device: Device, alarm: Alarm) -> dict[str, Any]:
    is_open = alarm in device.open_alarms
    local = plant.local(alarm.start)
    over = "" if alarm.end is None or is_open else plant.local(alarm.end)
    return {
        "fault_name": "电网停电" if call.chinese else alarm.name,
        "fault_code": f"{alarm.code}.{local:%Y%m}.{device.uuid}{int(alarm.start.timestamp())}",
        "fault_type": alarm.type,
        "fault_type_code": alarm.code,
        "fault_level": alarm.level,
        "fault_desc": "",
        "fault_reason": "5",
        "process_status": 1 if is_open else 9,
        "create_time": f"{local:%Y-%m-%d %H:%M:%S}",
        "over_time": over and f"{over:%Y-%m-%d %H:%M:%S}",
        "uuid": device.uuid,
        "ps_key": device.ps_key,
        "device_name": device.spec.name,
        "device_type": device.type,
        "type_name": "设备" if call.chinese else "Device",
        "device_model_code": device.spec.model,
        "ps_id": plant.home.ps_id,
        "ps_name": plant.name,
        "grid_connection_status": 1,
    }
