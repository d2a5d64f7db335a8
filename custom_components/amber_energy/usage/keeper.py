"""Keeps a site's usage and its cost up to date (reference sections 5.4 and 7.2)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
import logging
from typing import Any, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import ApiError, ThrottledError
from .._vendor.core.ha.account import Account
from .._vendor.core.ha.errors import error_key, retry_after
from ..api.client import SiteClient
from ..api.ratelimits import RateLimits
from ..const import DOMAIN, HISTORY_DAYS
from ..driver import Channel, Site
from ..reserve import asked_error
from .book import UsageBook
from .days import UsageDay
from .first import FirstImport
from .past import UsagePast
from .plan import (
    DAY,
    MOST_CALLS,
    RETENTION_DAYS,
    span,
    windows,
)
from .reader import UsageReader
from .schedule import Schedule
from .state import ImportCounts, UsageState
from .supply import is_supplied, not_before
from .writer import UsageWriter

_LOGGER = logging.getLogger(__name__)


class UsageSettings(Protocol):
    """What people choose."""

    @property
    def history_days(self) -> int:
        """How many days of the past are imported once; 0 for none."""

    @property
    def price_statistics(self) -> bool:
        """Whether hourly prices are written too."""


class UsageKeeper:
    """Imports usage once a day, and the past when it is asked for."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        site_id: str,
        client: SiteClient,
        account: Account,
        limits: RateLimits,
        clock: Clock,
        name: Callable[[], str],
        site: Callable[[], Site | None],
        settings: Callable[[], UsageSettings],
    ) -> None:
        """Take over what was stored; nothing is read yet."""
        self._hass, self._entry, self._account = hass, entry, account
        self._clock, self._site, self._settings = clock, site, settings
        self._site_id = site_id
        self._reader = UsageReader(hass, client, limits, clock)
        self._writer = UsageWriter(
            hass,
            site_id,
            name=name,
            with_prices=lambda: settings().price_statistics,
        )
        self._listeners: list[CALLBACK_TYPE] = []
        self.book = UsageBook(
            account, f"{site_id}/usage", clock=clock, writer=self._writer, site=site
        )
        self._schedule = Schedule(hass, clock, site_id, self._run_in_background)
        self.history = UsagePast(
            hass,
            entry,
            account,
            site_id=site_id,
            clock=clock,
            reader=self._reader,
            writer=self._writer,
            channels=self.book.channels,
            takes=self.book.in_its_turn,
            imported=self._imported_past,
            left_out=self.book.left_out,
        ).history
        self._first = FirstImport(
            self.history,
            wanted=lambda: settings().history_days if self._writer.possible else 0,
            first_day=self._first_day,
            state=lambda: self.data,
            keep=self.book.keep,
        )

    @property
    def data(self) -> UsageState:
        """What is known."""
        return self.book.data

    @property
    def today(self) -> date:
        """The NEM's day."""
        return self.book.today

    @property
    def status(self) -> str:
        """How far the import is: one of ``state.STATUSES``."""
        return self.data.status(self.days_behind)

    @property
    def days_behind(self) -> int | None:
        """How many ended days are missing; None before the first attempt."""
        if self.data.done_until is None:
            return None
        first, last = self.book.due
        return max(0, (last - first).days + 1)

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each change of ``data``."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def async_start(self) -> None:
        """Go on with what was not finished, and ask once a day from now on."""
        self._entry.async_on_unload(self.stop)
        if is_supplied(self._site()):
            self.book.begin(self._settings().history_days)
            # Before the daily run: what comes after it need not be moved along then
            self._first.begin()
        self.history.resume()
        if self._schedule.overdue(self.data.attempted_at):
            self._run_in_background()
        else:
            self._arm()

    @callback
    def stop(self) -> None:
        """Ask no more."""
        self._schedule.stop()

    async def async_run_now(self) -> None:
        """Do the daily run now. Raises ``HomeAssistantError``."""
        if not is_supplied(self._site()):
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="not_supplied"
            )
        self._raise_if_busy()
        try:
            await self._run()
        except ApiError as err:
            raise asked_error(err) from err

    async def async_import(self, first: date, last: date) -> ImportCounts:
        """Read NEM days again and write those whose turn it is.

        Raises ``HomeAssistantError``.
        """
        self._raise_if_busy()
        async with self._account.import_lock:
            try:
                found, read, err = await self._reader.windows(
                    windows(list(span(first, last)))
                )
                rows = 0
                done = []
                for day, usage in sorted(found.items()):
                    if self.book.in_its_turn(usage):
                        rows += await self.book.import_day(usage)
                        done.append(day)
            except ApiError as failed:
                raise asked_error(failed) from failed
            self.book.catch_up()
            self._tell()
            if err is not None:
                raise asked_error(err) from err
        missing = tuple(
            day
            for day in sorted(read)
            if day not in done or self.book.lacks(found[day])
        )
        return ImportCounts(days=len(done), rows=rows, missing=missing)

    def register_channels(self) -> dict[str, Channel]:
        """Return the channel of each register that is known, by its key."""
        return self.book.channels()

    def _first_day(self, history_days: int) -> date:
        """Return where so many days of the past begin."""
        back = RETENTION_DAYS if history_days >= HISTORY_DAYS else history_days
        return not_before(self._site(), self.today - back * DAY)

    def _raise_if_busy(self) -> None:
        if self._account.import_lock.locked():
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="import_running"
            )

    async def _run_and_arm(self) -> None:
        err: ApiError | None = None
        try:
            await self._run()
        except ApiError as failed:
            err = failed
            _LOGGER.debug("Usage was not read: %s", failed)
        except HomeAssistantError as failed:
            _LOGGER.warning("Usage was not imported: %s", failed)
        except Exception:
            _LOGGER.exception("Usage was not imported")
        finally:
            self._arm(err)

    async def _run(self) -> None:
        """Import what is new and what may have changed.

        Raises ``ApiError``, and ``HomeAssistantError`` if the recorder fails.
        """
        if not is_supplied(self._site()):
            return
        async with self._account.import_lock:
            if self.book.begin(self._settings().history_days):
                self._first.begin()
            try:
                await self._import_new()
            except ThrottledError:
                self._finish(None)
                raise
            except ApiError as err:
                self._finish(error_key(err))
                raise
            except HomeAssistantError:
                self._finish("unknown")
                raise
            self._finish(None)

    async def _import_new(self) -> None:
        first, last = self.book.due
        new = list(span(first, last))
        again = [day for day in self.data.again(self.today) if day < first]
        found, read, err = await self._reader.windows(windows(new, again)[:MOST_CALLS])
        await self.book.write_new([day for day in new if day in read], found)
        for day in again:
            if day in read:
                await self.book.look_again(day, found.get(day))
        if err is not None:
            raise err

    @callback
    def _imported_past(self, usage: UsageDay) -> None:
        self.book.remember(usage)
        self.book.catch_up()
        self._tell()

    @callback
    def _finish(self, error: str | None) -> None:
        """Note how an attempt ended; one that a restart cut off is made again."""
        now = self._clock.now()
        self.book.keep(replace(self.data, error=error, attempted_at=now))
        self._tell()

    @callback
    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()

    @callback
    def _run_in_background(self) -> None:
        self._entry.async_create_background_task(
            self._hass, self._run_and_arm(), f"{DOMAIN} usage"
        )

    @callback
    def _arm(self, err: ApiError | None = None) -> None:
        """Have the next attempt made, sooner if only the limit ended this one."""
        self._schedule.arm(
            done=self.status == "up_to_date" and not self.data.again(self.today),
            wait=retry_after(err) if isinstance(err, ThrottledError) else None,
        )
