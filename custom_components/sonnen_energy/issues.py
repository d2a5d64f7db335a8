"""What a person can mend, as repair issues that come and go with the answers."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.coordinator import MISSED_POLLS
from ._vendor.core.ha.repairs import clear_issues, set_issue
from .const import DOMAIN, OTHER_INTEGRATIONS
from .standstill import TELL_AFTER


class Issues:
    """The issues of one battery; an issue is written only when it changes."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Begin with nothing known, so that the first answers settle what is left."""
        self._hass, self._entry = hass, entry
        self._active: dict[str, bool] = {}
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
    def _issue(self, key: str, active: bool) -> None:
        if self._active.get(key) == active:
            return
        self._active[key] = active
        set_issue(
            self._hass,
            DOMAIN,
            key,
            active,
            suffix=self._entry.entry_id,
            placeholders={"battery": self._entry.title},
        )


@callback
def clear_all(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take back what was said about an entry that is disabled or removed."""
    clear_issues(hass, DOMAIN, entry.entry_id)
    others = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    if not [other for other in others if other.entry_id != entry.entry_id]:
        for domain in OTHER_INTEGRATIONS:
            clear_issues(hass, DOMAIN, domain)
