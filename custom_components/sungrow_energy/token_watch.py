"""Follows the tokens of an entry: its copy of them, and the question for new ones."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.client.decode import mapping
from .connection import Connection
from .const import CONF_TOKEN
from .token_store import TokenState


@callback
def watch_tokens(
    hass: HomeAssistant, entry: ConfigEntry[Any], connection: Connection
) -> None:
    """Keep the entry's copy of the tokens; ask its owner once they are refused."""
    if (keeper := connection.keeper) is None:
        return

    @callback
    def changed(state: TokenState) -> None:
        connection.hide_tokens(state)
        if hass.config_entries.async_get_entry(entry.entry_id) is None:
            return
        token = {**mapping(entry.data.get(CONF_TOKEN)), **state.entry_token}
        if token != entry.data.get(CONF_TOKEN):
            hass.config_entries.async_update_entry(
                entry, data={**entry.data, CONF_TOKEN: token}
            )

    @callback
    def refused() -> None:
        if hass.config_entries.async_get_entry(entry.entry_id) is not None:
            entry.async_start_reauth(hass)

    keeper.on_change, keeper.on_refused = changed, refused
    # A reload closes the dialog
    keeper.ask_again()
    if keeper.state is not None:
        changed(keeper.state)
