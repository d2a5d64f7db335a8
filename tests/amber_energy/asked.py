"""A vendor whose answers a test decides, and a poller of it in the test's time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import random
from typing import Any

from custom_components.amber_energy._vendor.core.client.errors import ApiError
from custom_components.amber_energy.api.ratelimits import RateLimits
from custom_components.amber_energy.driver import Channel, Prices
from custom_components.amber_energy.poller import PricePoller
from tests.core.fake_clock import FakeClock

START = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


def record(
    start: datetime,
    cents: float,
    kind: str = "CurrentInterval",
    *,
    channel: str = "general",
    minutes: int = 5,
    **changes: Any,
) -> dict[str, Any]:
    """Return an interval as Amber sends it."""
    end = start + timedelta(minutes=minutes)
    return {
        "type": kind,
        "date": "2026-10-05",
        "duration": minutes,
        "startTime": f"{start + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",
        "endTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "perKwh": cents,
        "spotPerKwh": cents / 2,
        "renewables": 50.0,
        "channelType": channel,
        "spikeStatus": "none",
        "descriptor": "low",
        **changes,
    }


class Vendor:
    """Prices that become final so many seconds after their slot began.

    `answer` decides instead, where it returns or raises something.
    """

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.clock_skew: timedelta | None = None
        self.final: Callable[[datetime], float | None] = lambda _: 22.0
        self.late_feed_in: float | None = None
        self.answer: Callable[[], list[dict[str, Any]] | ApiError | None] = lambda: None
        self.minutes = 5
        self.limits = RateLimits()
        self.others: int | None = None
        self.asked: list[tuple[datetime, int | None, int | None]] = []

    @property
    def now(self) -> datetime:
        return self.clock.now() + (self.clock_skew or timedelta())

    async def get_current_prices(
        self, *, previous: int | None = None, next: int | None = None
    ) -> list[dict[str, Any]]:
        now = self.now
        self.asked.append((now, previous, next))
        if self.others is not None:
            headers = {
                "RateLimit-Remaining": str(self.others),
                "RateLimit-Reset": "200",
                "RateLimit-Limit": "50",
            }
            self.limits.note("prices_current", headers, self.clock.now())
        decided = self.answer()
        if isinstance(decided, ApiError):
            raise decided
        if decided is not None:
            return decided
        length = self.minutes * 60
        begun = now.timestamp() // length * length
        start = datetime.fromtimestamp(begun, UTC)
        slot = datetime.fromtimestamp(now.timestamp() // 300 * 300, UTC)
        final = self.final(slot)
        last = slot + timedelta(minutes=5) == start + timedelta(minutes=self.minutes)
        seconds = (now - slot).total_seconds()
        done = last and final is not None and seconds >= final
        records = [
            record(start, 20.0, minutes=self.minutes, estimate=not done),
        ]
        if self.late_feed_in is not None:
            done = seconds >= self.late_feed_in
            records.append(record(start, -8.0, channel="feedIn", estimate=not done))
        ahead = timedelta(minutes=self.minutes)
        for number in range(1, min(next or 0, 4) + 1):
            kind = "ForecastInterval"
            records.append(
                record(start + number * ahead, 30.0, kind, minutes=self.minutes)
            )
        if previous:
            records.append(
                record(start - ahead, 10.0, "ActualInterval", minutes=self.minutes)
            )
        return records

    @property
    def kinds(self) -> list[str]:
        """What was asked: `boundary`, `full` or `light`."""
        names = {(1, 288): "boundary", (None, 288): "full", (None, None): "light"}
        return [names[before, after] for _, before, after in self.asked]

    @property
    def offsets(self) -> list[float]:
        """When each was asked, in seconds after its slot's start."""
        return [round(moment.timestamp() % 300, 1) for moment, *_ in self.asked]


class Watched:
    """A poller whose owner is the test."""

    def __init__(
        self, clock: FakeClock, *, pairs: object = None, share: int = 1
    ) -> None:
        self.clock, self.vendor = clock, Vendor(clock)
        self.delivered: list[Prices] = []
        self.errors: list[ApiError] = []
        self.learned: list[list[float]] = []
        self.poller = PricePoller(
            self.vendor,
            limits=self.vendor.limits,
            clock=clock,
            interval_length=lambda: self.vendor.minutes,
            share=lambda: share,
            deliver=lambda _raw, prices: self.delivered.append(prices),
            failed=self.errors.append,
            pairs=pairs,
            learned=self._learn,
            rng=random.Random(1),
        )

    def _learn(self, pairs: list[list[float]]) -> None:
        self.learned = pairs

    @property
    def estimate(self) -> bool | None:
        """Whether the general price that was delivered last is one."""
        current = self.delivered[-1].channels[Channel.GENERAL].current
        return current.estimate if current else None

    async def until(self, seconds: float) -> None:
        """Let the poller work until so many seconds after the first boundary."""
        end = START + timedelta(seconds=seconds)
        while (due := self.poller.next_poll) <= end:
            self.clock.jump(max(timedelta(), due - self.clock.now()))
            await self.poller.step()
        self.clock.jump(max(timedelta(), end - self.clock.now()))
