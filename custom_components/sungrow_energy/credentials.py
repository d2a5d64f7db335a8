"""The OAuth tokens in use: refreshed early, by one at a time, never lost by a crash.

Reference section 2.2. The order is what matters: the mark that a refresh began is on
disk before the request, and the new pair is on disk before it is used.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
import logging
import math
from typing import Any, Protocol

from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import ApiError, AuthError, TransportError
from .api.errors import GRANT_DEAD
from .api.oauth import SHORTEST_LIFE, TokenSet
from .token_store import NotSavedError, TokenState, newest

_LOGGER = logging.getLogger(__name__)

type Ask = Callable[[str], Awaitable[TokenSet]]
type Spawn = Callable[[Coroutine[Any, Any, TokenState]], asyncio.Task[TokenState]]

# Of the two days that an access token lives, so that a night without the token
# endpoint costs nothing.
MARGIN = 12 * 3600.0
# How long a token is taken to live whose end the vendor does not know either
_UNKNOWN_LIFE = 3600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 1800.0
# A renewed token that is refused too is not renewed again.
_JUST_RENEWED = 120.0
NOT_SAVED = "token_not_saved"


class TokenStorage(Protocol):
    """Where the tokens are kept."""

    async def load(self) -> TokenState | None:
        """Return what is kept."""

    async def save(self, state: TokenState) -> None:
        """Return when it is kept; raise ``NotSavedError``."""


class TokenKeeper:
    """The one holder of an application's tokens, shared by its entry and its flows."""

    def __init__(
        self, storage: TokenStorage, *, clock: Clock, spawn: Spawn | None = None
    ) -> None:
        """Hold nothing yet; ``spawn`` starts a task that outlives who asked for it."""
        self._storage, self._clock = storage, clock
        self._spawn: Spawn = spawn or asyncio.ensure_future
        self._lock = asyncio.Lock()
        self._state: TokenState | None = None
        # A pair that came and could not be written yet
        self._unsaved: TokenState | None = None
        self._loaded = self._asked = self._refused = False
        self._not_before, self._pause = -math.inf, _FIRST_PAUSE
        self._renewed = -math.inf
        self._failure: ApiError | None = None
        # Called with each new pair, and once when only a person can help
        self.on_change: Callable[[TokenState], None] = lambda _: None
        self.on_refused: Callable[[], None] = lambda: None

    @property
    def state(self) -> TokenState | None:
        """The tokens in use; None if there are none."""
        return self._state

    @property
    def dead(self) -> bool:
        """Whether only a new authorization gives a next access token."""
        return self._state is None or self._state.dead

    @property
    def refused(self) -> bool:
        """Whether a person has to do something before there is a next token.

        The application or its secret, where the grant is not dead; what fails by
        itself meanwhile does not change that.
        """
        return self.dead or self._refused

    @property
    def left(self) -> float:
        """Seconds that the access token still lives, negative after its end."""
        return self._state.expires_at - self._now if self._state else 0.0

    async def load(self, copy: TokenState | None = None) -> None:
        """Take over what is on disk, or an entry's ``copy`` if that is later."""
        async with self._lock:
            kept = self._state
            if not self._loaded:
                kept, self._loaded = await self._storage.load(), True
            found = newest(kept, copy)
            if found is not None and found is not self._state:
                self._state = found
                self.begin_anew()

    async def adopt(self, tokens: TokenSet) -> TokenState:
        """Take over a pair from a new authorization; on disk when this returns.

        Raises ``TransportError`` (reason ``token_not_saved``) if it is not.
        """
        made = self._made(tokens, tokens.refresh_token or "")
        if tokens.expires_in < SHORTEST_LIFE:  # so that it is refreshed at once
            made = replace(made, expires_at=made.obtained_at)
        return await self.take(made)

    async def take(self, state: TokenState) -> TokenState:
        """Take over another holder's pair; as above."""
        async with self._lock:
            self._loaded = True
            self._unsaved = state
            self.begin_anew()
            return await self._keep()

    def retire(self) -> None:
        """Tell nobody anything any more, as the entry has gone elsewhere."""
        self.on_change, self.on_refused = lambda _: None, lambda: None

    async def token(self, ask: Ask) -> str:
        """Return an access token that lives, refreshed if its end is near.

        Raises ``AuthError`` without one, else what the refresh of an ended one gave.
        """
        state = self._held()
        if state.dead:  # also if that was learnt before a restart
            self._refuse()
        if self._due(state):
            state = await self._refreshed(state, ask, forced=False)
        if state.expires_at <= self._now:
            raise self._failure or self._dead()
        return state.access

    async def renew(self, old: str, ask: Ask) -> str:
        """Return another access token than the one that was refused.

        Raises ``AuthError`` if there is none to be had, or what went wrong.
        """
        state = self._held()
        if state.access != old:
            return state.access
        fresh = self._clock.monotonic() - self._renewed < _JUST_RENEWED
        if state.dead or fresh:
            self._refuse()
            raise self._dead()
        return (await self._refreshed(state, ask, forced=True)).access

    async def _refreshed(
        self, before: TokenState, ask: Ask, *, forced: bool
    ) -> TokenState:
        """Refresh unless somebody else just did; go on also if who waits is cancelled."""

        async def work() -> TokenState:
            async with self._lock:
                state = self._held()
                needed = forced or state.expires_at <= self._now
                if self._unsaved is not None:
                    return await self._keep_or(state, needed=needed)
                if state.access != before.access:
                    return state
                if self._clock.monotonic() < self._not_before or state.dead:
                    if needed:
                        raise self._failure or self._dead()
                    return state
                return await self._refresh(state, ask, needed=needed)

        task = self._spawn(work())
        task.add_done_callback(_seen)
        return await asyncio.shield(task)

    async def _refresh(
        self, before: TokenState, ask: Ask, *, needed: bool
    ) -> TokenState:
        """Ask for the next pair; without it go on with this one unless it is needed."""
        begun = replace(before, begun=self._now)
        try:
            await self._save(begun)
            tokens = await ask(before.refresh)
        except AuthError as err:
            self._failed(err)
            self._refused = True
            self._state = replace(begun, begun=None, dead=err.reason == GRANT_DEAD)
            await self._note(self._state)
            self._refuse()
            if needed:
                raise
            _LOGGER.debug("The access token is used to its end: %s", err)
            return self._state
        except ApiError as err:
            self._failed(err)
            if needed:
                raise
            return before
        self._unsaved = self._made(tokens, tokens.refresh_token or before.refresh)
        return await self._keep_or(before, needed=needed)

    def _made(self, tokens: TokenSet, refresh: str) -> TokenState:
        known = tokens.expires_in >= SHORTEST_LIFE
        return TokenState(
            access=tokens.access_token,
            refresh=refresh,
            expires_at=self._now + (tokens.expires_in if known else _UNKNOWN_LIFE),
            obtained_at=self._now,
        )

    async def _keep(self) -> TokenState:
        """Write the pair that came; use it only then."""
        made = self._unsaved
        if made is None:
            return self._held()
        await self._save(made)
        self._unsaved, self._state = None, made
        self._renewed = self._clock.monotonic()
        self.begin_anew()
        self.on_change(made)
        return made

    async def _keep_or(self, before: TokenState, *, needed: bool) -> TokenState:
        """Write the pair that came; while that fails go on with the one before."""
        try:
            return await self._keep()
        except TransportError as err:
            self._failed(err)
            if needed:
                raise
            return before

    async def _save(self, state: TokenState) -> None:
        try:
            await self._storage.save(state)
        except NotSavedError as err:
            raise TransportError(
                "the tokens cannot be written", reason=NOT_SAVED
            ) from err

    async def _note(self, state: TokenState) -> None:
        """Write what is only good to know."""
        try:
            await self._storage.save(state)
        except NotSavedError:
            _LOGGER.debug("That the grant is over could not be written")

    def begin_anew(self) -> None:
        """Wait for nothing: pair, key or secret are others than those that failed."""
        self._not_before, self._pause = -math.inf, _FIRST_PAUSE
        self._failure, self._refused = None, False
        self.ask_again()

    def ask_again(self) -> None:
        """Ask with the next refusal: whoever was asked before is so no more."""
        self._asked = False

    def _failed(self, err: ApiError) -> None:
        """Wait before the next try, longer each time."""
        self._failure = err
        self._not_before = self._clock.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _refuse(self) -> None:
        """Say once that a person has to authorize again."""
        if not self._asked:
            self._asked = True
            self.on_refused()

    def _due(self, state: TokenState) -> bool:
        if self._unsaved is not None:
            return True
        left = state.expires_at - self._now
        if left <= 0:
            return True
        if state.dead or self._clock.monotonic() < self._not_before:
            return False
        # A refresh was begun and its end is not known: better learnt early
        life = state.expires_at - state.obtained_at
        return state.begun is not None or left < min(MARGIN, life / 4)

    def _held(self) -> TokenState:
        if self._state is None:
            raise self._dead()
        return self._state

    def _dead(self) -> AuthError:
        return AuthError("iSolarCloud wants a new authorization", reason=GRANT_DEAD)

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp()


class OAuthCredentials:
    """The keeper's tokens for the client of one application key and secret."""

    def __init__(self, keeper: TokenKeeper, ask: Ask) -> None:
        """Refresh with ``ask``, which gets the refresh token."""
        self.keeper, self._ask = keeper, ask

    @property
    def entry_token(self) -> dict[str, Any]:
        """What a config entry keeps; empty without tokens."""
        state = self.keeper.state
        return state.entry_token if state is not None else {}

    async def token(self) -> str:
        """Return an access token; raises ``ApiError``."""
        return await self.keeper.token(self._ask)

    async def renew(self, old: str) -> str:
        """Return another access token than ``old``; raises ``ApiError``."""
        return await self.keeper.renew(old, self._ask)


def _seen(task: asyncio.Task[TokenState]) -> None:
    """Take note of the outcome also where nobody waits for it any more."""
    if not task.cancelled():
        task.exception()
