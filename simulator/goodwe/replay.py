"""A cloud that answers what a download has recorded of its stations."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..clock import Clock
from ..replay import Recording, RecordingError
from ..setting import Setting
from ..spec import HouseSpec
from .controls import Controls
from .dialects import OPERATION_MODES
from .home import DeviceSpec, Home
from .replay_answers import Answers
from .replay_menus import take_menus
from .server import GoodWeSimulator
from .settings import OPERATION

_FORMS: dict[str, Callable[[int], str]] = {
    "plant": "3f6c1b52-7d0e-4a9b-9c35-1e2f8a6d{:04d}".format,
    "device": "9010KETU25W{:05d}".format,
    "name of plant": "Home {}".format,
    "REDACTED": lambda _: "Home",
}
_CAPACITY_WH = 10_000.0
_VERSIONS = {1: "1.0", 2: "2.0", 3: "3.0"}


def replayed(recording: Recording, clock: Clock) -> GoodWeSimulator:
    """Return a simulator with the recorded stations.

    Their readings stay as they are; settings can be changed.
    """
    recording = recording.invented(_FORMS)
    documents = recording.documents
    listed = (documents.get("plants") or {}).get("dataList")
    plants = recording.section("plants")
    if not listed or not plants:
        raise RecordingError("has no list of stations")
    homes = [_home(recording, key, plant) for key, plant in plants.items()]
    simulator = GoodWeSimulator(clock=clock, homes=homes)
    zone = homes[0].spec.zone
    for sn, device in simulator.devices.items():
        if isinstance(device.control, Controls):
            _take_settings(device.control, documents.get(f"{sn}/settings") or {})
            told = recording.section("devices").get(sn) or {}
            take_menus(device.control.functions, told.get("functions") or {})
    simulator.handlers |= Answers(recording.player(clock, zone)).handlers
    return simulator


def _home(recording: Recording, key: str, plant: Mapping[str, Any]) -> Home:
    try:
        zone = ZoneInfo(str(plant.get("zone")))
    except ZoneInfoNotFoundError, ValueError:
        zone = recording.zone
    documents = recording.documents
    info = documents.get(f"{key}/info") or {}
    lists = documents.get(f"{key}/devices") or {}
    battery = bool(plant.get("has_battery"))
    return Home(
        kind="recorded",
        name=str(info.get("name")),
        id=key,
        spec=HouseSpec(battery_capacity_wh=_CAPACITY_WH if battery else 0.0, zone=zone),
        created=date.fromisoformat(str(plant["created"])[:10]),
        permissions=tuple(plant.get("permissions") or ()),
        station_type=str(info.get("powerStationType")),
        devices=tuple(_devices(recording.section("devices"), lists)),
    )


def _devices(told: Mapping[str, Any], lists: Mapping[str, Any]) -> list[DeviceSpec]:
    details = {
        sn: detail
        for kind in (lists.get("status") or {}).get("deviceDetailList") or ()
        for group in kind.get("statusDetailList") or ()
        for sn, detail in (group.get("detailMap") or {}).items()
    }
    batteries = {
        row.get("sn"): row
        for rows in (lists.get("related") or {}).values()
        for row in rows
    }
    rows = {row.get("sn"): row for row in lists.get("page") or ()}
    mine = [sn for sn in told if sn in {*details, *batteries, *rows}]
    return [
        _device(
            sn,
            told[sn],
            rows.get(sn, {}) | details.get(sn, {}),
            batteries.get(sn) or {},
        )
        for sn in mine
    ]


def _device(
    sn: str, told: Mapping[str, Any], row: Mapping[str, Any], battery: Mapping[str, Any]
) -> DeviceSpec:
    functions = told.get("functions") or {}
    return DeviceSpec(
        type=told["type"],
        sn=sn,
        name=str(row.get("name") or battery.get("name")),
        model=told.get("model") or "",
        subtype=row.get("subtype"),
        parent=told.get("parent"),
        number=str(battery.get("no") or ""),
        translate_code=str(battery.get("translateCode") or ""),
        rated_w=float((told.get("values") or {}).get("rated_power") or 0.0),
        work_mode=_VERSIONS.get(functions.get("work_mode_version") or 0, ""),
        arm="12",
    )


def _take_settings(controls: Controls, recorded: Mapping[str, Any]) -> None:
    """Have the recorded values; of a register that was not recorded nothing is known."""
    named: Mapping[str, Any] = recorded.get("named") or {}
    registers: Mapping[str, Any] = recorded.get("registers") or {}
    values: dict[str, Any] = dict(registers)
    for name, fields in named.items():
        if name.startswith(("TOU", "DemandOrDelayed")) and name[-1].isdigit():
            values[name] = fields
        elif name in OPERATION_MODES:
            values[OPERATION] = fields.get(name, values.get(OPERATION))
        elif name == "ARMFunction2":
            controls.slot_floor = bool(int(fields.get(name) or 0) >> 11 & 1)
        elif name == "ARMFunction4":
            controls.export_slots = bool(int(fields.get(name) or 0) >> 12 & 1)
        else:
            values |= fields
    controls.settings = Setting(controls.settings.stored | values)
    if registers:
        controls.written = set(registers)
