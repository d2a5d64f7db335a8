"""What is remembered of a site when its entry changes its token or goes."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ._vendor.core.ha.account import Account
from .api.client import DEFAULT_URL
from .connection import LIMITS_NOTE, Connection, async_connect
from .const import CONF_BASE_URL, CONF_SITE_ID, DOMAIN

# By entry: where it was connected until its token or server was changed
_LEFT: HassKey[dict[str, tuple[str, str]]] = HassKey(f"{DOMAIN}.left")


@callback
def leave_connection(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Note what the entry is connected with, before that is changed."""
    left = hass.data.setdefault(_LEFT, {})
    left.setdefault(entry.entry_id, credentials_of(entry))


async def async_adopt(
    hass: HomeAssistant, entry: ConfigEntry[Any], connection: Connection
) -> None:
    """Take along what was remembered of the site with an earlier token.

    It was unloaded since, so nobody writes there any more.
    """
    left = hass.data.get(_LEFT, {}).pop(entry.entry_id, None)
    if left is None:
        return
    earlier = await async_connect(hass, *left)
    if earlier is connection:
        return
    prefix = f"{entry.data[CONF_SITE_ID]}/"
    for source, target in (
        (earlier.account.notes, connection.account.notes),
        (earlier.account.documents, connection.account.documents),
        (earlier.account.counters, connection.account.counters),
    ):
        taken: dict[str, Any] = {
            key: value for key, value in source.items() if key.startswith(prefix)
        }
        target.update(taken)
    await connection.account.async_save()
    earlier.account.forget(prefix)
    await _async_close(hass, entry, left, earlier.account)


async def async_forget(
    hass: HomeAssistant, entry: ConfigEntry[Any], connection: Connection
) -> None:
    """Forget a site that is removed; with the last one all but the budget."""
    hass.data.get(_LEFT, {}).pop(entry.entry_id, None)
    connection.account.keep()
    connection.account.forget(f"{entry.data.get(CONF_SITE_ID)}/")
    await _async_close(hass, entry, credentials_of(entry), connection.account)


async def _async_close(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    credentials: tuple[str, str],
    account: Account,
) -> None:
    """Write what is left, for the last time if no other entry uses it."""
    others = {other.entry_id for other in entries_of(hass, credentials)}
    # Who has left but did not take along yet what is its own
    others |= {
        key for key, left in hass.data.get(_LEFT, {}).items() if left == credentials
    }
    others.discard(entry.entry_id)
    if not others:
        account.forget(but={LIMITS_NOTE})
    await account.async_save()
    if not others:
        account.leave()


@callback
def entries_of(
    hass: HomeAssistant, credentials: tuple[str, str]
) -> list[ConfigEntry[Any]]:
    """Return all entries of one token and server."""
    return [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if credentials_of(entry) == credentials
    ]


def credentials_of(entry: ConfigEntry[Any]) -> tuple[str, str]:
    """Return token and server of an entry."""
    return entry.data.get(CONF_TOKEN, ""), entry.data.get(CONF_BASE_URL, DEFAULT_URL)
