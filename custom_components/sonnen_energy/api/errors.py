"""What the battery's refusals mean to us (reference sections 2.2 and 4)."""

from collections.abc import Callable

from .._vendor.core.client.decode import mapping, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    NotPermittedError,
    TransportError,
    UnsupportedError,
    WriteRejected,
)
from .._vendor.core.client.message import Response

_MESSAGE_LENGTH = 240


def read_refused(response: Response) -> None:
    """Raise what a GET's status means; return for 2xx. 403 is the caller's.

    Raises:
        AuthError: 401: the token is wrong, or the Read API is off; both look alike.
        UnsupportedError: 404, and any other 4xx.
        TransportError: 5xx; a redirect, with the reason ``use_https`` if it leads to
            the same host's https.
        ThrottledError: 429.
    """
    if 300 <= response.status < 400:
        if _to_https(response):
            message = "the battery wants to be spoken to by https"
            raise TransportError(message, reason="use_https")
        raise TransportError("the battery redirected a request", reason="redirect")
    response.raise_for_status()


def write_refused(
    response: Response, redact: Callable[[str], str], *, set_point: bool
) -> None:
    """Raise what a PUT's or POST's status means; return for 2xx.

    Raises:
        NotPermittedError: ``write_api_off`` after 401, which says nothing about the
            token; ``vpp`` after a 403 while the virtual power plant has the battery.
        WriteRejected: 400 with the battery's text; ``not_writable`` after a 403 without
            one, which means a locked key or the virtual power plant.
        UnsupportedError: Any other 4xx, and a redirect (``use_https``): nothing was set.
        ThrottledError: 429.
        TransportError: 5xx: it may have been set.
    """
    code = str(response.status)
    detail = redact(f"the battery answered {code}: {_said(response)}")[:_MESSAGE_LENGTH]
    match response.status:
        case 400:
            raise WriteRejected(detail, code=code)
        case 401:
            raise NotPermittedError(detail, code=code, reason="write_api_off")
        case 403 if set_point or "vpp" in detail.casefold():
            raise NotPermittedError(detail, code=code, reason="vpp")
        case 403:
            raise WriteRejected(detail, code=code, reason="not_writable")
        case status if 300 <= status < 400:
            reason = "use_https" if _to_https(response) else "redirect"
            raise UnsupportedError("the change was redirected", reason=reason)
    response.raise_for_status()


def not_accepted(response: Response, redact: Callable[[str], str]) -> ApiError | None:
    """Return why a 2xx answer to a write is no success; None if it is one.

    ``true``, the written keys and nothing at all are successes. Raises
    ``TransportError`` for what is no JSON: nobody knows who answered.
    """
    if not response.body.strip():
        return None
    body = response.json()
    if body is False or (isinstance(body, dict) and "error" in body):
        detail = f"the battery did not accept it: {_said(response)}"
        return WriteRejected(redact(detail)[:_MESSAGE_LENGTH], code="false")
    return None


def empty_object() -> AuthError:
    """Return what ``{}`` means where it is old firmware's answer to a wrong token."""
    return AuthError("the battery answered with an empty object")


def _to_https(response: Response) -> bool:
    return response.headers.get("Location", "").casefold().startswith("https:")


def _said(response: Response) -> str:
    """Return the battery's own words: ``error`` and ``details``, or a short text."""
    try:
        body = response.json()
    except TransportError:
        words = response.body.decode("utf-8", "replace").strip()
        return "no text" if not words or words.startswith("<") else words
    details = mapping(mapping(body).get("details"))
    parts = [
        text(mapping(body).get("error")),
        *(f"{key}: {text(value)}" for key, value in details.items()),
    ]
    return ", ".join(part for part in parts if part) or "no text"
