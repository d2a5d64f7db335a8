"""Logins of the app's side: hash, cookies, lock (reference sections 2.2 and 5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import hashlib
import math
from typing import Any, Literal

from ...clock import Clock

COOKIE = "JSESSIONID"
_DAY = timedelta(hours=24)

type Expiry = Literal["redirect", "html", "json"]


def modified_md5(password: str) -> str:
    """Return the vendor's hash: a leading zero nibble of a byte is a `c`."""
    digits = list(hashlib.md5(password.encode(), usedforsecurity=False).hexdigest())
    for place in range(0, len(digits), 2):
        if digits[place] == "0":
            digits[place] = "c"
    return "".join(digits)


@dataclass(slots=True, kw_only=True)
class Sessions:
    """Who is logged in; the plain attributes are switches."""

    clock: Clock
    session_hours: float = 18.0
    """How long a session lives, however often it is used."""
    expiry: Expiry = "redirect"
    """How a request without a session is answered."""
    logins_per_day: int = 30
    """One more within 24 hours locks the account."""
    lock_hours: int = 24
    lock_until: datetime | None = None
    logins: list[datetime] = field(default_factory=list)
    """Every attempt that named the account, right or wrong or locked."""
    refused_while_locked: int = 0
    """Requests of any kind that came in during a lock."""
    _open: dict[str, datetime] = field(default_factory=dict)
    _number: int = 0

    @property
    def locked(self) -> bool:
        """Whether the account is locked now."""
        return self.lock_until is not None and self.clock() < self.lock_until

    @property
    def most_logins(self) -> int:
        """The most attempts within 24 hours."""
        return max(
            (
                sum(at <= later < at + _DAY for later in self.logins)
                for at in self.logins
            ),
            default=0,
        )

    def lock(self, hours: float = 24) -> None:
        """Lock the account; open sessions end."""
        self.lock_until = self.clock() + timedelta(hours=hours)
        self.expire()

    def expire(self) -> None:
        """End all sessions."""
        self._open.clear()

    def login(self) -> str | None:
        """Count an attempt and open a session; None if the account is locked."""
        now = self.clock()
        self.logins.append(now)
        if not self.locked and self._recent(now) > self.logins_per_day:
            self.lock(self.lock_hours)
        if self.locked:
            return None
        self._number += 1
        identity = f"{self._number:04d}B6C0E5A44F6DA0D1E7F3A9C2"
        self._open[identity] = now + timedelta(hours=self.session_hours)
        return identity

    def close(self, cookies: Mapping[str, str]) -> None:
        """Log out."""
        self._open.pop(cookies.get(COOKIE, ""), None)

    def knows(self, cookies: Mapping[str, str]) -> bool:
        """Return whether a request belongs to a session that is open."""
        if self.locked:
            self.refused_while_locked += 1
            return False
        end = self._open.get(cookies.get(COOKIE, ""))
        return end is not None and self.clock() < end

    def locked_answer(self) -> dict[str, Any]:
        """Return what a login gets during a lock."""
        assert self.lock_until is not None
        left = (self.lock_until - self.clock()).total_seconds()
        hours = max(math.ceil(left / 3600), 1)
        return {
            "success": False,
            "msg": "507",
            "error": f"Current account has been locked for {hours} hours",
            "lockDuration": hours,
        }

    def _recent(self, now: datetime) -> int:
        return sum(now - _DAY < at for at in self.logins)
