"""What a person can mend, as repair issues that come and go with the answers."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ._vendor.core.client.decode import moment
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.entry_issues import EntryIssues, clear_entry_issues
from .api.errors import AGREEMENT, NO_RIGHTS, RATE_LIMITED
from .const import DOMAIN, LIMITED_FOR, OTHER_INTEGRATIONS, PORTAL_URL
from .source import ASLEEP

_LIMITED_SINCE = "limited_since"


class Issues(EntryIssues):
    """The issues of one account; an issue is written only when it changes."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], account: Account
    ) -> None:
        """Begin with nothing known, so that the first answers settle what is left."""
        super().__init__(hass, entry, DOMAIN)
        self._account = account
        # The documents that the account has no right to
        self._forbidden: set[str] = set()
        # How often each of the vendor's codes came, for reports of faults
        self.codes: Counter[str] = Counter()

    @callback
    def answered(self, key: str, err: ApiError | None) -> None:
        """Look at any answer; ``key`` is that of the document that was asked for."""
        reason = err.reason if err is not None else None
        if reason == ASLEEP:
            return
        if err is not None:
            self.codes[err.code or reason or type(err).__name__] += 1
        self._limited(reason == RATE_LIMITED, over=err is None)
        if err is None or reason == AGREEMENT:
            self._issue("agreement", reason == AGREEMENT, portal=PORTAL_URL)
        listed = key.endswith(("plants", "/devices", "/flow"))
        if reason == NO_RIGHTS and listed:
            self._forbidden.add(key)
        elif err is None:
            self._forbidden.discard(key)
        self._issue("no_permission", bool(self._forbidden))

    @callback
    def _limited(self, limited: bool, *, over: bool) -> None:
        """Tell when the vendor refuses requests for long; any answer ends it."""
        # Noted, since each attempt to set up begins anew
        since = moment(self._account.notes.get(_LIMITED_SINCE))
        if over:
            if since is not None:
                self._account.note(_LIMITED_SINCE, None)
            self._issue("rate_limited", False)
        elif limited:
            now = dt_util.utcnow()
            if since is None:
                self._account.note(_LIMITED_SINCE, now.isoformat())
            elif now - since >= LIMITED_FOR:
                self._issue("rate_limited", True)

    @callback
    def vanished(self, plants: Collection[str]) -> None:
        """Tell which plants were chosen that the account does not have any more."""
        self._issue("plants_vanished", bool(plants), plants=", ".join(sorted(plants)))

    @callback
    def stale(self, plants: Collection[str]) -> None:
        """Tell which plants have sent nothing to the cloud for a day."""
        self._issue("stale_data", bool(plants), plants=", ".join(sorted(plants)))

    @callback
    def control_not_allowed(self, plants: Collection[str]) -> None:
        """Tell which plants are to be controlled but may not be by this account."""
        self._issue(
            "control_right_gone", bool(plants), plants=", ".join(sorted(plants))
        )


@callback
def clear_all(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take back what was said about an entry that is disabled or removed."""
    clear_entry_issues(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
