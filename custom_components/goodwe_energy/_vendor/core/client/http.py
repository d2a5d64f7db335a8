"""Requests over a shared aiohttp session: bounded, counted, and with our errors only."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
import json
import logging
import random
from urllib.parse import urlencode

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from .budget import Budget
from .clock import Clock
from .errors import (
    ApiError,
    BadDataError,
    LockedError,
    MaintenanceError,
    ThrottledError,
    TransportError,
    WriteUnknown,
)
from .message import Request, Response

__all__ = ["HttpClient", "Request", "Response"]

_LOGGER = logging.getLogger(__name__)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 3
# Failures that a second try only repeats, at the vendor's cost
_HOPELESS = frozenset({"redirect", "too_large"})
# A request that queued for longer is built again: signatures carry a timestamp
_STALE = 5.0


class HttpClient:
    """Sends the requests of one account to one server, within its budget."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        *,
        budget: Budget,
        clock: Clock,
        redact: Callable[[str], str],
        hosts: Collection[str] = (),
        timeout: float = 15.0,
        max_body: int = 4 * 1024 * 1024,
    ) -> None:
        """Keep the settings; nothing is sent.

        Args:
            session: Shared session; never closed here.
            base_url: `http(s)://host[:port][/path]`.
            budget: Asked before each attempt; told of the vendor's pauses.
            clock: Source of time.
            redact: Makes text safe to log.
            hosts: Hosts beside the base URL's that redirects may lead to.
            timeout: Seconds for one attempt: connection, redirects and whole body.
            max_body: Most bytes of a body, counted after decompression.

        Raises:
            ValueError: If `base_url` is not as above.
        """
        base = URL(base_url)
        extra = base.user or base.password or base.raw_query_string or base.raw_fragment
        if base.scheme not in {"http", "https"} or not base.host or extra:
            raise ValueError("not a base URL")
        self._base = base
        self._session = session
        self._budget = budget
        self._clock = clock
        self._redact = redact
        self._hosts = {base.host, *map(str.lower, hosts)}
        self._timeout = timeout
        self._max_body = max_body

    async def read[T](
        self,
        build: Callable[[], Request],
        decode: Callable[[Response], T],
        *,
        delays: Sequence[float] = (2.0, 5.0),
    ) -> T:
        """Return what `decode` makes of the answer.

        After a `TransportError`, of the request or of `decode`, it is tried again
        after each of `delays` seconds (each up to 20 % shorter or longer), unless the
        answer was too large or led astray.

        Args:
            build: Makes the request, anew for each attempt.
            decode: Reads the answer; raises `ApiError` if it is none.
            delays: Pauses before the second and each further attempt.

        Raises:
            ApiError: Any but a `WriteError`.
        """
        for delay in delays:
            try:
                return await self._attempt(build, decode, write=False)
            except TransportError as err:
                if err.reason in _HOPELESS:
                    raise
            await self._clock.sleep(delay * random.uniform(0.8, 1.2))
        return await self._attempt(build, decode, write=False)

    async def write[T](
        self, build: Callable[[], Request], decode: Callable[[Response], T]
    ) -> T:
        """Send a change exactly once and return what `decode` makes of the answer.

        Cancelling it leaves open whether the change arrived.

        Raises:
            TransportError: It was not sent: there never was a connection.
            WriteUnknown: It may have arrived: no answer, a server's error or an answer
                of which `decode` makes nothing (`TransportError`, `BadDataError`).
            ApiError: What else `decode` raises; a `BadDataError` of reason
                `bad_request` if the request cannot be sent at all.
        """
        return await self._attempt(build, decode, write=True)

    async def _attempt[T](
        self,
        build: Callable[[], Request],
        decode: Callable[[Response], T],
        *,
        write: bool,
    ) -> T:
        request, built = build(), self._clock.monotonic()
        slot = self._budget.slot(request.group, write=write, lane=request.lane)
        async with slot:
            if self._clock.monotonic() - built > _STALE:
                request = build()
            try:
                response = await self._send(request, follow=not write)
            except ApiError as err:
                self._log(request, str(err))
                if not isinstance(err, _LostError):
                    raise
                kind = WriteUnknown if write else TransportError
                raise kind(str(err), reason=err.reason) from None
            self._log(request, f"HTTP {response.status}, {len(response.body)} bytes")
            try:
                return decode(response)
            except ApiError as err:
                self._obey(err)
                unclear = isinstance(err, TransportError | BadDataError) or (
                    isinstance(err, MaintenanceError) and response.status >= 500
                )
                if not (write and unclear):
                    raise
                raise WriteUnknown(str(err), code=err.code, reason=err.reason) from None

    def _log(self, request: Request, outcome: str) -> None:
        if _LOGGER.isEnabledFor(logging.DEBUG):
            asked = self._redact(f"{request.method} {request.path}")
            _LOGGER.debug("%s: %s", asked, outcome)

    def _obey(self, err: ApiError) -> None:
        """Stop the account, or the group alone, for as long as the vendor asked."""
        pause: float | None = None
        group: str | None = None
        match err:
            case LockedError(until=datetime() as until):
                pause, why = (until - self._clock.now()).total_seconds(), "locked"
            case ThrottledError():
                pause, why, group = err.retry_after, "throttled", err.group
            case MaintenanceError():
                pause, why = err.retry_after, "maintenance"
        if pause is not None:
            self._budget.block(pause, reason=err.reason or why, group=group)

    async def _send(self, request: Request, *, follow: bool) -> Response:
        """Send once, follow the redirects of a GET if told so, read the whole body.

        Raises:
            BadDataError: `bad_request`: HTTP cannot carry this; nothing was sent.
            TransportError: Nothing was sent; `_LostError` if it may have arrived.
        """
        method = request.method.upper()
        follow = follow and method == "GET"
        url = self._url(request.path).with_query(request.params)
        headers, body = _message(request)
        timeout = self._timeout if request.timeout is None else request.timeout
        if self._session.closed:
            raise TransportError("the HTTP session is closed", reason="closed")
        # Connecting gets less than the whole, so that it is known for a write whether
        # time ran out before anything was sent
        limits = aiohttp.ClientTimeout(total=None, connect=timeout * 2 / 3)
        try:
            async with asyncio.timeout(timeout):
                for _ in range(_MAX_REDIRECTS + 1):
                    answer = await self._session.request(
                        method,
                        url,
                        data=body,
                        headers=headers,
                        allow_redirects=False,
                        raise_for_status=False,
                        timeout=limits,
                        middlewares=(_send_once,),
                    )
                    try:
                        if not (300 <= answer.status < 400 and request.redirects):
                            return await self._receive(answer)
                        url = self._redirected(url, answer, follow=follow)
                    finally:
                        answer.close()
        except (aiohttp.ClientError, OSError, _DroppedError) as err:
            reason, message = _kind(err)
            kind = TransportError if isinstance(err, _NEVER_SENT) else _LostError
            # Neither chained nor quoted: aiohttp's errors carry the URL
            raise kind(message, reason=reason) from None
        raise _LostError("redirected too often", reason="redirect")

    def _url(self, path: str) -> URL:
        parts = path.removeprefix("/").split("/")
        if "" in parts[:-1] or not {".", ".."}.isdisjoint(parts):
            raise BadDataError("the path leaves the API", reason="bad_request")
        return self._base.joinpath(*parts) if path else self._base

    async def _receive(self, answer: aiohttp.ClientResponse) -> Response:
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > self._max_body:
                raise _LostError("the answer is too large", reason="too_large")
        return Response(
            status=answer.status,
            headers=answer.headers,
            body=bytes(body),
            received_at=self._clock.now(),
        )

    def _redirected(
        self, url: URL, answer: aiohttp.ClientResponse, *, follow: bool
    ) -> URL:
        """Return where `answer` leads, if that may be followed."""
        with suppress(ValueError):
            target = url.join(URL(answer.headers.get("Location", "")))
            if (
                follow
                and answer.status in _REDIRECTS
                and target.scheme in {url.scheme, "https"}
                and target.host in self._hosts
                and (target.port == url.port or target.is_default_port())
                and target.user is None
            ):
                return target.with_fragment(None)
        raise _LostError("redirected to where it may not go", reason="redirect")


class _LostError(TransportError):
    """The request may have reached the vendor, but no usable answer came back."""


class _DroppedError(Exception):
    """The connection broke after the request had begun."""


_NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)
# The first kind that fits; the message tells nothing that the error carries
_KINDS: tuple[tuple[type[Exception], str, str], ...] = (
    (aiohttp.ClientConnectorDNSError, "dns", "the server's name is not known"),
    (aiohttp.ClientSSLError, "tls", "the TLS handshake failed"),
    (aiohttp.ServerFingerprintMismatch, "tls", "the certificate is another one"),
    (aiohttp.ClientConnectorError, "unreachable", "the server cannot be reached"),
    (aiohttp.ConnectionTimeoutError, "timeout", "timed out while connecting"),
    (TimeoutError, "timeout", "timed out"),
    (_DroppedError, "disconnected", "the connection broke"),
    (aiohttp.ClientPayloadError, "disconnected", "the answer is incomplete"),
    (aiohttp.ClientConnectionError, "disconnected", "the connection broke"),
)


def _kind(err: Exception) -> tuple[str, str]:
    """Return reason and message for a failure."""
    if isinstance(getattr(err, "os_error", None), ConnectionRefusedError):
        return "refused", "the connection was refused"
    for kind, reason, message in _KINDS:
        if isinstance(err, kind):
            return reason, message
    return "bad_response", f"no valid HTTP answer ({type(err).__name__})"


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending again by itself when a connection drops.

    It does so for GET, PUT and DELETE: a change would go out twice, and a read would
    bypass the budget. As a request's middleware this replaces the session's own ones;
    Home Assistant's only guards redirects, which `HttpClient` follows by itself.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except aiohttp.ClientOSError, aiohttp.ServerDisconnectedError:
        raise _DroppedError from None


def _message(request: Request) -> tuple[Mapping[str, str], bytes | None]:
    """Return headers and body as they are sent."""
    headers, body = CIMultiDict({"Accept": "application/json"}), request.content
    if request.json is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(request.json, allow_nan=False, separators=(",", ":")).encode()
    elif request.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(request.form).encode()
    headers.update(request.headers)
    if not all(value.isprintable() for value in headers.values()):
        raise BadDataError("a header cannot be sent", reason="bad_request")
    return headers, body
