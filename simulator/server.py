"""What all simulators have in common: houses behind a protocol behind a wire."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import ClassVar

from aiohttp import web

from .clock import Clock
from .control import control_routes
from .counters import Counters, Request
from .faults import Faults
from .house import House
from .wire import CUT, SKEW, Handler, serve

_CLIENT_MAX_BYTES = 1024 * 1024


async def listen(
    app: web.Application, host: str, port: int
) -> tuple[web.AppRunner, int]:
    """Serve an application; return its runner and the port (0 is any free one).

    Raises OSError if the port is in use.
    """
    # Like a real server: a handler goes on when its client has gone away
    runner = web.AppRunner(
        app, access_log=None, handler_cancellation=False, shutdown_timeout=1
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port, reuse_address=True)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, runner.addresses[0][1]


class Simulator(ABC):
    """One vendor's server with its houses.

    Use `start` and `stop` inside a running event loop; `start` after `stop` takes
    the same port again, as a server that was down does.
    """

    name: ClassVar[str]
    """How the command line and `/_sim/<name>` call it."""
    base_path: ClassVar[str] = ""
    """Path of the vendor's API, with a leading slash."""

    def __init__(self, clock: Clock, houses: Mapping[str, House]) -> None:
        """Serve these houses, by serial, in the time of `clock`."""
        self.clock = clock
        self.houses = dict(houses)
        self.faults = Faults()
        self.counters = Counters()
        self._runner: web.AppRunner | None = None
        self._stopping = asyncio.Event()
        self._host = "127.0.0.1"
        self._port = 0

    # For vendors

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """Return the vendor's routes, those of `/_sim/<name>` among them."""

    @abstractmethod
    async def identify(self, request: web.Request) -> tuple[str, str | None]:
        """Return the endpoint's name and the serial that a request is about."""

    @abstractmethod
    def error_response(self, code: int, message: str | None) -> web.Response:
        """Return the vendor's own error answer; `message` None is its usual text."""

    @abstractmethod
    def credentials(self) -> dict[str, str]:
        """Return what a user types in, by the label of the field."""

    @property
    def doors(self) -> list[tuple[str, dict[str, str]]]:
        """What listens on a port of its own: base URL and credentials of each."""
        return [(self.url, self.credentials())]

    def code_of(self, _response: web.StreamResponse) -> int | None:
        """Return the vendor's code in an answer, None where there is none."""
        return None

    def server_time(self, request: web.Request) -> datetime:
        """Return the time on the server's clock (UTC) as this request meets it."""
        return self.clock() + timedelta(seconds=request.get(SKEW, 0.0))

    # Life

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{self._host}:{self._port}"

    @property
    def url(self) -> str:
        """What a client takes as the vendor's base URL."""
        return self.origin + self.base_path

    @property
    def control_url(self) -> str:
        """Where the simulator itself is controlled."""
        return f"{self.origin}/_sim"

    def app(self) -> web.Application:
        """Return a new web application."""
        app = web.Application(
            middlewares=[self._wire], client_max_size=_CLIENT_MAX_BYTES
        )
        app.add_routes(control_routes(self))
        app.add_routes(self.routes())
        app.on_response_prepare.append(self._date)
        return app

    async def start(self, port: int | None = None, host: str = "127.0.0.1") -> None:
        """Listen; port 0 is any free one, None the last one or any."""
        self._stopping.clear()
        self._runner, self._port = await listen(
            self.app(), host, self._port if port is None else port
        )
        self._host = host

    async def stop(self) -> None:
        """Stop listening; answers that drip or wait end at once."""
        self._stopping.set()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    @web.middleware
    async def _wire(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/_sim/"):
            return await handler(request)
        endpoint, system = await self.identify(request)
        entry = Request(self.clock(), request.method, endpoint, system)
        self.counters.add(entry)
        faults = self.faults.take(endpoint, system)
        response = await serve(
            request, handler, faults, self.error_response, self._stopping
        )
        if not request.get(CUT, False):
            entry.status = response.status
            entry.code = self.code_of(response)
        return response

    async def _date(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = format_datetime(
            self.server_time(request), usegmt=True
        )
