"""Login and the session that it begins (reference section 2)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
import json
from typing import Any, Literal

from ..clock import Clock
from ..noise import dice
from .refusal import Refusal
from .signature import encoded_password, signed_at

ACCOUNT, PASSWORD = "owner@example.com", "Passw0rd!"
UID = "0f0e0d0c-1111-4222-8333-444455556666"
CLIENT = "semsPlusWeb"
_MANDATORY = ("agreement", "isLocal", "isChinese")

type LoginAs = Literal[
    "agreement", "100004", "100005", "A0210", "C0602", "100000", "GY0429", "429"
]


class TooMany(Exception):
    """A login that is answered with HTTP 429."""


@dataclass(slots=True)
class Logins:
    """What happened to logins."""

    tried: int = 0
    succeeded: int = 0
    refused: int = 0
    thefts: int = 0
    """How often the phone app logged in."""
    most_at_once: int = 0


class Session:
    """The account's session, one at a time; plain attributes are switches."""

    def __init__(self, clock: Clock, region: str, seed: int) -> None:
        """Begin with an account that nobody is logged in to."""
        self._clock = clock
        self._region = region
        self._dice = dice(seed, "tokens", 0)
        self.account, self.password, self.uid = ACCOUNT, PASSWORD, UID
        self.logins = Logins()
        self.login_as: LoginAs | None = None
        """How logins are answered whatever they say."""
        self.logins_refused = 0
        """How many more logins `login_as` holds for; 0 is without end."""
        self.retry_after = 300.0
        """Seconds that an HTTP 429 tells."""
        self.wrong_password_as: Literal["100005", "A0210"] = "100005"
        self.lock_after = 5
        """Wrong passwords in a row that lock the account; 0 is never."""
        self.lock_seconds = 900.0
        """How long; a locked account answers as a wrong password."""
        self.api_at: Literal["data", "top", "both", "none"] = "data"
        """Where a login tells the gateway."""
        self.api: str | None = None
        """What it tells; None is this server's own gateway."""
        self.timestamp_as: Literal["text", "number"] = "text"
        self.replaces = True
        """A login ends the session before it."""
        self.replaced_as: Literal["C0602", "100002", "100001"] = "C0602"
        """How a token that is not valid any more is answered."""
        self.token_seconds = 0.0
        """Lifetime of a session; 0 is without end."""
        self.most_drift_seconds = 0.0
        """Age of a signature at most; 0 is unchecked (2.3: unknown)."""
        self.latency = 0.0
        """Seconds that a login takes, by the event loop's clock."""
        self._open: dict[str, tuple[dict[str, Any], datetime]] = {}
        self._running = 0
        self._wrong = 0
        self._locked_until: datetime | None = None

    # Without HTTP

    def steal(self) -> None:
        """Let the phone app log in."""
        self.logins.thefts += 1
        self._begin(self.api or "")

    def issue(self, gateway: str) -> dict[str, Any]:
        """Return the data of a login that nobody counts."""
        return self._begin(self.api or gateway)

    def expire(self) -> None:
        """End all sessions."""
        self._open.clear()

    def unlock(self) -> None:
        """Forget wrong passwords."""
        self._wrong, self._locked_until = 0, None

    @property
    def locked(self) -> bool:
        """Whether the account is locked now."""
        return self._locked_until is not None and self._clock() < self._locked_until

    # Login

    async def login(
        self, header: str | None, signed: str | None, body: dict[str, Any], gateway: str
    ) -> tuple[dict[str, Any], str | None]:
        """Return `data` of the answer, and the gateway if it is told beside it.

        Raises Refusal, and TooMany for an HTTP 429.
        """
        self.logins.tried += 1
        self._running += 1
        self.logins.most_at_once = max(self.logins.most_at_once, self._running)
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            data = self._admit(header, signed, body, self.api or gateway)
        except Refusal, TooMany:
            self.logins.refused += 1
            raise
        finally:
            self._running -= 1
        api = data.get("api") if self.api_at in {"top", "both"} else None
        if self.api_at in {"top", "none"}:
            data = {key: it for key, it in data.items() if key != "api"}
        return data, api

    def _admit(
        self, header: str | None, signed: str | None, body: dict[str, Any], api: str
    ) -> dict[str, Any]:
        token = token_of(header)
        if token is None:
            raise Refusal("100004")
        if not token.get("client") or "version" not in token:
            raise Refusal("100000", "ver is not fund")
        self._check_signature(signed, "", "")
        if (refusal := self._ordered()) is not None:
            if refusal == "429":
                raise TooMany
            if refusal != "agreement":
                raise Refusal(refusal)
            return {"agreement": True, "api": api}
        if not body.get("account") or not body.get("pwd"):
            raise Refusal("100004")
        self._check_password(body)
        if body.get("agreement") != 1 or any(key not in body for key in _MANDATORY):
            # Without these fields a login succeeds and gives no token (2.1)
            return {"agreement": True, "api": api}
        self.logins.succeeded += 1
        return self._begin(api)

    def _ordered(self) -> str | None:
        order: str | None = self.login_as
        if order is not None and self.logins_refused:
            self.logins_refused -= 1
            if not self.logins_refused:
                self.login_as = None
        return order

    def _check_password(self, body: dict[str, Any]) -> None:
        account = str(body["account"]).strip().casefold()
        right = account == self.account.casefold() and body["pwd"] == encoded_password(
            self.password
        )
        if right and not self.locked:
            self._wrong = 0
            return
        self._wrong += 1
        if self.lock_after and self._wrong >= self.lock_after:
            self._locked_until = self._clock() + timedelta(seconds=self.lock_seconds)
        raise Refusal(self.wrong_password_as)

    def _begin(self, api: str) -> dict[str, Any]:
        now = self._clock()
        ms = int(now.timestamp() * 1000)
        token = f"{self._dice.getrandbits(128):032x}"
        data = {
            "uid": self.uid,
            "timestamp": ms if self.timestamp_as == "number" else str(ms),
            "token": token,
            "client": CLIENT,
            "version": "",
            "language": "en",
            "api": api,
            "region": self._region,
            "uuid": f"{self._dice.getrandbits(40):010x}",
        }
        if self.replaces:
            self._open.clear()
        self._open[token] = (data, now)
        return data

    # Everything else

    def check(self, header: str | None, signed: str | None) -> None:
        """Raise Refusal unless a call is one of an open session."""
        token = token_of(header)
        text = token.get("token") if token else None
        if token is None or not text or not isinstance(text, str):
            raise Refusal("100001")
        if not token.get("client") or "version" not in token:
            raise Refusal("100000", "ver is not fund")
        self._check_signature(signed, str(token.get("uid")), text)
        data, began = self._open.get(text, (None, self._clock()))
        age = (self._clock() - began).total_seconds()
        if data is None or (self.token_seconds and age >= self.token_seconds):
            raise Refusal(self.replaced_as)
        # A client that was not told the gateway with the data may leave it out
        bare = {key: it for key, it in data.items() if key != "api"}
        if token != data and (self.api_at in {"data", "both"} or token != bare):
            raise Refusal("100001")

    def _check_signature(self, signed: str | None, uid: str, token: str) -> None:
        at = signed_at(signed, uid, token)
        if at is None:
            raise Refusal("C0602")
        drift = abs(self._clock().timestamp() - at / 1000)
        if self.most_drift_seconds and drift > self.most_drift_seconds:
            raise Refusal("C0602")


def token_of(header: str | None) -> dict[str, Any] | None:
    """Return the object in a `Token` header; None unless it is plain JSON."""
    try:
        document = json.loads(header or "")
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
