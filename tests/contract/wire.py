"""What happens to the requests of a program, told one by one."""

import asyncio
from collections.abc import Callable
import errno
from typing import Any, override

import aiohttp

from simulator.faults import Fault, FaultKind, Faults

type Moment = Callable[[], None]

LOST_REQUEST = Fault(kind=FaultKind.RESET)
LOST_ANSWER = Fault(kind=FaultKind.LOST)
GATEWAY = Fault(kind=FaultKind.HTML, status=502)


class Script(Faults):
    """The switchboard of a simulator, with a list of what the next writes meet.

    Attributes:
        writes: Of the next writes, one each: None (nothing), a `Fault`, or "not_sent".
        dark: Whether no request arrives at all.
        dark_after: So many writes from now `dark` begins, with the read that follows.
        dark_for: Seconds after which it then ends by itself; None for never.
        is_read: Whether a request that is no GET only reads, by its path.
        on_request: Called with each request's endpoint before it takes effect.
        sent: Writes that have arrived, whether or not they were answered.
    """

    def __init__(self, is_write: Callable[[str], bool]) -> None:
        """Begin with a wire that works; `is_write` knows the vendor's endpoints."""
        super().__init__()
        self._is_write = is_write
        self.writes: list[Fault | str | None] = []
        self.dark = False
        self.dark_after: int | None = None
        self.dark_for: float | None = None
        self.is_read: Callable[[str], bool] = lambda path: False
        self.on_request: Callable[[str], Fault | None] = lambda endpoint: None
        self.sent: list[str] = []

    def refuses_connection(self) -> bool:
        """Whether the write that is about to be sent finds no server."""
        if self.writes and self.writes[0] == "not_sent":
            self.writes.pop(0)
            return True
        return False

    @override
    def take(self, endpoint: str, system: str | None) -> list[Fault]:
        hits = super().take(endpoint, system)
        if self.dark:
            return [LOST_REQUEST]
        if self._is_write(endpoint):
            hits += self._of_write(endpoint)
        if (more := self.on_request(endpoint)) is not None:
            hits.append(more)
        return hits

    def _of_write(self, endpoint: str) -> list[Fault]:
        self.sent.append(endpoint)
        if self.dark_after is not None:
            self.dark_after -= 1
            if not self.dark_after:
                self._darken()
        fault = self.writes.pop(0) if self.writes else None
        return [fault] if isinstance(fault, Fault) else []

    def _darken(self) -> None:
        self.dark, self.dark_after = True, None
        if self.dark_for is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(self.dark_for, setattr, self, "dark", False)
            self.dark_for = None


class Connector(aiohttp.TCPConnector):
    """A connection for each request, so that an open one is a request on its way."""

    def __init__(self, script: Script) -> None:
        """Ask the script before each change that is sent."""
        super().__init__(force_close=True)
        self._script = script

    @override
    async def connect(
        self, req: aiohttp.ClientRequest, *args: Any, **options: Any
    ) -> aiohttp.client_reqrep.Connection:
        writes = req.method != "GET" and not self._script.is_read(req.url.path)
        if writes and self._script.refuses_connection():
            raise aiohttp.ClientConnectorError(
                req.connection_key, OSError(errno.ECONNREFUSED, "refused")
            )
        return await super().connect(req, *args, **options)


class Moments:
    """The moments between two steps of a program, each of which can be its last.

    Attributes:
        passed: How many there were.
        writes: Which of them were a change on its way.
        last: The one at which `kill` is called; None for never.
        over: Whether that has happened.
    """

    def __init__(self) -> None:
        """Begin with a program that runs."""
        self.passed = 0
        self.writes: list[int] = []
        self.last: int | None = None
        self.kill: Callable[[], None] = lambda: None
        self.over = False

    def here(self) -> bool:
        """Pass a moment; return whether it was the program's last one."""
        self.passed += 1
        if self.passed == self.last:
            self.over = True
            self.kill()
        return self.over

    async def reach(self) -> None:
        """Pass a moment of our own; never returns in a program that was killed."""
        if self.here():
            await asyncio.get_running_loop().create_future()
