"""What a person can mend, as repair issues that come and go with the answers."""

from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ._vendor.core.client.errors import (
    ApiError,
    AuthError,
    LockedError,
    NotPermittedError,
)
from ._vendor.core.ha.entry_issues import EntryIssues, clear_entry_issues
from ._vendor.core.ha.repairs import set_issue
from .const import DOMAIN, OTHER_INTEGRATIONS

WRONG_HOST = "wrong_host"


class Issues(EntryIssues):
    """The issues of one account; an issue is written only when it changes."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing known, so that the first answers settle what is left."""
        super().__init__(hass, entry, DOMAIN)
        # The documents that the host has refused as not its own
        self._elsewhere: set[str] = set()

    @callback
    def answered(
        self, key: str, err: ApiError | None, *, locked_until: datetime | None
    ) -> None:
        """Look at any answer; ``key`` is that of the document that was asked for."""
        if isinstance(err, LockedError):
            self.locked(err.until or locked_until)
        elif err is None:
            self.locked(None)
        listed = key.endswith(("plants", "/devices"))
        self._wrong_host(key, err, listed=listed)
        if listed and (err is None or isinstance(err, AuthError | NotPermittedError)):
            denied = err is not None and err.reason == "permission"
            self._issue("no_permission", denied)

    @callback
    def _wrong_host(self, key: str, err: ApiError | None, *, listed: bool) -> None:
        """Tell as long as one document is not where it is asked for.

        A list that comes ends it too: also what an earlier run has told.
        """
        if err is not None:
            if err.reason == WRONG_HOST:
                self._elsewhere.add(key)
                self._issue("wrong_host", True)
        elif listed or key in self._elsewhere:
            self._elsewhere = set() if listed else self._elsewhere - {key}
            self._issue("wrong_host", bool(self._elsewhere))

    @callback
    def locked(self, until: datetime | None) -> None:
        """Tell until when the account is locked; None if it is not."""
        end = until is not None and until > dt_util.utcnow()
        shown = dt_util.as_local(until).strftime("%Y-%m-%d %H:%M") if until else "-"
        self._issue("account_locked", end, until=shown if end else "-")

    @callback
    def writes_elsewhere(self, active: bool) -> None:
        """Tell that changes are refused as another server's (reference Q18)."""
        self._issue("writes_elsewhere", active)

    @callback
    def visitor(self, active: bool) -> None:
        """Tell that the login may look but not change anything (reference Q36)."""
        self._issue("visitor_account", active)


@callback
def credentials_changed(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back what only a next write could: it goes another way from now on."""
    set_issue(hass, DOMAIN, "writes_elsewhere", False, suffix=entry.entry_id)


@callback
def clear_all(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back what was said about an entry that is disabled or removed."""
    clear_entry_issues(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
