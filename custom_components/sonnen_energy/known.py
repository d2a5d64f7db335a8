"""Which entry a battery belongs to that is found or typed in."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_TOKEN
from homeassistant.core import HomeAssistant

from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.flow import InvalidServerUrl
from .connection import (
    Address,
    address_of,
    async_check_status,
    async_check_token,
    trial_client,
)
from .const import CONF_MAC, CONF_SERIAL

type Entry = ConfigEntry[Any]


async def async_entry_of(
    hass: HomeAssistant, entries: Iterable[Entry], found: Mapping[str, Any]
) -> Entry | None:
    """Return the entry of a battery by serial, MAC or token.

    No two batteries have the same token: it is random, and each has one. One that was
    set up by address before anything else was known of it is known by opening there.
    """
    entries = list(entries)
    for key in (CONF_SERIAL, CONF_MAC, CONF_TOKEN):
        for entry in entries:
            if found.get(key) and entry.data.get(key) == found[key]:
                return entry
    for entry in entries:
        if entry.data.get(CONF_HOST) != found[CONF_HOST]:
            continue
        if entry.data.get(CONF_SERIAL) or CONF_TOKEN in found:
            continue
        if await _async_opens(hass, entry):
            return entry
    return None


def entries_at(
    entries: Iterable[Entry], address: Address, *, unknown: bool = False
) -> list[Entry]:
    """Return the entries of an address; ``unknown``: only those without a serial."""
    return [
        entry
        for entry in entries
        if _is_at(entry, address) and not (unknown and entry.data.get(CONF_SERIAL))
    ]


def entries_meant(entries: Iterable[Entry], data: Mapping[str, Any]) -> set[str]:
    """Return the ids of the entries with the same token or the same address."""
    address = address_of(data)
    return {
        entry.entry_id
        for entry in entries
        if entry.data.get(CONF_TOKEN) == data[CONF_TOKEN] or _is_at(entry, address)
    }


async def async_answers(hass: HomeAssistant, address: Address) -> bool:
    """Whether a battery answers there; it is not shown any token."""
    try:
        await async_check_status(trial_client(hass, address, ""))
    except ApiError:
        return False
    return True


async def _async_opens(hass: HomeAssistant, entry: Entry) -> bool:
    """Whether the battery at an entry's address takes the entry's token."""
    try:
        client = trial_client(hass, address_of(entry.data), str(entry.data[CONF_TOKEN]))
        await async_check_token(client)
    except ApiError, InvalidServerUrl:
        return False
    return True


def _is_at(entry: Entry, address: Address) -> bool:
    """Whether an entry has its battery there; it may be damaged."""
    try:
        known = address_of(entry.data)
    except InvalidServerUrl:
        return False
    return (known.host, known.port) == (address.host, address.port)
