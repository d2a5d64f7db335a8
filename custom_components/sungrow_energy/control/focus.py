"""What must be read to see a write: a task each ten codes takes its time."""

from collections.abc import Sequence, Set as AbstractSet
import math

from .._vendor.core.client.clock import Clock
from .._vendor.core.control.driver import Settings
from .._vendor.core.control.intent import Value, Values
from .parameter import Parameter


class Focus:
    """Narrows what is read after a write, until that has shown itself or has not."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        """``seconds`` is for how long a write may take to show."""
        self._clock, self._seconds = clock, seconds
        self._until = -math.inf
        self._wanted: dict[str, Value] = {}
        self._last: Values | None = None

    def on(self, wanted: Values) -> None:
        """Look for values that are being written, beside those that still are."""
        if self._over:
            self._wanted = {}
        self._wanted |= wanted
        self._last = None
        self._until = self._clock.monotonic() + self._seconds

    def narrowed(self, parameters: Sequence[Parameter]) -> Sequence[Parameter]:
        """Return what is to be read: all, unless a write is being looked for."""
        if self._over:
            self._wanted = {}
            return parameters
        return [one for one in parameters if one.key in self._wanted]

    def widened(
        self, parameters: Sequence[Parameter], keys: AbstractSet[str]
    ) -> Sequence[Parameter]:
        """Return what of settings is to be read beside a write that is looked for."""
        if self._over:
            self._wanted = {}
        return [one for one in parameters if one.key in keys or one.key in self._wanted]

    def awaits(self, key: str) -> bool:
        """Return whether a write of a setting may still show."""
        return not self._over and key in self._wanted

    def missed(self, found: Settings) -> Values:
        """Return what was written and reads otherwise."""
        return {
            key: value
            for key, value in self._wanted.items()
            if found.values.get(key) != value
        }

    def seen(self, found: Settings) -> None:
        """Take note of a look: it was the last one if nothing changes any more."""
        now = {key: found.values.get(key) for key in self._wanted}
        if now in (self._wanted, self._last):
            self._until = -math.inf
        self._last = now

    @property
    def _over(self) -> bool:
        return self._clock.monotonic() >= self._until
