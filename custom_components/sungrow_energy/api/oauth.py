"""Codes and refresh tokens become access tokens (reference section 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._vendor.core.client.decode import integer, mapping, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    TransportError,
)
from .._vendor.core.client.redact import Redactor
from .errors import (
    BAD_REQUEST,
    CODE_USED,
    GRANT_DEAD,
    MEANINGS,
    NO_RIGHT,
    NOT_APPROVED,
    OK,
    REDIRECT_MISMATCH,
    VENDOR_TROUBLE,
    WRONG_APP,
    TokenRefused,
    code_of,
)
from .frame import ONCE, Application, Call, Frame
from .limits import REFRESH, TOKEN

# A token that ends sooner is refreshed at once (J's observation of section 2.2).
SHORTEST_LIFE = 60
_TWO_DAYS = 172_799
# The last three are the business codes for a token that is not accepted
_DEAD = frozenset({"2", "-2", "4", "5", "002", "E00003", NO_RIGHT})
_EXCHANGE: Mapping[str, str] = {
    "2": CODE_USED,
    "3": NOT_APPROVED,
    "4": WRONG_APP,
    "5": REDIRECT_MISMATCH,
    NO_RIGHT: NOT_APPROVED,
}
_REFRESH: Mapping[str, str] = {"3": NOT_APPROVED, **dict.fromkeys(_DEAD, GRANT_DEAD)}
_ERRORS: Mapping[str, str] = {
    "invalid_client": WRONG_APP,
    "unauthorized_client": NOT_APPROVED,
    "access_denied": NOT_APPROVED,
}
_DEAD_ERRORS = frozenset({"invalid_grant", "invalid_token"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSet:
    """What a token endpoint gave.

    Attributes:
        access_token: For two days, as a rule.
        refresh_token: The next one, used once; None: keep the one you have.
        expires_in: Seconds; can be tiny or negative, see ``SHORTEST_LIFE``.
        plants: Ids that the user ticked; None after a refresh.
        user: Who did; None after a refresh.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int
    plants: tuple[str, ...] | None = None
    user: str | None = None


class OAuthClient:
    """The two token endpoints of an application; each request is sent once."""

    def __init__(
        self, frame: Frame, application: Application, *, redactor: Redactor
    ) -> None:
        """Nothing is sent; ``redactor`` is told of codes and tokens."""
        self._frame = frame
        self._application = application
        self._redactor = redactor

    async def exchange(self, code: str, redirect_uri: str) -> TokenSet:
        """Return the tokens for a code; ``redirect_uri`` as in the authorize URL.

        Raises:
            AuthError: ``code_used`` (or expired), ``not_approved``, ``wrong_app``,
                ``wrong_app_key``, ``wrong_secret``, ``redirect_mismatch``. Except for
                the keys, the code is burnt.
            ApiError: What else may go wrong; the code may be burnt.
        """
        self._redactor.add(code, "code")
        fields = {
            "appkey": self._application.app_key,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
        }
        return await self._ask(TOKEN, fields)

    async def refresh(self, refresh_token: str) -> TokenSet:
        """Return the next tokens; afterwards ``refresh_token`` is worth nothing.

        Raises:
            AuthError: ``grant_dead``: only a new authorization helps; ``wrong_app``,
                ``wrong_app_key``, ``wrong_secret``, ``not_approved``.
            ApiError: Anything else is about this try only.
        """
        self._redactor.add(refresh_token, "token")
        fields = {
            "appkey": self._application.app_key,
            "refresh_token": refresh_token,
        }
        return await self._ask(REFRESH, fields)

    async def _ask(self, endpoint: str, fields: dict[str, str]) -> TokenSet:
        call = Call(
            path=f"openapi/apiManage/{endpoint}",
            fields=fields,
            language=False,
            delays=ONCE,
        )

        def unwrap(body: dict[str, Any]) -> TokenSet:
            grant = self._grant(body, call)
            self._redactor.add(grant.access_token, "token")
            self._redactor.add(grant.refresh_token, "token")
            return grant

        return await self._frame.call(call, unwrap)

    def _grant(self, body: dict[str, Any], call: Call) -> TokenSet:
        inner = mapping(body.get("result_data"))
        data = {
            **body,
            **{name: item for name, item in inner.items() if item or item == 0},
        }
        code, inner_code = (
            code_of(part) for part in (body.get("result_code"), inner.get("code"))
        )
        access = text(data.get("access_token"))
        if code == OK and inner_code in {None, OK} and not data.get("error"):
            if access is not None:
                plants = data.get("auth_ps_list")
                life = integer(data.get("expires_in"))
                return TokenSet(
                    access_token=access,
                    refresh_token=text(data.get("refresh_token")),
                    expires_in=_TWO_DAYS if life is None else life,
                    plants=tuple(filter(None, map(text, plants)))
                    if isinstance(plants, list)
                    else None,
                    user=text(data.get("auth_user")),
                )
            inner_code = None
        if code == OK and inner_code is not None:
            code = inner_code
        raise self._error(code, body, call)

    def _error(self, code: str | None, body: dict[str, Any], call: Call) -> ApiError:
        """Return the error; these endpoints' numbers are not those of the others."""
        said = text(body.get("error")) or ""
        message = f"iSolarCloud answered {code or 'an error'} to {call.endpoint}"
        refresh = call.endpoint == REFRESH
        known = self._frame.error(code, body, call)  # leaves the text in the log
        by_code = (_REFRESH if refresh else _EXCHANGE).get(code or "")
        # A code of the keys says more than `invalid_client` beside it
        if code not in MEANINGS:
            by_code = _ERRORS.get(said) or by_code
            if by_code is None and said in _DEAD_ERRORS:
                by_code = GRANT_DEAD if refresh else CODE_USED
        if by_code is not None:
            return AuthError(message, code=code, reason=by_code)
        if code in MEANINGS and not isinstance(known, TokenRefused):
            return known
        # Nothing says that the tokens are worth nothing: keep them, ask again later
        if refresh:
            return TransportError(message, code=code, reason=VENDOR_TROUBLE)
        return BadDataError(message, code=code, reason=BAD_REQUEST)
