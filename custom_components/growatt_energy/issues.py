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
from ._vendor.core.ha.repairs import clear_issues, set_issue
from .const import DOMAIN, OTHER_INTEGRATIONS

WRONG_HOST = "wrong_host"


class Issues:
    """The issues of one account; an issue is written only when it changes."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing known, so that the first answers settle what is left."""
        self._hass, self._entry = hass, entry
        self._told: dict[str, str] = {}
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
    def _issue(self, key: str, active: bool, **more: str) -> None:
        state = f"{active} {more}"
        if self._told.get(key) == state:
            return
        self._told[key] = state
        set_issue(
            self._hass,
            DOMAIN,
            key,
            active,
            suffix=self._entry.entry_id,
            placeholders={"account": self._entry.title, **more},
        )


@callback
def credentials_changed(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back what only a next write could: it goes another way from now on."""
    set_issue(hass, DOMAIN, "writes_elsewhere", False, suffix=entry.entry_id)


@callback
def clear_all(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back what was said about an entry that is disabled or removed."""
    clear_issues(hass, DOMAIN, entry.entry_id)
    others = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    if not [other for other in others if other.entry_id != entry.entry_id]:
        for domain in OTHER_INTEGRATIONS:
            clear_issues(hass, DOMAIN, domain)
