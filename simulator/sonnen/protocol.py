"""Answers, errors and the token (sonnen.md sections 2.2 and 4)."""

import json
from typing import Any

from aiohttp import web

_PAGE = (
    "<!DOCTYPE html><html><head><title>sonnenBatterie</title></head><body>"
    "<h1>Something went wrong</h1><p>Page not found</p></body></html>"
)
_TEXTS = {
    400: "invalid parameters",
    401: "Unauthorized",
    403: "VPP has priority",
    500: "internal server error",
}


class ApiError(Exception):
    """An answer other than success; `body` None is an empty one."""

    def __init__(self, status: int, body: dict[str, Any] | None) -> None:
        """Answer `status` with a JSON object."""
        super().__init__(status, body)
        self.status = status
        self.body = body


class NotFound(Exception):
    """This firmware has no such endpoint: 404 with an HTML page."""


def error(status: int, text: str | None = None) -> ApiError:
    """Return an error with the one key `error`; None is the usual text."""
    return ApiError(status, {"error": text or _TEXTS.get(status, "error")})


def invalid(key: str, reason: str) -> ApiError:
    """Return the answer to a configuration value that does not pass."""
    return ApiError(400, {"error": "validation failed", "details": {key: reason}})


def failure(failed: ApiError) -> web.Response:
    """Say no."""
    if failed.body is None:
        return web.Response(status=failed.status)
    return success(failed.body, failed.status)


def page_not_found() -> web.Response:
    """Return the page of the web interface that a missing endpoint ends on."""
    return web.Response(status=404, text=_PAGE, content_type="text/html")


def success(document: Any, status: int = 200) -> web.Response:
    """Return a JSON answer, without blanks as the device writes it."""
    return web.json_response(
        document,
        status=status,
        dumps=lambda value: json.dumps(
            value, ensure_ascii=False, separators=(",", ":")
        ),
    )
