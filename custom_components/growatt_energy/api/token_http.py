"""How requests with a token go out (reference sections 2.1, 5.2 and 5.4)."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from .._vendor.core.client.budget import Budget
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import AuthError, NotPermittedError, ThrottledError
from .._vendor.core.client.http import HttpClient
from .._vendor.core.client.message import Request, Response
from .classic_answers import checked, obj
from .envelopes import Kind, v1_body, v4_body
from .errors import PERMISSION, RATE_LIMIT, check_status, object_of
from .limits import NOAH_APP, PATIENCE, SHORT_PAUSE, SLOW_FOR, SLOW_GAP, Pauses
from .write_watch import WriteWatch

READ_TIMEOUT = 30.0
# They wait for the datalogger.
LIVE_TIMEOUT = 60.0
# A refusal of these is about the token, but has come and gone by itself (2.1).
_PLANT_LEVEL = frozenset({"plant/list", "device/list", "queryDeviceList"})
_REFUSALS = 2


class TokenHttp:
    """Sends the requests of one token to one host, within its limits.

    Each read is sent once: a second try would be over the limit, and the next poll
    comes anyway.
    """

    def __init__(
        self,
        http: HttpClient,
        token: str,
        *,
        user_agent: str,
        budget: Budget,
        clock: Clock,
        redact: Callable[[str], str],
    ) -> None:
        """Take what is shared with other users of the same account.

        ``http`` has the host's base URL; ``budget`` is the same as ``http``'s.
        """
        self._http = http
        self._headers = {"token": token, "User-Agent": user_agent}
        self._budget = budget
        self._clock = clock
        self._redact = redact
        self._pauses = Pauses()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._denied = 0
        self.writes = WriteWatch()

    def admit(self, group: str) -> None:
        """Raise ``ThrottledError`` if a write to ``group`` could not go soon."""
        try:
            self._budget.require(1, group, write=True)
        except ThrottledError as err:
            if not _short(err):
                raise

    async def v1(
        self,
        method: Literal["GET", "POST"],
        endpoint: str,
        params: Mapping[str, str],
        *,
        kind: Kind = Kind.READ,
        path: str | None = None,
    ) -> dict[str, Any]:
        """Return the envelope of a V1 endpoint, such as ``plant/list``.

        The parameters go into the query of a GET and the form of a POST. Raises what
        ``envelopes.v1_body`` raises, and ``ThrottledError`` with the endpoint as group
        if the documented limit lets none through.
        """
        return await self._send(
            method, path or f"v1/{endpoint}", endpoint, params, v1_body, kind
        )

    async def v4(
        self,
        endpoint: str,
        params: Mapping[str, str],
        *,
        kind: Kind = Kind.READ,
        group: str | None = None,
    ) -> dict[str, Any]:
        """Return the envelope of a v4 endpoint; raises as ``v1``."""
        return await self._send(
            "POST", f"v4/new-api/{endpoint}", group or endpoint, params, v4_body, kind
        )

    async def app(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        """Return ``obj`` of one of the app's NOAH paths, which take the token too."""
        return obj(await self._send("POST", path, NOAH_APP, form, _app_body, Kind.READ))

    async def v1_data(
        self,
        method: Literal["GET", "POST"],
        endpoint: str,
        params: Mapping[str, str],
    ) -> dict[str, Any]:
        """Return the ``data`` of a V1 read; an empty one if there is none."""
        return dict(mapping((await self.v1(method, endpoint, params)).get("data")))

    async def _send(
        self,
        method: str,
        path: str,
        group: str,
        params: Mapping[str, str],
        unwrap: Callable[[Response, Kind, Callable[[str], str]], dict[str, Any]],
        kind: Kind,
    ) -> dict[str, Any]:
        request = Request(
            method=method,
            path=path,
            params=params if method == "GET" else {},
            form=params if method == "POST" else None,
            headers=self._headers,
            group=group,
            timeout=READ_TIMEOUT if kind is Kind.READ else LIVE_TIMEOUT,
            redirects=False,
        )

        def decode(response: Response) -> dict[str, Any]:
            try:
                return unwrap(response, kind, self._redact)
            except ThrottledError as err:
                raise ThrottledError(
                    str(err),
                    # Who writes waits by itself: nothing may stay as it was for long.
                    retry_after=self._pauses.refused(group)
                    if kind is Kind.READ
                    else SHORT_PAUSE,
                    code=err.code,
                    reason=RATE_LIMIT,
                    group=group,
                ) from None

        async def send() -> dict[str, Any]:
            if kind is Kind.WRITE:
                with self.writes.write():
                    return await self._http.write(lambda: request, decode)
            return await self._http.read(lambda: request, decode, delays=())

        try:
            body = await self._patiently(group, send)
        except ThrottledError as err:
            if err.code is not None:  # the vendor's word, not our own budget's
                self._budget.slow_down(SLOW_GAP, SLOW_FOR)
            raise
        except NotPermittedError as err:
            self._count_denial(group, err)
            raise
        self._pauses.answered(group)
        if group in _PLANT_LEVEL:
            self._denied = 0
        return body

    async def _patiently[T](self, group: str, send: Callable[[], Awaitable[T]]) -> T:
        """Send, after the endpoint's gap if that is short; one after the other."""
        async with self._turns[group]:
            while True:
                try:
                    return await send()
                except ThrottledError as err:
                    if err.code is not None:
                        raise
                    if not _short(err):
                        raise ThrottledError(
                            str(err),
                            retry_after=err.retry_after,
                            reason=err.reason,
                            group=group if err.reason == "budget" else err.group,
                        ) from None
                    pause = err.retry_after or 0.0
                await self._clock.sleep(pause)

    def _count_denial(self, group: str, err: NotPermittedError) -> None:
        """Raise ``AuthError`` if the token was refused at plant level in a row."""
        if group not in _PLANT_LEVEL or err.reason != PERMISSION:
            return
        self._denied += 1
        if self._denied >= _REFUSALS:
            raise AuthError(str(err), code=err.code, reason=PERMISSION) from err


def _app_body(
    response: Response, _kind: Kind, redact: Callable[[str], str]
) -> dict[str, Any]:
    check_status(response)
    body = object_of(response)
    checked(body, redact)
    return body


def _short(err: ThrottledError) -> bool:
    """Whether our own budget lets the request through within moments."""
    return (
        err.code is None
        and err.reason == "budget"
        and err.retry_after is not None
        and err.retry_after <= PATIENCE
    )
