"""Since when a plant tells nothing, and when to ask for its push again."""

from dataclasses import dataclass

# Seconds. Before, nobody may ask again (section 5, live push)
SILENT = 60.0
# At night nothing helps: a string inverter's dongle sleeps
LONGEST_WAIT = 900.0
# For so long a plant's push is believed to go on while nobody listens
_RECENT = 3600.0


@dataclass(slots=True)
class Silence:
    """One plant; all times are monotonic seconds.

    Attributes:
        offered: Whether the plant has a push, as far as it was asked.
        live: Whether people were told that it has one now.
    """

    offered: bool = False
    live: bool = False
    _asked_at: float | None = None
    _told_at: float | None = None
    _listened_at: float | None = None
    _wait: float = SILENT

    def due(self, now: float) -> bool:
        """Whether its push is to be asked for."""
        if self._asked_at is None:
            return True
        times = (self._asked_at, self._told_at, self._listened_at)
        return now - max(at for at in times if at is not None) >= self._wait

    def recent(self, now: float) -> bool:
        """Whether it was asked for, or told something, just before."""
        times = (self._asked_at, self._told_at)
        return self.offered and any(
            at is not None and now - at < _RECENT for at in times
        )

    def listened(self, now: float) -> None:
        """Note that a connection begins: before, nobody could hear it."""
        self._listened_at = now

    def asked(self, now: float, *, offered: bool) -> None:
        """Note an answer; the next question has to wait longer."""
        if self._asked_at is not None:
            self._wait = min(self._wait * 2, LONGEST_WAIT)
        self._asked_at, self.offered = now, offered

    def told(self, now: float) -> None:
        """Note a message."""
        self._told_at, self._wait = now, SILENT

    def silent(self, now: float) -> bool:
        """Whether it tells nothing any more."""
        return self._told_at is None or now - self._told_at >= SILENT

    def lost(self, now: float) -> bool:
        """Whether it has been silent for so long that the connection is no good.

        The longest wait comes after all shorter ones were in vain; when its end is
        near, there is no point in asking once more.
        """
        return self._wait >= LONGEST_WAIT and self.due(now + SILENT)
