"""A vendor that answers what a test tells it, and documents of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from core.client.errors import ApiError, BadDataError
from core.ha.account import Account
from core.ha.coordinator import BundleCoordinator, Document, Reachability

DOMAIN = "some_energy"
NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MAX_AGE = timedelta(seconds=195)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Something that was read."""

    observed_at: datetime
    value: int


class Vendor:
    """Answers what a test tells it to."""

    def __init__(self) -> None:
        self.answer: int | ApiError = 1
        self.asked: list[datetime] = []
        self.seconds = 0.0
        self.tick: Callable[[float], Any] = lambda _: None

    async def fetch(self) -> dict[str, int]:
        self.asked.append(datetime.now(UTC))
        self.tick(self.seconds)
        if isinstance(self.answer, ApiError):
            raise self.answer
        return {"value": self.answer}


def decode(raw: Any, received_at: datetime) -> Reading:
    try:
        return Reading(observed_at=received_at, value=int(raw["value"]))
    except (KeyError, TypeError, ValueError) as err:
        raise BadDataError("odd") from err


class Home:
    """An account whose documents are polled."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        account: Account,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        freezer.move_to(NOW)
        self.hass, self.entry, self.account, self.freezer = (
            hass,
            entry,
            account,
            freezer,
        )
        self.reachability = Reachability("Account")
        self.vendor = Vendor()
        self.vendor.tick = freezer.tick
        self.errors: list[ApiError | None] = []
        self.calls: list[tuple[datetime, bool]] = []

    def coordinator(
        self, key: str = "S1/live", device: str = "System", **changes: Any
    ) -> BundleCoordinator[Reading]:
        document: Document[Reading] = Document(
            key=key,
            **{
                "label": key.rpartition("/")[2],
                "interval": MINUTE,
                "max_age": lambda _: MAX_AGE,
                "fetch": self.vendor.fetch,
                "decode": decode,
                **changes,
            },
        )
        return BundleCoordinator(
            self.hass,
            self.entry,
            domain=DOMAIN,
            document=document,
            account=self.account,
            reachability=self.reachability,
            device=device,
            on_error=self.errors.append,
        )

    def beside(self) -> Home:
        """Return a home of the same account with a vendor of its own."""
        other = Home(self.hass, self.entry, self.account, self.freezer)
        other.reachability = self.reachability
        return other

    def listen(self, coordinator: BundleCoordinator[Reading]) -> None:
        """Note when listeners are called, and whether there is something to show."""
        coordinator.async_add_listener(
            lambda: self.calls.append((datetime.now(UTC), coordinator.fresh))
        )

    async def step(self, seconds: float = 60) -> None:
        self.freezer.tick(seconds)
        async_fire_time_changed(self.hass)
        await self.hass.async_block_till_done(wait_background_tasks=True)
