"""Makes the documents of an entry: they share account, log and answers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.client.decode import integer
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.coordinator import BundleCoordinator, Document, Reachability
from ._vendor.core.model import Snapshot
from .const import (
    BACK_OFF,
    CONF_POLL_SECONDS,
    DOMAIN,
    NAME,
    POLL_SECONDS,
    POLL_SECONDS_MAX,
    POLL_SECONDS_MIN,
    SLOW_MAX_AGE,
)


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
        chosen = integer(entry.options.get(CONF_POLL_SECONDS)) or POLL_SECONDS
        self.poll_seconds = min(max(chosen, POLL_SECONDS_MIN), POLL_SECONDS_MAX)

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents that are read."""
        return list(self._made)

    def chosen(self, interval: timedelta) -> timedelta:
        """Return the cadence of what people choose the cadence of."""
        return interval * (self.poll_seconds / POLL_SECONDS)

    def scaled(self, interval: timedelta) -> timedelta:
        """Return the cadence of a group where people want fewer polls (section 5).

        Nothing is read more often than the powers, nor less often than by default
        unless these are.
        """
        return max(interval, timedelta(seconds=self.poll_seconds))

    def make[T: Snapshot](
        self,
        key: str,
        label: str,
        interval: timedelta,
        fetch: Callable[[], Awaitable[Any]],
        decode: Callable[[Any, datetime], T],
        *,
        max_age: timedelta = SLOW_MAX_AGE,
        optional: bool = True,
        stored: bool = True,
    ) -> BundleCoordinator[T]:
        """Return a new document that is read each ``interval``.

        Only lists and flows are not ``optional``: what else is missing is no trouble
        (reference section 10.3).
        """

        def oldest(_data: T) -> timedelta:
            return max(max_age, 3 * interval)

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
                stored=stored,
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


@callback
def set_interval(coordinator: BundleCoordinator[Any], interval: timedelta) -> None:
    """Read a document at another cadence, from its next turn on."""
    if coordinator.document.interval != interval:
        coordinator.document = replace(coordinator.document, interval=interval)
        coordinator.update_interval = interval
