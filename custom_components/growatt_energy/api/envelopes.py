"""The envelopes and codes of the two token APIs (reference sections 4.2 and 4.3)."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any

from .._vendor.core.client.decode import integer, text
from .._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from .._vendor.core.client.message import Response
from .errors import (
    BAD_REQUEST,
    MESSAGE_LENGTH,
    NOT_FOUND,
    NOT_SUPPORTED,
    OFFLINE,
    PERMISSION,
    RATE_LIMIT,
    SESSION,
    VENDOR_BUSY,
    WRONG_HOST,
    SessionExpired,
    check_status,
    object_of,
)

type _Meaning = tuple[type[ApiError], str | None]


class Kind(Enum):
    """What is asked, on which the meaning of a code depends."""

    READ = auto()
    LIVE_READ = auto()  # through the datalogger: read*Param, readVppParameter
    WRITE = auto()


_DENIED = 10011
_V1_LIMIT = 10012
_V4_LIMITS = frozenset({100, 102})
_V4_DENIED = frozenset({2, 3, 12, 101})

_V1: Mapping[Kind, Mapping[int, _Meaning]] = {
    Kind.READ: {
        10001: (TransportError, VENDOR_BUSY),
        10002: (UnsupportedError, NOT_FOUND),
        10003: (BadDataError, BAD_REQUEST),
        10004: (BadDataError, BAD_REQUEST),
        10005: (UnsupportedError, NOT_FOUND),
        10013: (BadDataError, BAD_REQUEST),
        10014: (BadDataError, BAD_REQUEST),
    },
    Kind.LIVE_READ: {
        10001: (TransportError, VENDOR_BUSY),
        10002: (UnsupportedError, NOT_FOUND),
        10003: (MaintenanceError, OFFLINE),
        10004: (BadDataError, BAD_REQUEST),
        10005: (MaintenanceError, OFFLINE),
        10006: (UnsupportedError, NOT_SUPPORTED),
        10007: (UnsupportedError, NOT_SUPPORTED),
        10008: (TransportError, VENDOR_BUSY),
        10009: (UnsupportedError, NOT_SUPPORTED),
    },
    Kind.WRITE: {
        500: (WriteRejected, "setting_failed"),
        # The inverter may have applied it all the same (Q19).
        10001: (WriteUnknown, VENDOR_BUSY),
        10002: (WriteUnknown, VENDOR_BUSY),
        10003: (WriteRejected, OFFLINE),
        10004: (WriteRejected, BAD_REQUEST),
        10005: (WriteRejected, OFFLINE),
        10006: (UnsupportedError, NOT_SUPPORTED),
        10007: (WriteRejected, "bad_value"),
        10008: (WriteRejected, "out_of_range"),
        10009: (WriteRejected, "bad_format"),
        _V1_LIMIT: (WriteRejected, NOT_FOUND),
        10013: (WriteRejected, "end_before_start"),
    },
}
_V4: Mapping[Kind, Mapping[int, _Meaning]] = {
    Kind.READ: {
        1: (TransportError, VENDOR_BUSY),
        4: (UnsupportedError, NOT_FOUND),
        5: (MaintenanceError, OFFLINE),
        6: (UnsupportedError, NOT_SUPPORTED),
        7: (UnsupportedError, NOT_SUPPORTED),
        **dict.fromkeys((8, 9, 10, 11), (BadDataError, BAD_REQUEST)),
    },
    Kind.WRITE: {
        1: (WriteUnknown, VENDOR_BUSY),
        4: (WriteRejected, NOT_FOUND),
        5: (WriteRejected, OFFLINE),
        6: (WriteRejected, "setting_failed"),
        7: (UnsupportedError, NOT_SUPPORTED),
        **dict.fromkeys((8, 9, 10, 11), (WriteRejected, BAD_REQUEST)),
    },
}


def v1_body(
    response: Response, kind: Kind, redact: Callable[[str], str]
) -> dict[str, Any]:
    """Return the whole envelope of V1 if its code is 0.

    Raises:
        ThrottledError: 10012, without a pause: that is the caller's to choose.
        NotPermittedError: ``permission`` (10011) for a read, or ``wrong_host``.
        WriteUnknown: A write that may have been executed, also any unknown code.
        WriteRejected: A write that was not.
        UnsupportedError: ``not_found`` or ``unsupported``; ``permission`` for a write.
        MaintenanceError: ``offline``, or a read with an unknown code.
        ApiError: What the HTTP level or the shape means.
    """
    body = _body(response)
    code = integer(body.get("error_code"))
    if code == 0:
        return body
    said = text(body.get("error_msg")) or ""
    wrong_host = code == -1 or "truehost" in said.lower()
    # On writes 10012 is also "device does not exist" (Q12).
    limited = code == _V1_LIMIT and (kind is not Kind.WRITE or "frequent" in said)
    raise _error(
        code,
        said,
        redact,
        meaning=(NotPermittedError, WRONG_HOST)
        if wrong_host
        else (ThrottledError, RATE_LIMIT)
        if limited
        else _denied(kind)
        if code == _DENIED
        else _V1[kind].get(code or 0),
        kind=kind,
    )


def v4_body(
    response: Response, kind: Kind, redact: Callable[[str], str]
) -> dict[str, Any]:
    """Return the whole envelope of v4 if its code is 0; raises as ``v1_body``."""
    body = _body(response)
    code = integer(body.get("code"))
    if code == 0:
        return body
    table = _V4[Kind.WRITE if kind is Kind.WRITE else Kind.READ]
    raise _error(
        code,
        text(body.get("message")) or "",
        redact,
        meaning=(NotPermittedError, WRONG_HOST)
        if code == -1
        else (ThrottledError, RATE_LIMIT)
        if code in _V4_LIMITS
        else _denied(kind)
        if code in _V4_DENIED
        else table.get(code or 0),
        kind=kind,
    )


def _denied(kind: Kind) -> _Meaning:
    """Return what "permission denied" means.

    What may be read and not be changed is no matter of the token: a person must mend
    it, at the account or for the device.
    """
    return (UnsupportedError if kind is Kind.WRITE else NotPermittedError, PERMISSION)


def _body(response: Response) -> dict[str, Any]:
    """Return the envelope; a login page only says that the header was not seen."""
    try:
        check_status(response)
        return object_of(response)
    except SessionExpired as err:
        raise TransportError("the server wants a login", reason=SESSION) from err


def _error(
    code: int | None,
    said: str,
    redact: Callable[[str], str],
    *,
    meaning: _Meaning | None,
    kind: Kind,
) -> ApiError:
    if code is None:
        # For a write `HttpClient` makes `WriteUnknown` of it
        return BadDataError("Growatt answered without a code")
    # Nothing says that an unknown code goes over in seconds, nor whether a write
    # with one was executed.
    unknown = WriteUnknown if kind is Kind.WRITE else MaintenanceError
    raised, reason = meaning or (unknown, None)
    message = redact(f"Growatt answered {code}: {said}")[:MESSAGE_LENGTH]
    return raised(message, code=str(code), reason=reason)
