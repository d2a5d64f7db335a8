"""Growatt's regional hosts over simulated plants."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import timedelta
import json
from typing import Final, Literal, override

from aiohttp import web

from ..clock import Clock, system_clock
from ..house import House
from ..server import Simulator, listen
from .account import Account
from .classic import Classic, Sessions
from .cloud import Cloud
from .device import Device
from .home import Home
from .homes import default_homes
from .limits import Limits
from .plant import Plant
from .protocol import (
    FREQUENT,
    PERMISSION,
    Call,
    V1Error,
    V4Error,
    login_page,
    v1_failure,
    v1_success,
    v4_failure,
)
from .switch_routes import switch_routes
from .token_reads import READS
from .token_writes import WRITES
from .v4 import V4, V4Call

HOST: Final = web.AppKey("host", str)
HISTORY_DAYS = 95
_ENDPOINTS = READS | WRITES
_NEW = "new-api/"
_SERIALS = (
    *(f"{short}_sn" for short in ("tlx", "mix", "spa", "max", "storage", "device")),
    *("vppSn", "dataloggerSn", "deviceSn", "serialNum", "inverterId", "invSn"),
    *("mixId", "spaId", "storageId", "storageSn", "id"),
    *("tlxs", "mixs", "spas", "maxs", "inverters"),
    *("datalog_sn", "plant_id", "plantId"),
)

type Style = Literal["v1", "v4", "classic"]
_style: ContextVar[Style] = ContextVar("style", default="v1")


class GrowattSimulator(Simulator):
    """The cloud of Growatt with one account; plain attributes are switches.

    Each regional host listens on a port of its own; the account lives on `home_host`,
    the others do not know it (growatt.md 1.2).
    """

    name = "growatt"

    def __init__(
        self,
        *,
        clock: Clock = system_clock,
        homes: int | Sequence[str] | Sequence[Home] = 1,
        seed: int = 1,
        time_zone: str = "Europe/Berlin",
        hosts: Sequence[str] = ("global",),
        home_host: str = "global",
        push_seconds: float = 300.0,
    ) -> None:
        """Build `homes`: a number of usual ones, their kinds, or homes.

        The past is known for 95 days.
        """
        if home_host not in hosts:
            raise ValueError("the account's host is one of the hosts")
        self.cloud = Cloud(push_seconds=push_seconds)
        past = timedelta(days=HISTORY_DAYS)
        plants = [
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
        self.account = Account(plants=plants)
        super().__init__(clock, {str(plant.id): plant.house for plant in plants})
        self.hosts = tuple(hosts)
        self.home_host = home_host
        self.limits = Limits()
        self.classic = Classic(self)
        self.endpoints = dict(_ENDPOINTS)
        """Of V1, verb and handler by path; a recording has some of its own."""
        self.v4 = dict(V4)
        """Those of v4, likewise."""
        self.doors_open: frozenset[str] = frozenset({"token", "login"})
        """Ways that a user is told of; a recording is of one of them."""
        self.wrong_host: Literal["permission", "domain", "true_host"] = "permission"
        """How another host refuses the token: 10011, -1, or 10002 on writes."""
        self.writes_elsewhere = False
        """Writes of V1 are answered 10002 `error_useTrueHostToSet` (Q18)."""
        self.v4_available = True
        """False: v4 is answered 1 only, as older servers do."""
        self.evening_zero = False
        """`plant/data` has no power late in the day (Q27)."""
        self.series_order: Literal["newest_first", "oldest_first"] = "newest_first"
        """Of curves and histories."""
        self.history_zone: Literal["server", "plant"] = "server"
        """Zone of `time` in histories (Q7: uncertain)."""
        self.v4_history_page = 0
        """Records per answer of `queryHistoricalData`; 0 is all."""
        self.dfc = False
        """`queryDfcData` is not null."""
        self.unknown_device: str | None = None
        """Serial number of a device of type 8 in the first plant's list."""
        self._others: dict[str, tuple[web.AppRunner | None, int]] = {
            key: (None, 0) for key in hosts if key != home_host
        }

    # What there is

    @property
    def token(self) -> str:
        """The account's API token."""
        return self.account.token

    @property
    def user_name(self) -> str:
        """What the owner logs in with."""
        return self.account.user_name

    @property
    def password(self) -> str:
        """The owner's password, plain."""
        return self.account.password

    @property
    def user_id(self) -> int:
        """The account's number."""
        return self.account.user_id

    @property
    def plants(self) -> list[Plant]:
        """The account's plants."""
        return self.account.plants

    @property
    def devices(self) -> Mapping[str, Device]:
        """All devices by serial number."""
        return self.account.devices

    @property
    def sessions(self) -> Sessions:
        """Logins of the app, and the lock."""
        return self.classic.sessions

    @property
    def urls(self) -> dict[str, str]:
        """Base URL of each host by its key."""
        return {
            key: self.url
            if key == self.home_host
            else f"http://{self._host}:{self._others[key][1]}"
            for key in self.hosts
        }

    def is_home(self, request: web.Request) -> bool:
        """Return whether a request came to the host that knows the account."""
        return request.app[HOST] == self.home_host

    # Life

    @override
    def app(self) -> web.Application:
        return self._app_of(self.home_host)

    def _app_of(self, key: str) -> web.Application:
        app = super().app()
        app[HOST] = key
        return app

    @override
    async def start(self, port: int | None = None, host: str = "127.0.0.1") -> None:
        await super().start(port, host)
        for place, (key, (_, last)) in enumerate(list(self._others.items()), start=1):
            wanted = last if port is None else port and port + place
            self._others[key] = await listen(self._app_of(key), host, wanted)

    @override
    async def stop(self) -> None:
        await super().stop()
        for key, (runner, port) in self._others.items():
            self._others[key] = (None, port)
            if runner is not None:
                await runner.cleanup()

    @override
    def credentials(self) -> dict[str, str]:
        told: dict[str, str] = {}
        if "token" in self.doors_open:
            told["Token"] = self.token
        if "login" in self.doors_open:
            told |= {"User name": self.user_name, "Password": self.password}
        return told

    # Protocol

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            *switch_routes(self),
            *self.classic.routes(),
            web.route("*", "/{prefix:v1|v4}/{endpoint:.*}", self._answer),
        ]

    @override
    async def identify(self, request: web.Request) -> tuple[str, str | None]:
        """Call V1 and v4 by their path without prefix, the app's by path and `op`.

        The second is a serial number or, without one, a plant's id.
        """
        form = await _form(request)
        system = next((form[name] for name in _SERIALS if form.get(name)), None)
        path = request.path.strip("/")
        prefix, _, endpoint = path.partition("/")
        if prefix in {"v1", "v4"}:
            _style.set("v4" if endpoint.startswith(_NEW) else "v1")
            return endpoint, system
        _style.set("classic")
        operation = form.get("op") or form.get("action")
        return f"{path}/{operation}" if operation else path, system

    @override
    def error_response(self, code: int, message: str | None) -> web.Response:
        match _style.get():
            case "v4":
                return v4_failure(code, message)
            case "v1":
                return v1_failure(code, message)
            case "classic":
                return self.classic.error_response(code, message)

    @override
    def code_of(self, response: web.StreamResponse) -> int | None:
        if not isinstance(response, web.Response):
            return None
        try:
            document = json.loads(response.text or "")
            code = document.get("error_code", document.get("code"))
        except ValueError, AttributeError:
            return None
        return code if isinstance(code, int) else None

    async def _answer(self, request: web.Request) -> web.Response:
        endpoint = request.match_info["endpoint"].strip("/")
        token = request.headers.get("token")
        if not token:
            return login_page()
        form = await _form(request)
        if endpoint.startswith(_NEW):
            try:
                return self._v4(request, endpoint, token, form)
            except V4Error as error:
                return v4_failure(error.code, error.message)
        verb, handler = self.endpoints.get(endpoint, (None, None))
        if handler is None or verb != request.method:
            return web.Response(status=404 if handler is None else 405)
        try:
            self._admit(request, endpoint, token)
            return v1_success(handler(Call(self, self.account, form)))
        except V1Error as error:
            return v1_failure(error.code, error.message)

    def _admit(self, request: web.Request, endpoint: str, token: str) -> None:
        if not self.is_home(request):
            if self.wrong_host == "domain":
                raise V1Error(-1)
            if self.wrong_host == "true_host" and endpoint in WRITES:
                raise V1Error(10002, "error_useTrueHostToSet")
            raise V1Error(PERMISSION)
        if token != self.token:
            raise V1Error(PERMISSION)
        if not self.limits.spend(token, endpoint, None, self.clock()):
            raise V1Error(FREQUENT)

    def _v4(
        self, request: web.Request, endpoint: str, token: str, form: Mapping[str, str]
    ) -> web.Response:
        handler = self.v4.get(endpoint.removeprefix(_NEW))
        if handler is None or request.method != "POST":
            return web.Response(status=404 if handler is None else 405)
        if not self.is_home(request):
            raise V4Error(-1 if self.wrong_host == "domain" else 2)
        if token != self.token:
            raise V4Error(2)
        if not self.v4_available:
            raise V4Error(1)
        family = form.get("deviceType")
        if not self.limits.spend(token, endpoint, family, self.clock()):
            raise V4Error(102)
        return handler(V4Call(self, self.account, form))


def _built(
    homes: int | Sequence[str] | Sequence[Home], seed: int, time_zone: str
) -> list[Home]:
    if isinstance(homes, int):
        return default_homes(homes, seed=seed, time_zone=time_zone)
    given = [home for home in homes if isinstance(home, Home)]
    kinds = [home for home in homes if isinstance(home, str)]
    return given or default_homes(kinds, seed=seed, time_zone=time_zone)


async def _form(request: web.Request) -> dict[str, str]:
    """Return query and form together; what is not a form has nothing to say."""
    form = dict(request.query)
    if request.method == "POST":
        try:
            posted = await request.post()
        except ValueError, web.HTTPException:
            return form
        form |= {key: value for key, value in posted.items() if isinstance(value, str)}
    return form
