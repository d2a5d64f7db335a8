"""The clients alone, talking to a server that says what a test wants."""

from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.growatt_energy._vendor.core.client.budget import Budget
from custom_components.growatt_energy._vendor.core.client.http import HttpClient
from custom_components.growatt_energy._vendor.core.client.redact import Redactor
from custom_components.growatt_energy.api.classic_client import ClassicClient
from custom_components.growatt_energy.api.classic_session import ClassicSession
from custom_components.growatt_energy.api.limits import login_budget, token_budget
from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.api.token_client import TokenClient
from tests.core.client.server import Server
from tests.core.fake_clock import FakeClock

TOKEN = "7a1f0c2be9d84513a6c0f7d2e5b49a8c"
USER = "jane.solar"
HASH = modified_md5("Zon&Wind2024")
AGENT = "Dalvik/2.1.0 (Linux; U; Android 13; ha-growatt/0.1.0) - 48213"
MIN = "TPJ0CD4001"
SPH = "ODCDA2500A"
NOAH = "0HVR00AA25BB0001"


@pytest.fixture(autouse=True)
def growatt(socket_enabled: None) -> None:
    """Home Assistant is not needed here."""


@pytest.fixture
def clock() -> FakeClock:
    """Sleeping moves it."""
    return FakeClock(auto=True)


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Cloud:
    """Says what is queued, then the ``usual``; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.queue: deque[Any] = deque()
        self.usual: Any = {}
        self.url = ""

    def say(self, *answers: Any) -> None:
        """Queue JSON, a page, a response, or a function of the request."""
        self.queue.extend(answers)

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    @property
    def logins(self) -> int:
        return self.paths.count("/newTwoLoginAPI.do")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = {}
        if request.content_type == "application/x-www-form-urlencoded":
            form = {
                str(key): str(value) for key, value in (await request.post()).items()
            }
        asked = Asked(
            request.method,
            request.path,
            dict(request.query),
            form,
            dict(request.headers),
            await request.read(),
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


@pytest.fixture
async def cloud(growatt: None) -> AsyncGenerator[Cloud]:
    """A server on this machine."""
    made, server = Cloud(), Server()
    server.answer = made.handle
    async with server.running():
        made.url = server.url
        yield made


@pytest.fixture
async def http_session(growatt: None) -> AsyncGenerator[aiohttp.ClientSession]:
    """As the integration has it: without cookies of its own."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def token_client(
    clock: FakeClock, http_session: aiohttp.ClientSession
) -> Callable[..., TokenClient]:
    """Makes a client for a base URL."""

    def make(url: str, budget: Budget | None = None, token: str = TOKEN) -> TokenClient:
        redactor = Redactor()
        redactor.add(token, "token")
        budget = budget or token_budget(clock)
        return TokenClient(
            HttpClient(
                http_session, url, budget=budget, clock=clock, redact=redactor.text
            ),
            token,
            user_agent=AGENT,
            budget=budget,
            clock=clock,
            redact=redactor.text,
        )

    return make


@pytest.fixture
def client(cloud: Cloud, token_client: Callable[..., TokenClient]) -> TokenClient:
    """A client of the server with a token."""
    cloud.usual = {"error_code": 0, "error_msg": "", "data": {}}
    return token_client(cloud.url)


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
def notes() -> Notes:
    """What outlives a session object."""
    return Notes()


@pytest.fixture
def budget(clock: FakeClock) -> Budget:
    """That of a login."""
    return login_budget(clock)


@pytest.fixture
def new_session(
    cloud: Cloud,
    clock: FakeClock,
    budget: Budget,
    notes: Notes,
    http_session: aiohttp.ClientSession,
) -> Callable[..., ClassicSession]:
    """Makes a session object as each start of Home Assistant does."""

    def make(url: str = "", password_hash: str = HASH) -> ClassicSession:
        redactor = Redactor()
        return ClassicSession(
            HttpClient(
                http_session,
                url or cloud.url,
                budget=budget,
                clock=clock,
                redact=redactor.text,
            ),
            USER,
            password_hash,
            user_agent=AGENT,
            budget=budget,
            notes=notes,
            clock=clock,
            redactor=redactor,
        )

    return make


@pytest.fixture
def session(new_session: Callable[..., ClassicSession]) -> ClassicSession:
    """A session of the account."""
    return new_session()


@pytest.fixture
def classic(session: ClassicSession, clock: FakeClock) -> ClassicClient:
    """A client of the app's API."""
    return ClassicClient(session, clock=clock)


def welcome(number: int = 1) -> web.Response:
    """The answer to a login that succeeds."""
    response = web.json_response(
        {
            "back": {
                "success": True,
                "msg": "",
                "data": [{"plantId": "1234567", "plantName": "Home"}],
                "user": {"id": 2345678, "rightlevel": 1},
            }
        }
    )
    response.headers.add("Set-Cookie", f"JSESSIONID=session-{number}; Path=/; HttpOnly")
    response.headers.add("Set-Cookie", f"SERVERID=front-{number}; Path=/")
    return response


def refused(code: str, **more: Any) -> dict[str, Any]:
    """The answer to a login that fails."""
    return {"back": {"success": False, "msg": code, **more}}


def no_login() -> web.Response:
    """The redirect of an expired session."""
    return web.Response(
        status=302, headers={"Location": "/error.do?errorMess=errorNoLogin"}
    )


LOGIN_PAGE = '<html data-name="login"><body>Growatt</body></html>'
