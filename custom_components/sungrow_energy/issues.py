"""What a person can mend, as repair issues that come and go with the answers."""

from collections.abc import Collection
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.entry_issues import EntryIssues, clear_entry_issues
from .api import errors
from .api.limits import CALLS_PER_HOUR
from .const import DOMAIN, OTHER_INTEGRATIONS
from .credentials import NOT_SAVED

# About the application or the network: any answer that is none of them ends them.
GENERAL = (
    errors.SERVICE_EXPIRED,
    errors.IP_NOT_ALLOWED,
    errors.USER_NOT_ALLOWED,
    errors.ENCRYPTION_REQUIRED,
    errors.CLOCK_SKEW,
    errors.MONTH_QUOTA,
    errors.HOUR_QUOTA,
    NOT_SAVED,
)
# People hear of the quota when so much of it is used, and until it is clearly less.
_WARN, _ENOUGH = 0.8, 0.7


class Issues(EntryIssues):
    """The issues of one account; an issue is written only when it changes."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Begin with nothing known, so that the first answers settle what is left."""
        super().__init__(hass, entry, DOMAIN)
        # The documents that the application has no right to
        self._forbidden: set[str] = set()
        self._warned = False

    @callback
    def answered(self, key: str, err: ApiError | None) -> None:
        """Look at any answer; ``key`` is that of the document that was asked for."""
        reason = err.reason if err is not None else None
        if err is None or reason in GENERAL:
            for general in GENERAL:
                self._issue(general, general == reason)
        if reason == errors.NO_PERMISSION:
            self._forbidden.add(key)
        elif err is None:
            self._forbidden.discard(key)
        self._issue(errors.NO_PERMISSION, bool(self._forbidden))

    @callback
    def used(self, requests: int) -> None:
        """Tell when the requests of an hour come near the vendor's limit."""
        share = requests / CALLS_PER_HOUR
        self._warned = share >= (_ENOUGH if self._warned else _WARN)
        # The number changes all the time: the issue says that of the limit
        self._issue("quota_nearly_used", self._warned, limit=str(CALLS_PER_HOUR))

    @callback
    def vanished(self, names: Collection[str]) -> None:
        """Tell which plants were chosen that the authorization does not hold."""
        self._issue("plants_not_authorized", bool(names), plants=", ".join(names))


@callback
def clear_all(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take back what was said about an entry that is disabled or removed."""
    clear_entry_issues(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
