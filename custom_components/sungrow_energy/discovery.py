"""Getting to an account with what was entered, and reading its plants."""

from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.errors import BadDataError
from .connection import Application, Connection, async_connect
from .const import (
    CONF_AUTH_USER,
    CONF_PLANTS,
    CONF_REDIRECT_URI,
    CONF_TOKEN,
    MODE_OAUTH,
)
from .pending import async_pending
from .source import SungrowSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An account that let us in.

    Attributes:
        connection: By which it is reached; tokens of OAuth2 are its own until they
            are kept.
        user_id: Whose account it is, of a login; who authorized, of OAuth2.
        granted: Ids of the plants that were ticked; empty if nobody told.
        redirect_uri: Where the browser was sent to.
    """

    connection: Connection
    user_id: str | None
    granted: tuple[str, ...] = ()
    redirect_uri: str | None = None

    @property
    def unique_id(self) -> str:
        """What tells the account from all others."""
        return unique_id(self.connection.application, self.user_id)

    @property
    def data(self) -> dict[str, Any]:
        """What an entry keeps, but for its plants."""
        connection = self.connection
        data = {**connection.application.data, CONF_AUTH_USER: self.user_id}
        if connection.application.mode == MODE_OAUTH:
            token = dict(connection.entry_token)
            token["auth_ps_list"] = list(self.granted)
            data |= {CONF_TOKEN: token, CONF_REDIRECT_URI: self.redirect_uri}
        return data

    async def async_keep(self, hass: HomeAssistant) -> None:
        """Make the tokens those of the entry; on disk when this returns.

        Raises ``ApiError`` (reason ``token_not_saved``).
        """
        keeper = self.connection.keeper
        if keeper is not None and keeper.state is not None:
            lasting = await async_connect(hass, self.connection.application)
            await lasting.async_adopt(keeper.state)


def unique_id(application: Application, user_id: str | None) -> str:
    """Return the id of an entry: one for each application, or each login."""
    if application.mode == MODE_OAUTH:
        return f"{application.region}_{application.application_id}"
    return f"{application.region}_user_{user_id}"


async def async_authorized(
    hass: HomeAssistant, application: Application, code: str, redirect_uri: str
) -> Access:
    """Turn a code into tokens, which nobody but the dialog has yet.

    Raises ``ApiError``.
    """
    connection = await async_connect(hass, application)
    if connection.oauth is None:
        raise TypeError("the application has no OAuth2")
    grant = await connection.oauth.exchange(code, redirect_uri)
    return Access(
        connection=await async_pending(connection, connection.oauth, grant),
        user_id=grant.user,
        granted=tuple(grant.plants or ()),
        redirect_uri=redirect_uri,
    )


async def async_logged_in(hass: HomeAssistant, application: Application) -> Access:
    """Log in once, as a person asked. Raises ``ApiError``."""
    connection = await async_connect(hass, application)
    if connection.session is None:
        raise TypeError("the application has no login")
    found = await connection.session.log_in()
    if not found.user_id:
        raise BadDataError("the login names no user", reason="no_user")
    return Access(connection=connection, user_id=found.user_id)


async def async_plants(access: Access) -> dict[str, str]:
    """Return the names of an account's plants by id. Raises ``ApiError``."""
    connection = access.connection
    raw = await SungrowSource(connection.client).plants()
    found = driver.plants(raw, dt_util.utcnow()).plants
    connection.hide_plants(found)
    return {key: plant.name for key, plant in found.items()}


def suggested(plants: dict[str, str], granted: tuple[str, ...]) -> list[str]:
    """Return the plants that were ticked, else all (reference section 2.2)."""
    return [key for key in plants if key in granted] or list(plants)


def served(data: Any) -> list[str]:
    """Return the plants that an entry's data or options choose."""
    ids = data.get(CONF_PLANTS)
    return [str(key) for key in ids] if isinstance(ids, list) else []
