"""What the details of all families have in common."""

from datetime import UTC, datetime
from typing import Any

from ..device import Device, Snapshot

BUILT = datetime(2024, 11, 6, tzinfo=UTC).timestamp()
"""When the plants were put into service (epoch seconds)."""
_GREGORIAN_CHANGE_MS = -12_219_292_800_000


def plant_time(device: Device, shot: Snapshot) -> str:
    """Return the inverter's own clock, in the plant's time, to the minute."""
    return f"{shot.at.astimezone(device.house.spec.zone):%Y-%m-%d %H:%M}"


def calendar(device: Device, shot: Snapshot, *, v4: bool) -> Any:
    """Return the instant of a record: an object in V1, milliseconds in v4."""
    cloud = device.cloud
    if v4:
        return cloud.epoch_ms(shot.at)
    return {
        "gregorianChange": {"time": _GREGORIAN_CHANGE_MS},
        "timeInMillis": cloud.epoch_ms(shot.at),
        "timeZone": {
            "ID": "Asia/Shanghai",
            "rawOffset": round(cloud.zone_hours * 3_600_000),
        },
        "time": cloud.java(shot.at),
    }


def head(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return whose record it is and of when."""
    return {
        "serialNum": device.sn,
        "dataLogSn": device.datalogger,
        "time": device.cloud.text(shot.at),
    }


def identity(device: Device, shot: Snapshot, *, family: str) -> dict[str, Any]:
    """Return serials, versions and state; `family` is the cloud's own (`tlx`)."""
    return {
        "serialNum": device.sn,
        "alias": device.alias,
        "dataLogSn": device.datalogger,
        "dtc": device.spec.dtc,
        "pmax": round(device.rated_w),
        "modelText": device.spec.model_text,
        "fwVersion": "DO1.0",
        "priorityChoose": device.settings.shown.get("priorityChoose", 0),
        "status": 1,
        "statusText": f"{family}.status.operating",
        "lost": device.switches.lost,
        "lastUpdateTime": device.cloud.java(shot.at),
        "lastUpdateTimeText": device.cloud.text(shot.at),
        "timezone": device.cloud.zone_hours,
        "location": "null",
    }
