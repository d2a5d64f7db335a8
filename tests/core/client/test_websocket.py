"""A WebSocket stays with the server it was opened to."""

from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest
from yarl import URL

from core.client.errors import TransportError
from core.client.websocket import websocket


class Host:
    """A server that sends whoever comes to ``/`` somewhere else."""

    def __init__(self) -> None:
        self.url, self.to = URL(), ""
        self.hosts: list[str | None] = []
        self.headers: list[str | None] = []

    async def send_away(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(self.to)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.hosts.append(request.url.host)
        self.headers.append(request.headers.get("X-Ours"))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str("hello")
        await socket.close()
        return socket


@pytest.fixture
async def host(socket_enabled: None) -> AsyncIterator[Host]:
    host, app = Host(), web.Application()
    app.router.add_get("/", host.send_away)
    app.router.add_get("/there", host.answer)
    async with TestServer(app) as server:
        host.url = server.make_url("/")
        yield host


@pytest.fixture
async def session(host: Host) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"X-Ours": "yes"}) as session:
        yield session


async def test_the_same_server_may_send_it_on(
    host: Host, session: aiohttp.ClientSession
) -> None:
    host.to = "/there"
    async with websocket(session, str(host.url), heartbeat=30.0) as socket:
        assert await socket.receive_str() == "hello"
    assert (host.hosts, host.headers) == (["127.0.0.1"], ["yes"])
    assert not session.closed
    assert session.connector is not None
    assert not session.connector.closed


async def test_it_goes_to_no_other_server(
    host: Host, session: aiohttp.ClientSession
) -> None:
    host.to = str(host.url.with_host("localhost") / "there")
    with pytest.raises(TransportError) as sent:
        async with websocket(session, str(host.url)):
            pass
    assert sent.value.reason == "redirect"
    assert "localhost" not in str(sent.value)
    assert host.hosts == []


async def test_what_is_no_websocket_is_told(
    host: Host, session: aiohttp.ClientSession
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as failed:
        async with websocket(session, str(host.url / "nothing")):
            pass
    assert failed.value.status == 404
