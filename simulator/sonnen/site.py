"""The network socket of one battery."""

from collections.abc import Callable

from aiohttp import web

from ..server import listen


class Site:
    """A server of its own; `start` after `stop` takes the same port again."""

    def __init__(self) -> None:
        """Begin unplugged; `app` has to be set before it can start."""
        self.app: Callable[[], web.Application] | None = None
        self.host = "127.0.0.1"
        self.port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://{self.host}:{self.port}"

    async def start(self, port: int | None = None, host: str | None = None) -> None:
        """Listen; port 0 is any free one, None the last one or any.

        Raises OSError if the port is in use.
        """
        if self._runner is not None or self.app is None:
            return
        host = host or self.host
        self._runner, self.port = await listen(
            self.app(), host, self.port if port is None else port
        )
        self.host = host

    async def stop(self) -> None:
        """Stop listening."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
