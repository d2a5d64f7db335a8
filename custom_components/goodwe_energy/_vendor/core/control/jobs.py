"""Work that outlives who asked for it: one piece after the other, each to its end."""

import asyncio
from collections.abc import Callable, Coroutine
import logging
from typing import Any

_LOGGER = logging.getLogger(__name__)

type Spawn = Callable[[Coroutine[Any, Any, Any], str], asyncio.Task[Any]]


class Closing(Exception):
    """Nothing new is taken any more."""


class Jobs:
    """Runs the writes of one device, also when the caller is cancelled.

    An automation in ``mode: restart`` cancels its running action in the middle; the
    write must come to a true end all the same.
    """

    def __init__(self, spawn: Spawn, on_idle: Callable[[], None]) -> None:
        """``spawn`` starts a task; ``on_idle`` is told when the last one has ended."""
        self._spawn, self._on_idle = spawn, on_idle
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._hurry = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether something is being done or waits for its turn."""
        return bool(self._tasks)

    @property
    def closed(self) -> bool:
        """Whether nothing new is taken any more."""
        return self._closed

    async def run[T](self, work: Callable[[], Coroutine[Any, Any, T]], name: str) -> T:
        """Do ``work`` when its turn comes and return what it returns.

        Raises ``Closing`` if it was not begun and will not be.
        """
        return await self.wait(self.begin(lambda: self.in_turn(work), name))

    def begin[T](
        self, work: Callable[[], Coroutine[Any, Any, T]], name: str
    ) -> asyncio.Task[T]:
        """Begin ``work`` beside the queue. Raises ``Closing``."""
        if self._closed:
            raise Closing
        task: asyncio.Task[T] = self._spawn(work(), name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not self._tasks:
            self._on_idle()

    @staticmethod
    async def wait[T](task: asyncio.Task[T]) -> T:
        """Return what the task returns; who stops waiting does not stop it."""
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.add_done_callback(_tell)
            raise
        return task.result()

    async def in_turn[T](self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do ``work`` after everything that came before. Raises ``Closing``."""
        async with self._lock:
            if self._closed:
                raise Closing
            return await work()

    async def pause(self, sleeping: Coroutine[Any, Any, None]) -> bool:
        """Wait; return False at once when there is no time left for that."""
        waiters = (
            asyncio.ensure_future(sleeping),
            asyncio.ensure_future(self._hurry.wait()),
        )
        try:
            await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()
        return not self._hurry.is_set()

    async def close(self, *, patience: float = 0.0) -> None:
        """Take nothing new and wait until nothing is on its way.

        After ``patience`` seconds pauses are cut short; a request is always waited for.
        """
        self._closed = True
        if self._tasks and patience > 0:
            await asyncio.wait(set(self._tasks), timeout=patience)
        self._hurry.set()
        while self._tasks:
            await asyncio.wait(set(self._tasks))


def _tell(task: asyncio.Task[Any]) -> None:
    """Log an error that its caller did not wait for."""
    if not task.cancelled() and (err := task.exception()) is not None:
        _LOGGER.warning("Nobody waited for %s, which failed: %s", task.get_name(), err)
