"""Stations, their power flow and their state (reference sections 3.1 to 3.3)."""

from collections.abc import Mapping
from typing import Any

from .._vendor.core.client.decode import mapping, text
from .._vendor.core.client.errors import UnsupportedError
from .._vendor.core.client.plain import blank
from . import endpoints
from .access import Access
from .frame import Call
from .hidden import Hidden
from .pages import all_pages

# Generations of the API name it differently
_IDS = ("id", "stationId", "plantId", "powerStationId")
_SIMPLE_SIZE = 50


def station_id(row: Mapping[str, Any]) -> str | None:
    """Return the id of a row of ``stations``, None without one.

    The spellings of nothing are no id (section 3).
    """
    ids = (row.get(name) for name in _IDS)
    return next((found for raw in ids if not blank(raw) and (found := text(raw))), None)


class Stations:
    """What is asked about a whole station; part of ``GoodWeClient``."""

    _access: Access
    hidden: Hidden

    async def stations(self) -> list[dict[str, Any]]:
        """Return all stations of the account, as rows of section 3.1."""
        try:
            rows = await all_pages(self._access, endpoints.STATIONS, {})
        except UnsupportedError:
            rows = await all_pages(
                self._access,
                endpoints.STATIONS_SIMPLE,
                {},
                names=("pageIndex", "pageSize"),
                size=_SIMPLE_SIZE,
            )
        for row in rows:
            self.hidden.station(station_id(row))
        return rows

    async def station_info(self, station: str) -> dict[str, Any]:
        """Return name, permissions, zone and so on (section 3.2); personal data is in it."""
        self.hidden.station(station)
        call = Call(endpoint=endpoints.STATION_INFO, params={"stationId": station})
        return dict(mapping(await self._access.ask(call)))

    async def flow(self, station: str) -> dict[str, Any]:
        """Return the powers of now in kW (section 3.3); empty at night."""
        self.hidden.station(station)
        call = Call(endpoint=endpoints.FLOW, params={"stationId": station})
        return dict(mapping(await self._access.ask(call)))
