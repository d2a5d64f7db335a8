"""The 5-minute records of past days through the token (reference section 7)."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, tzinfo

from .._vendor.core.client.decode import integer, mappings
from .._vendor.core.client.errors import ApiError, UnsupportedError
from ..api.errors import NOT_SUPPORTED
from ..api.token_client import TokenClient
from ..families import FACTS, Family
from .base import Raw

# Of these a page costs 10 seconds in V1, else 5 minutes in either.
_BY_V1 = frozenset({Family.MIN, Family.SPA, Family.STORAGE})
_MOST_PAGES = 12
# Days that wait for a page; a day that nobody asked for to its end is forgotten.
_MOST_BEGUN = 4


@dataclass
class _Day:
    """How far the reading of a day has come."""

    records: list[Raw] = field(default_factory=list)
    page: int = 1
    start: int = 0


class TokenHistory:
    """Reads a day; goes on with the page that a limit did not let through."""

    def __init__(self, client: TokenClient) -> None:
        """Begin without a page."""
        self._client = client
        self._begun: dict[tuple[str, date], _Day] = {}
        self._lock = asyncio.Lock()

    async def read(
        self, family: Family, serial: str, day: date, zone: tzinfo
    ) -> list[Raw]:
        """Return the records of a day.

        Raises ``ThrottledError`` when a page has to wait; the next call for the same
        day goes on there.
        """
        if FACTS[family].v4_type is None:
            raise UnsupportedError("no records are kept", reason=NOT_SUPPORTED)
        async with self._lock:
            found = self._begun.pop((serial, day), None) or _Day()
            try:
                more = True
                while more and found.page <= _MOST_PAGES:
                    if family in _BY_V1:
                        more = await self._read_v1(family, serial, day, zone, found)
                    else:
                        more = await self._read_v4(family, serial, day, found)
                    found.page += 1
            except ApiError:
                self._begun[serial, day] = found
                if len(self._begun) > _MOST_BEGUN:
                    del self._begun[next(iter(self._begun))]
                raise
            return found.records

    async def _read_v1(
        self, family: Family, serial: str, day: date, zone: tzinfo, so_far: _Day
    ) -> bool:
        name = str(getattr(zone, "key", zone))
        data = await self._client.history(family, serial, day, day, name, so_far.page)
        found = mappings(data.get("datas"))
        so_far.records += [dict(row) for row in found]
        count = integer(data.get("count"), low=0) or 0
        return bool(found) and len(so_far.records) < count

    async def _read_v4(
        self, family: Family, serial: str, day: date, so_far: _Day
    ) -> bool:
        data = await self._client.query_day(family, serial, day, so_far.start)
        found = mappings(data.get("datas"))
        so_far.records += [dict(row) for row in found]
        so_far.start = integer(data.get("start"), low=0) or len(so_far.records)
        return bool(found) and bool(data.get("haveNext"))
