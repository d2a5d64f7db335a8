"""Settings that are changed elsewhere show in the status first."""

from typing import Any

from homeassistant.util import dt as dt_util

from .const import CONFIGURATION_GAP
from .driver import Configuration, Live


class Differences:
    """Tells when the configuration has to be read because the status differs from it.

    Once for each difference: the status follows some seconds later, and some firmware
    may never agree with itself.
    """

    def __init__(self) -> None:
        """Begin with no difference known."""
        self._seen: tuple[Any, ...] | None = None

    def new(self, live: Live, config: Configuration) -> bool:
        """Whether they differ in a way that was not asked about yet."""
        shown = (live.status.mode, live.status.reserve)
        known = (config.values.operating_mode, config.values.reserve)
        if all(a is None or a == b for a, b in zip(shown, known, strict=True)):
            self._seen = None
            return False
        if dt_util.utcnow() - config.observed_at < CONFIGURATION_GAP:
            return False
        if self._seen == (shown, known):
            return False
        self._seen = (shown, known)
        return True
