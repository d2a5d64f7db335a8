"""A cloud that answers what a download has recorded of its plants."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..clock import Clock
from ..replay import Recording, RecordingError
from ..setting import Setting
from ..spec import HouseSpec
from . import plant_forms
from .call import Call
from .device import Device
from .home import DeviceSpec, Home
from .parameters import parameters_of
from .server import SungrowSimulator

_FORMS: dict[str, Callable[[int], str]] = {
    "plant": "52{:05d}".format,
    "uuid of plant": "1095{:04d}".format,
    "device of plant": "A2371{:06d}".format,
    "logger of plant": "B2271{:06d}".format,
    "name of plant": "Home {}".format,
    "REDACTED": "Home {}".format,
}
_CAPACITY_WH = 10_000.0


def replayed(recording: Recording, clock: Clock) -> SungrowSimulator:
    """Return a simulator with the recorded plants.

    Their readings stay as they are; parameters can be changed.
    """
    recording = recording.invented(_FORMS)
    documents = recording.documents
    rows = (documents.get("plants") or {}).get("rows")
    if not rows:
        raise RecordingError("has no list of plants")
    zones = {
        key: _zone(plant.get("zone"), recording.zone)
        for key, plant in recording.section("plants").items()
    }
    homes = [_home(recording, row, zones) for row in rows]
    simulator = SungrowSimulator(clock=clock, homes=homes)
    for sn, device in simulator.devices.items():
        _take_parameters(device, documents.get(f"{sn}/settings"))
    zone = next(iter(zones.values()), recording.zone)
    tape = _Tape(recording.player(clock, zone), documents)
    simulator.handlers |= {
        f"{prefix}{name}": handler
        for prefix in ("", "platform/")
        for name, handler in tape.handlers.items()
        if f"{prefix}{name}" in simulator.handlers
    }
    # By serial number of a logger in one flavour, by ids in the other
    simulator.handlers["platform/getPowerStationDetail"] = tape.details
    return simulator


def _zone(name: Any, fallback: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except ZoneInfoNotFoundError, ValueError:
        return fallback


def _home(
    recording: Recording, row: Mapping[str, Any], zones: Mapping[str, ZoneInfo]
) -> Home:
    plant_id = str(row["ps_id"])
    key = f"plant_{plant_id}"
    told = recording.section("plants").get(key) or {}
    devices = recording.section("devices")
    listed = recording.documents.get(f"{key}/devices") or ()
    capacity = _CAPACITY_WH if told.get("has_battery") else 0.0
    return Home(
        kind="recorded",
        name=str(row.get("ps_name")),
        ps_id=int(plant_id),
        ps_type=row.get("ps_type") or 5,
        connect_type=row.get("connect_type") or 2,
        spec=HouseSpec(
            battery_capacity_wh=capacity, zone=zones.get(key, recording.zone)
        ),
        devices=tuple(
            _device(device, devices.get(str(device.get("device_sn"))) or {})
            for device in listed
        ),
    )


def _device(row: Mapping[str, Any], told: Mapping[str, Any]) -> DeviceSpec:
    return DeviceSpec(
        type=int(row["device_type"]),
        uuid=int(row["uuid"]),
        sn=str(row["device_sn"]),
        name=str(row.get("device_name")),
        model=str(row.get("device_model_code")),
        code=int(row.get("device_code") or 1),
        channel=int(row.get("chnnl_id") or 1),
        model_id=int(row.get("device_model_id") or 0),
        rated_w=float(told.get("rated_power") or 0),
    )


def _take_parameters(device: Device, recorded: Mapping[str, Any] | None) -> None:
    """Have the recorded values; what was not recorded is refused."""
    if recorded is None:
        return
    values: dict[int, int] = {}
    known = parameters_of(device.spec)
    for row in recorded.get("param_list") or ():
        parameter = known.get(int(row["param_code"]))
        shown = row.get("return_value")
        if parameter is None or shown in {None, ""}:
            continue
        step = 1.0 if parameter.names else parameter.step
        values[parameter.code] = round(float(shown) / step)
    device.parameters = Setting(device.parameters.stored | values)
    device.switches.lacks |= {str(code) for code in known.keys() - values.keys()}


class _Tape:
    """Answers reads from the documents."""

    def __init__(
        self, play: Callable[[str], Any], documents: Mapping[str, Any]
    ) -> None:
        """Look documents up by `play`; those that there are say which."""
        self._play = play
        self._live = [key for key in documents if key.endswith("/live")]
        self.handlers: dict[str, Callable[[Call], Any]] = {
            "queryPowerStationList": self._plants,
            "getPowerStationList": self._plants,
            "getBatchPsDetail": self.details,
            "getDeviceListByPsId": self._devices,
            "getDeviceList": self._devices,
            "getPowerStationRealTimeData": self._plant_points,
            "getDeviceRealTimeData": self._device_points,
            "getFaultAlarmInfo": self._faults,
        }

    def _plants(self, call: Call) -> Any:
        return call.page(_seen(call, self._play("plants")["rows"]))

    def details(self, call: Call) -> Any:
        """Answer master data of plants by their ids."""
        told = (self._play("plants").get("details") or {}).get("data_list") or ()
        wanted = str(call.body.get("ps_ids") or "").split(",")
        rows = [row for row in _seen(call, told) if str(row["ps_id"]) in wanted]
        found = {str(row["ps_id"]) for row in rows}
        return {
            "code": "1" if rows else "6",
            "not_authorization_ps_list": [it for it in wanted if it not in found],
            "data_list": rows,
        }

    def _devices(self, call: Call) -> Any:
        plant = call.plant(call.text("ps_id"))
        if plant is None or str(call.body.get("is_virtual_unit") or "0") == "1":
            return plant_forms.device_list(call)
        types = call.texts("device_type_list")
        rows = self._play(f"plant_{plant.id}/devices") or ()
        return call.page(
            [row for row in rows if not types or str(row["device_type"]) in types]
        )

    def _plant_points(self, call: Call) -> Any:
        answer, wanted = self._play("plants/live") or {}, call.texts("ps_id_list")
        rows = [
            row
            for row in answer.get("device_point_list") or ()
            if str(row.get("ps_id")) in wanted
        ]
        found = {str(row["ps_id"]) for row in rows}
        failed = [it for it in wanted if it not in found]
        return self._points(call, rows, [answer], "fail_ps_id_list", failed)

    def _device_points(self, call: Call) -> Any:
        by_key = bool(keys := call.texts("ps_key_list"))
        name = "ps_key" if by_key else "device_sn"
        wanted = keys or call.texts("sn_list")
        answers = [self._play(key) for key in self._live]
        rows = [
            row
            for answer in answers
            for row in answer.get("device_point_list") or ()
            if str(row.get(name)) in wanted
        ]
        failed = [it for it in wanted if it not in {str(row[name]) for row in rows}]
        names = "illegal_ps_key_list" if by_key else "illegal_sn_list"
        return self._points(call, rows, answers, names, failed)

    def _faults(self, call: Call) -> Any:
        asked = {
            name: str(call.body[name])
            for name in ("ps_id", "ps_key")
            if call.body.get(name)
        }
        return call.page(
            [
                row
                for row in self._play("faults") or ()
                if all(str(row.get(name)) == it for name, it in asked.items())
            ]
        )

    def _points(
        self,
        call: Call,
        rows: Iterable[Mapping[str, Any]],
        answers: Iterable[Mapping[str, Any]],
        name: str,
        failed: list[str],
    ) -> dict[str, Any]:
        """Return of each row the points that were asked for."""
        points = [f"p{number}" for number in call.texts("point_id_list")]
        found: dict[str, Any] = {
            "device_point_list": [
                {
                    **{it: row[it] for it in row if not _is_point(it)},
                    **{it: row.get(it) for it in points},
                }
                for row in rows
            ],
            name: failed,
        }
        if str(call.body.get("is_get_point_dict")) == "1":
            found["point_dict"] = [
                entry
                for answer in answers
                for entry in answer.get("point_dict") or ()
                if f"p{entry.get('point_id')}" in points
            ]
        return found


def _is_point(name: str) -> bool:
    return name.startswith("p") and name[1:].isdigit()


def _seen(call: Call, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of plants that may be seen, with the zone that they are in now."""
    plants = {plant.id: plant for plant in call.plants}
    return [
        {**row, "ps_current_time_zone": plants[str(row["ps_id"])].timezone}
        for row in rows
        if str(row.get("ps_id")) in plants
    ]
