"""The endpoints of the Amber Electric API (reference section 3); it only reads.

Every method returns the vendor's own JSON, so that it can be shown in diagnostics;
``models.py`` and the driver make readings of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import ApiError, BadDataError
from .._vendor.core.client.http import HttpClient, Request, Response
from .errors import error_for, used_up
from .ratelimits import (
    PRICES,
    PRICES_CURRENT,
    RENEWABLES,
    SITES_USAGE,
    RateLimit,
    RateLimits,
)

DEFAULT_URL = "https://api.amber.com.au/v1"
STREAM_URL = "wss://api-ws.amber.com.au"
TIMEOUT = 15.0
USAGE_TIMEOUT = 30.0
READ_DELAYS = (2.0, 5.0)
# Days per request, first and last included; the server refuses more (3.3, 3.4)
MOST_DAYS = 7
# The server tells its time to the second, so less says nothing
_LEAST_SKEW = timedelta(seconds=2)

type Records = list[dict[str, Any]]


class AmberClient:
    """Reads what one token may see. Safe for several users of the token at a time.

    All methods raise ``AuthError`` for a refused token; ``UnsupportedError``
    (``not_found``) for an unknown site or state; ``BadDataError`` for an answer that
    is no list, or (``bad_request``) for parameters that Amber refuses;
    ``ThrottledError`` (``rate_limit``) while the limit of their own group of endpoints
    is used up; ``TransportError`` for all that may go over by itself, among it
    ``gateway_throttled`` and ``server_error``.
    """

    def __init__(
        self, http: HttpClient, token: str, *, limits: RateLimits, clock: Clock
    ) -> None:
        """Take what is shared with other users of the token; ``http`` ends in /v1."""
        self._http = http
        self._token = token
        self._limits = limits
        self._clock = clock
        self._skew: timedelta | None = None

    @property
    def clock_skew(self) -> timedelta | None:
        """The server's clock minus ours; ``None`` below 2 s or before an answer."""
        return self._skew

    def get_ratelimits(self, group: str | None = None) -> RateLimit | None:
        """Return the last known limit of ``group``, or the tightest of the token.

        ``None`` before the first answer.
        """
        if group is not None:
            return self._limits.get(group)
        return self._limits.tightest(self._clock.now())

    def for_site(self, site_id: str) -> SiteClient:
        """Return this client for one site; everything is shared."""
        return SiteClient(self, site_id)

    async def list_sites(self) -> Records:
        """List the sites of the account (3.1), closed ones too."""
        return await self._read(SITES_USAGE, "sites")

    async def get_current_prices(
        self,
        site_id: str,
        *,
        previous: int | None = None,
        next: int | None = None,
        resolution: int | None = None,
        patient: bool = False,
    ) -> Records:
        """Read the intervals of now (3.2), of all channels.

        ``previous`` and ``next`` count further intervals per channel; fewer may come.
        Only if ``patient``, a failed request is tried again here.
        """
        return await self._read(
            PRICES_CURRENT,
            f"sites/{site_id}/prices/current",
            _query(next=next, previous=previous, resolution=resolution),
            delays=READ_DELAYS if patient else (),
            lane=site_id,
        )

    async def get_prices(
        self, site_id: str, start: date, end: date, *, resolution: int | None = None
    ) -> Records:
        """Read the prices of NEM days (3.3), both included, 7 days per request."""
        records: Records = []
        for first, last in windows(start, end):
            records += await self._read(
                PRICES,
                f"sites/{site_id}/prices",
                _query(startDate=first, endDate=last, resolution=resolution),
            )
        return records

    async def get_usage(self, site_id: str, start: date, end: date) -> Records:
        """Read the metered usage of NEM days (3.4), both included, 7 per request.

        A day that is not published yet, or not kept any more, has no records.
        """
        records: Records = []
        for first, last in windows(start, end):
            records += await self._read(
                SITES_USAGE,
                f"sites/{site_id}/usage",
                _query(startDate=first, endDate=last),
                timeout=USAGE_TIMEOUT,
            )
        return records

    async def get_current_renewables(
        self,
        state: str,
        *,
        previous: int | None = None,
        next: int | None = None,
        resolution: int | None = None,
    ) -> Records:
        """Read a state's share of renewables (3.5); it needs no token, so none goes."""
        return await self._read(
            RENEWABLES,
            f"state/{state}/renewables/current",
            _query(next=next, previous=previous, resolution=resolution),
        )

    async def _read(
        self,
        group: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        timeout: float = TIMEOUT,
        delays: Sequence[float] = READ_DELAYS,
        lane: str | None = None,
    ) -> Records:
        headers = (
            {} if group == RENEWABLES else {"Authorization": f"Bearer {self._token}"}
        )
        sent_at = self._clock.now()

        def build() -> Request:
            nonlocal sent_at
            sent_at = now = self._clock.now()
            told = self._limits.get(group)
            if told is not None and told.left(now) <= 0:
                message = "Amber's request limit is used up"
                raise used_up(group, told.wait(now), message)
            return Request(
                method="GET",
                path=path,
                params=params or {},
                headers=headers,
                group=group,
                lane=lane,
                timeout=timeout,
            )

        def decode(response: Response) -> Records:
            told = self._limits.note(group, response.headers, response.received_at)
            self._note_skew(sent_at, response)
            if not 200 <= response.status < 300:
                raise error_for(group, response, told)
            return _records(response)

        return await self._http.read(build, decode, delays=delays)

    def _note_skew(self, sent_at: datetime, response: Response) -> None:
        """Learn how far the clocks are apart: at the least, however long it took."""
        if (there := response.server_date) is None:
            return
        skew = timedelta()
        if there > response.received_at:
            skew = there - response.received_at
        elif there < sent_at:
            skew = there - sent_at
        self._skew = skew if abs(skew) >= _LEAST_SKEW else None


class SiteClient:
    """An ``AmberClient`` for one site; see there for what is read and raised."""

    def __init__(self, client: AmberClient, site_id: str) -> None:
        """Share everything with ``client``."""
        self.client = client
        self.site_id = site_id

    @property
    def clock_skew(self) -> timedelta | None:
        """The server's clock minus ours; ``None`` below 2 s or before an answer."""
        return self.client.clock_skew

    def get_ratelimits(self, group: str | None = None) -> RateLimit | None:
        """Return the last known limit of ``group``, or the tightest of the token."""
        return self.client.get_ratelimits(group)

    async def list_sites(self) -> Records:
        """List the sites of the account (3.1)."""
        return await self.client.list_sites()

    async def get_current_prices(
        self,
        *,
        previous: int | None = None,
        next: int | None = None,
        resolution: int | None = None,
        patient: bool = False,
    ) -> Records:
        """Read the intervals of now (3.2), of all channels."""
        return await self.client.get_current_prices(
            self.site_id,
            previous=previous,
            next=next,
            resolution=resolution,
            patient=patient,
        )

    async def get_prices(
        self, start: date, end: date, *, resolution: int | None = None
    ) -> Records:
        """Read the prices of NEM days (3.3), both included."""
        return await self.client.get_prices(
            self.site_id, start, end, resolution=resolution
        )

    async def get_usage(self, start: date, end: date) -> Records:
        """Read the metered usage of NEM days (3.4), both included."""
        return await self.client.get_usage(self.site_id, start, end)

    async def get_current_renewables(
        self,
        state: str,
        *,
        previous: int | None = None,
        next: int | None = None,
        resolution: int | None = None,
    ) -> Records:
        """Read a state's share of renewables (3.5), without the token."""
        return await self.client.get_current_renewables(
            state, previous=previous, next=next, resolution=resolution
        )


def windows(start: date, end: date) -> list[tuple[date, date]]:
    """Return the first and last day of each request for ``start`` to ``end``.

    Raises ``BadDataError`` (``bad_request``) if the end is before the start.
    """
    if end < start:
        raise BadDataError("the end is before the start", reason="bad_request")
    # Nothing may be after the last date there is
    days = (end - start).days
    return [
        (
            start + timedelta(days=first),
            start + timedelta(days=min(first + MOST_DAYS - 1, days)),
        )
        for first in range(0, days + 1, MOST_DAYS)
    ]


def _query(**values: int | date | None) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


def _records(response: Response) -> Records:
    """Return the records of an answer; anything but a list is no answer (section 3)."""
    try:
        data = response.json()
    except ApiError:
        raise BadDataError("Amber answered without JSON", reason="not_json") from None
    if not isinstance(data, list):
        raise BadDataError("Amber answered without a list", reason="no_list")
    return [item for item in data if isinstance(item, dict)]
