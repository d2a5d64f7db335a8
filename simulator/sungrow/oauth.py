"""Codes and tokens of an application (reference section 2.2)."""

from collections.abc import Collection
from dataclasses import dataclass, field
import random
import string
from typing import Any, Literal
import uuid

from ..clock import Clock
from .switches import StateReturned
from .users import Application, User

CODE_LENGTH = 6
_DAY_S = 86400.0
REFRESH_SECONDS = 30 * _DAY_S
CODE_SECONDS = 300.0
_FIRST_S = {"tiny": 30.0, "negative": -4.0}

type Scope = frozenset[str] | None
"""Plants that a token is bound to; None is all that were ever authorized."""


@dataclass(slots=True)
class Code:
    """What the browser brings back."""

    user: User
    plants: tuple[str, ...]
    redirect: str
    """As the authorize page got it; the exchange names the same, byte for byte."""
    made_at: float
    used: bool = False


@dataclass(slots=True)
class Grant:
    """What one code gave; its tokens follow each other."""

    scope: Scope
    refresh_token: str
    refresh_until: float
    old: set[str] = field(default_factory=set)
    """Refresh tokens that were used."""


@dataclass(slots=True)
class Tokens:
    """What happened at the token endpoints."""

    exchanges: int = 0
    """Codes that gave tokens at the endpoint."""
    refreshes: int = 0
    """Refresh tokens that gave tokens."""
    refused: int = 0
    """Calls of either that did not."""
    reused: int = 0
    """Refresh tokens that came again after they had been used."""
    most_concurrent: int = 0
    """The most refreshes that ran at the same time."""


class Failed(Exception):
    """A token endpoint says no."""

    def __init__(self, code: str, message: str, error: str = "invalid_grant") -> None:
        """Answer flat fields as OAuth has them."""
        super().__init__(code)
        self.code = code
        self.message = message
        self.error = error


class OAuth:
    """The grants of one application; the plain attributes are switches."""

    def __init__(self, application: Application, clock: Clock, seed: int) -> None:
        """Begin with nothing authorized."""
        self.state_returned: StateReturned = "query"
        """Which `state` comes back: before the `#`, behind it, or none."""
        self.tokens_at: Literal["both", "result_data", "top"] = "both"
        """Where the answers have the tokens."""
        self.failure_status: Literal[200, 400, 401] = 200
        """HTTP status of failures (section 2.2: uncertain)."""
        self.refresh_failure_at: Literal["result_data", "top"] = "result_data"
        """Where a refused refresh has its code (uncertain)."""
        self.used_refresh_as: Literal["2", "-2", "4", "5"] = "5"
        """Code of a refresh token that was used or is unknown."""
        self.rotates = True
        """False: a refresh gives no new refresh token, the old one stays good."""
        self.old_access_dies = False
        """A refresh ends the access token before it (uncertain)."""
        self.transient_refreshes = 0
        """So many refreshes more are answered -1; nothing is used up."""
        self.approved = True
        """False: the application waits for its approval, code 3."""
        self.regrant: Literal["adds", "replaces"] = "adds"
        """Whether plants that are not ticked again go (section 2.3: uncertain)."""
        self.access_seconds = 2 * _DAY_S
        """Life of an access token; `expires_in` says one less."""
        self.first_life: Literal["usual", "tiny", "negative"] = "usual"
        """Life of the access token that a code gives."""
        self.wrong_client_as: Literal["codes", "4"] = "codes"
        """How a wrong Appkey or secret is answered: E00000, E912, E914, or 4."""
        self.latency = 0.0
        """Seconds of the event loop that a token endpoint takes."""
        self.tokens = Tokens()
        self.granted: dict[str, set[str]] = {}
        """Plants by the id of the user who ticked them."""
        self._application = application
        self._clock = clock
        self._random = random.Random(f"sungrow/{seed}")
        self._codes: dict[str, Code] = {}
        self._grants: list[Grant] = []
        self._access: dict[str, tuple[Grant, float]] = {}

    # The authorize page

    def authorize(self, user: User, plants: Collection[str], redirect: str) -> str:
        """Return a code for plants that a user ticked."""
        before = self.granted.get(user.user_id, set())
        kept = before if self.regrant == "adds" else set()
        self.granted[user.user_id] = kept | set(plants)
        letters = string.ascii_letters + string.digits
        code = "".join(self._random.choices(letters, k=CODE_LENGTH))
        self._codes[code] = Code(user, tuple(plants), redirect, self._now)
        return code

    # The token endpoints

    def exchange(self, code: str, redirect: str, mode: str | None) -> dict[str, Any]:
        """Return tokens for a code; Failed, which burns the code."""
        self._check_approval()
        found = self._codes.get(code)
        if (
            found is None
            or found.used
            or not 0 <= self._now - found.made_at < CODE_SECONDS
        ):
            raise Failed("2", f"Invalid authorization code: {code}")
        found.used = True
        if redirect != found.redirect or (
            redirect not in self._application.redirect_uris
        ):
            raise Failed("5", "Redirect URI mismatch.")
        bound = frozenset(found.plants) if mode == "authorization_bound" else None
        grant = Grant(bound, self._token(), self._now + REFRESH_SECONDS)
        self._grants.append(grant)
        return self._issued(grant, _FIRST_S.get(self.first_life)) | {
            "auth_ps_list": list(found.plants),
            "auth_user": int(found.user.user_id),
        }

    def refresh(self, token: str) -> dict[str, Any]:
        """Return the next tokens for a refresh token that was not used; Failed."""
        self._check_approval()
        if self.transient_refreshes:
            self.transient_refreshes -= 1
            raise Failed("-1", "authorization server failed", "server_error")
        grant = next((g for g in self._grants if g.refresh_token == token), None)
        if grant is None:
            if any(token in g.old for g in self._grants):
                self.tokens.reused += 1
            raise Failed(self.used_refresh_as, "Invalid refresh token")
        if self._now >= grant.refresh_until:
            raise Failed("-2", "refresh token has expired")
        if self.rotates:
            grant.old.add(token)
            grant.refresh_token = self._token()
            grant.refresh_until = self._now + REFRESH_SECONDS
        if self.old_access_dies:
            self._access = {
                access: entry
                for access, entry in self._access.items()
                if entry[0] is not grant
            }
        self.tokens.refreshes += 1
        issued = self._issued(grant)
        if not self.rotates:
            del issued["refresh_token"]
        return issued | {"code": "1"}

    # Business calls

    def plants_of(self, access_token: str) -> set[str] | None:
        """Return the plants that a token may see; None if it does not count."""
        grant, until = self._access.get(access_token, (None, 0.0))
        if grant is None or self._now >= until:
            return None
        granted = set[str]().union(*self.granted.values())
        return granted if grant.scope is None else granted & grant.scope

    # For tests

    def expire_access(self) -> None:
        """End all access tokens; refresh tokens stay good."""
        self._access.clear()

    def expire_refresh(self) -> None:
        """End all refresh tokens, as after 30 days; access tokens stay good."""
        for grant in self._grants:
            grant.refresh_until = self._now

    def revoke(self) -> None:
        """Withdraw everything, as in the app's authorization management."""
        self._access.clear()
        self._grants.clear()
        self._codes.clear()
        self.granted.clear()

    def ungrant(self, plant_id: str) -> None:
        """Withdraw one plant; the tokens stay good."""
        for plants in self.granted.values():
            plants.discard(plant_id)

    @property
    def _now(self) -> float:
        return self._clock().timestamp()

    def _check_approval(self) -> None:
        if not self.approved:
            raise Failed("3", "unauthorized access", "access_denied")

    def _issued(self, grant: Grant, life: float | None = None) -> dict[str, Any]:
        access = self._token()
        seconds = self.access_seconds if life is None else life
        self._access[access] = grant, self._now + seconds
        return {
            "access_token": access,
            "token_type": "bearer",
            "refresh_token": grant.refresh_token,
            "expires_in": int(seconds) - 1,
        }

    def _token(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
