"""What a person can mend, as repair issues that come and go with the answers."""

from datetime import date

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.ha.entry_issues import clear_entry_issues
from ._vendor.core.ha.repairs import set_issue
from .const import DOMAIN, OTHER_INTEGRATIONS, PORTAL_URL

SITE_ISSUES = ("site_pending", "site_pending_soon", "site_closed", "site_gone")
# Mended by removing the entry
_REMOVABLE = ("site_closed", "site_gone")


class Issues:
    """The issues of one site; an issue is written only when it changes."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing known, so that the first list settles what is left."""
        self._hass, self._entry = hass, entry
        self._told: str | None = ""
        self._fix: dict[str, str | int | float | None] = {"entry_id": entry.entry_id}

    @callback
    def site(self, issue: str | None, *, day: date | None = None) -> None:
        """Tell what is the matter with the site, one of ``SITE_ISSUES`` or nothing.

        ``day`` is when it began or will end.
        """
        if issue == self._told:
            return
        self._told = issue
        for key in SITE_ISSUES:
            set_issue(
                self._hass,
                DOMAIN,
                key,
                key == issue,
                suffix=self._entry.entry_id,
                fix=self._fix if key in _REMOVABLE else None,
                placeholders={
                    "site": self._entry.title,
                    "date": day.isoformat() if day else "?",
                    "portal": PORTAL_URL,
                },
            )


@callback
def clear_all(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back what was said about an entry that is disabled or removed."""
    clear_entry_issues(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
