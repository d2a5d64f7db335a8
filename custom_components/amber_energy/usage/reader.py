"""Reads usage with few requests, and leaves some for others."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from homeassistant.core import HomeAssistant

from .. import driver
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import ThrottledError
from ..api.client import SiteClient
from ..api.ratelimits import SITES_USAGE, RateLimits
from .days import UsageDay, days
from .plan import DAY, WINDOW_DAYS, span

# Usage can wait: so many requests of its counter are left to everybody else (7.2)
RESERVE = 15
# The window has surely ended then
_AFTER_RESET = 2.0


class UsageReader:
    """Reads the usage of one site in windows of at most 7 days."""

    def __init__(
        self,
        hass: HomeAssistant,
        client: SiteClient,
        limits: RateLimits,
        clock: Clock,
    ) -> None:
        """Share the client's limits."""
        self._hass = hass
        self._client, self._limits, self._clock = client, limits, clock
        self._job: str | None = None
        self._window: tuple[date, date] | None = None
        self._days: dict[date, UsageDay] = {}

    async def window(self, first: date, last: date) -> dict[date, UsageDay]:
        """Read the NEM days of one request, both included; empty ones are left out.

        Raises ``ApiError``; ``ThrottledError`` without a request while others need
        what is left of the counter.
        """
        now = self._clock.now()
        told = self._limits.get(SITES_USAGE)
        if told is not None and told.left(now) < RESERVE:
            raise ThrottledError(
                "the rest of Amber's request limit is kept for prices",
                retry_after=told.wait(now) + _AFTER_RESET,
                reason="rate_limit",
                group=SITES_USAGE,
            )
        raw = await self._client.get_usage(first, last)
        found = await self._hass.async_add_executor_job(_days, raw)
        return {day: found[day] for day in span(first, last) if day in found}

    async def windows(
        self, wanted: Iterable[tuple[date, date]]
    ) -> tuple[dict[date, UsageDay], set[date], ThrottledError | None]:
        """Read several; return the days, which were read, and what ended it early.

        Raises ``ApiError`` other than ``ThrottledError``.
        """
        found: dict[date, UsageDay] = {}
        read: set[date] = set()
        for first, last in wanted:
            try:
                found |= await self.window(first, last)
            except ThrottledError as err:
                return found, read, err
            read |= set(span(first, last))
        return found, read, None

    async def day_of_job(self, job_id: str, day: date, last: date) -> UsageDay | None:
        """Return a day of a job that reads day after day up to ``last``.

        The days after it come with the same request, and are kept for the next calls.
        """
        window = self._window if self._job == job_id else None
        if window is None or not window[0] <= day <= window[1]:
            self._window, self._days = None, {}
            until = min(day + (WINDOW_DAYS - 1) * DAY, last)
            self._days = await self.window(day, until)
            self._job, self._window = job_id, (day, until)
        return self._days.get(day)

    def forget(self) -> None:
        """Drop what was kept for a job."""
        self._job, self._window, self._days = None, None, {}


def _days(raw: Any) -> dict[date, UsageDay]:
    """Decode an answer: thousands of records, too many for the event loop."""
    return days(driver.usage(raw))
