"""What is remembered of a login over restarts (reference sections 2.2 and 5.3).

Everything stands in the account's notes and is read from there each time: a flow and an
entry of one account share it.
"""

from collections.abc import Mapping
from datetime import datetime
import hashlib
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import integer, mapping, moment, text
from .._vendor.core.client.redact import Redactor
from .._vendor.core.control.book import Notes

# ``rightlevel`` of a login that may look and not touch (Q36)
VISITOR = 0

_SESSION, _LOCK, _REJECTED = "login/session", "login/lock", "login/rejected"


class LoginState:
    """Cookies, the lock and refused credentials of one user name at one host."""

    def __init__(
        self,
        user_name: str,
        password_hash: str,
        *,
        notes: Notes,
        clock: Clock,
        redactor: Redactor,
    ) -> None:
        """Nothing is read yet."""
        self._notes, self._clock, self._redactor = notes, clock, redactor
        self._credentials = hashlib.sha256(
            f"{user_name}\n{password_hash}".encode()
        ).hexdigest()[:16]

    async def save(self) -> None:
        """Return when it is on disk."""
        await self._notes.save()

    @property
    def last_lock(self) -> datetime | None:
        """When the last lock ends or ended, aware UTC; None without any."""
        return moment(self._notes.get(_LOCK))

    @property
    def locked_until(self) -> datetime | None:
        """When the present lock ends, aware UTC; None if there is none."""
        until = self.last_lock
        return until if until is not None and until > self._clock.now() else None

    def lock(self, until: datetime) -> None:
        """Take note of a lock; the cookies may outlast it, but a login may not."""
        self._notes.set(_LOCK, until.isoformat())

    @property
    def rejected(self) -> bool:
        """Whether these very credentials were refused."""
        return text(self._notes.get(_REJECTED)) == self._credentials

    @rejected.setter
    def rejected(self, value: bool) -> None:
        self._notes.set(_REJECTED, self._credentials if value else None)

    @property
    def number(self) -> int:
        """A number that each login raises; 0 before the first one."""
        return integer(self._session.get("number"), low=0) or 0

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of the session by name, none without one."""
        return {
            name: value
            for name, value in mapping(self._session.get("cookies")).items()
            if isinstance(name, str) and isinstance(value, str)
        }

    @property
    def user_id(self) -> str | None:
        """``back.user.id`` of the last login."""
        return text(self._session.get("user_id"))

    @property
    def right_level(self) -> int | None:
        """``rightlevel`` of the last login (Q36)."""
        return integer(self._session.get("right_level"))

    def header(self) -> str | None:
        """Return the ``Cookie`` header of the session, None without one."""
        cookies = self.cookies
        for value in cookies.values():
            self._redactor.add(value, "cookie")
        return "; ".join(f"{name}={value}" for name, value in cookies.items()) or None

    def begin(self, back: Mapping[str, Any], cookies: Mapping[str, str]) -> None:
        """Take over a login that succeeded."""
        user = mapping(back.get("user"))
        self._notes.set(
            _SESSION,
            {
                "number": self.number + 1,
                "cookies": dict(cookies),
                "user_id": text(user.get("id")),
                "right_level": integer(user.get("rightlevel")),
                "credentials": self._credentials,
            },
        )
        self.rejected = False

    def keep(self, cookies: Mapping[str, str], number: int) -> None:
        """Take over cookies of an answer within session ``number``, if it still is."""
        if number and number == self.number and cookies:
            merged = {**self.cookies, **cookies}
            if merged != self.cookies:
                self._notes.set(_SESSION, {**self._session, "cookies": merged})

    def end(self) -> None:
        """Let go of the cookies; whose they were is kept."""
        if self._session:
            self._notes.set(_SESSION, {**self._session, "cookies": {}})

    @property
    def _session(self) -> Mapping[str, Any]:
        session = mapping(self._notes.get(_SESSION))
        # Those of another password are not ours to use
        return session if session.get("credentials") == self._credentials else {}
