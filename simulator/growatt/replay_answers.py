"""Recorded documents in the form in which V1 and v4 give them."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from . import token_reads, v4
from .classic.protocol import Call as AppCall, result
from .classic.table import Handler as AppHandler
from .device import Device
from .families import FACTS, Family
from .protocol import Answer, Call, V1Error, v4_success
from .replay_records import Records
from .token_families import Handler, Verb
from .v4_call import V4Call

_OF_APP = frozenset({"version"})
# Of a model all that is recorded
_OF_MODEL = frozenset({"model", "normalPower", "norminalPower", "batteryModel"})


class Answers:
    """Looks records up; what has none is as the simulator has it."""

    def __init__(self, records: Records) -> None:
        """Answer from these."""
        self._records = records
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
        self.noah: dict[str, AppHandler] = {
            "noahDeviceApi/noah/getNoahInfoBySn": self._noah_info(nexa=False),
            "noahDeviceApi/nexa/getNexaInfoBySn": self._noah_info(nexa=True),
        }

    # Plants

    def _plants(self, call: Call) -> Answer:
        rows = [
            {name: value for name, value in row.items() if name != "details"}
            for row in self._records.plants()
        ]
        return Answer({"count": len(rows), "plants": call.paged(rows)})

    def _plant_details(self, call: Call) -> Answer:
        wanted = str(call.plant().id)
        rows = {str(row["plant_id"]): row for row in self._records.plants()}
        return Answer(rows[wanted].get("details") or {})

    def _of_plant(self, name: str) -> Handler:
        def answer(call: Call) -> Answer:
            found = self._records.sums(call.plant().id)
            return Answer(found.get(name) or {})

        return answer

    # Devices

    def _lists(self, plant_id: object) -> Mapping[str, Any]:
        return self._records.lists(plant_id)

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
        told = {key: it for key, it in usual.data.items() if key not in _OF_MODEL}
        return Answer({**told, **(models.get(device.sn) or {})}, usual.beside)

    def _meters(self, call: Call) -> Answer:
        logger = call.text("datalog_sn")
        for plant in call.account.plants:
            rows = (self._lists(plant.id).get("meters") or {}).get(logger)
            if rows is not None:
                return Answer({"count": len(rows), "meters": rows})
        raise V1Error(10002, "error_datalog_not_exist")

    def _meter(self, call: Call) -> Answer:
        logger = call.text("datalog_sn")
        for record in self._records.meters():
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
            found[f"{base}_last_data"] = ("POST", self._last(sn))
            found[f"{base}s_data"] = ("POST", self._many(f"{facts.short}s"))
            found[f"device/{facts.group}/alarm_data"] = ("POST", self._alarms(sn))
        base = "device/inverter/"
        return found | {
            f"{base}inv_data_info": ("GET", self._details),
            f"{base}last_new_data": ("GET", self._last("device_sn")),
            f"{base}invs_data": ("POST", self._many("inverters")),
            f"{base}alarm": ("GET", self._alarms("device_sn")),
        }

    def _last(self, name: str) -> Handler:
        def answer(call: Call) -> Answer:
            return Answer(self._records.live(call.device(name)) or "")

        return answer

    def _many(self, name: str) -> Handler:
        def answer(call: Call) -> Answer:
            devices = call.account.devices
            found = {
                sn: {"dataloggerSn": record.get("dataLogSn"), sn: record}
                for sn in call.text(name).split(",")
                if sn in devices
                and (record := self._records.live(devices[sn])) is not None
            }
            return Answer(found, {name: list(found), "pageNum": 1})

        return answer

    def _alarms(self, name: str) -> Handler:
        def answer(call: Call) -> Answer:
            rows = self._records.of_device(call.device(name), "alarms") or []
            return Answer({"count": len(rows), "alarms": call.paged(rows)})

        return answer

    def _details(self, call: Call) -> Answer:
        return Answer(self._info(call.device("device_sn")))

    def _bean(self, call: Call) -> Answer:
        device = call.device("device_sn")
        has_settings = device.spec.has_settings
        return Answer(self._records.settings(device) if has_settings else None)

    def _info(self, device: Device) -> dict[str, Any]:
        info, settings = self._records.identity(device), self._records.settings(device)
        if device.family is not Family.MIN:
            # Of a NOAH the app's, too, which calls its firmware otherwise
            more = {key: it for key, it in settings.items() if key not in _OF_APP}
            return {"deviceSn": device.sn, **info, **more}
        has_settings = info.pop("has_settings", False)
        return info | {"tlxSetbean": settings if has_settings else None}

    def _noah_info(self, *, nexa: bool) -> AppHandler:
        def answer(call: AppCall) -> web.Response:
            device = call.device("deviceSn", Family.NOAH)
            mine = device.switches.nexa is nexa
            return result({"noah": self._records.settings(device)} if mine else None)

        return answer

    # v4

    def _last_of_many(self, call: V4Call) -> web.Response:
        records = map(self._records.live, call.devices())
        return v4_success(
            {str(call.family()): [it for it in records if it is not None]}
        )

    def _info_of_many(self, call: V4Call) -> web.Response:
        found = [self._info(device) for device in call.devices()]
        return v4_success({str(call.family()): found})

    def _wifi(self, call: V4Call) -> web.Response:
        told = (self._records.of_device(call.device(), "wifi") or {}).get("dbm")
        if told is None:
            return v4.wifi_signal(call)
        return v4_success("SUCCESSFUL_OPERATION", str(told))
