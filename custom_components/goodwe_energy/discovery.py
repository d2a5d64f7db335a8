"""Getting into an account with what was entered, and what it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.account import async_move
from .api.token import NOTES
from .connection import Connection, Login, async_connect, login_of
from .readings import PlantEntry

# An installer's account can have hundreds of plants.
_LOOKED_AT = 8

# What a form tells, by field
RIGHTS = ("granted", "refused", "not_known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An account that let us in; ``uid`` is what the vendor knows it by."""

    connection: Connection
    uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Names of plants whose settings may be changed, may not be, or nobody knows."""

    granted: tuple[str, ...]
    refused: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether allowing control can have any effect."""
        return bool(self.granted or self.unknown)


async def async_log_in(hass: HomeAssistant, login: Login) -> Found:
    """Log in once, as a person asked. Raises ``ApiError``."""
    connection = await async_connect(hass, login)
    found = await connection.session.log_in()
    return Found(connection=connection, uid=found.uid)


async def async_plants(found: Found) -> dict[str, PlantEntry]:
    """Return the plants of an account by id. Raises ``ApiError``."""
    rows = await found.connection.client.stations()
    plants = driver.plants(rows, dt_util.utcnow()).plants
    found.connection.hide_plants(plants)
    return dict(plants)


async def async_rights(found: Found, plants: Iterable[PlantEntry]) -> Rights:
    """Return what the account may do with plants.

    An answer that does not come is no reason not to go on.
    """
    looked: list[PlantEntry] = []
    for number, plant in enumerate(plants):
        try:
            raw = (
                await found.connection.client.station_info(plant.id)
                if number < _LOOKED_AT
                else {}
            )
        except ApiError:
            raw = {}
        looked.append(driver.info(raw, dt_util.utcnow(), plant))
    return rights_of(looked)


async def async_renamed(
    hass: HomeAssistant, entry: ConfigEntry[Any], connection: Connection
) -> None:
    """Take along what was remembered of an account that has another name now.

    The entry is to be set up anew after that.
    """
    try:
        former = login_of(entry.data)
    except ConfigEntryAuthFailed, ConfigEntryError:  # it was damaged
        return
    if former.account_id == connection.login.account_id:
        return
    if entry.state is ConfigEntryState.LOADED:
        # What it notes until then is taken along
        await hass.config_entries.async_unload(entry.entry_id)
    earlier = (await async_connect(hass, former)).account
    earlier.forget(NOTES)
    connection.account.keep()
    await async_move(earlier, connection.account, login=NOTES)


def rights_of(plants: Iterable[PlantEntry]) -> Rights:
    """Return what is known of plants (reference section 6.1)."""
    granted: list[str] = []
    refused: list[str] = []
    unknown: list[str] = []
    for plant in plants:
        if plant.may_write:
            granted.append(plant.name)
        else:
            (refused if plant.informed else unknown).append(plant.name)
    return Rights(
        granted=tuple(granted), refused=tuple(refused), unknown=tuple(unknown)
    )


def rights_texts(rights: Rights) -> dict[str, str]:
    """Return names of plants by what a form says of them; nothing without any."""
    names = zip(RIGHTS, (rights.granted, rights.refused, rights.unknown), strict=True)
    return {key: ", ".join(found) for key, found in names if found}
