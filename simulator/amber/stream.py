"""The websocket with live prices, an alpha (amber.md section 3.7)."""

import asyncio
from contextlib import suppress
from datetime import datetime
import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

from . import prices
from .outlook import Outlook
from .protocol import Account, failure
from .sites import Site

if TYPE_CHECKING:
    from .server import AmberSimulator

_SERVICE = "live-prices"


class Stream:
    """The connections of all clients; the plain attributes are switches."""

    def __init__(self, server: AmberSimulator) -> None:
        """Serve at the root of the host."""
        self._server = server
        self.enabled = False
        """False: the account is not let in (403)."""
        self.silent = False
        """True: connections stay and bring no update."""
        self.interval = 0.05
        """Seconds of the real clock between two looks for news."""
        self.updates = 0
        """How many updates were sent."""
        self._connections: set[web.WebSocketResponse] = set()

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._connections)

    async def close(self, code: int = WSCloseCode.GOING_AWAY) -> None:
        """Close all connections."""
        for connection in list(self._connections):
            await connection.close(code=code)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        connection = web.WebSocketResponse()
        if not connection.can_prepare(request):
            return failure(404)
        found = self._server.account_of(request)
        if found is None or not self.enabled:
            return failure(403, None)
        await connection.prepare(request)
        self._connections.add(connection)
        subscribed: dict[str, object] = {}
        pushing = asyncio.create_task(self._push(connection, subscribed))
        try:
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    reply = self._reply(found[0], message.data, subscribed)
                    await connection.send_json(reply)
        except ConnectionError:
            pass
        finally:
            self._connections.discard(connection)
            pushing.cancel()
            with suppress(asyncio.CancelledError):
                await pushing
        return connection

    def _reply(
        self, account: Account, text: str, subscribed: dict[str, object]
    ) -> dict[str, Any]:
        try:
            asked = json.loads(text)
            action, site_id = asked["action"], asked["data"]["siteId"]
            known = asked["service"] == _SERVICE and action == "subscribe"
            site = self._server.sites.get(site_id)
        except ValueError, KeyError, TypeError:
            return {"service": _SERVICE, "action": "subscribe", "status": 400}
        status = 200
        if not known:
            status = 400
        elif site is None or not site.listed or not account.owns(site_id):
            status = 404
        else:
            subscribed[site_id] = self._news(site, self._server.clock())
        return {"service": _SERVICE, "action": "subscribe", "status": status}

    def _news(self, site: Site, now: datetime) -> object:
        """Return what differs as soon as there is something to tell."""
        server = self._server
        usual, late = (
            Outlook(server.market, server.timing, site.state, now, late=late)
            for late in (0.0, site.feed_in_delay)
        )
        return usual.slot, usual.final, late.final

    async def _push(
        self, connection: web.WebSocketResponse, subscribed: dict[str, object]
    ) -> None:
        with suppress(ConnectionError):
            while not connection.closed:
                await asyncio.sleep(self.interval)
                for site_id, told in list(subscribed.items()):
                    site, now = self._server.sites[site_id], self._server.clock()
                    news = self._news(site, now)
                    if news == told or self.silent:
                        continue
                    subscribed[site_id] = news
                    await connection.send_json(self._update(site, now))
                    self.updates += 1

    def _update(self, site: Site, now: datetime) -> dict[str, Any]:
        return {
            "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z",
            "service": _SERVICE,
            "action": "price-update",
            "data": {
                "siteId": site.id,
                "prices": prices.current(self._server, site, {}, now),
            },
        }
