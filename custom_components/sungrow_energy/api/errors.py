"""What the codes of iSolarCloud mean (reference sections 4.1 and 4.2).

The class of an error decides what is done; ``reason`` chooses the text for people. The
server's own texts are in no message: they can be Chinese and can echo a secret.
"""

from collections.abc import Mapping
import re

from .._vendor.core.client.decode import text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    UnsupportedError,
)

# Credentials: only the user can help
WRONG_APP_KEY = "wrong_app_key"
WRONG_SECRET = "wrong_secret"
WRONG_APP = "wrong_app"
GRANT_DEAD = "grant_dead"
CODE_USED = "code_used"
NOT_APPROVED = "not_approved"
REDIRECT_MISMATCH = "redirect_mismatch"
WRONG_PASSWORD = "wrong_password"
NO_ACCOUNT = "no_account"
LOCKED = "account_locked"
DISABLED = "account_disabled"
# The application or the network: a repair, no new credentials
SERVICE_EXPIRED = "service_expired"
IP_NOT_ALLOWED = "ip_not_allowed"
USER_NOT_ALLOWED = "user_not_allowed"
ENCRYPTION_REQUIRED = "encryption_required"
CLOCK_SKEW = "clock_skew"
NO_PERMISSION = "no_permission"
# Limits
MONTH_QUOTA = "month_quota"
HOUR_QUOTA = "hour_quota"
TOO_FREQUENT = "too_frequent"
IP_CHANGES = "ip_changes"
LOGIN_TOO_FREQUENT = "login_too_frequent"
# What was asked, or who was asked
VENDOR_TROUBLE = "vendor_trouble"
BAD_REQUEST = "bad_request"
NOT_FOUND = "not_found"
NOT_SUPPORTED = "unsupported"
NONCE = "nonce_repeated"

OK = "1"
NO_RIGHT = "E900"
NONCE_REPEATED = "E910"
ENCRYPT = "E902"
SKEW = "E913"

_ERROR = re.compile(r"[a-z_]{1,40}", re.ASCII)
_CODE = re.compile(r"[\w-]{1,12}", re.ASCII)

type Meaning = tuple[type[ApiError], str]


def code_of(value: object) -> str | None:
    """Return a code as text, None without one, ``odd`` for what cannot be one.

    It goes into messages, which anything else of an answer must not.
    """
    code = text(value)
    return code if code is None or _CODE.fullmatch(code) else "odd"


def oauth_error(body: Mapping[str, object]) -> str | None:
    """Return the ``error`` of an answer if it is one of OAuth, like ``invalid_token``.

    Servers before the API have texts there, like ``Bad Request``.
    """
    said = text(body.get("error"))
    return said if said and _ERROR.fullmatch(said) else None


class TokenRefused(AuthError):
    """The access token is not accepted; it can be renewed, nothing was executed."""


_TOKEN: Meaning = (TokenRefused, "token")
# No second try at once, which only costs quota: the next poll comes anyway
_LATER: Meaning = (MaintenanceError, VENDOR_TROUBLE)
_NONSENSE: Meaning = (BadDataError, BAD_REQUEST)
_SECRET: Meaning = (AuthError, WRONG_SECRET)

# E910 is raised anew with the next nonce before anybody sees it.
MEANINGS: Mapping[str, Meaning] = {
    **dict.fromkeys(("-1", "000", "011", "E997", "E994"), _LATER),
    **dict.fromkeys(("001", "003", "009", "010"), _NONSENSE),
    **dict.fromkeys(("002", "E00003", NO_RIGHT), _TOKEN),
    "E00000": (AuthError, WRONG_APP_KEY),
    **dict.fromkeys(("E911", "E912", "E914"), _SECRET),
    "E00001": (NotPermittedError, SERVICE_EXPIRED),
    "E918": (NotPermittedError, IP_NOT_ALLOWED),
    "E919": (NotPermittedError, USER_NOT_ALLOWED),
    "E998": (ThrottledError, MONTH_QUOTA),
    "E999": (ThrottledError, HOUR_QUOTA),
    "E901": (ThrottledError, TOO_FREQUENT),
    "E903": (ThrottledError, IP_CHANGES),
    "E916": (ThrottledError, LOGIN_TOO_FREQUENT),
    ENCRYPT: (NotPermittedError, ENCRYPTION_REQUIRED),
    **dict.fromkeys(("E904", "E905", "E906", "E907", "E908", "E909"), _NONSENSE),
    "E00002": _NONSENSE,
    NONCE_REPEATED: (MaintenanceError, NONCE),
    SKEW: (NotPermittedError, CLOCK_SKEW),
    "E995": _NONSENSE,
    "E996": (UnsupportedError, NOT_FOUND),
}
# Said before anything was done, so that a change that gets one was not made.
REFUSALS = frozenset({BAD_REQUEST, NONCE})
