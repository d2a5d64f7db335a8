"""Answers, errors and parameters (amber.md sections 2.3, 3 and 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
import json
from typing import Any

from aiohttp import web

DENIED = (
    "User is not authorized to access this resource with an explicit deny "
    "in an identity-based policy"
)
TOO_LONG = "Range requested is too large. Maximum 7 days."
# The text of this limit is not documented, that of the other one is
TOO_MANY = "Range requested is too large. Maximum 2048 intervals."
_TEXTS = {
    400: "Bad request",
    401: "Unauthorized",
    403: DENIED,
    404: "Not found",
    429: "Too Many Requests",
    500: "Internal server error",
    502: "Internal server error",
}


class ApiError(Exception):
    """An answer other than success; `text` makes it a plain one."""

    def __init__(self, status: int, text: str | None = None) -> None:
        """Answer `status`."""
        super().__init__(status, text)
        self.status = status
        self.text = text


@dataclass(slots=True, kw_only=True, eq=False)
class Account:
    """A customer: tokens, and the sites that they are for."""

    name: str
    tokens: set[str] = field(default_factory=set)
    sites: set[str] | None = None
    """Ids; None is all sites."""

    def owns(self, site_id: str) -> bool:
        """Return whether a site is one of this customer's."""
        return self.sites is None or site_id in self.sites


def success(document: Any) -> web.Response:
    """Return a JSON answer."""
    return web.json_response(document, dumps=_dumps)


def failure(status: int, text: str | None = None) -> web.Response:
    """Return an error: JSON with its usual text, or plain text."""
    if text is not None:
        return web.Response(status=status, text=text)
    message = {"message": _TEXTS.get(status, "Error")}
    return web.json_response(message, status=status, dumps=_dumps)


def gateway_throttled() -> web.Response:
    """Return the 429 of the gateway, which is nobody's fault."""
    response = failure(429)
    response.headers["x-amzn-ErrorType"] = "TooManyRequestsException"
    return response


def bearer(request: web.Request) -> str | None:
    """Return the token of a request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


def count_of(query: Mapping[str, str], name: str) -> int:
    """Return a number of intervals, 0 without it; raises ApiError 400."""
    text = query.get(name)
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise ApiError(400)
    return int(text)


def resolution_of(query: Mapping[str, str]) -> int | None:
    """Return the minutes that were asked for; raises ApiError 400."""
    text = query.get("resolution")
    if text not in {None, "5", "30"}:
        raise ApiError(400)
    return None if text is None else int(text)


def day_in(query: Mapping[str, str], name: str) -> date | None:
    """Return a date, None without it; raises ApiError 400."""
    text = query.get(name)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as err:
        raise ApiError(400) from err
    if text != day.isoformat():
        raise ApiError(400)
    return day


def check_range(start: date, end: date) -> None:
    """Raise ApiError unless the days are in order and not more than 7 apart."""
    if end < start:
        raise ApiError(400)
    if (end - start).days > 7:
        raise ApiError(422, TOO_LONG)


def _dumps(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
