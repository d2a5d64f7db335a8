"""When usage is asked for: some times a day, sooner only after a used-up limit."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .._vendor.core.client.clock import Clock
from .plan import latest_attempt, next_attempt


class Schedule:
    """Calls ``attempt`` at a site's times of the day (reference section 5.4)."""

    def __init__(
        self,
        hass: HomeAssistant,
        clock: Clock,
        seed: str,
        attempt: Callable[[], None],
    ) -> None:
        """``seed`` makes the times differ between sites."""
        self._hass, self._clock, self._seed = hass, clock, seed
        self._attempt = attempt
        self._timer: CALLBACK_TYPE | None = None
        self._stopped = False

    def overdue(self, attempted_at: datetime | None) -> bool:
        """Tell whether a time has passed since the last attempt."""
        due = latest_attempt(self._clock.now(), self._zone, self._seed)
        return attempted_at is None or attempted_at < due

    @callback
    def arm(self, *, done: bool, wait: float | None = None) -> None:
        """Have the next attempt made.

        Args:
            done: nothing is missing, so that tomorrow is early enough
            wait: seconds after which it is made if its time has not come before
        """
        self._disarm()
        if self._stopped:
            return
        now = self._clock.now()
        when = next_attempt(now, self._zone, self._seed, done=done)
        if wait is not None:
            when = min(when, now + timedelta(seconds=wait))

        @callback
        def run(_now: datetime) -> None:
            self._timer = None
            self._attempt()

        self._timer = async_track_point_in_utc_time(
            self._hass, HassJob(run, cancel_on_shutdown=True), dt_util.as_utc(when)
        )

    @callback
    def stop(self) -> None:
        """Make no more attempts."""
        self._stopped = True
        self._disarm()

    @callback
    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer()
            self._timer = None

    @property
    def _zone(self) -> tzinfo:
        """Where the home is; people may move it."""
        return dt_util.get_default_time_zone()
