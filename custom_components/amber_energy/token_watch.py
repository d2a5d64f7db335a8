"""What follows when Amber takes the token."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.ha.reauth import end_reauth
from .memory import credentials_of, entries_of


@callback
def token_worked(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Ask nobody for another token any more, for any site of the entry's account.

    A refusal says little of a token: a gateway's slip looks the same.
    """
    end_reauth(hass, entries_of(hass, credentials_of(entry)))
