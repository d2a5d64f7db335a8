"""Since when the cloud tells nothing new of a plant (reference section 10.17)."""

from datetime import datetime, timedelta


class Standstill:
    """Knows when the time that the cloud tells of a plant's powers moved on last.

    Our own clock counts: the zone of theirs may be a wrong one, or an hour off.
    """

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._told: datetime | None = None
        self.moved_at: datetime | None = None

    def heard(
        self, told: datetime | None, now: datetime, recorded: datetime | None = None
    ) -> datetime | None:
        """Take note of a time that was told; return when it moved on last.

        Args:
            told: as the plant's clock says it; None without any
            now: aware, of our own clock
            recorded: what time ``told`` is, if its zone is known for sure; it says
                how old the first one is
        """
        if told is None:
            return None
        if self._told is None or self.moved_at is None:
            self.moved_at = recorded or now
        elif told != self._told:
            self.moved_at = now
        self._told = told
        return self.moved_at

    def age(self, now: datetime) -> timedelta | None:
        """Return how long nothing new was told; None if no time ever was."""
        return None if self.moved_at is None else now - self.moved_at
