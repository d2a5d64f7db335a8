"""One session per account: few logins, none in vain (reference sections 2.5 to 2.8)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._vendor.core.client.budget import Budget
from .._vendor.core.client.decode import mapping, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
)
from .._vendor.core.client.redact import Redactor
from .._vendor.core.control.book import Notes
from . import endpoints
from .errors import (
    AGREEMENT,
    LOGIN_FAILED,
    LOGIN_PARAMETERS,
    LOGIN_REFUSED,
    SESSION,
    WRONG_PASSWORD,
)
from .frame import Call, Frame
from .limits import LOGIN, LOGIN_BY_USER
from .regions import REGIONS, Hosts, region_of_gateway
from .signature import encode_password
from .token import LoginState, Token

# Of a password that worked before: during outages the vendor's codes are strange.
_REJECTIONS = 3
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 1800.0
# The account may be known at another host.
_ELSEWHERE = frozenset({SESSION, LOGIN_PARAMETERS})
_AGREEMENTS = frozenset({"agreement", "agreement_agreement"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """Whose session it is, and in which region; None if that is not known."""

    uid: str = field(repr=False)
    region: str | None


class Session:
    """Logs in when there is no session, and again when it is refused."""

    def __init__(
        self,
        frame: Frame,
        hosts: Hosts,
        account: str,
        password: str,
        *,
        budget: Budget,
        notes: Notes,
        redactor: Redactor,
    ) -> None:
        """Nothing is sent; ``budget`` is the one of the frame's clients."""
        self._frame, self._hosts = frame, hosts
        self._account, self._password = account, password
        self._budget = budget
        self._state = LoginState(
            account, password, hosts.server, notes=notes, redactor=redactor
        )
        self._lock = asyncio.Lock()
        self.logins = 0
        # How many there were when the last of them turned out to be of no use
        self._useless = 0

    @property
    def uid(self) -> str | None:
        """The user of the last login, None before the first one."""
        return self._state.uid

    @property
    def region(self) -> str | None:
        """The region that the last login told, None if it is not known."""
        token = self._state.token
        return token.region if token is not None else None

    @property
    def logged_in(self) -> bool:
        """Whether there is a session; that it is still good is not known."""
        return self._state.token is not None

    async def token(self) -> Token:
        """Return the session, after a login if there is none.

        Raises:
            AuthError: ``wrong_password``: three times in a row; without a request
                from then on, until ``log_in`` is called or the password is changed.
            ThrottledError: ``login_failed`` and others: not tried now.
            MaintenanceError, TransportError: Try again later; ``agreement``: when it
                was accepted in a browser. No other error: those would tell of what
                is asked in the session, not of the session.
        """
        async with self._lock:
            return self._state.token or await self._log_in(LOGIN)

    async def renew(self, old: Token) -> Token:
        """Return another session than ``old``, which was refused; raises as ``token``.

        One call logs in, however many have seen the refusal.
        """
        async with self._lock:
            token = self._state.token
            if token is not None and token != old:
                return token
            return await self._log_in(LOGIN)

    async def log_in(self) -> LoggedIn:
        """Log in with what somebody has just typed; one refusal is enough.

        Raises as ``token``.
        """
        async with self._lock:
            token = await self._log_in(LOGIN_BY_USER)
        return LoggedIn(uid=token.uid, region=token.region)

    def accepted(self) -> None:
        """Take note that a request was let through."""
        self._state.succeeded()

    def useless(self, token: Token) -> None:
        """Take note that a session was refused right after its login."""
        if token == self._state.token and self._useless != self.logins:
            self._useless = self.logins
            self._failed(0)

    async def _log_in(self, group: str) -> Token:
        by_user = group == LOGIN_BY_USER
        if not by_user and self._state.rejections >= _REJECTIONS:
            raise AuthError("the password was refused", reason=WRONG_PASSWORD)
        try:
            token = await self._try_hosts(group)
        except ThrottledError:
            raise
        except AuthError as err:
            # What was typed and refused is not sent again by itself
            rejections = _REJECTIONS if by_user else self._state.rejections + 1
            self._failed(rejections, by_user=by_user)
            await self._state.save()
            if rejections >= _REJECTIONS:
                raise
            raise MaintenanceError(
                str(err), code=err.code, reason=LOGIN_REFUSED
            ) from None
        except ApiError as err:
            silent = isinstance(err, TransportError)
            self._failed(self._state.rejections if silent else 0, by_user=by_user)
            if isinstance(err, MaintenanceError | TransportError):
                raise
            reason = err.reason if err.reason == AGREEMENT else LOGIN_FAILED
            raise MaintenanceError(str(err), code=err.code, reason=reason) from None
        self._state.begin(token)
        # At once: a restart in the next half minute must not need another one
        await self._state.save()
        self.logins += 1
        return token

    async def _try_hosts(self, group: str) -> Token:
        first, *others = self._hosts.logins
        try:
            return await self._post(first, group)
        except (MaintenanceError, TransportError) as err:
            lost = isinstance(err, TransportError) and self._hosts.chosen is not None
            if not others or not (lost or err.reason in _ELSEWHERE):
                raise
        return await self._post(others[0], group)

    async def _post(self, base_url: str, group: str) -> Token:
        china = self._hosts.china
        call = Call(
            endpoint=endpoints.LOGIN,
            body={
                "account": self._account,
                "pwd": encode_password(self._password),
                "agreement": 1,
                "isLocal": china,
                "isChinese": china,
            },
            group=group,
        )
        return self._token_of(await self._frame.log_in(base_url, call))

    def _token_of(self, answer: Mapping[str, Any]) -> Token:
        """Return the session of an answer with a success code, if it has one."""
        data = mapping(answer.get("data"))
        if text(data.get("token")) is None or text(data.get("uid")) is None:
            if not _AGREEMENTS.isdisjoint(data):
                raise NotPermittedError("the agreement is open", reason=AGREEMENT)
            raise BadDataError("the answer to a login has no session")
        fields = dict(data)
        if isinstance(told := answer.get("api"), str):
            fields["api"] = told
        named = (text(data.get("region")) or "").lower()
        gateway = self._hosts.gateway(text(fields.get("api")), named)
        region = named if named in REGIONS else region_of_gateway(gateway)
        return Token(fields=fields, gateway=gateway, region=region)

    def _failed(self, rejections: int, *, by_user: bool = False) -> None:
        """Count it, and let some time go by before the next login by itself."""
        pause = min(_FIRST_PAUSE * 2.0**self._state.failures, _LONGEST_PAUSE)
        self._state.failed(rejections=rejections)
        if not by_user:
            self._budget.block(pause, reason=LOGIN_FAILED, group=LOGIN)
