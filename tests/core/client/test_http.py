"""The client against a real server: fault-matrix.md rows 1 to 6, 16, 20, 21, 42, 46."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
import gzip
import ipaddress
import json
import logging
import math
from pathlib import Path
import socket
import ssl
import traceback
import tracemalloc
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
import pytest
from yarl import URL

from core.client.budget import Budget, Rule
from core.client.clock import SystemClock
from core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from core.client.http import HttpClient, Request, Response
from core.client.redact import Redactor
from tests.core.fake_clock import FakeClock

from .server import (
    Answer,
    Server,
    body_answer,
    drip,
    half_a_body,
    json_answer,
    raw_server,
    reset,
    silence,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

CANARY = "CANARY5e8f2a"
HTML = b"<html><body>502 Bad Gateway</body></html>"


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    async with Server().running() as server:
        yield server


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(auto=True)


@pytest.fixture
def budget(clock: FakeClock) -> Budget:
    return Budget([Rule(limit=1000, window=86400)], clock=clock)


type MakeClient = Callable[..., HttpClient]


@pytest.fixture
def make_client(
    session: aiohttp.ClientSession, clock: FakeClock, budget: Budget
) -> MakeClient:
    def make(url: str, **more: Any) -> HttpClient:
        redactor = Redactor()
        redactor.add(CANARY, "canary")
        settings: dict[str, Any] = {
            "session": session,
            "budget": budget,
            "clock": clock,
            "redact": redactor.text,
        }
        return HttpClient(base_url=url, **settings | more)

    return make


@pytest.fixture
def client(server: Server, make_client: MakeClient) -> HttpClient:
    return make_client(f"{server.url}/api")


def request(method: str = "GET", path: str = "live", **more: Any) -> Request:
    return Request(method=method, path=path, **more)


def decode(response: Response) -> Any:
    response.raise_for_status()
    return response.json()


async def read(client: HttpClient, **more: Any) -> Any:
    """Read without a second try."""
    return await client.read(lambda: request(**more), decode, delays=())


async def write(client: HttpClient, method: str = "POST", **more: Any) -> Any:
    return await client.write(lambda: request(method, json={"on": 1}, **more), decode)


# --- what is sent and what comes back


async def test_request_and_response(
    server: Server, client: HttpClient, clock: FakeClock
) -> None:
    server.answer = json_answer(
        {"code": 200}, Date="Fri, 20 Nov 2026 12:00:05 GMT", X_Thing="yes"
    )
    answers: list[Response] = []

    def keep(response: Response) -> Any:
        answers.append(response)
        return decode(response)

    result = await client.read(
        lambda: request(
            path="sites/a b/prices",
            params={"next": "288", "at": "10:00+01"},
            headers={"appId": "x"},
        ),
        keep,
    )

    assert result == {"code": 200}
    (seen,) = server.requests
    assert seen.method == "GET"
    assert seen.raw_path.startswith("/api/sites/a%20b/prices?")
    assert dict(seen.query) == {"next": "288", "at": "10:00+01"}
    assert seen.headers["Accept"] == "application/json"
    assert seen.headers["appid"] == "x"
    assert "Content-Type" not in seen.headers
    assert server.bodies == [b""]
    (response,) = answers
    assert response.status == 200
    assert response.headers["x-thing"] == "yes"
    assert json.loads(response.body) == {"code": 200}
    assert response.received_at == clock.now()
    assert response.server_date == datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC)


async def test_body_and_headers_of_a_write(server: Server, client: HttpClient) -> None:
    await client.write(
        lambda: request("post", json={"a": [1, None]}, headers={"accept": "x/y"}),
        decode,
    )
    (seen,) = server.requests
    assert seen.method == "POST"
    assert seen.headers["Content-Type"] == "application/json"
    assert seen.headers.getall("Accept") == ["x/y"]
    assert server.bodies == [b'{"a":[1,null]}']


async def test_connections_are_reused(server: Server, client: HttpClient) -> None:
    for _ in range(3):
        await read(client)
    assert len({r.transport for r in server.requests}) == 1


async def test_an_empty_body_is_a_body(server: Server, client: HttpClient) -> None:
    await client.read(lambda: request("POST", json={}), decode)
    assert server.bodies == [b"{}"]


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("/api", "live", "/api/live"),
        ("/api", "/live", "/api/live"),
        ("/api/", "live", "/api/live"),
        ("", "live", "/live"),
        ("/api", "", "/api"),
        ("/api", "a/", "/api/a/"),
        ("/api", "a?b=c#d", "/api/a%3Fb=c%23d"),
        ("/api", "%2e%2e/x", "/api/%252e%252e/x"),
        ("/api", "https:", "/api/https:"),
    ],
)
async def test_paths_stay_below_the_base(
    server: Server, make_client: MakeClient, base: str, path: str, expected: str
) -> None:
    await read(make_client(server.url + base), path=path)
    assert server.requests[0].raw_path == expected


@pytest.mark.parametrize(
    "bad",
    [
        {"path": "../secret"},
        {"path": "a/../../b"},
        {"path": "a/."},
        {"path": "//evil.example/x"},
        {"path": "https://evil.example/x"},
        {"headers": {"appId": "a\r\nX-Evil: 1"}},
        {"headers": {"appId": "a\n"}},
        {"headers": {"appId": "a\x00"}},
        {"headers": {"appId": "a\ud800"}},
    ],
)
async def test_what_cannot_be_sent_is_not_sent(
    server: Server, client: HttpClient, bad: dict[str, Any]
) -> None:
    for sending in (read(client, **bad), write(client, **bad)):
        with pytest.raises(BadDataError) as caught:
            await sending
        assert caught.value.reason == "bad_request"
    assert server.count == 0


async def test_a_body_that_is_no_json_is_a_defect_of_the_caller(
    server: Server, client: HttpClient
) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        await client.write(lambda: request("POST", json={"a": math.nan}), decode)
    assert server.count == 0
    await read(client)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "host",
        "ftp://host",
        "http://",
        "https://user@host",
        "https://:pw@host",
        "https://host/?a=1",
        "https://host/#a",
        "http://[::1",
    ],
)
async def test_no_base_url(make_client: MakeClient, url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make_client(url)


# --- row 1: not reached


class NoResolver(AbstractResolver):
    """Knows no name, or never comes to an end."""

    def __init__(self, *, slow: bool) -> None:
        self.slow = slow

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self.slow:
            await asyncio.sleep(5)
        raise OSError(None, "unknown host " + host)

    async def close(self) -> None:
        """There is nothing to close."""


async def unused_url() -> str:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"


async def failing(kind: str, make_client: MakeClient, server: Server) -> HttpClient:
    """Return a client that cannot connect."""
    if kind == "refused":
        return make_client(await unused_url())
    if kind == "tls":
        return make_client(server.url.replace("http:", "https:"))
    resolver = NoResolver(slow=kind == "timeout")
    connector = aiohttp.TCPConnector(resolver=resolver)
    session = aiohttp.ClientSession(connector=connector)
    return make_client("http://vendor.example", session=session, timeout=0.15)


@pytest.mark.parametrize("kind", ["refused", "dns", "tls", "timeout"])
async def test_row_1_never_connected(
    server: Server, make_client: MakeClient, kind: str, budget: Budget
) -> None:
    client = await failing(kind, make_client, server)
    for number, sending in enumerate((read(client), write(client)), 1):
        with pytest.raises(ApiError) as caught:
            await sending
        # Also for a write: what was never sent is not unknown
        assert type(caught.value) is TransportError
        assert caught.value.reason == kind
        assert budget.requests_today == number
    assert server.count == 0
    await client._session.close()


async def test_row_1_unreachable(server: Server, make_client: MakeClient) -> None:
    # This machine does not have the address from which it shall connect
    connector = aiohttp.TCPConnector(local_addr=("203.0.113.1", 0))
    async with aiohttp.ClientSession(connector=connector) as session:
        client = make_client(server.url, session=session)
        with pytest.raises(TransportError) as caught:
            await write(client)
    assert caught.value.reason == "unreachable"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a self-signed certificate for this machine, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + signed.public_bytes(serialization.Encoding.PEM)
    path = tmp_path / "cert.pem"
    path.write_bytes(pem)
    return path


async def test_row_1_unknown_certificate(
    make_client: MakeClient, certificate: Path
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    async with Server().running(tls) as server:
        client = make_client(server.url)
        for sending in (read(client), write(client)):
            with pytest.raises(TransportError) as caught:
                await sending
            assert caught.value.reason == "tls"
    assert server.count == 0


async def test_a_closed_session(
    server: Server, client: HttpClient, session: aiohttp.ClientSession
) -> None:
    await session.close()
    for sending in (read(client), write(client)):
        with pytest.raises(TransportError) as caught:
            await sending
        assert caught.value.reason == "closed"


# --- rows 2 to 4: no good answer. Each is a read's TransportError and a write's doubt


async def bomb(request: web.Request) -> web.StreamResponse:
    return web.Response(
        body=BOMB, headers={"Content-Encoding": "gzip", "Content-Type": "text/plain"}
    )


BOMB = gzip.compress(bytes(64 * 1024 * 1024), 9)
BAD_ANSWERS: dict[str, tuple[str, Callable[[Server], Answer]]] = {
    "row 2 drip": ("timeout", drip),
    "row 2 silence": ("timeout", silence),
    "row 3 500": ("server_error", lambda _: json_answer({}, 500)),
    "row 3 502": ("server_error", lambda _: body_answer(HTML, 502)),
    "row 3 503": ("server_error", lambda _: body_answer(HTML, 503)),
    "row 3 html": ("not_json", lambda _: body_answer(HTML)),
    "row 3 empty": ("not_json", lambda _: body_answer(b"")),
    "row 4 huge": ("too_large", lambda _: body_answer(bytes(200_000))),
    "row 4 bomb": ("too_large", lambda _: bomb),
    "row 4 bad gzip": (
        "disconnected",
        lambda _: body_answer(b"no gzip at all", Content_Encoding="gzip"),
    ),
    "row 4 redirect loop": (
        "redirect",
        lambda _: body_answer(b"", 302, Location="/api/live"),
    ),
    "reset": ("disconnected", lambda _: reset),
    "half a body": ("disconnected", lambda _: half_a_body),
}


@pytest.mark.parametrize("fault", BAD_ANSWERS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_bad_answers(
    server: Server, make_client: MakeClient, budget: Budget, fault: str, method: str
) -> None:
    reason, answer = BAD_ANSWERS[fault]
    server.answer = answer(server)
    limit = 0.1 if reason == "timeout" else 5.0
    client = make_client(f"{server.url}/api", timeout=limit, max_body=100_000)

    with pytest.raises(ApiError) as caught:
        await read(client, method=method)
    assert type(caught.value) is TransportError
    assert caught.value.reason == reason
    followed = method == "GET" and "redirect" in fault
    assert server.count == (4 if followed else 1)

    server.requests.clear()
    with pytest.raises(ApiError) as caught:
        await write(client, method)
    assert type(caught.value) is WriteUnknown
    assert caught.value.reason == reason
    assert server.count == 1
    assert budget.requests_today == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n{}",
        b"",
        b"HTTP/1.1 200",
    ],
    ids=lambda answer: repr(answer)[:40],
)
async def test_no_http(make_client: MakeClient, answer: bytes) -> None:
    async with raw_server(answer) as (url, heads):
        client = make_client(url, timeout=0.5)
        with pytest.raises(ApiError) as caught:
            await read(client)
        assert type(caught.value) is TransportError
        assert caught.value.reason in {"bad_response", "disconnected"}
        with pytest.raises(WriteUnknown):
            await write(client, "PUT")
        assert len(heads) == 2


async def test_a_bomb_takes_little_memory(
    server: Server, make_client: MakeClient
) -> None:
    server.answer = bomb
    client = make_client(server.url, max_body=1024 * 1024)
    await read_too_large(client)
    tracemalloc.start()
    try:
        await read_too_large(client)
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


async def read_too_large(client: HttpClient) -> None:
    with pytest.raises(TransportError) as caught:
        await read(client)
    assert caught.value.reason == "too_large"


async def test_a_body_of_just_the_largest_size(
    server: Server, make_client: MakeClient
) -> None:
    server.answer = body_answer(
        gzip.compress(b" " * 998 + b"[]"), Content_Encoding="gzip"
    )
    assert await read(make_client(server.url, max_body=1000)) == []
    await read_too_large(make_client(server.url, max_body=999))


async def test_time_limits_of_client_and_request(
    server: Server, make_client: MakeClient
) -> None:
    server.answer = drip(server)
    loop = asyncio.get_running_loop()
    for client_limit, own in ((0.2, None), (30.0, 0.2)):
        started = loop.time()
        with pytest.raises(TransportError):
            await read(make_client(server.url, timeout=client_limit), timeout=own)
        assert 0.15 < loop.time() - started < 2


async def test_no_connection_is_left_behind(
    server: Server, make_client: MakeClient
) -> None:
    connector = aiohttp.TCPConnector(limit=1)
    async with aiohttp.ClientSession(connector=connector) as session:
        client = make_client(
            f"{server.url}/api", session=session, timeout=0.3, max_body=100_000
        )
        for _, answer in BAD_ANSWERS.values():
            server.answer = answer(server)
            with pytest.raises(TransportError):
                await read(client)
            server.answer = json_answer("fine")
            assert await read(client) == "fine"


# --- redirects


async def test_a_redirect_within_the_host_is_followed(
    server: Server, client: HttpClient, budget: Budget
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/api/live":
            raise web.HTTPTemporaryRedirect("/moved/here?x=1#part")
        return web.json_response({"path": request.path_qs})

    server.answer = answer
    headers = {"sign": "s"}
    assert await read(client, headers=headers) == {"path": "/moved/here?x=1"}
    assert [r.headers["sign"] for r in server.requests] == ["s", "s"]
    assert budget.requests_today == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("hops", [3, 4])
async def test_at_most_three_redirects(
    server: Server, client: HttpClient, status: int, hops: int
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if server.count <= hops:
            return web.Response(status=status, headers={"Location": f"/{server.count}"})
        return web.json_response("arrived")

    server.answer = answer
    if hops == 3:
        assert await read(client) == "arrived"
    else:
        with pytest.raises(TransportError) as caught:
            await read(client)
        assert caught.value.reason == "redirect"
    assert server.count == 4


@pytest.mark.parametrize("allowed", [True, False])
async def test_another_host_must_be_named(
    server: Server, make_client: MakeClient, allowed: bool
) -> None:
    port = URL(server.url).port

    class Resolver(NoResolver):
        async def resolve(self, *args: Any, **more: Any) -> list[ResolveResult]:
            return [
                ResolveResult(
                    hostname=args[0],
                    host="127.0.0.1",
                    port=port or 0,
                    family=socket.AF_INET,
                    proto=0,
                    flags=0,
                )
            ]

    async def answer(request: web.Request) -> web.StreamResponse:
        if server.count == 1:
            raise web.HTTPFound(f"http://eu.vendor.example:{port}/live")
        return web.json_response(request.host)

    server.answer = answer
    connector = aiohttp.TCPConnector(resolver=Resolver(slow=False))
    async with aiohttp.ClientSession(connector=connector) as session:
        client = make_client(
            f"http://vendor.example:{port}",
            session=session,
            hosts=["EU.vendor.example"] if allowed else [],
        )
        if allowed:
            assert await read(client) == f"eu.vendor.example:{port}"
        else:
            with pytest.raises(TransportError) as caught:
                await read(client)
            assert caught.value.reason == "redirect"
    assert server.count == (2 if allowed else 1)


@pytest.mark.parametrize(
    ("location", "status"),
    [
        ("http://evil.example/", 302),
        ("//evil.example/", 302),
        ("http://127.0.0.1:1/", 302),
        ("http://user:pw@{host}/", 302),
        ("ftp://{host}/", 302),
        ("javascript:alert(1)", 302),
        ("http://[::1", 302),
        ("http://{host}:99999/", 302),
        ("/live", 300),
        ("/live", 304),
    ],
)
async def test_redirects_that_are_not_followed(
    server: Server, client: HttpClient, location: str, status: int
) -> None:
    host = URL(server.url).authority
    server.answer = body_answer(b"", status, Location=location.format(host=host))
    with pytest.raises(TransportError) as caught:
        await read(client)
    assert caught.value.reason == "redirect"
    assert server.count == 1


async def test_https_is_never_left(make_client: MakeClient, certificate: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=certificate)
    connector = aiohttp.TCPConnector(ssl=trust)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        Server().running(tls) as server,
    ):
        client = make_client(server.url, session=session)
        assert await read(client) == {}
        for location in (server.url.replace("https", "http"), "http://127.0.0.1/"):
            server.answer = body_answer(b"", 302, Location=location)
            with pytest.raises(TransportError) as caught:
                await read(client)
            assert caught.value.reason == "redirect"
        assert server.count == 3


@pytest.mark.parametrize(
    ("base", "location", "expected"),
    [
        ("http://h.example:8080/a", "https://h.example/b", "https://h.example/b"),
        ("http://h.example/a", "https://H.example/b", "https://h.example/b"),
        ("https://h.example/a", "https://h.example:443/b", "https://h.example/b"),
        ("https://h.example/a", "https://h.example:8443/b", None),
        ("http://h.example/a", "https://h.example:22/b", None),
        ("https://h.example/a", "http://h.example/b", None),
    ],
)
async def test_ports_and_schemes_of_redirects(
    make_client: MakeClient, base: str, location: str, expected: str | None
) -> None:
    class Redirecting:
        status = 302
        headers = {"Location": location}

    def target() -> URL:
        answer: Any = Redirecting()
        return make_client(base)._redirected(URL(base), answer, follow=True)

    if expected is None:
        with pytest.raises(TransportError):
            target()
    else:
        assert str(target().with_port(None)) == expected


# --- second tries of reads


async def test_a_read_is_tried_again_after_jittered_delays(
    server: Server, client: HttpClient, clock: FakeClock, budget: Budget
) -> None:
    built: list[float] = []
    server.answer = body_answer(HTML, 502)

    def build() -> Request:
        built.append(clock.monotonic())
        return request(headers={"timeStamp": str(len(built))})

    with pytest.raises(TransportError):
        await client.read(build, decode)

    first, second = clock.slept
    assert 1.6 <= first <= 2.4
    assert 4.0 <= second <= 6.0
    assert server.count == len(built) == budget.requests_today == 3
    stamps = [r.headers["timeStamp"] for r in server.requests]
    assert stamps == ["1", "2", "3"]
    assert len(set(built)) == 3


async def test_delays_are_spread(
    server: Server, client: HttpClient, clock: FakeClock
) -> None:
    server.answer = body_answer(HTML, 502)
    with pytest.raises(TransportError):
        await client.read(request, decode, delays=[1.0] * 30)
    assert server.count == 31
    assert all(0.8 <= slept <= 1.2 for slept in clock.slept)
    assert max(clock.slept) - min(clock.slept) > 0.1


async def test_the_second_try_can_bring_it(
    server: Server, client: HttpClient, clock: FakeClock
) -> None:
    faults: list[Answer] = [reset, body_answer(HTML), json_answer("here")]

    async def answer(request: web.Request) -> web.StreamResponse:
        return await faults[server.count - 1](request)

    server.answer = answer
    assert await client.read(request, decode) == "here"
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AuthError),
        (403, NotPermittedError),
        (404, UnsupportedError),
        (429, ThrottledError),
    ],
)
async def test_other_errors_go_up_at_once(
    server: Server,
    client: HttpClient,
    clock: FakeClock,
    status: int,
    kind: type[ApiError],
) -> None:
    server.answer = body_answer(HTML, status)
    for sending in (client.read(request, decode), write(client)):
        with pytest.raises(ApiError) as caught:
            await sending
        assert type(caught.value) is kind
    assert server.count == 2
    assert clock.slept == []


async def test_errors_of_decode_pass(server: Server, client: HttpClient) -> None:
    def refuse(response: Response) -> None:
        raise WriteRejected("overlap", code="6008")

    def stumble(response: Response) -> None:
        raise LookupError("a defect")

    with pytest.raises(WriteRejected) as caught:
        await client.write(request, refuse)
    assert caught.value.code == "6008"
    for sending in (client.write(request, stumble), client.read(request, stumble)):
        with pytest.raises(LookupError):
            await sending
    assert server.count == 3


async def test_data_that_is_not_understood(server: Server, client: HttpClient) -> None:
    def puzzle(response: Response) -> None:
        raise BadDataError("no envelope", code="7", reason="envelope")

    with pytest.raises(BadDataError):
        await client.read(request, puzzle)
    assert server.count == 1
    with pytest.raises(WriteUnknown) as caught:
        await client.write(request, puzzle)
    assert (str(caught.value), caught.value.code) == ("no envelope", "7")
    assert caught.value.reason == "envelope"


# --- pauses that the vendor asks for


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {"Retry_After": "30"}, 30),
        (429, {"RateLimit_Reset": "187"}, 187),
        (429, {}, None),
        (503, {"Retry_After": "600"}, 600),
    ],
)
async def test_row_5_everything_waits_for_the_vendors_pause(
    server: Server,
    client: HttpClient,
    clock: FakeClock,
    status: int,
    headers: dict[str, str],
    pause: float | None,
) -> None:
    server.answer = body_answer(b"", status, **headers)
    with pytest.raises((ThrottledError, MaintenanceError)) as caught:
        await client.read(request, decode)
    assert caught.value.retry_after == pause
    server.answer = json_answer({})
    if pause is not None:
        for sending in (client.read(request, decode), write(client)):
            with pytest.raises(ThrottledError) as throttled:
                await sending
            assert throttled.value.retry_after == pytest.approx(pause)
        assert server.count == 1
        await clock.advance(pause)
    await client.read(request, decode)
    assert server.count == 2


@pytest.mark.parametrize("status", [429, 503])
async def test_row_5_a_header_stops_for_an_hour_at_most(
    server: Server, client: HttpClient, clock: FakeClock, budget: Budget, status: int
) -> None:
    server.answer = body_answer(b"", status, Retry_After="86400")
    with pytest.raises((ThrottledError, MaintenanceError)):
        await client.read(request, decode)
    later = Budget([Rule(limit=1000, window=86400)], clock=clock)
    later.restore(budget.dump())
    for known in (budget, later):
        assert known.next_reset is not None
        assert known.next_reset - clock.now() <= timedelta(hours=1, seconds=1)
    await clock.advance(3601)
    server.answer = json_answer({})
    await client.read(request, decode)


async def test_row_7_a_lock_stops_everything(
    server: Server, client: HttpClient, clock: FakeClock, budget: Budget
) -> None:
    def locked(response: Response) -> None:
        raise LockedError("locked", until=clock.now() + timedelta(hours=24))

    with pytest.raises(LockedError):
        await client.read(request, locked)
    with pytest.raises(ThrottledError) as caught:
        await read(client)
    assert caught.value.reason == "locked"
    assert caught.value.retry_after == 24 * 3600
    assert server.count == 1


async def test_a_lock_without_an_end_or_in_the_past_stops_nothing(
    client: HttpClient, clock: FakeClock
) -> None:
    for until in (None, clock.now() - timedelta(hours=1)):

        def locked(response: Response, until: datetime | None = until) -> None:
            raise LockedError("locked", until=until)

        with pytest.raises(LockedError):
            await client.read(request, locked)
        await read(client)


async def test_a_reason_of_the_vendor_is_kept(client: HttpClient) -> None:
    def busy(response: Response) -> None:
        raise MaintenanceError("busy", retry_after=60, reason="network_busy")

    with pytest.raises(MaintenanceError):
        await client.read(request, busy)
    with pytest.raises(ThrottledError) as caught:
        await read(client)
    assert caught.value.reason == "network_busy"


async def test_row_5_a_limit_of_one_group_stops_that_group_alone(
    server: Server, client: HttpClient, clock: FakeClock
) -> None:
    def limited(response: Response) -> None:
        raise ThrottledError(
            "limit", retry_after=60, reason="rate_limit", group="prices"
        )

    def prices() -> Request:
        return Request(method="GET", path="prices", group="prices")

    with pytest.raises(ThrottledError):
        await client.read(prices, limited)
    with pytest.raises(ThrottledError) as caught:
        await client.read(prices, decode)
    assert (caught.value.reason, caught.value.group) == ("rate_limit", "prices")
    assert server.count == 1
    await read(client, group="sites")
    await clock.advance(60)
    await client.read(prices, decode)
    assert server.count == 3


async def test_maintenance_of_a_write(server: Server, client: HttpClient) -> None:
    def busy(response: Response) -> None:
        raise MaintenanceError("busy")

    # The vendor's own word: it did nothing
    with pytest.raises(MaintenanceError):
        await client.write(request, busy)
    # Some gateway's word: who knows what stands behind it
    server.answer = body_answer(HTML, 503, Retry_After="60")
    with pytest.raises(WriteUnknown):
        await write(client)
    with pytest.raises(ThrottledError) as caught:
        await read(client)
    assert caught.value.retry_after == 60
    assert server.count == 2


async def test_a_used_up_budget_sends_nothing_and_blocks_nothing(
    server: Server, make_client: MakeClient, clock: FakeClock
) -> None:
    rule = Rule(limit=2, window=60, groups=frozenset({"live"}), reserve=1)
    client = make_client(server.url, budget=Budget([rule], clock=clock))
    await read(client, group="live")
    with pytest.raises(ThrottledError) as caught:
        await read(client, group="live")
    assert caught.value.reason == "budget"
    assert server.count == 1
    await read(client, group="other")
    await write(client, group="live")
    with pytest.raises(ThrottledError):
        await write(client, group="live")
    assert server.count == 3


async def test_a_request_that_queued_for_long_is_built_again(
    server: Server, make_client: MakeClient, clock: FakeClock
) -> None:
    client = make_client(server.url, budget=Budget(clock=clock, min_gap=10))
    built = 0

    def build() -> Request:
        nonlocal built
        built += 1
        return request(headers={"built": str(built)})

    await client.read(build, decode)
    await client.read(build, decode)
    assert [r.headers["built"] for r in server.requests] == ["1", "3"]


# --- writes go out once


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_row_21_a_lost_answer_is_unknown_and_nothing_is_sent_again(
    server: Server, client: HttpClient, clock: FakeClock, method: str
) -> None:
    await write(client, method)  # now the connection is an old one
    for fault in (reset, half_a_body, body_answer(HTML, 500)):
        server.requests.clear()
        server.answer = fault
        with pytest.raises(WriteUnknown):
            await write(client, method)
        assert server.count == 1
    assert clock.slept == []


async def test_a_connection_that_the_server_closed_meanwhile(
    server: Server, client: HttpClient
) -> None:
    async def answer_and_close(request: web.Request) -> web.StreamResponse:
        response = web.json_response({})
        await response.prepare(request)
        await response.write_eof()
        assert request.transport is not None
        asyncio.get_running_loop().call_soon(request.transport.close)
        return response

    server.answer = answer_and_close
    for _ in range(5):
        with suppress(WriteUnknown):
            await write(client, "PUT")
    assert server.count <= 5


async def test_retry_after_a_401_is_up_to_the_caller(
    server: Server, client: HttpClient
) -> None:
    server.answer = body_answer(b"", 401)
    with pytest.raises(AuthError):
        await write(client)
    assert server.count == 1


# --- cancelled callers


async def test_row_46_a_cancelled_caller_frees_the_slot(
    server: Server, client: HttpClient, budget: Budget
) -> None:
    server.answer = silence(server)
    for sending in (client.read(request, decode), write(client)):
        server.arrived.clear()
        task = asyncio.create_task(sending)
        await server.arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    server.answer = json_answer({})
    await read(client)
    assert budget.requests_today == 3


async def test_one_at_a_time(server: Server, client: HttpClient) -> None:
    under_way = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal under_way
        under_way += 1
        most.append(under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return web.json_response({})

    most: list[int] = []
    server.answer = answer
    await asyncio.gather(*(read(client) for _ in range(5)))
    assert most == [1] * 5


# --- row 42: nothing secret gets out


@pytest.mark.parametrize(
    "fault",
    ["refused", "dns", "tls", "timeout", *BAD_ANSWERS],
)
async def test_row_42_errors_and_logs_tell_no_secret(
    server: Server,
    make_client: MakeClient,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    if fault in BAD_ANSWERS:
        server.answer = BAD_ANSWERS[fault][1](server)
        limit = 0.1 if "row 2" in fault else 5.0
        client = make_client(f"{server.url}/{CANARY}", timeout=limit, max_body=100_000)
    else:
        client = await failing(fault, make_client, server)

    def build() -> Request:
        return request(
            "PUT",
            path=f"site/{CANARY}",
            params={"sysSn": CANARY},
            headers={"sign": CANARY, "appId": CANARY},
            json={"password": CANARY},
        )

    for sending in (client.read(build, decode, delays=()), client.write(build, decode)):
        with pytest.raises(ApiError) as caught:
            await sending
        shown = "".join(traceback.format_exception(caught.value))
        assert CANARY not in shown
        assert "127.0.0.1" not in str(caught.value)
        assert "vendor.example" not in shown
    ours = [r for r in caplog.records if r.name.startswith("core.")]
    assert [r.levelname for r in ours] == ["DEBUG"] * 2
    assert CANARY not in caplog.text
    assert "PUT site/**canary**: " in ours[0].getMessage()
    await client._session.close()


# --- Home Assistant's tests freeze every clock, the loop's too


async def test_works_while_time_stands_still(
    server: Server,
    session: aiohttp.ClientSession,
    freezer: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def sleep(self: SystemClock, seconds: float) -> None:
        freezer.tick(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(SystemClock, "sleep", sleep)
    clock = SystemClock()
    budget = Budget([Rule(limit=9, window=60)], clock=clock, min_gap=1.0)
    client = HttpClient(session, server.url, budget=budget, clock=clock, redact=str)
    faults: list[Answer] = [reset, json_answer("here"), silence(server)]

    async def answer(request: web.Request) -> web.StreamResponse:
        return await faults[server.count - 1](request)

    server.answer = answer
    assert await client.read(request, decode) == "here"
    assert budget.left == 7

    server.arrived.clear()
    hanging = asyncio.create_task(client.write(request, decode))
    await server.arrived.wait()
    freezer.tick(61)
    with pytest.raises(WriteUnknown) as caught:
        await hanging
    assert caught.value.reason == "timeout"
