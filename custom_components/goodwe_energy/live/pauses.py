"""How long to wait before the broker is tried again (section 5.6)."""

# Seconds
FIRST, LONGEST = 30.0, 300.0
# Each try costs requests, and polls alone nearly use up the 260 that an hour has
OF_NO_USE = 1800.0
# A connection that still tells something after so long was no failure
STEADY = 300.0
# Tries in a row that told nothing, or that ended soon
_MUTE, _SHORT = 2, 4


class Pauses:
    """The pauses of one feed; all times are monotonic seconds."""

    def __init__(self) -> None:
        """Begin as if the last connection had been a good one."""
        self._mute = self._short = 0
        self._begun_at = 0.0

    def begun(self, now: float) -> None:
        """Note that a connection begins."""
        self._begun_at = now

    def told(self, now: float) -> None:
        """Note that the connection told something of use."""
        self._mute = 0
        if now - self._begun_at >= STEADY:
            self._short = 0

    def ended(self) -> float:
        """Note that a try has ended; return for how long to wait."""
        pause = self.shortest
        self._mute += 1
        self._short += 1
        if self._mute >= _MUTE or self._short >= _SHORT:
            return OF_NO_USE
        return pause

    @property
    def shortest(self) -> float:
        """How long to wait now, as far as the broker alone is concerned."""
        return min(FIRST * (1 << min(self._short, _SHORT)), LONGEST)
