"""A WebSocket that no redirect takes to another server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from .errors import TransportError

_SECURE = frozenset({"https", "wss"})


@asynccontextmanager
async def websocket(
    session: aiohttp.ClientSession, url: str, **options: Any
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Open ``url`` as ``ws_connect`` of ``session`` does with ``options``.

    What is sent afterwards is secret, and ``ws_connect`` follows every redirect.

    Raises:
        TransportError: It was sent to another host, or to one without encryption
            (``redirect``).
        aiohttp.ClientError: As of ``ws_connect``.
    """
    wanted = URL(url)

    async def stay(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        now = request.url
        lost = wanted.scheme in _SECURE and now.scheme not in _SECURE
        if lost or now.host != wanted.host:
            raise TransportError("sent to another server", reason="redirect")
        return await handler(request)

    # Its connections and headers, but with a look at each hop
    async with (
        aiohttp.ClientSession(
            connector=session.connector,
            connector_owner=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=session.headers,
            middlewares=(stay,),
        ) as own,
        own.ws_connect(wanted, **options) as socket,
    ):
        yield socket
