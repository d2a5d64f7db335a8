"""Listens to Amber's websocket while the user wants it (reference section 3.7).

It only adds to polling; whatever becomes of it, nobody is asked for credentials.
"""

from asyncio import Task
from collections.abc import Callable, Coroutine
import logging
from typing import Any

from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import ApiError, BadDataError, NotPermittedError
from .api.stream import AmberStream

_LOGGER = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0

type Begin = Callable[[Coroutine[Any, Any, None], str], Task[None]]


class PriceStream:
    """The websocket of a site, opened again whenever it ends.

    Attributes:
        refused: Amber does not offer it to this account: polling has to do.
        connected: Something was told since it was opened.
    """

    def __init__(
        self,
        stream: AmberStream | None,
        *,
        websocket: Callable[[], bool],
        push: Callable[[Any], None],
        changed: Callable[[], None] = lambda: None,
        clock: Clock,
    ) -> None:
        """Prepare; without a ``stream`` there never is one.

        ``push`` gets current prices as Amber's JSON; raises ``BadDataError``.
        ``changed`` is called when it is refused.
        """
        self._stream, self._websocket = stream, websocket
        self._push, self._changed, self._clock = push, changed, clock
        self._task: Task[None] | None = None
        self._pause = _FIRST_PAUSE
        self._wondered = False
        self.refused = False
        self.connected = False

    def follow(self, begin: Begin) -> None:
        """Listen from now on, or stop, as the user wants it."""
        if not self._websocket():
            self.stop()
            self.refused = False
        elif self._stream is not None and not self._listening:
            self._task = begin(self._run(self._stream), "websocket")

    @property
    def _listening(self) -> bool:
        """Whether nothing is to be begun: it goes on, or was refused for good."""
        return self.refused or (self._task is not None and not self._task.done())

    def stop(self) -> None:
        """Close it."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.connected = False

    async def _run(self, stream: AmberStream) -> None:
        self._pause = _FIRST_PAUSE
        while True:
            try:
                await stream.listen(self._told)
            except NotPermittedError:
                self.refused, self.connected = True, False
                _LOGGER.info(
                    "Amber offers this account no websocket; prices are polled"
                )
                self._changed()
                return
            except ApiError as err:
                _LOGGER.debug("Websocket: %s", err)
            except Exception:
                if not self._wondered:
                    _LOGGER.exception("The websocket failed in an unexpected way")
                self._wondered = True
            self.connected = False
            await self._clock.sleep(self._pause)
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _told(self, raw: Any) -> None:
        self.connected, self._pause = True, _FIRST_PAUSE
        try:
            self._push(raw)
        except BadDataError as err:
            _LOGGER.debug("Websocket: %s", err)
