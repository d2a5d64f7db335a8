"""Energies, income and the powers of a day (reference sections 3.10, 3.11 and 7)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from .._vendor.core.client.decode import mapping
from . import endpoints
from .access import Access
from .frame import Call
from .hidden import Hidden

ENERGY_ITEMS = (
    "proSystemTotalStats",
    "proConsumStats",
    "proGridStats",
    "proPurchaseStats",
    "proSelfConsumStats",
    "proCharStats",
    "proDischarStats",
)
INCOME_ITEMS = (
    "proSystemTotalStats",
    "proGridStats",
    "proPurchaseStats",
    "proConsumStats",
    "profitProStats",
    "profitGridStats",
)
POWER_ITEMS = ("pSystem", "soc", "pBat", "pConsum", "pGrid")
_HOUR = timedelta(hours=1)


class Statistics:
    """What has been; part of ``GoodWeClient``. Dates are the station's."""

    _access: Access
    hidden: Hidden

    async def energy(
        self,
        station: str,
        items: Sequence[str],
        dimension: str,
        start: date,
        end: date,
    ) -> dict[str, Any]:
        """Return summaries and ``dataList`` in kWh of section 3.10.

        Args:
            station: Its id.
            items: Of ``ENERGY_ITEMS``.
            dimension: ``day``, ``month`` or ``year``: of what there is a value each.
            start: First day.
            end: Last day, included.

        Raises:
            ValueError: For ``month`` or ``year`` over more than one calendar year,
                which the vendor answers with zeros.
        """
        if dimension != "day" and start.year != end.year:
            raise ValueError("only one calendar year at once")
        self.hidden.station(station)
        body = {
            "stationId": station,
            "isReport": False,
            "items": list(items),
            "dimension": dimension,
            **_span(start, end),
        }
        call = Call(endpoint=endpoints.STATISTICS, body=body)
        return dict(mapping(await self._access.ask(call)))

    async def income(
        self,
        station: str,
        start: date,
        end: date,
        items: Sequence[str] = INCOME_ITEMS,
    ) -> dict[str, Any]:
        """Return energies, income and ``currency`` of those days (section 3.11)."""
        self.hidden.station(station)
        body = {
            "stationId": station,
            "isReport": False,
            "items": list(items),
            "dimension": "day",
            **_span(start, end),
        }
        call = Call(endpoint=endpoints.PRODUCTION, body=body)
        return dict(mapping(await self._access.ask(call)))

    async def power_day(
        self,
        station: str,
        day: date,
        utc_offset: timedelta,
        items: Sequence[str] = POWER_ITEMS,
    ) -> dict[str, Any]:
        """Return ``{dataList}`` with a value per minute in kW and % (section 7)."""
        self.hidden.station(station)
        # As a browser names its zone: the other way round
        offset = -(utc_offset / _HOUR)
        body = {
            "stationId": station,
            "items": list(items),
            "timeScale": 1,
            "timeZone": int(offset) if offset.is_integer() else offset,
            **_span(day, day),
        }
        call = Call(endpoint=endpoints.POWER_DAY, body=body)
        return dict(mapping(await self._access.ask(call)))


def _span(start: date, end: date) -> dict[str, str]:
    return {
        "startTime": f"{start.isoformat()} 00:00:00",
        "endTime": f"{end.isoformat()} 23:59:59",
    }
