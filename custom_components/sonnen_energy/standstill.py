"""A battery that answers, but always the same (fault row 11)."""

from datetime import datetime, timedelta

from . import driver

# Then a person has to look after it.
TELL_AFTER = timedelta(hours=1)


class Standstill:
    """Knows since when the status has one and the same time stamp."""

    def __init__(self, longest: timedelta) -> None:
        """Take it for stopped once that has lasted longer than ``longest``."""
        self._longest = longest
        self._stamp: datetime | None = None
        self._since: datetime | None = None

    def decode(self, raw: object, received_at: datetime) -> driver.Live:
        """Decode a status; one that stands still is as old as its first copy.

        Raises as ``driver.live`` does. Firmware without time stamps never stands still.
        """
        live = driver.live(raw, received_at)
        if self._since is None or live.stamp is None or live.stamp != self._stamp:
            self._stamp, self._since = live.stamp, received_at
        if received_at - self._since <= self._longest:
            return live
        return driver.live(raw, self._since)
