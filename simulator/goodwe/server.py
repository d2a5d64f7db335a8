"""GoodWe's SEMS+: login, gateway and broker of one region on one port."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from inspect import isawaitable
import json
from typing import Any, override

from aiohttp import web

from ..clock import Clock, system_clock
from ..house import House
from ..server import Simulator
from ..switches import Kind
from ..wire import Handler
from .broker import Broker
from .call import Call, Endpoint, Handler as EndpointHandler
from .commands import install, routes
from .device import Device
from .endpoints import DEFAULT_SERVICE, LOGIN, match
from .frame import NOT_FOUND, Frame, body_of, is_in
from .home import Home
from .homes import default_homes
from .refusal import Refusal
from .requests import Requests
from .session import Logins, Session, TooMany
from .station import Station
from .switch_routes import switch_routes
from .switches import CLOUD, DEVICE, SESSION, WIRE, CloudSwitches, WireSwitches

HISTORY_DAYS = 30
GATEWAY = "/web/sems"
_SYSTEMS = ("sn", "stationId", "pwId", "plantId", "chargeSn", "account")


class GoodWeSimulator(Simulator):
    """One region of SEMS+ with one account and its stations.

    `wire`, `session` and `cloud` have plain attributes as switches.
    """

    name = "goodwe"

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
        self.cloud = CloudSwitches()
        past = timedelta(days=HISTORY_DAYS)
        self.stations = [
            Station(
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
        super().__init__(clock, {it.id: it.house for it in self.stations})
        self.region = region
        self.wire = WireSwitches()
        self.session = Session(clock, region, seed)
        self.requests = Requests(clock)
        self.switch_groups: dict[str, tuple[Mapping[str, Kind], Any]] = {
            "wire": (WIRE, self.wire),
            "session": (SESSION, self.session),
            "cloud": (CLOUD, self.cloud),
        }
        """Tables of switches, and the objects that have them."""
        self.device_groups: list[
            tuple[Mapping[str, Kind], Callable[[Device], object]]
        ] = [(DEVICE, lambda device: device.switches)]
        self.handlers: dict[str, EndpointHandler] = {}
        """By name: what answers in the place of the usual ones, as a recording does."""
        self._frame = Frame(self.wire)
        self.push = Broker(self)
        install(self)

    # What there is

    @property
    def account(self) -> str:
        """What the owner logs in with."""
        return self.session.account

    @property
    def password(self) -> str:
        """The owner's password, plain."""
        return self.session.password

    @property
    def uid(self) -> str:
        """The account's number."""
        return self.session.uid

    @property
    def logins(self) -> Logins:
        """What happened to logins."""
        return self.session.logins

    def steal(self) -> None:
        """Let the phone app log in."""
        self.session.steal()

    @property
    def gateway(self) -> str:
        """Base URL of the API, as a login tells it."""
        return self.url + GATEWAY

    @property
    def broker(self) -> str:
        """URL of the live push."""
        return f"ws{self.origin.removeprefix('http')}/mqtt"

    @property
    def devices(self) -> Mapping[str, Device]:
        """All devices by serial number."""
        return {it.sn: it for station in self.seen for it in station.devices}

    @property
    def seen(self) -> list[Station]:
        """Stations that the account has."""
        return [station for station in self.stations if not station.lost]

    def station(self, station_id: str) -> Station | None:
        """Return a station of the account by its id."""
        return next((it for it in self.seen if it.id == station_id), None)

    def upload(self) -> None:
        """Let all stations send what is now."""
        for station in self.stations:
            station.upload()

    @override
    def credentials(self) -> dict[str, str]:
        return {"Account": self.account, "Password": self.password}

    # Life

    @override
    async def stop(self) -> None:
        await self.push.drop()
        await super().stop()

    # Protocol

    @override
    def app(self) -> web.Application:
        app = super().app()
        # Outside of all faults: a call runs for as long as its client waits
        app.middlewares.insert(0, self._accounted)
        return app

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            *switch_routes(self),
            *routes(self),
            web.route("*", f"{GATEWAY}/{{path:.*}}", self._answer),
        ]

    @override
    async def identify(self, request: web.Request) -> tuple[str, str | None]:
        """Call endpoints by their path below the gateway, without serial numbers.

        The second is a serial number, a station's id, or the account.
        """
        found = match(request.method, _path(request))
        sources = (found.path, request.query, await body_of(request))
        for name in _SYSTEMS:
            for source in sources:
                if value := source.get(name):
                    return found.name, str(value)
        ids = sources[2].get("stationIds")
        return found.name, str(ids[0]) if isinstance(ids, list) and ids else None

    @override
    def error_response(self, code: int, message: str | None) -> web.Response:
        """Answer with the code that `message` names, else with the number."""
        return self._frame.refusal(Refusal(message or str(code)))

    @override
    def code_of(self, response: web.StreamResponse) -> int | None:
        """Return the digits of `code`."""
        if not isinstance(response, web.Response):
            return None
        try:
            code = str(json.loads(response.text or "")["code"])
            return int("".join(sign for sign in code if sign.isdigit()))
        except ValueError, LookupError, TypeError:
            return None

    @web.middleware
    async def _accounted(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if not request.path.startswith(GATEWAY):
            return await handler(request)
        found = match(request.method, _path(request))
        lane = "write" if found.endpoint and found.endpoint.write else "read"
        lane = "login" if found.name == LOGIN else lane
        with self.requests.running(found.name, lane):
            return await handler(request)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        found = match(request.method, _path(request))
        try:
            if found.name == DEFAULT_SERVICE:
                return self._frame.success(found.name, self.region)
            if found.name == LOGIN and request.method == "POST":
                return await self._login(request)
            if found.endpoint is None or is_in(found.name, self.wire.absent):
                return web.json_response(NOT_FOUND, status=404)
            return await self._call(request, found.name, found.endpoint, found.path)
        except Refusal as refusal:
            return self._frame.refusal(refusal)

    async def _login(self, request: web.Request) -> web.Response:
        header, signed = _identity(request)
        try:
            data, api = await self.session.login(
                header, signed, await body_of(request), self.gateway
            )
        except TooMany:
            after = f"{self.session.retry_after:g}"
            return web.Response(status=429, headers={"Retry-After": after})
        return self._frame.success(LOGIN, data, api=api)

    async def _call(
        self,
        request: web.Request,
        name: str,
        endpoint: Endpoint,
        path: Mapping[str, str],
    ) -> web.StreamResponse:
        wire = self.wire
        if wire.latency:
            await asyncio.sleep(wire.latency)
        self.session.check(*_identity(request))
        if (refusal := wire.refusal) is not None:
            if wire.refusals:
                wire.refusals -= 1
                wire.refusal = refusal if wire.refusals else None
            raise Refusal(refusal)
        if is_in(name, wire.forbidden):
            raise Refusal("100025")
        call = Call(
            simulator=self,
            query=request.query,
            body=await body_of(request),
            path=path,
            now=self.server_time(request),
        )
        data = self.handlers.get(name, endpoint.handler)(call)
        if isawaitable(data):
            data = await data
        return self._frame.success(name, data)


def _path(request: web.Request) -> str:
    return request.path.removeprefix(GATEWAY).strip("/")


def _identity(request: web.Request) -> tuple[str | None, str | None]:
    return request.headers.get("Token"), request.headers.get("X-Signature")


def _built(
    homes: int | Sequence[str] | Sequence[Home], seed: int, time_zone: str
) -> list[Home]:
    if isinstance(homes, int):
        return default_homes(homes, seed=seed, time_zone=time_zone)
    given = [home for home in homes if isinstance(home, Home)]
    kinds = [home for home in homes if isinstance(home, str)]
    return given or default_homes(kinds, seed=seed, time_zone=time_zone)
