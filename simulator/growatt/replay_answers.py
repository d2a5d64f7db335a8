"""Recorded documents in the form in which V1 and v4 give them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta, timezone, tzinfo
from typing import Any

from aiohttp import web

from ..clock import Clock
from ..replay import Recording
from . import token_reads, v4
from .device import Device
from .families import FACTS, Family
from .protocol import Answer, Call, V1Error, v4_success
from .token_families import Handler, Verb
from .v4_call import V4Call

# The clock of records, wherever the plant is
_SERVER_ZONE = timezone(timedelta(hours=8))

# As the download calls families; what is not in it has no records
NAMES = {str(family): family for family in Family} | {"inverter": Family.INVERTER}
_CALLED = {family: name for name, family in NAMES.items()}


def plant_key(documents: Iterable[str], plant_id: str) -> str:
    """Return what the documents of a plant begin with, whatever its host."""
    ends = (f"_{plant_id}/devices", f"_{plant_id}/summary")
    return next((key.rpartition("/")[0] for key in documents if key.endswith(ends)), "")


class Answers:
    """Looks documents up; what has none is as the simulator has it."""

    def __init__(self, recording: Recording, clock: Clock, zone: tzinfo) -> None:
        """Answer from a recording that has no pseudonyms any more."""
        self._documents = recording.documents
        self._play = recording.player(clock, zone)
        self._play_record = recording.player(clock, _SERVER_ZONE)
        self._begun: dict[str, Mapping[str, Any]] = {}
        self.v1: dict[str, tuple[Verb, Handler]] = {
            "plant/list": ("GET", self._plants),
            "plant/details": ("GET", self._plant_details),
            "plant/data": ("GET", self._of_plant("data")),
            "plant/power": ("GET", self._of_plant("power")),
            "device/list": ("GET", self._devices),
            "device/datalogger/list": ("GET", self._loggers),
            "device/check/sn": ("GET", self._model),
            "device/ammeter/meter_list": ("GET", self._meters),
            "device/ammeter/meter_last_data": ("GET", self._meter),
            "device/tlx/tlx_set_info": ("GET", self._bean),
            **self._of_families(),
        }
        self.v4: dict[str, Callable[[V4Call], web.Response]] = {
            "queryLastData": self._last_of_many,
            "queryDeviceInfo": self._info_of_many,
            "getWiFiSignalByDevice": self._wifi,
        }

    def remember(self, device: Device) -> None:
        """Take what a device has now as what was recorded of it."""
        self._begun[device.sn] = dict(device.settings.stored)

    # Plants

    def _plants(self, call: Call) -> Answer:
        rows = [
            {name: value for name, value in row.items() if name != "details"}
            for row in self._play("plants")
        ]
        return Answer({"count": len(rows), "plants": call.paged(rows)})

    def _plant_details(self, call: Call) -> Answer:
        wanted = str(call.plant().id)
        rows = {str(row["plant_id"]): row for row in self._play("plants")}
        return Answer(rows[wanted].get("details") or {})

    def _of_plant(self, name: str) -> Handler:
        def answer(call: Call) -> Answer:
            key = plant_key(self._documents, str(call.plant().id))
            return Answer((self._play(f"{key}/summary") or {}).get(name) or {})

        return answer

    # Devices

    def _lists(self, plant_id: object) -> Mapping[str, Any]:
        key = plant_key(self._documents, str(plant_id))
        found: Mapping[str, Any] = self._play(f"{key}/devices") or {}
        return found

    def _devices(self, call: Call) -> Answer:
        rows = self._lists(call.plant().id).get("list") or []
        return Answer({"count": len(rows), "devices": call.paged(rows)})

    def _loggers(self, call: Call) -> Answer:
        rows = self._lists(call.plant().id).get("loggers") or []
        return Answer({"count": len(rows), "dataloggers": rows})

    def _model(self, call: Call) -> Answer:
        usual = token_reads.check_sn(call)
        device = call.device("dataloggerSn")
        models = self._lists(call.account.plant_of(device).id).get("models") or {}
        return Answer({**usual.data, **(models.get(device.sn) or {})}, usual.beside)

    def _meters(self, call: Call) -> Answer:
        logger = call.text("datalog_sn")
        for plant in call.account.plants:
            rows = (self._lists(plant.id).get("meters") or {}).get(logger)
            if rows is not None:
                return Answer({"count": len(rows), "meters": rows})
        raise V1Error(10002, "error_datalog_not_exist")

    def _meter(self, call: Call) -> Answer:
        logger = call.text("datalog_sn")
        for record in (self._play_record("live_meter/live") or {}).values():
            if record.get("dataLogSn") == logger:
                return Answer(record, {"dataloggerSn": logger})
        raise V1Error(10002, "error_meter_not_exist")

    # One family

    def _of_families(self) -> dict[str, tuple[Verb, Handler]]:
        found: dict[str, tuple[Verb, Handler]] = {}
        for family in (Family.MIN, Family.SPH, Family.SPA, Family.MAX, Family.STORAGE):
            facts = FACTS[family]
            base, sn = f"device/{facts.group}/{facts.short}", f"{facts.short}_sn"
            found[f"{base}_data_info"] = ("GET", self._details)
            found[f"{base}_last_data"] = ("POST", self._last(family, sn))
            found[f"{base}s_data"] = ("POST", self._many(family, f"{facts.short}s"))
            found[f"device/{facts.group}/alarm_data"] = ("POST", self._alarms(sn))
        base = "device/inverter/"
        return found | {
            f"{base}inv_data_info": ("GET", self._details),
            f"{base}last_new_data": ("GET", self._last(Family.INVERTER, "device_sn")),
            f"{base}invs_data": ("POST", self._many(Family.INVERTER, "inverters")),
            f"{base}alarm": ("GET", self._alarms("device_sn")),
        }

    def _record(self, family: Family, sn: str) -> dict[str, Any] | None:
        records = self._play_record(f"live_{_CALLED[family]}/live") or {}
        found: dict[str, Any] | None = records.get(sn)
        return found

    def _last(self, family: Family, name: str) -> Handler:
        def answer(call: Call) -> Answer:
            return Answer(self._record(family, call.device(name).sn) or "")

        return answer

    def _many(self, family: Family, name: str) -> Handler:
        def answer(call: Call) -> Answer:
            found = {
                sn: {"dataloggerSn": record.get("dataLogSn"), sn: record}
                for sn in call.text(name).split(",")
                if (record := self._record(family, sn)) is not None
            }
            return Answer(found, {name: list(found), "pageNum": 1})

        return answer

    def _alarms(self, name: str) -> Handler:
        def answer(call: Call) -> Answer:
            rows = self._play(f"{call.device(name).sn}/alarms") or []
            return Answer({"count": len(rows), "alarms": call.paged(rows)})

        return answer

    def _details(self, call: Call) -> Answer:
        return Answer(self._info(call.device("device_sn")))

    def _bean(self, call: Call) -> Answer:
        device = call.device("device_sn")
        return Answer(self._settings(device) if device.spec.has_settings else None)

    def _info(self, device: Device) -> dict[str, Any]:
        plants = [key for key in self._documents if key.endswith("/devices")]
        infos = (((self._play(key) or {}).get("info") or {}) for key in plants)
        info = next((dict(one[device.sn]) for one in infos if device.sn in one), {})
        # The settings of these are read elsewhere
        if device.family in {Family.INVERTER, Family.NOAH}:
            return info | {"deviceSn": device.sn}
        if device.family is not Family.MIN:
            return info | self._settings(device)
        has_settings = info.pop("has_settings", False)
        return info | {"tlxSetbean": self._settings(device) if has_settings else None}

    def _settings(self, device: Device) -> dict[str, Any]:
        """Return what was recorded, with what was written since."""
        recorded = self._play_record(f"{device.sn}/settings") or {}
        device.house.advance()
        begun = self._begun[device.sn]
        written = {
            name: value
            for name, value in device.settings.shown.items()
            if name in recorded and value != begun[name]
        }
        return {name: it for name, it in recorded.items() if name != "vpp"} | written

    # v4

    def _last_of_many(self, call: V4Call) -> web.Response:
        family = call.family()
        records = (self._record(family, device.sn) for device in call.devices())
        return v4_success({str(family): [it for it in records if it is not None]})

    def _info_of_many(self, call: V4Call) -> web.Response:
        found = [self._info(device) for device in call.devices()]
        return v4_success({str(call.family()): found})

    def _wifi(self, call: V4Call) -> web.Response:
        told = (self._play(f"{call.device().sn}/wifi") or {}).get("dbm")
        if told is None:
            return v4.wifi_signal(call)
        return v4_success("SUCCESSFUL_OPERATION", str(told))
