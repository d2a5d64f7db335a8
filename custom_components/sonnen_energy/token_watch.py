"""What goes on by itself when a token that was refused is good after all.

A battery that restarts may refuse it for some seconds (reference section 2.2 says what
else a 401 can mean), and the Read API may be switched on again on its web page.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.reauth import end_reauth
from .outage import read_all

# So many in a row are a matter for people.
REFUSALS = 2
_PAUSE = timedelta(seconds=60)


class TokenWatch:
    """Knows what was refused, and reads it again when the token has worked elsewhere.

    Nothing is asked only to try the token: that the settings or the newest details
    were read proves it, whoever read them. Elsewhere old firmware answers ``{}``.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], name: str) -> None:
        """Begin with nothing refused."""
        self._hass, self._entry, self._name = hass, entry, name
        self._tried: datetime | None = None

    @callback
    def worked(self, documents: Iterable[BundleCoordinator[Any]]) -> None:
        """Note that the token was just taken; ``documents`` are all there are."""
        refused = [document for document in documents if _is_refused(document)]
        now = dt_util.utcnow()
        if not refused:
            end_reauth(self._hass, [self._entry])
        elif self._tried is None or now - self._tried >= _PAUSE:
            self._tried = now
            self._entry.async_create_background_task(
                self._hass, read_all(refused), f"{self._name} token"
            )


def _is_refused(document: BundleCoordinator[Any]) -> bool:
    """Whether it is not polled any more until there is another token."""
    return not document.last_update_success and isinstance(
        document.last_exception, ConfigEntryAuthFailed
    )
