"""sonnenBatterie: simulated houses, each with a battery that is its own server."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import override

from aiohttp import web

from ..clock import Clock, system_clock
from ..house import House
from ..server import Simulator
from ..wire import cut
from . import requests
from .battery import SonnenBattery
from .homes import Home, default_homes
from .protocol import (
    ApiError,
    NotFound,
    error,
    failure,
    page_not_found,
    success,
)
from .site import Site
from .switches import switch_routes

_API = "/api/v2/"
_BATTERY: web.AppKey[SonnenBattery] = web.AppKey("battery", SonnenBattery)


class SonnenSimulator(Simulator):
    """Some sonnenBatterien; `url`, `origin` and `control_url` are those of the first.

    `/_sim/` is the same at each of them.
    """

    name = "sonnen"

    def __init__(
        self,
        *,
        clock: Clock = system_clock,
        batteries: int | Sequence[Home] = 1,
        seed: int = 1,
        time_zone: str = "Europe/Berlin",
        installed: date | None = None,
        reaction_delay: float = 2.0,
        readback_delay: float = 0.0,
    ) -> None:
        """Build `batteries` (a number of usual ones, with `seed` and `time_zone`).

        Delays in seconds begin with an accepted write. The meters count since
        `installed`, which is 60 days ago unless said otherwise.
        """
        if isinstance(batteries, int):
            batteries = default_homes(batteries, seed=seed, time_zone=time_zone)
        self.batteries = [
            SonnenBattery(
                home=home,
                house=House(home.spec, clock, installed=installed),
                site=Site(),
                token=home.token,
                reaction_delay=reaction_delay,
                readback_delay=readback_delay,
            )
            for home in batteries
        ]
        super().__init__(
            clock, {battery.serial: battery.house for battery in self.batteries}
        )
        for battery in self.batteries:
            battery.site.app = partial(self._app_of, battery)

    def battery(self, serial: str) -> SonnenBattery:
        """Return the battery with a serial; KeyError if there is none."""
        return {battery.serial: battery for battery in self.batteries}[serial]

    # Life

    @override
    async def start(self, port: int | None = None, host: str = "127.0.0.1") -> None:
        self._stopping.clear()
        try:
            for place, battery in enumerate(self.batteries):
                await battery.site.start(port and port + place, host)
        except OSError:
            await self.stop()
            raise

    @override
    async def stop(self) -> None:
        self._stopping.set()
        for battery in self.batteries:
            await battery.site.stop()

    @property
    @override
    def origin(self) -> str:
        return self.batteries[0].url

    @property
    @override
    def doors(self) -> list[tuple[str, dict[str, str]]]:
        return [(battery.url, _credentials(battery)) for battery in self.batteries]

    @override
    def credentials(self) -> dict[str, str]:
        return _credentials(self.batteries[0])

    def _app_of(self, battery: SonnenBattery) -> web.Application:
        app = self.app()
        app[_BATTERY] = battery
        return app

    # Protocol

    @override
    def routes(self) -> list[web.RouteDef]:
        return [*switch_routes(self), web.route("*", "/{path:.*}", self._answer)]

    @override
    async def identify(self, request: web.Request) -> tuple[str, str | None]:
        """Name writes such that a fault can be for them alone.

        `set/EM_USOC` is a PUT of that key (`+` between several), `setpoint/charge` a
        set point of any power; reads are called as their path.
        """
        serial = request.app[_BATTERY].serial
        endpoint = request.path.removeprefix(_API).strip("/")
        if request.method == "PUT":
            try:
                keys = list(await requests.asked(request))
            except ApiError, web.HTTPRequestEntityTooLarge:
                keys = []
            return f"set/{'+'.join(keys)}", serial
        if endpoint.startswith("setpoint/"):
            endpoint = "/".join(endpoint.split("/")[:2])
        return endpoint, serial

    @override
    def error_response(self, code: int, message: str | None) -> web.Response:
        if code < 300:
            return success(True, code)
        return failure(error(code, message))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        battery = request.app[_BATTERY]
        if not battery.reachable:
            return cut(request)
        if request.path == "/":
            return web.Response(status=301, headers={"Location": "/dash"})
        if not request.path.startswith(_API):
            return page_not_found()
        try:
            return await self._api(battery, request)
        except ApiError as failed:
            return failure(failed)
        except NotFound:
            return page_not_found()

    async def _api(self, battery: SonnenBattery, request: web.Request) -> web.Response:
        path = request.path.removeprefix(_API).split("/")
        missing = battery.variant.missing_endpoints
        if battery.bare:
            missing = {*requests.READS, "configurations", "configuration"} - {"status"}
        match request.method, path:
            case "GET", [endpoint] if endpoint in requests.READS:
                free = endpoint == "status" and not battery.status_needs_token
                if not free and not _may(battery, request, battery.read_api):
                    return _empty(battery)
                if endpoint in missing:
                    raise NotFound
                return success(requests.read(battery, endpoint))
            case "GET", ["configurations", *key] if len(key) <= 1:
                if not _may(battery, request, battery.read_api):
                    return _empty(battery)
                if ("configuration" if key else "configurations") in missing:
                    raise NotFound
                if key:
                    return success(requests.one_configuration(battery, key[0]))
                return success(requests.configurations(battery))
            case "PUT", ["configurations"]:
                if not _may(battery, request, battery.write_api):
                    raise error(401, battery.unauthorized_text)
                return await requests.write(battery, request)
            case "POST", ["setpoint", "charge" | "discharge" as direction, watts]:
                if not _may(battery, request, battery.write_api):
                    raise error(401, battery.unauthorized_text)
                return requests.set_point(battery, direction, watts)
            case _, [endpoint] if endpoint in {*requests.READS, "configurations"}:
                return web.Response(status=405)
            case _, ["setpoint", "charge" | "discharge", _]:
                return web.Response(status=405)
        raise NotFound


def _may(battery: SonnenBattery, request: web.Request, switch: bool) -> bool:
    return switch and request.headers.get("Auth-Token") == battery.token


def _empty(battery: SonnenBattery) -> web.Response:
    """Answer a GET that is not allowed."""
    if battery.empty_on_bad_token:
        return success({})
    raise error(401, battery.unauthorized_text)


def _credentials(battery: SonnenBattery) -> dict[str, str]:
    return {
        "Host": battery.host,
        "Port": str(battery.port),
        "Token": battery.token,
        "Serial": battery.serial,
    }
