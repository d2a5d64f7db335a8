"""What a person can mend, as repair issues that come and go with the answers."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.coordinator import MISSED_POLLS
from ._vendor.core.ha.entry_issues import EntryIssues, clear_entry_issues
from .const import DOMAIN, OTHER_INTEGRATIONS
from .standstill import TELL_AFTER


class Issues(EntryIssues):
    """The issues of one battery; an issue is written only when it changes."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Begin with nothing known, so that the first answers settle what is left."""
        super().__init__(hass, entry, DOMAIN, called="battery")
        self._without_api = 0

    @callback
    def answered(self, err: ApiError | None) -> None:
        """Look at how the status was answered."""
        reason = err.reason if err is not None else None
        if err is None or reason == "use_https":
            self._issue("use_https", reason == "use_https")
        self._without_api = self._without_api + 1 if reason == "no_api" else 0
        if err is None or self._without_api >= MISSED_POLLS:
            # A battery that starts may say 404 too.
            self._issue("no_api", err is not None)

    @callback
    def age(self, age: timedelta) -> None:
        """Look at how old what the battery answers is."""
        self._issue("standstill", age >= TELL_AFTER)


@callback
def clear_all(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take back what was said about an entry that is disabled or removed."""
    clear_entry_issues(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
