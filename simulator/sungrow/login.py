"""The account login (reference section 2.5)."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
import random
from typing import Any

from ..clock import Clock
from .refusal import Refusal
from .users import User, Users

# Life of a token since its last call, and how long an account stays locked
TOKEN_SECONDS = LOCK_SECONDS = 86400.0
_HOUR_S = 3600.0


class Login:
    """Tokens of accounts; the plain attributes are switches."""

    def __init__(self, users: Users, clock: Clock, seed: int) -> None:
        """Begin with nobody logged in."""
        self.lock_after = 5
        """So many wrong passwords lock the account."""
        self.logins_per_hour = 20
        """More are answered E916; 0 is no limit."""
        self.latency = 0.0
        """Seconds of the event loop that a login takes."""
        self.attempts = 0
        """Logins, right or wrong or refused."""
        self.most_concurrent = 0
        """The most logins that ran at the same time."""
        self._running = 0
        self._users = users
        self._clock = clock
        self._random = random.Random(f"sungrow/login/{seed}")
        self._open: dict[str, tuple[User, float]] = {}
        self._times: list[float] = []

    async def answer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return `result_data` of a call after the latency; Refusal 009 or E916."""
        user_name, password = body.get("user_account"), body.get("user_password")
        if not user_name or not password:
            raise Refusal("009")
        self._running += 1
        self.most_concurrent = max(self.most_concurrent, self._running)
        try:
            data = self.login(str(user_name), str(password))
            if self.latency:
                await asyncio.sleep(self.latency)
        finally:
            self._running -= 1
        return data

    def login(self, user_name: str, password: str) -> dict[str, Any]:
        """Return `result_data`, of a wrong password too; Refusal E916."""
        now = self._now
        self.attempts += 1
        self._times = [at for at in self._times if now - _HOUR_S < at <= now]
        if 0 < self.logins_per_hour <= len(self._times):
            raise Refusal("E916")
        self._times.append(now)
        user = self._users.named(user_name)
        if user is None:
            return _no("-1", "account does not exist")
        if user.disabled:
            return _no("5", "account is locked by the administrator")
        if now < user.locked_until:
            return self._locked(user)
        if password != user.password:
            return self._wrong(user)
        user.err_times = 0
        return self._session(user)

    def issue(self, user: User) -> str:
        """Return a new token without asking for a password."""
        digits = f"{self._random.getrandbits(128):032x}"
        token = f"{user.user_id}_{digits}"
        self._open[token] = user, self._now + TOKEN_SECONDS
        return token

    def user_of(self, token: str) -> User | None:
        """Return whose token it is and extend it; None if it does not count."""
        user, until = self._open.get(token, (None, 0.0))
        if user is None or self._now >= until:
            self._open.pop(token, None)
            return None
        self._open[token] = user, self._now + TOKEN_SECONDS
        return user

    def expire(self) -> None:
        """End all tokens."""
        self._open.clear()

    @property
    def _now(self) -> float:
        return self._clock().timestamp()

    def _session(self, user: User) -> dict[str, Any]:
        return {
            "login_state": "1",
            "token": self.issue(user),
            "user_id": user.user_id,
            "user_account": user.user_name,
            "user_name": "Owner",
            "language": "English",
            "user_master_org_id": "1200345",
            "user_master_org_name": "org-x",
            "country_name": "Germany",
            "country_id": "80",
            "mobile_tel": "",
            "email": user.user_name,
            "err_times": "0",
            "disable_time": None,
        }

    def _wrong(self, user: User) -> dict[str, Any]:
        user.err_times += 1
        if user.err_times >= self.lock_after:
            user.err_times = 0
            user.locked_until = self._now + LOCK_SECONDS
            return self._locked(user)
        return _no("0", "incorrect password") | {
            "err_times": str(user.err_times),
            "remain_times": str(self.lock_after - user.err_times),
        }

    def _locked(self, user: User) -> dict[str, Any]:
        until = datetime.fromtimestamp(user.locked_until, UTC)
        return _no("2", "account is locked") | {
            "err_times": str(self.lock_after),
            "remain_times": "0",
            "disable_time": f"{until:%Y-%m-%d %H:%M:%S}",
        }


def _no(state: str, message: str) -> dict[str, Any]:
    return {"login_state": state, "msg": message, "token": None}
