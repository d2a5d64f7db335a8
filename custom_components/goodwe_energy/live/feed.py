"""Listens to the broker that tells each plant's values every 5 s (section 5).

It only adds to polling: whatever becomes of it, nobody is asked for credentials.
"""

from asyncio import Task
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
import logging
from typing import Any, Protocol

import aiohttp

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    UnsupportedError,
)
from .broker import Broker
from .pauses import Pauses
from .payload import read_push, topic_of
from .silence import Silence

_LOGGER = logging.getLogger(__name__)

# Seconds. A plant that has no push today may have it after an update of its dongle
REFUSED_PAUSE = 6 * 3600.0
LOOK = 20.0

type Begin = Callable[[Coroutine[Any, Any, None], str], Task[None]]
type Cancel = Callable[[], None]
type Later = Callable[[float, Callable[[], None]], Cancel]


class LiveApi(Protocol):
    """The two requests that a push needs; both raise ``ApiError``."""

    async def live_enable(self, station: str) -> bool:
        """Ask for a plant's push; False if it has none."""

    async def live_config(self) -> Mapping[str, Any]:
        """Return new credentials: ``clientId``, ``userName``, ``password``."""


class LiveFeed:
    """One connection for all plants of an account, opened again whenever it ends.

    Nothing of it runs in a pause but a timer.
    """

    def __init__(
        self,
        api: LiveApi,
        session: aiohttp.ClientSession,
        *,
        url: Callable[[], str],
        stations: Callable[[], Iterable[str]],
        push: Callable[[str, dict[str, Any]], bool],
        changed: Callable[[str, bool], None],
        clock: Clock,
        begin: Begin,
        later: Later,
    ) -> None:
        """Prepare; nothing is asked yet.

        Args:
            api: Where credentials come from.
            session: Opens the WebSocket; never closed here.
            url: The broker's address, known after the login.
            stations: The plants that are wanted, asked at each connect.
            push: Gets a plant and what it told (``payload.read_push``); returns
                whether that is of any use.
            changed: Gets a plant and whether it tells its values now.
            clock: Elapsed time.
            begin: Starts a task; one runs while there is a connection.
            later: Calls something after so many seconds.
        """
        self._api, self._session, self._url = api, session, url
        self._stations, self._push, self._changed = stations, push, changed
        self._clock, self._begin, self._later = clock, begin, later
        self._silences: dict[str, Silence] = {}
        self._broker: Broker | None = None
        self._task: Task[None] | None = None
        self._works: dict[str, Task[None]] = {}
        self._cancel: Cancel | None = None
        self._pauses = Pauses()
        self._running = self._wondered = False

    def start(self) -> None:
        """Listen until ``stop``."""
        if not self._running:
            self._running, self._pauses = True, Pauses()
            self._connect()

    def stop(self) -> None:
        """Close it; nobody is told any more."""
        self._running = False
        self._stop_timer()
        if self._task is not None:
            self._task.cancel()
        for work in self._works.values():
            work.cancel()
        self._task = self._broker = None
        self._works.clear()
        for silence in self._silences.values():
            silence.live = False

    def _connect(self) -> None:
        self._task = self._begin(self._run(), "live feed")

    async def _run(self) -> None:
        """Listen once, and have it done again after a pause."""
        pause = None
        try:
            await self._listen()
        except (NotPermittedError, UnsupportedError) as err:
            _LOGGER.debug("Live feed: not offered: %s", err)
            pause = REFUSED_PAUSE
        except ApiError as err:
            _LOGGER.debug("Live feed: %s", err)
            if isinstance(err, ThrottledError | MaintenanceError) and err.retry_after:
                pause = max(self._pauses.shortest, err.retry_after)
        except Exception:
            if not self._wondered:
                _LOGGER.exception("The live feed failed in an unexpected way")
            self._wondered = True
        if self._running:
            self._ended(pause)

    def _ended(self, pause: float | None) -> None:
        self._stop_timer()
        self._broker = None
        if pause is None:
            pause = self._pauses.ended()
        self._cancel = self._later(pause, self._connect)
        for station, silence in self._silences.items():
            self._tell(station, silence, live=False)

    async def _listen(self) -> None:
        stations = await self._enabled(self._stations(), anew=True)
        if not stations:
            raise UnsupportedError("no plant has a push")
        config = await self._api.live_config()
        broker = self._broker = Broker(self._session, self._url(), clock=self._clock)
        now = self._clock.monotonic()
        self._pauses.begun(now)
        for station in stations:
            self._silences[station].listened(now)
        self._look_later()
        await broker.listen(
            config,
            [topic_of(station) for station in stations],
            self._told,
        )

    async def _enabled(
        self, stations: Iterable[str], *, anew: bool = False
    ) -> list[str]:
        """Return the plants that have a push; asks for it where it is silent.

        Where nobody has listened, ``anew``, what was just before still counts.
        """
        now, found = self._clock.monotonic(), []
        for station in stations:
            silence = self._silences.setdefault(station, Silence())
            if silence.due(now) and not (anew and silence.recent(now)):
                try:
                    offered = await self._api.live_enable(station)
                except NotPermittedError, UnsupportedError:
                    offered = False
                silence.asked(now, offered=offered)
            if silence.offered:
                found.append(station)
        return found

    def _told(self, topic: str, payload: bytes) -> None:
        if (news := read_push(topic, payload)) is None:
            return
        station, raw = news
        if (silence := self._silences.get(station)) is None:
            return
        now = self._clock.monotonic()
        try:
            if not self._push(station, raw):
                return
        except BadDataError as err:
            _LOGGER.debug("Live feed: %s", err)
            return
        self._pauses.told(now)
        silence.told(now)
        self._tell(station, silence, live=True)

    def _look_later(self) -> None:
        self._stop_timer()
        self._cancel = self._later(LOOK, self._look)

    def _look(self) -> None:
        """See what has become silent while the connection is open."""
        self._look_later()
        now = self._clock.monotonic()
        for station, silence in self._silences.items():
            if silence.silent(now):
                self._tell(station, silence, live=False)
        if self._broker is not None:
            # Not one after the other: a request may have to wait for long
            self._work("ping", self._broker.ping)
            self._work("look", partial(self._keep, self._broker))

    def _work(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin a piece of work, unless the last one of this name goes on."""
        if (last := self._works.get(name)) is None or last.done():
            self._works[name] = self._begin(work(), f"live feed {name}")

    async def _keep(self, broker: Broker) -> None:
        """Ask again for plants that are silent; end what is of no use."""
        wanted = set(self._stations())
        offered = {key for key, known in self._silences.items() if known.offered}
        now = self._clock.monotonic()
        lost = all(self._silences[key].lost(now) for key in wanted & offered)
        if lost or not wanted <= self._silences.keys():
            # Other credentials may help; and only a new connection has new plants
            await broker.close()
            return
        try:
            await self._enabled(wanted & offered)
        except ApiError as err:
            _LOGGER.debug("Live feed: %s", err)

    def _tell(self, station: str, silence: Silence, *, live: bool) -> None:
        if silence.live != live:
            silence.live = live
            self._changed(station, live)

    def _stop_timer(self) -> None:
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
