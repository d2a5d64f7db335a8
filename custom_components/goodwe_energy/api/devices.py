"""Devices and their factors (reference sections 3.4 to 3.9)."""

from collections.abc import Iterable, Mapping
from typing import Any

from .._vendor.core.client.decode import mapping, mappings, text
from . import endpoints
from .access import Access
from .endpoints import Endpoint
from .frame import Call
from .hidden import Hidden
from .pages import all_pages, rows_of

# As which any storage inverter is asked for its batteries (section 3.9)
_STORAGE = "ENERGY_STORAGE_INTEGRATED_CABINET"


class Devices:
    """What is asked about devices; part of ``GoodWeClient``."""

    _access: Access
    hidden: Hidden

    async def device_status(self, station: str) -> dict[str, Any]:
        """Return ``{deviceDetailList}`` of section 3.4."""
        self.hidden.station(station)
        call = Call(endpoint=endpoints.DEVICE_STATUS, params={"stationId": station})
        found = dict(mapping(await self._access.ask(call)))
        for group in mappings(found.get("deviceDetailList")):
            for entry in mappings(group.get("statusDetailList")):
                serials = entry.get("snList")
                for serial in serials if isinstance(serials, list) else ():
                    self.hidden.device(text(serial))
                for detail in mapping(entry.get("detailMap")).values():
                    self._hide_devices(mappings(detail))
        return found

    async def device_page(self, station: str) -> list[dict[str, Any]]:
        """Return the devices with their models, as rows of section 3.5."""
        self.hidden.station(station)
        return self._hide_devices(
            await all_pages(self._access, endpoints.DEVICE_PAGE, {"stationId": station})
        )

    async def devices_by_type(
        self, station: str, device_type: str
    ) -> list[dict[str, Any]]:
        """Return the devices of one type, likewise."""
        self.hidden.station(station)
        params = {"stationId": station, "deviceType": device_type}
        call = Call(endpoint=endpoints.DEVICES_BY_TYPE, params=params)
        return self._hide_devices(rows_of(await self._access.ask(call)))

    async def telemetry(
        self, station: str, sn: str, device_type: str
    ) -> list[dict[str, Any]]:
        """Return the groups of factors of section 3.6."""
        return await self._factors(endpoints.TELEMETRY, station, sn, device_type)

    async def counters(
        self, station: str, sn: str, device_type: str
    ) -> list[dict[str, Any]]:
        """Return the groups of energy counters of section 3.7."""
        return await self._factors(endpoints.COUNTERS, station, sn, device_type)

    async def information(
        self, station: str, sn: str, device_type: str
    ) -> list[dict[str, Any]]:
        """Return the factors of section 3.8, which stand in no group."""
        found = await self._factors(endpoints.INFORMATION, station, sn, device_type)
        for factor in found:
            if text(factor.get("code")) in {"bat1MRSn", "bat2MRSn", "sn"}:
                self.hidden.device(text(factor.get("data")))
        return found

    async def related(self, station: str, sn: str) -> list[dict[str, Any]]:
        """Return the battery systems of a storage inverter (section 3.9)."""
        self._about(station, sn)
        call = Call(
            endpoint=endpoints.RELATED,
            sn=sn,
            params={"sn": sn, "deviceType": _STORAGE, "pwId": station},
        )
        return self._hide_devices(mappings(await self._access.ask(call)))

    async def _factors(
        self, endpoint: Endpoint, station: str, sn: str, device_type: str
    ) -> list[dict[str, Any]]:
        self._about(station, sn)
        params = {"deviceType": device_type, "pwId": station}
        call = Call(endpoint=endpoint, sn=sn, params=params)
        return [dict(item) for item in mappings(await self._access.ask(call))]

    def _about(self, station: str, sn: str) -> None:
        self.hidden.station(station)
        self.hidden.device(sn)

    def _hide_devices(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        found = [dict(row) for row in rows]
        for row in found:
            for name in ("sn", "preSn"):
                self.hidden.device(text(row.get(name)))
        return found
