"""A cloud that answers what a download has recorded of the plants of a token."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..clock import Clock
from ..replay import Recording, RecordingError
from ..setting import Setting
from ..spec import HouseSpec
from .account import USER_ID
from .device import Device
from .families import Family
from .home import DeviceSpec, Home
from .replay_answers import NAMES, Answers, plant_key
from .server import GrowattSimulator

_FORMS: dict[str, Callable[[int], str]] = {
    "plant": "21{:05d}".format,
    "user id": lambda _: str(USER_ID),
    "device of plant": "TPJ0CE{:04d}".format,
    "meter of plant": "CRAZN{:05d}".format,
    "datalogger of plant": "QMN0B1{:04d}".format,
    "battery of device": "APX0B{:05d}".format,
}
_CAPACITY_WH = 10_000.0


def replayed(recording: Recording, clock: Clock) -> GrowattSimulator:
    """Return a simulator with the recorded plants.

    Their readings stay as they are; settings can be changed.
    """
    if recording.section("entry").get("data", {}).get("mode") == "login":
        raise RecordingError("only what a token was told can be played, not a login")
    recording = recording.invented(_FORMS)
    rows = recording.documents.get("plants")
    if not rows:
        raise RecordingError("no list of plants was recorded")
    homes = [_home(recording, row) for row in rows]
    simulator = GrowattSimulator(clock=clock, homes=homes)
    answers = Answers(recording, clock, homes[0].spec.zone)
    for sn, device in simulator.devices.items():
        _take_settings(device, recording.documents.get(f"{sn}/settings") or {})
        answers.remember(device)
    simulator.endpoints |= answers.v1
    simulator.v4 |= answers.v4
    return simulator


def _home(recording: Recording, row: Mapping[str, Any]) -> Home:
    plant_id = str(row["plant_id"])
    key = plant_key(recording.documents, plant_id)
    lists = recording.documents.get(f"{key}/devices") or {}
    zone = (recording.section("plants").get(key) or {}).get("zone")
    loggers = [logger["sn"] for logger in lists.get("loggers") or ()]
    told = recording.section("devices")
    listed = {entry["device_sn"] for entry in lists.get("list") or ()}
    devices = [
        _device(recording, sn, told[sn], lists, sn in listed)
        for sn in lists.get("info") or ()
        if sn in told and family_of(told[sn]) is not None
    ]
    battery = any(device.has_battery for device in devices)
    return Home(
        kind="recorded",
        name=str(row.get("name")),
        plant_id=int(plant_id),
        spec=HouseSpec(
            battery_capacity_wh=_CAPACITY_WH if battery else 0.0,
            zone=_zone(zone, recording.zone),
        ),
        devices=tuple(devices),
        datalogger=loggers[0] if loggers else "",
    )


def _zone(name: Any, fallback: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except ZoneInfoNotFoundError, ValueError:
        return fallback


def family_of(told: Mapping[str, Any]) -> Family | None:
    """Return the family that the download calls so; None is nothing to play."""
    return NAMES.get(str(told.get("family")))


def _device(
    recording: Recording,
    sn: str,
    told: Mapping[str, Any],
    lists: Mapping[str, Any],
    listed: bool,
) -> DeviceSpec:
    info = (lists.get("info") or {}).get(sn) or {}
    settings = recording.documents.get(f"{sn}/settings") or {}
    return DeviceSpec(
        sn=sn,
        family=family_of(told) or Family.PCS,
        model=str(told.get("model")),
        model_text=str(info.get("modelText")),
        device_id=1,
        rated_w=round(told.get("rated_power") or 0),
        dtc=0,
        alias=str(info.get("alias") or ""),
        battery="Battery" if told.get("has_battery") else "",
        has_settings=info.get("has_settings", True),
        listed=listed,
        vpp="vpp" in settings,
        measures_grid=bool(told.get("has_meter")),
    )


def _take_settings(device: Device, recorded: Mapping[str, Any]) -> None:
    stored = device.settings.stored
    device.settings = Setting(
        {name: recorded.get(name, value) for name, value in stored.items()}
    )
    for number, value in (recorded.get("vpp") or {}).items():
        device.vpp.values[int(number)] = value
