"""A real HTTP server in this process that misbehaves as told."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
import ssl
from typing import Self

from aiohttp import web

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Answers every request with `answer` and keeps what came.

    Attributes:
        answer: What to do; replaced by tests.
        requests: What arrived in full ...
        bodies: ... and its body.
        arrived: Set by each request; cleared by tests.
        stopping: Set at the end, for answers that wait.
        url: Where it listens.
    """

    def __init__(self) -> None:
        """Answer with an empty object until told otherwise."""
        self.answer: Answer = json_answer({})
        self.requests: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.url = ""
        self.arrived = asyncio.Event()
        self.stopping = asyncio.Event()

    @property
    def count(self) -> int:
        """How many requests arrived."""
        return len(self.requests)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.read())
        self.requests.append(request)
        self.arrived.set()
        return await self.answer(request)

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncGenerator[Self]:
        """Listen on a free port of this machine."""
        app = web.Application(client_max_size=1 << 24)
        app.router.add_route("*", "/{path:.*}", self._handle)
        # A real server goes on when its client is gone; access logs need real time
        runner = web.AppRunner(app, access_log=None, handler_cancellation=False)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            self.stopping.set()
            await runner.cleanup()


@asynccontextmanager
async def raw_server(answer: bytes) -> AsyncGenerator[tuple[str, list[bytes]]]:
    """Answer each request head with `answer` and close; yields URL and the heads."""
    heads: list[bytes] = []

    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads
    finally:
        server.close()
        await server.wait_closed()


def json_answer(data: object, status: int = 200, **headers: str) -> Answer:
    """Answer with `data`; underscores in header names become hyphens."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response(data, status=status, headers=sent)

    return answer


def body_answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Answer with `body` as it is."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers=sent)

    return answer


async def reset(request: web.Request) -> web.StreamResponse:
    """Break the connection after the request has been read."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def half_a_body(request: web.Request) -> web.StreamResponse:
    """Promise more than is sent, then break the connection."""
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"a":')
    assert request.transport is not None
    request.transport.close()
    return response


def drip(server: Server) -> Answer:
    """Send a byte now and then, without end."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while not server.stopping.is_set():
            try:
                await response.write(b" ")
            except ConnectionError:
                break
            await asyncio.sleep(0.02)
        return response

    return answer


def silence(server: Server) -> Answer:
    """Never answer."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await server.stopping.wait()
        return web.Response()

    return answer
