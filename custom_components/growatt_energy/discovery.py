"""Finding the host that knows an account, and reading its plants (section 1.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.errors import (
    ApiError,
    LockedError,
    MaintenanceError,
    NotPermittedError,
    TransportError,
    UnsupportedError,
)
from .api import hosts
from .api.classic_session import ClassicSession
from .api.errors import LOGIN_REFUSED
from .api.token_client import TokenClient
from .connection import PLANTS_DOCUMENT, Connection, Credentials, async_connect
from .const import MODE_TOKEN
from .readings import PlantEntry
from .write_rights import forget_rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An account that answered: whose it is, and its plants by id.

    Those that an installer's token shows are of several users, in any order.
    """

    connection: Connection
    user_id: str
    plants: dict[str, PlantEntry]

    def known_as(self, user_id: str | None) -> Found:
        """Return it under the id that it was known by, if that is one of its users."""
        users = {plant.user_id for plant in self.plants.values()}
        if user_id is None or user_id not in users:
            return self
        return replace(self, user_id=user_id)

    @property
    def unique_id(self) -> str:
        """What tells the account from all others, however it is reached."""
        return f"{self.connection.host}_{self.user_id}"


async def async_find(
    hass: HomeAssistant, credentials: Credentials, *, automatic: bool
) -> Found:
    """Return the account of these credentials; each host is asked once at most.

    ``automatic``: on whichever host knows them, else on that of the credentials. What
    was read serves the set-up that follows. Raises ``ApiError``.
    """
    if credentials.mode == MODE_TOKEN:
        connection, raw = await _with_token(hass, credentials, automatic=automatic)
    else:
        connection = await _with_login(hass, credentials, automatic=automatic)
        raw = await connection.source.plants()
    received_at = dt_util.utcnow()
    plants = dict(driver.plants(raw, received_at).plants)
    connection.hide_plants(plants)
    connection.account.put(PLANTS_DOCUMENT, raw, received_at)
    user_id = connection.session.user_id if connection.session is not None else None
    ids = (plant.user_id for plant in plants.values() if plant.user_id)
    return Found(
        connection=connection,
        user_id=user_id or next(ids, ""),
        plants=plants,
    )


async def _with_token(
    hass: HomeAssistant, credentials: Credentials, *, automatic: bool
) -> tuple[Connection, Any]:
    if not automatic:
        connection = await async_connect(hass, credentials)
        return connection, await connection.source.plants()
    connections = await _everywhere(hass, credentials)
    found = await hosts.find_token_host(lambda url: _client(connections[_plain(url)]))
    connection = connections[_plain(found.url)]
    return connection, await connection.source.plants(found.plants)


async def _with_login(
    hass: HomeAssistant, credentials: Credentials, *, automatic: bool
) -> Connection:
    urls: Sequence[str] = (credentials.base_url,)
    if automatic:
        connections = await _everywhere(hass, credentials)
        urls = await hosts.find_login_host(
            lambda url: _session(connections[_plain(url)])
        )
        if not urls:
            raise UnsupportedError("no host knows the user", reason="unknown_region")
    failed: ApiError | None = None
    for url in urls:
        connection = await async_connect(
            hass, replace(credentials, base_url=_plain(url))
        )
        try:
            await _session(connection).login(by_user=True)
        except LockedError:
            # Also without an entry: nobody may ask again before it ends.
            connection.account.keep()
            await connection.account.async_save()
            raise
        except (TransportError, MaintenanceError, NotPermittedError) as err:
            if isinstance(err, NotPermittedError) and err.reason != LOGIN_REFUSED:
                raise
            failed = failed or err
            continue
        forget_rights(connection.account)
        return connection
    raise failed or TransportError("no host answers")


async def _everywhere(
    hass: HomeAssistant, credentials: Credentials
) -> dict[str, Connection]:
    """Return connections with each host of the vendor; nothing is sent."""
    return {
        _plain(host.url): await async_connect(
            hass, replace(credentials, base_url=_plain(host.url))
        )
        for host in hosts.HOSTS
    }


def _client(connection: Connection) -> TokenClient:
    if not isinstance(connection.client, TokenClient):
        raise TypeError("the connection has no token")
    return connection.client


def _session(connection: Connection) -> ClassicSession:
    if connection.session is None:
        raise TypeError("the connection has no login")
    return connection.session


def _plain(url: str) -> str:
    return url.rstrip("/")
