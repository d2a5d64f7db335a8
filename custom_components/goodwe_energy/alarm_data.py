"""What is told of the alarms of a plant (reference section 3.12)."""

from typing import Any

from .plant import Plant
from .readings import Alarm


def listed_alarms(plant: Plant) -> dict[str, dict[str, Any]] | None:
    """Return by id what is told of each active alarm, None if they were never read."""
    if plant.alarms is None or (alarms := plant.alarms.alarms) is None:
        return None
    names = {device.serial: device.name for device in plant.devices}
    return {
        alarm.id: _data(alarm, names.get(alarm.serial or "") or alarm.device)
        for alarm in alarms
        if alarm.active is not False
    }


def _data(alarm: Alarm, device: str | None) -> dict[str, Any]:
    started = alarm.started
    return {
        "code": alarm.code,
        "name": alarm.name,
        "level": alarm.level,
        "device": device,
        "started": started.isoformat() if started is not None else None,
    }
