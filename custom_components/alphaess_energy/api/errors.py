"""The vendor's codes and what they mean to us (reference section 4)."""

from collections.abc import Callable, Mapping
from typing import Any

from .._vendor.core.client.decode import integer, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
)

SUCCESS = frozenset({200, 201})
NO_DATA = 6016
ALREADY_BOUND = 6003
NOT_BOUND = 6005
CLOCK = 6006
TOO_FAST = 6053
# Documented as "whitelist", seen for a wrong clock too
CLOCK_OR_WHITELIST = frozenset({CLOCK, 6009})

# code -> error class, and the reason that people are told
_ERRORS: dict[int, tuple[type[ApiError], str | None]] = {
    6001: (BadDataError, None),
    6002: (NotPermittedError, "not_registered"),
    6004: (NotPermittedError, "wrong_check_code"),
    6005: (NotPermittedError, "not_bound"),
    6007: (AuthError, None),
    6010: (AuthError, None),
    6011: (BadDataError, None),
    6012: (AuthError, None),
    6017: (UnsupportedError, "no_permission"),
    6026: (TransportError, "vendor_busy"),
    6029: (MaintenanceError, "vendor_busy"),
    6038: (NotPermittedError, "unknown_serial"),
    6042: (MaintenanceError, "device_offline"),
    6046: (NotPermittedError, "wrong_code"),
    TOO_FAST: (ThrottledError, None),
    10001: (BadDataError, None),
}
_MESSAGE_LENGTH = 240

# On a write "operation failed" is an answer, not a reason to try again.
_WRITE_ERRORS: dict[int, tuple[type[ApiError], str | None]] = {
    6001: (WriteRejected, None),
    6008: (WriteRejected, None),
    6011: (WriteRejected, None),
    6029: (WriteRejected, None),
    10001: (WriteRejected, None),
}


def error_for(
    code: int | None,
    body: Mapping[str, Any],
    redact: Callable[[str], str],
    *,
    write: bool,
) -> ApiError:
    """Return the error for an answer that is no success.

    The vendor's ``msg`` may be in any language, so only the code decides.
    """
    if code is None:
        return TransportError("AlphaESS answered without a code")
    detail = " ".join(
        part
        for key in ("msg", "info", "expMsg")
        if (part := text(body.get(key))) is not None
    )
    message = redact(f"AlphaESS answered {code}: {detail}")[:_MESSAGE_LENGTH]
    kind, reason = (
        (_WRITE_ERRORS if write else {}).get(code)
        or _ERRORS.get(code)
        # Nothing says that an unknown code goes over in seconds: a read waits for
        # its next turn instead of being repeated.
        or ((WriteRejected if write else MaintenanceError), None)
    )
    return kind(message, code=str(code), reason=reason)


def code_of(body: Mapping[str, Any]) -> int | None:
    """Return the envelope's code."""
    return integer(body.get("code"))
