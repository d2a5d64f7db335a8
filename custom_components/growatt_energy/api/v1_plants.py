"""Account, plants and lists of V1 (reference section 3.A)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from .token_http import TokenHttp

# More are refused (5.2).
PAGE = 100


class V1Plants(TokenHttp):
    """What is asked of an account and its plants; each returns the inner ``data``."""

    async def plants(self, page: int = 1) -> dict[str, Any]:
        """List the plants: ``count`` and up to 100 ``plants``; 10 calls per day."""
        return await self.v1_data("GET", "plant/list", _page(page))

    async def plant_details(self, plant_id: str) -> dict[str, Any]:
        """Read address, ``timezone`` and ``currency`` of a plant."""
        return await self.v1_data("GET", "plant/details", {"plant_id": plant_id})

    async def plant_data(self, plant_id: str) -> dict[str, Any]:
        """Read the plant's energies in kWh and its power in kW (Q6)."""
        return await self.v1_data("GET", "plant/data", {"plant_id": plant_id})

    async def plant_power(self, plant_id: str, day: date) -> dict[str, Any]:
        """Read the W of a plant-local day, every 5 minutes in any order."""
        params = {"plant_id": plant_id, "date": day.isoformat()}
        return await self.v1_data("GET", "plant/power", params)

    async def plant_energy(
        self,
        plant_id: str,
        start: date,
        end: date,
        unit: Literal["day", "month", "year"] = "day",
        page: int = 1,
    ) -> dict[str, Any]:
        """Read kWh per day (7 days at most), month or year; 10 calls per day."""
        params = {
            "plant_id": plant_id,
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
            "time_unit": unit,
            **_page(page),
        }
        return await self.v1_data("GET", "plant/energy", params)

    async def users(self) -> dict[str, Any]:
        """List the users of an installer; 10 calls per day."""
        return await self.v1_data("GET", "user/c_user_list", {})

    async def devices(self, plant_id: str, page: int = 1) -> dict[str, Any]:
        """List the devices of a plant: ``count`` and up to 100 ``devices``."""
        params = {"plant_id": plant_id, **_page(page)}
        return await self.v1_data("GET", "device/list", params)

    async def dataloggers(self, plant_id: str, page: int = 1) -> dict[str, Any]:
        """List the dataloggers of a plant."""
        params = {"plant_id": plant_id, **_page(page)}
        return await self.v1_data("GET", "device/datalogger/list", params)

    async def device_type(self, serial: str) -> dict[str, Any]:
        """Read model name, type and nominal power of any device."""
        return _bare(await self.v1("GET", "device/check/sn", {"dataloggerSn": serial}))

    async def plant_of(self, serial: str) -> dict[str, Any]:
        """Read which plant a device belongs to."""
        return _bare(await self.v1("POST", "plant/sn_plant", {"device_sn": serial}))


def _page(page: int) -> dict[str, str]:
    return {"page": str(page), "perpage": str(PAGE)}


def _bare(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data``, or the envelope where the values stand beside the code."""
    data = body.get("data")
    if isinstance(data, Mapping):
        return dict(data)
    return {key: value for key, value in body.items() if not key.startswith("error_")}
