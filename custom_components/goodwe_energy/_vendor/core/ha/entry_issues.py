"""The repair issues of one config entry: told when they change, and taken back."""

from collections.abc import Collection
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .repairs import clear_issues, set_issue


class EntryIssues:
    """The issues of one entry; an issue is written only when it changes."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        domain: str,
        *,
        called: str = "account",
    ) -> None:
        """Begin with nothing known, so that the first answers settle what is left.

        ``called`` is the placeholder that stands for the title of the entry.
        """
        self._hass, self._entry = hass, entry
        self._domain, self._called = domain, called
        self._told: dict[str, str] = {}

    @callback
    def _issue(self, key: str, active: bool, **more: str) -> None:
        """Raise the issue while ``active``, with ``more`` placeholders."""
        state = f"{active} {more}"
        if self._told.get(key) == state:
            return
        self._told[key] = state
        set_issue(
            self._hass,
            self._domain,
            key,
            active,
            suffix=self._entry.entry_id,
            placeholders={self._called: self._entry.title, **more},
        )


@callback
def clear_entry_issues(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    domain: str,
    others: Collection[str],
) -> None:
    """Take back what was said about an entry that is disabled or removed.

    With the last one goes what was said about ``others``, the domains of other
    integrations.
    """
    clear_issues(hass, domain, entry.entry_id)
    left = hass.config_entries.async_entries(domain, include_disabled=False)
    if not [other for other in left if other.entry_id != entry.entry_id]:
        for other_domain in others:
            clear_issues(hass, domain, other_domain)
