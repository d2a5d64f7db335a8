"""A Home Assistant without anything but the connection, to be killed at any point.

Runs in a process of its own; see ``test_refresh_kill``.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
import time
from typing import Any, Never
from unittest.mock import patch

import aiohttp
import atomicwrites
from homeassistant.core import HomeAssistant
from homeassistant.util.dt import utcnow

from custom_components.sungrow_energy import connection as connecting
from custom_components.sungrow_energy._vendor.core.client.errors import ApiError
from custom_components.sungrow_energy.api.oauth import OAuthClient, TokenSet
from custom_components.sungrow_energy.connection import async_connect
from custom_components.sungrow_energy.token_store import TokenState, TokenStore

# Where the process may be held, in the order in which they are passed; the writes are
# that of the mark, then that of the new pair.
POINTS = (
    "before the mark",
    "mark half written",
    "mark written",
    "answered",
    "before the write",
    "half written",
    "written",
    "in use",
)


@dataclass(kw_only=True)
class Start:
    """What a start of the process did, and how often it asked for a new grant."""

    access: str | None = None
    plants: int = 0
    refused: int = 0
    error: str | None = None
    left: float = 0.0
    marked: bool = False
    passed: list[str] = field(default_factory=list)


def run(config_dir: str, data: dict[str, Any], pipe: Pipe, hold_at: str) -> None:
    """Use the tokens once, as an entry with this ``data`` would; send a ``Start``.

    Says ``hold_at`` and stands still when that point is reached.
    """
    start = Start()

    def reach(point: str) -> None:
        start.passed.append(point)
        if point == hold_at:
            pipe.send(point)
            stand_still()

    with _holding(reach):
        pipe.send(asyncio.run(_use(config_dir, data, start, reach)))


def stand_still() -> Never:
    """Wait for the end that comes from outside."""
    while True:
        time.sleep(60)


async def _use(
    config_dir: str, data: dict[str, Any], start: Start, reach: Callable[[str], None]
) -> Start:
    hass = HomeAssistant(config_dir)
    session = aiohttp.ClientSession()
    try:
        # Home Assistant's own wants its network set up
        with patch.object(connecting, "async_get_clientsession", lambda _: session):
            connection = await async_connect(hass, connecting.application_of(data))
        keeper = connection.keeper
        if keeper is None:
            raise TypeError("not an application with OAuth2")
        await keeper.load(TokenState.of(data["token"]))
        start.marked = keeper.state is not None and keeper.state.begun is not None

        def refused() -> None:
            start.refused += 1

        keeper.on_refused = refused
        for _ in range(2):
            try:
                start.access = await connection.credentials.token()
                reach("in use")
                start.plants = len(await connection.client.plants())
            except ApiError as err:
                start.error = f"{type(err).__name__} {err.reason}"
        start.left = keeper.left
    finally:
        await session.close()
        await hass.async_stop(force=True)
    return start


@contextmanager
def _holding(reach: Callable[[str], None]) -> Generator[None]:
    """Patch what lies between the points so that each is reached by name."""
    save, refresh = TokenStore.save, OAuthClient.refresh
    commit = atomicwrites.AtomicWriter.commit
    writing: list[str] = []

    async def saved(self: TokenStore, state: TokenState) -> None:
        mark = state.begun is not None
        reach("before the mark" if mark else "before the write")
        writing.append("mark half written" if mark else "half written")
        await save(self, state)
        reach("mark written" if mark else "written")

    async def refreshed(self: OAuthClient, refresh_token: str) -> TokenSet:
        given = await refresh(self, refresh_token)
        reach("answered")
        return given

    def committed(self: Any, file: Any) -> None:
        if writing:
            reach(writing.pop())
        commit(self, file)

    with ExitStack() as stack:
        stack.enter_context(patch.object(TokenStore, "save", saved))
        stack.enter_context(patch.object(OAuthClient, "refresh", refreshed))
        stack.enter_context(
            patch.object(atomicwrites.AtomicWriter, "commit", committed)
        )
        yield


def nearly_over(token: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of an entry's token whose refresh is due."""
    now = utcnow().timestamp()
    return {**token, "expires_at": now + 900.0, "obtained_at": now - 171_900.0}
