"""Brings what is pushed into Home Assistant."""

from asyncio import Task
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .._vendor.core.client.clock import SystemClock
from ..api.regions import broker_url
from ..const import CONF_LIVE, DOMAIN
from .feed import LiveFeed

if TYPE_CHECKING:
    from ..runtime import GoodWeRuntime


class LiveManager:
    """The live feed of one account while its entry is loaded."""

    def __init__(self, runtime: GoodWeRuntime) -> None:
        """Prepare; nothing is asked yet."""
        self._runtime = runtime
        self._feed = LiveFeed(
            runtime.client,
            async_get_clientsession(runtime.hass),
            url=self._url,
            stations=lambda: list(runtime.plants),
            push=self._pushed,
            changed=runtime.live_changed,
            clock=SystemClock(),
            begin=self._begin,
            later=self._later,
        )

    @callback
    def start(self) -> None:
        """Listen until ``stop``, if people want it."""
        runtime = self._runtime
        if runtime.option(CONF_LIVE) is False:
            return
        # Also where the set-up fails later, and nothing is unloaded
        runtime.entry.async_on_unload(self.stop)
        for plant in runtime.plants:
            runtime.live_changed(plant, connected=False)
        self._feed.start()

    @callback
    def stop(self) -> None:
        """Close the connection."""
        self._feed.stop()

    def _url(self) -> str:
        connection, login = self._runtime.connection, self._runtime.connection.login
        return broker_url(connection.session.region or login.region, login.server)

    @callback
    def _pushed(self, station: str, raw: dict[str, Any]) -> bool:
        return self._runtime.push(station, raw, dt_util.utcnow())

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> Task[None]:
        runtime = self._runtime
        return runtime.entry.async_create_background_task(
            runtime.hass, work, f"{DOMAIN} {name}"
        )

    def _later(self, seconds: float, action: Callable[[], None]) -> CALLBACK_TYPE:
        @callback
        def act(_now: datetime) -> None:
            action()

        job = HassJob(act, cancel_on_shutdown=True)
        return async_call_later(self._runtime.hass, seconds, job)
