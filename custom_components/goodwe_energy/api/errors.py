"""What the codes of SEMS+ mean (reference sections 2.8 and 4).

The class of an error decides what is done; ``reason`` chooses the text for people. The
vendor's own texts are in no message: they can be Chinese and can echo a secret.
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
    WriteRejected,
)

# The account
WRONG_PASSWORD = "wrong_password"
AGREEMENT = "agreement"
NO_RIGHTS = "no_rights"
# Logins that failed for a reason that may go over
LOGIN_REFUSED = "login_refused"
LOGIN_FAILED = "login_failed"
LOGIN_PARAMETERS = "login_parameters"
SESSION = "session"
RATE_LIMITED = "rate_limited"
# What was asked, or who was asked
VENDOR_TROUBLE = "vendor_trouble"
BAD_REQUEST = "bad_request"
NOT_FOUND = "not_found"
REFUSED = "refused"
DEVICE_BUSY = "device_busy"
DEVICE_UNREACHABLE = "device_unreachable"

_OK = frozenset({"0", "00000"})
_CODE = re.compile(r"[\w-]{1,24}", re.ASCII)
_PASSWORD = re.compile(r"A02[0-9]{2}", re.ASCII)
_WRONG = "100005"
_PARAMETERS = "100004"
_STALE = frozenset({"100002", "C0602", "100001", "C0607", "Z0100"})
_RATE = "GY0429"

type Meaning = tuple[type[ApiError], str]


class SessionExpired(AuthError):
    """The session is over or was replaced; nothing was executed.

    A new login helps, and nobody has to do anything: it does not leave this package.
    """


_READS: Mapping[str, Meaning] = {
    "100025": (NotPermittedError, NO_RIGHTS),
    _RATE: (ThrottledError, RATE_LIMITED),
    "429": (ThrottledError, RATE_LIMITED),
    "100000": (MaintenanceError, VENDOR_TROUBLE),
    _PARAMETERS: (MaintenanceError, VENDOR_TROUBLE),
    _WRONG: (MaintenanceError, VENDOR_TROUBLE),
    "B0001": (MaintenanceError, VENDOR_TROUBLE),
    "S0327": (BadDataError, BAD_REQUEST),
    "P0214": (BadDataError, BAD_REQUEST),
    "P0215": (UnsupportedError, REFUSED),
    "R0305": (MaintenanceError, DEVICE_BUSY),
    "read_fail": (UnsupportedError, DEVICE_UNREACHABLE),
    **dict.fromkeys(_STALE, (SessionExpired, SESSION)),
}
# Said before anything was done, so that a change that gets one was not made.
_WRITES: Mapping[str, Meaning] = {
    code: (WriteRejected, reason)
    for code, (_, reason) in _READS.items()
    if reason in {BAD_REQUEST, REFUSED, DEVICE_BUSY, DEVICE_UNREACHABLE}
}


def code_of(value: object) -> str | None:
    """Return a code as text, None without one, ``odd`` for what cannot be one.

    It goes into messages, which anything else of an answer must not.
    """
    code = text(value)
    return code if code is None or _CODE.fullmatch(code) else "odd"


def is_ok(code: str | None) -> bool:
    """Tell whether a code says that all is well."""
    return code in _OK


def meaning(body: Mapping[str, object], *, write: bool = False) -> Meaning | None:
    """Return what the code of an answer means, None for one that nobody knows."""
    for name in ("code", "translationCode"):
        code = code_of(body.get(name)) or ""
        if write and (found := _WRITES.get(code)) is not None:
            return found
        if (found := _READS.get(code)) is not None:
            return found
    return None


def login_meaning(body: Mapping[str, object]) -> Meaning | None:
    """Return what the code of an answer to a login means, likewise."""
    code = code_of(body.get("code")) or ""
    if code == _WRONG or _PASSWORD.fullmatch(code):
        return AuthError, WRONG_PASSWORD
    if code == _PARAMETERS:
        return MaintenanceError, LOGIN_PARAMETERS
    if code in _STALE:
        return MaintenanceError, SESSION
    return meaning(body)
