"""The client alone, talking to a server that says what a test wants."""

from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
import json
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.http import HttpClient
from custom_components.sungrow_energy._vendor.core.client.redact import Redactor
from custom_components.sungrow_energy.api.access import Flavour
from custom_components.sungrow_energy.api.client import SungrowClient
from custom_components.sungrow_energy.api.frame import Application, Frame
from custom_components.sungrow_energy.api.limits import make_budget
from tests.core.client.server import Server
from tests.core.fake_clock import FakeClock

APPLICATION = Application(
    app_key="0A1B2C3D4E5F60718293A4B5C6D7E8F9",
    secret="s3cr3tkey0123456789abcdefghijkl0",
)
TOKEN = "0b6d3c52-7f1e-4a7c-9a43-2f6f6f0f1a11"
NEXT = "7e41c0aa-1111-4a7c-9a43-2f6f6f0f1a12"


def ok(data: Any = None, **beside: Any) -> dict[str, Any]:
    """Return an envelope that says all is well."""
    return {"result_code": "1", "result_msg": "success", "result_data": data, **beside}


def no(code: str | int, **beside: Any) -> dict[str, Any]:
    """Return an envelope with a code; its text is as odd as the vendor's."""
    return {"result_code": code, "result_msg": "失败 k7Qm2X", **beside}


def page(*rows: dict[str, Any], **counts: int) -> dict[str, Any]:
    """Return a page of a list."""
    return ok({"pageList": list(rows), **counts})


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        found = json.loads(self.content)
        assert isinstance(found, dict)
        return found

    @property
    def fields(self) -> dict[str, Any]:
        """The body without what every call has."""
        frame = {"appkey", "lang", "token"}
        return {name: value for name, value in self.body.items() if name not in frame}

    @property
    def endpoint(self) -> str:
        return self.path.rpartition("/")[2]


class Cloud:
    """Says what is queued, then the ``usual``; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.queue: deque[Any] = deque()
        self.usual: Any = ok({})
        self.url = ""

    def say(self, *answers: Any) -> None:
        """Queue JSON, a page, a response, or a function of the request."""
        self.queue.extend(answers)

    @property
    def endpoints(self) -> list[str]:
        return [asked.endpoint for asked in self.asked]

    @property
    def last(self) -> Asked:
        return self.asked[-1]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(
            request.method, request.path, dict(request.headers), await request.read()
        )
        self.asked.append(asked)
        answer = self.queue.popleft() if self.queue else self.usual
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, web.Response):
            return answer
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="text/html")
        return web.json_response(answer)


@dataclass
class Tokens:
    """Credentials that give one token after the other."""

    left: deque[str] = field(default_factory=lambda: deque([TOKEN, NEXT]))
    renewed: list[str] = field(default_factory=list)

    async def token(self) -> str:
        return self.left[0]

    async def renew(self, old: str) -> str:
        self.renewed.append(old)
        if len(self.left) > 1:
            self.left.popleft()
        return self.left[0]


class Notes(dict[str, Any]):
    """Fits the protocol of the control core's notes; counts what is written."""

    saved = 0

    def set(self, key: str, value: Any) -> None:
        """Keep a note; None forgets it."""
        if value is None:
            self.pop(key, None)
        else:
            self[key] = value

    async def save(self) -> None:
        """Count."""
        self.saved += 1


@pytest.fixture
def clock() -> FakeClock:
    """Sleeping moves it."""
    return FakeClock(auto=True)


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncGenerator[Cloud]:
    """A server on this machine."""
    made, server = Cloud(), Server()
    server.answer = made.handle
    async with server.running():
        made.url = server.url
        yield made


@pytest.fixture
async def http_session(socket_enabled: None) -> AsyncGenerator[aiohttp.ClientSession]:
    """As the integration has it."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def budget(clock: FakeClock) -> Budget:
    """That of an application."""
    return make_budget(clock)


@pytest.fixture
def redactor() -> Redactor:
    """Knows the secrets that the application has."""
    redactor = Redactor()
    redactor.add(APPLICATION.app_key, "app key")
    redactor.add(APPLICATION.secret, "secret")
    return redactor


@pytest.fixture
def make_frame(
    clock: FakeClock,
    http_session: aiohttp.ClientSession,
    budget: Budget,
    redactor: Redactor,
) -> Callable[..., Frame]:
    """Makes a frame for a base URL."""

    def make(url: str, application: Application = APPLICATION) -> Frame:
        http = HttpClient(
            http_session, url, budget=budget, clock=clock, redact=redactor.text
        )
        return Frame(http, application, clock=clock, redact=redactor.text)

    return make


@pytest.fixture
def frame(cloud: Cloud, make_frame: Callable[..., Frame]) -> Frame:
    """A frame for the server."""
    return make_frame(cloud.url)


@pytest.fixture
def tokens() -> Tokens:
    """Two tokens."""
    return Tokens()


@pytest.fixture(params=[Flavour.OAUTH, Flavour.LOGIN], ids=str)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Both; tests that differ choose one."""
    chosen: Flavour = request.param
    return chosen


@pytest.fixture
def client(
    frame: Frame, tokens: Tokens, flavour: Flavour, clock: FakeClock
) -> SungrowClient:
    """A client of the server."""
    return SungrowClient(frame, tokens, flavour, clock=clock)


@pytest.fixture
def notes() -> Notes:
    """What outlives a session object."""
    return Notes()
