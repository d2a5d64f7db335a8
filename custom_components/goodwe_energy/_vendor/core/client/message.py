"""One HTTP request and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import json
from typing import Any

from multidict import CIMultiDict, CIMultiDictProxy

from .decode import number
from .errors import (
    AuthError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)

_LONGEST_PAUSE = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request.

    Attributes:
        method: HTTP verb.
        path: Relative to the client's base URL, unquoted.
        params: Query, unquoted.
        json: Body; `None` sends none.
        form: Body as a form instead, unquoted.
        content: Body as it is; `headers` name its type.
        headers: Beside `Accept` and, with a body, `Content-Type`.
        group: What the budget counts it as.
        lane: Which others of the group it waits for: those of the same lane.
        timeout: Seconds for all of it; `None` takes the client's.
        redirects: Whether one is the client's affair; else it is an answer.
    """

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    group: str = "default"
    lane: str | None = None
    timeout: float | None = None
    redirects: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One complete answer; `headers` are case-insensitive, `received_at` is in UTC."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime

    def __post_init__(self) -> None:
        """Make the headers case-insensitive."""
        headers = CIMultiDictProxy(CIMultiDict(self.headers))
        object.__setattr__(self, "headers", headers)

    def json(self) -> Any:
        """Return the decoded body; `NaN` and `Infinity`, which are no JSON, as `None`.

        Raises:
            TransportError: `not_json`: a proxy's or a portal's page answered.
        """
        try:
            return json.loads(self.body, parse_constant=lambda _: None)
        except ValueError, RecursionError:
            message = f"HTTP {self.status} without JSON"
            raise TransportError(message, reason="not_json") from None

    @property
    def server_date(self) -> datetime | None:
        """The server's clock from the `Date` header, aware; `None` without a valid one."""
        return _http_date(self.headers.get("Date"))

    def raise_for_status(self) -> None:
        """Raise what the status alone means; return for 2xx.

        Raises:
            AuthError: 401.
            NotPermittedError: 403.
            ThrottledError: 429, with the pause that the headers name, at most 1 h.
            MaintenanceError: 503 with `Retry-After`.
            TransportError: Any other 5xx, 408, 425, and a redirect.
            UnsupportedError: Any other 4xx.
        """
        status, message, code = self.status, f"HTTP {self.status}", str(self.status)
        if 200 <= status < 300:
            return
        if status == 401:
            raise AuthError(message, code=code)
        if status == 403:
            raise NotPermittedError(message, code=code)
        if status == 429:
            pause = self._pause("Retry-After", "RateLimit-Reset")
            raise ThrottledError(message, retry_after=pause, code=code)
        if 400 <= status < 500 and status not in {408, 425}:
            raise UnsupportedError(message, code=code)
        if status == 503 and (pause := self._pause("Retry-After")) is not None:
            raise MaintenanceError(message, retry_after=pause, code=code)
        raise TransportError(message, code=code, reason="server_error")

    def _pause(self, *names: str) -> float | None:
        """Return the seconds that the first usable header of `names` asks for.

        At most an hour: any proxy on the way can send it.
        """
        for name in names:
            value = self.headers.get(name)
            if (seconds := number(value, low=0)) is not None:
                return min(seconds, _LONGEST_PAUSE)
            if (moment := _http_date(value)) is not None:
                # By the server's own clock, so that a wrong one here does no harm
                now = self.server_date or self.received_at
                pause = max(0.0, (moment - now).total_seconds())
                return min(pause, _LONGEST_PAUSE)
        return None


def _http_date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except ValueError, TypeError, OverflowError, IndexError:
        return None
