"""Alarms of stations (reference section 3.12)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from .._vendor.core.client.decode import mapping, text
from . import endpoints
from .access import Access
from .frame import Call
from .hidden import Hidden
from .pages import all_pages

_SIZE = 20
_MOST = 100
_OCCURRING = 0


class Alarms:
    """What is or was wrong; part of ``GoodWeClient``."""

    _access: Access
    hidden: Hidden

    async def alarm_counts(self, stations: Sequence[str]) -> dict[str, Any]:
        """Return ``{total, happened, recovery}``; ``happened`` are those of now."""
        self._hide_stations(stations)
        body = {"stationIds": list(stations)}
        call = Call(endpoint=endpoints.ALARM_COUNTS, body=body)
        return dict(mapping(await self._access.ask(call)))

    async def alarms(
        self,
        stations: str | Sequence[str],
        *,
        active: bool = False,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> list[dict[str, Any]]:
        """Return at most 100 alarms as rows of section 3.12.

        Args:
            stations: One id or several.
            active: Only those that have not recovered.
            start: With ``end``: only those of that time, naive in station time.
            end: See ``start``.
        """
        ids = [stations] if isinstance(stations, str) else list(stations)
        self._hide_stations(ids)
        body: dict[str, Any] = {"stationIds": ids}
        if active:
            body["status"] = _OCCURRING
        if start is not None and end is not None:
            body |= {
                "timeType": 1,
                "startTime": f"{start:%Y-%m-%d %H:%M:%S}",
                "endTime": f"{end:%Y-%m-%d %H:%M:%S}",
            }
        rows = await all_pages(
            self._access,
            endpoints.ALARMS,
            body,
            names=("pageIndex", "pageSize"),
            size=_SIZE,
            most=_MOST,
        )
        for row in rows:
            self.hidden.device(text(row.get("devicesn")))
        return rows

    def _hide_stations(self, stations: Iterable[str]) -> None:
        for station in stations:
            self.hidden.station(station)
