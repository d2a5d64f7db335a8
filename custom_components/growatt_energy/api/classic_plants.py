"""Plants of the app's API, and their settings (reference sections 3.F and 6.9)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .._vendor.core.client.decode import mapping, mappings, text
from .._vendor.core.client.errors import BadDataError
from .classic_http import ClassicHttp
from .errors import BAD_REQUEST
from .multipart import multipart
from .timespan import Timespan

_PLANT = "newTwoPlantAPI.do"
_OLD_PLANT = "newPlantAPI.do"
PLANTS_PER_PAGE = 15
# Part of the form <- key of the settings that are read
PLANT_FIELDS: Mapping[str, str | None] = {
    "plantCoal": "formulaCoal",
    "plantSo2": "formulaSo2",
    "accountName": "userAccount",
    "plantID": "id",
    "plantFirm": None,  # always "0"
    "plantCountry": "country",
    "plantType": "plantType",
    "plantIncome": "formulaMoneyStr",
    "plantAddress": "plantAddress",
    "plantTimezone": "timezone",
    "plantLng": "plant_lng",
    "plantCity": "city",
    "plantCo2": "formulaCo2",
    "plantMoney": "formulaMoneyUnitId",
    "plantPower": "nominalPower",
    "plantLat": "plant_lat",
    "plantDate": "createDateText",
    "plantName": "plantName",
}


class ClassicPlants(ClassicHttp):
    """What is asked of an account and its plants; the seed client's names."""

    async def login(self) -> dict[str, Any]:
        """Log in, unless it is too soon; rarely needed: every method does if it must."""
        return await self._session.login()

    async def plant_list(self) -> dict[str, Any]:
        """List the plants with texts such as ``628.8 W``; returns ``back``."""
        if self._session.user_id is None:
            # Known from the login, which the first request makes anyway
            plants = await self.all_plants()
            if self._session.user_id is None:
                return plants
        params = {"userId": self._session.user_id or ""}
        body = await self.ask_object("GET", "PlantListAPI.do", params)
        return dict(mapping(body.get("back")))

    async def all_plants(self, page: int = 1) -> dict[str, Any]:
        """List 15 plants with zone and nominal power in ``PlantList``."""
        form = {
            "language": "1",
            "nominalPower": "",
            "order": "1",
            "pageSize": str(PLANTS_PER_PAGE),
            "plantName": "",
            "plantStatus": "",
            "toPageNum": str(page),
        }
        params = {"op": "getAllPlantListTwo"}
        return await self.ask_object("POST", _PLANT, params, form=form)

    async def plant_detail(
        self, plant_id: str, timespan: Timespan, day: date
    ) -> dict[str, Any]:
        """Read the kWh of a plant-local day, month or year; returns ``back``."""
        params = {
            "plantId": plant_id,
            "type": timespan.plant_type,
            "date": timespan.plant_date(day),
        }
        body = await self.ask_object("GET", "PlantDetailAPI.do", params)
        return dict(mapping(body.get("back")))

    async def plant_info(self, plant_id: str) -> dict[str, Any]:
        """Read power, energies, money and the lists of a plant; any key may lack."""
        params = {
            "op": "getAllDeviceListTwo",
            "plantId": plant_id,
            "pageNum": "1",
            "pageSize": "1",
        }
        return await self.ask_object("GET", _PLANT, params)

    async def device_list(self, plant_id: str) -> list[Mapping[str, Any]]:
        """List the devices: some accounts have them in one list, some in the other."""
        if found := mappings((await self.plant_info(plant_id)).get("deviceList")):
            return found
        return await self.all_devices(plant_id)

    async def all_devices(self, plant_id: str) -> list[Mapping[str, Any]]:
        """List the devices of the second list, which has those of TLX (Q13)."""
        params = {"op": "getAllDeviceList", "plantId": plant_id, "language": "1"}
        body = await self.ask_object("GET", _PLANT, params)
        return mappings(body.get("deviceList"))

    async def plant_energy_data(self, plant_id: str) -> dict[str, Any]:
        """Read what the app's plant tab shows: energies, ``plantBean``."""
        params = {"op": "getUserCenterEnertyDataByPlantid"}
        form = {"language": "1", "plantId": plant_id}
        return await self.ask_object("POST", _PLANT, params, form=form)

    async def dashboard_data(
        self, plant_id: str, timespan: Timespan, day: date
    ) -> dict[str, Any]:
        """Read the dashboard: of a MIX only ``etouser`` is right (Q4)."""
        params = {
            "action": "getEnergyStorageData",
            "date": timespan.chart_date(day),
            "type": str(int(timespan)),
            "plantId": plant_id,
        }
        return await self.ask_object("POST", _OLD_PLANT, params)

    async def get_plant_settings(self, plant_id: str) -> dict[str, Any]:
        """Read about 100 settings of a plant."""
        params = {"op": "getPlant", "plantId": plant_id}
        return await self.ask_object("GET", _OLD_PLANT, params)

    async def update_plant_settings(
        self,
        plant_id: str,
        changes: Mapping[str, str],
        current: Mapping[str, Any] | None = None,
    ) -> None:
        """Write plant settings, once: all 18, those not in ``changes`` as they are.

        Args:
            plant_id: The plant.
            changes: By the names of ``PLANT_FIELDS``; not ``plantID``.
            current: What ``get_plant_settings`` returned a moment ago, else it is read.

        Raises:
            BadDataError: ``bad_request`` for an unknown name, ``unknown_value`` if a
                current value is missing: none is ever made up. Nothing was sent.
            WriteUnknown, WriteRejected: See ``classic_answers.check_write``.
        """
        if unknown := set(changes) - set(PLANT_FIELDS) | {"plantID"} & set(changes):
            names = ", ".join(sorted(unknown))
            raise BadDataError(f"cannot be set: {names}", reason=BAD_REQUEST)
        if current is None:
            current = await self.get_plant_settings(plant_id)
        fields = {}
        for name, key in PLANT_FIELDS.items():
            value = changes.get(name)
            if value is None:
                value = "0" if key is None else _as_text(current.get(key))
            if value is None:
                raise BadDataError(
                    f"the current value of {key} is unknown", reason="unknown_value"
                )
            fields[name] = value
        if fields["plantID"] != plant_id:
            raise BadDataError("those are another plant's", reason=BAD_REQUEST)
        await self.send(_PLANT, {"op": "updatePlant"}, content=multipart(fields))


def _as_text(value: Any) -> str | None:
    """Return a value as the form has it; an empty text is a value too."""
    return value if isinstance(value, str) else text(value)
