"""What is remembered of an account when its entry is reached otherwise, or goes."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.util.hass_dict import HassKey

from ._vendor.core.ha.account import async_move
from .connection import Connection, Credentials, async_connect, credentials_of
from .const import DOMAIN
from .control_drivers import needed_notes
from .issues import credentials_changed

# Session, lock and refused credentials belong to a login, not to its devices.
_LOGIN = "login/"
# By entry: how it was reached until that was changed
_LEFT: HassKey[dict[str, Credentials]] = HassKey(f"{DOMAIN}.left")


@callback
def leave(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Note how the entry is reached, before that is changed."""
    try:
        credentials = credentials_of(entry.data)
    except ConfigEntryAuthFailed, ConfigEntryError:
        return
    hass.data.setdefault(_LEFT, {}).setdefault(entry.entry_id, credentials)


async def async_adopt(
    hass: HomeAssistant, entry: ConfigEntry[Any], connection: Connection
) -> None:
    """Take along what was remembered of the devices with other credentials.

    Documents stay behind: a token's look different from a login's.
    """
    left = hass.data.get(_LEFT, {}).pop(entry.entry_id, None)
    if left is not None:
        credentials_changed(hass, entry)
    if left is None or left.account_id == connection.credentials.account_id:
        return
    earlier = (await async_connect(hass, left)).account
    await async_move(earlier, connection.account, login=_LOGIN)


async def async_forget(
    hass: HomeAssistant, entry: ConfigEntry[Any], connection: Connection
) -> None:
    """Forget the devices of an entry that is removed; never a lock or the budget.

    Nor what is needed to end a force that could not be ended.
    """
    hass.data.get(_LEFT, {}).pop(entry.entry_id, None)
    account = connection.account
    account.keep()
    needed = needed_notes(account.notes)
    account.forget(but={*needed, *(key for key in account.notes if _of_login(key))})
    await account.async_save()
    account.leave()


def _of_login(key: str) -> bool:
    return key.startswith(_LOGIN)
