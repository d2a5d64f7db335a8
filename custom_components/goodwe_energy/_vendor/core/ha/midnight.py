"""A last look before the day ends."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from random import uniform
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import (
    async_call_later,
    async_track_point_in_utc_time,
)
from homeassistant.util import dt as dt_util

# Late enough to miss little energy, early enough for slow answers and a clock
# that is a little behind; spread, so that not all homes ask at once.
_BEFORE = (60.0, 75.0)


def next_read(now: datetime, zone: tzinfo, before: float) -> datetime:
    """Return the next time, UTC, that lies ``before`` seconds before midnight."""
    day = now.astimezone(zone).date()
    while True:
        day += timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        read = midnight.astimezone(UTC) - timedelta(seconds=before)
        if read > now:
            return read


@callback
def async_before_midnight(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    zone: tzinfo,
    read: Callable[[], Awaitable[None]],
) -> None:
    """Call ``read`` about a minute before each midnight of the site.

    What is polled every few minutes would else miss the day's last energy, and the
    counters start anew.
    """
    cancel: CALLBACK_TYPE | None = None
    # Drawn once: another draw could lie before the same midnight once more
    before = uniform(*_BEFORE)

    @callback
    def schedule(now: datetime) -> None:
        nonlocal cancel
        cancel = async_track_point_in_utc_time(
            hass,
            HassJob(fire, "read before midnight", cancel_on_shutdown=True),
            next_read(now, zone, before),
        )

    @callback
    def fire(now: datetime) -> None:
        # Midnights that were slept through are over, so is this one if the clock is
        # put back.
        schedule(max(now, dt_util.utcnow()))
        entry.async_create_background_task(hass, _run(), "read before midnight")

    async def _run() -> None:
        await read()

    @callback
    def stop() -> None:
        if cancel is not None:
            cancel()

    schedule(dt_util.utcnow())
    entry.async_on_unload(stop)


@callback
def each_day(hass: HomeAssistant, action: Callable[[], None]) -> CALLBACK_TYPE:
    """Call ``action`` when a day begins where Home Assistant is; return what ends it."""
    cancel: CALLBACK_TYPE

    @callback
    def schedule() -> None:
        nonlocal cancel
        tomorrow = dt_util.start_of_local_day(dt_util.now() + timedelta(days=1))
        left = dt_util.as_utc(tomorrow) - dt_util.utcnow()
        cancel = async_call_later(
            hass,
            left.total_seconds(),
            HassJob(fire, "a new day", cancel_on_shutdown=True),
        )

    @callback
    def fire(_now: datetime) -> None:
        schedule()
        action()

    @callback
    def stop() -> None:
        cancel()

    schedule()
    return stop
