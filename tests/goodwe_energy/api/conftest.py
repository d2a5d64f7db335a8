"""The client alone, talking to a server that says what a test wants."""

from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
import json
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.goodwe_energy._vendor.core.client.budget import Budget
from custom_components.goodwe_energy._vendor.core.client.http import HttpClient
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy.api.client import GoodWeClient
from custom_components.goodwe_energy.api.frame import Frame
from custom_components.goodwe_energy.api.limits import make_budget
from custom_components.goodwe_energy.api.regions import Hosts
from custom_components.goodwe_energy.api.session import Session
from tests.core.client.server import Server, reset
from tests.core.fake_clock import FakeClock

ACCOUNT, PASSWORD = "owner@example.com", "Passw0rd!"
UID = "0f0e0d0c-1111-4222-8333-444455556666"
FIRST, SECOND = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
STATION, SN = "3f6c1b52-7d0e-4a9b-9c35-1e2f8a6d4b70", "9010KETU22AW0417"
LOGIN_PATH = "/web/sems/sems-user/api/v1/auth/cross-login"


def ok(data: Any = None, **beside: Any) -> dict[str, Any]:
    """Return an envelope that says all is well."""
    return {"code": "00000", "description": "成功", "data": data, **beside}


def no(code: Any, **beside: Any) -> dict[str, Any]:
    """Return an envelope with a code; its text is as odd as the vendor's."""
    return {"code": code, "description": "失败 k7Qm2X", **beside}


def session_of(token: str = FIRST, **beside: Any) -> dict[str, Any]:
    """Return the answer to a login that succeeds."""
    data = {
        "uid": UID,
        "timestamp": "1790000000050",
        "token": token,
        "client": "semsPlusWeb",
        "version": "",
        "language": "en",
        "region": "au",
        "uuid": "7a0c5d1e9b",
        **beside,
    }
    return ok(data)


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The JSON that was sent."""
        return json.loads(self.content)

    @property
    def is_login(self) -> bool:
        """Whether it is one, at whichever host."""
        return self.path.endswith(LOGIN_PATH)

    @property
    def token(self) -> Any:
        """What the ``Token`` header holds."""
        return json.loads(self.headers["Token"])


class Cloud:
    """Says what is queued, then ``login`` to logins and ``usual`` to all else."""

    def __init__(self) -> None:
        """Keep what it was asked."""
        self.asked: list[Asked] = []
        self.queue: deque[Any] = deque()
        self.usual: Any = ok({})
        self.login: Any = session_of()
        self.url = ""

    def say(self, *answers: Any) -> None:
        """Queue JSON, a page, a response, or a function of the request."""
        self.queue.extend(answers)

    @property
    def logins(self) -> list[Asked]:
        """The logins that were tried."""
        return [asked for asked in self.asked if asked.is_login]

    @property
    def calls(self) -> list[Asked]:
        """Everything else."""
        return [asked for asked in self.asked if not asked.is_login]

    @property
    def last(self) -> Asked:
        """The last request."""
        return self.asked[-1]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        asked = Asked(
            request.method,
            request.path,
            dict(request.query),
            dict(request.headers),
            await request.read(),
        )
        self.asked.append(asked)
        if self.queue:
            answer = self.queue.popleft()
        else:
            answer = self.login if asked.is_login else self.usual
        if answer is reset:
            return await reset(request)
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, web.Response):
            # One can be sent only once
            return web.Response(
                status=answer.status,
                headers={"Content-Type": "application/json", **answer.headers},
                body=answer.body,
            )
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="text/html")
        return web.json_response(answer)


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
    """That of an account."""
    return make_budget(clock)


@pytest.fixture
def redactor() -> Redactor:
    """Knows nothing before it is told."""
    return Redactor()


@pytest.fixture
def notes() -> Notes:
    """What outlives a session object."""
    return Notes()


@pytest.fixture
def frame(
    clock: FakeClock,
    http_session: aiohttp.ClientSession,
    budget: Budget,
    redactor: Redactor,
) -> Frame:
    """A frame for any server."""

    def http(url: str) -> HttpClient:
        return HttpClient(
            http_session, url, budget=budget, clock=clock, redact=redactor.text
        )

    return Frame(http, clock=clock, redact=redactor.text)


@pytest.fixture
def make_session(
    frame: Frame, budget: Budget, notes: Notes, redactor: Redactor
) -> Callable[..., Session]:
    """Makes a session with the notes of the account."""

    def make(hosts: Hosts, password: str = PASSWORD, account: str = ACCOUNT) -> Session:
        return Session(
            frame,
            hosts,
            account,
            password,
            budget=budget,
            notes=notes,
            redactor=redactor,
        )

    return make


@pytest.fixture
def session(cloud: Cloud, make_session: Callable[..., Session]) -> Session:
    """A session with the server."""
    return make_session(Hosts(server=cloud.url))


@pytest.fixture
def client(frame: Frame, session: Session, redactor: Redactor) -> GoodWeClient:
    """A client of the server."""
    return GoodWeClient(frame, session, redactor=redactor)
