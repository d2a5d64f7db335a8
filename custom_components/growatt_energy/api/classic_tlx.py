"""String inverters and MIN of the app's API (reference section 3.F)."""

from datetime import date
from typing import Any

from .._vendor.core.client.decode import mapping
from .classic_http import ClassicHttp
from .timespan import Timespan

_INVERTER = "newInverterAPI.do"
_TLX = "newTlxApi.do"


class ClassicTlx(ClassicHttp):
    """What is asked of string inverters and MIN; the seed client's names."""

    async def inverter_data(self, serial: str, day: date) -> dict[str, Any]:
        """Read a string inverter's power curve of a plant-local day."""
        params = {
            "op": "getInverterData",
            "id": serial,
            "type": "1",
            "date": day.isoformat(),
        }
        return await self.ask_object("GET", _INVERTER, params, about=serial)

    async def inverter_detail(self, serial: str) -> dict[str, Any]:
        """Read a string inverter's newest record."""
        return await self._inverter("getInverterDetailData", serial)

    async def inverter_detail_two(self, serial: str) -> dict[str, Any]:
        """Read the same with other names: ``data`` and ``parameterName``."""
        return await self._inverter("getInverterDetailData_two", serial)

    async def inverter_detail_max(self, serial: str) -> dict[str, Any]:
        """Read the newest record of a MAX or MID (Q22)."""
        return await self._inverter("getInverterDetailData_max", serial)

    async def tlx_data(self, serial: str, day: date) -> dict[str, Any]:
        """Read a MIN's AC power curve of a plant-local day."""
        params = {"op": "getTlxData", "id": serial, "type": "1"}
        params["date"] = day.isoformat()
        return await self.ask_object("GET", _TLX, params, about=serial)

    async def tlx_detail(self, serial: str) -> dict[str, Any]:
        """Read a MIN's newest record, with the keys of V1; may be all zeros (Q11)."""
        params = {"op": "getTlxDetailData", "id": serial}
        body = await self.ask_object("GET", _TLX, params, about=serial)
        return dict(mapping(body.get("data")))

    async def tlx_params(self, serial: str) -> dict[str, Any]:
        """Read ``inverterType`` and the identity in ``newBean``."""
        params = {"op": "getTlxParams", "id": serial}
        return await self.ask_object("GET", _TLX, params, about=serial)

    async def tlx_system_status(self, plant_id: str, serial: str) -> dict[str, Any]:
        """Read the flows of now in kW, as texts."""
        return await self._tlx_obj("getSystemStatus_KW", plant_id, serial)

    async def tlx_energy_overview(self, plant_id: str, serial: str) -> dict[str, Any]:
        """Read today's and lifetime kWh, as texts."""
        return await self._tlx_obj("getEnergyOverview", plant_id, serial)

    async def tlx_energy_prod_cons(
        self, plant_id: str, serial: str, timespan: Timespan, day: date
    ) -> dict[str, Any]:
        """Read production and consumption; slots still to come are zeros (Q8)."""
        form = {
            "date": timespan.chart_date(day),
            "plantId": plant_id,
            "language": "1",
            "id": serial,
            "type": str(int(timespan)),
        }
        params = {"op": "getEnergyProdAndCons_KW"}
        return await self.ask_obj("POST", _TLX, params, form=form, about=serial)

    async def tlx_all_settings(self, serial: str) -> dict[str, Any]:
        """Read a MIN's settings, under both the names of reading and of writing."""
        form = {"serialNum": serial, "kind": "0"}
        params = {"op": "getTlxSetData"}
        found = await self.ask_obj("POST", _TLX, params, form=form, about=serial)
        return dict(mapping(found.get("tlxSetBean")))

    async def tlx_enabled_settings(self, serial: str, day: date) -> dict[str, Any]:
        """Read which settings the app shows for this model: name -> ``"1"``.

        What stands beside them is a password of the day, and is left out.
        """
        form = {"deviceSn": serial, "stringTime": day.isoformat(), "type": "5"}
        found = await self.ask_obj(
            "POST", "newLoginAPI.do", {"op": "getSetPass"}, form=form, about=serial
        )
        return dict(mapping(found.get("enable")))

    async def tlx_battery_info(self, battery: str) -> dict[str, Any]:
        """Read a battery by its own serial."""
        form = {"lan": "1", "serialNum": battery}
        params = {"op": "getBatInfo"}
        return await self.ask_obj("POST", _TLX, params, form=form, about=battery)

    async def tlx_battery_info_detailed(
        self, plant_id: str, battery: str
    ) -> dict[str, Any]:
        """Read a battery's newest record; of one that is offline it is an old one."""
        form = {"lan": "1", "plantId": plant_id, "id": battery}
        params = {"op": "getBatDetailData"}
        body = await self.ask_object("POST", _TLX, params, form=form, about=battery)
        return dict(mapping(body.get("data")))

    async def panel_data(
        self, plant_id: str, serial: str, day: date, *, energy: bool = False
    ) -> dict[str, Any]:
        """Read power (or energy) of each panel of a NEO on a plant-local day."""
        form = {
            "plantId": plant_id,
            "snList": serial,
            "dataType": str(int(energy)),
            "dateStr": day.isoformat(),
            "dateType": "0",
        }
        return await self.ask_object(
            "POST", "componentsApi/getViewData", form=form, about=serial
        )

    async def _inverter(self, operation: str, serial: str) -> dict[str, Any]:
        params = {"op": operation, "inverterId": serial}
        return await self.ask_object("GET", _INVERTER, params, about=serial)

    async def _tlx_obj(
        self, operation: str, plant_id: str, serial: str
    ) -> dict[str, Any]:
        form = {"plantId": plant_id, "id": serial}
        return await self.ask_obj(
            "POST", _TLX, {"op": operation}, form=form, about=serial
        )
