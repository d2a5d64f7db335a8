"""A session and what is remembered of it over restarts (reference section 2.7).

Everything stands in the account's notes and is read from there each time: a flow and an
entry of one account share it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import hashlib
from typing import Any

from .._vendor.core.client.decode import integer, mapping, text
from .._vendor.core.client.redact import Redactor
from .._vendor.core.control.book import Notes
from .signature import encode_password

# Sessions that can still be in a message
_KEPT = 3
# What all of its notes begin with
NOTES = "login/"
_SESSION, _FAILED = f"{NOTES}session", f"{NOTES}failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a login brought.

    Attributes:
        fields: The whole object of the answer, sent back with each request.
        gateway: Base URL of the API.
        region: Key of the region, None if it is not known.
    """

    fields: Mapping[str, Any] = field(repr=False)
    gateway: str
    region: str | None

    @property
    def uid(self) -> str:
        """The user."""
        return text(self.fields.get("uid")) or ""


class LoginState:
    """Session, refusals and failures of one account with one password."""

    def __init__(
        self,
        account: str,
        password: str,
        server: str | None,
        *,
        notes: Notes,
        redactor: Redactor,
    ) -> None:
        """Nothing is read yet; ``server`` as in ``Hosts``."""
        self._notes, self._redactor = notes, redactor
        for value, label in (
            (account, "account"),
            (password, "password"),
            (encode_password(password), "password"),
        ):
            redactor.add(value, label)
        # Whose session it is, so that another password never uses it
        self._whose = hashlib.sha256(
            f"{server or ''}\n{account.lower()}\n{password}".encode()
        ).hexdigest()[:16]

    async def save(self) -> None:
        """Return when it is on disk."""
        await self._notes.save()

    @property
    def token(self) -> Token | None:
        """The session, None without one."""
        kept = self._mine(_SESSION)
        fields, gateway = mapping(kept.get("fields")), text(kept.get("gateway"))
        if not (gateway and text(fields.get("token")) and text(fields.get("uid"))):
            return None
        self._hide(fields)
        return Token(
            fields=dict(fields), gateway=gateway, region=text(kept.get("region"))
        )

    def begin(self, token: Token) -> None:
        """Take over the session of a login that succeeded; what refused is forgotten."""
        self._hide(token.fields)
        if self.rejections:
            self.succeeded()
        self._notes.set(
            _SESSION,
            {
                "whose": self._whose,
                "fields": dict(token.fields),
                "gateway": token.gateway,
                "region": token.region,
            },
        )

    @property
    def uid(self) -> str | None:
        """The user of the last login."""
        return text(mapping(self._mine(_SESSION).get("fields")).get("uid"))

    @property
    def rejections(self) -> int:
        """How often in a row the password was refused."""
        return integer(self._mine(_FAILED).get("rejections"), low=0) or 0

    @property
    def failures(self) -> int:
        """How many logins in a row were of no use."""
        return integer(self._mine(_FAILED).get("failures"), low=0, high=99) or 0

    def failed(self, *, rejections: int) -> None:
        """Count a login that was of no use."""
        self._notes.set(
            _FAILED,
            {
                "whose": self._whose,
                "failures": min(self.failures + 1, 99),
                "rejections": rejections,
            },
        )

    def succeeded(self) -> None:
        """Forget what failed before."""
        if self._mine(_FAILED):
            self._notes.set(_FAILED, None)

    def _mine(self, key: str) -> Mapping[str, Any]:
        kept = mapping(self._notes.get(key))
        return kept if kept.get("whose") == self._whose else {}

    def _hide(self, fields: Mapping[str, Any]) -> None:
        self._redactor.add(text(fields.get("uid")), "user")
        for name, label in (("token", "token"), ("uuid", "session")):
            self._redactor.add(text(fields.get(name)), label, keep=_KEPT)
