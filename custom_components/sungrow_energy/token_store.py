"""The OAuth tokens of one application, on disk before anybody uses them.

A refresh token works once (reference section 2.2): whoever uses a new pair that is not
kept yet, and dies, has lost the account. The file is its own, so that it is written at
once and alone; the config entry has a copy of it for backups.
"""

from dataclasses import dataclass
import hashlib
from typing import Any, Self

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from ._vendor.core.client.decode import mapping, number, text
from .const import DOMAIN

_VERSION = 1


class NotSavedError(Exception):
    """The tokens are not on disk: it is full, broken or closed already."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TokenState:
    """A pair of tokens and how far a refresh of it got; times are epoch seconds.

    Attributes:
        access: What business calls carry.
        refresh: What the next pair is asked for with, once.
        expires_at: When the access token ends.
        obtained_at: When the pair came: of two, the later one is right.
        begun: When a refresh with it was begun whose end is not known.
        dead: The refresh token was refused for good; the access token lives on.
    """

    access: str
    refresh: str
    expires_at: float
    obtained_at: float
    begun: float | None = None
    dead: bool = False

    @classmethod
    def of(cls, raw: object) -> Self | None:
        """Return what a file or an entry holds; None if that is of no use."""
        data = mapping(raw)
        access, refresh = (
            text(data.get("access_token")),
            text(data.get("refresh_token")),
        )
        if access is None or refresh is None:
            return None
        return cls(
            access=access,
            refresh=refresh,
            expires_at=number(data.get("expires_at")) or 0.0,
            obtained_at=number(data.get("obtained_at")) or 0.0,
            begun=number(data.get("begun")),
            dead=data.get("dead") is True,
        )

    @property
    def entry_token(self) -> dict[str, Any]:
        """What the config entry keeps of it."""
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_at": self.expires_at,
            "obtained_at": self.obtained_at,
        }

    @property
    def stored(self) -> dict[str, Any]:
        """What the file keeps of it."""
        return {**self.entry_token, "begun": self.begun, "dead": self.dead}


class TokenStore:
    """The file with the tokens of one account."""

    def __init__(self, hass: HomeAssistant, account_id: str) -> None:
        """Name the file by a hash of the account."""
        self._hass = hass
        digest = hashlib.sha256(account_id.encode()).hexdigest()[:12]
        self._key = f"{DOMAIN}.tokens_{digest}"
        self._store = self._open()

    async def load(self) -> TokenState | None:
        """Return what is on disk; None if there is nothing or it cannot be read."""
        try:
            return TokenState.of(await self._open().async_load())
        except HomeAssistantError, OSError, ValueError:
            return None

    async def save(self, state: TokenState) -> None:
        """Return when the tokens are on disk, synced and in place of the old ones.

        Raises ``NotSavedError``. What is on disk is what can be read back: Home
        Assistant only logs a write that fails, and puts it off while it stops.
        """
        await self._store.async_save(state.stored)
        if await self.load() != state:
            raise NotSavedError

    async def remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    def _open(self) -> Store[dict[str, Any]]:
        return Store(self._hass, _VERSION, self._key, private=True, atomic_writes=True)


def newest(first: TokenState | None, second: TokenState | None) -> TokenState | None:
    """Return the pair that came later; the first one if nobody knows."""
    if first is None or second is None:
        return first or second
    return second if second.obtained_at > first.obtained_at else first
