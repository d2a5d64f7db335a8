"""The prices of a site in Home Assistant: polled when it is worthwhile, shown in time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
import math
import random
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.decode import mappings
from ._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    ThrottledError,
    TransportError,
)
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.coordinator import BundleCoordinator, Document, Reachability
from ._vendor.core.ha.turns import async_in_turn
from .api.client import SiteClient
from .api.ratelimits import RateLimits
from .api.stream import AmberStream
from .const import DOMAIN, NAME
from .driver import Channel, Interval, Prices
from .poller import PricePoller
from .polling import REFUSALS, SLOT, slot_start
from .publish import GRACE, Publishing, Shown, last_final, next_change
from .reserve import asked_error, check_reserve
from .stream import PriceStream
from .view import PriceView

_NO_AGE = timedelta()


class PriceFeed(BundleCoordinator[Prices]):
    """Owns the poller of a site, and says what is shown of what it reads.

    Listeners are called after each answer, and when time alone changes what is shown:
    at an interval's start and at the end of the hold.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        site_id: str,
        client: SiteClient,
        account: Account,
        limits: RateLimits,
        settings: Callable[[], Publishing],
        interval_length: Callable[[], int],
        share: Callable[[], int],
        reachability: Reachability,
        clock: Clock,
        on_error: Callable[[ApiError | None], None] = lambda _: None,
        stream: AmberStream | None = None,
        websocket: Callable[[], bool] = lambda: False,
    ) -> None:
        """Prepare; nothing is asked yet.

        ``share`` is how many sites use the token; ``websocket`` whether ``stream`` is
        to be listened to, asked again after ``settings_changed``.
        """
        super().__init__(
            hass,
            entry,
            domain=DOMAIN,
            document=Document(
                key=f"{site_id}/prices",
                label="prices",
                interval=SLOT,
                max_age=self._max_age,
                fetch=self._read,
                decode=self._decode,
                refusals=REFUSALS,
                stored=False,
            ),
            account=account,
            reachability=reachability,
            device=NAME,
            on_error=on_error,
        )
        self._settings, self._limits = settings, limits
        self._reading: Prices | None = None
        self._runs_until: datetime | None = None
        self._final: dict[Channel, Interval] = {}
        self._view = PriceView()
        self._failed_in: datetime | None = None
        self._next_call: CALLBACK_TYPE | None = None
        self._next_view: CALLBACK_TYPE | None = None
        self._running = False
        note = f"{site_id}/confirmations"
        self.poller = PricePoller(
            client,
            limits=limits,
            clock=clock,
            interval_length=interval_length,
            share=share,
            deliver=self._delivered,
            changed=self.async_update_listeners,
            failed=self._poll_failed,
            pairs=account.notes.get(note),
            learned=lambda pairs: account.note(note, pairs),
            previous_at_start=lambda: past_today(interval_length()),
            # Homes must not ask all at the same moment
            rng=random.Random(site_id),
        )
        self.stream = PriceStream(
            stream,
            websocket=websocket,
            push=self._pushed,
            changed=self.async_update_listeners,
            clock=clock,
        )

    @property
    def shown(self) -> Mapping[Channel, Shown]:
        """What is shown of each channel now; nothing before the first prices."""
        if not self.known:
            return {}
        now = self.poller.server_now
        return self._view.shown(self.data, self._final, self._settings(), now)

    @property
    def status(self) -> str:
        """One of `ok`, `rate_limited`, `auth_error`, `server_error`, `no_data`."""
        return self.poller.status

    @property
    def last_confirmed(self) -> datetime | None:
        """When a final price was last seen while its interval ran."""
        return self.poller.last_confirmed

    @property
    def confirmation_delay(self) -> float | None:
        """Seconds from the start of the 5-minute slot until then."""
        return self.poller.confirmation_delay

    @property
    def polls_last_interval(self) -> int | None:
        """How often Amber was asked in the last 5-minute slot."""
        return self.poller.polls_last_interval

    @property
    def next_poll(self) -> datetime | None:
        """When Amber will be asked next."""
        return self.poller.next_poll if self._running else None

    @property
    def forecast_horizon(self) -> datetime | None:
        """The end of the last forecast."""
        if not self.known:
            return None
        ends = [
            one.end for known in self.data.channels.values() for one in known.forecasts
        ]
        return max(ends, default=None)

    @property
    def data_source(self) -> str:
        """Who told the newest price: `polling` or `websocket`."""
        return self.poller.data_source

    @property
    def stream_refused(self) -> bool:
        """Whether Amber does not offer the websocket to this account."""
        return self.stream.refused

    async def async_start(self) -> None:
        """Read the prices, then go on as long as the entry is loaded.

        Raises what a coordinator's first refresh raises.
        """
        await self.async_config_entry_first_refresh()
        self.config_entry.async_on_unload(self._stop)
        self._running = not self.config_entry.pref_disable_polling
        self._arm()
        self.stream.follow(self._background)

    async def async_refresh_now(self) -> None:
        """Read the prices at once, if the account's requests allow it.

        Raises:
            HomeAssistantError: They do not, or Amber did not answer.
        """
        check_reserve(self._limits, dt_util.utcnow())
        try:
            await self.poller.ask()
        except ApiError as err:
            self._poll_failed(err)
            raise asked_error(err) from err
        finally:
            self._arm()

    @callback
    def settings_changed(self) -> None:
        """Show what the settings say now."""
        self._show_later()
        self.async_update_listeners()
        if self._running:
            self.stream.follow(self._background)

    @override
    async def async_shutdown(self) -> None:
        """Do nothing any more."""
        self._stop()
        await super().async_shutdown()

    @override
    @callback
    def _schedule_refresh(self) -> None:
        """Leave the cadence to the poller."""

    async def _read(self) -> Any:
        """Read at once; the coordinator finds what ``take`` got meanwhile."""
        try:
            return await self.poller.ask()
        finally:
            self._arm()

    def _decode(self, raw: Any, received_at: datetime) -> Prices:
        """Return the reading that the poller made of what it hands over."""
        return self._reading or driver.prices(raw, received_at)

    def _delivered(self, raw: Any, prices: Prices) -> None:
        """Take over what the poller read."""
        if self._shutdown_requested:
            return
        self._failed_in, self._reading = None, prices
        self._final = last_final(prices, self._final)
        ends = [one.current.end for one in prices.channels.values() if one.current]
        # In an outage of the market there are actual intervals, but none that runs
        self._runs_until = max(ends, default=self._runs_until)
        self.take(raw, prices.observed_at)
        self._show_later()

    @callback
    def _poll_failed(self, err: ApiError) -> None:
        """Count what may go over by itself once per slot: it is tried again soon."""
        if self._shutdown_requested:
            return
        slot = slot_start(self.poller.server_now)
        transient = isinstance(err, TransportError | ThrottledError | BadDataError)
        if not (transient and slot == self._failed_in):
            self._failed_in = slot
            self.fail(err)
        self.async_update_listeners()

    @callback
    def _pushed(self, raw: Any) -> None:
        """Take over what the websocket told; odd records are left out."""
        self.poller.push([dict(record) for record in mappings(raw)])
        self._arm()

    def _max_age(self, prices: Prices) -> timedelta:
        """Return how long after its observation a reading may be shown."""
        if self._runs_until is None:
            return _NO_AGE
        skew = self.poller.server_now - dt_util.utcnow()
        return self._runs_until + GRACE - skew - prices.observed_at

    @callback
    def _arm(self) -> None:
        """Set the timer of the next call.

        None while one is on its way: who waits for that sets it again.
        """
        if self._next_call is not None:
            self._next_call()
            self._next_call = None
        if not self._running or self.poller.busy:
            return

        @callback
        def call(_now: datetime) -> None:
            self._next_call = None
            self._background(self._step(), "prices")

        wait = (self.poller.next_poll - dt_util.utcnow()).total_seconds()
        self._next_call = async_call_later(
            self.hass,
            max(0.0, wait),
            HassJob(call, cancel_on_shutdown=True),
        )

    async def _step(self) -> None:
        try:
            await self.poller.step()
        finally:
            self._arm()

    @callback
    def _show_later(self) -> None:
        """Set the timer of the next change that time alone brings."""
        if self._next_view is not None:
            self._next_view()
            self._next_view = None
        if not self.known or self._shutdown_requested:
            return
        now = self.poller.server_now
        change = next_change(self.data, self._final, self._settings(), now)
        if change is None:
            return

        @callback
        def show(_now: datetime) -> None:
            self._next_view = None
            self._show_later()
            # It is the same moment at all sites
            async_in_turn(self.hass, self.async_update_listeners)

        self._next_view = async_call_later(
            self.hass,
            (change - now).total_seconds(),
            HassJob(show, cancel_on_shutdown=True),
        )

    @callback
    def _stop(self) -> None:
        self._running = False
        self.stream.stop()
        for cancel in (self._next_call, self._next_view):
            if cancel is not None:
                cancel()
        self._next_call = self._next_view = None

    def _background(self, work: Any, name: str) -> Any:
        return self.config_entry.async_create_background_task(
            self.hass, work, f"{DOMAIN} {name}"
        )


def past_today(interval_length: int) -> int:
    """Return how many intervals of so many minutes the home's day had until now."""
    passed = dt_util.utcnow() - dt_util.start_of_local_day()
    return math.ceil(passed / timedelta(minutes=interval_length or 5))
