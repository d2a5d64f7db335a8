"""One coordinator per document of the vendor, each at the document's cadence."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
import logging
import random
from typing import Any, cast, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from ..client.errors import ApiError, AuthError, ThrottledError, UnsupportedError
from ..model import Snapshot
from .account import Account
from .errors import read_error
from .reachability import MISSED_POLLS, Reachability

__all__ = ["MISSED_POLLS", "BundleCoordinator", "Document", "Reachability"]

_LOGGER = logging.getLogger(__name__)

RETRY = timedelta(minutes=15)
# How long after its turn has come a patient document is asked for
_AFTER_TURN = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document[T: Snapshot]:
    """Something that the vendor is asked for at one cadence.

    ``fetch`` returns it as plain JSON values, so that it can be kept over a
    restart; ``decode`` makes the reading of it and must not raise anything but
    ``BadDataError``. A reading older than ``max_age`` says is not shown any more.
    That an ``optional`` one does not exist is no trouble; in the end it is asked for at
    its own cadence. After ``MISSED_POLLS``
    failures in a row the pause doubles each time, up to ``back_off``. People are asked
    for new credentials after so many ``refusals`` in a row: with more than one, a
    single slip of the vendor costs nothing but a poll. The first refresh of a set-up
    waits for no second one. What is not ``stored`` is forgotten with the coordinator:
    large documents that are read every minute would wear the disk. That a ``patient``
    one has to wait for its turn in our own budget is no trouble either: where a limit
    is shared by all devices, they take turns.
    """

    key: str
    label: str
    interval: timedelta
    max_age: Callable[[T], timedelta]
    fetch: Callable[[], Awaitable[Any]]
    decode: Callable[[Any, datetime], T]
    optional: bool = False
    back_off: timedelta | None = None
    refusals: int = 1
    stored: bool = True
    patient: bool = False


class BundleCoordinator[T: Snapshot](DataUpdateCoordinator[T]):
    """Polls one document; after a restart goes on with what is still fresh."""

    config_entry: ConfigEntry[Any]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        domain: str,
        document: Document[T],
        account: Account,
        reachability: Reachability,
        device: str,
        on_error: Callable[[ApiError | None], None] = lambda _: None,
    ) -> None:
        """Prepare the coordinator.

        ``device`` names in the log whose document it is; ``on_error`` gets each
        error, and None on success.
        """
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=f"{domain} {document.label}",
            update_interval=document.interval,
        )
        self.document = document
        self._domain = domain
        self._account = account
        self._reachability = reachability
        self._device = device
        self._on_error = on_error
        self._cancel_expiry: CALLBACK_TYPE | None = None
        self._taken = 0
        self._failed = 0
        self._refused = 0
        self._absent = 0
        self._first = False
        self._raw: Any = None

    @property
    def known(self) -> bool:
        """Whether anything was read yet; before, there is no ``data``."""
        return cast("T | None", self.data) is not None

    @property
    def observed_at(self) -> datetime | None:
        """When the newest reading was true, aware UTC."""
        return self.data.observed_at if self.known else None

    @property
    def fresh(self) -> bool:
        """Whether the newest reading may still be shown."""
        return self._left > timedelta()

    @property
    def _left(self) -> timedelta:
        """How long the newest reading may still be shown."""
        if not self.known:
            return timedelta()
        age = dt_util.utcnow() - self.data.observed_at
        return self.document.max_age(self.data) - age

    @callback
    def restore(self) -> bool:
        """Take over the document that was stored; True if it needs no new poll yet."""
        stored = self._account.documents.get(self.document.key)
        if stored is None:
            return False
        age = dt_util.utcnow() - stored.received_at
        if age < timedelta():
            return False
        try:
            self.data = self.document.decode(stored.raw, stored.received_at)
        except ApiError:
            return False
        self._expire_later()
        due = self.document.interval - age
        if due <= timedelta():
            return False
        self.update_interval = due
        return True

    @callback
    def take(self, raw: Any, received_at: datetime) -> None:
        """Take over the document as it was just read elsewhere.

        A poll that is on its way asked earlier, so its answer does not count.
        Raises ``BadDataError`` if it makes no sense.
        """
        data = self.document.decode(raw, received_at)
        self._taken += 1
        self._failed = self._refused = self._absent = 0
        self._on_error(None)
        self._reachability.answered(self.document.key)
        self._keep(raw, received_at)
        self.update_interval = self.document.interval
        self.last_update_success = True
        self.async_set_updated_data(data)
        self._expire_later()

    @callback
    def fail(self, err: ApiError) -> None:
        """Note that the document could not be read elsewhere, as a poll would."""
        self.last_exception = self._note_failure(err)
        if isinstance(self.last_exception, ConfigEntryAuthFailed):
            self.config_entry.async_start_reauth(self.hass)
        succeeded, self.last_update_success = self.last_update_success, False
        if succeeded:
            self.async_update_listeners()

    @property
    def raw(self) -> Any:
        """The newest document as the vendor sent it; None before the first one."""
        if not self.document.stored:
            return self._raw
        stored = self._account.documents.get(self.document.key)
        return stored.raw if stored is not None else None

    @callback
    def _keep(self, raw: Any, received_at: datetime) -> None:
        if self.document.stored:
            self._account.put(self.document.key, raw, received_at)
        else:
            self._raw = raw

    @override
    async def async_shutdown(self) -> None:
        """Do nothing any more, whoever still listens."""
        await super().async_shutdown()
        self._stop_expiry()
        self._reachability.forget(self.document.key)

    @override
    @callback
    def async_update_listeners(self) -> None:
        """Call the listeners, unless the coordinator was shut down."""
        if not self._shutdown_requested:
            super().async_update_listeners()

    @override
    @callback
    def _schedule_refresh(self) -> None:
        # The base class arms the next poll also when one ends after the shutdown.
        if not self._shutdown_requested:
            super()._schedule_refresh()

    @override
    async def _async_update_data(self) -> T:
        self.update_interval = self.document.interval
        taken = self._taken
        try:
            raw = await self._fetch()
            if taken != self._taken:
                return self.data
            received_at = dt_util.utcnow()
            data = self.document.decode(raw, received_at)
        except ApiError as err:
            raise self._note_failure(err) from err
        self._failed = self._refused = self._absent = 0
        self._on_error(None)
        self._reachability.answered(self.document.key)
        self._keep(raw, received_at)
        # Else the base class logs the recovery of each document.
        self.last_update_success = True
        return data

    def _note_failure(self, err: ApiError) -> UpdateFailed | ConfigEntryAuthFailed:
        """Count, tell and log a failure; return what it is to Home Assistant."""
        self._on_error(err)
        if isinstance(err, AuthError):
            self._refused += 1
        absent = self.document.optional and isinstance(err, UnsupportedError)
        self._absent = self._absent + 1 if absent else 0
        final = self._first or self._refused >= self.document.refusals
        if not self._expected(err):
            self._failed += 1
            self._reachability.failed(
                self.document.key,
                self._device,
                self.document.label,
                err,
                final=final,
            )
        self.update_interval = self._pause_after(err)
        return read_error(self._domain, err, ask=final)

    def _expected(self, err: ApiError) -> bool:
        """Whether a failure is part of the document's normal life."""
        if isinstance(err, UnsupportedError):
            return self.document.optional
        return self._turn(err) is not None

    def _turn(self, err: ApiError) -> ThrottledError | None:
        """Return a failure that only says when a patient document has its turn."""
        if isinstance(err, ThrottledError) and err.reason == "budget":
            return err if self.document.patient else None
        return None

    def _pause_after(self, err: ApiError) -> timedelta:
        """How long to wait after a failure."""
        # What is read once a day must not stay unknown for a day.
        pause = min(self.document.interval, RETRY)
        # The base class knows no turn after a first refresh.
        turn = self._turn(err)
        if turn is not None and turn.retry_after is not None:
            return min(pause, timedelta(seconds=turn.retry_after + _AFTER_TURN))
        if (absent := self._absent - MISSED_POLLS) > 0:
            # What never was there is no news
            return max(
                pause, min(pause * 2.0 ** min(absent, 16), self.document.interval)
            )
        more = self._failed - MISSED_POLLS
        if self.document.back_off is None or more <= 0:
            return pause
        doubled = pause * 2.0 ** min(more, 16) * random.uniform(0.9, 1.1)
        return max(pause, min(doubled, self.document.back_off))

    async def _fetch(self) -> Any:
        """Fetch the document; what comes after the shutdown belongs to nobody."""
        try:
            raw = await self.document.fetch()
        except ApiError as err:
            if self._shutdown_requested:
                raise UpdateFailed("shut down") from err
            raise
        if self._shutdown_requested:
            raise UpdateFailed("shut down")
        return raw

    @override
    async def _async_refresh(
        self,
        log_failures: bool = True,
        raise_on_auth_failed: bool = False,
        scheduled: bool = False,
        raise_on_entry_error: bool = False,
    ) -> None:
        self._first = raise_on_auth_failed
        try:
            # Failures are logged by Reachability, once for all documents.
            await super()._async_refresh(
                False,
                raise_on_auth_failed,
                scheduled,
                raise_on_entry_error,
            )
        finally:
            self._first = False
        self._expire_later()

    @callback
    def _expire_later(self) -> None:
        """Tell the listeners when the reading becomes too old to be shown.

        They are not called after a second failure in a row, so nothing else would.
        """
        pending = self._cancel_expiry is not None
        self._stop_expiry()
        if self._shutdown_requested:
            return
        if (left := self._left) <= timedelta():
            if pending:
                self.async_update_listeners()
            return

        @callback
        def expired(_now: datetime) -> None:
            self._cancel_expiry = None
            self.async_update_listeners()

        self._cancel_expiry = async_call_later(
            self.hass,
            left.total_seconds() + 1,
            HassJob(expired, cancel_on_shutdown=True),
        )

    @callback
    def _stop_expiry(self) -> None:
        if self._cancel_expiry is not None:
            self._cancel_expiry()
            self._cancel_expiry = None
