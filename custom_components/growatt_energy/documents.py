"""Makes the documents of an entry, and slows them down after a lock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ._vendor.core.client.decode import mapping
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.coordinator import BundleCoordinator, Document, Reachability
from ._vendor.core.model import Snapshot
from .const import CAUTION, DOMAIN, NAME, SLOW_MAX_AGE

# How much slower an account is read for a week after a lock (reference section 5.5)
_SLOWER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSettings:
    """What a device's settings were, under the names that the cloud gives them."""

    observed_at: datetime
    values: dict[str, Any]


def raw_settings(raw: Any, received_at: datetime) -> RawSettings:
    """Return settings as they were read; decoded by the control of the device."""
    return RawSettings(observed_at=received_at, values=dict(mapping(raw)))


class Documents:
    """The documents of one entry: they share account, log and answers."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        account: Account,
        last_lock: Callable[[], datetime | None],
        on_answer: Callable[[str, ApiError | None], None],
    ) -> None:
        """Begin without any.

        ``last_lock`` is when the account's last lock ends or ended; ``on_answer`` gets
        each document's key and error.
        """
        self._hass, self._entry, self._account = hass, entry, account
        self._last_lock, self._on_answer = last_lock, on_answer
        self._reachability = Reachability(f"{NAME} account")
        self._made: list[tuple[BundleCoordinator[Any], timedelta]] = []

    @property
    def cautious_until(self) -> datetime | None:
        """Until when the account is read half as often; None if it is not."""
        if (lock := self._last_lock()) is None:
            return None
        until = lock + CAUTION
        return until if until > dt_util.utcnow() else None

    @property
    def pace(self) -> int:
        """By how much the intervals are longer now."""
        return _SLOWER if self.cautious_until else 1

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents that are read."""
        return [coordinator for coordinator, _ in self._made]

    def make[T: Snapshot](
        self,
        key: str,
        label: str,
        interval: timedelta,
        fetch: Callable[[], Awaitable[Any]],
        decode: Callable[[Any, datetime], T],
        *,
        max_age: timedelta = SLOW_MAX_AGE,
        device: str = NAME,
        optional: bool = False,
    ) -> BundleCoordinator[T]:
        """Return a new document that is read each ``interval``."""

        def oldest(_data: T) -> timedelta:
            return max(max_age, coordinator.document.interval + max_age / 2)

        coordinator: BundleCoordinator[T] = BundleCoordinator(
            self._hass,
            self._entry,
            domain=DOMAIN,
            document=Document(
                key=key,
                label=label,
                interval=interval * self.pace,
                max_age=oldest,
                fetch=fetch,
                decode=decode,
                optional=optional,
                patient=True,
            ),
            account=self._account,
            reachability=self._reachability,
            device=device,
            on_error=lambda err: self._answered(key, err),
        )
        self._made.append((coordinator, interval))
        return coordinator

    @callback
    def set_interval(
        self, coordinator: BundleCoordinator[Any], interval: timedelta
    ) -> None:
        """Read a document each ``interval`` from the next time on."""
        self._made = [
            (made, interval if made is coordinator else before)
            for made, before in self._made
        ]
        self._keep_pace()

    async def async_drop(self, coordinator: BundleCoordinator[Any] | None) -> None:
        """Read a document no more."""
        if coordinator is None:
            return
        self._made = [made for made in self._made if made[0] is not coordinator]
        await coordinator.async_shutdown()

    @callback
    def _answered(self, key: str, err: ApiError | None) -> None:
        self._keep_pace()
        self._on_answer(key, err)

    @callback
    def _keep_pace(self) -> None:
        pace = self.pace
        for coordinator, interval in self._made:
            if coordinator.document.interval != interval * pace:
                coordinator.document = replace(
                    coordinator.document, interval=interval * pace
                )
