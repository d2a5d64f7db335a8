"""Keeps flash from wearing: a setting is written once a minute (section 6.5)."""

from collections.abc import Iterable

from .._vendor.core.client.clock import Clock
from .._vendor.core.control.intent import Values
from .catalogue import BY_KEY

GAP = 60.0


class Pace:
    """When settings that last were written."""

    def __init__(self, clock: Clock) -> None:
        """Begin without a write."""
        self._clock = clock
        self._at: dict[str, float] = {}
        self._back: Values = {}

    def going_back(self, values: Values) -> None:
        """Have nothing delay that these are put back."""
        self._back = dict(values)

    def is_back(self, wanted: Values) -> bool:
        """Return whether all of some settings are put back."""
        return all(k in self._back and self._back[k] == v for k, v in wanted.items())

    async def wait(self, wanted: Values) -> None:
        """Return when none of some settings was written within a minute."""
        if self.is_back(wanted):
            return
        self._back = {k: v for k, v in self._back.items() if k not in wanted}
        last = [self._at[key] for key in wanted if key in self._at]
        if last and (left := max(last) + GAP - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)

    def done(self, keys: Iterable[str]) -> None:
        """Take note of a write, however it ended."""
        now = self._clock.monotonic()
        self._at |= {key: now for key in keys if BY_KEY[key].lasting}
