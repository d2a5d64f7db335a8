"""Makes the documents of an entry: they share account, log and answers."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    NotPermittedError,
    UnsupportedError,
)
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.coordinator import BundleCoordinator, Document, Reachability
from ._vendor.core.model import Snapshot
from .api.errors import NO_PERMISSION
from .const import BACK_OFF, DOMAIN, NAME, SLOW_MAX_AGE, UPLOAD_DELAY, UPLOAD_INTERVAL

# Sooner than this nothing is read again, wherever an upload falls.
_SOONEST = timedelta(seconds=60)


class Documents:
    """The documents of one entry."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        account: Account,
        on_answer: Callable[[str, ApiError | None], None],
    ) -> None:
        """Begin without any; ``on_answer`` gets each document's key and error."""
        self._hass, self._entry, self._account = hass, entry, account
        self._on_answer = on_answer
        self._reachability = Reachability(f"{NAME} account")
        self._made: list[BundleCoordinator[Any]] = []

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents that are read."""
        return list(self._made)

    def make[T: Snapshot](
        self,
        key: str,
        label: str,
        interval: timedelta,
        fetch: Callable[[], Awaitable[Any]],
        decode: Callable[[Any, datetime], T],
        *,
        max_age: timedelta = SLOW_MAX_AGE,
        optional: bool = False,
    ) -> BundleCoordinator[T]:
        """Return a new document that is read each ``interval``."""

        def oldest(_data: T) -> timedelta:
            return max(max_age, interval + max_age / 2)

        coordinator: BundleCoordinator[T] = BundleCoordinator(
            self._hass,
            self._entry,
            domain=DOMAIN,
            document=Document(
                key=key,
                label=label,
                interval=interval,
                max_age=oldest,
                fetch=fetch,
                decode=decode,
                optional=optional,
                back_off=BACK_OFF,
                patient=True,
            ),
            account=self._account,
            reachability=self._reachability,
            device=NAME,
            on_error=lambda err: self._on_answer(key, err),
        )
        self._made.append(coordinator)
        return coordinator

    async def async_drop(self, coordinator: BundleCoordinator[Any]) -> None:
        """Read a document no more."""
        self._made = [made for made in self._made if made is not coordinator]
        await coordinator.async_shutdown()


def refused(coordinator: BundleCoordinator[Any]) -> bool:
    """Tell whether the last poll failed for a reason that is this document's alone.

    Others may well be answered then: the endpoint is absent, or forbidden (4.1, 4.2).
    """
    if coordinator.last_update_success or coordinator.last_exception is None:
        return False
    err = coordinator.last_exception.__cause__
    if isinstance(err, NotPermittedError):
        return err.reason == NO_PERMISSION
    return isinstance(err, UnsupportedError | BadDataError)


def next_poll(
    newest: datetime | None, received_at: datetime, interval: timedelta
) -> timedelta:
    """Return when to read again what was sampled at ``newest`` (reference section 5).

    A little after the next upload, so that a sample is not shown five minutes late;
    ``interval`` where that is of no use: polls are rarer or more frequent on purpose,
    or the device sleeps.
    """
    if newest is None or interval != UPLOAD_INTERVAL:
        return interval
    left = newest + UPLOAD_INTERVAL + UPLOAD_DELAY - received_at
    return left if _SOONEST <= left <= interval + UPLOAD_DELAY else interval
