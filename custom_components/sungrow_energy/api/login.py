"""Sessions of the account login (reference section 2.5).

Token and refusals stand in the account's notes, so that a restart neither logs in again
nor tries a refused password a second time: wrong ones lock the account.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
import hashlib
from typing import Any

from .._vendor.core.client.budget import Budget
from .._vendor.core.client.decode import integer, mapping, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    ThrottledError,
)
from .._vendor.core.client.redact import Redactor
from .._vendor.core.control.book import Notes
from .errors import DISABLED, LOCKED, NO_ACCOUNT, WRONG_PASSWORD, code_of
from .frame import ONCE, Application, Call, Frame
from .limits import LOGIN, LOGIN_BY_USER

_SESSION, _REJECTED = "login/session", "login/rejected"
_STATES: Mapping[str, str] = {
    "0": WRONG_PASSWORD,
    "-1": NO_ACCOUNT,
    "2": LOCKED,
    "5": DISABLED,
}
# Pauses after logins that failed for no fault of the user.
_PAUSES = (60.0, 300.0, 900.0)


class LoginRefused(AuthError):
    """The account does not let us in; ``remaining`` tries are left, if that is told."""

    def __init__(
        self, message: str, *, code: str, reason: str, remaining: int | None = None
    ) -> None:
        """Keep what the user should know."""
        super().__init__(message, code=code, reason=reason)
        self.remaining = remaining


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """Whose session it is."""

    user_id: str
    account: str | None


class LoginSession:
    """The token of one user; fits ``access.Credentials``."""

    def __init__(
        self,
        frame: Frame,
        application: Application,
        user_name: str,
        password: str,
        *,
        budget: Budget,
        notes: Notes,
        redactor: Redactor,
    ) -> None:
        """Nothing is sent; ``budget`` is the one of the frame's ``HttpClient``."""
        self._frame = frame
        self._user_name, self._password = user_name, password
        self._budget, self._notes, self._redactor = budget, notes, redactor
        # Whose token it is, so that another password never uses it
        self._whose = hashlib.sha256(
            f"{application.app_key}\n{user_name}\n{password}".encode()
        ).hexdigest()[:16]
        self._lock = asyncio.Lock()
        self._failures = 0

    @property
    def user_id(self) -> str | None:
        """The user of the last login, None before the first one."""
        return text(self._session.get("user_id"))

    async def token(self) -> str:
        """Return the token, after a login if there is none.

        Raises:
            LoginRefused: Also without a request, while these credentials stand refused.
            ApiError: What kept the login from being tried.
        """
        async with self._lock:
            return self._token or (await self._login(LOGIN))

    async def renew(self, old: str) -> str:
        """Return another token than ``old``; raises as ``token``."""
        async with self._lock:
            if (token := self._token) is not None and token != old:
                return token
            self._end()
            return await self._login(LOGIN)

    async def log_in(self) -> LoggedIn:
        """Log in with what somebody has just typed, also if it stands refused."""
        async with self._lock:
            await self._login(LOGIN_BY_USER)
        return LoggedIn(
            user_id=self.user_id or "", account=text(self._session.get("account"))
        )

    @property
    def _session(self) -> Mapping[str, Any]:
        session = mapping(self._notes.get(_SESSION))
        return session if session.get("whose") == self._whose else {}

    @property
    def _token(self) -> str | None:
        token = text(self._session.get("token"))
        self._redactor.add(token, "token")
        return token

    def _end(self) -> None:
        if self._session:
            self._notes.set(_SESSION, {**self._session, "token": None})

    async def _login(self, group: str) -> str:
        rejected = mapping(self._notes.get(_REJECTED))
        if group == LOGIN and rejected.get("whose") == self._whose:
            reason = text(rejected.get("reason")) or WRONG_PASSWORD
            raise LoginRefused("the login was refused", code="", reason=reason)
        call = Call(
            path="openapi/login",
            fields={
                "user_account": self._user_name,
                "user_password": self._password,
                "login_type": "1",
            },
            account=True,
            group=group,
            delays=ONCE,
        )
        try:
            data = mapping(await self._frame.ask(call))
            token = await self._logged_in(data)
        except LoginRefused:
            raise
        except ThrottledError as err:
            if err.code is not None and err.retry_after is not None:
                for name in (LOGIN, LOGIN_BY_USER):
                    self._budget.block(
                        err.retry_after, reason=err.reason or "throttled", group=name
                    )
            raise
        except ApiError:
            pause = _PAUSES[min(self._failures, len(_PAUSES) - 1)]
            self._failures += 1
            self._budget.block(pause, reason="login_failed", group=LOGIN)
            raise
        self._failures = 0
        return token

    async def _logged_in(self, data: Mapping[str, Any]) -> str:
        """Keep the session, or that there shall be none."""
        state = text(data.get("login_state"))
        token = text(data.get("token"))
        if state == "1" and token is not None:
            self._redactor.add(token, "token")
            self._notes.set(_REJECTED, None)
            self._notes.set(
                _SESSION,
                {
                    "whose": self._whose,
                    "token": token,
                    "user_id": text(data.get("user_id")),
                    "account": text(data.get("user_account")),
                },
            )
            await self._notes.save()
            return token
        if state is None or state == "1":
            raise BadDataError("the answer to a login says nothing of it")
        reason = _STATES.get(state, WRONG_PASSWORD)
        self._notes.set(_REJECTED, {"whose": self._whose, "reason": reason})
        self._end()
        await self._notes.save()
        raise LoginRefused(
            "the login was refused",
            code=code_of(state) or "",
            reason=reason,
            remaining=integer(data.get("remain_times"), low=0),
        )
