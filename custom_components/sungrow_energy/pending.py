"""Tokens of a dialog that nobody has accepted yet.

They are kept off the disk and apart from those of a running entry: a dialog that is
closed or that another account was brought to changes nothing (reference section 2.3).
"""

from dataclasses import replace

from ._vendor.core.client.clock import SystemClock
from .api.oauth import OAuthClient, TokenSet
from .connection import Connection
from .credentials import OAuthCredentials, TokenKeeper
from .token_store import TokenState


class _Nowhere:
    """Keeps nothing: what a dialog lost, it asks for again."""

    async def load(self) -> TokenState | None:
        """Return nothing."""
        return None

    async def save(self, state: TokenState) -> None:
        """Keep nothing."""


async def async_pending(
    connection: Connection, oauth: OAuthClient, tokens: TokenSet
) -> Connection:
    """Return a connection of the same application that uses these tokens.

    If they are the pair in use already, it is that one's: two holders of a refresh
    token would end it for each other. Raises ``TransportError`` if it then cannot be
    written.
    """
    keeper = connection.keeper
    used = keeper.state if keeper is not None else None
    if keeper is None or used is None or used.refresh != tokens.refresh_token:
        keeper = TokenKeeper(_Nowhere(), clock=SystemClock())
        keeper.on_change = connection.hide_tokens
    await keeper.adopt(tokens)
    credentials = OAuthCredentials(keeper, oauth.refresh)
    return replace(
        connection,
        client=connection.client.using(credentials),
        credentials=credentials,
        keeper=keeper,
    )
