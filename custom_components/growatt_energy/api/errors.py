"""What all three APIs answer alike, and the slugs of our errors (reference section 4).

The class of an error decides what is done; ``reason`` chooses the text for people.
"""

import re
from typing import Any

from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import (
    MaintenanceError,
    NotPermittedError,
    TransportError,
)
from .._vendor.core.client.message import Response

WRONG_HOST = "wrong_host"
RATE_LIMIT = "rate_limit"
OFFLINE = "offline"
NOT_SUPPORTED = "unsupported"
NOT_FOUND = "not_found"
PERMISSION = "permission"
LOCKED = "locked"
SESSION = "session"
UA_BLOCKED = "ua_blocked"
CREDENTIALS = "credentials"
LOGIN_REFUSED = "login_refused"
BAD_REQUEST = "bad_request"
VENDOR_BUSY = "vendor_busy"
BLOCKED = "blocked"

MESSAGE_LENGTH = 240
# Waves in which the front end answers 405 last for hours (section 4.1).
_BLOCKED_FOR = 1800.0
_UA = re.compile(rb"UA ACL", re.IGNORECASE)
_LOGIN_PAGE = re.compile(r"log ?-?in|sign ?in", re.IGNORECASE)
_LOGIN_TEXT = re.compile(
    r"log ?in again|not log|nologin|error_?no_?login", re.IGNORECASE
)


class SessionExpired(NotPermittedError):
    """The cookies of a login are not accepted any more; nothing was executed."""

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__("the session has expired", reason=SESSION)


def not_accepted() -> TransportError:
    """Return what is raised for a request that a session just begun is refused for."""
    return TransportError("a new session is not accepted", reason=SESSION)


def check_status(response: Response) -> None:
    """Raise what the status says (section 4.1); return for 2xx.

    Raises:
        SessionExpired: A redirect to the login or error page.
        NotPermittedError: 401 and 403; ``ua_blocked`` if the ``User-Agent`` is why.
        MaintenanceError: 405 (``blocked``).
        ApiError: What ``Response.raise_for_status`` raises.
    """
    if response.status == 403 and _UA.search(response.body):
        raise NotPermittedError(
            "the User-Agent is refused", code="403", reason=UA_BLOCKED
        )
    if response.status == 401:
        # No API of the vendor says so; credentials are judged by its codes only
        raise NotPermittedError("HTTP 401", code="401")
    if response.status == 405:
        raise MaintenanceError(
            "the server refuses the app's requests",
            retry_after=_BLOCKED_FOR,
            code="405",
            reason=BLOCKED,
        )
    if 300 <= response.status < 400:
        if _LOGIN_PAGE.search(response.headers.get("Location", "")):
            raise SessionExpired
        raise TransportError(
            "redirected elsewhere", code=str(response.status), reason="redirect"
        )
    response.raise_for_status()


def json_of(response: Response) -> Any:
    """Return the body's JSON.

    Raises ``SessionExpired`` for a login page with status 200, ``TransportError``
    (``not_json``) for any other page: only the first is helped by a login.
    """
    try:
        return response.json()
    except TransportError:
        text = response.body[:20_000].decode("utf-8", "replace")
        if _LOGIN_PAGE.search(text):
            raise SessionExpired from None
        raise


def object_of(response: Response) -> dict[str, Any]:
    """Return the body's JSON object; raises as ``json_of``, ``not_json`` for others."""
    body = json_of(response)
    if not isinstance(body, dict):
        raise TransportError("the answer is no object", reason="not_json")
    return dict(mapping(body))


def says_log_in(message: str | None) -> bool:
    """Whether the text of an answer means that there is no session (section 2.2)."""
    return bool(message and _LOGIN_TEXT.search(message))
