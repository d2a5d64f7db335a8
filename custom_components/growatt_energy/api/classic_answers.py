"""The shapes and codes of the app's API (reference sections 2.2, 3.0 and 4.4)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

from multidict import CIMultiDict

from .._vendor.core.client.decode import flag, integer, mapping, number, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    LockedError,
    MaintenanceError,
    NotPermittedError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from .._vendor.core.client.message import Response
from .errors import (
    CREDENTIALS,
    LOCKED,
    LOGIN_REFUSED,
    MESSAGE_LENGTH,
    NOT_SUPPORTED,
    OFFLINE,
    SESSION,
    VENDOR_BUSY,
    SessionExpired,
    check_status,
    object_of,
    says_log_in,
)

LOCK_CODE = "507"
_WRONG_CREDENTIALS = "502"
# The only number that was ever seen; whatever else is said, not more than a week
_LOCK_HOURS, _MOST_HOURS = 24.0, 168.0


def refusal(body: Any) -> str | None:
    """Return the ``msg`` of an answer that says it is no success, "" without one.

    ``None`` for all others, also for those that do not say: most do not.
    """
    found = mapping(body)
    found = mapping(found.get("back")) or found
    success = flag(found.get("success"))
    if success is None and (result := integer(found.get("result"))) is not None:
        success = result > 0
    if success is not False:
        return None
    return text(found.get("msg")) or text(found.get("error")) or ""


def lock_end(body: Any, now: datetime) -> datetime:
    """Return when a lock ends of which an answer at ``now`` tells (section 2.2)."""
    found = mapping(body)
    hours = number(mapping(found.get("back")).get("lockDuration"), low=0)
    if hours is None:
        hours = number(found.get("lockDuration"), low=0)
    return now + timedelta(hours=min(hours or _LOCK_HOURS, _MOST_HOURS))


def check_account(body: Any, now: datetime) -> None:
    """Raise ``LockedError`` or ``SessionExpired`` if the answer is about that."""
    message = refusal(body)
    if message == LOCK_CODE:
        raise LockedError(
            "the account is locked",
            until=lock_end(body, now),
            code=LOCK_CODE,
            reason=LOCKED,
        )
    if says_log_in(message):
        raise SessionExpired


def login_answer(
    response: Response, redact: Callable[[str], str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return ``back`` and the cookies of a login, or raise what its refusal means.

    Raises:
        LockedError: 507.
        AuthError: 502, ``credentials``.
        TransportError: 501, or a login page in place of an answer.
        NotPermittedError: ``login_refused`` with the vendor's text.
        ApiError: What the HTTP level means.
    """
    try:
        check_status(response)
        body = object_of(response)
        check_account(body, response.received_at)
    except SessionExpired as err:
        raise TransportError("the login leads to a login page", reason=SESSION) from err
    message = refusal(body)
    if message == _WRONG_CREDENTIALS:
        raise AuthError(
            "user name or password is wrong", code=message, reason=CREDENTIALS
        )
    if message == "501":
        raise TransportError("the login failed", code=message, reason=LOGIN_REFUSED)
    back, cookies = dict(mapping(body.get("back"))), cookies_of(response.headers)
    if message is not None or not back or not cookies:
        shown = redact(f"the login was refused: {message or 'no session'}")
        raise NotPermittedError(shown[:MESSAGE_LENGTH], reason=LOGIN_REFUSED)
    return back, cookies


def cookies_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the cookies that an answer sets; those that it takes away are left out."""
    found: dict[str, str] = {}
    for line in CIMultiDict(headers).getall("Set-Cookie", []):
        with suppress(CookieError):
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    found[name] = morsel.value
    return found


def checked(body: Any, redact: Callable[[str], str]) -> Any:
    """Return the body of a read, or raise what its refusal means."""
    message = refusal(body)
    if message is None:
        return body
    shown = redact(f"Growatt answered: {message or 'no'}")[:MESSAGE_LENGTH]
    if message == "501":
        raise UnsupportedError(shown, code=message, reason=NOT_SUPPORTED)
    if message == "500":
        raise TransportError(shown, code=message, reason=VENDOR_BUSY)
    raise MaintenanceError(shown, code=message or None)


def obj(body: Any) -> dict[str, Any]:
    """Return ``obj`` of the envelope, empty where it is missing or ``null`` (Q15)."""
    return dict(mapping(mapping(body).get("obj")))


def live_error(body: Any, redact: Callable[[str], str]) -> ApiError | None:
    """Return what the refusal of a live read through the datalogger means (4.4)."""
    if (message := refusal(body)) is None:
        return None
    shown = redact(f"Growatt answered: {message or 'no'}")[:MESSAGE_LENGTH]
    if message == "501":
        return MaintenanceError(shown, code=message, reason=OFFLINE)
    if message in {"500", ""}:
        return TransportError(shown, code=message or None, reason=VENDOR_BUSY)
    return UnsupportedError(shown, code=message, reason=NOT_SUPPORTED)


def check_write(body: Mapping[str, Any], redact: Callable[[str], str]) -> None:
    """Raise what the refusal of a write means (4.4).

    Raises:
        WriteUnknown: A timeout, no reason at all, or neither success nor refusal.
        WriteRejected: Everything else; ``offline`` is also said to a visitor (Q36).
    """
    message = refusal(body)
    if message is None:
        if flag(body.get("success")) or integer(body.get("result"), low=1):
            return
        raise WriteUnknown("Growatt did not say whether it was accepted")
    shown = redact(f"Growatt answered: {message or 'no'}")[:MESSAGE_LENGTH]
    if message in {"500", ""}:
        raise WriteUnknown(shown, code=message or None, reason=VENDOR_BUSY)
    reasons = {"501": OFFLINE, "509": "incomplete", "504": "not_found"}
    raise WriteRejected(shown, code=message, reason=reasons.get(message, "bad_value"))
