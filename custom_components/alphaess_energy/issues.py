"""What a person can mend, as repair issues that come and go with the answers."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.entry_issues import clear_entry_issues
from ._vendor.core.ha.repairs import anonymous, set_issue
from .const import DOMAIN, OTHER_INTEGRATIONS


class Issues:
    """The issues of one account; an issue is written only when it changes."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing known, so that the first answers settle what is left."""
        self._hass, self._entry = hass, entry
        self._active: dict[tuple[str, str], bool] = {}

    @callback
    def account_answered(self, err: ApiError | None) -> None:
        """Look at how the list of systems was answered."""
        if err is None or err.reason == "no_permission":
            self._issue("unsupported_account", err is not None)

    @callback
    def answered(self, err: ApiError | None, *, skewed: bool) -> None:
        """Look at any answer; ``skewed`` while we correct our clock by ourselves."""
        reason = err.reason if err is not None else None
        if err is None or reason == "clock_skew":
            self._issue("clock_skew", skewed or reason == "clock_skew")
        if err is None or reason == "ip_whitelist":
            self._issue("ip_whitelist", reason == "ip_whitelist")

    @callback
    def system_answered(self, serial: str, err: ApiError | None) -> None:
        """Look at the answer about one system."""
        if err is None or err.reason == "not_bound":
            self._issue("not_bound", err is not None, serial)

    @callback
    def system_gone(self, serial: str) -> None:
        """Take back what was said about a system."""
        self._issue("not_bound", False, serial)

    @callback
    def _issue(self, key: str, active: bool, serial: str = "") -> None:
        if self._active.get((key, serial)) == active:
            return
        self._active[key, serial] = active
        entry = self._entry
        about = [entry.entry_id, anonymous(serial)] if serial else [entry.entry_id]
        set_issue(
            self._hass,
            DOMAIN,
            key,
            active,
            suffix="_".join(about),
            placeholders={"account": entry.title, "system": serial[-4:]},
        )


@callback
def clear_all(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back what was said about an entry that is disabled or removed."""
    clear_entry_issues(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
