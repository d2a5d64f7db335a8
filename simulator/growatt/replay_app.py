"""Recorded documents in the form in which the app's API gives them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
import json
from typing import Any

from aiohttp import web

from .classic.plants import noah_plant, settings as plant_settings
from .classic.protocol import Call, Refusal, bare, result
from .classic.table import Handler, Verbs
from .device import Device
from .families import Family
from .replay_records import Records

# What a record has beside the parts that the app was told
_RECORDED, _DAY = "_recorded_at", "_day"
_STATUS, _OF_NEXA = "noah_system_status", "nexa_system_status"
# Of a plant's settings all that was kept
_OF_SETTINGS = ("nominalPower", "formulaMoneyUnitId", "timezone")
# Of a chart only when its newest slot is; one that is all zero counts for nothing
_SLOT = {"ppv": "0.01", "sysOut": "0.01"}

type Part = Callable[[Device], Mapping[str, Any] | None]


def is_nexa(model: str, record: Mapping[str, Any]) -> bool:
    """Return whether a NOAH is a NEXA, by its record or its model."""
    if _STATUS in record or _OF_NEXA in record:
        return _OF_NEXA in record
    return "NEXA" in model.upper()


class AppAnswers:
    """Looks records up; what has none is refused, as something unknown is."""

    def __init__(self, records: Records) -> None:
        """Answer from these."""
        self._records = records
        storage = self._storage
        self.paths: dict[str, Verbs] = {
            "newTwoPlantAPI.do": {
                "getAllPlantListTwo": ("POST", self._plants),
                "getAllDeviceListTwo": ("GET", self._plant_info),
                "getAllDeviceList": ("GET", self._devices),
                "getUserCenterEnertyDataByPlantid": ("POST", self._plant_energy),
            },
            "newPlantAPI.do": {
                "getPlant": ("GET", self._plant_settings),
                "getEnergyStorageData": ("POST", self._dashboard),
            },
            "newTlxApi.do": {
                "getTlxDetailData": ("GET", self._tlx_detail),
                "getTlxParams": ("GET", self._tlx_parameters),
                "getSystemStatus_KW": ("POST", self._part("id", "tlx_system_status")),
                "getEnergyOverview": ("POST", self._part("id", "tlx_energy_overview")),
                "getTlxSetData": ("POST", self._bean("tlxSetBean")),
            },
            "newMixApi.do": {
                "getMixInfo": ("GET", self._part("mixId", "mix_info")),
                "getEnergyOverview": ("POST", self._part("mixId", "mix_totals")),
                "getSystemStatus_KW": (
                    "POST",
                    self._part("mixId", "mix_system_status"),
                ),
                "getEnergyProdAndCons_KW": ("POST", self._mix_detail),
                "getMixSetParams": ("GET", self._bean("mixBean")),
            },
            "newSpaApi.do": {
                "getSystemStatus": ("POST", self._part("spaId", "spa_system_status")),
                "getEnergyOverview": ("POST", self._part("spaId", "spa_totals")),
                "getSpaEnergy": ("POST", self._part("spaId", "spa_totals")),
                "getSpaSetData": ("POST", self._bean("spaBean")),
            },
            "newInverterAPI.do": {
                "getInverterDetailData": ("GET", self._inverter),
                "getInverterDetailData_max": ("GET", self._inverter),
            },
            "newStorageAPI.do": {
                "getStorageParams_sacolar": ("GET", storage),
                "getStorageParams": ("GET", storage),
                "getEnergyOverviewData_sacolar": ("POST", self._storage_overview),
                "getEnergyOverviewData": ("POST", self._storage_overview),
            },
            "componentsApi/getViewData": {"": ("POST", self._panels)},
            "commonDeviceSetC/setInverter": {"": ("GET", self._inverter_page)},
            "noahDeviceApi/noah/isPlantNoahSystem": {"": ("POST", noah_plant)},
        }
        self.noah: dict[str, Handler] = {
            "noahDeviceApi/noah/getSystemStatus": self._noah(self._status(_STATUS)),
            "noahDeviceApi/nexa/getSystemStatus": self._noah(self._status(_OF_NEXA)),
            "noahDeviceApi/noah/getNoahInfoBySn": self._noah(self._info(nexa=False)),
            "noahDeviceApi/nexa/getNexaInfoBySn": self._noah(self._info(nexa=True)),
        }

    # Plants

    def _plants(self, call: Call) -> web.Response:
        size = call.number("pageSize", 15)
        first = (call.number("toPageNum", 1) - 1) * size
        return bare({"PlantList": self._records.plants()[first : first + size]})

    def _plant_info(self, call: Call) -> web.Response:
        plant_id = call.plant().id
        lists = self._records.lists(plant_id)
        info = self._records.sums(plant_id).get("info") or {}
        return bare(
            {**info, "datalogList": lists.get("loggers") or [], "deviceList": []}
        )

    def _devices(self, call: Call) -> web.Response:
        rows = self._records.lists(call.plant().id).get("list") or ()
        # A NOAH is in no list of the app
        return bare(
            {"deviceList": [row for row in rows if row.get("deviceType") != "noah"]}
        )

    def _plant_energy(self, call: Call) -> web.Response:
        summary = self._records.sums(call.plant().id)
        return bare(_known(summary.get("energy")))

    def _plant_settings(self, call: Call) -> web.Response:
        plant = call.plant()
        usual = json.loads(plant_settings(call).text or "{}")
        recorded = self._records.sums(plant.id).get("settings") or {}
        written = plant.details
        return bare(
            {
                **{key: usual[key] for key in usual if key not in _OF_SETTINGS},
                **recorded,
                **{key: written[key] for key in _OF_SETTINGS if key in written},
            }
        )

    def _dashboard(self, call: Call) -> web.Response:
        for device in call.plant().devices:
            if part := self._of(device, "dashboard_data"):
                return bare({"chartData": {}, **part})
        return bare({"chartData": {}, "chartDataUnit": "kW"})

    # MIN

    def _tlx_detail(self, call: Call) -> web.Response:
        device = call.device("id", Family.MIN)
        record = _known(self._records.live(device))
        if "tlx_system_status" in record:  # it has no detail record
            raise Refusal("501")
        return bare({"data": record})

    def _tlx_parameters(self, call: Call) -> web.Response:
        device = call.device("id", Family.MIN)
        info = dict(_known(self._records.identity(device)))
        inverter_type = info.pop("inverterType", None)
        if (has_settings := info.pop("has_settings", None)) is not None:
            bean = self._records.settings(device) or {"serialNum": device.sn}
            info["tlxSetbean"] = bean if has_settings else None
        return bare({"inverterType": inverter_type, "newBean": info})

    def _panels(self, call: Call) -> web.Response:
        serial = call.text("snList").partition(",")[0]
        device = call.account.devices.get(serial)
        return bare(_known(device and self._records.of_device(device, "panels")))

    # MIX and SPA

    def _mix_detail(self, call: Call) -> web.Response:
        device = call.device("mixId", Family.SPH)
        record = _known(self._records.live(device))
        part = dict(_known(record.get("mix_detail")))
        part.pop(_DAY, None)
        newest = str(record.get(_RECORDED) or "")
        chart = _chart(device, newest, call.day()) if newest else {}
        return result({"chartData": chart, **part})

    # String inverters, MAX and storage

    def _inverter(self, call: Call) -> web.Response:
        device = call.device("inverterId", Family.INVERTER, Family.MAX)
        return bare(_known(self._records.live(device)))

    def _inverter_page(self, call: Call) -> web.Response:
        device = call.device("invSn", Family.INVERTER, Family.MAX)
        state = json.dumps(_known(self._settings(device))).replace("'", "\\'")
        return web.Response(
            text=f"<script>\nvar inv=JSON.parse('{state}');\n</script>",
            content_type="text/html",
        )

    def _storage(self, call: Call) -> web.Response:
        device = call.device("storageId", Family.STORAGE)
        record = {
            name: value
            for name, value in _known(self._records.live(device)).items()
            if name != "storage_energy_overview"
        }
        bean = self._records.identity(device)
        return bare({"storageBean": bean, "storageDetailBean": record})

    def _storage_overview(self, call: Call) -> web.Response:
        device = call.device("storageSn", Family.STORAGE)
        return result(self._of(device, "storage_energy_overview"))

    # NOAH

    def _noah(self, part: Part) -> Handler:
        def answer(call: Call) -> web.Response:
            return result(part(call.device("deviceSn", Family.NOAH)))

        return answer

    def _status(self, name: str) -> Part:
        return lambda device: self._of(device, name)

    def _info(self, *, nexa: bool) -> Part:
        def part(device: Device) -> Mapping[str, Any] | None:
            if device.switches.nexa is not nexa:
                return None
            return {"noah": self._settings(device)}

        return part

    # Of any device

    def _of(self, device: Device, name: str) -> Mapping[str, Any] | None:
        """Return a part of the newest record, None if there is none."""
        found: Mapping[str, Any] | None = (self._records.live(device) or {}).get(name)
        return found

    def _part(self, parameter: str, name: str) -> Handler:
        return lambda call: result(_known(self._of(call.device(parameter), name)))

    def _bean(self, name: str) -> Handler:
        def answer(call: Call) -> web.Response:
            device = call.device("serialNum")
            has_settings = device.spec.has_settings
            return result({name: self._settings(device) if has_settings else None})

        return answer

    def _settings(self, device: Device) -> dict[str, Any]:
        """Return the settings; who it is stands among them."""
        return self._records.identity(device) | self._records.settings(device)


def _known[T](found: T | None) -> T:
    """Return what was recorded; Refusal 501 for nothing."""
    if not found:
        raise Refusal("501")
    return found


def _chart(device: Device, newest: str, day: date) -> dict[str, Any]:
    """Return the slot of a day that was the newest one; none if it is of another day."""
    local = datetime.fromisoformat(newest).astimezone(device.house.spec.zone)
    return {f"{local:%H:%M}": _SLOT} if local.date() == day else {}
