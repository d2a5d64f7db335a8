"""A value that is accepted now, shown soon and followed later."""

from collections.abc import Callable
from datetime import timedelta

from .house import House


class Setting[T]:
    """One value of a device, as its three sides know it."""

    def __init__(self, value: T) -> None:
        """Begin with a value that everybody has known for long."""
        self.stored = value
        """What the last accepted write said."""
        self.shown = value
        """What a read answers."""
        self.active = value
        """What the device goes by."""
        self._number = 0
        self._arrived = {"shown": 0, "active": 0}

    def accept(
        self,
        value: T,
        house: House,
        *,
        shown_after: float,
        active_after: float | None,
    ) -> None:
        """Take a new value; delays in seconds, None is never."""
        self.stored = value
        self._number += 1
        now = house.live().at
        house.call_at(
            now + timedelta(seconds=shown_after), self._setter("shown", value)
        )
        if active_after is not None:
            house.call_at(
                now + timedelta(seconds=active_after), self._setter("active", value)
            )

    def _setter(self, name: str, value: T) -> Callable[[], None]:
        number = self._number

        def arrive() -> None:
            # The delays can be changed meanwhile: an older value never replaces a newer
            if number > self._arrived[name]:
                self._arrived[name] = number
                setattr(self, name, value)

        return arrive
