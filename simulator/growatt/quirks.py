"""What clouds do to good records (growatt.md 3.0 and 10)."""

from dataclasses import replace
from datetime import timedelta
import struct
from typing import Any

from ..energy import Energy
from . import payloads
from .device import Device, Snapshot
from .families import Family

_NUL = "\x00" * 16
_BOUNCE_MINUTES = 5


def last(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return a live or history record as the cloud gives it away."""
    if device.switches.midnight_bounce:
        shot = _bounced(device, shot)
    record = payloads.last(device, shot, v4=v4)
    if device.switches.upper_case_discharge and device.family is Family.SPH:
        for span in ("Today", "Total"):
            if (value := record.pop(f"edischarge1{span}", None)) is not None:
                record[f"edischarge{span}"] = value
    if device.switches.zero_record:
        return _emptied(record)
    return spoil(device, record)


def info(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return the details as the cloud gives them away."""
    record = payloads.info(device, shot, v4=v4)
    if not device.spec.has_settings:
        record["tlxSetbean"] = None
    settings = record.get("tlxSetbean") or record
    if device.switches.garbage_times and "forcedTimeStart9" in settings:
        settings["forcedTimeStart9"] = "11:187"
    return spoil(device, record)


def spoil(device: Device, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with noise, sentinels and words for nothing."""
    switches = device.switches
    return {key: _spoilt(key, value, switches) for key, value in record.items()}


def _spoilt(key: str, value: Any, switches: Any) -> Any:
    if isinstance(value, float) and switches.noise:
        return float32(value)
    if isinstance(value, str):
        if value == "" and switches.nul_serials and key.endswith(("Sn", "SerialNum")):
            return _NUL
        if value == "" and switches.null_strings:
            return "null"
    if not switches.sentinels and isinstance(value, int | float) and -1 <= value < 0:
        return 0
    return value


def float32(value: float) -> float:
    """Return a number with the noise of 32 bits."""
    (noisy,) = struct.unpack("f", struct.pack("f", value))
    return float(noisy)


def _emptied(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record of an inverter that has said nothing yet (Q11)."""
    empty: dict[str, Any] = {
        key: 0 if isinstance(value, int | float) and not isinstance(value, bool) else ""
        for key, value in record.items()
    }
    return empty | {
        key: value
        for key, value in {
            "serialNum": None,
            "dataLogSn": None,
            "deviceSn": None,
            "statusText": "Standby",
            "calendar": None,
            "time": "",
        }.items()
        if key in empty
    }


def _bounced(device: Device, shot: Snapshot) -> Snapshot:
    """Return counters as they jump after midnight: 0, yesterday's, 0 (Q3)."""
    local = shot.at.astimezone(device.house.spec.zone)
    minute = local.hour * 60 + local.minute
    if minute >= 3 * _BOUNCE_MINUTES:
        return shot
    if _BOUNCE_MINUTES <= minute < 2 * _BOUNCE_MINUTES:
        yesterday = device.house.energy_on(local.date() - timedelta(days=1))
        return device.own(replace(shot, today=yesterday or Energy()))
    return replace(shot, today=Energy(), total=Energy())
