"""SPH, SPA, storage and NOAH of the app's API (reference section 3.F)."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import MaintenanceError, UnsupportedError
from .classic_http import ClassicHttp
from .timespan import Timespan

_MIX = "newMixApi.do"
_SPA = "newSpaApi.do"
_STORAGE = "newStorageAPI.do"


class ClassicBatteries(ClassicHttp):
    """What is asked of the other battery systems; the seed client's names."""

    async def mix_info(
        self, serial: str, plant_id: str | None = None
    ) -> dict[str, Any]:
        """Read state of charge, W and kWh of a MIX, as texts."""
        params = {"op": "getMixInfo", "mixId": serial}
        if plant_id is not None:
            params["plantId"] = plant_id
        return await self.ask_obj("GET", _MIX, params, about=serial)

    async def mix_totals(self, serial: str, plant_id: str) -> dict[str, Any]:
        """Read today's and lifetime kWh and revenue of a MIX."""
        return await self._mix("getEnergyOverview", serial, plant_id)

    async def mix_system_status(self, serial: str, plant_id: str) -> dict[str, Any]:
        """Read the flows of now in kW, ``pPv1`` and ``pPv2`` in W (Q6)."""
        return await self._mix("getSystemStatus_KW", serial, plant_id)

    async def mix_detail(
        self, serial: str, plant_id: str, timespan: Timespan, day: date
    ) -> dict[str, Any]:
        """Read production and consumption of a plant-local day, month or year."""
        params = {
            "op": "getEnergyProdAndCons_KW",
            "plantId": plant_id,
            "mixId": serial,
            "type": str(int(timespan)),
            "date": timespan.chart_date(day),
        }
        return await self.ask_obj("POST", _MIX, params, about=serial)

    async def get_mix_inverter_settings(self, serial: str) -> dict[str, Any]:
        """Read a MIX's settings by their read-back names, as texts."""
        params = {"op": "getMixSetParams", "serialNum": serial, "kind": "0"}
        found = await self.ask_obj("GET", _MIX, params, about=serial)
        return dict(mapping(found.get("mixBean")))

    async def spa_system_status(self, plant_id: str, serial: str) -> dict[str, Any]:
        """Read the flows of now of a SPA."""
        return await self._spa("getSystemStatus", plant_id, serial)

    async def spa_energy_overview(self, plant_id: str, serial: str) -> dict[str, Any]:
        """Read today's and lifetime kWh of a SPA."""
        return await self._spa("getEnergyOverview", plant_id, serial)

    async def spa_settings(self, serial: str) -> dict[str, Any]:
        """Read a SPA's settings; how they are wrapped is not known for sure."""
        params = {"op": "getSpaSetData"}
        form = {"serialNum": serial}
        found = await self.ask_obj("POST", _SPA, params, form=form, about=serial)
        for name in ("spaBean", "spaSetBean"):
            if bean := mapping(found.get(name)):
                return dict(bean)
        return found

    async def storage_detail(self, serial: str) -> dict[str, Any]:
        """Read a storage's newest record."""
        params = {"op": "getStorageInfo_sacolar", "storageId": serial}
        return await self.ask_object("GET", _STORAGE, params, about=serial)

    async def storage_params(self, serial: str) -> dict[str, Any]:
        """Read ``storageBean`` and ``storageDetailBean``.

        Models of which the first operation knows nothing have another one (Q15).
        """
        found: dict[str, Any] = {}
        params = {"op": "getStorageParams_sacolar", "storageId": serial}
        with suppress(UnsupportedError, MaintenanceError):
            found = await self.ask_object("GET", _STORAGE, params, about=serial)
        if mapping(found.get("storageDetailBean")):
            return found
        params = {"op": "getStorageParams", "storageId": serial}
        other = await self.ask_object("GET", _STORAGE, params, about=serial)
        return other if mapping(other.get("storageDetailBean")) else found or other

    async def storage_energy_overview(
        self, plant_id: str, serial: str
    ) -> dict[str, Any]:
        """Read today's and lifetime kWh of a storage; empty if there are none (Q15)."""
        for operation in ("getEnergyOverviewData_sacolar", "getEnergyOverviewData"):
            params = {"op": operation, "plantId": plant_id, "storageSn": serial}
            try:
                if found := await self.ask_obj("POST", _STORAGE, params, about=serial):
                    return found
            except UnsupportedError, MaintenanceError:
                continue
        return {}

    async def is_noah_plant(self, plant_id: str) -> dict[str, Any]:
        """Read whether a plant has a NOAH or NEXA, and its ``deviceSn``."""
        return await self._noah("noah/isPlantNoahSystem", {"plantId": plant_id})

    async def noah_status(self, serial: str) -> dict[str, Any]:
        """Read the flows of now of a NOAH, as texts, of old firmware with units."""
        return await self._noah("noah/getSystemStatus", {"deviceSn": serial})

    async def noah_info(self, serial: str) -> dict[str, Any]:
        """Read a NOAH's settings and packs in ``noah``."""
        return await self._noah("noah/getNoahInfoBySn", {"deviceSn": serial})

    async def noah_batteries(self, serial: str) -> dict[str, Any]:
        """Read a NOAH's packs in ``batter``."""
        return await self._noah("noah/getBatteryData", {"deviceSn": serial})

    async def nexa_status(self, serial: str) -> dict[str, Any]:
        """Read the flows of now of a NEXA: ``pac`` is negative for output."""
        return await self._noah("nexa/getSystemStatus", {"deviceSn": serial})

    async def nexa_info(self, serial: str) -> dict[str, Any]:
        """Read a NEXA's settings and packs."""
        form = {"deviceSn": serial, "language": "1"}
        return await self._noah("nexa/getNexaInfoBySn", form)

    async def _mix(self, operation: str, serial: str, plant_id: str) -> dict[str, Any]:
        params = {"op": operation, "mixId": serial, "plantId": plant_id}
        return await self.ask_obj("POST", _MIX, params, about=serial)

    async def _spa(
        self,
        operation: str,
        plant_id: str,
        serial: str,
        more: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        form = {"plantId": plant_id, "spaId": serial, **(more or {})}
        return await self.ask_obj(
            "POST", _SPA, {"op": operation}, form=form, about=serial
        )

    async def _noah(self, name: str, form: Mapping[str, str]) -> dict[str, Any]:
        about = form.get("deviceSn", "")
        path = f"noahDeviceApi/{name}"
        return await self.ask_obj("POST", path, form=form, about=about)
