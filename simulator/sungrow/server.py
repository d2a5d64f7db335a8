"""Sungrow's cloud: gateway and web host of one region over simulated plants."""

from collections.abc import Collection, Mapping, Sequence
from contextvars import ContextVar
from datetime import timedelta
import json
from typing import Any, override

from aiohttp import web

from ..clock import Clock, system_clock
from ..house import House
from ..server import Simulator, listen
from .answers import Answers
from .authorize_page import AuthorizePage
from .call import ApiError, Call
from .cloud import Cloud
from .crypt import public_key
from .device import Device
from .endpoints import HANDLERS
from .frame import Frame
from .gate import Gate, is_in
from .home import Home
from .homes import default_homes
from .login import Login
from .oauth import OAuth
from .plant import Plant
from .quota import Quota
from .refusal import BadToken, Refusal, WrongToken
from .switch_routes import switch_routes
from .switches import WireSwitches
from .token_calls import TokenCalls
from .users import Application, User, Users

HISTORY_DAYS = 95
CLOUD_IDS = {"cn": 1, "hk": 2, "eu": 3, "au": 7, "in": 9}
_TOKEN_CALLS = ("apiManage/token", "apiManage/refreshToken")

FRAME: web.RequestKey[Frame] = web.RequestKey("frame", Frame)
_present: ContextVar[Frame] = ContextVar("frame")


class SungrowSimulator(Simulator):
    """One region of iSolarCloud with one application and its users.

    `wire`, `oauth`, `login`, `quota` and `cloud` have plain attributes as switches.
    """

    name = "sungrow"

    def __init__(
        self,
        *,
        clock: Clock = system_clock,
        homes: int | Sequence[str] | Sequence[Home] = 1,
        seed: int = 1,
        time_zone: str = "Europe/Berlin",
        region: str = "eu",
    ) -> None:
        """Build `homes`: a number of usual ones, their kinds, or homes."""
        self.cloud = Cloud()
        past = timedelta(days=HISTORY_DAYS)
        self.plants = [
            Plant(
                home,
                House(
                    home.spec,
                    clock,
                    installed=clock().astimezone(home.spec.zone).date() - past,
                ),
                self.cloud,
            )
            for home in _built(homes, seed, time_zone)
        ]
        super().__init__(clock, {plant.id: plant.house for plant in self.plants})
        self.region = region
        self.cloud_id = CLOUD_IDS[region]
        self.application = Application()
        self.users = Users(plant.id for plant in self.plants)
        self.wire = WireSwitches()
        self.quota = Quota(clock)
        self.oauth = OAuth(self.application, clock, seed)
        self.login = Login(self.users, clock, seed)
        self.page = AuthorizePage(
            self.application, self.cloud_id, self.users, lambda: self.plants, self.oauth
        )
        self.handlers = dict(HANDLERS)
        """By path; a recording has some of its own."""
        self._gate = Gate(
            self.application, self.wire, self.quota, self.oauth, self.login
        )
        self._answers = Answers(self.wire)
        self._token_calls = TokenCalls(self.oauth, self._gate)
        self._web_runner: web.AppRunner | None = None
        self._web_port = 0

    # What there is

    @property
    def devices(self) -> Mapping[str, Device]:
        """All devices by serial number."""
        return {device.sn: device for plant in self.plants for device in plant.devices}

    @property
    def web_url(self) -> str:
        """Scheme, host and port of the authorize page."""
        return f"http://{self._host}:{self._web_port}"

    @property
    def application_id(self) -> str:
        """Number of the application."""
        return self.application.application_id

    @property
    def app_key(self) -> str:
        """Its Appkey."""
        return self.application.app_key

    @property
    def secret(self) -> str:
        """Its Secret Key."""
        return self.application.secret

    @property
    def public_key(self) -> str:
        """Its RSA key for encrypted calls, X.509 DER in Base64."""
        return public_key()

    @property
    def redirect_uri(self) -> str:
        """The first registered redirect URL; set, it is the only one."""
        return self.application.redirect_uris[0]

    @redirect_uri.setter
    def redirect_uri(self, url: str) -> None:
        self.application.redirect_uris[:] = [url]

    @property
    def user_name(self) -> str:
        """What the owner logs in with."""
        return self.users.owner.user_name

    @property
    def password(self) -> str:
        """The owner's password."""
        return self.users.owner.password

    @property
    def user_id(self) -> str:
        """The owner's number."""
        return self.users.owner.user_id

    # Shortcuts for tests without a browser

    def authorize(
        self,
        plants: Collection[str] | None = None,
        redirect: str | None = None,
        *,
        user: User | None = None,
        state: str | None = None,
    ) -> str:
        """Return what the browser is sent to after agreeing; Unregistered.

        Plants are all of the user's, the user is the owner, the redirect URL is the
        first registered one unless it is said.
        """
        who = user or self.users.owner
        return self.page.agree(
            who,
            sorted(who.plants) if plants is None else plants,
            redirect or self.redirect_uri,
            in_query=state,
            in_fragment=state,
        )

    def code(self, plants: Collection[str] | None = None) -> str:
        """Return a code of the owner for the first registered redirect URL."""
        who = self.users.owner
        wanted = sorted(who.plants) if plants is None else plants
        return self.oauth.authorize(who, wanted, self.redirect_uri)

    def issue(self, plants: Collection[str] | None = None) -> dict[str, Any]:
        """Return the data of a token answer, as after authorizing and exchanging."""
        return self.oauth.exchange(self.code(plants), self.redirect_uri, None)

    def issue_login(self) -> str:
        """Return a token of the owner's account login."""
        return self.login.issue(self.users.owner)

    # Life

    @override
    async def start(self, port: int | None = None, host: str = "127.0.0.1") -> None:
        await super().start(port, host)
        wanted = self._web_port if port is None else port and port + 1
        page = web.Application(middlewares=[self._wire])
        page.add_routes(self.page.routes())
        try:
            self._web_runner, self._web_port = await listen(page, host, wanted)
        except OSError:
            await super().stop()
            raise

    @override
    async def stop(self) -> None:
        await super().stop()
        runner, self._web_runner = self._web_runner, None
        if runner is not None:
            await runner.cleanup()

    @override
    def credentials(self) -> dict[str, str]:
        return {
            "ApplicationID": self.application_id,
            "Appkey": self.app_key,
            "Secret": self.secret,
        }

    @property
    @override
    def doors(self) -> list[tuple[str, dict[str, str]]]:
        account = {"Account": self.user_name, "Password": self.password}
        return [(self.url, self.credentials()), (self.web_url, account)]

    # Protocol

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            *switch_routes(self),
            web.get("/timestamp", self._timestamp),
            web.route("*", "/openapi/{endpoint:.*}", self._answer),
        ]

    @override
    async def identify(self, request: web.Request) -> tuple[str, str | None]:
        """Call endpoints by their path below `/openapi/`, and those of the web host.

        The second is what the body names first: a plant's id, a key, a uuid.
        """
        frame = await Frame.of(request)
        request[FRAME] = frame
        _present.set(frame)
        return frame.endpoint or "web/page", frame.system

    @override
    def error_response(self, code: int, message: str | None) -> web.Response:
        """Answer 900 to 999 as `E900`; others are said by `message`, as `E00003`."""
        name = f"E{code}" if 900 <= code <= 999 else message or str(code)
        return self._answers.refusal(_present.get(), name)

    @override
    def code_of(self, response: web.StreamResponse) -> int | None:
        """Return the digits of `result_code`; None of an encrypted answer."""
        if not isinstance(response, web.Response):
            return None
        try:
            return int(str(json.loads(response.text or "")["result_code"]).strip("E"))
        except ValueError, LookupError, TypeError:
            return None

    async def _timestamp(self, request: web.Request) -> web.Response:
        now = int(self.server_time(request).timestamp() * 1000)
        match self.wire.timestamp_as:
            case "text":
                return web.Response(text=str(now))
            case "number":
                return web.json_response(now)
            case "envelope":
                return self._answers.success(request[FRAME], str(now))

    async def _answer(self, request: web.Request) -> web.Response:
        frame = request[FRAME]
        now = self.server_time(request)
        handler = self.handlers.get(frame.endpoint)
        known = handler or frame.endpoint in {"login", *_TOKEN_CALLS}
        if not known or is_in(frame.endpoint, self.wire.absent):
            return self._answers.absent(frame)
        if request.method != "POST":
            return web.Response(status=405)
        match frame.endpoint:
            case "apiManage/token":
                return await self._token_calls.exchange(frame, now)
            case "apiManage/refreshToken":
                return await self._token_calls.refresh(frame, now)
        try:
            self._gate.admit(frame, now)
            if handler is None:
                data = await self.login.answer(frame.body)
            else:
                data = handler(self._call(frame))
            return self._answers.success(frame, data)
        except Refusal as refusal:
            return self._answers.refusal(frame, refusal.code)
        except ApiError as error:
            return self._answers.refusal(frame, error.code, error.message)
        except WrongToken:
            return self._answers.unauthorized()
        except BadToken:
            return self._answers.dead_token(frame)

    def _call(self, frame: Frame) -> Call:
        seen = self._gate.plants(frame)
        return Call(
            body=frame.body,
            v1=frame.v1,
            plants=[plant for plant in self.plants if plant.id in seen],
            cloud=self.cloud,
            chinese=self._answers.chinese(frame),
            counts=self.quota,
        )


def _built(
    homes: int | Sequence[str] | Sequence[Home], seed: int, time_zone: str
) -> list[Home]:
    if isinstance(homes, int):
        return default_homes(homes, seed=seed, time_zone=time_zone)
    given = [home for home in homes if isinstance(home, Home)]
    kinds = [home for home in homes if isinstance(home, str)]
    return given or default_homes(kinds, seed=seed, time_zone=time_zone)
