"""A cloud that answers what a download has recorded of the plants of an account."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..clock import Clock
from ..replay import Recording, RecordingError
from ..spec import HouseSpec
from .account import USER_ID
from .families import Family
from .home import DeviceSpec, Home
from .homes import HOMES
from .replay_answers import Answers
from .replay_app import AppAnswers, is_nexa
from .replay_records import NAMES, Records, first_of, plant_key
from .server import GrowattSimulator

_FORMS: dict[str, Callable[[int], str]] = {
    "plant": "21{:05d}".format,
    "user id": lambda _: str(USER_ID),
    "device of plant": "TPJ0CE{:04d}".format,
    "meter of plant": "CRAZN{:05d}".format,
    "datalogger of plant": "QMN0B1{:04d}".format,
    "battery of plant": "APX0B{:05d}".format,
    "battery of device": "APX0C{:05d}".format,
    "other device of plant": "OTH0D{:05d}".format,
}
_CAPACITY_WH = 10_000.0
# Of what does not tell it, so that it takes orders
_RATED_W = {
    device.family: device.rated_w for home in HOMES.values() for device in home.devices
}


def replayed(recording: Recording, clock: Clock) -> GrowattSimulator:
    """Return a simulator with the recorded plants.

    Their readings stay as they are; settings can be changed.
    """
    recording = recording.invented(_FORMS)
    rows = recording.documents.get("plants")
    if not rows:
        raise RecordingError("has no list of plants")
    homes = [_home(recording, row) for row in rows]
    simulator = GrowattSimulator(clock=clock, homes=homes)
    records = Records(recording, clock, homes[0].spec.zone)
    for device in simulator.devices.values():
        records.take_settings(device)
        if device.family is Family.NOAH:
            record = records.live(device) or {}
            device.switches.nexa = is_nexa(device.model, record)
    mode = recording.section("entry").get("data", {}).get("mode")
    simulator.doors_open = frozenset({"login" if mode == "login" else "token"})
    if mode == "login":
        app = AppAnswers(records)
        for path, verbs in app.paths.items():
            simulator.classic.paths[path] = {**simulator.classic.paths[path], **verbs}
        simulator.classic.noah |= app.noah
    else:
        answers = Answers(records)
        simulator.endpoints |= answers.v1
        simulator.v4 |= answers.v4
        simulator.classic.noah |= answers.noah
    return simulator


def _home(recording: Recording, row: Mapping[str, Any]) -> Home:
    plant_id = first_of(row, "plant_id", "id", "plantId")
    key = plant_key(recording.documents, plant_id)
    lists = recording.documents.get(f"{key}/devices") or {}
    zone = (recording.section("plants").get(key) or {}).get("zone")
    loggers = [
        first_of(logger, "sn", "datalog_sn") for logger in lists.get("loggers") or ()
    ]
    told = recording.section("devices")
    listed = {
        first_of(entry, "device_sn", "deviceSn") for entry in lists.get("list") or ()
    }
    devices = [
        _device(recording, sn, told[sn], lists, sn in listed)
        for sn in lists.get("info") or ()
        if sn in told and family_of(told[sn]) is not None
    ]
    battery = any(device.has_battery for device in devices)
    return Home(
        kind="recorded",
        name=first_of(row, "name", "plantName"),
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
    family = family_of(told) or Family.PCS
    info = (lists.get("info") or {}).get(sn) or {}
    settings = recording.documents.get(f"{sn}/settings") or {}
    return DeviceSpec(
        sn=sn,
        family=family,
        model=str(told.get("model")),
        model_text=str(info.get("modelText")),
        device_id=1,
        rated_w=round(told.get("rated_power") or _RATED_W.get(family, 0)),
        dtc=0,
        alias=str(info.get("alias") or ""),
        battery="Battery" if told.get("has_battery") else "",
        has_settings=info.get("has_settings", True),
        listed=listed,
        vpp="vpp" in settings,
        measures_grid=bool(told.get("has_meter")),
    )
