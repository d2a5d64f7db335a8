"""One session with the app's API: few logins, none while locked (sections 2.2, 5.3)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from .._vendor.core.client.budget import Budget
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    LockedError,
    NotPermittedError,
    ThrottledError,
)
from .._vendor.core.client.http import HttpClient
from .._vendor.core.client.message import Request, Response
from .._vendor.core.client.redact import Redactor
from .._vendor.core.control.book import Notes
from .attempt import Attempt
from .classic_answers import login_answer
from .errors import (
    CREDENTIALS,
    LOCKED,
    UA_BLOCKED,
    SessionExpired,
    check_status,
    json_of,
    not_accepted,
    object_of,
)
from .limits import LOGIN, LOGIN_BY_USER, LOGINS_APART, LOGINS_PER_DAY
from .login_state import VISITOR, LoginState

READ_TIMEOUT = 30.0
WRITE_TIMEOUT = 60.0
READ_DELAYS = (5.0,)
# A login that failed for no reason of ours is tried again later and later.
_LOGIN_PAUSES = (120.0, 600.0, 1800.0, 3600.0)
# A refused `User-Agent` stays refused until another one is chosen.
_UA_PAUSE = 6 * 3600.0


class ClassicSession:
    """Sends requests with the cookies of one login, and logs in when it has to.

    However many ask at once, there is one login, and the request goes out once more
    after it: what met an expired session was not executed, so a write may too. While
    the account is locked nothing is sent, also after a restart. Credentials that were
    refused are not sent again until the user has changed or confirmed them.
    ``redact`` makes text safe to log.
    """

    def __init__(
        self,
        http: HttpClient,
        user_name: str,
        password_hash: str,
        *,
        user_agent: str,
        budget: Budget,
        notes: Notes,
        clock: Clock,
        redactor: Redactor,
    ) -> None:
        """Take what is shared with other users of the same account; nothing is sent.

        ``http`` has the host's base URL, the same ``budget`` and a session without a
        cookie jar of its own (``aiohttp.DummyCookieJar``).
        """
        self._http, self._budget, self._clock = http, budget, clock
        self._user_name, self._password_hash = user_name, password_hash
        self._user_agent = user_agent
        self.redact = redactor.text
        for value, label in ((user_name, "user name"), (password_hash, "password")):
            redactor.add(value, label)
        self._state = LoginState(
            user_name, password_hash, notes=notes, clock=clock, redactor=redactor
        )
        self._login_lock = asyncio.Lock()
        self._failures = 0
        self._ua_refused_until = 0.0

    @property
    def locked_until(self) -> datetime | None:
        """When the present lock ends, aware UTC; None if there is none."""
        return self._state.locked_until

    @property
    def last_lock(self) -> datetime | None:
        """When the last lock ends or ended, aware UTC; None without any."""
        return self._state.last_lock

    @property
    def logged_in(self) -> bool:
        """Whether there are cookies; that they are still good is not known."""
        return bool(self._state.cookies)

    @property
    def logins_left(self) -> int:
        """How many more logins there may be within the day that began with the first."""
        for count in range(LOGINS_PER_DAY, 0, -1):
            with suppress(ThrottledError):
                self._budget.require(count, LOGIN_BY_USER)
                return count
        return 0

    @property
    def user_id(self) -> str | None:
        """``back.user.id`` of the last login."""
        return self._state.user_id

    @property
    def visitor(self) -> bool:
        """Whether the last login was one that may only look (Q36)."""
        return self._state.right_level == VISITOR

    def admit(self) -> None:
        """Raise ``ThrottledError`` or ``LockedError`` if a write could not go soon."""
        self._check()
        self._budget.require(1, write=True)

    async def login(self, *, by_user: bool = False) -> dict[str, Any]:
        """Log in and return ``back``: ``user`` and the plants in ``data``.

        Args:
            by_user: Somebody has just typed the credentials: try them even if they
                were refused before.

        Raises:
            LockedError: The account is or has just been locked.
            AuthError: ``credentials``: refused now or before.
            ThrottledError: Too soon after the last login, or too many today.
            NotPermittedError: ``login_refused`` with the vendor's text, or
                ``ua_blocked``.
            TransportError, MaintenanceError: Try again later.
        """
        async with self._login_lock:
            return await self._login(by_user=by_user)

    async def user_host(self) -> dict[str, Any]:
        """Ask, without a login, which host knows the user name (section 1.2)."""
        self._check()
        request = self._request(
            "POST",
            "newLoginAPI.do",
            params={"op": "getServerUrlByName"},
            form={"userName": self._user_name},
        )

        def decode(response: Response) -> dict[str, Any]:
            check_status(response)
            return object_of(response)

        return await self._http.read(lambda: request, decode, delays=())

    async def read(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        decode: Callable[[Response], Any] = json_of,
        timeout: float = READ_TIMEOUT,
        delays: Sequence[float] = READ_DELAYS,
    ) -> Any:
        """Return what ``decode`` makes of the answer within a session.

        ``delays`` are those of ``HttpClient.read``. Raises what ``login`` raises,
        ``TransportError`` (``session``) if a new session is not accepted either, and
        what ``decode`` raises.
        """

        def build() -> Request:
            return self._request(
                method, path, params=params, form=form, timeout=timeout
            )

        async def send(attempt: Attempt) -> Any:
            return await self._http.read(
                attempt.built(build), attempt.decoded(decode), delays=delays
            )

        return await self._within_session(send)

    async def write(
        self,
        path: str,
        params: Mapping[str, str] | None,
        decode: Callable[[Response], None],
        *,
        form: Mapping[str, str] | None = None,
        content: tuple[str, bytes] | None = None,
    ) -> None:
        """POST a change, once; ``content`` is type and body of what is no form.

        Raises as ``read``, and ``WriteUnknown`` if it may have arrived.
        """

        def build() -> Request:
            return self._request(
                "POST",
                path,
                params=params,
                form=form,
                content=content,
                timeout=WRITE_TIMEOUT,
            )

        async def send(attempt: Attempt) -> None:
            await self._http.write(attempt.built(build), attempt.decoded(decode))

        await self._within_session(send)

    async def _within_session[T](self, send: Callable[[Attempt], Awaitable[T]]) -> T:
        self._check()
        try:
            with suppress(SessionExpired):
                return await self._attempt(send)
            try:
                return await self._attempt(send, again=True)
            except SessionExpired as err:
                raise not_accepted() from err
        except LockedError as err:
            await self._locked(err)
            raise
        except NotPermittedError as err:
            self._refused(err)
            raise

    async def _attempt[T](
        self, send: Callable[[Attempt], Awaitable[T]], *, again: bool = False
    ) -> T:
        """Send once, after a login if there is no session.

        A session that has just begun stays: what it is refused for is to blame alone.
        So does one that could not be replaced now, with which others may go on.
        """
        async with self._login_lock:
            # Whoever had the lock before may have logged in
            if not self._state.cookies:
                await self._login()
        attempt = Attempt(self._state)
        try:
            return await send(attempt)
        except SessionExpired as err:
            if not again:
                if not attempt.replaced:
                    self._require_login(err)
                attempt.expired()
            raise

    def _require_login(self, expired: SessionExpired) -> None:
        """Raise unless there may be a login now."""
        try:
            self._budget.require(1, LOGIN)
        except ThrottledError as err:
            if (err.retry_after or 0.0) > LOGINS_APART:
                raise
            raise not_accepted() from expired

    async def _login(self, *, by_user: bool = False) -> dict[str, Any]:
        self._check()
        if self._state.rejected and not by_user:
            raise AuthError("the credentials were refused", reason=CREDENTIALS)
        request = self._request(
            "POST",
            "newTwoLoginAPI.do",
            form={"userName": self._user_name, "password": self._password_hash},
            cookies=False,
            group=LOGIN_BY_USER if by_user else LOGIN,
        )
        try:
            back = await self._http.read(lambda: request, self._logged_in, delays=())
        except LockedError as err:
            await self._locked(err)
            raise
        except AuthError:
            self._state.rejected = True
            self._state.end()
            await self._state.save()
            raise
        except ApiError as err:
            if isinstance(err, NotPermittedError):
                self._refused(err)
            if not isinstance(err, ThrottledError):
                pause = _LOGIN_PAUSES[min(self._failures, len(_LOGIN_PAUSES) - 1)]
                self._failures += 1
                self._budget.block(pause, reason="login_failed", group=LOGIN)
            raise
        self._failures = 0
        # At once: a restart in the next half minute must not need another one
        await self._state.save()
        return back

    def _logged_in(self, response: Response) -> dict[str, Any]:
        """Take over the session, or raise what the answer means."""
        back, cookies = login_answer(response, self.redact)
        self._state.begin(back, cookies)
        return back

    def _check(self) -> None:
        """Raise if nothing may be sent now."""
        if (until := self._state.locked_until) is not None:
            raise LockedError("the account is locked", until=until, reason=LOCKED)
        if self._clock.monotonic() < self._ua_refused_until:
            raise NotPermittedError("the User-Agent is refused", reason=UA_BLOCKED)

    async def _locked(self, err: LockedError) -> None:
        if err.until is not None and err.until != self._state.last_lock:
            self._state.lock(err.until)
            await self._state.save()

    def _refused(self, err: NotPermittedError) -> None:
        now = self._clock.monotonic()
        if err.reason == UA_BLOCKED and now >= self._ua_refused_until:
            self._ua_refused_until = now + _UA_PAUSE

    def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        content: tuple[str, bytes] | None = None,
        cookies: bool = True,
        group: str = "default",
        timeout: float = READ_TIMEOUT,
    ) -> Request:
        headers = {"User-Agent": self._user_agent}
        if cookies and (cookie := self._state.header()) is not None:
            headers["Cookie"] = cookie
        if content is not None:
            headers["Content-Type"] = content[0]
        return Request(
            method=method,
            path=path,
            params=params or {},
            form=form,
            content=None if content is None else content[1],
            headers=headers,
            group=group,
            timeout=timeout,
            redirects=False,
        )
